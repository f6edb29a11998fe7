// Lint as a unit test. A rule reads the tree and says where it is broken and what to do instead.
//
// To add one: write it beside its like (text, code, layout), give it a row in rules.cc and a
// planted example in self_test.cc; a rule without an example fails the self-test.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "tests/tidy/tree.h"

namespace motcua::tidy {

struct Finding {
  std::string path;
  std::size_t line = 0;  // from 1; 0 = the file as a whole
  std::string message;   // what is wrong and what to write instead
};
using Findings = std::vector<Finding>;

struct Rule {
  std::string_view name;  // CamelCase; the name of its test
  Findings (*check)(const Tree& tree);
};
// Every rule there is.
const std::vector<Rule>& AllRules();

// "path:line: message", for editors.
std::string FormatFinding(const Finding& finding);

// rules_text.cc
inline constexpr std::size_t kLineColumnsMax = 100;
Findings CheckLineLength(const Tree& tree);
Findings CheckEncoding(const Tree& tree);
Findings CheckBlanks(const Tree& tree);
Findings CheckMachinePaths(const Tree& tree);

// rules_code.cc
inline constexpr std::size_t kFunctionLinesMax = 70;
inline constexpr std::size_t kFileLinesMax = 500;
Findings CheckFunctionLength(const Tree& tree);
Findings CheckFileLength(const Tree& tree);
Findings CheckBannedNames(const Tree& tree);
Findings CheckPlainWords(const Tree& tree);
Findings CheckPureFolders(const Tree& tree);
Findings CheckIncludeArrows(const Tree& tree);
Findings CheckHeaderComments(const Tree& tree);
Findings CheckTestHeads(const Tree& tree);

// rules_layout.cc
Findings CheckTopLevel(const Tree& tree);
Findings CheckReadmes(const Tree& tree);
Findings CheckDeadFiles(const Tree& tree);
Findings CheckDeadFolders(const Tree& tree);
Findings CheckScripts(const Tree& tree);

}  // namespace motcua::tidy
