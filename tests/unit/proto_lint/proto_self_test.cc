// Goal: no rule of proto_lint_test can never fail, and the wire listing notices every change.
// Method: for each rule a planted file that breaks it, built by hand as a descriptor; for the wire
// a
//         frozen and a present list of lines for each kind of change.
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "tests/unit/proto_lint/rules.h"
#include "tests/unit/proto_lint/wire.h"

namespace motcua::proto_lint {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;
using google::protobuf::FileDescriptorProto;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// What planted files import; the names that the rules know.
constexpr const char* kCommon = R"(
  name: "motcua/common/v1/common.proto" package: "motcua.common.v1" syntax: "proto3"
  message_type { name: "Date" } message_type { name: "RequestContext" })";
constexpr const char* kTimestamp = R"(
  name: "google/protobuf/timestamp.proto" package: "google.protobuf" syntax: "proto3"
  message_type { name: "Timestamp" })";

FileDescriptorProto Parse(const std::string& text) {
  FileDescriptorProto file;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &file)) << text;
  return file;
}

// A file of package motcua.a.v1 unless `text` says otherwise; kept with its pool.
struct Built {
  std::unique_ptr<DescriptorPool> pool = std::make_unique<DescriptorPool>();
  const FileDescriptor* file = nullptr;
};
Built Build(const std::string& text) {
  Built built;
  EXPECT_NE(built.pool->BuildFile(Parse(kCommon)), nullptr);
  EXPECT_NE(built.pool->BuildFile(Parse(kTimestamp)), nullptr);
  FileDescriptorProto file = Parse(text);
  if (!file.has_name()) file.set_name("motcua/a/v1/a.proto");
  if (!file.has_package()) file.set_package("motcua.a.v1");
  file.set_syntax("proto3");
  file.add_dependency("motcua/common/v1/common.proto");
  file.add_dependency("google/protobuf/timestamp.proto");
  built.file = built.pool->BuildFile(file);
  return built;
}

struct Planted {
  std::string_view rule;
  std::string text;
  std::string_view message;  // part of the only finding
};

// A service with one call `name`, its request with `fields`, its response with `answer`.
std::string Call(const std::string& name, const std::string& fields,
                 const std::string& answer = "") {
  return "message_type { name: '" + name + "Request' " + fields + " } message_type { name: '" +
         name + "Response' " + answer + " } service { name: 'AService' method { name: '" + name +
         "' input_type: '.motcua.a.v1." + name + "Request' output_type: '.motcua.a.v1." + name +
         "Response' } }";
}
std::string Field(const std::string& name, int number, const std::string& type) {
  return " field { name: '" + name + "' number: " + std::to_string(number) +
         " label: LABEL_OPTIONAL " + type + " }";
}
const std::string kString = "type: TYPE_STRING";
const std::string kUint32 = "type: TYPE_UINT32";
const std::string kInt32 = "type: TYPE_INT32";
const std::string kContext = "type: TYPE_MESSAGE type_name: '.motcua.common.v1.RequestContext'";
const std::string kTime = "type: TYPE_MESSAGE type_name: '.google.protobuf.Timestamp'";
const std::string kDate = "type: TYPE_MESSAGE type_name: '.motcua.common.v1.Date'";

std::string Message(const std::string& fields) {
  return "message_type { name: 'M' " + fields + "}";
}
std::string Enum(const std::string& zero, const std::string& one) {
  return "enum_type { name: 'LegState' value { name: '" + zero + "' number: 0 } value { name: '" +
         one + "' number: 1 } }";
}

const std::string kMap = R"(
  message_type {
    name: "M"
    field { name: "words" number: 1 label: LABEL_REPEATED type: TYPE_MESSAGE
            type_name: ".motcua.a.v1.M.WordsEntry" }
    nested_type {
      name: "WordsEntry" options { map_entry: true }
      field { name: "key" number: 1 label: LABEL_OPTIONAL type: TYPE_STRING }
      field { name: "value" number: 2 label: LABEL_OPTIONAL type: TYPE_STRING }
    }
  })";
const std::string kShared = R"(
  message_type { name: "GetARequest" } message_type { name: "GetAResponse" }
  service { name: "AService" method { name: "GetA" input_type: ".motcua.a.v1.GetARequest"
                                      output_type: ".motcua.a.v1.GetAResponse" } }
  service { name: "BService" method { name: "GetA" input_type: ".motcua.a.v1.GetARequest"
                                      output_type: ".motcua.a.v1.GetARequest" } })";
const std::string kEvents = "name: 'motcua/events/v1/a.proto' package: 'motcua.events.v1' ";

std::vector<Planted> PlantedNames() {
  return {
      {"Packages", "package: 'motcua.b.v1'", "put the file into motcua/b/v1/"},
      {"Packages", "name: 'motcua/a/a.proto' package: 'motcua.a'", "motcua.<name>.v1"},
      {"ServiceNames", "service { name: 'Counter' }", "<Name>Service"},
      {"ServiceNames", Call("get_it", ""), "CamelCase"},
      {"RequestNames",
       "message_type { name: 'A' } message_type { name: 'GetAResponse' } service { name: "
       "'AService' method { name: 'GetA' input_type: '.motcua.a.v1.A' output_type: "
       "'.motcua.a.v1.GetAResponse' } }",
       "give it a GetARequest of its own"},
      {"MessageNames", "message_type { name: 'leg_task' }", "CamelCase"},
      {"FieldNames", Message(Field("dueTime", 1, kString)), "lower_snake_case"},
      {"FieldNames", Message(Field("due_", 1, kString)), "lower_snake_case"},
      {"EnumNames", Enum("LEG_STATE_UNSPECIFIED", "SENT"), "begin with LEG_STATE_"},
      {"EnumNames", Enum("LEG_STATE_UNSPECIFIED", "LEG_STATE_Sent"), "UPPER_SNAKE_CASE"},
      {"EnumZero", Enum("LEG_STATE_NONE", "LEG_STATE_SENT"), "LEG_STATE_UNSPECIFIED"},
      {"Comments", "message_type { name: 'M' }", "has no comment"},
      {"Comments", "service { name: 'AService' }", "has no comment"},
  };
}

std::vector<Planted> PlantedSemantics() {
  const std::string context = Field("context", 1, kContext);
  const std::string pages = Field("page_size", 1, kInt32) + Field("page_token", 2, kString);
  return {
      {"RequestIds", Call("CloseIt", Field("dossier", 1, kString)), "RequestContext context"},
      {"RequestIds", Call("CloseIt", Field("context", 2, kContext)), "field 1"},
      {"ExpectedVersions", Call("CloseIt", context + Field("dossier", 2, kString)), "dossier"},
      {"ExpectedVersions",
       Call("CloseIt",
            context + Field("dossier", 2, kString) + Field("expected_version", 3, kString)),
       "uint32 expected_version"},
      {"Paging", Call("ListThem", ""), "next_page_token"},
      {"Paging", Call("ListThem", pages), "next_page_token"},
      {"Paging", Call("GetThem", "", Field("next_page_token", 1, kString)), "page_size"},
      {"Times", Message(Field("due_time", 1, kString)), "google.protobuf.Timestamp"},
      {"Times", Message(Field("due_date", 1, kTime + "")), "motcua.common.v1.Date"},
      {"Types", kMap, "sorted by key"},
      {"Types", Message(Field("rate", 1, "type: TYPE_DOUBLE")), "integer"},
      {"Types", Message(Field("rate", 1, "type: TYPE_FLOAT")), "integer"},
      {"Reads", Call("GetIt", context), "remove context"},
      {"Reads", Call("WatchIt", ""), "stream"},
      {"Positions", Call("GetIt", ""), "ReadOptions read"},
      {"Positions", Call("GetIt", ""), "Position position"},
      {"Positions", Call("ChangeIt", context), "Position position"},
      {"PersonalData", kEvents + Message(Field("citizen_name", 1, kString)), "party reference"},
      {"PersonalData", kEvents + Message(Field("phone", 1, kString)), "party reference"},
      {"PersonalData", kEvents + Message(Field("email_address", 1, kString)), "party reference"},
  };
}

std::vector<Planted> AllPlanted() {
  std::vector<Planted> all = PlantedNames();
  for (Planted& planted : PlantedSemantics()) all.push_back(std::move(planted));
  return all;
}

Findings CheckOne(std::string_view rule, const std::string& text) {
  const Built built = Build(text);
  EXPECT_NE(built.file, nullptr) << text;
  const auto& rules = AllRules();
  const auto found = std::find_if(rules.begin(), rules.end(),
                                  [rule](const Rule& candidate) { return candidate.name == rule; });
  EXPECT_NE(found, rules.end()) << "no rule is called " << rule;
  if (found == rules.end() || built.file == nullptr) return {};
  return found->check(*built.file);
}

TEST(ProtoSelfTest, EveryPlantedOffenceIsFound) {
  for (const Planted& planted : AllPlanted()) {
    SCOPED_TRACE(std::string(planted.rule) + " in " + planted.text);
    std::vector<std::string> messages;
    for (const Finding& finding : CheckOne(planted.rule, planted.text)) {
      messages.push_back(finding.message);
    }
    EXPECT_THAT(messages, Contains(HasSubstr(std::string(planted.message))));
  }
}

TEST(ProtoSelfTest, EveryRuleHasAPlantedOffence) {
  const std::vector<Planted> all = AllPlanted();
  for (const Rule& rule : AllRules()) {
    EXPECT_TRUE(std::any_of(all.begin(), all.end(), [&](const Planted& planted) {
      return planted.rule == rule.name;
    })) << rule.name;
  }
}

TEST(ProtoSelfTest, ASharedRequestIsFound) {
  const Findings findings = CheckOne("RequestNames", kShared);
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_THAT(findings[0].message, HasSubstr("shares GetARequest with motcua.a.v1.AService.GetA"));
  EXPECT_THAT(findings[1].message, HasSubstr("give it a GetAResponse"));
}

TEST(ProtoSelfTest, WhatIsNoOffencePasses) {
  const std::string context = Field("context", 1, kContext);
  const std::vector<std::pair<std::string_view, std::string>> fine = {
      {"RequestIds", Call("CloseIt", context)},
      {"RequestIds", Call("CloseIt", Field("request_id", 1, kString))},
      {"RequestIds", Call("GetIt", "")},
      {"ExpectedVersions", Call("GetIt", Field("dossier", 1, kString))},
      {"ExpectedVersions", Call("CloseIt", context + Field("dossier", 2, kString) +
                                               Field("expected_version", 3, kUint32))},
      {"Paging", Call("ListThem", Field("page_size", 1, kInt32) + Field("page_token", 2, kString),
                      Field("next_page_token", 1, kString))},
      {"Times", Message(Field("due_time", 1, kTime) + Field("due_date", 2, kDate))},
      {"PersonalData", Message(Field("phone", 1, kString))},  // not an event
      {"PersonalData", kEvents + Message(Field("procedure_name", 1, kString))},
      {"EnumNames", Enum("LEG_STATE_UNSPECIFIED", "LEG_STATE_SENT")},
      {"Packages", ""},
  };
  for (const auto& [rule, text] : fine) {
    SCOPED_TRACE(std::string(rule) + " in " + text);
    EXPECT_TRUE(CheckOne(rule, text).empty());
  }
}

TEST(ProtoSelfTest, ACommentAndALineAreReadFromTheSource) {
  const std::string place = "source_code_info { location { path: [4, 0] span: [6, 0, 8, 1] ";
  const Findings bare = CheckOne("Comments", "message_type { name: 'M' } " + place + "} }");
  ASSERT_EQ(bare.size(), 1U);
  EXPECT_EQ(FormatFinding(bare[0]),
            "proto/motcua/a/v1/a.proto:7: motcua.a.v1.M: has no comment; say what it means");
  EXPECT_TRUE(
      CheckOne("Comments", "message_type { name: 'M' } " + place + "leading_comments: ' Said.' } }")
          .empty());
}

TEST(WireTest, EveryKindOfElementHasALine) {
  const Built built =
      Build(Call("GetIt", Field("a", 1, kString) + "reserved_range { start: 4 end: 6 }") +
            Enum("LEG_STATE_UNSPECIFIED", "LEG_STATE_SENT"));
  EXPECT_THAT(
      WireLines({built.file}),
      ElementsAre("motcua.a.v1.AService.GetIt = motcua.a.v1.GetItRequest returns "
                  "motcua.a.v1.GetItResponse",
                  "motcua.a.v1.GetItRequest reserved 4", "motcua.a.v1.GetItRequest reserved 5",
                  "motcua.a.v1.GetItRequest.a = 1 string",
                  "motcua.a.v1.LegState.LEG_STATE_SENT = 1",
                  "motcua.a.v1.LegState.LEG_STATE_UNSPECIFIED = 0"));
}

TEST(WireTest, AChangeBreaksAndAnAdditionDoesNot) {
  const std::vector<std::string> frozen = {"p.M.a = 1 string", "p.S.Get = p.A returns p.B"};
  const auto broken = [&](const std::vector<std::string>& present) {
    return CompareWire(frozen, present).broken;
  };
  EXPECT_THAT(broken(frozen), IsEmpty());
  EXPECT_THAT(broken({"p.M.a = 2 string", frozen[1]}), ElementsAre(frozen[0]));  // renumbered
  EXPECT_THAT(broken({"p.M.a = 1 bytes", frozen[1]}), ElementsAre(frozen[0]));   // retyped
  EXPECT_THAT(broken({"p.M.b = 1 string", frozen[1]}), ElementsAre(frozen[0]));  // renamed
  EXPECT_THAT(broken({frozen[1]}), ElementsAre(frozen[0]));                      // removed
  EXPECT_THAT(broken({"p.M reserved 1", frozen[1]}), IsEmpty());
  EXPECT_THAT(broken({"p.M reserved 2", frozen[1]}), ElementsAre(frozen[0]));
  EXPECT_THAT(broken({frozen[0]}), ElementsAre(frozen[1]));  // an rpc cannot be reserved
  const WireDifference grown = CompareWire(frozen, {frozen[0], frozen[1], "p.M.b = 2 string"});
  EXPECT_THAT(grown.broken, IsEmpty());
  EXPECT_THAT(grown.added, ElementsAre("p.M.b = 2 string"));
}

}  // namespace
}  // namespace motcua::proto_lint
