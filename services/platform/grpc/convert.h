// Between the values of the public contract (proto/motcua/common/v1) and those of the domain.
//
// Parse… is strict: an unspecified or unknown value where one is needed is FIELD_INVALID naming
// `path`. To… is total. Pure; any thread.
#pragma once

#include <google/protobuf/timestamp.pb.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "motcua/common/v1/common.pb.h"
#include "services/base/status.h"
#include "services/base/time.h"
#include "services/domain/cases/codes.h"
#include "services/domain/cases/dossier.h"
#include "services/domain/cases/events.h"

namespace motcua::rpc {

// ---- Codes -----------------------------------------------------------------------------------

Result<cases::UnitCode> ParseUnit(std::string_view text, std::string_view path);
Result<cases::ProcedureCode> ParseProcedure(std::string_view text, std::string_view path);
Result<cases::DossierCode> ParseDossier(std::string_view text, std::string_view path);
// 1..kLegsMax.
Result<std::uint8_t> ParseLeg(std::uint32_t leg, std::string_view path);
// 0 = the dossier itself.
Result<std::uint8_t> ParseLegOrDossier(std::uint32_t leg, std::string_view path);

// ---- Time ------------------------------------------------------------------------------------

// Instants of the years 1900 to 2199; offsets of at most 18 hours.
Result<ZonedTime> ParseZoned(const common::v1::ZonedTime& time, std::string_view path);
// A well-formed Timestamp of the same years; what is finer than a microsecond is cut off.
Result<Instant> ParseTimestamp(const google::protobuf::Timestamp& time, std::string_view path);

void ToProto(const ZonedTime& time, common::v1::ZonedTime& proto);
void ToProto(Instant instant, google::protobuf::Timestamp& proto);
void ToProto(CivilDate date, common::v1::Date& proto);

// ---- Code lists ------------------------------------------------------------------------------

Result<cases::Channel> ParseChannel(common::v1::Channel value, std::string_view path);
// Unspecified = the counter.
Result<cases::ReturnMode> ParseReturnMode(common::v1::ReturnMode value, std::string_view path);
Result<cases::RefusalReason> ParseRefusalReason(common::v1::RefusalReason value,
                                                std::string_view path);
// Unspecified = none given.
Result<cases::Outcome> ParseOutcome(common::v1::Outcome value, std::string_view path);
Result<cases::PauseReason> ParsePauseReason(common::v1::PauseReason value, std::string_view path);
Result<cases::AlertKind> ParseAlertKind(common::v1::AlertKind value, std::string_view path);
// Unspecified = kNone.
Result<cases::Stage> ParseStage(common::v1::Stage value, std::string_view path);
Result<routing::ReturnReason> ParseReturnReason(common::v1::ReturnReason value,
                                                std::string_view path);
// Unspecified = granted.
Result<routing::LegOutcome> ParseLegOutcome(common::v1::LegOutcome value, std::string_view path);
Result<postal::ShipmentState> ParseShipmentState(common::v1::ShipmentState value,
                                                 std::string_view path);
Result<postal::FailureReason> ParseFailureReason(common::v1::FailureReason value,
                                                 std::string_view path);
Result<postal::ProofKind> ParseProofKind(common::v1::ProofKind value, std::string_view path);

common::v1::Channel ToProto(cases::Channel value);
common::v1::ReturnMode ToProto(cases::ReturnMode value);
common::v1::Outcome ToProto(cases::Outcome value);
common::v1::PauseReason ToProto(cases::PauseReason value);
common::v1::AlertKind ToProto(cases::AlertKind value);
common::v1::Stage ToProto(cases::Stage value);
common::v1::LegState ToProto(routing::LegState value);
common::v1::LegOutcome ToProto(routing::LegOutcome value);
common::v1::ShipmentState ToProto(postal::ShipmentState value);

}  // namespace motcua::rpc
