#include "services/cli/from_json.h"

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>

namespace motcua::cli {
namespace {

using Value = nlohmann::json;

std::string Under(const std::string& path, const std::string& name) {
  return path.empty() ? name : path + "." + name;
}

class JsonReader {
 public:
  explicit JsonReader(const imports::TimeZone& zone) : zone_(zone) {}

  Status Object(const Value& value, Message& message, const std::string& path) const {
    if (!value.is_object()) return FieldError(path, "must be an object");
    for (const auto& [name, inner] : value.items()) {
      const FieldDescriptor* const field = message.GetDescriptor()->FindFieldByName(name);
      const std::string at = Under(path, name);
      // A name that is none is the file's, not a value.
      if (field == nullptr) return FieldError(at, "is no field");
      if (inner.is_null()) continue;
      MOTCUA_RETURN_IF_ERROR(field->is_repeated() ? List(inner, message, *field, at)
                                                  : Single(inner, message, *field, at));
    }
    return OkStatus();
  }

 private:
  Status List(const Value& value, Message& message, const FieldDescriptor& field,
              const std::string& path) const {
    if (!value.is_array()) return FieldError(path, "must be a list");
    const auto& reflection = *message.GetReflection();
    for (std::size_t i = 0; i < value.size(); ++i) {
      const std::string at = path + "[" + std::to_string(i) + "]";
      if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        MOTCUA_RETURN_IF_ERROR(Object(value[i], *reflection.AddMessage(&message, &field), at));
      } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING && value[i].is_string()) {
        reflection.AddString(&message, &field, value[i].get<std::string>());
      } else {
        return FieldError(at, "must be a text");
      }
    }
    return OkStatus();
  }

  Status Single(const Value& value, Message& message, const FieldDescriptor& field,
                const std::string& path) const {
    const auto& reflection = *message.GetReflection();
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_INT32) {
      if (!value.is_number_integer()) return FieldError(path, "must be a whole number");
      const auto number = value.get<std::int64_t>();
      if (number < std::numeric_limits<std::int32_t>::min() ||
          number > std::numeric_limits<std::int32_t>::max()) {
        return FieldError(path, "does not fit");
      }
      reflection.SetInt32(&message, &field, static_cast<std::int32_t>(number));
      return OkStatus();
    }
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && value.is_object()) {
      return Object(value, *reflection.MutableMessage(&message, &field), path);
    }
    const bool is_text = value.is_string();
    const bool is_number =
        value.is_number_unsigned() && field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32;
    const bool is_flag = value.is_boolean() && field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL;
    if (!is_text && !is_number && !is_flag) return FieldError(path, "is of another kind");
    const std::string text = is_text ? value.get<std::string>() : value.dump();
    const Status set = SetField(message, field.name(), text, zone_);
    return set.ok() ? set : FieldError(path, "is not what is expected here");
  }

  const imports::TimeZone& zone_;
};

}  // namespace

Status FromJson(std::string_view json, Message& message, const imports::TimeZone& zone) {
  const Value value = Value::parse(json, nullptr, /*allow_exceptions=*/false);
  if (value.is_discarded()) return FieldError("file", "is no JSON");
  return JsonReader(zone).Object(value, message, "");
}

}  // namespace motcua::cli
