// Goal: the repository keeps its own rules: layout, layers, purity, sizes, names, text.
// Method: every rule of rules.h over every file that is not ignored; a finding says file, line and
//         what to write instead.
#include <gtest/gtest.h>

#include <ostream>

#include "tests/tidy/rules.h"

namespace motcua::tidy {

// GoogleTest would print the bytes of it.
void PrintTo(const Rule& rule, std::ostream* stream) { *stream << rule.name; }

namespace {

const Tree& Repository() {
  static const Tree kTree = ReadTree(MOTCUA_SOURCE_DIR);
  return kTree;
}

class RepositoryRules : public testing::TestWithParam<Rule> {};

std::string NameOfRule(const testing::TestParamInfo<Rule>& info) {
  return std::string(info.param.name);
}

TEST_P(RepositoryRules, Keeps) {
  std::string text;
  for (const Finding& finding : GetParam().check(Repository())) {
    text += FormatFinding(finding) + "\n";
  }
  EXPECT_TRUE(text.empty()) << "\n" << text;
}
INSTANTIATE_TEST_SUITE_P(Tidy, RepositoryRules, testing::ValuesIn(AllRules()), NameOfRule);

TEST(RepositoryTest, IsReadAsAWhole) {
  EXPECT_NE(Repository().Find("CMakeLists.txt"), nullptr);
  EXPECT_NE(Repository().Find("services/base/status.h"), nullptr);
  EXPECT_NE(Repository().Find("tests/tidy/tidy_test.cc"), nullptr);
  for (const File& file : Repository().files) EXPECT_FALSE(IsUnder(file.path, ".git"));
}

}  // namespace
}  // namespace motcua::tidy
