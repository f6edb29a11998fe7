// The table of commands: each action says in its `kRow` what everybody else has to know of it.
// There is no other list of actions: who decides it, what it creates, and what the service that
// decides it must keep are read from here (actions.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "services/domain/cases/aggregate.h"

namespace motcua::cases {

// The service that decides an action.
enum class Owner : std::uint8_t { kIntake, kRouting, kDeadline, kPostal, kUnset };

// Which parts of a dossier a service keeps. What it does not keep is at its default in that
// service's fold. Head, requests and lifecycle are always kept.
struct Parts {
  bool clock = false;  // pauses, alerts, due dates
  bool route = false;
  bool shipment = false;
  bool trace = false;  // by services that react, or owe something when time has passed
  // Permanently, which request created which dossier (notes.h).
  bool creations = false;
  // Manifests of the post, and which request opened which; without it their heads and requests
  // alone.
  bool manifests = false;
  bool past = false;  // what corrections superseded

  constexpr Parts& operator|=(const Parts& other) {
    clock |= other.clock;
    route |= other.route;
    shipment |= other.shipment;
    trace |= other.trace;
    creations |= other.creations;
    manifests |= other.manifests;
    past |= other.past;
    return *this;
  }
  friend constexpr bool operator==(const Parts&, const Parts&) = default;
};

struct CommandRow {
  std::string_view name;        // of the action; of the rpc too where there is one
  Owner owner = Owner::kUnset;  // every row says it (actions.cc checks)
  // What it is about. Of one that creates: of the kind that it creates.
  AggregateKind about = AggregateKind::kDossier;
  // Such an action names the unit that it creates it at, in `unit`.
  std::optional<AggregateKind> creates = {};
  Parts parts = {};   // that its decision reads, or its reaction hands on
  bool bulk = false;  // one of very many that come together (actions.h)
};

}  // namespace motcua::cases
