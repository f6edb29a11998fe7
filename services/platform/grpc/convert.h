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
#include "services/domain/cases/aggregates.h"
#include "services/domain/cases/codes.h"
#include "services/domain/cases/dossier.h"
#include "services/domain/cases/events.h"
#include "services/wire/contract_codes.h"

namespace motcua::rpc {

// ---- Codes -----------------------------------------------------------------------------------

Result<cases::UnitCode> ParseUnit(std::string_view text, std::string_view path);
Result<cases::ProcedureCode> ParseProcedure(std::string_view text, std::string_view path);
// "000.23.10.H49/2020-0001".
Result<cases::AggregateId> ParseManifest(std::string_view text, std::string_view path);
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

// FIELD_INVALID: the value is missing.
Status MissingCode(std::string_view path);
// FIELD_INVALID: the list has no such value. Unknown numbers arrive as they are: proto3 enums are
// open.
Status UnknownCode(int number, std::string_view path);

// Unspecified is a value of lists that have a word for it (Stage::kNone), else missing.
template <codes::Code E>
Result<E> ParseCode(typename codes::Contract<E>::Enum value, std::string_view path) {
  const int number = static_cast<int>(value);
  if (const std::optional<E> code = codes::FromNumber<E>(number)) return *code;
  return number == 0 ? MissingCode(path) : UnknownCode(number, path);
}
// Where unspecified has a meaning.
template <codes::Code E>
Result<E> ParseCodeOr(E unspecified, typename codes::Contract<E>::Enum value,
                      std::string_view path) {
  return static_cast<int>(value) == 0 ? Result<E>(unspecified) : ParseCode<E>(value, path);
}

template <codes::Code E>
typename codes::Contract<E>::Enum ToProto(E value) {
  return static_cast<typename codes::Contract<E>::Enum>(value);
}

}  // namespace motcua::rpc
