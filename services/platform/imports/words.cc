#include "services/platform/imports/words.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "services/base/text.h"
#include "services/base/text_fold.h"

namespace motcua::imports {
namespace {

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80U; });
}

// Marks of writing direction, which some systems put around dates: E2 80 8E, 8F and AA to AE.
std::string WithoutDirections(std::string_view text) {
  std::string kept;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text.substr(at).starts_with("\xE2\x80") && at + 2 < text.size()) {
      const auto last = static_cast<unsigned char>(text[at + 2]);
      if (last == 0x8EU || last == 0x8FU || (last >= 0xAAU && last <= 0xAEU)) {
        at += 2;
        continue;
      }
    }
    kept.push_back(text[at]);
  }
  return kept;
}

bool StartsWithLetter(std::string_view text) {
  if (text.empty()) return false;
  const auto first = static_cast<unsigned char>(text.front());
  if (first >= 0xC3U && first <= 0xCDU) return true;  // Latin letters with marks, and marks alone
  if (text.starts_with("\xE1\xBA") || text.starts_with("\xE1\xBB")) return true;
  return (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z');
}

// Whether CanonicalName(OneLine(text)) is `text`, seen at a glance: letters of ASCII and the
// composed ones of Vietnamese, parted by single blanks. Of other texts this says nothing.
bool IsCanonical(std::string_view text) {
  bool blank = true;  // of the character before
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (c < 0x80U) {
      if (c < 0x20U || c == 0x7FU || (c == ' ' && blank)) return false;
      blank = c == ' ';
      continue;
    }
    blank = false;
    const unsigned next = at + 1 < text.size() ? static_cast<unsigned char>(text[at + 1]) : 0U;
    const bool eth = c == 0xC3U && (next == 0x90U || next == 0xB0U);
    if (c >= 0xC3U && c <= 0xC6U && !eth && next >= 0x80U) {
      ++at;  // U+00C0 to U+01BF
    } else if (c == 0xE1U && (next == 0xBAU || next == 0xBBU) && at + 2 < text.size()) {
      at += 2;  // U+1E80 to U+1EFF
    } else {
      return false;
    }
  }
  return text.empty() || !blank;
}

}  // namespace

std::string FoldWord(std::string_view text) { return FoldForSearch(text); }

std::string_view CutUtf8(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

std::string OneLine(std::string_view text) {
  std::string line;
  line.reserve(text.size());
  for (const char c : text) {
    const bool control = static_cast<unsigned char>(c) < 0x20U || c == 0x7F;
    if (!control) {
      line.push_back(c);
    } else if (!line.empty() && line.back() != ' ') {
      line.push_back(' ');
    }
  }
  return std::string(Trim(line));
}

std::string NameOfCell(std::string_view cell) {
  return IsCanonical(cell) ? std::string(cell) : CanonicalName(OneLine(cell));
}

std::string_view TrimCell(std::string_view cell) {
  static constexpr std::array<std::string_view, 4> kBlanks = {"\xC2\xA0", "\xE2\x80\xAF",
                                                              "\xE2\x80\x8B", "\xEF\xBB\xBF"};
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80U; };
  while (true) {
    cell = Trim(cell);
    if (cell.empty() || (is_ascii(cell.front()) && is_ascii(cell.back()))) return cell;
    const std::size_t before = cell.size();
    for (const std::string_view blank : kBlanks) {
      if (cell.starts_with(blank)) cell.remove_prefix(blank.size());
      if (cell.ends_with(blank)) cell.remove_suffix(blank.size());
    }
    if (cell.size() == before) return cell;
  }
}

void FoldDateWords(std::string_view text, std::string& out) {
  if (!IsAscii(text)) {
    out = FoldForSearch(WithoutDirections(text));
    return;
  }
  out.clear();
  for (const char c : text) {
    const bool blank = static_cast<unsigned char>(c) <= 0x20U || c == 0x7F;
    if (blank && (out.empty() || out.back() == ' ')) continue;
    out.push_back(blank ? ' ' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  }
  if (out.ends_with(' ')) out.pop_back();
}

bool IsNameDamaged(std::string_view name) {
  if (name.find("\xEF\xBF\xBD") != std::string_view::npos) return true;
  for (std::size_t at = name.find('?'); at != std::string_view::npos; at = name.find('?', at + 1)) {
    if (StartsWithLetter(name.substr(at + 1))) return true;
  }
  return false;
}

}  // namespace motcua::imports
