// Lint of the public contract: buf's STANDARD naming, AIP semantics, no personal data in events.
//
// A rule reads one file as protobuf understands it (with source info, so that comments and lines
// are known). To add one: write it in names or semantics, give it a row in rules.cc and a planted
// example in proto_self_test.cc.
#pragma once

#include <google/protobuf/descriptor.h>

#include <string>
#include <string_view>
#include <vector>

namespace motcua::proto_lint {

struct Finding {
  std::string file;
  int line = 0;         // from 1; 0 = the file as a whole
  std::string message;  // which element, what is wrong, what to write instead
};
using Findings = std::vector<Finding>;

struct Rule {
  std::string_view name;  // CamelCase; the name of its test
  Findings (*check)(const google::protobuf::FileDescriptor& file);
};
const std::vector<Rule>& AllRules();

// "file:line: message", for editors.
std::string FormatFinding(const Finding& finding);

// Everything that a file declares, in its order, nested elements after what holds them.
struct Elements {
  std::vector<const google::protobuf::ServiceDescriptor*> services;
  std::vector<const google::protobuf::MethodDescriptor*> methods;
  std::vector<const google::protobuf::Descriptor*> messages;
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  std::vector<const google::protobuf::OneofDescriptor*> oneofs;
  std::vector<const google::protobuf::EnumDescriptor*> enums;
  std::vector<const google::protobuf::EnumValueDescriptor*> values;
};
Elements ElementsOf(const google::protobuf::FileDescriptor& file);

// Makes a finding about `element`, which knows its name and its place.
template <typename Element>
Finding MakeFinding(const Element& element, const google::protobuf::FileDescriptor& file,
                    std::string_view message) {
  google::protobuf::SourceLocation place;
  const bool known = element.GetSourceLocation(&place);
  return {file.name(), known ? place.start_line + 1 : 0,
          element.full_name() + ": " + std::string(message)};
}

// Whether a call only reads: Get, List, Watch or Compute.
bool IsRead(const google::protobuf::MethodDescriptor& method);

// rules_names.cc
Findings CheckPackages(const google::protobuf::FileDescriptor& file);
Findings CheckServiceNames(const google::protobuf::FileDescriptor& file);
Findings CheckRequestNames(const google::protobuf::FileDescriptor& file);
Findings CheckMessageNames(const google::protobuf::FileDescriptor& file);
Findings CheckFieldNames(const google::protobuf::FileDescriptor& file);
Findings CheckEnumNames(const google::protobuf::FileDescriptor& file);
Findings CheckEnumZero(const google::protobuf::FileDescriptor& file);
Findings CheckComments(const google::protobuf::FileDescriptor& file);

// rules_semantics.cc
Findings CheckRequestIds(const google::protobuf::FileDescriptor& file);
Findings CheckExpectedVersions(const google::protobuf::FileDescriptor& file);
Findings CheckPaging(const google::protobuf::FileDescriptor& file);
Findings CheckTimes(const google::protobuf::FileDescriptor& file);
Findings CheckTypes(const google::protobuf::FileDescriptor& file);
Findings CheckReads(const google::protobuf::FileDescriptor& file);
Findings CheckPositions(const google::protobuf::FileDescriptor& file);
Findings CheckPersonalData(const google::protobuf::FileDescriptor& file);

}  // namespace motcua::proto_lint
