#include "tests/unit/proto_lint/wire.h"

#include <algorithm>
#include <set>

#include "tests/unit/proto_lint/rules.h"

namespace motcua::proto_lint {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;

std::string TypeOf(const FieldDescriptor& field) {
  if (field.type() == FieldDescriptor::TYPE_MESSAGE) return field.message_type()->full_name();
  if (field.type() == FieldDescriptor::TYPE_ENUM) return field.enum_type()->full_name();
  return field.type_name();
}

std::string FieldLine(const FieldDescriptor& field) {
  std::string line = field.full_name() + " = " + std::to_string(field.number()) + " ";
  if (field.is_repeated()) line += "repeated ";
  if (field.has_optional_keyword()) line += "optional ";
  line += TypeOf(field);
  if (field.real_containing_oneof() != nullptr) {
    line += " oneof " + field.real_containing_oneof()->name();
  }
  return line;
}

std::string ReservedLine(const std::string& name, int number) {
  return name + " reserved " + std::to_string(number);
}

void AddReserved(const Descriptor& message, std::vector<std::string>& lines) {
  for (int i = 0; i < message.reserved_range_count(); ++i) {
    const auto* const range = message.reserved_range(i);
    for (int number = range->start; number < range->end; ++number) {
      lines.push_back(ReservedLine(message.full_name(), number));
    }
  }
}

void AddReserved(const EnumDescriptor& described, std::vector<std::string>& lines) {
  for (int i = 0; i < described.reserved_range_count(); ++i) {
    const auto* const range = described.reserved_range(i);
    for (int number = range->start; number <= range->end; ++number) {
      lines.push_back(ReservedLine(described.full_name(), number));
    }
  }
}

// "a.B reserved 3" for the line "a.B.c = 3 int32"; empty for an rpc's line.
std::string ReservationFor(const std::string& line) {
  const std::size_t equals = line.find(" = ");
  const std::size_t dot = line.rfind('.', equals);
  if (equals == std::string::npos || dot == std::string::npos) return "";
  const std::size_t number = equals + 3;
  const std::size_t end = line.find_first_not_of("0123456789", number);
  if (end == number) return "";
  return line.substr(0, dot) + " reserved " + line.substr(number, end - number);
}

}  // namespace

std::vector<std::string> WireLines(const std::vector<const FileDescriptor*>& files) {
  std::vector<std::string> lines;
  for (const FileDescriptor* const file : files) {
    const Elements elements = ElementsOf(*file);
    for (const auto* const method : elements.methods) {
      lines.push_back(method->full_name() + " = " + method->input_type()->full_name() +
                      " returns " + (method->server_streaming() ? "stream " : "") +
                      method->output_type()->full_name());
    }
    for (const auto* const message : elements.messages) AddReserved(*message, lines);
    for (const auto* const field : elements.fields) lines.push_back(FieldLine(*field));
    for (const auto* const described : elements.enums) AddReserved(*described, lines);
    for (const auto* const value : elements.values) {
      lines.push_back(value->type()->full_name() + "." + value->name() + " = " +
                      std::to_string(value->number()));
    }
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

WireDifference CompareWire(const std::vector<std::string>& frozen,
                           const std::vector<std::string>& present) {
  const std::set<std::string> frozen_set(frozen.begin(), frozen.end());
  const std::set<std::string> present_set(present.begin(), present.end());
  WireDifference difference;
  for (const std::string& line : frozen_set) {
    if (present_set.contains(line) || present_set.contains(ReservationFor(line))) continue;
    difference.broken.push_back(line);
  }
  for (const std::string& line : present_set) {
    if (!frozen_set.contains(line)) difference.added.push_back(line);
  }
  return difference;
}

}  // namespace motcua::proto_lint
