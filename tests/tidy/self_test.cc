// Goal: no rule of tidy_test can never fail, and what looks like an offence but is none passes.
// Method: for each rule at least one planted file that breaks it, and for the traps of reading C++
//         by eye one file that does not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/tidy/code.h"
#include "tests/tidy/rules.h"

namespace motcua::tidy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

struct Planted {
  std::string_view rule;
  File file;
  std::size_t line;          // where it is found
  std::string_view message;  // part of it
};

std::string Repeat(std::string_view text, std::size_t count) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += text;
  return all;
}

std::vector<Planted> PlantedText() {
  return {
      {"LineLength", {"services/a.cc", "\n" + Repeat("x", 101) + "\n"}, 2, "101 columns"},
      {"LineLength", {"proto/a.proto", Repeat("ệ", 101) + "\n"}, 1, "101 columns"},
      {"Encoding", {"tests/a.txt", "fine\n\xC3\x28\n"}, 2, "not UTF-8"},
      {"Encoding", {"README.md", "mo\xCC\xA3t\n"}, 1, "combining accent"},
      {"Encoding", {"README.md", "\xEF\xBB\xBFhello\n"}, 1, "byte order mark"},
      {"Blanks", {"README.md", "a \n"}, 1, "blanks at the end"},
      {"Blanks", {"README.md", "a\r\n"}, 1, "carriage return"},
      {"Blanks", {"services/a.cc", "\n\tint a;\n"}, 2, "a tab"},
      {"Blanks", {"services/a.cc", "int a;"}, 0, "no line end"},
      {"Blanks", {"services/a.cc", "int a;\n\n"}, 0, "empty lines"},
      {"MachinePaths", {"tests/README.md", std::string("see /wo") + "rk/main\n"}, 1, "one machine"},
  };
}

std::vector<Planted> PlantedCode() {
  const std::string body = Repeat("  Step();\n", 69);
  return {
      {"FunctionLength", {"services/a.cc", "\nvoid Run() {\n" + body + "}\n"}, 2, "71 lines"},
      {"FunctionLength",
       {"tests/a.cc", "struct A {\n A() : a_{1}, b_(2) {\n" + body + "}\n};\n"},
       2,
       "71 lines"},
      {"FileLength", {"services/a.cc", Repeat("int a;\n", 501)}, 501, "501 lines"},
      {"BannedNames", {"services/a/b.cc", "// x\nstd::this_thread::sleep_for(t);\n"}, 2, "inbox"},
      {"BannedNames", {"services/a/b.cc", "int a = std::rand();\n"}, 1, "seeded"},
      {"BannedNames", {"services/a/b.cc", "using namespace std;\n"}, 1, "std::"},
      {"BannedNames", {"services/grpc/b.cc", "std::cout << 1;\n"}, 1, "command line"},
      {"BannedNames", {"services/intake/b.cc", "std::chrono::system_clock::now();\n"}, 1, "Clock"},
      {"BannedNames", {"proto/CMakeLists.txt", "\nfile(GLOB x *.cc)\n"}, 2, "name every source"},
      {"BannedNames", {"tests/a.cc", std::string("// TO") + "DO: later\n"}, 1, "open an issue"},
      {"PlainWords", {"services/a.cc", std::string("// x\n// who") + "ever asks\n"}, 2, "caller"},
      {"PlainWords", {"proto/README.md", std::string("kept for e") + "ver.\n"}, 1, "permanently"},
      {"PureFolders", {"services/base/a.h", "#include <mutex>\n"}, 1, "mutex"},
      {"PureFolders", {"services/wire/a.cc", "\n#include <grpcpp/grpcpp.h>\n"}, 2, "grpcpp"},
      {"PureFolders", {"services/wire/a.cc", "#include \"x/y.grpc.pb.h\"\n"}, 1, "grpc.pb.h"},
      {"PureFolders", {"services/domain/a.cc", "auto t = steady_clock::now();\n"}, 1, "steady"},
      {"PureFolders", {"services/engine/a.cc", "std::getenv(name);\n"}, 1, "getenv"},
      {"IncludeArrows",
       {"services/base/a.h", "#include \"services/domain/calendar/calendar.h\"\n"},
       1,
       "may not know services/domain"},
      {"IncludeArrows",
       {"services/platform/a.h", "#include \"services/intake/server.h\"\n"},
       1,
       "may not know services/intake"},
      {"IncludeArrows",
       {"services/postal/a.h", "#include \"services/intake/server.h\"\n"},
       1,
       "events of the log"},
      {"IncludeArrows", {"services/base/a.h", "#include \"tests/support/b.h\"\n"}, 1, "tests"},
      {"IncludeArrows", {"services/base/a.h", "#include \"b.h\"\n"}, 1, "\"services/base/b.h\""},
      {"IncludeArrows", {"services/novel/a.h", "int a;\n"}, 0, "kLayers"},
      {"HeaderComments", {"services/a.h", "\n#pragma once\n"}, 1, "purpose"},
      {"HeaderComments", {"services/a.h", "// Comment.\nint a;\n"}, 1, "#pragma once"},
      {"TestHeads", {"tests/unit/a/a_test.cc", "// Goal: all.\n\n#include <a>\n"}, 1, "Method"},
  };
}

std::vector<Planted> PlantedLayout() {
  return {
      {"TopLevel", {"docs/a.md", "a\n"}, 0, "names of the top level"},
      {"Readmes", {"services/base/a.h", ""}, 0, "has no README.md; say"},
      {"Readmes", {"tests/unit/novel/novel_test.cc", ""}, 0, "add a line about `novel`"},
      {"DeadFiles", {"services/base/a.cc", ""}, 0, "no CMakeLists.txt"},
      {"DeadFiles", {"tests/support/a.h", ""}, 0, "no CMakeLists.txt"},
      {"DeadFiles", {"proto/motcua/a/v1/a.proto", ""}, 0, "no CMakeLists.txt"},
      {"DeadFolders", {"tests/unit/novel/CMakeLists.txt", ""}, 0, "add_subdirectory"},
      {"Scripts",
       {"scripts/a", "#!/usr/bin/env bash\n# A.\nset -euo pipefail\n", false},
       0,
       "chmod +x"},
      {"Scripts", {"scripts/a", "#!/usr/bin/env bash\n# A.\nls\n", true}, 2, "set -euo pipefail"},
      {"Scripts", {"scripts/a", "#!/bin/sh\nset -euo pipefail\n", true}, 1, "--help"},
      {"Scripts", {"scripts/a.sh", "# A.\nset -euo pipefail\n", true}, 0, "chmod -x"},
  };
}

std::vector<Planted> AllPlanted() {
  std::vector<Planted> all = PlantedText();
  for (auto* more : {PlantedCode, PlantedLayout}) {
    for (Planted& planted : more()) all.push_back(std::move(planted));
  }
  return all;
}

Findings CheckOne(std::string_view rule, const File& file) {
  const auto& rules = AllRules();
  const auto found = std::find_if(rules.begin(), rules.end(),
                                  [rule](const Rule& candidate) { return candidate.name == rule; });
  EXPECT_NE(found, rules.end()) << "no rule is called " << rule;
  return found == rules.end() ? Findings() : found->check(Tree{{file}});
}

TEST(TidySelfTest, EveryPlantedOffenceIsFoundWhereItIs) {
  for (const Planted& planted : AllPlanted()) {
    SCOPED_TRACE(std::string(planted.rule) + " in:\n" + planted.file.text.substr(0, 200));
    const Findings findings = CheckOne(planted.rule, planted.file);
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].line, planted.line);
    EXPECT_THAT(findings[0].message, HasSubstr(planted.message));
  }
}

TEST(TidySelfTest, EveryRuleHasAPlantedOffence) {
  const std::vector<Planted> all = AllPlanted();
  for (const Rule& rule : AllRules()) {
    EXPECT_TRUE(std::any_of(all.begin(), all.end(), [&](const Planted& planted) {
      return planted.rule == rule.name;
    })) << rule.name;
  }
}

TEST(TidySelfTest, WhatIsNoOffencePasses) {
  const std::vector<std::pair<std::string_view, File>> fine = {
      {"LineLength", {"services/a.cc", Repeat("ệ", 100) + "\n"}},
      {"LineLength", {"services/README.md", Repeat("x", 120) + "\n"}},
      {"BannedNames", {"services/a/b.cc", "// never std::rand()\n"}},
      {"BannedNames", {"services/a/b.cc", "Log(\"std::cout\");\n"}},
      {"BannedNames", {"services/cli/b.cc", "std::cout << table;\n"}},
      {"BannedNames", {"services/platform/b.cc", "std::chrono::system_clock::now();\n"}},
      {"BannedNames", {"services/a/b.cc", "int my_strcpy_count;\n"}},
      {"PureFolders", {"services/platform/a.h", "#include <mutex>\n"}},
      {"PureFolders", {"services/base/a.h", "#include <chrono>\n#include <cstdio>\n"}},
      {"IncludeArrows", {"services/cli/a.cc", "#include \"services/intake/server.h\"\n"}},
      {"IncludeArrows", {"services/intake/a.cc", "#include \"services/base/status.h\"\n"}},
      {"IncludeArrows", {"services/intake/a.cc", "#include \"services/intake/b.h\"\n"}},
      {"Blanks", {"tests/data/a.txt", "as it came \t\r\n\n\n"}},
      {"MachinePaths", {"services/a.cc", "// services/home/ is a folder\n"}},
      {"Readmes", {".ci/run", ""}},
  };
  for (const auto& [rule, file] : fine) {
    SCOPED_TRACE(std::string(rule) + " in:\n" + file.text.substr(0, 200));
    EXPECT_TRUE(CheckOne(rule, file).empty());
  }
}

TEST(TidySelfTest, AFileNamedInAListOrIncludedIsNotDead) {
  const Tree tree{{{"services/CMakeLists.txt", "add(base/far.cc)\n"},
                   {"services/base/CMakeLists.txt", "motcua_library(x SRCS near.cc)\n"},
                   {"services/base/far.cc", "#include \"services/base/near.h\"\n"},
                   {"services/base/near.cc", ""},
                   {"services/base/near.h", ""},
                   {"services/base/nearer.cc", ""}}};
  const Findings findings = CheckDeadFiles(tree);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].path, "services/base/nearer.cc");
}

TEST(TidySelfTest, AFolderAddedFromFurtherUpIsNotDead) {
  const Tree tree{{{"tests/CMakeLists.txt", "motcua_test_folders(\n  unit/csv)\n"},
                   {"tests/unit/csv/CMakeLists.txt", ""}}};
  const Findings findings = CheckDeadFolders(tree);
  ASSERT_EQ(findings.size(), 1U);  // nobody adds tests itself
  EXPECT_EQ(findings[0].path, "tests/CMakeLists.txt");
}

TEST(TidySelfTest, AFolderNamedInTheReadmeAboveIsCovered) {
  const Tree tree{
      {{"tests/unit/README.md", "| `csv` | the reader |\n"}, {"tests/unit/csv/csv_test.cc", ""}}};
  EXPECT_THAT(CheckReadmes(tree), IsEmpty());
}

TEST(CodeTest, CommentsAndLiteralsAreBlanked) {
  EXPECT_EQ(CodeOnly("a \"b{\" c"), "a      c");
  EXPECT_EQ(CodeOnly("a 'x' 1'000 'y'"), "a     1'000    ");
  EXPECT_EQ(CodeOnly("a // b\nc"), "a     \nc");
  EXPECT_EQ(CodeOnly("a /* b\n */c"), "a     \n   c");
  EXPECT_EQ(CodeOnly("R\"(x\")\" y"), "        y");
  EXPECT_EQ(CodeOnly("\"\\\"\" y"), "     y");
}

TEST(CodeTest, FunctionsAreFoundByTheirBraces) {
  const std::string text =
      "#define X(a) \\\n  { a }\n"
      "namespace a {\n"
      "constexpr std::array kA = {B{1}, B{2}};\n"
      "enum class E { kA, kB };\n"
      "template <typename T = int>\n"
      "class C {\n"
      " public:\n"
      "  int one() const { return 1; }\n"
      "  C() : a_{1}, b_{2} {\n"
      "  }\n"
      "  friend bool operator==(const C&, const C&) { return true; }\n"
      "};\n"
      "TEST(A, B) {\n"
      "  auto f = [] { return 1; };\n"
      "}\n"
      "}  // namespace a\n";
  std::vector<std::string> found;
  for (const Function& function : FunctionsOf(text)) {
    found.push_back(std::to_string(function.first_line) + "-" + std::to_string(function.last_line));
  }
  EXPECT_THAT(found, ElementsAre("9-9", "10-11", "12-12", "14-16"));
}

}  // namespace
}  // namespace motcua::tidy
