// Goal: no rpc of the contract is without a command, and no row of a command names what the
// contract does not have.
// Method: every method of the registry against the tables, every row against its descriptors.
#include "services/cli/commands.h"

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "services/base/text.h"
#include "services/cli/command.h"
#include "services/platform/grpc/methods.h"

namespace motcua::cli {
namespace {

// Methods that no row calls, and why.
const std::map<std::string_view, std::string_view> kWithoutRow = {
    {"motcua.admin.v1.InstanceService.DownloadSnapshot",
     "`motcua admin snapshot` (services/admin) writes files of what it sends"},
};

// Whether `path` leads to a field, through messages that may be repeated.
bool HasField(const Descriptor& type, std::string_view path) {
  const Descriptor* at = &type;
  for (const std::string_view name : SplitText(path, '.')) {
    const FieldDescriptor* const field =
        at == nullptr ? nullptr : at->FindFieldByName(std::string(name));
    if (field == nullptr) return false;
    at = field->message_type();
  }
  return true;
}

TEST(CommandTables, EveryMethodHasACommandOrAReason) {
  std::set<std::string_view> called;
  for (const CommandRow* const row : AllCommands()) called.insert(row->method);
  for (const rpc::Method& method : rpc::Methods()) {
    EXPECT_NE(called.contains(method.name), kWithoutRow.contains(method.name))
        << method.name << " needs a row in one of services/cli/commands_*.cc";
  }
  for (const auto& [name, reason] : kWithoutRow) {
    EXPECT_NE(rpc::FindMethod(name), nullptr) << name << " is no method any more";
  }
}

TEST(CommandTables, EveryRowCallsAMethodWithFieldsThatItHas) {
  for (const CommandRow* const row : AllCommands()) {
    SCOPED_TRACE(row->path);
    if (row->method.empty()) {
      EXPECT_TRUE(row->run_alone != nullptr) << "a row without a method needs code";
      continue;
    }
    const rpc::Method* const method = rpc::FindMethod(row->method);
    ASSERT_NE(method, nullptr) << row->method;
    for (const Argument& argument : ArgumentsOf(*row)) {
      if (argument.kind != ArgumentKind::kField) continue;
      EXPECT_TRUE(HasField(*method->request->GetDescriptor(), argument.field)) << argument.field;
    }
  }
}

TEST(CommandTables, EveryHeadingIsOverAFieldOfTheAnswer) {
  for (const CommandRow* const row : AllCommands()) {
    if (row->method.empty()) continue;
    SCOPED_TRACE(row->path);
    const Descriptor& answer = *rpc::FindMethod(row->method)->response->GetDescriptor();
    const bool is_list = answer.FindFieldByName("next_page_token") != nullptr;
    const Descriptor& headed = is_list ? *answer.field(0)->message_type() : answer;
    for (const Heading& heading : Filled(row->headings)) {
      EXPECT_TRUE(HasField(headed, heading.field)) << heading.field;
    }
    for (const Section& section : Filled(row->sections)) {
      const FieldDescriptor* const list = answer.FindFieldByName(std::string(section.list));
      ASSERT_TRUE(list != nullptr && list->is_repeated()) << section.list;
      for (const Heading& heading : Filled(section.headings)) {
        EXPECT_TRUE(HasField(*list->message_type(), heading.field)) << heading.field;
      }
    }
  }
}

TEST(CommandTables, EveryPathIsThereOnceAndInAGroup) {
  std::set<std::string_view> groups;
  for (const GroupRow& group : CommandGroups()) EXPECT_TRUE(groups.insert(group.path).second);
  std::set<std::string_view> paths;
  for (const CommandRow* const row : AllCommands()) {
    EXPECT_TRUE(paths.insert(row->path).second) << row->path;
    EXPECT_TRUE(groups.contains(row->path.substr(0, row->path.rfind(' ')))) << row->path;
    EXPECT_FALSE(row->help.empty()) << row->path;
  }
}

}  // namespace
}  // namespace motcua::cli
