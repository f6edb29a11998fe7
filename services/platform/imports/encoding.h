// The bytes of a register's file as UTF-8, whatever program and decade wrote them.
//
//   TextDecoder decoder(Encoding::kTcvn3);
//   decoder.Feed(chunk, text);   // appends to `text`, any number of times
//   decoder.Finish(text);
//
// A mark at the beginning (UTF-8, UTF-16) wins over what the mapping names. The fonts of TCVN3 and
// VNI put Vietnamese letters in the places of others; a spreadsheet that saves such a book as
// Unicode writes those others, so both are read: the old bytes, and UTF-8 or UTF-16 that holds
// them.
//
// Pure; total: no bytes are refused here (what is not UTF-8 is for the CSV reader to tell).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "services/base/status.h"

namespace motcua::imports {

enum class Encoding : std::uint8_t { kUtf8, kWindows1258, kTcvn3, kVni };

// "utf-8", "windows-1258", "tcvn3", "vni"; FIELD_INVALID with the list otherwise.
Result<Encoding> ParseEncoding(std::string_view name);

std::string_view EncodingName(Encoding encoding);

// What a file that is no text at all is, in a sentence that says what to do; nothing for text.
// `head` is its beginning.
std::optional<std::string> DescribeForeignFile(std::string_view head);

class TextDecoder {
 public:
  explicit TextDecoder(Encoding named) : named_(named) {}

  void Feed(std::string_view bytes, std::string& out);
  void Finish(std::string& out);

  // Whether letters of the named encoding were read: false where the file was Unicode after all.
  // Known after the first Feed.
  bool uses_letters_of_named() const { return letters_ != Encoding::kUtf8; }

 private:
  enum class Units : std::uint8_t {
    kUnknown,
    kPassThrough,
    kBytes,
    kUtf8,
    kUtf16Little,
    kUtf16Big
  };

  void Decide(std::string_view head);
  void TakeUtf8(std::string_view bytes, std::string& out);
  void TakeUtf16(std::string_view bytes, std::string& out);
  void TakeUnit16(char32_t unit, std::string& out);
  void TakeCharacter(char32_t character, std::string& out);
  void TakeVni(char32_t character, std::string& out);

  Encoding named_;
  Encoding letters_ = Encoding::kUtf8;
  Units units_ = Units::kUnknown;
  std::string left_;  // bytes of a character that the chunk cut
  char32_t high_surrogate_ = 0;
  char32_t vni_letter_ = 0;  // waits for its mark
  bool at_start_ = true;
};

void AppendUtf8(char32_t character, std::string& out);

}  // namespace motcua::imports
