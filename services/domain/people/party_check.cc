// What people type, brought into the one form that is stored, or refused by field and reason.
#include <algorithm>
#include <functional>
#include <utility>

#include "services/base/text.h"
#include "services/base/text_fold.h"
#include "services/domain/people/party.h"

namespace motcua::people {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsCapital(char c) { return c >= 'A' && c <= 'Z'; }
bool AllDigits(std::string_view text) { return std::all_of(text.begin(), text.end(), IsDigit); }

Status TooMany(std::string_view field, std::size_t most, std::string_view limit) {
  return Status(Reason::kLimitExceeded,
                std::string(field) + ": at most " + std::to_string(most) + " are kept",
                {{"field", std::string(field)}, {"limit", std::string(limit)}});
}

// The same error about the field `path`: the parts know a value, not where it was.
Status At(const std::string& path, const Status& status) {
  if (status.ok()) return status;
  std::string_view what = status.message();
  if (const std::size_t colon = what.find(": "); colon != std::string_view::npos) {
    what.remove_prefix(colon + 2);
  }
  return FieldError(path, what);
}

std::string PathOf(std::string_view list, std::size_t index) {
  return std::string(list) + "[" + std::to_string(index) + "]";
}

// A line of text: canonical, of at most `bytes_max` bytes, maybe empty.
Result<std::string> NormaliseLine(std::string_view text, std::size_t bytes_max) {
  if (text.size() > 2 * bytes_max) return FieldError("", "is too long");
  if (!IsUtf8(text)) return FieldError("", "is not UTF-8");
  std::string line = CanonicalName(text);
  if (!IsPrintable(line)) return FieldError("", "has control characters");
  if (line.find("\uFFFD") != std::string::npos) return FieldError("", "has lost letters (U+FFFD)");
  if (line.size() > bytes_max) {
    return FieldError("", "has more than " + std::to_string(bytes_max) + " bytes");
  }
  return line;
}

Status NormaliseInto(std::string& text, std::size_t bytes_max, const std::string& path) {
  auto line = NormaliseLine(text, bytes_max);
  if (!line.ok()) return At(path, line.status());
  text = std::move(line).value();
  return OkStatus();
}

Status CheckSpan(const Span& span, const std::string& path) {
  if (span.from && span.to && *span.to < *span.from) {
    return FieldError(path + ".to_date", "lies before from_date");
  }
  return OkStatus();
}

Status CheckBirth(const Party& party) {
  if (!party.birth) return OkStatus();
  const Birth& birth = *party.birth;
  if (party.kind != PartyKind::kPerson) return FieldError("birth", "only a person has one");
  if (birth.year < kBirthYearMin || birth.year > kBirthYearMax) {
    return FieldError("birth.year", "must be from 1800 to 2199");
  }
  if ((birth.month == 0) != (birth.day == 0)) {
    return FieldError("birth", "must be a whole day or a year alone");
  }
  if (!birth.whole()) return OkStatus();
  if (birth.month < 1 || birth.month > 12) return FieldError("birth.month", "must be from 1 to 12");
  if (birth.day < 1 || birth.day > DaysInMonth(birth.year, birth.month)) {
    return FieldError("birth.day", "is no day of that month");
  }
  return OkStatus();
}

Status NormaliseNames(Party& party) {
  auto name = NormaliseName(party.name);
  if (!name.ok()) return At("name", name.status());
  party.name = std::move(name).value();
  if (party.other_names.size() > kOtherNamesMax) {
    return TooMany("other_names", kOtherNamesMax, "kOtherNamesMax");
  }
  for (std::size_t i = 0; i < party.other_names.size(); ++i) {
    auto other = NormaliseName(party.other_names[i]);
    if (!other.ok()) return At(PathOf("other_names", i), other.status());
    party.other_names[i] = std::move(other).value();
  }
  return OkStatus();
}

Status NormaliseNumbers(Party& party) {
  if (party.numbers.size() > kNumbersMax) return TooMany("numbers", kNumbersMax, "kNumbersMax");
  for (std::size_t i = 0; i < party.numbers.size(); ++i) {
    Number& number = party.numbers[i];
    const std::string path = PathOf("numbers", i);
    auto text = NormaliseNumber(number.kind, number.text);
    if (!text.ok()) return At(path + ".number", text.status());
    number.text = std::move(text).value();
    MOTCUA_RETURN_IF_ERROR(CheckSpan(number.valid, path));
    const bool again =
        std::any_of(party.numbers.begin(), party.numbers.begin() + static_cast<std::ptrdiff_t>(i),
                    [&](const Number& before) { return before == number; });
    if (again) return FieldError(path, "is there twice");
  }
  return OkStatus();
}

Status NormalisePhones(Party& party) {
  if (party.phones.size() > kPhonesMax) return TooMany("phones", kPhonesMax, "kPhonesMax");
  for (std::size_t i = 0; i < party.phones.size(); ++i) {
    auto phone = NormalisePhone(party.phones[i]);
    if (!phone.ok()) return At(PathOf("phones", i), phone.status());
    party.phones[i] = std::move(phone).value();
  }
  return OkStatus();
}

Status NormaliseAddress(Address& address, const std::string& path) {
  for (const auto& [part, name] : {std::pair{&address.street, ".street"},
                                   {&address.ward, ".ward"},
                                   {&address.district, ".district"},
                                   {&address.province, ".province"}}) {
    MOTCUA_RETURN_IF_ERROR(NormaliseInto(*part, kAddressPartBytesMax, path + name));
  }
  const std::string& place = address.place_id;
  if (!place.empty() && (place.size() != kCitizenDigits || !AllDigits(place))) {
    return FieldError(path + ".place_id", "must be 12 digits");
  }
  if (address.kind == AddressKind::kOnPaper) {
    if (address.street.empty()) return FieldError(path + ".street", "is missing");
    return OkStatus();
  }
  if (address.ward.empty()) return FieldError(path + ".ward", "is missing");
  if (address.province.empty()) return FieldError(path + ".province", "is missing");
  return OkStatus();
}

Status NormaliseAddresses(Party& party) {
  if (party.addresses.size() > kAddressesMax) {
    return TooMany("addresses", kAddressesMax, "kAddressesMax");
  }
  for (std::size_t i = 0; i < party.addresses.size(); ++i) {
    Address& address = party.addresses[i];
    const std::string path = PathOf("addresses", i);
    MOTCUA_RETURN_IF_ERROR(NormaliseAddress(address, path));
    const bool again = address.kind != AddressKind::kOnPaper &&
                       std::any_of(party.addresses.begin(),
                                   party.addresses.begin() + static_cast<std::ptrdiff_t>(i),
                                   [&](const Address& one) { return one.kind == address.kind; });
    if (again) return FieldError(path + ".kind", "is there twice");
  }
  return OkStatus();
}

// Shape only: one @ with a text on both sides, and a dot in the second.
Status CheckEmail(const std::string& email) {
  if (email.empty()) return OkStatus();
  if (email.size() > kEmailBytesMax) return FieldError("email", "has more than 254 bytes");
  const bool visible = std::all_of(email.begin(), email.end(), [](char c) {
    return c > ' ' && static_cast<unsigned char>(c) < 0x7F;
  });
  const std::size_t at = email.find('@');
  if (!visible || at == 0 || at == std::string::npos || email.find('@', at + 1) != email.npos ||
      email.find('.', at) == std::string::npos || email.back() == '.') {
    return FieldError("email", "is no mail address");
  }
  return OkStatus();
}

Status NormaliseAuthorisations(Party& party) {
  if (party.authorisations.size() > kAuthorisationsMax) {
    return TooMany("authorisations", kAuthorisationsMax, "kAuthorisationsMax");
  }
  for (std::size_t i = 0; i < party.authorisations.size(); ++i) {
    Authorisation& authorisation = party.authorisations[i];
    const std::string path = PathOf("authorisations", i);
    if (authorisation.principal.empty()) return FieldError(path + ".principal", "is missing");
    if (authorisation.principal == party.id) {
      return FieldError(path + ".principal", "is the party itself");
    }
    MOTCUA_RETURN_IF_ERROR(
        NormaliseInto(authorisation.document, kDocumentBytesMax, path + ".document"));
    if (authorisation.document.empty()) return FieldError(path + ".document", "is missing");
    if (!authorisation.valid.from) return FieldError(path + ".from_date", "is missing");
    MOTCUA_RETURN_IF_ERROR(CheckSpan(authorisation.valid, path));
  }
  return OkStatus();
}

Status CheckTax(std::string_view text) {
  constexpr std::size_t kFirm = 10;
  constexpr std::size_t kUnit = 14;  // with the hyphen
  const bool firm = text.size() == kFirm && AllDigits(text);
  const bool person = text.size() == kCitizenDigits && AllDigits(text);
  const bool unit = text.size() == kUnit && text[kFirm] == '-' &&
                    AllDigits(text.substr(0, kFirm)) && AllDigits(text.substr(kFirm + 1));
  if (firm || person || unit) return OkStatus();
  return FieldError("", "must be 10 or 12 digits, or 10, a hyphen and 3");
}

Status CheckShape(NumberKind kind, std::string_view text) {
  constexpr std::size_t kPassportMin = 5;
  constexpr std::size_t kPassportMax = 20;
  const auto is_plain = [](char c) { return IsDigit(c) || IsCapital(c); };
  switch (kind) {
    case NumberKind::kCitizen:
      if (text.size() == kCitizenDigits && AllDigits(text)) return OkStatus();
      return FieldError("", "must be 12 digits");
    case NumberKind::kIdentityCard:
      if (text.size() == kIdentityCardDigits && AllDigits(text)) return OkStatus();
      return FieldError("", "must be 9 digits");
    case NumberKind::kPassport:
      if (text.size() >= kPassportMin && text.size() <= kPassportMax &&
          std::all_of(text.begin(), text.end(), is_plain)) {
        return OkStatus();
      }
      return FieldError("", "must be 5 to 20 capitals and digits");
    case NumberKind::kTax:
      return CheckTax(text);
    case NumberKind::kOther:
      if (!text.empty() && is_plain(text.front()) && is_plain(text.back()) &&
          std::all_of(text.begin(), text.end(),
                      [&](char c) { return is_plain(c) || c == '-' || c == '.' || c == '/'; })) {
        return OkStatus();
      }
      return FieldError("", "must be capitals and digits, with - . / between them");
  }
  return FieldError("", "is of no kind that is known");
}

}  // namespace

Result<std::string> NormaliseName(std::string_view text) {
  MOTCUA_ASSIGN_OR_RETURN(std::string name, NormaliseLine(text, kNameBytesMax));
  if (name.empty()) return FieldError("", "is missing");
  const auto blanks = static_cast<std::size_t>(std::count(name.begin(), name.end(), ' '));
  if (blanks >= kNameWordsMax) {
    return FieldError("", "has more than " + std::to_string(kNameWordsMax) + " words");
  }
  return name;
}

Result<std::string> NormalisePhone(std::string_view text) {
  constexpr std::string_view kVietNam = "+84";
  if (text.size() > kPhoneBytesMax) return FieldError("", "is too long");
  std::string phone;
  for (const char c : text) {
    if (c == ' ' || c == '.' || c == '-' || c == '(' || c == ')') continue;
    if (!IsDigit(c) && !(c == '+' && phone.empty())) {
      return FieldError("", "has characters that no phone number has");
    }
    phone += c;
  }
  if (phone.starts_with(kVietNam)) {
    phone.replace(0, kVietNam.size(), phone.size() > kVietNam.size() && phone[3] == '0' ? "" : "0");
  }
  const std::size_t digits = phone.size() - (phone.starts_with('+') ? 1 : 0);
  if (digits < kPhoneDigitsMin || digits > kPhoneDigitsMax) {
    return FieldError("", "must have 8 to 15 digits");
  }
  return phone;
}

Result<std::string> NormaliseNumber(NumberKind kind, std::string_view text) {
  std::string number;
  for (const char c : text) {
    if (c == ' ') continue;
    number += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    if (number.size() > kNumberBytesMax) {
      return FieldError("", "has more than " + std::to_string(kNumberBytesMax) + " characters");
    }
  }
  MOTCUA_RETURN_IF_ERROR(CheckShape(kind, number));
  return number;
}

Status Normalise(Party& party) {
  MOTCUA_RETURN_IF_ERROR(NormaliseNames(party));
  MOTCUA_RETURN_IF_ERROR(CheckBirth(party));
  if (party.sex != Sex::kNotSaid && party.kind != PartyKind::kPerson) {
    return FieldError("sex", "only a person has one");
  }
  MOTCUA_RETURN_IF_ERROR(NormaliseNumbers(party));
  MOTCUA_RETURN_IF_ERROR(NormalisePhones(party));
  MOTCUA_RETURN_IF_ERROR(NormaliseAddresses(party));
  MOTCUA_RETURN_IF_ERROR(CheckEmail(party.email));
  return NormaliseAuthorisations(party);
}

}  // namespace motcua::people
