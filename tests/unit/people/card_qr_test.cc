// Goal: the QR of every card that is in use is read, what a scanner garbled is refused with what to
//       do, and a card never overwrites what was chosen.
// Method: payloads of each kind of card with invented people; each way in which scanners are known
//         to garble one.
#include "services/domain/people/card_qr.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/sample_parties.h"

namespace motcua::people {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::string kChipCard =
    "000080000001|000000009|Nguyễn Văn Ví Dụ|29021980|Nam|"
    "Thôn Giấy, Xã Giấy, Huyện Giấy, Tỉnh Giấy|01052021";

TEST(CardQr, AChipCardHasSevenFields) {
  const auto card = ParseCard(kChipCard + "\r\n");
  ASSERT_TRUE(card.ok()) << card.status().ToString();
  EXPECT_EQ(card->number, "000080000001");
  EXPECT_EQ(card->old_number, "000000009");
  EXPECT_EQ(card->name, "Nguyễn Văn Ví Dụ");
  EXPECT_EQ(card->birth, (Birth{1980, 2, 29}));
  EXPECT_EQ(card->sex, Sex::kMale);
  EXPECT_EQ(card->address, "Thôn Giấy, Xã Giấy, Huyện Giấy, Tỉnh Giấy");
  EXPECT_EQ(card->issued, MakeDate(2021, 5, 1));
  EXPECT_THAT(card->rest, IsEmpty());
}

TEST(CardQr, EmptyFieldsKeepTheirPlaces) {
  const auto card = ParseCard("000180000001||Trần Thị Ví Dụ|02031980|Nữ||01072024||||");
  ASSERT_TRUE(card.ok()) << card.status().ToString();
  EXPECT_EQ(card->old_number, "");
  EXPECT_EQ(card->name, "Trần Thị Ví Dụ");
  EXPECT_EQ(card->sex, Sex::kFemale);
  EXPECT_EQ(card->address, "");
  EXPECT_EQ(card->issued, MakeDate(2024, 7, 1));
  EXPECT_THAT(card->rest, ElementsAre("", "", "", ""));
}

TEST(CardQr, SixFieldsLackTheOldNumberWhereADayOfBirthSaysSo) {
  const auto card = ParseCard("000080000001|Nguyễn Văn Ví Dụ|29021980|Nam|Xã Giấy|01052021");
  ASSERT_TRUE(card.ok()) << card.status().ToString();
  EXPECT_EQ(card->old_number, "");
  EXPECT_EQ(card->name, "Nguyễn Văn Ví Dụ");
  EXPECT_EQ(card->birth, (Birth{1980, 2, 29}));
  // Cut off in front of the last field: the third is no day.
  const auto cut = ParseCard("000080000001|000000009|Nguyễn Văn Ví Dụ|29021980|Nam|Xã Giấy");
  ASSERT_FALSE(cut.ok());
  EXPECT_THAT(cut.status().message(), HasSubstr("fewer than 7"));
}

// From 15/3/2026 a card carries numbers of before that were cancelled.
TEST(CardQr, TheOldNumberMayBeAPersonalOne) {
  const auto card =
      ParseCard("000080000001|000080000002|Nguyễn Văn Ví Dụ|29021980|Nam|Xã Giấy|16032026");
  ASSERT_TRUE(card.ok()) << card.status().ToString();
  Party party;
  EXPECT_THAT(AddCard(*card, party), IsEmpty());
  ASSERT_EQ(party.numbers.size(), 2u);
  EXPECT_EQ(party.numbers[1].kind, NumberKind::kCitizen);
  EXPECT_EQ(party.numbers[1].valid.to, MakeDate(2026, 3, 16));
}

TEST(CardQr, DecomposedLettersAreComposed) {
  const auto card = ParseCard(
      "000080000001||Nguye\u0302\u0303n Va\u0306n Vi\u0301|29021980|Nam|Xa\u0303 Gia\u0302\u0301y|"
      "01052021");
  ASSERT_TRUE(card.ok()) << card.status().ToString();
  EXPECT_EQ(card->name, "Nguyễn Văn Ví");
  EXPECT_EQ(card->address, "Xã Giấy");
}

// People of many languages live here.
TEST(CardQr, NamesThatAreNotVietnameseAreNames) {
  for (const std::string name : {"H'Hen Ví Dụ", "Y Blô Êban", "K'Brơi", "Smith-Ví O’Dụ"}) {
    const auto card = ParseCard("000080000001||" + name + "|29021980|Nam||01052021");
    // A typographic apostrophe is no sign of a card's.
    EXPECT_EQ(card.ok(), name.find("’") == std::string::npos) << name;
  }
}

struct Refused {
  std::string scanned;
  std::string_view field;
  std::string_view what;
};

TEST(CardQr, WhatAScannerGarbledIsRefusedWithWhatToDoAndWithoutAValue) {
  const std::string head = "000080000001|000000009|";
  const std::string tail = "|29021980|Nam|Xã Giấy|01052021";
  const std::vector<Refused> all = {
      {"", "qr", "missing"},
      {"000080000001", "qr", "of a person or of a place"},
      {"xin chào", "qr", "no bar"},
      {std::string(kCardBytesMax + 1, '|'), "qr", "2048"},
      {std::string(kCardFieldsMax + 1, '|'), "qr", "more fields"},
      {"000080000001|000000009|Nguyễn Văn Ví Dụ", "qr", "fewer than 7"},
      // Latin-1 bytes; UTF-8 read as Windows-1252, once with a no-break blank for half a letter.
      {head + "Nguy\xEA" + tail, "qr", "input method"},
      {head + "Nguyá»…n VÄƒn VÃ­ Dá»¥" + tail, "qr.name", "input method"},
      {head + "Nguy HÃ\u00A0" + tail, "qr.name", "input method"},
      {head + "Nguy?n V?n V? D?" + tail, "qr.name", "input method"},
      {head + "Nguy\uFFFDn" + tail, "qr.name", "no name"},
      // Telex put a second tone where there was one.
      {head + "Nguyễǹ Văn Ví Dụ" + tail, "qr.name", "input method"},
      {head + "Nguyễn Văn Ví Dụ|29021980|Ná»¯|Xã Giấy|01052021", "qr.sex", "input method"},
      {head + "Nguyễn Văn Ví Dụ|29021980|Nam|X? Gi?y|01052021", "qr.address", "input method"},
      {head + "|29021980|Nam|Xã Giấy|01052021", "qr.name", "missing"},
      {"00008000000|000000009|Ví Dụ" + tail, "qr.number", "12 digits"},
      {"000080000001|00000000|Ví Dụ" + tail, "qr.old_number", "9 or 12"},
      {head + "Ví Dụ|31021980|Nam|Xã Giấy|01052021", "qr.birth", "ddMMyyyy"},
      {head + "Ví Dụ|29021980|Nam|Xã Giấy|2021", "qr.issued", "ddMMyyyy"},
  };
  for (const Refused& refused : all) {
    const auto card = ParseCard(refused.scanned);
    ASSERT_FALSE(card.ok()) << refused.scanned;
    const Status status = card.status();
    EXPECT_EQ(status.metadata().front().second, refused.field) << status.ToString();
    EXPECT_THAT(status.message(), HasSubstr(std::string(refused.what))) << refused.scanned;
    for (const std::string_view value : {"Nguy", "Ví Dụ", "000080000001", "000000009", "Giấy"}) {
      EXPECT_THAT(status.ToString(), Not(HasSubstr(std::string(value))));
    }
  }
}

TEST(CardQr, ACardNeverOverwritesWhatWasChosen) {
  Party party = motcua::testing::SampleParty();
  const Party before = party;
  const auto card = ParseCard(
      "000080000003|000080000001|Nguyễn Văn Khác|01011981|Nữ|Thôn Khác, Xã Khác|01052026|||x|");
  ASSERT_TRUE(card.ok()) << card.status().ToString();
  const std::vector<Warning> warnings = AddCard(*card, party);
  EXPECT_EQ(party.name, before.name);
  EXPECT_EQ(party.birth, before.birth);
  EXPECT_EQ(party.sex, before.sex);
  for (std::size_t i = 0; i < before.addresses.size(); ++i) {
    EXPECT_EQ(party.addresses[i], before.addresses[i]);
  }
  EXPECT_EQ(party.addresses.back().kind, AddressKind::kOnPaper);
  EXPECT_EQ(party.addresses.back().street, "Thôn Khác, Xã Khác");
  ASSERT_EQ(party.numbers.size(), 3u);  // the old number was known
  EXPECT_EQ(party.numbers.back().text, "000080000003");
  EXPECT_THAT(warnings, ElementsAre(Warning{"name", PartyWarningKind::kNameDiffers},
                                    Warning{"birth", PartyWarningKind::kBirthDiffers},
                                    Warning{"sex", PartyWarningKind::kCardSexDiffers},
                                    Warning{"qr", PartyWarningKind::kMoreOnCard}));
}

TEST(CardQr, TheSameCardTwiceAddsNothingAndThePlaceOfAToneIsNoDifference) {
  Party party;
  const auto card = ParseCard("000080000001||Hoà Ví Dụ|29021980|Nam|Xã Giấy|01052021");
  ASSERT_TRUE(card.ok());
  party.birth = Birth{1980};
  EXPECT_THAT(AddCard(*card, party), IsEmpty());
  EXPECT_EQ(party.birth, (Birth{1980, 2, 29}));
  party.name = "Hòa Ví Dụ";
  const Party once = party;
  EXPECT_THAT(AddCard(*card, party), IsEmpty());
  EXPECT_EQ(party, once);
  EXPECT_EQ(Normalise(party), OkStatus());
}

}  // namespace
}  // namespace motcua::people
