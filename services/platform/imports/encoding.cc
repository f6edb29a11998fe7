#include "services/platform/imports/encoding.h"

#include <algorithm>
#include <array>
#include <utility>

#include "services/base/text.h"
#include "services/platform/imports/old_letters.h"

namespace motcua::imports {
namespace {

constexpr char32_t kReplacement = 0xFFFD;
constexpr char32_t kByteOrderMark = 0xFEFF;
constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";
constexpr std::string_view kUtf16LittleMark = "\xFF\xFE";
constexpr std::string_view kUtf16BigMark = "\xFE\xFF";

struct Name {
  std::string_view name;
  Encoding encoding;
};
constexpr std::array kNames = {Name{"utf-8", Encoding::kUtf8},
                               Name{"windows-1258", Encoding::kWindows1258},
                               Name{"tcvn3", Encoding::kTcvn3}, Name{"vni", Encoding::kVni}};

unsigned Byte(char c) { return static_cast<unsigned char>(c); }

// How many bytes a character has that begins with `lead`; 1 for what begins none.
std::size_t LengthOf(char lead) {
  if (Byte(lead) >= 0xF0U) return 4;
  if (Byte(lead) >= 0xE0U) return 3;
  return Byte(lead) >= 0xC0U ? 2 : 1;
}

// The character of well-formed `bytes`.
char32_t CharacterOf(std::string_view bytes) {
  if (bytes.size() == 1) return Byte(bytes[0]);
  constexpr std::array<unsigned, 5> kLeadBits = {0, 0, 0x1F, 0x0F, 0x07};
  char32_t character = Byte(bytes[0]) & kLeadBits.at(bytes.size());
  for (const char c : bytes.substr(1)) character = character << 6U | (Byte(c) & 0x3FU);
  return character;
}

// `text` without a character that its end cuts.
std::string_view WholeCharacters(std::string_view text) {
  std::size_t at = text.size();
  for (std::size_t back = 1; back <= 3 && back <= text.size(); ++back) {
    at = text.size() - back;
    if ((Byte(text[at]) & 0xC0U) != 0x80U) break;
  }
  if (at == text.size() || at + LengthOf(text[at]) <= text.size()) return text;
  return text.substr(0, at);
}

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return Byte(c) < 0x80U; });
}

// Letters that only Unicode has: they stand in no font's place, so the text is Unicode already.
bool HasVietnameseLetters(std::string_view utf8) {
  for (std::size_t at = 0; at < utf8.size();) {
    const std::size_t length = LengthOf(utf8[at]);
    const char32_t character = CharacterOf(utf8.substr(at, length));
    if (character >= 0x1EA0 && character <= 0x1EF9) return true;
    at += length;
  }
  return false;
}

std::string Utf16Sample(std::string_view bytes, bool little) {
  std::string sample;
  for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
    const char32_t low = Byte(bytes[at + (little ? 0 : 1)]);
    const char32_t high = Byte(bytes[at + (little ? 1 : 0)]);
    AppendUtf8(high << 8U | low, sample);
  }
  return sample;
}

}  // namespace

void AppendUtf8(char32_t character, std::string& out) {
  const auto push = [&out](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (character > 0x10FFFF || (character >= 0xD800 && character <= 0xDFFF)) {
    character = kReplacement;
  }
  if (character < 0x80) return push(character);
  if (character < 0x800) {
    push(0xC0U | character >> 6U);
  } else if (character < 0x10000) {
    push(0xE0U | character >> 12U);
    push(0x80U | (character >> 6U & 0x3FU));
  } else {
    push(0xF0U | character >> 18U);
    push(0x80U | (character >> 12U & 0x3FU));
    push(0x80U | (character >> 6U & 0x3FU));
  }
  push(0x80U | (character & 0x3FU));
}

Result<Encoding> ParseEncoding(std::string_view name) {
  std::string known;
  for (const Name& each : kNames) {
    if (each.name == name) return each.encoding;
    known += (known.empty() ? "" : ", ") + std::string(each.name);
  }
  return FieldError("encoding", R"("encoding" is not one of )" + known);
}

std::string_view EncodingName(Encoding encoding) {
  const auto* const found =
      std::find_if(kNames.begin(), kNames.end(),
                   [encoding](const Name& name) { return name.encoding == encoding; });
  return found == kNames.end() ? std::string_view() : found->name;
}

std::optional<std::string> DescribeForeignFile(std::string_view head) {
  struct Kind {
    std::string_view begins;
    std::string_view is;
  };
  static constexpr std::array kKinds = {
      Kind{"PK\x03\x04", "a workbook (.xlsx, .xlsm, .ods)"},
      Kind{"\xD0\xCF\x11\xE0", "an old workbook (.xls) or document (.doc)"},
      Kind{"%PDF", "a PDF"},
      Kind{"{\\rtf", "a text document (.rtf)"},
      Kind{"Rar!", "an archive (.rar)"},
      Kind{"7z\xBC\xAF", "an archive (.7z)"},
  };
  static constexpr std::string_view kAdvice =
      ", not CSV; open it, and save the sheet of the register as \"CSV UTF-8\"";
  for (const Kind& kind : kKinds) {
    if (head.starts_with(kind.begins)) return "is " + std::string(kind.is) + std::string(kAdvice);
  }
  if (head.starts_with(kUtf8Mark)) head.remove_prefix(kUtf8Mark.size());
  const std::string_view text = Trim(head);
  if (text.starts_with('<')) {
    return "is a web page or XML, often with a name in .xls" + std::string(kAdvice);
  }
  const bool marked = head.starts_with(kUtf16LittleMark) || head.starts_with(kUtf16BigMark);
  if (!marked && head.find('\0') != std::string_view::npos) {
    return "has bytes 0: UTF-16 without its mark, or no text at all; save it as \"CSV UTF-8\"";
  }
  return std::nullopt;
}

// The first chunk decides; a register is longer than its first letters, and a chunk holds many.
void TextDecoder::Decide(std::string_view head) {
  letters_ = named_;
  if (head.starts_with(kUtf16LittleMark) || head.starts_with(kUtf16BigMark)) {
    const bool little = head.starts_with(kUtf16LittleMark);
    units_ = little ? Units::kUtf16Little : Units::kUtf16Big;
    if (HasVietnameseLetters(Utf16Sample(head, little))) letters_ = Encoding::kUtf8;
    if (named_ == Encoding::kWindows1258) letters_ = Encoding::kUtf8;
    return;
  }
  const std::string_view whole = WholeCharacters(head);
  const bool marked = head.starts_with(kUtf8Mark);
  const bool utf8 = marked || (!IsAscii(head) && IsUtf8(whole));
  if (!utf8) {
    units_ = named_ == Encoding::kUtf8 ? Units::kPassThrough : Units::kBytes;
    return;
  }
  // Windows-1258 is an encoding of bytes alone; the other two are fonts.
  const bool unicode = named_ == Encoding::kUtf8 || named_ == Encoding::kWindows1258 ||
                       !IsUtf8(whole) || HasVietnameseLetters(whole);
  if (unicode) letters_ = Encoding::kUtf8;
  units_ = unicode ? Units::kPassThrough : Units::kUtf8;
}

void TextDecoder::Feed(std::string_view bytes, std::string& out) {
  if (units_ == Units::kUnknown) Decide(bytes);
  switch (units_) {
    case Units::kUnknown:
    case Units::kPassThrough:
      out.append(bytes);
      return;
    case Units::kBytes:
      for (const char c : bytes) TakeCharacter(Byte(c), out);
      return;
    case Units::kUtf8:
      return TakeUtf8(bytes, out);
    case Units::kUtf16Little:
    case Units::kUtf16Big:
      return TakeUtf16(bytes, out);
  }
}

void TextDecoder::Finish(std::string& out) {
  const bool utf16 = units_ == Units::kUtf16Little || units_ == Units::kUtf16Big;
  if (high_surrogate_ != 0 || (utf16 && !left_.empty())) TakeCharacter(kReplacement, out);
  if (!utf16) {
    for (const char c : left_) TakeCharacter(Byte(c), out);
  }
  left_.clear();
  high_surrogate_ = 0;
  if (vni_letter_ != 0) AppendUtf8(LetterOfWindows1252(std::exchange(vni_letter_, 0)), out);
}

void TextDecoder::TakeUtf8(std::string_view bytes, std::string& out) {
  left_.append(bytes);
  std::size_t at = 0;
  while (at < left_.size()) {
    const std::size_t length = LengthOf(left_[at]);
    if (at + length > left_.size()) break;
    const std::string_view character = std::string_view(left_).substr(at, length);
    if (!IsUtf8(character)) {  // a byte that is none: as the byte it was
      TakeCharacter(Byte(left_[at++]), out);
      continue;
    }
    TakeCharacter(CharacterOf(character), out);
    at += length;
  }
  left_.erase(0, at);
}

void TextDecoder::TakeUtf16(std::string_view bytes, std::string& out) {
  const bool little = units_ == Units::kUtf16Little;
  for (const char c : bytes) {
    if (left_.empty()) {
      left_.push_back(c);
      continue;
    }
    const char32_t first = Byte(left_.front());
    const char32_t second = Byte(c);
    left_.clear();
    TakeUnit16(little ? second << 8U | first : first << 8U | second, out);
  }
}

void TextDecoder::TakeUnit16(char32_t unit, std::string& out) {
  const bool low = unit >= 0xDC00 && unit <= 0xDFFF;
  if (high_surrogate_ != 0 && low) {
    const char32_t high = std::exchange(high_surrogate_, 0);
    return TakeCharacter(0x10000 + ((high - 0xD800) << 10U) + (unit - 0xDC00), out);
  }
  if (std::exchange(high_surrogate_, 0) != 0) TakeCharacter(kReplacement, out);
  if (unit >= 0xD800 && unit <= 0xDBFF) {
    high_surrogate_ = unit;
  } else {
    TakeCharacter(low ? kReplacement : unit, out);
  }
}

void TextDecoder::TakeCharacter(char32_t character, std::string& out) {
  if (std::exchange(at_start_, false) && character == kByteOrderMark) return;
  switch (letters_) {
    case Encoding::kUtf8:
      return AppendUtf8(character, out);
    case Encoding::kWindows1258:
      return AppendUtf8(LetterOfWindows1258(character), out);
    case Encoding::kTcvn3:
      return AppendUtf8(LetterOfTcvn3(character), out);
    case Encoding::kVni:
      return TakeVni(character, out);
  }
}

void TextDecoder::TakeVni(char32_t character, std::string& out) {
  if (vni_letter_ != 0) {
    const char32_t base = std::exchange(vni_letter_, 0);
    if (const char32_t letter = LetterOfVni(base, character); letter != 0) {
      return AppendUtf8(letter, out);
    }
    AppendUtf8(LetterOfVni(base), out);
  }
  if (TakesVniMark(character)) {
    vni_letter_ = character;
  } else {
    AppendUtf8(LetterOfVni(character), out);
  }
}

}  // namespace motcua::imports
