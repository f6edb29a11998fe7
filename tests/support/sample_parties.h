// People who do not exist, visibly: for tests and benchmarks of the parties' store. One value of
// every field, so that what forgets one is seen. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "services/base/bytes.h"
#include "services/domain/people/party.h"

namespace motcua::testing {

inline people::PartyId PartyIdOf(std::uint64_t number) {
  std::string bytes;
  AppendLittleEndian(bytes, number * 0x9E3779B97F4A7C15U);  // apart, as random ids are
  AppendLittleEndian(bytes, number);
  people::PartyId id;
  for (std::size_t i = 0; i < id.bytes.size(); ++i) {
    id.bytes.at(i) = static_cast<std::uint8_t>(bytes[i]);
  }
  return id;
}

// A normalised party that says something in every field.
inline people::Party SampleParty(std::uint64_t number = 1) {
  using namespace people;  // NOLINT(google-build-using-namespace)
  Party party;
  party.id = PartyIdOf(number);
  party.kind = PartyKind::kPerson;
  party.name = "Nguyễn Văn Ví Dụ";
  party.other_names = {"Anh Giả Định"};
  party.birth = Birth{1980, 2, 29};
  party.sex = Sex::kMale;
  party.numbers = {{NumberKind::kCitizen, "000080000001", {MakeDate(2021, 5, 1), std::nullopt}},
                   {NumberKind::kIdentityCard, "000000009", {std::nullopt, MakeDate(2021, 5, 1)}}};
  party.phones = {"0900000001", "+8520000001"};
  party.addresses = {
      {AddressKind::kPermanent, "Số 0 Phố Không Có", "Phường Ví Dụ", "", "Thành phố Giả Định",
       "000000000077"},
      {AddressKind::kCurrent, "Số 1 Phố Cũ", "Phường Cũ", "Quận Cũ", "Tỉnh Cũ", ""},
      {AddressKind::kOnPaper, "Thôn Trên Giấy, Xã Giấy, Huyện Giấy", "", "", "", ""}};
  party.email = "vi.du@example.invalid";
  party.authorisations = {{PartyIdOf(number + 1'000'000'007),
                           "Giấy ủy quyền 00/GUQ",
                           {MakeDate(2026, 1, 1), MakeDate(2027, 1, 1)}}};
  return party;
}

// Every text of it that tells who it is; none is short enough to stand anywhere by accident.
inline std::vector<std::string> PersonalTextsOf(const people::Party& party) {
  std::vector<std::string> texts = {party.name, party.email};
  for (const auto& name : party.other_names) texts.push_back(name);
  for (const auto& number : party.numbers) texts.push_back(number.text);
  for (const auto& phone : party.phones) texts.push_back(phone);
  for (const auto& address : party.addresses) texts.push_back(address.street);
  for (const auto& authorisation : party.authorisations) texts.push_back(authorisation.document);
  return texts;
}

}  // namespace motcua::testing
