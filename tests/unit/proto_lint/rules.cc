#include "tests/unit/proto_lint/rules.h"

#include <algorithm>
#include <array>

namespace motcua::proto_lint {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FileDescriptor;

void AddEnum(const EnumDescriptor& added, Elements& elements) {
  elements.enums.push_back(&added);
  for (int i = 0; i < added.value_count(); ++i) elements.values.push_back(added.value(i));
}

void AddMessage(const Descriptor& message, Elements& elements) {
  elements.messages.push_back(&message);
  for (int i = 0; i < message.field_count(); ++i) elements.fields.push_back(message.field(i));
  for (int i = 0; i < message.real_oneof_decl_count(); ++i) {
    elements.oneofs.push_back(message.oneof_decl(i));
  }
  for (int i = 0; i < message.enum_type_count(); ++i) AddEnum(*message.enum_type(i), elements);
  for (int i = 0; i < message.nested_type_count(); ++i) {
    AddMessage(*message.nested_type(i), elements);
  }
}

}  // namespace

const std::vector<Rule>& AllRules() {
  static const std::vector<Rule> kRules = {
      {"Packages", CheckPackages},
      {"ServiceNames", CheckServiceNames},
      {"RequestNames", CheckRequestNames},
      {"MessageNames", CheckMessageNames},
      {"FieldNames", CheckFieldNames},
      {"EnumNames", CheckEnumNames},
      {"EnumZero", CheckEnumZero},
      {"Comments", CheckComments},
      {"RequestIds", CheckRequestIds},
      {"ExpectedVersions", CheckExpectedVersions},
      {"Paging", CheckPaging},
      {"Times", CheckTimes},
      {"Types", CheckTypes},
      {"Reads", CheckReads},
      {"Positions", CheckPositions},
      {"PersonalData", CheckPersonalData},
  };
  return kRules;
}

std::string FormatFinding(const Finding& finding) {
  const std::string place = "proto/" + finding.file;
  return (finding.line == 0 ? place : place + ":" + std::to_string(finding.line)) + ": " +
         finding.message;
}

Elements ElementsOf(const FileDescriptor& file) {
  Elements elements;
  for (int i = 0; i < file.service_count(); ++i) {
    elements.services.push_back(file.service(i));
    for (int k = 0; k < file.service(i)->method_count(); ++k) {
      elements.methods.push_back(file.service(i)->method(k));
    }
  }
  for (int i = 0; i < file.enum_type_count(); ++i) AddEnum(*file.enum_type(i), elements);
  for (int i = 0; i < file.message_type_count(); ++i) AddMessage(*file.message_type(i), elements);
  return elements;
}

bool IsRead(const google::protobuf::MethodDescriptor& method) {
  static constexpr std::array<std::string_view, 5> kReads = {"Get", "List", "Watch", "Compute",
                                                             "Download"};
  return std::any_of(kReads.begin(), kReads.end(), [&](std::string_view prefix) {
    return std::string_view(method.name()).starts_with(prefix);
  });
}

}  // namespace motcua::proto_lint
