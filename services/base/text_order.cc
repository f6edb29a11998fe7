#include "services/base/text_order.h"

#include <cstdint>

#include "services/base/text_fold.h"

namespace motcua {
namespace {

// Of ToneLast: two bytes above ASCII.
constexpr std::string_view kBreve = "\xCC\x86";
constexpr std::string_view kCircumflex = "\xCC\x82";
constexpr std::string_view kHorn = "\xCC\x9B";
constexpr std::string_view kStroke = "\xC4\x91";  // đ

// 0 when the two bytes are no tone mark.
char ToneRank(std::string_view mark) {
  if (mark == "\xCC\x80") return 2;  // huyền
  if (mark == "\xCC\x89") return 3;  // hỏi
  if (mark == "\xCC\x83") return 4;  // ngã
  if (mark == "\xCC\x81") return 5;  // sắc
  if (mark == "\xCC\xA3") return 6;  // nặng
  return 0;
}

constexpr char kNoTone = 1;
// Beside a letter: which of its kind it is, a below ă below â.
constexpr char kPlain = 1;
constexpr char kSecond = 2;
constexpr char kThird = 3;

}  // namespace

std::string OrderKey(std::string_view text) {
  const std::string words = ToneLast(text);
  std::string letters;
  std::string tones;
  char tone = kNoTone;
  for (std::size_t at = 0; at < words.size();) {
    const std::string_view pair = std::string_view(words).substr(at, 2);
    if (const char rank = ToneRank(pair); rank != 0) {
      tone = rank;
      at += pair.size();
    } else if ((pair == kBreve || pair == kHorn) && !letters.empty()) {
      // The horn of ơ comes after ô, which the circumflex makes; ư has no other.
      const bool is_o = letters.size() > 1 && letters[letters.size() - 2] == 'o';
      letters.back() = pair == kHorn && is_o ? kThird : kSecond;
      at += pair.size();
    } else if (pair == kCircumflex && !letters.empty()) {
      const bool is_a = letters.size() > 1 && letters[letters.size() - 2] == 'a';
      letters.back() = is_a ? kThird : kSecond;
      at += pair.size();
    } else if (pair == kStroke) {
      letters += {'d', kSecond};
      at += pair.size();
    } else {
      if (words[at] == ' ') {
        tones += tone;
        tone = kNoTone;
      }
      letters += {words[at], kPlain};
      ++at;
    }
  }
  return letters + '\0' + tones + tone;
}

}  // namespace motcua
