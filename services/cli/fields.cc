#include "services/cli/fields.h"

#include <google/protobuf/timestamp.pb.h>

#include <array>
#include <charconv>
#include <cstdio>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "motcua/common/v1/common.pb.h"
#include "services/base/check.h"
#include "services/base/text.h"
#include "services/base/time.h"

namespace motcua::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t kMicrosPerSecond = 1'000'000;
constexpr std::int64_t kNanosPerMicro = 1'000;

ZonedTime FromProto(const common::v1::ZonedTime& time) {
  return {Instant{time.unix_micros()},
          UtcOffset{static_cast<std::int16_t>(time.utc_offset_minutes())}};
}
Instant FromProto(const google::protobuf::Timestamp& time) {
  return {time.seconds() * kMicrosPerSecond + time.nanos() / kNanosPerMicro};
}
CivilDate FromProto(const common::v1::Date& date) {
  const bool real = date.year() > 0 && date.month() >= 1 && date.month() <= 12 && date.day() >= 1 &&
                    date.day() <= DaysInMonth(date.year(), date.month());
  return real ? MakeDate(date.year(), date.month(), date.day()) : CivilDate{};
}

// What kinds of message are one value to the reader.
enum class ValueKind { kNone, kZoned, kTimestamp, kDate };
ValueKind KindOf(const Descriptor& type) {
  if (&type == common::v1::ZonedTime::descriptor()) return ValueKind::kZoned;
  if (&type == google::protobuf::Timestamp::descriptor()) return ValueKind::kTimestamp;
  if (&type == common::v1::Date::descriptor()) return ValueKind::kDate;
  return ValueKind::kNone;
}

Json MessageJson(const Message& message) {
  switch (KindOf(*message.GetDescriptor())) {
    case ValueKind::kZoned:
      return FormatZonedTime(FromProto(dynamic_cast<const common::v1::ZonedTime&>(message)));
    case ValueKind::kTimestamp:
      return FormatInstant(FromProto(dynamic_cast<const google::protobuf::Timestamp&>(message)));
    case ValueKind::kDate:
      return FormatDate(FromProto(dynamic_cast<const common::v1::Date&>(message)));
    case ValueKind::kNone:
      break;
  }
  return ToJson(message);
}

Json EnumJson(const EnumValueDescriptor& value) {
  const std::string name = ShortName(value);
  return name.empty() ? Json() : Json(name);
}

// A field that is not repeated.
Json SingleJson(const Message& message, const FieldDescriptor& field) {
  const auto& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection.GetInt32(message, &field);
    case FieldDescriptor::CPPTYPE_INT64:
      return reflection.GetInt64(message, &field);
    case FieldDescriptor::CPPTYPE_UINT32:
      return reflection.GetUInt32(message, &field);
    case FieldDescriptor::CPPTYPE_UINT64:
      return reflection.GetUInt64(message, &field);
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.GetBool(message, &field);
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection.GetString(message, &field);
    case FieldDescriptor::CPPTYPE_ENUM:
      return EnumJson(*reflection.GetEnum(message, &field));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (!reflection.HasField(message, &field)) return nullptr;
      return MessageJson(reflection.GetMessage(message, &field));
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      break;  // the contract has none
  }
  return nullptr;
}

Json RepeatedJson(const Message& message, const FieldDescriptor& field) {
  const auto& reflection = *message.GetReflection();
  Json list = Json::array();
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      list.push_back(MessageJson(reflection.GetRepeatedMessage(message, &field, i)));
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32) {
      list.push_back(reflection.GetRepeatedUInt32(message, &field, i));
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      list.push_back(reflection.GetRepeatedString(message, &field, i));
    }
  }
  return list;
}

// "20/01/2020 09:32"
std::string ShortTime(const ZonedTime& time) {
  const CivilTime civil = time.civil();
  const YearMonthDay day = Split(civil.date);
  const auto minutes =
      static_cast<int>(std::chrono::duration_cast<std::chrono::minutes>(civil.time_of_day).count());
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%02d/%02d/%04d %02d:%02d", day.day, day.month, day.year,
                minutes / 60, minutes % 60);
  return text.data();
}

std::string MessageText(const Message& message, const imports::TimeZone& zone) {
  switch (KindOf(*message.GetDescriptor())) {
    case ValueKind::kZoned:
      return ShortTime(FromProto(dynamic_cast<const common::v1::ZonedTime&>(message)));
    case ValueKind::kTimestamp:
      return ShortTime(
          zone.At(FromProto(dynamic_cast<const google::protobuf::Timestamp&>(message))));
    case ValueKind::kDate: {
      const ZonedTime day = AtOffset(
          {FromProto(dynamic_cast<const common::v1::Date&>(message)), Micros(0)}, UtcOffset{});
      return ShortTime(day).substr(0, 10);
    }
    case ValueKind::kNone:
      break;
  }
  return ToJson(message).dump();
}

// A JSON value as one cell of a CSV.
std::string CellOf(const Json& value) {
  if (value.is_null()) return "";
  return value.is_string() ? value.get<std::string>() : value.dump();
}

// Sub-messages that are not one value are columns of their own.
bool IsNested(const FieldDescriptor& field) {
  return !field.is_repeated() && field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
         KindOf(*field.message_type()) == ValueKind::kNone;
}

template <typename Number>
Result<Number> ParseNumber(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    return FieldError("number", "\"" + std::string(text) + "\" is not a number that fits");
  }
  return value;
}

Status SetEnum(Message& message, const FieldDescriptor& field, std::string_view text) {
  for (int i = 0; i < field.enum_type()->value_count(); ++i) {
    const EnumValueDescriptor* const value = field.enum_type()->value(i);
    if (!ShortName(*value).empty() && ShortName(*value) == text) {
      message.GetReflection()->SetEnum(&message, &field, value);
      return OkStatus();
    }
  }
  return FieldError(field.name(),
                    "\"" + std::string(text) + "\" is not one of " + Choices(*field.enum_type()));
}

Status SetMessage(Message& target, std::string_view text, const imports::TimeZone& zone) {
  if (auto* const date = dynamic_cast<common::v1::Date*>(&target)) {
    MOTCUA_ASSIGN_OR_RETURN(const CivilDate day, ParseDate(text));
    const YearMonthDay parts = Split(day);
    date->set_year(parts.year);
    date->set_month(parts.month);
    date->set_day(parts.day);
    return OkStatus();
  }
  auto* const timestamp = dynamic_cast<google::protobuf::Timestamp*>(&target);
  MOTCUA_CHECK(timestamp != nullptr, "an option for a kind of field that has none");
  MOTCUA_ASSIGN_OR_RETURN(const ZonedTime time, imports::ParseTimeInZone(text, zone));
  std::int64_t seconds = time.instant.micros / kMicrosPerSecond;
  std::int64_t micros = time.instant.micros % kMicrosPerSecond;
  if (micros < 0) {
    micros += kMicrosPerSecond;
    --seconds;
  }
  timestamp->set_seconds(seconds);
  timestamp->set_nanos(static_cast<std::int32_t>(micros * kNanosPerMicro));
  return OkStatus();
}

Status SetSingle(Message& message, const FieldDescriptor& field, std::string_view text,
                 const imports::TimeZone& zone) {
  const auto& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      reflection.SetString(&message, &field, std::string(text));
      return OkStatus();
    case FieldDescriptor::CPPTYPE_BOOL:
      reflection.SetBool(&message, &field, text == "true");
      return OkStatus();
    case FieldDescriptor::CPPTYPE_UINT32: {
      MOTCUA_ASSIGN_OR_RETURN(const auto number, ParseNumber<std::uint32_t>(text));
      reflection.SetUInt32(&message, &field, number);
      return OkStatus();
    }
    case FieldDescriptor::CPPTYPE_ENUM:
      return SetEnum(message, field, text);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return SetMessage(*reflection.MutableMessage(&message, &field), text, zone);
    default:
      break;
  }
  MOTCUA_CHECK(false, "an option for a kind of field that has none");
}

}  // namespace

Json ToJson(const Message& message) {
  Json object = Json::object();
  const Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    object[field.name()] =
        field.is_repeated() ? RepeatedJson(message, field) : SingleJson(message, field);
  }
  return object;
}

std::string JsonText(const Message& message,
                     const std::vector<std::pair<std::string, std::string>>& more) {
  Json object = ToJson(message);
  for (const auto& [name, text] : more) {
    if (!text.empty()) object[name] = text;
  }
  return object.dump(2);
}

std::string JsonLine(const Message& message) { return ToJson(message).dump(); }

const FieldDescriptor& FieldAt(const Descriptor& type, std::string_view path) {
  const Descriptor* at = &type;
  const FieldDescriptor* field = nullptr;
  for (const std::string_view name : SplitText(path, '.')) {
    MOTCUA_CHECK(at != nullptr, "a path goes on after a plain field");
    field = at->FindFieldByName(std::string(name));
    MOTCUA_CHECK(field != nullptr, "a path names no field of the message");
    at = field->message_type();
  }
  MOTCUA_CHECK(field != nullptr, "a path names at least one field");
  return *field;
}

std::string FieldText(const Message& message, std::string_view path,
                      const imports::TimeZone& zone) {
  const std::size_t dot = path.find('.');
  const FieldDescriptor& field = FieldAt(*message.GetDescriptor(), path.substr(0, dot));
  const auto& reflection = *message.GetReflection();
  if (dot != std::string_view::npos) {
    return FieldText(reflection.GetMessage(message, &field), path.substr(dot + 1), zone);
  }
  if (field.is_repeated()) {
    const Json list = RepeatedJson(message, field);
    return list.empty() ? "" : list.dump();
  }
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_ENUM:
      return Label(*reflection.GetEnum(message, &field));
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.GetBool(message, &field) ? "có" : "";
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return reflection.HasField(message, &field)
                 ? MessageText(reflection.GetMessage(message, &field), zone)
                 : "";
    default:
      return CellOf(SingleJson(message, field));
  }
}

Status SetField(Message& message, std::string_view path, std::string_view text,
                const imports::TimeZone& zone) {
  const std::size_t dot = path.find('.');
  const FieldDescriptor& field = FieldAt(*message.GetDescriptor(), path.substr(0, dot));
  const auto& reflection = *message.GetReflection();
  if (dot != std::string_view::npos) {
    return SetField(*reflection.MutableMessage(&message, &field), path.substr(dot + 1), text, zone);
  }
  if (!field.is_repeated()) return SetSingle(message, field, text, zone);
  MOTCUA_CHECK(field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32, "a list that has no option");
  for (const std::string_view item : SplitText(text, ',')) {
    MOTCUA_ASSIGN_OR_RETURN(const auto number, ParseNumber<std::uint32_t>(Trim(item)));
    reflection.AddUInt32(&message, &field, number);
  }
  return OkStatus();
}

std::string ShortName(const EnumValueDescriptor& value) {
  if (value.number() == 0) return "";
  // STAGE_ of Stage, LEG_STATE_ of LegState: one letter more for each hump but the first.
  std::size_t prefix = 1;
  for (std::size_t i = 0; i < value.type()->name().size(); ++i) {
    const char c = value.type()->name()[i];
    prefix += i > 0 && c >= 'A' && c <= 'Z' ? 2 : 1;
  }
  std::string name = value.name().substr(prefix);
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return name;
}

std::string Choices(const EnumDescriptor& type) {
  std::string choices;
  for (int i = 0; i < type.value_count(); ++i) {
    const std::string name = ShortName(*type.value(i));
    if (name.empty()) continue;
    choices += (choices.empty() ? "" : "|") + name;
  }
  return choices;
}

std::vector<std::string> CsvColumns(const Descriptor& type) {
  std::vector<std::string> columns;
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (!IsNested(field)) {
      columns.push_back(field.name());
      continue;
    }
    for (const std::string& inner : CsvColumns(*field.message_type())) {
      columns.push_back(field.name() + "." + inner);
    }
  }
  return columns;
}

std::vector<std::string> CsvCells(const Message& message) {
  std::vector<std::string> cells;
  const Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (IsNested(field)) {
      for (std::string& inner : CsvCells(message.GetReflection()->GetMessage(message, &field))) {
        cells.push_back(std::move(inner));
      }
    } else {
      cells.push_back(
          CellOf(field.is_repeated() ? RepeatedJson(message, field) : SingleJson(message, field)));
    }
  }
  return cells;
}

}  // namespace motcua::cli
