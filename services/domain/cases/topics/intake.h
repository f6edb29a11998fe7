// Intake (tiếp nhận): from the receipt to the citizen's hands, and registers of older systems.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "services/domain/cases/clock_setting.h"
#include "services/domain/cases/command_row.h"
#include "services/domain/deadline/term.h"
#include "services/domain/routing/route.h"

namespace motcua::cases {

using codes::CorrectionReason;
using codes::Doubt;
using codes::Interconnection;
using codes::Outcome;
using codes::RefusalReason;
using codes::Tier;
using Doubts = std::uint16_t;  // bits of Doubt
inline constexpr Doubts kDoubtsAll = codes::AllBits<Doubt, Doubts>();

// ---- What can happen ----------------------------------------------------------------------------

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
  Tier tier = Tier::kNone;
  Interconnection interconnection = Interconnection::kNotSaid;
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
// A mistake is corrected: the dossier is as if the event had not been (correct.h).
struct EventTakenBack {  // đính chính
  Version version = 0;   // that the event made
  CorrectionReason reason = CorrectionReason::kOther;
  std::vector<Version> with;  // of what followed from it by itself; ascending
  friend bool operator==(const EventTakenBack&, const EventTakenBack&) = default;
};

using IntakePayload = std::variant<DossierReceived, DossierRefused, DossierImported, RecordUpdated,
                                   SupplementRequested, ResultRecorded, ResultReleasedToPost,
                                   DossierClosed, DossierWithdrawn, EventTakenBack>;

// ---- What can be asked --------------------------------------------------------------------------

struct ReceiveDossier {
  static constexpr CommandRow kRow = {.name = "ReceiveDossier",
                                      .owner = Owner::kIntake,
                                      .creates = AggregateKind::kDossier,
                                      .parts = {.creations = true}};
  UnitCode unit;
  ProcedureCode procedure;
  Channel channel = Channel::kDirect;
  ReturnMode return_mode = ReturnMode::kCounter;
};
struct RefuseDossier {
  static constexpr CommandRow kRow = {.name = "RefuseDossier",
                                      .owner = Owner::kIntake,
                                      .creates = AggregateKind::kDossier,
                                      .parts = {.creations = true}};
  UnitCode unit;
  ProcedureCode procedure;
  Channel channel = Channel::kDirect;
  RefusalReason reason = RefusalReason::kOther;
};
struct ImportDossier {
  static constexpr CommandRow kRow = {.name = "ImportDossier",
                                      .owner = Owner::kIntake,
                                      .creates = AggregateKind::kDossier,
                                      .parts = {.clock = true, .creations = true},
                                      .bulk = true};
  UnitCode unit;
  std::optional<DossierCode> code;  // as recorded; else the next number of the day it was opened
  DossierImported recorded;         // as it is written there; a year or number of 0: none
};
struct RequestSupplement {
  static constexpr CommandRow kRow = {
      .name = "RequestSupplement", .owner = Owner::kIntake, .parts = {.clock = true}};
  std::vector<std::uint32_t> papers;
};
struct ReceiveSupplement {
  static constexpr CommandRow kRow = {.name = "ReceiveSupplement",
                                      .owner = Owner::kIntake,
                                      .parts = {.clock = true, .route = true}};
};
struct RecordResult {
  static constexpr CommandRow kRow = {
      .name = "RecordResult", .owner = Owner::kIntake, .parts = {.route = true, .trace = true}};
  Outcome outcome = Outcome::kGranted;  // kGranted or kRejected
};
struct ReturnResult {
  static constexpr CommandRow kRow = {
      .name = "ReturnResult", .owner = Owner::kIntake, .parts = {.shipment = true}};
  ReturnMode way = ReturnMode::kCounter;
};
struct WithdrawDossier {
  static constexpr CommandRow kRow = {.name = "WithdrawDossier", .owner = Owner::kIntake};
};
struct CloseDelivered {  // reaction: the shipment was delivered
  static constexpr CommandRow kRow = {.name = "CloseDelivered",
                                      .owner = Owner::kIntake,
                                      .parts = {.shipment = true, .trace = true}};
};
struct CorrectEvent {  // a mistake of any service
  static constexpr CommandRow kRow = {.name = "CorrectEvent",
                                      .owner = Owner::kIntake,
                                      .parts = {.clock = true, .route = true, .shipment = true}};
  Version version = 0;  // that the event made
  CorrectionReason reason = CorrectionReason::kOther;
};

using IntakeAction =
    std::variant<ReceiveDossier, RefuseDossier, ImportDossier, RequestSupplement, ReceiveSupplement,
                 RecordResult, ReturnResult, WithdrawDossier, CloseDelivered, CorrectEvent>;

}  // namespace motcua::cases
