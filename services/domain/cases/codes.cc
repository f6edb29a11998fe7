#include "services/domain/cases/codes.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>

#include "services/base/hash.h"
#include "services/base/text_cut.h"

namespace motcua::cases {
namespace {

// Codes are parsed for every event that is read: nothing here allocates.

bool IsDigits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// One letter A to Y and two digits: a ministry or province (QĐ 20/2020).
bool IsTopCode(std::string_view text) {
  return text.size() == 3 && text[0] >= 'A' && text[0] <= 'Y' && IsDigits(text.substr(1));
}

// ddd.dd.dd.Ldd
bool IsOldUnitCode(std::string_view text) {
  return text.size() == 13 && IsDigits(text.substr(0, 3)) && text[3] == '.' &&
         IsDigits(text.substr(4, 2)) && text[6] == '.' && IsDigits(text.substr(7, 2)) &&
         text[9] == '.' && IsTopCode(text.substr(10));
}

// Ldd followed by up to four groups of one to three digits.
bool IsNewUnitCode(std::string_view text) {
  constexpr std::size_t kGroupsMax = 4;
  if (!IsTopCode(text.substr(0, 3))) return false;
  std::string_view rest = text.substr(3);
  for (std::size_t groups = 0; !rest.empty(); ++groups) {
    if (groups == kGroupsMax || rest[0] != '.') return false;
    rest.remove_prefix(1);
    const std::string_view group = rest.substr(0, rest.find('.'));
    if (!IsDigits(group) || group.size() > 3) return false;
    rest.remove_prefix(group.size());
  }
  return true;
}

struct DossierParts {
  std::string_view unit;
  std::string_view day;
  std::string_view sequence;
};

// Splits at the last two hyphens; empty parts where there are none.
DossierParts SplitDossier(std::string_view text) {
  const std::size_t second = text.rfind('-');
  if (second == std::string_view::npos || second == 0) return {};
  const std::size_t first = text.rfind('-', second - 1);
  if (first == std::string_view::npos) return {};
  return {text.substr(0, first), text.substr(first + 1, second - first - 1),
          text.substr(second + 1)};
}

std::uint32_t Number(std::string_view digits) {
  std::uint32_t value = 0;
  for (const char c : digits) value = value * 10 + static_cast<std::uint32_t>(c - '0');
  return value;
}

// YYMMDD means 20YY: the code exists since 2019. Nothing for a day that does not exist.
std::optional<CivilDate> DayOf(std::string_view digits) {
  if (digits.size() != 6 && digits.size() != 8) return std::nullopt;
  std::array<char, 10> text = {'2', '0', '0', '0', '-', '0', '0', '-', '0', '0'};
  const std::size_t year_digits = digits.size() - 4;
  std::copy_n(digits.begin(), year_digits, text.begin() + (4 - static_cast<int>(year_digits)));
  std::copy_n(digits.end() - 4, 2, text.begin() + 5);
  std::copy_n(digits.end() - 2, 2, text.begin() + 8);
  const Result<CivilDate> day = ParseDate({text.data(), text.size()});
  return day.ok() ? std::optional(*day) : std::nullopt;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

Result<UnitCode> ParseUnitCode(std::string_view text) {
  if (text.size() > kUnitCodeBytesMax || (!IsOldUnitCode(text) && !IsNewUnitCode(text))) {
    return FieldError("unit", "\"" + std::string(CutText(text, kUnitCodeBytesMax)) +
                                  "\" is not an agency identifier like 000.23.10.H49 or H49.23");
  }
  return UnitCode(text);
}

Result<ProcedureCode> ParseProcedureCode(std::string_view text) {
  constexpr std::size_t kNationalBytes = 8;  // d.dddddd
  const bool national = text.size() >= kNationalBytes && IsDigits(text.substr(0, 1)) &&
                        text[1] == '.' && IsDigits(text.substr(2, 6));
  const bool local = national && text.size() > kNationalBytes && text[kNationalBytes] == '.' &&
                     IsOldUnitCode(text.substr(kNationalBytes + 1));
  if (!national || (text.size() > kNationalBytes && !local)) {
    return FieldError("procedure", "\"" + std::string(CutText(text, kProcedureCodeBytesMax)) +
                                       "\" is not a procedure code like 1.001193");
  }
  return ProcedureCode(text);
}

Result<DossierCode> ParseDossierCode(std::string_view text) {
  const DossierParts parts = SplitDossier(text);
  const bool old_form =
      IsOldUnitCode(parts.unit) && parts.day.size() == 6 && parts.sequence.size() >= 4;
  const bool new_form =
      IsNewUnitCode(parts.unit) && parts.day.size() == 8 && parts.sequence.size() >= 7;
  constexpr std::size_t kSequenceDigitsMax = 9;
  if (text.size() > kDossierCodeBytesMax || (!old_form && !new_form) || !IsDigits(parts.day) ||
      !IsDigits(parts.sequence) || parts.sequence.size() > kSequenceDigitsMax ||
      Number(parts.sequence) == 0 || !DayOf(parts.day)) {
    return FieldError("dossier", "\"" + std::string(CutText(text, kDossierCodeBytesMax)) +
                                     "\" is not a dossier code like 000.23.10.H49-201031-0001");
  }
  return DossierCode(text);
}

DossierCode MakeDossierCode(const UnitCode& unit, CivilDate day, std::uint32_t sequence) {
  const YearMonthDay ymd = Split(day);
  std::array<char, 32> tail{};
  const int written = IsOldUnitCode(unit.value())
                          ? std::snprintf(tail.data(), tail.size(), "-%02d%02d%02d-%04u",
                                          ymd.year % 100, ymd.month, ymd.day, sequence)
                          : std::snprintf(tail.data(), tail.size(), "-%04d%02d%02d-%07u", ymd.year,
                                          ymd.month, ymd.day, sequence);
  return DossierCode(unit.value() + std::string(tail.data(), static_cast<std::size_t>(written)));
}

UnitCode UnitOf(const DossierCode& code) { return UnitCode(SplitDossier(code.value()).unit); }

DossierNumber NumberOf(const DossierCode& code) {
  const DossierParts parts = SplitDossier(code.value());
  return {DayOf(parts.day).value_or(CivilDate{}), Number(parts.sequence)};
}

Result<RequestId> ParseRequestId(std::string_view text) {
  RequestId id;
  std::size_t nibble = 0;
  bool well_formed = text.size() == 36;
  for (std::size_t i = 0; well_formed && i < text.size(); ++i) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      well_formed = text[i] == '-';
      continue;
    }
    const int digit = HexDigit(text[i]);
    well_formed = digit >= 0;
    if (well_formed) {
      auto& byte = id.bytes[nibble / 2];
      byte = static_cast<std::uint8_t>(static_cast<unsigned>(byte) << 4U |
                                       static_cast<unsigned>(digit));
      ++nibble;
    }
  }
  if (!well_formed || id.empty()) {
    return FieldError("request_id",
                      text.empty() ? "is missing; make a UUID before the first try and keep it"
                                   : "must be a UUID like 3f2b8c1e-5d0a-4c7b-9e11-0a1b2c3d4e5f");
  }
  return id;
}

std::string FormatRequestId(const RequestId& id) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < id.bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text.push_back('-');
    text.push_back(kHex[id.bytes[i] >> 4U]);
    text.push_back(kHex[id.bytes[i] & 0xFU]);
  }
  return text;
}

RequestId DeriveRequestId(std::string_view name) {
  const Hash128 hash = HashBytes128(name);
  RequestId id;
  for (std::size_t i = 0; i < 8; ++i) {
    id.bytes[i] = static_cast<std::uint8_t>(hash.high >> (8 * (7 - i)));
    id.bytes[i + 8] = static_cast<std::uint8_t>(hash.low >> (8 * (7 - i)));
  }
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0FU) | 0x80U);  // version 8
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3FU) | 0x80U);  // RFC 9562 variant
  return id;
}

}  // namespace motcua::cases

std::size_t std::hash<motcua::cases::RequestId>::operator()(
    const motcua::cases::RequestId& id) const noexcept {
  return motcua::HashBytes({reinterpret_cast<const char*>(id.bytes.data()),
                            id.bytes.size()});  // NOLINT(*-reinterpret-*)
}
