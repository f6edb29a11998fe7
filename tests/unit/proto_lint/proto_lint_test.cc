// Goal: the public contract keeps buf's and AIP's rules, and what is on the wire never changes.
// Method: every rule of rules.h over the descriptor set that protoc makes of proto/, and the
// listing
//         of all numbers compared with tests/vectors/wire.txt.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <ostream>

#include "tests/unit/proto_lint/rules.h"
#include "tests/unit/proto_lint/wire.h"

namespace motcua::proto_lint {

// GoogleTest would print the bytes of it.
void PrintTo(const Rule& rule, std::ostream* stream) { *stream << rule.name; }

namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;
using google::protobuf::FileDescriptorSet;

constexpr const char* kWireFile = MOTCUA_SOURCE_DIR "/tests/vectors/wire.txt";
constexpr const char* kUpdateVariable = "MOTCUA_UPDATE_WIRE";

struct Contract {
  DescriptorPool pool;
  std::vector<const FileDescriptor*> files;  // ours, not the imported ones
};

const Contract& OurContract() {
  static const Contract* const kContract = [] {
    auto* const contract = new Contract();  // lives as long as the program
    std::ifstream stream(MOTCUA_DESCRIPTORS, std::ios::binary);
    FileDescriptorSet set;
    EXPECT_TRUE(set.ParseFromIstream(&stream)) << MOTCUA_DESCRIPTORS;
    for (const auto& file : set.file()) {
      const FileDescriptor* const built = contract->pool.BuildFile(file);
      EXPECT_NE(built, nullptr) << file.name();
      if (built != nullptr && file.name().starts_with("motcua/")) contract->files.push_back(built);
    }
    return contract;
  }();
  return *kContract;
}

class ContractRules : public testing::TestWithParam<Rule> {};

TEST_P(ContractRules, Keeps) {
  std::string text;
  for (const FileDescriptor* const file : OurContract().files) {
    for (const Finding& finding : GetParam().check(*file)) text += FormatFinding(finding) + "\n";
  }
  EXPECT_TRUE(text.empty()) << "\n" << text;
}
INSTANTIATE_TEST_SUITE_P(Proto, ContractRules, testing::ValuesIn(AllRules()),
                         [](const auto& rule) { return std::string(rule.param.name); });

TEST(ContractTest, HasEveryService) {
  std::vector<std::string> services;
  for (const FileDescriptor* const file : OurContract().files) {
    for (const auto* const service : ElementsOf(*file).services) {
      services.push_back(service->name());
    }
  }
  for (const char* const name :
       {"IntakeService", "RoutingService", "DeadlineService", "PostalService", "ReportingService",
        "ScenarioService", "InstanceService"}) {
    EXPECT_EQ(std::count(services.begin(), services.end(), name), 1) << name;
  }
}

std::vector<std::string> ReadFrozen() {
  std::ifstream stream(kWireFile);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty() && !line.starts_with('#')) lines.push_back(line);
  }
  return lines;
}

void WriteFrozen(const std::vector<std::string>& lines) {
  std::ofstream stream(kWireFile);
  stream
      << "# What is on the wire: every field, enum value and rpc. Lines are added, never changed;\n"
         "# one is removed only when its number is `reserved` in the proto. Written by\n"
         "# "
      << kUpdateVariable << "=1 proto_lint_test, checked by it.\n";
  for (const std::string& line : lines) stream << line << '\n';
}

std::string Joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "  " + line + "\n";
  return text;
}

TEST(ContractTest, TheWireFormIsFrozen) {
  const std::vector<std::string> present = WireLines(OurContract().files);
  const WireDifference difference = CompareWire(ReadFrozen(), present);
  EXPECT_TRUE(difference.broken.empty())
      << "These lines of tests/vectors/wire.txt are gone or changed. Give a new field a new "
         "number; "
         "for one that is removed write `reserved` with its number and name:\n"
      << Joined(difference.broken);
  if (!difference.broken.empty()) return;
  if (std::getenv(kUpdateVariable) != nullptr) {
    WriteFrozen(present);
    return;
  }
  EXPECT_TRUE(difference.added.empty())
      << "New on the wire. If they are meant, freeze them with\n  " << kUpdateVariable
      << "=1 build/tests/proto_lint_test --gtest_filter=ContractTest.TheWireFormIsFrozen\n"
      << Joined(difference.added);
}

}  // namespace
}  // namespace motcua::proto_lint
