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

#include "services/base/time.h"
#include "services/base/trace.h"
#include "services/domain/calendar/calendar.h"
#include "services/domain/cases/aggregate.h"
#include "services/domain/cases/codes.h"
#include "services/domain/cases/payload_names.h"
#include "services/domain/codes/code_lists.h"
#include "services/domain/deadline/term.h"
#include "services/domain/postal/shipment.h"
#include "services/domain/routing/route.h"

namespace motcua::cases {

using codes::AlertKind;
using codes::Doubt;
using codes::Outcome;
using codes::PauseReason;
using codes::RefusalReason;
using Doubts = std::uint16_t;  // bits of Doubt
inline constexpr Doubts kDoubtsAll = codes::AllBits<Doubt, Doubts>();

// The calendar that a due date was computed by. Version 0: an event of before schema 3 does not
// say.
using calendar::CalendarUsed;

// The clock as it is set: by the receipt, a supplement, a pause's end, a leg.
struct ClockSetting {
  std::optional<ZonedTime> due;
  std::optional<Instant> due_soon;
  bool provisional = false;  // the due date rests on days that no decision covers yet
  friend bool operator==(const ClockSetting&, const ClockSetting&) = default;
};
struct LegDue {
  std::uint8_t leg = 0;  // from 1
  ClockSetting clock;
  CalendarUsed calendar = {};  // of the leg's unit
  friend bool operator==(const LegDue&, const LegDue&) = default;
};

struct DossierReceived {  // tiếp nhận
  ProcedureCode procedure;
  std::uint32_t procedure_version = 0;
  std::string field;
  Channel channel = Channel::kDirect;
  ReturnMode return_mode = ReturnMode::kCounter;
  std::int32_t register_year = 0;
  std::uint32_t register_number = 0;
  calendar::CalendarId calendar;
  calendar::CalendarVersion calendar_version;
  deadline::Term term;
  deadline::DuePolicy due_policy;
  deadline::SupplementPolicy supplement = deadline::SupplementPolicy::kRestart;
  std::int32_t due_soon_lead_minutes = 0;
  ZonedTime clock_start;  // what the term was counted from
  ClockSetting clock;
  std::vector<routing::Leg> legs;  // unit, stage, lead and term only
  friend bool operator==(const DossierReceived&, const DossierReceived&) = default;
};
struct DossierRefused {  // từ chối tiếp nhận
  ProcedureCode procedure;
  std::string field;
  Channel channel = Channel::kDirect;
  RefusalReason reason = RefusalReason::kOther;
  friend bool operator==(const DossierRefused&, const DossierRefused&) = default;
};
struct DossierImported {  // from the register of an older system, as recorded there
  ProcedureCode procedure;
  std::string procedure_name;  // as the register calls it; empty = the catalogue's
  std::string field;
  std::string unit_name;  // likewise
  Channel channel = Channel::kDirect;
  std::int32_t register_year = 0;
  std::uint32_t register_number = 0;
  ZonedTime opened;
  std::optional<ZonedTime> due;
  std::optional<ZonedTime> closed;
  Outcome outcome = Outcome::kNone;  // of a closed one
  calendar::CalendarId calendar;     // by which an open one is watched from now on
  calendar::CalendarVersion calendar_version;
  std::string source;      // which register, "boston311-2015h1"
  std::uint32_t line = 0;  // of the source, from 1
  std::string source_id;   // the case's id there
  Doubts doubts = 0;
  friend bool operator==(const DossierImported&, const DossierImported&) = default;
};
// The same case in a later state of its register, or in a later row of the same one.
struct RecordUpdated {
  std::optional<ZonedTime> due;
  std::optional<ZonedTime> closed;
  Outcome outcome = Outcome::kNone;  // of a closed one
  std::string source;
  std::uint32_t line = 0;
  std::string source_id;
  Doubts doubts = 0;
  friend bool operator==(const RecordUpdated&, const RecordUpdated&) = default;
};
struct SupplementRequested {          // yêu cầu bổ sung
  std::vector<std::uint32_t> papers;  // positions in the procedure's list of papers
  friend bool operator==(const SupplementRequested&, const SupplementRequested&) = default;
};
// The clock goes on. `paused_from` and `resumed` are the premises of the new due date.
struct ClockResumed {
  PauseReason reason = PauseReason::kSupplement;  // kSupplement: the supplement was received
  bool restarted = false;                         // the term was counted anew from `resumed`
  ZonedTime paused_from;
  ZonedTime resumed;
  ClockSetting clock;
  std::vector<LegDue> legs;
  CalendarUsed calendar;  // by which `clock` was computed
  friend bool operator==(const ClockResumed&, const ClockResumed&) = default;
};
struct ClockPaused {
  PauseReason reason = PauseReason::kFinancialDuty;
  friend bool operator==(const ClockPaused&, const ClockPaused&) = default;
};
struct ResultRecorded {  // có kết quả tại bộ phận một cửa
  Outcome outcome = Outcome::kGranted;
  friend bool operator==(const ResultRecorded&, const ResultRecorded&) = default;
};
struct ResultReleasedToPost {  // trả kết quả qua bưu chính
  friend bool operator==(const ResultReleasedToPost&, const ResultReleasedToPost&) = default;
};
struct DossierClosed {  // đã trả kết quả
  ReturnMode way = ReturnMode::kCounter;
  friend bool operator==(const DossierClosed&, const DossierClosed&) = default;
};
struct DossierWithdrawn {  // công dân rút hồ sơ
  friend bool operator==(const DossierWithdrawn&, const DossierWithdrawn&) = default;
};
struct HandOverSent {
  std::uint8_t leg = 0;
  UnitCode from;
  friend bool operator==(const HandOverSent&, const HandOverSent&) = default;
};
struct HandOverAcknowledged {
  std::uint8_t leg = 0;
  ClockSetting clock;
  CalendarUsed calendar = {};  // of the leg's unit
  friend bool operator==(const HandOverAcknowledged&, const HandOverAcknowledged&) = default;
};
struct LegAccepted {
  std::uint8_t leg = 0;
  friend bool operator==(const LegAccepted&, const LegAccepted&) = default;
};
struct LegCompleted {
  std::uint8_t leg = 0;
  routing::LegOutcome outcome = routing::LegOutcome::kGranted;
  friend bool operator==(const LegCompleted&, const LegCompleted&) = default;
};
struct LegReturned {
  std::uint8_t leg = 0;
  routing::ReturnReason reason = routing::ReturnReason::kOther;
  friend bool operator==(const LegReturned&, const LegReturned&) = default;
};
// Which alert: of the dossier (leg 0) or a leg, and for which due date.
struct AlertKey {
  AlertKind kind = AlertKind::kDueSoon;
  std::uint8_t leg = 0;
  Instant due;
  friend bool operator==(const AlertKey&, const AlertKey&) = default;
  friend auto operator<=>(const AlertKey&, const AlertKey&) = default;
};
struct AlertRaised {
  AlertKey alert;
  friend bool operator==(const AlertRaised&, const AlertRaised&) = default;
};
struct AlertAcknowledged {
  AlertKey alert;
  friend bool operator==(const AlertAcknowledged&, const AlertAcknowledged&) = default;
};
struct ShipmentRegistered {
  friend bool operator==(const ShipmentRegistered&, const ShipmentRegistered&) = default;
};
struct ShipmentHandedOver {
  std::string item_number;
  std::string carrier;
  friend bool operator==(const ShipmentHandedOver&, const ShipmentHandedOver&) = default;
};
struct ShipmentTracked {
  postal::ShipmentState state = postal::ShipmentState::kInTransit;
  ZonedTime occurred;  // by the carrier's clock
  friend bool operator==(const ShipmentTracked&, const ShipmentTracked&) = default;
};
struct DeliveryFailed {
  postal::FailureReason reason = postal::FailureReason::kOther;
  ZonedTime occurred;
  bool same_attempt = false;  // reported once more: it counts no further attempt
  friend bool operator==(const DeliveryFailed&, const DeliveryFailed&) = default;
};
struct ShipmentDelivered {
  postal::ProofKind proof = postal::ProofKind::kSignature;
  std::string proof_reference;  // of the record that the carrier keeps; never a name
  ZonedTime occurred;
  friend bool operator==(const ShipmentDelivered&, const ShipmentDelivered&) = default;
};
struct ShipmentReturned {
  friend bool operator==(const ShipmentReturned&, const ShipmentReturned&) = default;
};
struct ManifestOpened {  // lập bản kê
  std::string carrier;
  std::int32_t year = 0;
  std::uint32_t number = 0;
  friend bool operator==(const ManifestOpened&, const ManifestOpened&) = default;
};
struct ManifestItemAdded {
  DossierCode dossier;
  std::string item_number;
  friend bool operator==(const ManifestItemAdded&, const ManifestItemAdded&) = default;
};
struct ManifestClosed {  // chốt bản kê
  friend bool operator==(const ManifestClosed&, const ManifestClosed&) = default;
};
struct ManifestHandedOver {  // bàn giao cho bưu điện
  friend bool operator==(const ManifestHandedOver&, const ManifestHandedOver&) = default;
};
struct ManifestItemSkipped {
  DossierCode dossier;
  postal::ShipmentState state = postal::ShipmentState::kNone;  // of its shipment then
  friend bool operator==(const ManifestItemSkipped&, const ManifestItemSkipped&) = default;
};
// Written by a newer program, which says in it something that this one does not know: a payload, a
// field, a value. It counts as every event does, and is never lost; of its content nothing is
// applied, not even what could be read: half of a decision is another decision. The aggregates that
// it names are marked as not understood.
struct UnknownPayload {
  friend bool operator==(const UnknownPayload&, const UnknownPayload&) = default;
};

using Payload =
    std::variant<UnknownPayload, DossierReceived, DossierRefused, DossierImported,
                 SupplementRequested, ClockPaused, ClockResumed, ResultRecorded,
                 ResultReleasedToPost, DossierClosed, DossierWithdrawn, HandOverSent,
                 HandOverAcknowledged, LegAccepted, LegCompleted, LegReturned, AlertRaised,
                 AlertAcknowledged, ShipmentRegistered, ShipmentHandedOver, ShipmentTracked,
                 DeliveryFailed, ShipmentDelivered, ShipmentReturned, RecordUpdated, ManifestOpened,
                 ManifestItemAdded, ManifestClosed, ManifestHandedOver, ManifestItemSkipped>;

// "DossierReceived" and so on, as in the contract; for metrics and prints.
template <>
inline constexpr std::string_view kPayloadName<UnknownPayload> = "Unknown";
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
  // must not fit behind another. Says nothing else.
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
