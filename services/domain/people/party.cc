#include "services/domain/people/party.h"

#include <algorithm>
#include <utility>

namespace motcua::people {
namespace {

constexpr unsigned kHalfByte = 4;
constexpr std::uint8_t kLowHalf = 0x0F;

// The century of birth by the fourth digit of a personal number, of which the even ones are men's
// (NĐ 137/2015, Điều 13): 0 and 1 the twentieth, 2 and 3 the twenty-first, and so on.
constexpr std::size_t kCenturyDigit = 3;
constexpr std::size_t kYearDigits = 4;  // where the two of the year begin
constexpr int kFirstCentury = 1900;
constexpr int kYearsOfCentury = 100;

// Of the ten digits of a tax code, the last checks the others.
constexpr std::array<int, 9> kTaxWeights = {31, 29, 23, 19, 17, 13, 7, 5, 3};
constexpr std::size_t kFirmDigits = 10;
constexpr int kTaxModulus = 11;

int Digit(std::string_view text, std::size_t at) { return text[at] - '0'; }

bool ChecksOut(std::string_view tax) {
  int sum = 0;
  for (std::size_t i = 0; i < kTaxWeights.size(); ++i) sum += Digit(tax, i) * kTaxWeights.at(i);
  return Digit(tax, kTaxWeights.size()) == 10 - sum % kTaxModulus;
}

// Numbers of organisations that have twelve digits are of the person who keeps the business.
void WarnOfPerson(const Party& party, std::string_view text, const std::string& field,
                  std::vector<Warning>& warnings) {
  const int century = Digit(text, kCenturyDigit);
  const Sex sex = century % 2 == 0 ? Sex::kMale : Sex::kFemale;
  if (party.sex != Sex::kNotSaid && party.sex != sex) {
    warnings.push_back({field, PartyWarningKind::kSexDiffers});
  }
  const int year = kFirstCentury + century / 2 * kYearsOfCentury + Digit(text, kYearDigits) * 10 +
                   Digit(text, kYearDigits + 1);
  if (party.birth && party.birth->year != year) {
    warnings.push_back({field, PartyWarningKind::kYearDiffers});
  }
}

}  // namespace

std::string FormatPartyId(const PartyId& id) {
  std::string text;
  text.reserve(kPartyIdCharacters);
  for (const std::uint8_t byte : id.bytes) {
    text += kPartyIdLetters[byte >> kHalfByte];
    text += kPartyIdLetters[byte & kLowHalf];
  }
  return text;
}

Result<PartyId> ParsePartyId(std::string_view text) {
  const auto refuse = [] {
    return FieldError("", "must be 32 characters of " + std::string(kPartyIdLetters));
  };
  if (text.size() != kPartyIdCharacters) return refuse();
  PartyId id;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const char capital = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    const std::size_t value = kPartyIdLetters.find(capital);
    if (value == std::string_view::npos) return refuse();
    std::uint8_t& byte = id.bytes.at(i / 2);
    byte = static_cast<std::uint8_t>(std::size_t{byte} << kHalfByte | value);
  }
  if (id.empty()) return refuse();
  return id;
}

std::vector<Warning> WarningsOf(const Party& party) {
  std::vector<Warning> warnings;
  for (std::size_t i = 0; i < party.numbers.size(); ++i) {
    const Number& number = party.numbers[i];
    const std::string field = "numbers[" + std::to_string(i) + "]";
    const bool of_person = number.text.size() == kCitizenDigits &&
                           (number.kind == NumberKind::kCitizen || number.kind == NumberKind::kTax);
    if (of_person && party.kind == PartyKind::kPerson) {
      WarnOfPerson(party, number.text, field, warnings);
    }
    if (number.kind == NumberKind::kTax && number.text.size() != kCitizenDigits &&
        number.text.size() >= kFirmDigits && !ChecksOut(number.text)) {
      warnings.push_back({field, PartyWarningKind::kCheckDigit});
    }
  }
  return warnings;
}

std::string MaskTail(std::string_view ascii) {
  std::string masked(ascii);
  const std::size_t hidden =
      ascii.size() > kShownCharacters ? ascii.size() - kShownCharacters : ascii.size();
  std::fill_n(masked.begin(), hidden, '*');
  return masked;
}

Party Masked(Party party) {
  for (Number& number : party.numbers) number.text = MaskTail(number.text);
  for (std::string& phone : party.phones) phone = MaskTail(phone);
  if (party.birth) party.birth = Birth{.year = party.birth->year};
  std::erase_if(party.addresses,
                [](const Address& address) { return address.kind == AddressKind::kOnPaper; });
  for (Address& address : party.addresses) {
    address.street.clear();
    address.place_id.clear();
  }
  party.email.clear();
  for (Authorisation& authorisation : party.authorisations) authorisation.document.clear();
  return party;
}

}  // namespace motcua::people
