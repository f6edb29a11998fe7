// What an event of the log says to a process miner: the activity, and the payload's fields as typed
// attributes. Both come from the contract (case_event.proto) by reflection: an event or a field
// that the contract gains is exported without a line here.
//
//   message        dossier_received { procedure: "1.000893" channel: DIRECT clock { due: … } }
//   activity       "Dossier received" (vi: "Tiếp nhận hồ sơ")
//   attributes     procedure="1.000893"  channel="direct" (vi: "Trực tiếp")  clock_due=2020-…+07:00
//
// Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "services/base/time.h"

namespace google::protobuf {
class Descriptor;
class Message;
}  // namespace google::protobuf

namespace motcua::events::v1 {
class CaseEvent;
}  // namespace motcua::events::v1

namespace motcua::admin {

// Of activities and of values of code lists; names of attributes are English always.
enum class ExportLanguage : std::uint8_t { kEnglish, kVietnamese };

using AttributeValue = std::variant<std::string, std::int64_t, bool, ZonedTime>;
struct Attribute {
  std::string name;
  AttributeValue value;
  friend bool operator==(const Attribute&, const Attribute&) = default;
};
enum class AttributeType : std::uint8_t { kString, kInteger, kBoolean, kTime };
struct AttributeDeclaration {
  std::string name;
  AttributeType type = AttributeType::kString;
  friend bool operator==(const AttributeDeclaration&, const AttributeDeclaration&) = default;
};
AttributeType TypeOf(const AttributeValue& value);

struct Activity {
  std::string name;
  std::vector<Attribute> attributes;
};

// Of an event whose payload this program does not know.
std::string UnknownActivityName(ExportLanguage language);

// `event` is of the zone `offset`, in which instants without an offset are told. What is absent, an
// empty text and a number that is 0 (which the contract has for "none") are no attributes.
Activity ActivityOf(const events::v1::CaseEvent& event, UtcOffset offset, ExportLanguage language);
// The attributes that an event can have whose payload is a message of this type.
std::vector<AttributeDeclaration> DeclaredAttributes(const google::protobuf::Descriptor& payload);

}  // namespace motcua::admin
