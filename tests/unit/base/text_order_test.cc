// Goal: names are put in the order of the Vietnamese alphabet.
// Method: lists in the order that ICU's collation for Vietnamese gives them.
#include "services/base/text_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace motcua {
namespace {

void ExpectInOrder(const std::vector<std::string>& ordered) {
  for (std::size_t i = 1; i < ordered.size(); ++i) {
    EXPECT_LT(OrderKey(ordered[i - 1]), OrderKey(ordered[i]))
        << ordered[i - 1] << ", " << ordered[i];
  }
}

TEST(OrderKey, LettersAreTheirOwnAndTonesBreakTies) {
  ExpectInOrder({"Da", "Dà", "Dả", "Dã", "Dá", "Dạ", "Doãn", "Dung", "Dũng", "Duy", "Dương", "Đa",
                 "Đăng", "Đức"});
  ExpectInOrder({"a", "ă", "â", "b", "c", "d", "đ", "e", "ê", "o", "ô", "ơ", "u", "ư", "y"});
  ExpectInOrder({"Lan", "Làn", "Lạn", "Lan can", "Lăn", "Lân", "Lận", "Lu"});
}

// An earlier word's letters weigh more than any tone, an earlier tone more than a later one.
TEST(OrderKey, WordsOfANameOneAfterTheOther) {
  ExpectInOrder({"Ban an", "Ban án", "Bán an", "Ban ăn", "Bàn giao"});
}

TEST(OrderKey, CaseTonePlaceAndFormsAreEqual) {
  EXPECT_EQ(OrderKey("HOÀ"), OrderKey("hòa"));
  EXPECT_EQ(OrderKey("Đất"), OrderKey("\xC3\x90\xC3\xA2\xCC\x81t"));  // eth, loose acute
}

}  // namespace
}  // namespace motcua
