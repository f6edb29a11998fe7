#include "tests/tidy/rules.h"

namespace motcua::tidy {

const std::vector<Rule>& AllRules() {
  static const std::vector<Rule> kRules = {
      {"LineLength", CheckLineLength},
      {"Encoding", CheckEncoding},
      {"Blanks", CheckBlanks},
      {"MachinePaths", CheckMachinePaths},
      {"FunctionLength", CheckFunctionLength},
      {"FileLength", CheckFileLength},
      {"BannedNames", CheckBannedNames},
      {"PlainWords", CheckPlainWords},
      {"PureFolders", CheckPureFolders},
      {"IncludeArrows", CheckIncludeArrows},
      {"HeaderComments", CheckHeaderComments},
      {"TestHeads", CheckTestHeads},
      {"TopLevel", CheckTopLevel},
      {"Readmes", CheckReadmes},
      {"DeadFiles", CheckDeadFiles},
      {"DeadFolders", CheckDeadFolders},
      {"Scripts", CheckScripts},
  };
  return kRules;
}

std::string FormatFinding(const Finding& finding) {
  const std::string place =
      finding.line == 0 ? finding.path : finding.path + ":" + std::to_string(finding.line);
  return place + ": " + finding.message;
}

}  // namespace motcua::tidy
