#include "services/admin/ocel_text.h"

#include <google/protobuf/descriptor.h>

#include "motcua/events/v1/case_event.pb.h"
#include "services/base/text.h"
#include "services/base/time.h"

namespace motcua::admin {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD
constexpr std::string_view kResource = "resource";
constexpr std::string_view kVersion = "version";
constexpr unsigned char kControlEnd = 0x20;
constexpr unsigned char kAsciiEnd = 0x80;

// Appended as text: a tree of JSON values for each event takes ten times as long.
void AppendText(std::string_view text, std::string& out) {
  const bool is_utf8 = IsUtf8(text);
  out.push_back('"');
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (byte < kControlEnd) {
      constexpr std::string_view kDigits = "0123456789abcdef";
      out.append("\\u00").append(1, kDigits[byte >> 4U]).append(1, kDigits[byte & 0xfU]);
    } else if (byte >= kAsciiEnd && !is_utf8) {
      out.append(kReplacement);
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
}

// {"name":"text"; the brace stays open.
void Open(std::string_view name, std::string_view text, std::string& out) {
  out.append("{\"").append(name).append("\":");
  AppendText(text, out);
}
// ,"name":"text"
void AddField(std::string_view name, std::string_view text, std::string& out) {
  out.append(",\"").append(name).append("\":");
  AppendText(text, out);
}

// Puts commas between what is appended.
class Comma {
 public:
  void Add(std::string& out) {
    if (!first_) out.push_back(',');
    first_ = false;
  }

 private:
  bool first_ = true;
};

std::string_view TypeName(AttributeType type) {
  switch (type) {
    case AttributeType::kString:
      return "string";
    case AttributeType::kInteger:
      return "integer";
    case AttributeType::kBoolean:
      return "boolean";
    case AttributeType::kTime:
      return "time";
  }
  return "string";
}

void AddDeclarations(const std::vector<AttributeDeclaration>& declared, std::string& out) {
  out += ",\"attributes\":[";
  Comma comma;
  for (const AttributeDeclaration& one : declared) {
    comma.Add(out);
    Open("name", one.name, out);
    AddField("type", TypeName(one.type), out);
    out.push_back('}');
  }
  out += "]}";
}

void AddValue(const AttributeValue& value, std::string& out) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    out.append(",\"value\":").append(std::to_string(*number));
  } else if (const auto* truth = std::get_if<bool>(&value)) {
    out.append(",\"value\":").append(*truth ? "true" : "false");
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    AddField("value", *text, out);
  } else {
    AddField("value", FormatZonedTime(std::get<ZonedTime>(value)), out);
  }
  out.push_back('}');
}

void AddRelations(const std::vector<Relation>& relations, std::string& out) {
  out += ",\"relationships\":[";
  Comma comma;
  for (const Relation& relation : relations) {
    comma.Add(out);
    Open("objectId", relation.object, out);
    AddField("qualifier", relation.qualifier, out);
    out.push_back('}');
  }
  out.push_back(']');
}

// What every event has beside its payload's own fields.
const std::vector<AttributeDeclaration>& CommonDeclarations() {
  static const std::vector<AttributeDeclaration> kCommon = {
      {std::string(kResource), AttributeType::kString},
      {std::string(kVersion), AttributeType::kInteger}};
  return kCommon;
}

// An event's own field under a name that no common attribute has: a correction says which version
// it takes back.
std::string NameOf(const std::string& field) { return field == kVersion ? "taken_back" : field; }

std::vector<AttributeDeclaration> DeclarationsOf(const std::string& payload) {
  std::vector<AttributeDeclaration> declared = CommonDeclarations();
  const auto* field = events::v1::CaseEvent::descriptor()->FindFieldByName(payload);
  // A moment as an older register recorded it has the fields of the event that brought it.
  const auto add = [&](const google::protobuf::FieldDescriptor* of) {
    if (of == nullptr || of->message_type() == nullptr) return;
    for (AttributeDeclaration& one : DeclaredAttributes(*of->message_type())) {
      one.name = NameOf(one.name);
      bool known = false;
      for (const AttributeDeclaration& earlier : declared)
        known = known || earlier.name == one.name;
      if (!known) declared.push_back(std::move(one));
    }
  };
  if (field != nullptr) {
    add(field);
  } else if (!payload.empty()) {
    add(events::v1::CaseEvent::descriptor()->FindFieldByName("dossier_imported"));
    add(events::v1::CaseEvent::descriptor()->FindFieldByName("record_updated"));
  }
  return declared;
}

}  // namespace

std::string OcelTypesJson(const OcelTypes& types) {
  std::string out = "\"objectTypes\": [";
  Comma comma;
  for (const ObjectType& type : ObjectTypes()) {
    if (!types.objects.contains(type.name)) continue;
    comma.Add(out);
    Open("name", type.name, out);
    AddDeclarations(type.attributes, out);
  }
  out += "],\n\"eventTypes\": [";
  Comma between;
  for (const auto& [activity, payload] : types.events) {
    between.Add(out);
    Open("name", activity, out);
    AddDeclarations(DeclarationsOf(payload), out);
  }
  return out + "]";
}

std::string OcelEventJson(const Moment& moment) {
  std::string out;
  Open("id", moment.id, out);
  AddField("type", moment.activity, out);
  AddField("time", FormatZonedTime(moment.time), out);
  out += ",\"attributes\":[";
  Open("name", kResource, out);
  AddValue(moment.actor.value(), out);
  out.push_back(',');
  Open("name", kVersion, out);
  AddValue(std::int64_t{moment.version}, out);
  for (const Attribute& attribute : moment.attributes) {
    out.push_back(',');
    Open("name", NameOf(attribute.name), out);
    AddValue(attribute.value, out);
  }
  out.push_back(']');
  AddRelations(moment.relations, out);
  return out + "}";
}

std::string OcelObjectJson(const CaseObject& object) {
  std::string out;
  Open("id", object.id, out);
  AddField("type", object.type, out);
  out += ",\"attributes\":[";
  Comma comma;
  for (const TimedAttribute& value : object.attributes) {
    comma.Add(out);
    Open("name", value.attribute.name, out);
    AddField("time", FormatZonedTime(value.from), out);
    AddValue(value.attribute.value, out);
  }
  out.push_back(']');
  AddRelations(object.relations, out);
  return out + "}";
}

}  // namespace motcua::admin
