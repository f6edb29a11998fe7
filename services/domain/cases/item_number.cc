// S10 item numbers (codes.h).
//
// Source: UPU standard S10-12 "Identification of postal items": two letters that say the service
// (A to Z each; which pair means what is the issuer's affair but for a few ranges), eight digits, a
// check digit, and the ISO 3166-1 alpha-2 code of the country or territory whose designated
// operator issued it.
#include <algorithm>
#include <array>

#include "services/domain/cases/codes.h"

namespace motcua::cases {
namespace {

// Member countries of the Universal Postal Union, and the territories whose operator issues
// numbers of its own: what follows the first letter, by first letter. Taiwan is no member, and its
// numbers are on items all the same. Left out: what ISO reserves or leaves to its users (XX, XK,
// AA, ZZ), and countries and territories that another one's operator serves (AD, PR, GP …).
constexpr std::array<std::string_view, 26> kIssuers = {
    "EFGILMORTUWXZ",         // A
    "ABDEFGHIJMNOQRSTWYZ",   // B
    "ADFGHIKLMNORUVWYZ",     // C
    "EJKMOZ",                // D
    "CEGRST",                // E
    "IJKOR",                 // F
    "ABDEGHILMNQRTWY",       // G
    "KNRTU",                 // H
    "DELMNQRST",             // I
    "EMOP",                  // J
    "EGHIMNPRWYZ",           // K
    "ABCIKRSTUVY",           // L
    "ACDEGKLMNORSTUVWXYZ",   // M
    "ACEFGILOPRUZ",          // N
    "M",                     // O
    "AEFGHKLMNSTY",          // P
    "A",                     // Q
    "OSUW",                  // R
    "ABCDEGHIKLMNORSTVXYZ",  // S
    "CDGHJKLMNORTVWZ",       // T
    "AGSYZ",                 // U
    "ACEGNU",                // V
    "FS",                    // W
    "",                      // X
    "E",                     // Y
    "AMW",                   // Z
};

bool IsLetter(char c) { return c >= 'A' && c <= 'Z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsIssuer(std::string_view country) {
  const auto row = static_cast<std::size_t>(country[0] - 'A');
  return kIssuers.at(row).find(country[1]) != std::string_view::npos;
}

// As it is printed in groups, read out or typed: blanks and hyphens between the groups go, letters
// become capitals.
std::string Normalised(std::string_view text) {
  constexpr std::string_view kNoBreakSpace = "\xC2\xA0";
  std::string number;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with(kNoBreakSpace)) {
      ++i;
    } else if (text[i] >= 'a' && text[i] <= 'z') {
      number.push_back(static_cast<char>(text[i] - 'a' + 'A'));
    } else if (text[i] != ' ' && text[i] != '\t' && text[i] != '-') {
      number.push_back(text[i]);
    }
  }
  return number;
}

bool HasShape(std::string_view number) {
  constexpr std::size_t kBytes = 13;
  constexpr std::size_t kServiceBytes = 2;
  constexpr std::size_t kDigits = 9;
  if (number.size() != kBytes) return false;
  const std::string_view service = number.substr(0, kServiceBytes);
  const std::string_view digits = number.substr(kServiceBytes, kDigits);
  const std::string_view country = number.substr(kServiceBytes + kDigits);
  return std::all_of(service.begin(), service.end(), IsLetter) &&
         std::all_of(digits.begin(), digits.end(), IsDigit) &&
         std::all_of(country.begin(), country.end(), IsLetter);
}

// Of ten digits and letters: the number after the service.
int CheckDigitOf(std::string_view number) {
  constexpr std::array<int, 8> kWeights = {8, 6, 4, 2, 3, 5, 9, 7};
  int sum = 0;
  for (std::size_t i = 0; i < kWeights.size(); ++i) sum += kWeights.at(i) * (number[i + 2] - '0');
  const int check = 11 - sum % 11;
  if (check == 10) return 0;
  return check == 11 ? 5 : check;
}

}  // namespace

Result<std::string> ParseItemNumber(std::string_view text) {
  // Longer than any way to write it: nothing of it is looked at.
  if (text.size() > kItemNumberTextBytesMax) {
    return FieldError("item_number", "must be 13 characters like EX123456785VN");
  }
  std::string number = Normalised(text);
  if (!HasShape(number)) {
    return FieldError("item_number", "must be 13 characters like EX123456785VN");
  }
  constexpr std::size_t kCheckAt = 10;
  const int check = CheckDigitOf(number);
  if (number[kCheckAt] - '0' != check) {
    return FieldError("item_number", "has check digit " + number.substr(kCheckAt, 1) +
                                         ", but its number gives " + std::to_string(check));
  }
  const std::string country = number.substr(kCheckAt + 1);
  if (!IsIssuer(country)) {
    return FieldError("item_number", "ends in " + country + ", where no operator issues numbers");
  }
  return number;
}

}  // namespace motcua::cases
