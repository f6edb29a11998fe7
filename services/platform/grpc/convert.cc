#include "services/platform/grpc/convert.h"

#include <algorithm>

#include "services/platform/grpc/fields.h"

namespace motcua::rpc {
namespace {

namespace pb = common::v1;

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

Result<cases::AggregateId> ParseManifest(std::string_view text, std::string_view path) {
  if (text.empty()) return FieldError(path, "is missing");
  const std::size_t separator = std::min(text.find(cases::kPathSeparator), text.size());
  const Result<cases::UnitCode> unit = cases::ParseUnitCode(text.substr(0, separator));
  const std::string_view key = text.substr(std::min(separator + 1, text.size()));
  if (!unit.ok() || !cases::ParseManifestKey(key)) {
    return FieldError(path, "must be a unit and a number, like 000.23.10.H49/2020-0001");
  }
  return cases::AggregateId(cases::AggregateKind::kManifest, *unit, key);
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

Status MissingCode(std::string_view path) { return FieldError(path, "is missing"); }
Status UnknownCode(int number, std::string_view path) {
  return FieldError(path, "has the unknown value " + std::to_string(number));
}

}  // namespace motcua::rpc
