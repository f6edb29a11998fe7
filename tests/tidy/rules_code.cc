// What C++ of this project may say: sizes, banned names, PURE folders, arrows of layers, heads.
#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "tests/tidy/code.h"
#include "tests/tidy/rules.h"

namespace motcua::tidy {
namespace {

// Justified exceptions of the two length limits; each says why it may not be split.
struct Exception {
  std::string_view path;
  std::string_view name;  // words of the function's head; empty: the file
  std::string_view because;
};
constexpr std::array<Exception, 1> kLongFunctions = {{
    {"tests/unit/catalogue/catalogue_files_test.cc", "EveryErrorNamesFileLineAndReason",
     "a table of spoilt files; its rows are data"},
}};
constexpr std::array<Exception, 1> kLongFiles = {{
    {"services/platform/rocksdb/log_disk.cc", "", "one class, whose steps read best in order"},
}};

template <std::size_t kCount>
bool IsExcepted(const std::array<Exception, kCount>& exceptions, std::string_view path,
                std::string_view name) {
  return std::any_of(exceptions.begin(), exceptions.end(), [&](const Exception& exception) {
    return exception.path == path && name.find(exception.name) != std::string_view::npos;
  });
}

struct Banned {
  std::string_view word;
  std::string_view instead;
  std::array<std::string_view, 2> allowed_in;  // folders
};
constexpr std::array<std::string_view, 2> kNowhere = {};
constexpr std::array<Banned, 17> kBanned = {{
    {"sleep_for", "wait for a condition: an inbox, a clock that listens, a deadline", kNowhere},
    {"sleep_until", "wait for a condition: an inbox, a clock that listens, a deadline", kNowhere},
    {"usleep", "wait for a condition: an inbox, a clock that listens, a deadline", kNowhere},
    {"std::rand", "hand a seeded generator in", kNowhere},
    {"srand", "hand a seeded generator in", kNowhere},
    {"system_clock::now", "engine::Clock::Now()", {"services/platform"}},
    {"std::cout",
     "return the text; only the command line prints",
     {"services/cli", "services/standalone"}},
    {"std::printf", "return the text; only the command line prints", {"services/cli"}},
    {"std::puts", "return the text; only the command line prints", {"services/cli"}},
    {"using namespace std", "name what you use, or write std::", kNowhere},
    {"std::endl", "'\\n'", kNowhere},
    {"strcpy", "std::string", kNowhere},
    {"sprintf", "std::snprintf", kNowhere},
    {"atoi", "std::from_chars", kNowhere},
    {"std::stoi", "std::from_chars: stoi throws and skips blanks", kNowhere},
    {"const_cast", "change the signature that lies", kNowhere},
    {"volatile", "std::atomic", kNowhere},
}};

// Words of people who mean to come back; an issue remembers better.
constexpr std::array<std::string_view, 3> kUnfinished = {
    "TO"
    "DO",
    "FIX"
    "ME",
    "XX"
    "X"};

void AddBanned(const File& file, const std::string& code, Findings& findings) {
  // The owner of a process's streams hands them out.
  const bool is_main = file.path.ends_with("/main.cc");
  for (const Banned& banned : kBanned) {
    const bool allowed =
        (is_main && banned.word == "std::cout") ||
        std::any_of(banned.allowed_in.begin(), banned.allowed_in.end(),
                    [&](std::string_view folder) { return IsUnder(file.path, folder); });
    if (allowed) continue;
    for (const std::size_t at : FindWord(code, banned.word)) {
      findings.push_back(
          {file.path, LineAt(code, at),
           std::string(banned.word) + " is banned; instead: " + std::string(banned.instead)});
    }
  }
}

// PURE folders: no clock, thread, file, socket, random source, environment or logging.
constexpr std::array<std::string_view, 5> kPureFolders = {
    "services/base", "services/domain", "services/engine", "services/rules", "services/wire"};
constexpr std::array<std::string_view, 23> kPureIncludes = {
    "thread",     "mutex",      "shared_mutex", "condition_variable",
    "future",     "stop_token", "semaphore",    "barrier",
    "latch",      "fstream",    "iostream",     "filesystem",
    "random",     "ctime",      "time.h",       "csignal",
    "unistd.h",   "fcntl.h",    "pthread.h",    "sys/socket.h",
    "sys/stat.h", "sys/mman.h", "poll.h"};
constexpr std::array<std::string_view, 9> kPurePrefixes = {
    "grpc/",  "grpcpp/",     "rocksdb/", "spdlog/", "librdkafka/",
    "boost/", "prometheus/", "toml++/",  "openssl/"};
constexpr std::array<std::string_view, 8> kPureWords = {
    "system_clock::now", "steady_clock",  "high_resolution_clock", "getenv", "fopen",
    "std::time",         "clock_gettime", "random_device"};

bool IsBannedInPure(const Include& include) {
  return std::find(kPureIncludes.begin(), kPureIncludes.end(), include.path) !=
             kPureIncludes.end() ||
         std::any_of(kPurePrefixes.begin(), kPurePrefixes.end(),
                     [&](std::string_view prefix) { return include.path.starts_with(prefix); }) ||
         include.path.ends_with(".grpc.pb.h");
}

// Arrows of the layout: a folder includes its own rank and lower ones. Two services of the same
// rank know nothing of each other; the last three may include everything.
struct Layer {
  std::string_view folder;  // behind "services/"
  int rank;
};
constexpr int kServiceRank = 5;
constexpr std::array<Layer, 17> kLayers = {{{"base", 0},
                                            {"domain", 1},
                                            {"engine", 2},
                                            {"rules", 3},
                                            {"wire", 3},
                                            {"platform", 4},
                                            {"intake", kServiceRank},
                                            {"routing", kServiceRank},
                                            {"deadline", kServiceRank},
                                            {"postal", kServiceRank},
                                            {"reporting", kServiceRank},
                                            {"gateway", kServiceRank},
                                            {"admin", kServiceRank + 1},
                                            {"halong", kServiceRank + 1},
                                            {"replay", kServiceRank + 1},
                                            {"standalone", kServiceRank + 1},
                                            {"cli", kServiceRank + 1}}};

// The layer of "services/<layer>/…"; nullptr for another path or an unknown layer.
const Layer* LayerOf(std::string_view path) {
  if (!IsUnder(path, "services")) return nullptr;
  const std::string_view rest = path.substr(std::string_view("services/").size());
  const auto* const found =
      std::find_if(kLayers.begin(), kLayers.end(),
                   [rest](const Layer& layer) { return IsUnder(rest, layer.folder); });
  return found == kLayers.end() ? nullptr : found;
}

// Why `from` may not include `to`; nothing if it may.
std::optional<std::string> Objection(const Layer& from, const Layer& to) {
  if (to.rank > from.rank) {
    return "services/" + std::string(from.folder) + " may not know services/" +
           std::string(to.folder) + ": arrows go base, domain, engine, wire, platform, service; " +
           "move what both need down, or hand it in";
  }
  if (to.rank == kServiceRank && from.rank == kServiceRank && &from != &to) {
    return "a service may not know another one; they speak through events of the log";
  }
  return std::nullopt;
}

bool IsSource(const File& file) { return IsKind(file.path, {".cc", ".h"}); }
bool IsService(const File& file) { return IsSource(file) && IsUnder(file.path, "services"); }

}  // namespace

Findings CheckFunctionLength(const Tree& tree) {
  Findings findings;
  for (const File& file : tree.files) {
    if (!IsSource(file)) continue;
    for (const Function& function : FunctionsOf(file.text)) {
      const std::size_t lines = function.last_line - function.first_line + 1;
      if (lines <= kFunctionLinesMax || IsExcepted(kLongFunctions, file.path, function.head)) {
        continue;
      }
      findings.push_back({file.path, function.first_line,
                          "a function of " + std::to_string(lines) + " lines, limit " +
                              std::to_string(kFunctionLinesMax) + "; cut a step out and name it"});
    }
  }
  return findings;
}

Findings CheckFileLength(const Tree& tree) {
  Findings findings;
  for (const File& file : tree.files) {
    if (!IsKind(file.path, {".cc", ".h", ".proto", ".cmake", "CMakeLists.txt"})) continue;
    const std::size_t lines = Lines(file.text).size();
    if (lines <= kFileLinesMax || IsExcepted(kLongFiles, file.path, "")) continue;
    findings.push_back({file.path, lines,
                        std::to_string(lines) + " lines, limit " + std::to_string(kFileLinesMax) +
                            "; move one of its concerns to a file of its own"});
  }
  return findings;
}

// Words of a dialect that an engineer elsewhere stumbles over; in two parts, as this file is read
// as well.
struct Unplain {
  std::string_view word;
  std::string_view instead;
};
constexpr std::array<Unplain, 3> kUnplain = {{{"who"
                                               "ever",
                                               "name the caller, writer or reader"},
                                              {"Who"
                                               "ever",
                                               "name the caller, writer or reader"},
                                              {"for e"
                                               "ver",
                                               "permanently, or say how long"}}};

// Not at the head of a word: what is "for everybody" is plain.
bool IsWholeWord(std::string_view text, std::size_t at, std::size_t size) {
  const auto is_letter = [&](std::size_t i) {
    return i < text.size() && std::isalpha(static_cast<unsigned char>(text[i])) != 0;
  };
  return !is_letter(at + size) && (at == 0 || !is_letter(at - 1));
}

Findings CheckPlainWords(const Tree& tree) {
  Findings findings;
  for (const File& file : tree.files) {
    if (!IsKind(file.path, {".cc", ".h", ".proto", ".md", ".sh", ".cmake", "CMakeLists.txt"})) {
      continue;
    }
    for (const Unplain& unplain : kUnplain) {
      for (std::size_t at = file.text.find(unplain.word); at != std::string::npos;
           at = file.text.find(unplain.word, at + 1)) {
        if (!IsWholeWord(file.text, at, unplain.word.size())) continue;
        findings.push_back({file.path, LineAt(file.text, at),
                            "\"" + std::string(unplain.word) +
                                "\" is hard to read; instead: " + std::string(unplain.instead)});
      }
    }
  }
  return findings;
}

Findings CheckBannedNames(const Tree& tree) {
  Findings findings;
  for (const File& file : tree.files) {
    if (IsService(file)) AddBanned(file, CodeOnly(file.text), findings);
    if (IsKind(file.path, {"CMakeLists.txt", ".cmake"})) {
      for (const std::string_view word : {"GLOB", "GLOB_RECURSE"}) {
        for (const std::size_t at : FindWord(file.text, word)) {
          findings.push_back({file.path, LineAt(file.text, at),
                              std::string(word) + " is banned; instead: name every source"});
        }
      }
    }
    if (!IsKind(file.path, {".cc", ".h", ".proto", ".cmake", "CMakeLists.txt", ".sh"})) continue;
    for (const std::string_view word : kUnfinished) {
      for (const std::size_t at : FindWord(file.text, word)) {
        findings.push_back({file.path, LineAt(file.text, at),
                            std::string(word) + " is banned; instead: do it, or open an issue"});
      }
    }
  }
  return findings;
}

Findings CheckPureFolders(const Tree& tree) {
  Findings findings;
  for (const File& file : tree.files) {
    const bool pure = IsSource(file) && std::any_of(kPureFolders.begin(), kPureFolders.end(),
                                                    [&](std::string_view pure_folder) {
                                                      return IsUnder(file.path, pure_folder);
                                                    });
    if (!pure) continue;
    for (const Include& include : IncludesOf(file.text)) {
      if (!IsBannedInPure(include)) continue;
      findings.push_back({file.path, include.line,
                          "a PURE folder may not include " + include.path +
                              "; put a port (services/engine/ports.h) before it and the adapter "
                              "into services/platform"});
    }
    const std::string code = CodeOnly(file.text);
    for (const std::string_view word : kPureWords) {
      for (const std::size_t at : FindWord(code, word)) {
        findings.push_back({file.path, LineAt(code, at),
                            "a PURE folder may not use " + std::string(word) +
                                "; hand the value in, or use a port"});
      }
    }
  }
  return findings;
}

Findings CheckIncludeArrows(const Tree& tree) {
  Findings findings;
  for (const File& file : tree.files) {
    if (!IsService(file)) continue;
    const Layer* const from = LayerOf(file.path);
    if (from == nullptr) {
      findings.push_back({file.path, 0, "its folder has no layer; add it to kLayers"});
      continue;
    }
    for (const Include& include : IncludesOf(file.text)) {
      if (IsUnder(include.path, "tests")) {
        findings.push_back({file.path, include.line, "services may not include tests"});
      }
      if (!include.system && include.path.find('/') == std::string::npos) {
        findings.push_back({file.path, include.line,
                            "include from the root: \"" + std::string(FolderOf(file.path)) + "/" +
                                include.path + "\""});
      }
      const Layer* const to = LayerOf(include.path);
      if (to == nullptr) continue;
      if (const auto objection = Objection(*from, *to)) {
        findings.push_back({file.path, include.line, *objection});
      }
    }
  }
  return findings;
}

Findings CheckHeaderComments(const Tree& tree) {
  Findings findings;
  for (const File& file : tree.files) {
    if (!IsKind(file.path, {".h"})) continue;
    if (!file.text.starts_with("// ")) {
      findings.push_back(
          {file.path, 1, "begin with a comment: purpose, ownership, which threads may call it"});
    }
    if (file.text.find("\n#pragma once\n") == std::string::npos) {
      findings.push_back({file.path, 1, "add #pragma once behind the comment at the head"});
    }
  }
  return findings;
}

Findings CheckTestHeads(const Tree& tree) {
  Findings findings;
  for (const File& file : tree.files) {
    if (!IsUnder(file.path, "tests") || !file.path.ends_with("_test.cc")) continue;
    const std::string_view text = file.text;
    const std::string_view head = text.substr(0, text.find("\n#include"));
    if (!head.starts_with("// Goal: ") || head.find("\n// Method: ") == std::string_view::npos) {
      findings.push_back({file.path, 1, "begin with `// Goal: …` and `// Method: …`"});
    }
  }
  return findings;
}

}  // namespace motcua::tidy
