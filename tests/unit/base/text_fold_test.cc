// Goal: equal names are equal bytes however they were written, and searches find what is spelled
//       alike.
// Method: one name in many spellings; every character of the basic plane by both ways through
//         CanonicalName; bytes that are no UTF-8.
#include "services/base/text_fold.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace motcua {
namespace {

// kName as different programs write it.
constexpr std::string_view kName = "Cấp Đặt";
const std::vector<std::string> kSpellings = {
    "C\u1EA5p \u0110\u1EB7t",                           // NFC
    "Ca\u0302\u0301p \u0110a\u0323\u0306t",             // NFD
    "C\u00E2\u0301p \u0110a\u0306\u0323t",              // half composed, marks in another order
    "C\u1EA5p  \u0110\u1EB7t",                          // two blanks
    "\tC\u1EA5p\u00A0\u0110\u1EB7t\r\n ",               // no-break blank, tab, line end
    "C\u1EA5p \u00D0\u1EB7t",                           // eth for Đ
    "\uFEFFC\u1EA5p\u200B \u0110a\u200B\u0323\u0306t",  // characters of no width
    "C\u1EA5p\u3000\u0110\u1EB7t",                      // a wide blank
};

TEST(Faults, F7_OneNameHasOneForm) {
  for (const std::string& spelling : kSpellings) EXPECT_EQ(CanonicalName(spelling), kName);
}

TEST(TextFold, SmallEthIsSmallStroke) { EXPECT_EQ(CanonicalName("\u00F0o \u0111o"), "đo đo"); }

TEST(TextFold, NfcKeepsBlanksAndEth) {
  EXPECT_EQ(ToNfc("Ca\u0302\u0301p  \u00D0"), "C\u1EA5p  \u00D0");
  EXPECT_EQ(ToNfc(" plain "), " plain ");
}

TEST(TextFold, CaseAndThePlaceOfToneMarksTellNamesApart) {
  EXPECT_NE(CanonicalName("Hiệp Hoà"), CanonicalName("Hiệp Hòa"));
  EXPECT_NE(CanonicalName("HÒA"), CanonicalName("Hòa"));
}

TEST(TextFold, ASearchSeesNoMarksNoCaseAndNoStroke) {
  for (const std::string& spelling : kSpellings) EXPECT_EQ(FoldForSearch(spelling), "cap dat");
  EXPECT_EQ(FoldForSearch("NGUYỄN THỊ ƯỚC"), "nguyen thi uoc");
  EXPECT_EQ(FoldForSearch("Hiệp Hoà"), FoldForSearch("HIỆP HÒA"));
  EXPECT_EQ(FoldForSearch("Ðặng ð"), "dang d");
}

TEST(TextFold, ToneLastTellsWordsApartAndNotWhereTheirToneStands) {
  for (const std::string& spelling : kSpellings) EXPECT_EQ(ToneLast(spelling), ToneLast(kName));
  EXPECT_EQ(ToneLast("Hiệp Hoà"), ToneLast("HIỆP HÒA"));
  EXPECT_EQ(ToneLast("thuý quỳ"), ToneLast("thúy qùy"));
  const std::vector<std::string> others = {"lan", "lân", "lăn", "làn", "lãn", "lản", "lạn", "lán"};
  for (const std::string& one : others) {
    for (const std::string& other : others)
      EXPECT_EQ(ToneLast(one) == ToneLast(other), one == other);
  }
}

TEST(TextFold, EachIsIdempotent) {
  for (const std::string& spelling : kSpellings) {
    EXPECT_EQ(ToNfc(ToNfc(spelling)), ToNfc(spelling));
    EXPECT_EQ(CanonicalName(CanonicalName(spelling)), CanonicalName(spelling));
    EXPECT_EQ(FoldForSearch(FoldForSearch(spelling)), FoldForSearch(spelling));
    EXPECT_EQ(ToneLast(ToneLast(spelling)), ToneLast(spelling));
  }
}

// A text that is plainly canonical is not shown to ICU; with a character of no width after it, it
// is. Both ways agree on every character of the basic plane, alone and between letters.
TEST(TextFold, TheShortWayIsTheLongWay) {
  for (std::uint32_t c = 1; c <= 0xFFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string one;
    if (c < 0x80) {
      one = {static_cast<char>(c)};
    } else if (c < 0x800) {
      one = {static_cast<char>(0xC0U | c >> 6U), static_cast<char>(0x80U | (c & 0x3FU))};
    } else {
      one = {static_cast<char>(0xE0U | c >> 12U), static_cast<char>(0x80U | (c >> 6U & 0x3FU)),
             static_cast<char>(0x80U | (c & 0x3FU))};
    }
    for (const std::string& text : {one, "a" + one + "b", "a " + one + " b", one + one}) {
      ASSERT_EQ(CanonicalName(text), CanonicalName(text + "\u200B")) << std::hex << c;
    }
  }
}

TEST(TextFold, WhatIsNoUtf8StaysAsItIs) {
  for (const std::string_view text : {"a\xFF  b", "\xC3", "\xED\xA0\x80 "}) {
    EXPECT_EQ(ToNfc(text), text);
    EXPECT_EQ(CanonicalName(text), text);
    EXPECT_EQ(FoldForSearch(text), text);
  }
}

TEST(TextFold, NothingStaysNothing) {
  EXPECT_EQ(CanonicalName(""), "");
  EXPECT_EQ(CanonicalName(" \u00A0\uFEFF\t"), "");
  EXPECT_EQ(FoldForSearch(""), "");
}

}  // namespace
}  // namespace motcua
