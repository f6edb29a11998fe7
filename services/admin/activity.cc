#include "services/admin/activity.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <optional>

#include "motcua/common/v1/common.pb.h"
#include "motcua/common/v1/options.pb.h"
#include "motcua/events/v1/case_event.pb.h"
#include "services/base/check.h"
#include "services/cli/fields.h"
#include "services/domain/cases/events.h"

namespace motcua::admin {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr std::string_view kMicrosSuffix = "_unix_micros";
constexpr std::string_view kUnknownEnglish = "Event of a newer program";

// "Dossier received" for dossier_received.
std::string Sentence(std::string_view name) {
  std::string text(name);
  std::replace(text.begin(), text.end(), '_', ' ');
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') {
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  }
  return text;
}

// Of a payload's field in CaseEvent.
std::string ActivityName(const FieldDescriptor& payload, ExportLanguage language) {
  const std::string& vietnamese = payload.options().GetExtension(common::v1::event_vi);
  const bool english = language == ExportLanguage::kEnglish || vietnamese.empty();
  return english ? Sentence(payload.name()) : vietnamese;
}

bool IsTime(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
         field.message_type() == common::v1::ZonedTime::descriptor();
}
bool IsMicros(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_INT64 &&
         std::string_view(field.name()).ends_with(kMicrosSuffix);
}

std::string NameOf(const FieldDescriptor& field, std::string_view prefix) {
  std::string_view name = field.name();
  if (IsMicros(field)) name.remove_suffix(kMicrosSuffix.size());
  return std::string(prefix) + std::string(name);
}

AttributeType TypeOf(const FieldDescriptor& field) {
  if (field.is_repeated()) {
    return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE ? AttributeType::kInteger
                                                                : AttributeType::kString;
  }
  if (IsTime(field) || IsMicros(field)) return AttributeType::kTime;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return AttributeType::kBoolean;
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_UINT64:
      return AttributeType::kInteger;
    default:  // protobuf's types, not ours
      return AttributeType::kString;
  }
}

// Walks the fields of one event; messages inside are told by their own fields.
class Walk {
 public:
  Walk(UtcOffset offset, ExportLanguage language) : offset_(offset), language_(language) {}

  void Add(const Message& message, const std::string& prefix) {
    const Descriptor& type = *message.GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field.is_repeated() &&
          !IsTime(field)) {
        if (message.GetReflection()->HasField(message, &field)) {
          Add(message.GetReflection()->GetMessage(message, &field), NameOf(field, prefix) + "_");
        }
        continue;
      }
      std::optional<AttributeValue> value =
          field.is_repeated() ? List(message, field) : Single(message, field);
      if (value) attributes_.push_back({NameOf(field, prefix), std::move(*value)});
    }
  }

  std::vector<Attribute> Take() { return std::move(attributes_); }

 private:
  // Of messages how many there are, else the values with commas.
  static std::optional<AttributeValue> List(const Message& message, const FieldDescriptor& field) {
    const auto& reflection = *message.GetReflection();
    const int size = reflection.FieldSize(message, &field);
    if (size == 0) return std::nullopt;
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) return std::int64_t{size};
    std::string text;
    for (int i = 0; i < size; ++i) {
      if (i > 0) text += ",";
      text += field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32
                  ? std::to_string(reflection.GetRepeatedUInt32(message, &field, i))
                  : reflection.GetRepeatedString(message, &field, i);
    }
    return text;
  }

  std::optional<AttributeValue> Single(const Message& message, const FieldDescriptor& field) const {
    const auto& reflection = *message.GetReflection();
    if (IsTime(field)) {
      if (!reflection.HasField(message, &field)) return std::nullopt;
      const auto& time =
          dynamic_cast<const common::v1::ZonedTime&>(reflection.GetMessage(message, &field));
      return ZonedTime{Instant{time.unix_micros()},
                       UtcOffset{static_cast<std::int16_t>(time.utc_offset_minutes())}};
    }
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_BOOL:
        return reflection.GetBool(message, &field);
      case FieldDescriptor::CPPTYPE_INT32:
        return Number(reflection.GetInt32(message, &field));
      case FieldDescriptor::CPPTYPE_UINT32:
        return Number(reflection.GetUInt32(message, &field));
      case FieldDescriptor::CPPTYPE_UINT64:
        return Number(static_cast<std::int64_t>(reflection.GetUInt64(message, &field)));
      case FieldDescriptor::CPPTYPE_INT64: {
        const std::int64_t number = reflection.GetInt64(message, &field);
        if (IsMicros(field) && number != 0) return ZonedTime{Instant{number}, offset_};
        return Number(number);
      }
      case FieldDescriptor::CPPTYPE_ENUM: {
        const auto& value = *reflection.GetEnum(message, &field);
        if (cli::ShortName(value).empty()) return std::nullopt;
        return language_ == ExportLanguage::kVietnamese ? cli::Label(value) : cli::ShortName(value);
      }
      default: {
        std::string text = reflection.GetString(message, &field);
        if (text.empty()) return std::nullopt;
        return text;
      }
    }
  }

  static std::optional<AttributeValue> Number(std::int64_t number) {
    if (number == 0) return std::nullopt;
    return number;
  }

  const UtcOffset offset_;
  const ExportLanguage language_;
  std::vector<Attribute> attributes_;
};

void Declare(const Descriptor& type, const std::string& prefix,
             std::vector<AttributeDeclaration>& declared) {
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field.is_repeated() &&
        !IsTime(field)) {
      Declare(*field.message_type(), NameOf(field, prefix) + "_", declared);
    } else {
      declared.push_back({NameOf(field, prefix), TypeOf(field)});
    }
  }
}

}  // namespace

AttributeType TypeOf(const AttributeValue& value) {
  if (std::holds_alternative<std::int64_t>(value)) return AttributeType::kInteger;
  if (std::holds_alternative<bool>(value)) return AttributeType::kBoolean;
  if (std::holds_alternative<ZonedTime>(value)) return AttributeType::kTime;
  return AttributeType::kString;
}

std::string UnknownActivityName(ExportLanguage language) {
  return std::string(language == ExportLanguage::kVietnamese
                         ? cases::kPayloadLabel<cases::UnknownPayload>
                         : kUnknownEnglish);
}

Activity ActivityOf(const events::v1::CaseEvent& event, UtcOffset offset, ExportLanguage language) {
  const auto& payloads = *events::v1::CaseEvent::descriptor()->FindOneofByName("payload");
  const FieldDescriptor* const field =
      event.GetReflection()->GetOneofFieldDescriptor(event, &payloads);
  if (field == nullptr) return {UnknownActivityName(language), {}};
  Walk walk(offset, language);
  walk.Add(event.GetReflection()->GetMessage(event, field), "");
  return {ActivityName(*field, language), walk.Take()};
}

std::vector<AttributeDeclaration> DeclaredAttributes(const Descriptor& payload) {
  std::vector<AttributeDeclaration> declared;
  Declare(payload, "", declared);
  return declared;
}

}  // namespace motcua::admin
