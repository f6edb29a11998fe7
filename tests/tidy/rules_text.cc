// What every text file has to be: readable on any screen, in any editor, on any machine.
#include <algorithm>
#include <array>
#include <cstdint>

#include "services/base/text.h"
#include "tests/tidy/rules.h"

namespace motcua::tidy {
namespace {

// Recorded facts, inputs of other systems and fuzz inputs are kept as they came.
bool IsData(std::string_view path) {
  return IsUnder(path, "tests/data") || IsUnder(path, "tests/fuzz/corpus") ||
         IsKind(path, {".csv", ".gz", ".zst", ".bin", ".png", ".bmp", ".ico"});
}

// Makefiles and their like cannot do without tabs.
bool NeedsTabs(std::string_view path) { return IsKind(path, {".tsv", ".mk", "Makefile"}); }

std::size_t CountColumns(std::string_view line) {
  return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) {
    return (static_cast<std::uint8_t>(c) & 0xC0U) != 0x80U;  // not a continuation byte
  }));
}

// Whether `text` holds a combining accent (U+0300..U+036F): Vietnamese is written composed (NFC).
bool HasCombiningAccent(std::string_view text) {
  for (std::size_t at = 0; at + 1 < text.size(); ++at) {
    const auto first = static_cast<std::uint8_t>(text[at]);
    const auto second = static_cast<std::uint8_t>(text[at + 1]);
    if (first == 0xCC && second >= 0x80) return true;
    if (first == 0xCD && second >= 0x80 && second <= 0xAF) return true;
  }
  return false;
}

template <typename Check>
void ForEachLine(const File& file, Check check) {
  std::size_t number = 0;
  for (const std::string_view line : Lines(file.text)) check(++number, line);
}

}  // namespace

Findings CheckLineLength(const Tree& tree) {
  Findings findings;
  for (const File& file : tree.files) {
    if (!IsKind(file.path, {".cc", ".h", ".proto", ".cmake", "CMakeLists.txt"})) continue;
    ForEachLine(file, [&](std::size_t number, std::string_view line) {
      const std::size_t columns = CountColumns(line);
      if (columns <= kLineColumnsMax) return;
      findings.push_back({file.path, number,
                          std::to_string(columns) + " columns; break the line before column " +
                              std::to_string(kLineColumnsMax + 1)});
    });
  }
  return findings;
}

Findings CheckEncoding(const Tree& tree) {
  Findings findings;
  for (const File& file : tree.files) {
    if (IsData(file.path)) continue;
    if (file.text.starts_with("\xEF\xBB\xBF")) {
      findings.push_back({file.path, 1, "byte order mark; save as plain UTF-8"});
    }
    ForEachLine(file, [&](std::size_t number, std::string_view line) {
      if (!IsUtf8(line)) {
        findings.push_back({file.path, number, "bytes that are not UTF-8; save as UTF-8"});
      } else if (HasCombiningAccent(line)) {
        findings.push_back({file.path, number, "a combining accent; write composed letters (NFC)"});
      }
    });
  }
  return findings;
}

Findings CheckBlanks(const Tree& tree) {
  Findings findings;
  for (const File& file : tree.files) {
    if (IsData(file.path)) continue;
    ForEachLine(file, [&](std::size_t number, std::string_view line) {
      if (line.ends_with('\r')) {
        findings.push_back({file.path, number, "a carriage return; end lines with \\n alone"});
      } else if (line.ends_with(' ') || line.ends_with('\t')) {
        findings.push_back({file.path, number, "blanks at the end of the line; remove them"});
      }
      if (line.find('\t') != std::string_view::npos && !NeedsTabs(file.path)) {
        findings.push_back({file.path, number, "a tab; indent with blanks, write \\t in code"});
      }
    });
    if (!file.text.empty() && !file.text.ends_with('\n')) {
      findings.push_back({file.path, 0, "no line end at the end of the file; add one"});
    } else if (file.text.ends_with("\n\n")) {
      findings.push_back({file.path, 0, "empty lines at the end of the file; remove them"});
    }
  }
  return findings;
}

Findings CheckMachinePaths(const Tree& tree) {
  // Joined here, so that this file does not find itself.
  static const std::array<std::string, 4> kPaths = {
      std::string("/wo") + "rk/", std::string("/ho") + "me/", std::string("/ro") + "ot/",
      std::string("/Us") + "ers/"};
  Findings findings;
  for (const File& file : tree.files) {
    if (IsData(file.path)) continue;
    ForEachLine(file, [&](std::size_t number, std::string_view line) {
      for (const std::string& path : kPaths) {
        const std::size_t at = line.find(path);
        // "network/home/" is no path of a machine.
        if (at == std::string_view::npos || (at > 0 && line[at - 1] != ' ' && line[at - 1] != '"' &&
                                             line[at - 1] != '=' && line[at - 1] != '`')) {
          continue;
        }
        findings.push_back({file.path, number,
                            "a path of one machine, " + path +
                                "; write it from the root of the repository, or hand it in"});
      }
    });
  }
  return findings;
}

}  // namespace motcua::tidy
