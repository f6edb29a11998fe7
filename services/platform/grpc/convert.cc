#include "services/platform/grpc/convert.h"

#include "services/platform/grpc/fields.h"

namespace motcua::rpc {
namespace {

namespace pb = common::v1;

// The numbers of both sides are frozen and the same, so a conversion is a checked cast. The highest
// value of each list is asserted here; the lists have no gaps.
template <auto kProto, auto kDomain>
constexpr bool kSame = static_cast<int>(kProto) == static_cast<int>(kDomain);
static_assert(kSame<pb::CHANNEL_DIRECT, cases::Channel::kDirect>);
static_assert(kSame<pb::CHANNEL_ONLINE, cases::Channel::kOnline>);
static_assert(kSame<pb::CHANNEL_POSTAL, cases::Channel::kPostal>);
static_assert(kSame<pb::RETURN_MODE_COUNTER, cases::ReturnMode::kCounter>);
static_assert(kSame<pb::RETURN_MODE_POSTAL, cases::ReturnMode::kPostal>);
static_assert(kSame<pb::STAGE_REFUSED, cases::Stage::kRefused>);
static_assert(kSame<pb::STAGE_PROCESSING, cases::Stage::kProcessing>);
static_assert(kSame<pb::STAGE_SUPPLEMENT, cases::Stage::kSupplement>);
static_assert(kSame<pb::STAGE_PAUSED, cases::Stage::kPaused>);
static_assert(kSame<pb::STAGE_RESULT_READY, cases::Stage::kResultReady>);
static_assert(kSame<pb::STAGE_CLOSED, cases::Stage::kClosed>);
static_assert(kSame<pb::STAGE_WITHDRAWN, cases::Stage::kWithdrawn>);
static_assert(kSame<pb::OUTCOME_GRANTED, cases::Outcome::kGranted>);
static_assert(kSame<pb::OUTCOME_REJECTED, cases::Outcome::kRejected>);
static_assert(kSame<pb::OUTCOME_WITHDRAWN, cases::Outcome::kWithdrawn>);
static_assert(kSame<pb::PAUSE_REASON_SUPPLEMENT, cases::PauseReason::kSupplement>);
static_assert(kSame<pb::PAUSE_REASON_FINANCIAL_DUTY, cases::PauseReason::kFinancialDuty>);
static_assert(kSame<pb::PAUSE_REASON_OTHER_AGENCY, cases::PauseReason::kOtherAgency>);
static_assert(kSame<pb::PAUSE_REASON_SECTOR_LAW, cases::PauseReason::kSectorLaw>);
static_assert(kSame<pb::REFUSAL_REASON_NOT_COMPETENT, cases::RefusalReason::kNotCompetent>);
static_assert(kSame<pb::REFUSAL_REASON_PAPERS_MISSING, cases::RefusalReason::kPapersMissing>);
static_assert(kSame<pb::REFUSAL_REASON_NOT_ELIGIBLE, cases::RefusalReason::kNotEligible>);
static_assert(kSame<pb::REFUSAL_REASON_OTHER, cases::RefusalReason::kOther>);
static_assert(kSame<pb::ALERT_KIND_DUE_SOON, cases::AlertKind::kDueSoon>);
static_assert(kSame<pb::ALERT_KIND_OVERDUE, cases::AlertKind::kOverdue>);
static_assert(kSame<pb::LEG_STATE_UNSPECIFIED, routing::LegState::kWaiting>);
static_assert(kSame<pb::LEG_STATE_SENT, routing::LegState::kSent>);
static_assert(kSame<pb::LEG_STATE_ACKNOWLEDGED, routing::LegState::kAcknowledged>);
static_assert(kSame<pb::LEG_STATE_ACCEPTED, routing::LegState::kAccepted>);
static_assert(kSame<pb::LEG_STATE_COMPLETED, routing::LegState::kCompleted>);
static_assert(kSame<pb::LEG_STATE_RETURNED, routing::LegState::kReturned>);
static_assert(kSame<pb::RETURN_REASON_PAPERS_MISSING, routing::ReturnReason::kPapersMissing>);
static_assert(kSame<pb::RETURN_REASON_NOT_COMPETENT, routing::ReturnReason::kNotCompetent>);
static_assert(kSame<pb::RETURN_REASON_CONTENT_WRONG, routing::ReturnReason::kContentWrong>);
static_assert(kSame<pb::RETURN_REASON_OTHER, routing::ReturnReason::kOther>);
static_assert(kSame<pb::LEG_OUTCOME_GRANTED, routing::LegOutcome::kGranted>);
static_assert(kSame<pb::LEG_OUTCOME_REJECTED, routing::LegOutcome::kRejected>);
static_assert(kSame<pb::SHIPMENT_STATE_REGISTERED, postal::ShipmentState::kRegistered>);
static_assert(kSame<pb::SHIPMENT_STATE_HANDED_OVER, postal::ShipmentState::kHandedOver>);
static_assert(kSame<pb::SHIPMENT_STATE_IN_TRANSIT, postal::ShipmentState::kInTransit>);
static_assert(kSame<pb::SHIPMENT_STATE_OUT_FOR_DELIVERY, postal::ShipmentState::kOutForDelivery>);
static_assert(kSame<pb::SHIPMENT_STATE_DELIVERY_FAILED, postal::ShipmentState::kFailed>);
static_assert(kSame<pb::SHIPMENT_STATE_DELIVERED, postal::ShipmentState::kDelivered>);
static_assert(kSame<pb::SHIPMENT_STATE_RETURNING, postal::ShipmentState::kReturning>);
static_assert(kSame<pb::SHIPMENT_STATE_RETURNED, postal::ShipmentState::kReturned>);
static_assert(kSame<pb::FAILURE_REASON_ABSENT, postal::FailureReason::kAbsent>);
static_assert(kSame<pb::FAILURE_REASON_ADDRESS_WRONG, postal::FailureReason::kAddressWrong>);
static_assert(kSame<pb::FAILURE_REASON_REFUSED, postal::FailureReason::kRefused>);
static_assert(
    kSame<pb::FAILURE_REASON_IDENTITY_NOT_PROVEN, postal::FailureReason::kIdentityNotProven>);
static_assert(kSame<pb::FAILURE_REASON_OTHER, postal::FailureReason::kOther>);
static_assert(kSame<pb::PROOF_KIND_SIGNATURE, postal::ProofKind::kSignature>);
static_assert(kSame<pb::PROOF_KIND_ELECTRONIC_SIGNATURE, postal::ProofKind::kElectronicSignature>);
static_assert(kSame<pb::PROOF_KIND_PHOTO, postal::ProofKind::kPhoto>);

// Unknown numbers arrive as they are: proto3 enums are open.
template <typename Domain, typename Proto>
Result<Domain> ParseCode(Proto value, Domain last, std::string_view path) {
  const int number = static_cast<int>(value);
  if (number == 0) return FieldError(path, "is missing");
  if (number < 0 || number > static_cast<int>(last)) {
    return FieldError(path, "has the unknown value " + std::to_string(number));
  }
  return static_cast<Domain>(number);
}

template <typename Domain, typename Proto>
Result<Domain> ParseCodeOr(Proto value, Domain last, Domain unspecified, std::string_view path) {
  if (static_cast<int>(value) == 0) return unspecified;
  return ParseCode(value, last, path);
}

// 1900-01-01 and 2200-01-01, UTC: what the calendars and date texts of this program can say.
constexpr std::int64_t kMicrosPerSecond = 1'000'000;
constexpr std::int64_t kFirstSecond = -2'208'988'800;
constexpr std::int64_t kEndSecond = 7'258'118'400;
constexpr int kOffsetMinutesMax = 18 * 60;

}  // namespace

Result<cases::UnitCode> ParseUnit(std::string_view text, std::string_view path) {
  if (text.empty()) return FieldError(path, "is missing");
  Result<cases::UnitCode> unit = cases::ParseUnitCode(text);
  return unit.ok() ? std::move(unit) : AtField(unit.status(), path);
}

Result<cases::ProcedureCode> ParseProcedure(std::string_view text, std::string_view path) {
  if (text.empty()) return FieldError(path, "is missing");
  Result<cases::ProcedureCode> procedure = cases::ParseProcedureCode(text);
  return procedure.ok() ? std::move(procedure) : AtField(procedure.status(), path);
}

Result<cases::DossierCode> ParseDossier(std::string_view text, std::string_view path) {
  if (text.empty()) return FieldError(path, "is missing");
  Result<cases::DossierCode> dossier = cases::ParseDossierCode(text);
  return dossier.ok() ? std::move(dossier) : AtField(dossier.status(), path);
}

Result<std::uint8_t> ParseLeg(std::uint32_t leg, std::string_view path) {
  if (leg == 0) return FieldError(path, "is missing; legs are numbered from 1");
  return ParseLegOrDossier(leg, path);
}

Result<std::uint8_t> ParseLegOrDossier(std::uint32_t leg, std::string_view path) {
  if (leg > routing::kLegsMax) {
    return FieldError(path, "must be at most " + std::to_string(routing::kLegsMax));
  }
  return static_cast<std::uint8_t>(leg);
}

Result<ZonedTime> ParseZoned(const pb::ZonedTime& time, std::string_view path) {
  if (time.unix_micros() < kFirstSecond * kMicrosPerSecond ||
      time.unix_micros() >= kEndSecond * kMicrosPerSecond) {
    return FieldError(std::string(path) + ".unix_micros", "lies outside the years 1900 to 2199");
  }
  if (time.utc_offset_minutes() < -kOffsetMinutesMax ||
      time.utc_offset_minutes() > kOffsetMinutesMax) {
    return FieldError(std::string(path) + ".utc_offset_minutes", "is more than 18 hours");
  }
  return ZonedTime{Instant{time.unix_micros()},
                   UtcOffset{static_cast<std::int16_t>(time.utc_offset_minutes())}};
}

Result<Instant> ParseTimestamp(const google::protobuf::Timestamp& time, std::string_view path) {
  constexpr std::int32_t kNanosEnd = 1'000'000'000;
  constexpr std::int32_t kNanosPerMicro = 1000;
  if (time.nanos() < 0 || time.nanos() >= kNanosEnd) {
    return FieldError(std::string(path) + ".nanos", "must be 0 to 999,999,999");
  }
  if (time.seconds() < kFirstSecond || time.seconds() >= kEndSecond) {
    return FieldError(std::string(path) + ".seconds", "lies outside the years 1900 to 2199");
  }
  return Instant{time.seconds() * kMicrosPerSecond + time.nanos() / kNanosPerMicro};
}

void ToProto(const ZonedTime& time, pb::ZonedTime& proto) {
  proto.set_unix_micros(time.instant.micros);
  proto.set_utc_offset_minutes(time.offset.minutes);
}

void ToProto(Instant instant, google::protobuf::Timestamp& proto) {
  std::int64_t seconds = instant.micros / kMicrosPerSecond;
  std::int64_t micros = instant.micros % kMicrosPerSecond;
  if (micros < 0) {  // a Timestamp counts its nanoseconds forward, also before 1970
    --seconds;
    micros += kMicrosPerSecond;
  }
  proto.set_seconds(seconds);
  proto.set_nanos(static_cast<std::int32_t>(micros * 1000));
}

void ToProto(CivilDate date, pb::Date& proto) {
  const YearMonthDay ymd = Split(date);
  proto.set_year(ymd.year);
  proto.set_month(ymd.month);
  proto.set_day(ymd.day);
}

Result<cases::Channel> ParseChannel(pb::Channel value, std::string_view path) {
  return ParseCode(value, cases::Channel::kPostal, path);
}
Result<cases::ReturnMode> ParseReturnMode(pb::ReturnMode value, std::string_view path) {
  return ParseCodeOr(value, cases::ReturnMode::kPostal, cases::ReturnMode::kCounter, path);
}
Result<cases::RefusalReason> ParseRefusalReason(pb::RefusalReason value, std::string_view path) {
  return ParseCode(value, cases::RefusalReason::kOther, path);
}
Result<cases::Outcome> ParseOutcome(pb::Outcome value, std::string_view path) {
  return ParseCodeOr(value, cases::Outcome::kWithdrawn, cases::Outcome::kNone, path);
}
Result<cases::PauseReason> ParsePauseReason(pb::PauseReason value, std::string_view path) {
  return ParseCode(value, cases::PauseReason::kSectorLaw, path);
}
Result<cases::AlertKind> ParseAlertKind(pb::AlertKind value, std::string_view path) {
  return ParseCode(value, cases::AlertKind::kOverdue, path);
}
Result<cases::Stage> ParseStage(pb::Stage value, std::string_view path) {
  return ParseCodeOr(value, cases::Stage::kWithdrawn, cases::Stage::kNone, path);
}
Result<routing::ReturnReason> ParseReturnReason(pb::ReturnReason value, std::string_view path) {
  return ParseCode(value, routing::ReturnReason::kOther, path);
}
Result<routing::LegOutcome> ParseLegOutcome(pb::LegOutcome value, std::string_view path) {
  return ParseCodeOr(value, routing::LegOutcome::kRejected, routing::LegOutcome::kGranted, path);
}
Result<postal::ShipmentState> ParseShipmentState(pb::ShipmentState value, std::string_view path) {
  return ParseCode(value, postal::ShipmentState::kReturned, path);
}
Result<postal::FailureReason> ParseFailureReason(pb::FailureReason value, std::string_view path) {
  return ParseCode(value, postal::FailureReason::kOther, path);
}
Result<postal::ProofKind> ParseProofKind(pb::ProofKind value, std::string_view path) {
  return ParseCode(value, postal::ProofKind::kPhoto, path);
}

pb::Channel ToProto(cases::Channel value) { return static_cast<pb::Channel>(value); }
pb::ReturnMode ToProto(cases::ReturnMode value) { return static_cast<pb::ReturnMode>(value); }
pb::Outcome ToProto(cases::Outcome value) { return static_cast<pb::Outcome>(value); }
pb::PauseReason ToProto(cases::PauseReason value) { return static_cast<pb::PauseReason>(value); }
pb::AlertKind ToProto(cases::AlertKind value) { return static_cast<pb::AlertKind>(value); }
pb::Stage ToProto(cases::Stage value) { return static_cast<pb::Stage>(value); }
pb::LegState ToProto(routing::LegState value) { return static_cast<pb::LegState>(value); }
pb::LegOutcome ToProto(routing::LegOutcome value) { return static_cast<pb::LegOutcome>(value); }
pb::ShipmentState ToProto(postal::ShipmentState value) {
  return static_cast<pb::ShipmentState>(value);
}

}  // namespace motcua::rpc
