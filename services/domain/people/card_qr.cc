#include "services/domain/people/card_qr.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#include "services/base/text.h"
#include "services/base/text_fold.h"

namespace motcua::people {
namespace {

constexpr char kBar = '|';
// Places of fields; from the second on one less where the old number is left out.
enum Place : std::size_t { kNumber, kOldNumber, kName, kBirth, kSex, kAddress, kIssued };
constexpr std::size_t kFieldsMin = kIssued + 1;
constexpr std::size_t kDateDigits = 8;  // ddMMyyyy
constexpr std::string_view kChanged =
    "did not arrive as the card holds it: switch the input method (Telex, VNI) off while scanning, "
    "or let the scanner send UTF-8";

bool DigitsAlone(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

struct Day {
  int year = 0;
  int month = 0;
  int day = 0;
};

std::optional<Day> ParseDay(std::string_view text) {
  if (text.size() != kDateDigits || !DigitsAlone(text)) return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t digits) {
    int value = 0;
    std::from_chars(text.data() + at, text.data() + at + digits, value);
    return value;
  };
  const Day day{number(4, 4), number(2, 2), number(0, 2)};
  if (day.year < kBirthYearMin || day.year > kBirthYearMax || day.month < 1 || day.month > 12 ||
      day.day < 1 || day.day > DaysInMonth(day.year, day.month)) {
    return std::nullopt;
  }
  return day;
}

Status CheckLine(std::string_view line) {
  if (line.size() > kCardBytesMax) {
    return Status(Reason::kLimitExceeded, "qr: has more than 2048 bytes",
                  {{"field", "qr"}, {"limit", "kCardBytesMax"}});
  }
  if (line.empty()) return FieldError("qr", "is missing");
  if (!IsUtf8(line)) return FieldError("qr", kChanged);
  if (!IsPrintable(line)) return FieldError("qr", "has control characters");
  if (line.find(kBar) != std::string_view::npos) return OkStatus();
  if (line.size() == kCitizenDigits && DigitsAlone(line)) {
    return FieldError("qr",
                      "is a number alone, of a person or of a place: scan the card's QR, or enter "
                      "the number where it belongs");
  }
  return FieldError("qr", "is no card: it has no bar");
}

// Whether the old number was left out: six fields, of which the third is the day of birth.
bool LacksOldNumber(const std::vector<std::string_view>& fields) {
  return fields.size() == kFieldsMin - 1 && !DigitsAlone(fields[kOldNumber]) &&
         ParseDay(fields[kBirth - 1]).has_value();
}

// Of the marks that text_fold's ToneLast puts after a word: grave, acute, tilde, hook, dot.
constexpr std::array<std::string_view, 5> kTones = {"\u0300", "\u0301", "\u0303", "\u0309",
                                                    "\u0323"};

// A word with two tones is none of any language in Viet Nam; an input method that got a whole name
// at once leaves such words.
bool HasTwoTones(std::string_view word) {
  std::size_t tones = 0;
  for (const std::string_view tone : kTones) {
    for (std::size_t at = word.find(tone); at != std::string_view::npos;
         at = word.find(tone, at + tone.size())) {
      ++tones;
    }
  }
  return tones > 1;
}

// Letters, and what stands between and beside them in names; U+00D7, U+00F7 and all of U+0080 to
// U+00BF are what UTF-8 that was read as another character set shows.
bool IsOfNames(std::string_view name) {
  constexpr std::string_view kBeside = " .'-,()/";
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto byte = static_cast<std::uint8_t>(name[i]);
    const auto next = i + 1 < name.size() ? static_cast<std::uint8_t>(name[i + 1]) : 0;
    const bool ascii = byte < 0x80;
    const bool letter = (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
    if (ascii && !letter && kBeside.find(name[i]) == std::string_view::npos) return false;
    if (byte == 0xC2) return false;                                    // U+0080 to U+00BF
    if (byte == 0xC3 && (next == 0x97 || next == 0xB7)) return false;  // × ÷
    if (byte == 0xE2 && (next == 0x80 || next == 0x82)) return false;  // quotes, dashes, €
    if (byte == 0xEF && next == 0xBF) return false;                    // U+FFFD
  }
  return true;
}

bool ArrivedWhole(std::string_view text) {
  const std::string words = ToneLast(text);
  const std::vector<std::string_view> all = SplitText(words, ' ');
  return std::none_of(all.begin(), all.end(), HasTwoTones);
}

// Another key of the keyboard, or a mark that no address has.
bool HasLostLetters(std::string_view address) {
  return address.find('?') != std::string_view::npos ||
         address.find("\uFFFD") != std::string_view::npos ||
         address.find("\xC2") != std::string_view::npos;
}

Status ParseNumbers(const std::vector<std::string_view>& fields, bool lacks_old, Card& card) {
  if (fields[kNumber].size() != kCitizenDigits || !DigitsAlone(fields[kNumber])) {
    return FieldError("qr.number", "must be 12 digits");
  }
  card.number = fields[kNumber];
  if (lacks_old || fields[kOldNumber].empty()) return OkStatus();
  const std::string_view old = fields[kOldNumber];
  if (!DigitsAlone(old) || (old.size() != kIdentityCardDigits && old.size() != kCitizenDigits)) {
    return FieldError("qr.old_number", "must be 9 or 12 digits, or empty");
  }
  card.old_number = old;
  return OkStatus();
}

Status ParseTexts(std::string_view name, std::string_view sex, std::string_view address,
                  Card& card) {
  auto normal = NormaliseName(name);
  if (!normal.ok()) return FieldError("qr.name", "is missing, too long, or no name");
  card.name = std::move(normal).value();
  // As it came: a blank of no-break width may be half a letter.
  if (!IsOfNames(name) || !ArrivedWhole(card.name)) return FieldError("qr.name", kChanged);
  const std::string said = CanonicalName(sex);
  if (said == "Nam") {
    card.sex = Sex::kMale;
  } else if (said == "Nữ") {
    card.sex = Sex::kFemale;
  } else if (!said.empty()) {
    return FieldError("qr.sex", kChanged);
  }
  card.address = CanonicalName(address);
  if (HasLostLetters(address) || !ArrivedWhole(card.address)) {
    return FieldError("qr.address", kChanged);
  }
  if (card.address.size() > kAddressPartBytesMax) return FieldError("qr.address", "is too long");
  return OkStatus();
}

bool Holds(const Party& party, std::string_view number) {
  return std::any_of(party.numbers.begin(), party.numbers.end(),
                     [&](const Number& one) { return one.text == number; });
}

void AddNumbers(const Card& card, Party& party) {
  const auto add = [&](std::string_view text, const Span& valid) {
    if (text.empty() || Holds(party, text) || party.numbers.size() >= kNumbersMax) return;
    const bool short_one = text.size() == kIdentityCardDigits;
    party.numbers.push_back(
        {short_one ? NumberKind::kIdentityCard : NumberKind::kCitizen, std::string(text), valid});
  };
  // When the number was given a card does not say: it may be older than the card.
  add(card.number, {});
  // The old one ended no later than the day on which this card was issued.
  add(card.old_number, {.from = std::nullopt, .to = card.issued});
}

void AddAddress(const Card& card, Party& party) {
  if (card.address.empty() || party.addresses.size() >= kAddressesMax) return;
  Address paper;
  paper.kind = AddressKind::kOnPaper;
  paper.street = card.address;
  if (std::find(party.addresses.begin(), party.addresses.end(), paper) == party.addresses.end()) {
    party.addresses.push_back(paper);
  }
}

}  // namespace

Result<Card> ParseCard(std::string_view scanned) {
  const std::string_view line = Trim(scanned);
  MOTCUA_RETURN_IF_ERROR(CheckLine(line));
  const std::vector<std::string_view> fields = SplitText(line, kBar);
  if (fields.size() > kCardFieldsMax) return FieldError("qr", "has more fields than any card");
  const bool lacks_old = LacksOldNumber(fields);
  if (fields.size() < kFieldsMin && !lacks_old) {
    return FieldError("qr", "has fewer than 7 fields: it was not read to its end, or is no card");
  }
  const auto field = [&](Place place) { return Trim(fields[place - (lacks_old ? 1 : 0)]); };
  Card card;
  MOTCUA_RETURN_IF_ERROR(ParseNumbers(fields, lacks_old, card));
  MOTCUA_RETURN_IF_ERROR(ParseTexts(field(kName), field(kSex), field(kAddress), card));
  const auto birth = ParseDay(field(kBirth));
  if (!birth) return FieldError("qr.birth", "must be a day, ddMMyyyy");
  card.birth = {birth->year, birth->month, birth->day};
  if (!field(kIssued).empty()) {
    const auto issued = ParseDay(field(kIssued));
    if (!issued) return FieldError("qr.issued", "must be a day, ddMMyyyy, or empty");
    card.issued = MakeDate(issued->year, issued->month, issued->day);
  }
  for (std::size_t i = kFieldsMin; i < fields.size(); ++i) card.rest.emplace_back(fields[i]);
  return card;
}

std::vector<Warning> AddCard(const Card& card, Party& party) {
  std::vector<Warning> warnings;
  AddNumbers(card, party);
  AddAddress(card, party);
  if (party.name.empty()) party.name = card.name;
  if (ToneLast(party.name) != ToneLast(card.name)) {
    warnings.push_back({"name", PartyWarningKind::kNameDiffers});
  }
  // A whole day says more than its year.
  const bool less = !party.birth || (!party.birth->whole() && party.birth->year == card.birth.year);
  if (less) party.birth = card.birth;
  if (*party.birth != card.birth) warnings.push_back({"birth", PartyWarningKind::kBirthDiffers});
  if (party.sex == Sex::kNotSaid) party.sex = card.sex;
  if (card.sex != Sex::kNotSaid && party.sex != card.sex) {
    warnings.push_back({"sex", PartyWarningKind::kCardSexDiffers});
  }
  const bool more = std::any_of(card.rest.begin(), card.rest.end(),
                                [](const std::string& text) { return !Trim(text).empty(); });
  if (more) warnings.push_back({"qr", PartyWarningKind::kMoreOnCard});
  return warnings;
}

}  // namespace motcua::people
