// Goal: old letters become the Vietnamese ones, all of them, however the file is cut into chunks.
// Method: vectors of the whole alphabet taken from two programs that are not ours (viparse 0.1.31,
// whose tables were checked on documents of 1998 to 2009, and vietnamese-conversion 2.0.0, whose
// ỷ and ỹ are corrected after the first); properties over random bytes.
#include "services/platform/imports/encoding.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <string>

#include "services/base/text.h"
#include "services/base/text_fold.h"

namespace motcua::imports {
namespace {

std::string Decode(Encoding encoding, std::string_view bytes,
                   std::size_t chunk = std::string::npos) {
  TextDecoder decoder(encoding);
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += std::min(chunk, bytes.size() - at)) {
    decoder.Feed(bytes.substr(at, chunk), text);
  }
  decoder.Finish(text);
  return text;
}

TEST(OldLetters, Tcvn3HasTheWholeAlphabet) {
  const std::string bytes =
      "\xA1\xA2\xA3\xA4\xA5\xA6\xA7\xA8\xA9\xAA\xAB\xAC\xAD\xAE\xB5\xB6\xB7\xB8\xB9\xBB"
      "\xBC\xBD\xBE\xC6\xC7\xC8\xC9\xCA\xCB\xCC\xCE\xCF\xD0\xD1\xD2\xD3\xD4\xD5\xD6\xD7"
      "\xD8\xDC\xDD\xDE\xDF\xE1\xE2\xE3\xE4\xE5\xE6\xE7\xE8\xE9\xEA\xEB\xEC\xED\xEE\xEF"
      "\xF1\xF2\xF3\xF4\xF5\xF6\xF7\xF8\xF9\xFA\xFB\xFC\xFD\xFE";
  const std::string letters =
      "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợù"
      "ủũúụừửữứựỳỷỹýỵ";
  EXPECT_EQ(Decode(Encoding::kTcvn3, bytes), letters);
}

TEST(OldLetters, VniHasTheWholeAlphabet) {
  const std::string bytes =
      "A\xD8 A\xD9 A\xC2 A\xD5 E\xD8 E\xD9 E\xC2 \xCC \xCD O\xD8 O\xD9 O\xC2 O\xD5 "
      "U\xD8 U\xD9 Y\xD9 a\xF8 a\xF9 a\xE2 a\xF5 e\xF8 e\xF9 e\xE2 \xEC \xED o\xF8 "
      "o\xF9 o\xE2 o\xF5 u\xF8 u\xF9 y\xF9 A\xCA \xD1 \xD3 U\xD5 \xD4 \xD6 a\xEA "
      "\xF1 \xF3 u\xF5 \xF4 \xF6 A\xCF A\xDB A\xC1 A\xC0 A\xC5 A\xC3 A\xC4 A\xC9 "
      "A\xC8 A\xDA A\xDC A\xCB E\xCF E\xDB E\xD5 E\xC1 E\xC0 E\xC5 E\xC3 E\xC4 \xC6 "
      "\xD2 O\xCF O\xDB O\xC1 O\xC0 O\xC5 O\xC3 O\xC4 \xD4\xD9 \xD4\xD8 \xD4\xDB "
      "\xD4\xD5 \xD4\xCF U\xCF U\xDB \xD6\xD9 \xD6\xD8 \xD6\xDB \xD6\xD5 \xD6\xCF "
      "Y\xD8 \xCE Y\xDB Y\xD5 a\xEF a\xFB a\xE1 a\xE0 a\xE5 a\xE3 a\xE4 a\xE9 a\xE8 "
      "a\xFA a\xFC a\xEB e\xEF e\xFB e\xF5 e\xE1 e\xE0 e\xE5 e\xE3 e\xE4 \xE6 \xF2 "
      "o\xEF o\xFB o\xE1 o\xE0 o\xE5 o\xE3 o\xE4 \xF4\xF9 \xF4\xF8 \xF4\xFB "
      "\xF4\xF5 \xF4\xEF u\xEF u\xFB \xF6\xF9 \xF6\xF8 \xF6\xFB \xF6\xF5 \xF6\xEF "
      "y\xF8 \xEE y\xFB y\xF5 ";
  const std::string letters =
      "À Á Â Ã È É Ê Ì Í Ò Ó Ô Õ Ù Ú Ý à á â ã è é ê ì í ò ó ô õ ù ú ý Ă Đ Ĩ Ũ Ơ Ư "
      "ă đ ĩ ũ ơ ư Ạ Ả Ấ Ầ Ẩ Ẫ Ậ Ắ Ằ Ẳ Ẵ Ặ Ẹ Ẻ Ẽ Ế Ề Ể Ễ Ệ Ỉ Ị Ọ Ỏ Ố Ồ Ổ Ỗ Ộ Ớ Ờ Ở "
      "Ỡ Ợ Ụ Ủ Ứ Ừ Ử Ữ Ự Ỳ Ỵ Ỷ Ỹ ạ ả ấ ầ ẩ ẫ ậ ắ ằ ẳ ẵ ặ ẹ ẻ ẽ ế ề ể ễ ệ ỉ ị ọ ỏ ố "
      "ồ ổ ỗ ộ ớ ờ ở ỡ ợ ụ ủ ứ ừ ử ữ ự ỳ ỵ ỷ ỹ ";
  EXPECT_EQ(Decode(Encoding::kVni, bytes), letters);
  // A letter without a mark, a mark without a letter, and a letter at the end.
  EXPECT_EQ(Decode(Encoding::kVni, "bao caùo"), "bao cáo");
}

TEST(OldLetters, PunctuationOfTheirTimeStays) {
  for (const Encoding encoding : {Encoding::kTcvn3, Encoding::kVni, Encoding::kWindows1258}) {
    EXPECT_EQ(Decode(encoding, "\x93x\x94 \x96 1/2"), "“x” – 1/2");
  }
}

TEST(Encodings, Utf16WithItsMark) {
  const std::string little("\xFF\xFE\x10\x01\xA1\x1E\x3D\xD8\x00\xDE,\x00", 12);
  EXPECT_EQ(Decode(Encoding::kUtf8, little), "Đạ😀,");
  const std::string big("\xFE\xFF\x01\x10\x1E\xA1\xD8\x3D\xDE\x00\x00,", 12);
  EXPECT_EQ(Decode(Encoding::kUtf8, big), "Đạ😀,");
  // Half a pair and half a unit are the sign for what is lost.
  EXPECT_EQ(Decode(Encoding::kUtf8, std::string("\xFF\xFE\x3D\xD8,\x00\x41", 7)),
            "\xEF\xBF\xBD,\xEF\xBF\xBD");
}

TEST(Encodings, UnknownNamesAreRefusedWithTheList) {
  EXPECT_EQ(*ParseEncoding("tcvn3"), Encoding::kTcvn3);
  EXPECT_NE(ParseEncoding("viscii").status().message().find("windows-1258, tcvn3, vni"),
            std::string::npos);
}

rc::Gen<std::string> AnyBytes() {
  return rc::gen::container<std::string>(rc::gen::oneOf(
      rc::gen::arbitrary<char>(),
      rc::gen::element('a', 'o', ',', '\n', '\xFF', '\xFE', '\xF8', '\xC3', '\xB5', '\xD8')));
}

// The first chunk decides what the file is; after that, cuts mean nothing.
TEST(Encodings, ChunksMeanNothingAndAllButUtf8IsMadeUtf8) {
  for (const Encoding encoding :
       {Encoding::kUtf8, Encoding::kWindows1258, Encoding::kTcvn3, Encoding::kVni}) {
    EXPECT_TRUE(rc::check("chunks", [encoding] {
      const std::string first = *AnyBytes();
      const std::string rest = *AnyBytes();
      const auto chunk = *rc::gen::inRange<std::size_t>(1, 5);
      TextDecoder whole(encoding);
      TextDecoder cut(encoding);
      std::string text;
      std::string again;
      whole.Feed(first, text);
      cut.Feed(first, again);
      whole.Feed(rest, text);
      for (std::size_t at = 0; at < rest.size(); at += chunk) {
        cut.Feed(std::string_view(rest).substr(at, chunk), again);
      }
      whole.Finish(text);
      cut.Finish(again);
      RC_ASSERT(text == again);
      if (whole.uses_letters_of_named()) RC_ASSERT(IsUtf8(text));
    }));
  }
}

}  // namespace
}  // namespace motcua::imports
