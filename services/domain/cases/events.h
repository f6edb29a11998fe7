// Case events: the decisions and facts of which everything else is a fold (architecture.md §1).
//
// An event makes one to kStepsMax steps, each on an aggregate (aggregate.h): on the dossier that it
// is about, and on the register book (sổ) of the dossier's unit where it takes a number from it.
// For each it says the version that it makes and the tip that it follows: the hash of the event
// before it, for a dossier together with the instant at which that one counted. So it can be
// accepted only on the very history that it was decided on. The version alone would not do: of two
// events pipelined on one aggregate the second would fit by number after a rival of the first.
//
// No personal data: actors are ids, texts are codes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "services/base/nested.h"
#include "services/base/time.h"
#include "services/base/trace.h"
#include "services/domain/cases/aggregate.h"
#include "services/domain/cases/payload_names.h"
#include "services/domain/cases/topics/deadline.h"
#include "services/domain/cases/topics/intake.h"
#include "services/domain/cases/topics/manifest.h"
#include "services/domain/cases/topics/postal.h"
#include "services/domain/cases/topics/routing.h"

namespace motcua::cases {

// Written by a newer program, which says in it something that this one does not know: a payload, a
// field, a value. It counts as every event does, and is never lost; of its content nothing is
// applied, not even what could be read: half of a decision is another decision. The aggregates that
// it names are marked as not understood.
struct UnknownPayload {
  friend bool operator==(const UnknownPayload&, const UnknownPayload&) = default;
};

// By topic, and nested: LeafIf, HoldsLeaf, VisitLeaf (base/nested.h) see one flat list.
using Payload = std::variant<UnknownPayload, IntakePayload, RoutingPayload, DeadlinePayload,
                             PostalPayload, ManifestPayload>;

// "DossierReceived" and so on, as in the contract; for metrics and prints.
template <>
inline constexpr std::string_view kPayloadName<UnknownPayload> = "Unknown";
template <>
inline constexpr std::string_view kPayloadLabel<UnknownPayload> =
    "Sự kiện của chương trình mới hơn";
std::string_view PayloadName(const Payload& payload);

struct CaseEvent {
  // The dossier that it is about; empty when it is about another aggregate.
  DossierCode dossier;
  // The first is on what the event is about.
  std::vector<Step> steps;
  RequestId request_id;
  std::uint64_t request_digest = 0;  // of the request's content, to tell a retry from a reuse
  RequestId correlation_id;          // the request that a chain of reactions began with
  // The version that a reaction answers, of what owed it: the dossier, or the manifest where the
  // event makes a step on one; 0 = a command.
  Version cause = 0;
  ActorId actor;
  ZonedTime at;        // the writer's clock; what counts is the fold's (architecture.md §5)
  TraceContext trace;  // what it was caused by; may be empty
  // Sets events apart that were decided alike on the same history: what was built on one of them
  // must not fit after another. Says nothing else.
  std::uint32_t nonce = 0;
  Payload payload;

  // The aggregate that it is about.
  const AggregateId& about() const { return steps.front().id; }
  // The version that it makes of that aggregate.
  Version version() const { return steps.empty() ? 0 : steps.front().version; }
  // Null when it makes none on an aggregate of that kind.
  const Step* StepOn(AggregateKind kind) const;
  // An event of before, or of a test: on the dossier, and on its unit's book.
  void SetSteps(const Head& dossier_head, const std::optional<Head>& book_head);
  friend bool operator==(const CaseEvent&, const CaseEvent&) = default;
};

}  // namespace motcua::cases
