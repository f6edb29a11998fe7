// Goal: text from outside is judged byte by byte as Unicode says, and hashes never change.
// Method: tables with the borders of UTF-8's ranges; a decoder written the long way as the judge;
//         golden hash values, which are stored in logs.
#include "services/base/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdint>

#include "services/base/hash.h"
#include "services/base/text_cut.h"

namespace motcua {
namespace {

using testing::ElementsAre;

std::string Encode(std::uint32_t code) {
  const auto byte = [](std::uint32_t value) { return static_cast<char>(value); };
  if (code < 0x80) return {byte(code)};
  if (code < 0x800) return {byte(0xC0U | code >> 6U), byte(0x80U | (code & 0x3FU))};
  if (code < 0x10000) {
    return {byte(0xE0U | code >> 12U), byte(0x80U | (code >> 6U & 0x3FU)),
            byte(0x80U | (code & 0x3FU))};
  }
  return {byte(0xF0U | code >> 18U), byte(0x80U | (code >> 12U & 0x3FU)),
          byte(0x80U | (code >> 6U & 0x3FU)), byte(0x80U | (code & 0x3FU))};
}

TEST(Utf8Test, EveryCodePointPassesAndNoSurrogateDoes) {
  for (std::uint32_t code = 0; code <= 0x10FFFF; ++code) {
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    ASSERT_EQ(IsUtf8(Encode(code)), !surrogate) << std::hex << code;
  }
  EXPECT_FALSE(IsUtf8(Encode(0x110000)));
}

TEST(Utf8Test, RefusesBrokenForms) {
  for (const std::string_view text : {"\x80", "\xC3", "\xC3(", "\xE1\xBB", "\xE1(\xBB",
                                      "\xF0\x9F\x98", "\xFF", "\xF8\x88\x80\x80",
                                      "\xC0\xAF",             // '/' in two bytes
                                      "\xE0\x80\xAF",         // … in three
                                      "\xF0\x80\x80\xAF",     // … in four
                                      "m\xE9t c\xFA\x61"}) {  // Latin-1
    EXPECT_FALSE(IsUtf8(text)) << text;
  }
  EXPECT_TRUE(IsUtf8(""));
  EXPECT_TRUE(IsUtf8("Một cửa, Sở Nội vụ 😀"));
}

TEST(PrintableTest, RefusesControlCharacters) {
  EXPECT_TRUE(IsPrintable("Một cửa"));
  EXPECT_TRUE(IsPrintable(""));
  for (int c = 0; c < 0x20; ++c) EXPECT_FALSE(IsPrintable(std::string(1, static_cast<char>(c))));
  EXPECT_FALSE(IsPrintable("\x7F"));
  EXPECT_FALSE(IsPrintable(std::string_view("a\0b", 3)));
}

TEST(SplitTest, KeepsEmptyParts) {
  EXPECT_THAT(SplitText("", ','), ElementsAre(""));
  EXPECT_THAT(SplitText("a", ','), ElementsAre("a"));
  EXPECT_THAT(SplitText(",a,,b,", ','), ElementsAre("", "a", "", "b", ""));
}

TEST(SplitTest, JoinedAgainIsTheSame) {
  rc::check("join(split(text)) == text", [](const std::string& text) {
    std::string joined;
    for (const std::string_view part : SplitText(text, 'a')) joined += std::string(part) + "a";
    joined.pop_back();
    RC_ASSERT(joined == text);
  });
}

TEST(TrimTest, TakesBlanksFromBothEndsOnly) {
  EXPECT_EQ(Trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(Trim("a"), "a");
  EXPECT_EQ(Trim(" \n "), "");
  EXPECT_EQ(Trim(""), "");
}

// Stored in events and rows, and the map from unit to partition: never change these numbers.
TEST(HashTest, GoldenValues) {
  EXPECT_EQ(HashBytes(""), 0x2D06800538D394C2U);
  EXPECT_EQ(HashBytes("000.23.10.H49"), 0xFA91C2E197E430F0U);
  EXPECT_EQ(HashBytes("000.23.10.H49", 1), 0xCC6580498075C3F2U);
  const Hash128 hash = HashBytes128("000.23.10.H49");
  EXPECT_EQ(hash.low, 0x9C9471AAB6FF6F49U);
  EXPECT_EQ(hash.high, 0x457F5F68A1CEF4BU);
}

TEST(HashTest, LongInputsToo) {
  EXPECT_EQ(HashBytes(std::string(1'000, 'a')), 0xB3E7AF627147DB7CU);
}

TEST(CutText, TheHeadOfATextIsText) {
  const std::string text = "Đ\u1EB7ng \U0001F4C4 ở đây";
  for (std::size_t bytes = 0; bytes <= text.size() + 1; ++bytes) {
    const std::string_view head = CutText(text, bytes);
    EXPECT_TRUE(IsUtf8(head)) << bytes;
    EXPECT_TRUE(text.starts_with(head));
    EXPECT_LE(head.size(), bytes);
    EXPECT_TRUE(head.size() + 3 >= bytes || head.size() == text.size()) << "no more than a letter";
  }
}

}  // namespace
}  // namespace motcua
