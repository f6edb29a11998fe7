// Where files lie: the eight names of the top level, a README in every folder, no dead files.
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "tests/tidy/code.h"
#include "tests/tidy/rules.h"

namespace motcua::tidy {
namespace {

constexpr std::array<std::string_view, 8> kTopLevel = {
    "CMakeLists.txt", "README.md", "deploy", "findings", "proto", "scripts", "services", "tests"};

// Folders whose README is one above, with a line for each of them; every other folder has its own.
struct Covered {
  std::string_view parent;  // folders directly or further below it …
  std::string_view readme;  // … are named here, by their path from the README
  std::string_view because;
};
constexpr std::array<Covered, 8> kCovered = {{
    {"deploy/catalogue", "deploy/catalogue/README.md", "parts of one catalogue"},
    {"deploy/catalogue-quang-ninh-2026", "deploy/catalogue-quang-ninh-2026/README.md",
     "parts of one catalogue"},
    {"deploy", "deploy/README.md", "settings, which explain themselves in comments"},
    {"proto", "proto/README.md", "one file per folder, whose own head says what it is"},
    {"tests/unit", "tests/unit/README.md", "a test says its goal and method at its head"},
    {"tests/integration", "tests/integration/README.md", "a test says its goal and method"},
    {"tests/fuzz", "tests/fuzz/README.md", "inputs, a folder per target"},
    {"scripts", "scripts/README.md", "build rules, one file"},
}};

const Covered* FindCovered(std::string_view folder) {
  const auto* const found =
      std::find_if(kCovered.begin(), kCovered.end(),
                   [folder](const Covered& covered) { return IsUnder(folder, covered.parent); });
  return found == kCovered.end() ? nullptr : found;
}

// Folders that only hold other folders need no README.
std::set<std::string, std::less<>> FoldersWithFiles(const Tree& tree) {
  std::set<std::string, std::less<>> folders;
  for (const File& file : tree.files) {
    const std::string_view folder = FolderOf(file.path);
    if (folder.empty() || folder.starts_with('.')) continue;
    folders.emplace(folder);
  }
  return folders;
}

// "services/base/CMakeLists.txt" names "status.cc" itself, one further up "base/status.cc".
bool IsNamedInCMake(const Tree& tree, std::string_view path) {
  std::string_view folder = path;
  do {
    folder = FolderOf(folder);
    const std::string prefix = folder.empty() ? "" : std::string(folder) + "/";
    const File* lists = tree.Find(prefix + "CMakeLists.txt");
    if (lists != nullptr && !FindWord(lists->text, path.substr(prefix.size())).empty()) return true;
  } while (!folder.empty());
  return false;
}

}  // namespace

Findings CheckTopLevel(const Tree& tree) {
  std::set<std::string, std::less<>> names;
  for (const File& file : tree.files) names.insert(file.path.substr(0, file.path.find('/')));
  Findings findings;
  for (const std::string& name : names) {
    const bool known = std::find(kTopLevel.begin(), kTopLevel.end(), name) != kTopLevel.end();
    if (known || name.starts_with('.')) continue;
    findings.push_back({name, 0,
                        "not one of the names of the top level; put it into deploy, "
                        "findings, proto, scripts, services or tests"});
  }
  return findings;
}

Findings CheckReadmes(const Tree& tree) {
  Findings findings;
  for (const std::string& folder : FoldersWithFiles(tree)) {
    if (tree.Find(folder + "/README.md") != nullptr) continue;
    const Covered* const covered = FindCovered(folder);
    if (covered == nullptr) {
      findings.push_back({folder, 0,
                          "has no README.md; say in ten to forty lines what is here, what it may "
                          "depend on, where to start reading"});
      continue;
    }
    const std::string name = folder.substr(FolderOf(covered->readme).size() + 1);
    const File* const readme = tree.Find(covered->readme);
    if (readme == nullptr || FindWord(readme->text, name).empty()) {
      findings.push_back({folder, 0,
                          "has no README.md; add a line about `" + name + "` to " +
                              std::string(covered->readme) + ", or write one"});
    }
  }
  return findings;
}

Findings CheckDeadFiles(const Tree& tree) {
  std::set<std::string, std::less<>> included;
  for (const File& file : tree.files) {
    if (!IsKind(file.path, {".cc", ".h"})) continue;
    for (const Include& include : IncludesOf(file.text)) included.insert(include.path);
  }
  Findings findings;
  for (const File& file : tree.files) {
    if (!IsKind(file.path, {".cc", ".h", ".proto"})) continue;
    const bool used = IsKind(file.path, {".h"}) && included.contains(file.path);
    if (used || IsNamedInCMake(tree, file.path)) continue;
    findings.push_back({file.path, 0,
                        "named in no CMakeLists.txt and included by nobody; add it to its target "
                        "or remove it"});
  }
  return findings;
}

Findings CheckDeadFolders(const Tree& tree) {
  Findings findings;
  for (const File& file : tree.files) {
    const std::string_view folder = FolderOf(file.path);
    if (NameOf(file.path) != "CMakeLists.txt" || folder.empty()) continue;
    if (IsNamedInCMake(tree, folder)) continue;
    findings.push_back(
        {file.path, 0,
         "its folder is added by no CMakeLists.txt above it; add_subdirectory it, or "
         "name it in tests/CMakeLists.txt"});
  }
  return findings;
}

Findings CheckScripts(const Tree& tree) {
  Findings findings;
  for (const File& file : tree.files) {
    const std::string_view folder = FolderOf(file.path);
    const bool is_script =
        (folder == "scripts" || folder == ".ci") && !IsKind(file.path, {".md", ".supp"});
    if (!is_script) continue;
    if (IsKind(file.path, {".sh"})) {  // sourced by the others
      if (file.executable) findings.push_back({file.path, 0, "is sourced, not run; chmod -x"});
      continue;
    }
    if (!file.executable) findings.push_back({file.path, 0, "is not executable; chmod +x"});
    if (!file.text.starts_with("#!/usr/bin/env bash\n# ")) {
      findings.push_back(
          {file.path, 1, "begin with #!/usr/bin/env bash and a comment that --help can print"});
    }
    if (file.text.find("set -euo pipefail") == std::string::npos &&
        file.text.find("/common.sh\"\n") == std::string::npos) {
      findings.push_back({file.path, 2, "source common.sh, or `set -euo pipefail`"});
    }
  }
  return findings;
}

}  // namespace motcua::tidy
