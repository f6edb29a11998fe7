#include "services/admin/ocel_text.h"

#include <google/protobuf/descriptor.h>

#include <nlohmann/json.hpp>

#include "motcua/events/v1/case_event.pb.h"
#include "services/base/time.h"

namespace motcua::admin {
namespace {

using Json = nlohmann::ordered_json;

// Bytes that are no UTF-8 become U+FFFD rather than an exception.
std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

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

Json Declarations(const std::vector<AttributeDeclaration>& declared) {
  Json list = Json::array();
  for (const AttributeDeclaration& one : declared) {
    list.push_back({{"name", one.name}, {"type", TypeName(one.type)}});
  }
  return list;
}

Json ValueOf(const AttributeValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
  if (const auto* truth = std::get_if<bool>(&value)) return *truth;
  return FormatZonedTime(std::get<ZonedTime>(value));
}

Json RelationsJson(const std::vector<Relation>& relations) {
  Json list = Json::array();
  for (const Relation& relation : relations) {
    list.push_back({{"objectId", relation.object}, {"qualifier", relation.qualifier}});
  }
  return list;
}

// What every event has beside its payload's own fields.
const std::vector<AttributeDeclaration>& CommonDeclarations() {
  static const std::vector<AttributeDeclaration> kCommon = {{"resource", AttributeType::kString},
                                                            {"version", AttributeType::kInteger}};
  return kCommon;
}

std::vector<AttributeDeclaration> DeclarationsOf(const std::string& payload) {
  std::vector<AttributeDeclaration> declared = CommonDeclarations();
  const auto* field = events::v1::CaseEvent::descriptor()->FindFieldByName(payload);
  // A moment as an older register recorded it has the fields of the event that brought it.
  const auto add = [&](const google::protobuf::FieldDescriptor* of) {
    if (of == nullptr || of->message_type() == nullptr) return;
    for (AttributeDeclaration& one : DeclaredAttributes(*of->message_type())) {
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
  Json objects = Json::array();
  for (const ObjectType& type : ObjectTypes()) {
    if (!types.objects.contains(type.name)) continue;
    objects.push_back({{"name", type.name}, {"attributes", Declarations(type.attributes)}});
  }
  Json events = Json::array();
  for (const auto& [activity, payload] : types.events) {
    events.push_back({{"name", activity}, {"attributes", Declarations(DeclarationsOf(payload))}});
  }
  return "\"objectTypes\": " + Dump(objects) + ",\n\"eventTypes\": " + Dump(events);
}

std::string OcelEventJson(const Moment& moment) {
  Json attributes = Json::array();
  attributes.push_back({{"name", "resource"}, {"value", moment.actor.value()}});
  attributes.push_back({{"name", "version"}, {"value", moment.version}});
  for (const Attribute& attribute : moment.attributes) {
    attributes.push_back({{"name", attribute.name}, {"value", ValueOf(attribute.value)}});
  }
  return Dump({{"id", moment.id},
               {"type", moment.activity},
               {"time", FormatZonedTime(moment.time)},
               {"attributes", std::move(attributes)},
               {"relationships", RelationsJson(moment.relations)}});
}

std::string OcelObjectJson(const CaseObject& object) {
  Json attributes = Json::array();
  for (const TimedAttribute& value : object.attributes) {
    attributes.push_back({{"name", value.attribute.name},
                          {"time", FormatZonedTime(value.from)},
                          {"value", ValueOf(value.attribute.value)}});
  }
  return Dump({{"id", object.id},
               {"type", object.type},
               {"attributes", std::move(attributes)},
               {"relationships", RelationsJson(object.relations)}});
}

}  // namespace motcua::admin
