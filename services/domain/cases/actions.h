// Actions: what may be asked of a dossier, or of another aggregate. A command is an action with who
// asks and under which request id. Each is decided in cases/decide.h; which service takes which
// stands in its rules.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "services/domain/cases/events.h"

namespace motcua::cases {

// intake
struct ReceiveDossier {
  UnitCode unit;
  ProcedureCode procedure;
  Channel channel = Channel::kDirect;
  ReturnMode return_mode = ReturnMode::kCounter;
};
struct RefuseDossier {
  UnitCode unit;
  ProcedureCode procedure;
  Channel channel = Channel::kDirect;
  RefusalReason reason = RefusalReason::kOther;
};
struct ImportDossier {
  UnitCode unit;
  std::optional<DossierCode> code;  // as recorded; else the next number of the day it was opened
  DossierImported recorded;         // as it is written there; a year or number of 0: none
};
struct RequestSupplement {
  std::vector<std::uint32_t> papers;
};
struct ReceiveSupplement {};
struct RecordResult {
  Outcome outcome = Outcome::kGranted;  // kGranted or kRejected
};
struct ReturnResult {
  ReturnMode way = ReturnMode::kCounter;
};
struct WithdrawDossier {};
struct CloseDelivered {};  // reaction: the shipment was delivered

// routing
struct SendHandOver {
  std::uint8_t leg = 0;
};
struct AcknowledgeHandOver {
  std::uint8_t leg = 0;
};
struct AcceptLeg {
  std::uint8_t leg = 0;
};
struct CompleteLeg {
  std::uint8_t leg = 0;
  routing::LegOutcome outcome = routing::LegOutcome::kGranted;
};
struct ReturnLeg {
  std::uint8_t leg = 0;
  routing::ReturnReason reason = routing::ReturnReason::kOther;
};

// deadline
struct PauseClock {
  PauseReason reason = PauseReason::kFinancialDuty;  // not kSupplement
};
struct ResumeClock {};
struct RaiseAlert {  // timer
  AlertKey alert;
};
struct AcknowledgeAlert {
  AlertKind kind = AlertKind::kOverdue;
  std::uint8_t leg = 0;  // the latest alert of that kind
};

// postal
struct RegisterShipment {};  // reaction: a result is ready and goes by post
struct HandOverShipment {
  std::string item_number;
  std::string carrier;
};
struct TrackShipment {
  postal::ShipmentState state = postal::ShipmentState::kInTransit;
  std::optional<Instant> occurred;
};
struct FailDelivery {
  postal::FailureReason reason = postal::FailureReason::kOther;
  std::optional<Instant> occurred;
};
struct DeliverShipment {
  postal::ProofKind proof = postal::ProofKind::kSignature;
  std::string proof_reference;
  std::optional<Instant> occurred;
};
struct ReturnShipment {};
struct OpenManifest {
  UnitCode unit;
  std::string carrier;
};
struct AddManifestItem {
  DossierCode dossier;
  std::string item_number;
};
struct CloseManifest {};
struct HandOverManifest {};
struct FollowManifest {  // reaction: the manifest that the dossier's shipment is on was handed over
  DossierCode dossier;
};

using Action =
    std::variant<ReceiveDossier, RefuseDossier, ImportDossier, RequestSupplement, ReceiveSupplement,
                 RecordResult, ReturnResult, WithdrawDossier, CloseDelivered, SendHandOver,
                 AcknowledgeHandOver, AcceptLeg, CompleteLeg, ReturnLeg, PauseClock, ResumeClock,
                 RaiseAlert, AcknowledgeAlert, RegisterShipment, HandOverShipment, TrackShipment,
                 FailDelivery, DeliverShipment, ReturnShipment, OpenManifest, AddManifestItem,
                 CloseManifest, HandOverManifest, FollowManifest>;

// Decided in decide_manifest.cc.
template <typename A>
inline constexpr bool kConcernsManifest =
    std::is_same_v<A, OpenManifest> || std::is_same_v<A, AddManifestItem> ||
    std::is_same_v<A, CloseManifest> || std::is_same_v<A, HandOverManifest> ||
    std::is_same_v<A, FollowManifest>;

struct Command {
  RequestId request_id;
  std::uint64_t digest = 0;      // of the request's content
  DossierCode dossier;           // empty for actions that create one
  Version expected_version = 0;  // 0 = whatever is current
  ActorId actor;
  RequestId correlation_id;  // empty = the request itself
  Version cause = 0;         // of a reaction
  TraceContext trace;        // of the call, or of the event that a reaction answers; may be empty
  Action action;
  AggregateId about;  // of actions on what is no dossier; `dossier` is empty then
};

// The unit at which an action creates something; null for the others.
const UnitCode* CreatingUnit(const Command& command);
// The aggregate whose number a command that creates takes, and which remembers its request; none
// for the others.
std::optional<AggregateId> Parent(const Command& command);
// The aggregate that a command names; for one that creates, nothing that is there.
AggregateId Subject(const Command& command);
void SetSubject(Command& command, const AggregateId& id);
// What it is decided on beside its subject and its parent; none for most.
std::optional<AggregateId> AlsoLookedAt(const Command& command);
// The unit in whose partition it is decided.
UnitCode UnitOfCommand(const Command& command);
// Whether it is one of very many that come together: rows of a register. They wait as long as they
// must, and take no place from what people wait for.
bool IsBulk(const Command& command);
// The item number that a command or an event puts to use; empty for the others.
std::string_view ItemOf(const Command& command);
std::string_view ItemOf(const CaseEvent& event);

}  // namespace motcua::cases
