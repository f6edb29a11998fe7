// Goal: a party is stored in one form, what cannot be right is refused by field and reason without
//       its value, what is only unlikely is a warning, and masks hide what tells who somebody is.
// Method: tables of values beside what becomes of them; every refusal searched for every value.
#include "services/domain/people/party.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/sample_parties.h"

namespace motcua::people {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(PartyId, ItsTextComesBack) {
  for (std::uint64_t number = 1; number < 200; ++number) {
    const PartyId id = motcua::testing::PartyIdOf(number);
    const std::string text = FormatPartyId(id);
    EXPECT_EQ(text.size(), kPartyIdCharacters);
    EXPECT_EQ(*ParsePartyId(text), id);
  }
}

// Under Telex a vowel takes the marks that are typed after it, dd is đ and w is ư.
TEST(PartyId, NoInputMethodChangesIt) {
  EXPECT_EQ(kPartyIdLetters.find_first_of("AEIOUYDW"), std::string_view::npos);
}

TEST(PartyId, NothingElseIsOne) {
  const std::string good = FormatPartyId(motcua::testing::PartyIdOf(7));
  std::string small = good;
  for (char& c : small) c = static_cast<char>(std::tolower(c));
  EXPECT_TRUE(ParsePartyId(small).ok());
  for (const std::string& text :
       {std::string(), std::string(32, '0'), good.substr(1), good + "0", "A" + good.substr(1)}) {
    EXPECT_FALSE(ParsePartyId(text).ok()) << text;
  }
}

TEST(Party, TheSampleIsNormalAndStaysSo) {
  const Party sample = motcua::testing::SampleParty();
  Party party = sample;
  ASSERT_EQ(Normalise(party), OkStatus());
  EXPECT_EQ(party, sample);
  EXPECT_THAT(WarningsOf(party), IsEmpty());
}

TEST(Party, WhatIsTypedBecomesOneForm) {
  Party party;
  party.name = "  Nguye\u0302\u0303n\u00A0Va\u0306n  Ða\u0323t ";
  party.numbers = {{NumberKind::kCitizen, "0000 8000 0001", {}},
                   {NumberKind::kPassport, "c0000001", {}}};
  party.phones = {"+84 900.000-001", "+84(0)900000001", "090 000 0001", "+85 20000001"};
  ASSERT_EQ(Normalise(party), OkStatus());
  EXPECT_EQ(party.name, "Nguyễn Văn Đạt");
  EXPECT_EQ(party.numbers[0].text, "000080000001");
  EXPECT_EQ(party.numbers[1].text, "C0000001");
  EXPECT_THAT(party.phones, ElementsAre("0900000001", "0900000001", "0900000001", "+8520000001"));
  const Party once = party;
  ASSERT_EQ(Normalise(party), OkStatus());
  EXPECT_EQ(party, once);
}

struct Spoilt {
  std::function<void(Party&)> spoil;
  std::string_view field;
  std::string_view what;
};

const std::vector<Spoilt> kSpoilt = {
    {[](Party& p) { p.name = " \t"; }, "name", "missing"},
    {[](Party& p) { p.name = "Ví Dụ\x01"; }, "name", "control"},
    {[](Party& p) { p.name = "V\xED D\xE5"; }, "name", "UTF-8"},
    {[](Party& p) { p.name = "Nguy\uFFFDn"; }, "name", "lost letters"},
    {[](Party& p) { p.name = std::string(kNameBytesMax + 1, 'x'); }, "name", "256 bytes"},
    {[](Party& p) { p.name = "a a a a a a a a a a a a a a a a a"; }, "name", "16 words"},
    {[](Party& p) { p.other_names.assign(9, "Khác"); }, "other_names", "at most 8"},
    {[](Party& p) { p.other_names = {"Một", ""}; }, "other_names[1]", "missing"},
    {[](Party& p) { p.birth = Birth{1799, 0, 0}; }, "birth.year", "1800"},
    {[](Party& p) { p.birth = Birth{1981, 2, 29}; }, "birth.day", "no day"},
    {[](Party& p) { p.birth = Birth{1981, 13, 1}; }, "birth.month", "1 to 12"},
    {[](Party& p) { p.birth = Birth{1981, 3, 0}; }, "birth", "year alone"},
    {[](Party& p) { p.kind = PartyKind::kOrganisation; }, "birth", "only a person"},
    {[](Party& p) { p.numbers[0].text = "00008000001"; }, "numbers[0].number", "12 digits"},
    {[](Party& p) { p.numbers[0].text = "00008000000x"; }, "numbers[0].number", "12 digits"},
    {[](Party& p) { p.numbers[1].text = "0000000090"; }, "numbers[1].number", "9 digits"},
    {[](Party& p) { p.numbers[1] = p.numbers[0]; }, "numbers[1]", "twice"},
    {[](Party& p) { p.numbers[0].valid.to = MakeDate(2020, 1, 1); }, "numbers[0].to_date",
     "before from_date"},
    {[](Party& p) { p.numbers = {{NumberKind::kTax, "0000000000-01", {}}}; }, "numbers[0].number",
     "10 or 12"},
    {[](Party& p) { p.numbers = {{NumberKind::kPassport, "C000-1", {}}}; }, "numbers[0].number",
     "capitals"},
    {[](Party& p) { p.numbers.assign(17, p.numbers[0]); }, "numbers", "at most 16"},
    {[](Party& p) { p.phones = {"09000x0001"}; }, "phones[0]", "no phone number"},
    {[](Party& p) { p.phones = {"0900"}; }, "phones[0]", "8 to 15"},
    {[](Party& p) { p.addresses[0].ward.clear(); }, "addresses[0].ward", "missing"},
    {[](Party& p) { p.addresses[0].province.clear(); }, "addresses[0].province", "missing"},
    {[](Party& p) { p.addresses[0].place_id = "00000000007"; }, "addresses[0].place_id",
     "12 digits"},
    {[](Party& p) { p.addresses[1].kind = AddressKind::kPermanent; }, "addresses[1].kind", "twice"},
    {[](Party& p) { p.addresses[2].street.clear(); }, "addresses[2].street", "missing"},
    {[](Party& p) { p.email = "vi.du.example.invalid"; }, "email", "no mail"},
    {[](Party& p) { p.email = "vi@du@example.invalid"; }, "email", "no mail"},
    {[](Party& p) { p.authorisations[0].principal = p.id; }, "authorisations[0].principal",
     "itself"},
    {[](Party& p) { p.authorisations[0].principal = {}; }, "authorisations[0].principal",
     "missing"},
    {[](Party& p) { p.authorisations[0].document = " "; }, "authorisations[0].document", "missing"},
    {[](Party& p) { p.authorisations[0].valid.from.reset(); }, "authorisations[0].from_date",
     "missing"},
};

TEST(Party, WhatCannotBeRightIsRefusedByFieldAndReasonWithoutItsValue) {
  for (const Spoilt& spoilt : kSpoilt) {
    Party party = motcua::testing::SampleParty();
    spoilt.spoil(party);
    Party sent = party;
    const Status status = Normalise(party);
    ASSERT_FALSE(status.ok()) << spoilt.field << " " << spoilt.what;
    EXPECT_THAT(status.metadata(), ::testing::Contains(std::pair<std::string, std::string>(
                                       "field", std::string(spoilt.field))))
        << status.ToString();
    EXPECT_THAT(status.message(), HasSubstr(std::string(spoilt.what)));
    for (const std::string& text : motcua::testing::PersonalTextsOf(sent)) {
      if (text.size() < 4) continue;
      EXPECT_THAT(status.ToString(), Not(HasSubstr(text)));
    }
  }
}

std::vector<PartyWarningKind> KindsOf(const Party& party) {
  std::vector<PartyWarningKind> kinds;
  for (const Warning& warning : WarningsOf(party)) kinds.push_back(warning.kind);
  return kinds;
}

// The first three digits are of no list: born abroad, or given by an office that is no more.
TEST(Party, DigitsThatSayOtherwiseAreAWarning) {
  const auto with = [](std::string number, Sex sex, std::optional<Birth> birth) {
    Party party;
    party.name = "Ví Dụ";
    party.sex = sex;
    party.birth = birth;
    party.numbers = {{NumberKind::kCitizen, std::move(number), {}}};
    EXPECT_EQ(Normalise(party), OkStatus());
    return party;
  };
  EXPECT_THAT(KindsOf(with("999080000001", Sex::kMale, Birth{1980})), IsEmpty());
  EXPECT_THAT(KindsOf(with("000180000001", Sex::kFemale, Birth{1980})), IsEmpty());
  EXPECT_THAT(KindsOf(with("000205000001", Sex::kMale, Birth{2005, 1, 1})), IsEmpty());
  EXPECT_THAT(KindsOf(with("000305000001", Sex::kNotSaid, std::nullopt)), IsEmpty());
  EXPECT_THAT(KindsOf(with("000180000001", Sex::kMale, Birth{1981})),
              ElementsAre(PartyWarningKind::kSexDiffers, PartyWarningKind::kYearDiffers));
}

TEST(Party, ATaxCodeIsCheckedByItsOwnDigitAndAHouseholdsIsAPersonsNumber) {
  Party firm;
  firm.kind = PartyKind::kOrganisation;
  firm.name = "Công ty Ví Dụ";
  // 31*0 + … + 3*1 = 3, 10 - 3 = 7.
  firm.numbers = {{NumberKind::kTax, "0000000017", {}}, {NumberKind::kTax, "0000000017-001", {}}};
  ASSERT_EQ(Normalise(firm), OkStatus());
  EXPECT_THAT(WarningsOf(firm), IsEmpty());
  firm.numbers[1].text = "0000000018-001";
  EXPECT_THAT(WarningsOf(firm), ElementsAre(Warning{"numbers[1]", PartyWarningKind::kCheckDigit}));
  firm.kind = PartyKind::kHouseholdBusiness;
  firm.numbers = {{NumberKind::kTax, "000180000001", {}}};
  ASSERT_EQ(Normalise(firm), OkStatus());
  EXPECT_THAT(WarningsOf(firm), IsEmpty());
}

TEST(Mask, ShowsTheLastFourOfWhatIsLonger) {
  EXPECT_EQ(MaskTail("000080000001"), "********0001");
  EXPECT_EQ(MaskTail("12345"), "*2345");
  EXPECT_EQ(MaskTail("1234"), "****");
  EXPECT_EQ(MaskTail(""), "");
}

TEST(Mask, APartyIsShownWithoutWhatOthersNeedNotKnow) {
  const Party party = Masked(motcua::testing::SampleParty());
  EXPECT_EQ(party.name, "Nguyễn Văn Ví Dụ");
  EXPECT_EQ(party.numbers[0].text, "********0001");
  EXPECT_THAT(party.phones, ElementsAre("******0001", "*******0001"));
  EXPECT_EQ(party.birth, Birth{1980});
  ASSERT_EQ(party.addresses.size(), 2u);
  EXPECT_EQ(party.addresses[0].street, "");
  EXPECT_EQ(party.addresses[0].ward, "Phường Ví Dụ");
  EXPECT_EQ(party.email, "");
  EXPECT_EQ(party.authorisations[0].document, "");
}

}  // namespace
}  // namespace motcua::people
