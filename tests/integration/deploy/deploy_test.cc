// Goal: the files of deploy/ fit each other and the programs: settings, ports, references, probes,
//       what a process may do.
// Method: every rule of rules.h over the repository. Settings are read by the processes' own
//         loader, cluster files by the clients' own.
#include <gtest/gtest.h>

#include <ostream>

#include "tests/integration/deploy/rules.h"

namespace motcua::deploy {

// GoogleTest would print the bytes of it.
void PrintTo(const Rule& rule, std::ostream* stream) { *stream << rule.name; }

namespace {

class DeployRules : public testing::TestWithParam<Rule> {};

std::string NameOfRule(const testing::TestParamInfo<Rule>& info) {
  return std::string(info.param.name);
}

TEST_P(DeployRules, Keeps) {
  std::string text;
  for (const Finding& finding : GetParam().check(ReadDeployTree())) {
    text += tidy::FormatFinding(finding) + "\n";
  }
  EXPECT_TRUE(text.empty()) << "\n" << text;
}
INSTANTIATE_TEST_SUITE_P(Deploy, DeployRules, testing::ValuesIn(AllRules()), NameOfRule);

}  // namespace
}  // namespace motcua::deploy
