// Party: a person or an organisation as the parties' store knows it (architecture.md §8).
// Applicant, owner, authorised person are what somebody is in a dossier, not what somebody is: one
// party may be each of them in turn.
//
// Nothing here is ever quoted by an error, a log line or a metric: an error names the field and the
// reason. Pure values; any thread.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/base/status.h"
#include "services/base/time.h"
#include "services/domain/codes/code_lists.h"

namespace motcua::people {

using codes::AddressKind;
using codes::LookKind;
using codes::NumberKind;
using codes::PartyKind;
using codes::PartyWarningKind;
using codes::Sex;

// Texts are counted in bytes of NFC: a Vietnamese letter takes up to three.
inline constexpr std::size_t kNameBytesMax = 256;
inline constexpr std::size_t kNameWordsMax = 16;
inline constexpr std::size_t kOtherNamesMax = 8;
inline constexpr std::size_t kNumbersMax = 16;
inline constexpr std::size_t kNumberBytesMax = 32;
inline constexpr std::size_t kPhonesMax = 8;
inline constexpr std::size_t kPhoneDigitsMin = 8;
inline constexpr std::size_t kPhoneDigitsMax = 15;  // ITU-T E.164
inline constexpr std::size_t kPhoneBytesMax = 64;   // as it is typed
inline constexpr std::size_t kEmailBytesMax = 254;  // RFC 5321
inline constexpr std::size_t kAddressesMax = 8;
inline constexpr std::size_t kAddressPartBytesMax = 512;
inline constexpr std::size_t kAuthorisationsMax = 16;
inline constexpr std::size_t kDocumentBytesMax = 256;
inline constexpr int kBirthYearMin = 1800;
inline constexpr int kBirthYearMax = 2199;
inline constexpr std::size_t kCitizenDigits = 12;
inline constexpr std::size_t kIdentityCardDigits = 9;

// Ours, random; says nothing about the party.
struct PartyId {
  std::array<std::uint8_t, 16> bytes{};
  bool empty() const { return *this == PartyId{}; }
  friend bool operator==(const PartyId&, const PartyId&) = default;
  friend auto operator<=>(const PartyId&, const PartyId&) = default;
};
// 32 characters of kPartyIdLetters. Neither a vowel nor D or W among them: an input method for
// Vietnamese that stands before a barcode scanner changes none of it.
inline constexpr std::string_view kPartyIdLetters = "0123456789CHKMPX";
inline constexpr std::size_t kPartyIdCharacters = 32;
std::string FormatPartyId(const PartyId& id);
// FIELD_INVALID without a field: small letters are taken, nothing else is; not all zero.
Result<PartyId> ParsePartyId(std::string_view text);

// A day, or a year alone (month and day 0).
struct Birth {
  int year = 0;
  int month = 0;
  int day = 0;
  bool whole() const { return month != 0; }
  friend bool operator==(const Birth&, const Birth&) = default;
};

// [from, to): an open end is not known, or has not come.
struct Span {
  std::optional<CivilDate> from;
  std::optional<CivilDate> to;
  friend bool operator==(const Span&, const Span&) = default;
};

struct Number {
  NumberKind kind = NumberKind::kCitizen;
  std::string text;
  Span valid;
  friend bool operator==(const Number&, const Number&) = default;
};

struct Address {
  AddressKind kind = AddressKind::kCurrent;
  std::string street;
  std::string ward;
  std::string district;  // empty: of two levels
  std::string province;
  std::string place_id;
  friend bool operator==(const Address&, const Address&) = default;
};

struct Authorisation {
  PartyId principal;  // for whom this party may act
  std::string document;
  Span valid;
  friend bool operator==(const Authorisation&, const Authorisation&) = default;
};

struct Party {
  PartyId id;
  std::uint32_t version = 0;  // 0: not stored yet
  PartyKind kind = PartyKind::kPerson;
  std::string name;
  std::vector<std::string> other_names;
  std::optional<Birth> birth;
  Sex sex = Sex::kNotSaid;
  std::vector<Number> numbers;
  std::vector<std::string> phones;
  std::vector<Address> addresses;
  std::string email;
  std::vector<Authorisation> authorisations;
  friend bool operator==(const Party&, const Party&) = default;
};

// Brings what people type into the one form that is stored: names and addresses NFC with single
// blanks, numbers without blanks and in capitals, phones as digits with 0 for Viet Nam. Idempotent.
// FIELD_INVALID, LIMIT_EXCEEDED naming the field and the reason, never a value. Id and version are
// not looked at.
Status Normalise(Party& party);

// What does not fit together in a normalised party, and is taken all the same.
struct Warning {
  std::string field;  // "numbers[0]"
  PartyWarningKind kind;
  friend bool operator==(const Warning&, const Warning&) = default;
};
std::vector<Warning> WarningsOf(const Party& party);

// "*******0001": all but the last four characters, which are the random ones of a personal number;
// nothing of what has no more than four.
inline constexpr std::size_t kShownCharacters = 4;
std::string MaskTail(std::string_view ascii);
// The party as screens and prints outside the case's own agency show it: numbers and phones masked,
// no day of birth but the year, no street, no mail, no document.
Party Masked(Party party);

// Parts of Normalise, for a caller with one value alone. Errors without a field.
Result<std::string> NormaliseName(std::string_view text);
Result<std::string> NormalisePhone(std::string_view text);
Result<std::string> NormaliseNumber(NumberKind kind, std::string_view text);

}  // namespace motcua::people
