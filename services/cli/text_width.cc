#include "services/cli/text_width.h"

#include <algorithm>
#include <array>
#include <utility>

namespace motcua::cli {
namespace {

// The code point at the beginning of `text`, and its length in bytes. A broken byte is itself.
std::pair<char32_t, std::size_t> Decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  std::size_t length = 1;
  char32_t code = first;
  if (first >= 0xF0U) {
    length = 4;
    code = first & 0x07U;
  } else if (first >= 0xE0U) {
    length = 3;
    code = first & 0x0FU;
  } else if (first >= 0xC0U) {
    length = 2;
    code = first & 0x1FU;
  }
  if (length > text.size()) return {first, 1};
  for (std::size_t i = 1; i < length; ++i) code = code << 6U | (byte(i) & 0x3FU);
  return {code, length};
}

std::size_t WidthOf(char32_t code) {
  using Range = std::pair<char32_t, char32_t>;
  static constexpr std::array kZero = {Range{0x0300, 0x036F}, Range{0x200B, 0x200F},
                                       Range{0x20D0, 0x20FF}, Range{0xFE00, 0xFE0F},
                                       Range{0xFEFF, 0xFEFF}};
  static constexpr std::array kTwo = {
      Range{0x1100, 0x115F},   Range{0x2E80, 0x303E},  Range{0x3041, 0xA4CF}, Range{0xAC00, 0xD7A3},
      Range{0xF900, 0xFAFF},   Range{0xFE30, 0xFE6F},  Range{0xFF00, 0xFF60}, Range{0xFFE0, 0xFFE6},
      Range{0x1F300, 0x1FAFF}, Range{0x20000, 0x3FFFD}};
  const auto within = [code](const Range& range) {
    return code >= range.first && code <= range.second;
  };
  if (std::any_of(kZero.begin(), kZero.end(), within)) return 0;
  return std::any_of(kTwo.begin(), kTwo.end(), within) ? 2 : 1;
}

bool IsControl(char32_t code) { return code < 0x20 || code == 0x7F; }

}  // namespace

std::size_t DisplayWidth(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const auto [code, length] = Decode(text);
    width += WidthOf(code);
    text.remove_prefix(length);
  }
  return width;
}

std::string FitWidth(std::string_view text, std::size_t width) {
  const bool cut = DisplayWidth(text) > width;
  const std::size_t room = cut && width > 0 ? width - 1 : width;
  std::string out;
  std::size_t used = 0;
  while (!text.empty()) {
    const auto [code, length] = Decode(text);
    if (used + WidthOf(code) > room) break;
    used += WidthOf(code);
    if (IsControl(code)) {
      out.push_back(' ');
    } else {
      out.append(text.substr(0, length));
    }
    text.remove_prefix(length);
  }
  if (cut && width > 0) out += "…";
  return out;
}

std::string PadRight(std::string_view text, std::size_t width) {
  std::string out = FitWidth(text, width);
  out.append(width - std::min(width, DisplayWidth(out)), ' ');
  return out;
}

std::string PadLeft(std::string_view text, std::size_t width) {
  const std::string fitted = FitWidth(text, width);
  return std::string(width - std::min(width, DisplayWidth(fitted)), ' ') + fitted;
}

std::string Center(std::string_view text, std::size_t width) {
  const std::string fitted = FitWidth(text, width);
  const std::size_t left = (width - std::min(width, DisplayWidth(fitted))) / 2;
  return PadRight(std::string(left, ' ') + fitted, width);
}

std::string FormatCount(long long count) {
  std::string digits = std::to_string(count);
  const std::size_t begin = count < 0 ? 1 : 0;
  for (std::size_t at = digits.size(); at > begin + 3; at -= 3) digits.insert(at - 3, 1, '.');
  return digits;
}

std::string FormatShare(long long part, long long whole) {
  constexpr long long kHundredth = 100;
  if (whole == 0) return "–";
  const long long hundredths = (part * kHundredth * kHundredth + whole / 2) / whole;
  const std::string cents = std::to_string(hundredths % kHundredth);
  return std::to_string(hundredths / kHundredth) + (cents.size() < 2 ? ",0" : ",") + cents + "%";
}

}  // namespace motcua::cli
