// World: one seed's worth of life. Five services with their instances, a log, clients, and trouble;
// then the trouble ends, everything must come to rest, days pass, and the judge looks at it all.
//
//   World world(Options::Draw(42), {});
//   const std::string wrong = world.Run();   // empty: nothing to complain about
//
// One thread. Deterministic: the same options give the same run.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "services/domain/reporting/lateness.h"
#include "tests/simulation/history.h"
#include "tests/simulation/options.h"
#include "tests/simulation/process.h"
#include "tests/simulation/workload.h"

namespace motcua::simulation {

// What the judge of lateness has looked at.
struct LatenessSeen {
  std::uint64_t dossiers = 0;           // late ones, by either verdict
  std::set<reporting::TimePart> parts;  // that their time had
};

// What a run has seen; proves that the faults and branches it is about were reached.
struct Marks {
  std::uint64_t records = 0;
  std::uint64_t accepted = 0;
  std::uint64_t requests = 0;
  std::uint64_t answered = 0;
  std::uint64_t alerts = 0;
  std::uint64_t deaths = 0;
  std::uint64_t freezes = 0;
  std::uint64_t stores_lost = 0;
  std::uint64_t timeline_items = 0;
  std::uint64_t upgrades = 0;
  std::uint64_t by_older = 0;      // events of an older program that count
  std::uint64_t beyond_older = 0;  // events that count and that it does not understand
  std::uint64_t clock_steps = 0;
  std::uint64_t manifests = 0;
  std::uint64_t followed = 0;  // shipments on them
  std::uint64_t skipped = 0;
  std::uint64_t corrections = 0;          // events that take back others,
  std::uint64_t corrections_of_more = 0;  // with what followed from them
  std::uint64_t reminders = 0;            // legs' units that were asked to hurry
  std::uint64_t nonsense = 0;             // events that count and make no sense
  std::set<codes::Tier> tiers;            // of dossiers that were received
  std::set<codes::Interconnection> interconnections;
  LatenessSeen lateness;
  std::uint64_t untimely = 0;  // events by wrong clocks, or under a wrong clock of the log
};

class World {
 public:
  // `trace` is given a line for each thing that happens; may be empty.
  World(const Options& options, std::function<void(const std::string&)> trace);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // What is wrong; empty when nothing is.
  std::string Run();
  Marks marks() const;
  // What the log says.
  const History& history() const { return history_; }

 private:
  // An instance's place in a service, and who stands in it.
  struct Seat {
    std::size_t service = 0;
    int ordinal = 0;
    std::shared_ptr<Process> process;
    bool older = false;
  };

  void Fail(const std::string& what);
  void Trace(const std::string& what);
  bool RunUntil(Instant end, const std::function<bool()>& done);
  void ComeToRest(std::string_view when);
  void Occupy(Seat& seat, std::shared_ptr<SimStore> store);
  std::shared_ptr<SimStore> StoreLeftBy(Seat& seat);
  void Revive(std::size_t seat, Micros after, std::shared_ptr<SimStore> store);
  Process* Pick(std::size_t service);
  bool IsThere(const Process* process, std::size_t service) const;

  bool IsHopeless(const cases::Command& command) const;

  void OnRecord(engine::PartitionId partition, const MemoryLog::Record& record);
  void OnSend();
  void UpgradeInTurn();
  // Restarts the instance as what it is to be from now on.
  void Become(std::size_t index, bool older);
  void Trouble();
  Micros ClockError();
  void SetClock(const std::shared_ptr<Process>& process);
  void StepClock(const std::shared_ptr<Process>& process);
  std::string JudgeFlood(engine::PartitionId partition, const MemoryLog::Record& record);
  void KillSeat(std::size_t seat);
  void FreezeSeat(std::size_t seat);
  void SpeakAsStranger();
  void SpeakNonsense();
  bool IsNonsense(std::string_view dossier) const;
  std::string StrangersRecord(engine::PartitionId& partition);
  void Heal();
  std::string WhyNotAtRest() const;
  void JudgePunctuality(Instant healed);

  const Options options_;
  const std::function<void(const std::string&)> trace_;
  std::string wrong_;
  Random random_;
  Timeline timeline_;
  std::shared_ptr<const catalogue::Catalogue> catalogue_;
  std::unique_ptr<engine::Codec> codec_;
  std::optional<Older> older_;
  MemoryLog log_;
  History history_;
  Surroundings surroundings_;
  std::vector<Seat> seats_;
  std::vector<std::shared_ptr<Process>> zombies_;
  std::unique_ptr<Workload> workload_;
  std::vector<std::size_t> to_upgrade_;                  // seats, the next one last
  std::map<std::string, std::deque<Instant>> untimely_;  // by partition and service
  Marks marks_;
  bool healed_ = false;
};

// Who signs what a newer program writes.
inline constexpr std::string_view kStranger = "system:newer";

// The rules of service `index`.
const engine::ServiceRules& RulesOf(std::size_t index);

// ---- The judge at the end; each returns what is wrong, or nothing
// --------------------------------

// Every request and its answers against what the log says.
std::string JudgeRequests(const std::deque<Request>& requests, const History& history);
// The fold of one instance against a replay from zero, and against the history.
std::string JudgeFold(const Process& process, const engine::ServiceRules& rules,
                      const SimStore& replay, const History& history, const engine::Codec& codec);
// Folds the whole log into `store`; a replay that wants to say something is wrong.
// Of nonsense something may be owed permanently.
enum class StillOwed : std::uint8_t { kIsWrong, kMayBe };
std::string Replay(const Surroundings& world, const engine::ServiceRules& rules, SimStore& store,
                   StillOwed still_owed);
// Alerts that should have been raised by `now` and were not.
std::string JudgeAlerts(const History& history, Instant now);
// Reports of an instance of reporting against a plain fold over the history.
std::string JudgeReports(const Surroundings& world, const SimStore& store, const History& history,
                         Instant now);
// Its report of lateness: parts add up to the whole, for each late dossier and in sum.
std::string JudgeLateness(const Surroundings& world, const SimStore& store, const History& history,
                          Instant now, LatenessSeen& seen);
// Whether a report may be about a dossier that nobody understands.
bool NotUnderstood(const History& history, const reporting::StatusQuery& query);

}  // namespace motcua::simulation
