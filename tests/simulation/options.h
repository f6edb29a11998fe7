// Options of one simulated world, all drawn from its seed. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "services/engine/ports.h"
#include "tests/simulation/memory_log.h"

namespace motcua::simulation {

inline constexpr std::size_t kServices = 5;

struct Options {
  std::uint64_t seed = 0;
  engine::PartitionId partitions = 1;
  std::array<int, kServices> replicas{};  // intake, routing, deadline, postal, reporting
  int clients = 1;
  int commands_per_client = 1;
  LogFaults log;
  // Chances in thousandths, at each command that a client sends.
  int fault = 0;        // a process dies, freezes, loses its store or its time
  int stranger = 0;     // another writer's record
  int nonsense = 0;     // a stranger's event that is well formed, fits, and makes no sense
  int answer_lost = 0;  // on the way back to the client
  // Clocks differ by this; some are wrong by as much as that: of one process in so many (in
  // thousandths), and of a broker each time that a clock is set.
  Micros clock_error_max{0};
  Micros clock_wrong_max{0};
  int clock_wrong = 0;
  int log_clock_wrong = 0;
  int manifests = 0;    // acts of a client that are about a manifest of the post
  int corrections = 0;  // acts about a dossier that take back an earlier one
  int reminders = 0;    // acts about a leg that ask its unit to hurry
  int traced = 250;     // commands that belong to a trace
  // All instances begin as an older program that does not know these payloads, nor traces, and are
  // upgraded one after the other.
  bool upgrade = false;
  std::vector<int> newer_payloads;
  Instant start;

  static Options Draw(std::uint64_t seed);
  // The same world with a rolling upgrade in it.
  static Options DrawUpgrade(std::uint64_t seed);
  // The same world with a stranger in it who writes well-formed nonsense.
  static Options DrawNonsense(std::uint64_t seed);
  // The same world, or one with a rolling upgrade, in which shipments go by manifest.
  static Options DrawManifests(std::uint64_t seed);
  // The same world, or one with a rolling upgrade or with manifests, in which mistakes are taken
  // back, and units are asked to hurry, which no correction undoes.
  static Options DrawCorrections(std::uint64_t seed);
  std::string Print() const;
};

}  // namespace motcua::simulation
