#include "services/domain/catalogue/dirt.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "services/base/text.h"
#include "services/base/text_cut.h"
#include "services/base/text_fold.h"

namespace motcua::catalogue {
namespace {

using deadline::Term;
using deadline::TermUnit;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// What the sheets write where they say nothing.
constexpr std::string_view kNoInformation = "Không có thông tin";

// The next code point of well-formed UTF-8.
char32_t NextCodePoint(std::string_view text, std::size_t& at) {
  const auto byte = [&] { return static_cast<std::uint8_t>(text[at++]); };
  const std::uint8_t lead = byte();
  if (lead < 0x80) return lead;
  const int more = lead >= 0xF0 ? 3 : (lead >= 0xE0 ? 2 : 1);
  char32_t point = lead & (0x3FU >> more);
  for (int i = 0; i < more && at < text.size(); ++i) point = (point << 6) | (byte() & 0x3FU);
  return point;
}

// Letters above ASCII that Vietnamese has, beside U+1EA0 to U+1EF9; capital, then small.
constexpr std::array<std::pair<char32_t, char32_t>, 22> kLetters = {{
    {0xC0, 0xE0},   {0xC1, 0xE1},   {0xC2, 0xE2},   {0xC3, 0xE3},   {0xC8, 0xE8},   {0xC9, 0xE9},
    {0xCA, 0xEA},   {0xCC, 0xEC},   {0xCD, 0xED},   {0xD2, 0xF2},   {0xD3, 0xF3},   {0xD4, 0xF4},
    {0xD5, 0xF5},   {0xD9, 0xF9},   {0xDA, 0xFA},   {0xDD, 0xFD},   {0x102, 0x103}, {0x110, 0x111},
    {0x128, 0x129}, {0x168, 0x169}, {0x1A0, 0x1A1}, {0x1AF, 0x1B0},
}};

enum class Letter : std::uint8_t { kNone, kCapital, kSmall, kForeign };

Letter LetterOf(char32_t point) {
  if (point >= 'A' && point <= 'Z') return Letter::kCapital;
  if (point >= 'a' && point <= 'z') return Letter::kSmall;
  if (point >= 0x1EA0 && point <= 0x1EF9) {
    return point % 2 == 0 ? Letter::kCapital : Letter::kSmall;
  }
  for (const auto& [capital, small] : kLetters) {
    if (point == capital) return Letter::kCapital;
    if (point == small) return Letter::kSmall;
  }
  constexpr char32_t kMultiply = 0xD7;
  constexpr char32_t kDivide = 0xF7;
  if (point < 0xC0 || point == kMultiply || point == kDivide) return Letter::kNone;
  // Dashes, quotes, signs of currency and the like.
  const bool is_sign = point >= 0x2000 && point <= 0x2BFF;
  return is_sign ? Letter::kNone : Letter::kForeign;
}

std::string CodePointText(char32_t point) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  constexpr int kNibbles = 6;
  std::string text;
  for (int i = kNibbles - 1; i >= 0; --i) {
    const char digit = kDigits[(point >> (4 * i)) & 0xFU];
    if (text.empty() && digit == '0' && i > 3) continue;
    text += digit;
  }
  return "U+" + text;
}

// "1." or "2)" at the head of a list, or a sign.
bool HasListHead(std::string_view name) {
  if (name.empty()) return false;
  if (std::string_view(".,;:-*+)").find(name.front()) != std::string_view::npos) return true;
  const std::size_t digits =
      static_cast<std::size_t>(std::find_if_not(name.begin(), name.end(), IsDigit) - name.begin());
  return digits > 0 && digits < name.size() && (name[digits] == '.' || name[digits] == ')');
}

// Whether a procedure code (d.dddddd) stands anywhere in it.
bool HoldsCode(std::string_view name) {
  constexpr std::size_t kCodeBytes = 8;
  for (std::size_t at = 0; at + kCodeBytes <= name.size(); ++at) {
    const std::string_view part = name.substr(at, kCodeBytes);
    if (IsDigit(part[0]) && part[1] == '.' && std::all_of(part.begin() + 2, part.end(), IsDigit)) {
      return true;
    }
  }
  return false;
}

// The province that `agency` names after "tỉnh" or "thành phố"; empty when it names none.
std::string_view ProvinceIn(std::string_view agency) {
  for (const std::string_view word : {"tỉnh ", "Tỉnh ", "thành phố ", "Thành phố "}) {
    const std::size_t at = agency.find(word);
    if (at == std::string_view::npos) continue;
    std::size_t next = at + word.size();
    if (next >= agency.size()) continue;
    const std::size_t begin = next;
    if (LetterOf(NextCodePoint(agency, next)) == Letter::kCapital) return agency.substr(begin);
  }
  return {};
}

// A whole number without sign; nullopt for anything else.
std::optional<std::int64_t> WholeNumber(std::string_view text) {
  constexpr std::size_t kDigitsMax = 12;
  if (text.empty() || text.size() > kDigitsMax) return std::nullopt;
  std::int64_t number = 0;
  for (const char c : text) {
    if (!IsDigit(c)) return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number;
}

// The text, or its head.
std::string Shown(std::string_view text) {
  constexpr std::size_t kShownBytesMax = 80;
  const std::string_view head = CutText(text, kShownBytesMax);
  return std::string(head) + (head.size() < text.size() ? "…" : "");
}

Status NoTerm(std::string_view text, std::string_view what) {
  return FieldError("term", "\"" + Shown(text) + "\" " + std::string(what));
}

}  // namespace

std::vector<Dirt> DirtOfName(std::string_view name) {
  std::vector<Dirt> dirt;
  if (!IsUtf8(name)) return {{true, "is not UTF-8"}};
  if (!IsPrintable(name)) {
    dirt.push_back({true, "holds a control character (a line end or a tab)"});
  }
  if (ToNfc(name) != name) {
    dirt.push_back({false, "has letters with separate accents; they are composed (NFC)"});
  }
  const std::string canonical = CanonicalName(name);
  std::size_t small = 0;
  std::size_t capital = 0;
  for (std::size_t at = 0; at < canonical.size();) {
    const char32_t point = NextCodePoint(canonical, at);
    const Letter letter = LetterOf(point);
    small += letter == Letter::kSmall ? 1U : 0U;
    capital += letter == Letter::kCapital ? 1U : 0U;
    if (letter != Letter::kForeign) continue;
    dirt.push_back({true, "holds " + CodePointText(point) + ", a letter that Vietnamese has not"});
    break;
  }
  constexpr std::size_t kShortName = 12;  // an abbreviation may be all that there is
  if (small == 0 && capital > kShortName) dirt.push_back({false, "is in capitals alone"});
  if (HasListHead(canonical)) dirt.push_back({true, "begins with the number or dot of a list"});
  if (HoldsCode(canonical)) dirt.push_back({true, "holds a procedure code"});
  if (canonical.starts_with("Công bố Danh mục")) {
    dirt.push_back({true, "is the title of an announcement, not of a procedure"});
  }
  return dirt;
}

std::optional<Dirt> DirtOfTerm(const Term& term) {
  const std::int64_t whole = term.milli / deadline::kMilli;
  const std::string text = deadline::FormatTerm(term);
  if (term.unit == TermUnit::kMonths && whole > kMonthsPlausible) {
    return Dirt{true, text + " is longer than " + std::to_string(kMonthsPlausible) + " months"};
  }
  const bool in_hours = term.unit == TermUnit::kWorkingHours || term.unit == TermUnit::kClockHours;
  if (in_hours && whole > kHoursPlausible) {
    return Dirt{true, text + " is longer than " + std::to_string(kHoursPlausible) +
                          " hours: were days written in hours?"};
  }
  if (term.unit == TermUnit::kCalendarDays && whole > kDaysDoubtful) {
    return Dirt{false, text + " is longer than " + std::to_string(kDaysDoubtful) +
                           " days: were the cases of a procedure added up?"};
  }
  return std::nullopt;
}

std::optional<Dirt> DirtOfFee(std::int64_t vnd) {
  if (vnd <= 0 || vnd >= kFeeLeast) return std::nullopt;
  return Dirt{true, std::to_string(vnd) + " is less than " + std::to_string(kFeeLeast) +
                        " đồng: thousands, or another currency?"};
}

std::vector<Dirt> DirtOfAgency(std::string_view agency, bool in_force) {
  std::vector<Dirt> dirt;
  if (agency.find("Công đoàn") != std::string_view::npos) {
    dirt.push_back({true, "is a trade union, which decides no procedure"});
  }
  if (in_force && agency.find("cấp huyện") != std::string_view::npos) {
    dirt.push_back({false, "is of a district, a level that ended on 2025-07-01"});
  }
  return dirt;
}

Result<SheetTerm> ParseSheetTerm(std::string_view text) {
  struct ChannelRow {
    std::string_view word;
    codes::Channel channel;
  };
  constexpr std::array kChannels = {ChannelRow{"DIRECT:", codes::Channel::kDirect},
                                    ChannelRow{"ONLINE:", codes::Channel::kOnline},
                                    ChannelRow{"POSTAL:", codes::Channel::kPostal}};
  struct UnitRow {
    std::string_view word;
    TermUnit unit;
  };
  constexpr std::array kUnits = {
      UnitRow{"WORKING_DAY", TermUnit::kWorkingDays}, UnitRow{"HOUR", TermUnit::kWorkingHours},
      UnitRow{"MONTH", TermUnit::kMonths}, UnitRow{"ngày", TermUnit::kCalendarDays}};
  text = Trim(text);
  if (text.empty()) return NoTerm(text, "is no term: the sheet has none");
  const auto* const channel =
      std::find_if(kChannels.begin(), kChannels.end(),
                   [text](const ChannelRow& row) { return text.starts_with(row.word); });
  if (channel == kChannels.end()) return NoTerm(text, "does not begin with a channel");
  const std::string_view rest = Trim(text.substr(channel->word.size()));
  const std::size_t blank = rest.rfind(' ');
  const std::string_view unit_word =
      blank == std::string_view::npos ? rest : rest.substr(blank + 1);
  const std::string_view amount =
      blank == std::string_view::npos ? std::string_view() : Trim(rest.substr(0, blank));
  const bool is_number = WholeNumber(amount).has_value();
  if (unit_word == "OTHER") {
    if (amount.empty()) return NoTerm(text, "has neither a number nor a unit");
    if (is_number) return NoTerm(text, "is a number without a unit");
    return NoTerm(text, "has words where the term should be");
  }
  const auto* const unit = std::find_if(kUnits.begin(), kUnits.end(),
                                        [&](const UnitRow& row) { return row.word == unit_word; });
  if (!is_number) return NoTerm(text, "has words where the term should be");
  if (unit == kUnits.end()) {
    return NoTerm(text, "has the unit " + std::string(unit_word) + ", which terms do not have");
  }
  constexpr std::int64_t kAmountMax = deadline::kTermMilliMax / deadline::kMilli;
  const std::int64_t number = *WholeNumber(amount);
  if (number > kAmountMax) return NoTerm(text, "is longer than 4000 units");
  return SheetTerm{channel->channel,
                   Term{static_cast<std::int32_t>(number * deadline::kMilli), unit->unit}};
}

Result<std::optional<std::int64_t>> ParseSheetFee(std::string_view text) {
  constexpr std::string_view kUnit = " VNĐ";
  text = Trim(text);
  const auto none = std::optional<std::int64_t>();
  // Several amounts side by side are cases; which one it is, the counter must say.
  if (text.empty() || text == kNoInformation || text.find(" | ") != std::string_view::npos) {
    return none;
  }
  const std::size_t end = text.find(kUnit);
  const auto amount = WholeNumber(text.substr(0, end));
  if (end == std::string_view::npos || !amount) {
    return FieldError("fee", "is not an amount in đồng");
  }
  if (text.find("USD") != std::string_view::npos) {
    return FieldError("fee", std::to_string(*amount) + " is an amount in US dollars");
  }
  if (const auto dirt = DirtOfFee(*amount)) return FieldError("fee", dirt->what);
  return *amount == 0 ? none : amount;
}

Result<codes::Tier> ParseSheetLevel(std::string_view text) {
  text = Trim(text);
  if (text.starts_with("Cấp Bộ") || text.starts_with("Cấp bộ")) return codes::Tier::kCentral;
  if (text.starts_with("Cấp Tỉnh") || text.starts_with("Cấp tỉnh")) return codes::Tier::kCity;
  if (text.starts_with("Cấp Xã") || text.starts_with("Cấp xã")) return codes::Tier::kCommune;
  return FieldError("level", "is missing: \"" + Shown(text) + "\" names no level");
}

std::vector<Dirt> DirtOfSheetAgency(std::string_view agency) {
  std::vector<Dirt> dirt = DirtOfAgency(agency, true);
  if (const std::string_view province = ProvinceIn(agency); !province.empty()) {
    dirt.push_back({true, "names one place, " + Shown(province) + ", in a national sheet"});
  }
  return dirt;
}

}  // namespace motcua::catalogue
