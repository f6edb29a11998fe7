// Goal: what is sealed comes back as it was, bytes that are no party are refused without a value of
//       theirs, and a request names the field that is wrong.
// Method: a party that says something in every field; the same cut short at every length and with
//         each byte changed.
#include "services/wire/party_codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "motcua/parties/v1/party.pb.h"
#include "tests/support/sample_parties.h"

namespace motcua::wire {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

people::Party Stored() {
  people::Party party = motcua::testing::SampleParty();
  party.version = 7;
  return party;
}

TEST(PartyCodec, APartyComesBackAsItWas) {
  const auto record = DecodeParty(EncodeParty({Stored(), 42, 41}));
  ASSERT_TRUE(record.ok()) << record.status().ToString();
  EXPECT_EQ(record->party, Stored());
  EXPECT_EQ(record->digest, 42u);
  EXPECT_EQ(record->first_digest, 41u);
}

TEST(PartyCodec, EveryFieldOfTheContractIsWritten) {
  parties::v1::Party wire;
  ToProto(Stored(), wire);
  const auto* const fields = parties::v1::Party::descriptor();
  for (int i = 0; i < fields->field_count(); ++i) {
    const auto* const field = fields->field(i);
    const auto& reflection = *parties::v1::Party::GetReflection();
    EXPECT_TRUE(field->is_repeated() ? reflection.FieldSize(wire, field) > 0
                                     : reflection.HasField(wire, field))
        << field->name();
  }
}

TEST(PartyCodec, DamagedBytesAreRefusedOrReadAndNeverQuoted) {
  const std::string bytes = EncodeParty({Stored(), 42, 41});
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto cut = DecodeParty(bytes.substr(0, i));
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 0x11);
    for (const auto& record : {cut, DecodeParty(changed)}) {
      if (record.ok()) continue;
      EXPECT_EQ(record.status().reason(), Reason::kRecordInvalid);
      for (const std::string& text : motcua::testing::PersonalTextsOf(Stored())) {
        EXPECT_THAT(record.status().ToString(), Not(HasSubstr(text)));
      }
    }
  }
}

TEST(PartyCodec, ARequestNamesTheFieldThatIsWrong) {
  parties::v1::Party wire;
  ToProto(Stored(), wire);
  const auto field_of = [](const parties::v1::Party& party) {
    const auto read = FromProto(party);
    return read.ok() ? std::string() : read.status().metadata().front().second;
  };
  EXPECT_EQ(field_of(wire), "");
  parties::v1::Party wrong = wire;
  wrong.mutable_numbers(1)->clear_kind();
  EXPECT_EQ(field_of(wrong), "numbers[1].kind");
  wrong = wire;
  wrong.mutable_numbers(0)->mutable_from_date()->set_day(32);
  EXPECT_EQ(field_of(wrong), "numbers[0].from_date");
  wrong = wire;
  wrong.mutable_authorisations(0)->set_principal("x");
  EXPECT_EQ(field_of(wrong), "authorisations[0].principal");
  wrong = wire;
  for (std::size_t i = 0; i <= people::kPhonesMax; ++i) wrong.add_phones("0900000001");
  EXPECT_EQ(field_of(wrong), "phones");
}

}  // namespace
}  // namespace motcua::wire
