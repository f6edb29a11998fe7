// Codes of the field: agencies, procedures, dossiers, postal items, request ids, and the code lists
// of the national portal. Parsing is strict; what cannot be right is FIELD_INVALID with the reason.
//
// Sources: TT 01/2018/TT-VPCP art. 19 (dossier code), TT 10/2016/TT-BTTTT and QĐ 20/2020/QĐ-TTg
// (agency identifiers), domain.md §3 and §4.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "services/base/status.h"
#include "services/base/strong.h"
#include "services/base/time.h"
#include "services/domain/codes/code_lists.h"

namespace motcua::cases {

// "000.23.10.H49" (TT 10/2016) or "H49.23.10" (QĐ 20/2020).
using UnitCode = Strong<std::string, struct UnitCodeTag>;
// "1.001193", or a local copy "1.001193.000.00.00.H49"; imported registers may use their own words.
using ProcedureCode = Strong<std::string, struct ProcedureCodeTag>;
// "000.23.10.H49-201031-0001" or "G09.20-20260609-0092637".
using DossierCode = Strong<std::string, struct DossierCodeTag>;
// An id, never a name: "officer:0142", "system:deadline".
using ActorId = Strong<std::string, struct ActorIdTag>;

inline constexpr std::size_t kUnitCodeBytesMax = 35;
inline constexpr std::size_t kDossierCodeBytesMax = 64;
inline constexpr std::size_t kProcedureCodeBytesMax = 64;
inline constexpr std::size_t kActorIdBytesMax = 64;

Result<UnitCode> ParseUnitCode(std::string_view text);
// The national form only.
Result<ProcedureCode> ParseProcedureCode(std::string_view text);
Result<DossierCode> ParseDossierCode(std::string_view text);

// The code of dossier number `sequence` (from 1) of `day` at `unit`; four digits, or seven in the
// form of 2026, and more when the day's count outgrows them.
DossierCode MakeDossierCode(const UnitCode& unit, CivilDate day, std::uint32_t sequence);
// The receiving unit that a well-formed code begins with.
UnitCode UnitOf(const DossierCode& code);
// Day and sequence of a well-formed code.
struct DossierNumber {
  CivilDate day;
  std::uint32_t sequence = 0;
};
DossierNumber NumberOf(const DossierCode& code);

// A UUID made by the client before it sends; the same request has the same id permanently.
struct RequestId {
  std::array<std::uint8_t, 16> bytes{};
  bool empty() const { return *this == RequestId{}; }
  friend bool operator==(const RequestId&, const RequestId&) = default;
  friend auto operator<=>(const RequestId&, const RequestId&) = default;
};
// 8-4-4-4-12 hexadecimal digits; not all zero.
Result<RequestId> ParseRequestId(std::string_view text);
std::string FormatRequestId(const RequestId& id);
// The id that follows from the words of `name` (a version 8 UUID): for reactions, timers, imports.
RequestId DeriveRequestId(std::string_view name);

using codes::Channel;
using codes::ReturnMode;

// S10 item number: two letters, eight digits, check digit, country of an issuing operator:
// "EX123456785VN". Small letters and groups ("EX 123 456 785 VN") are taken, and normalised.
inline constexpr std::size_t kItemNumberTextBytesMax = 64;
Result<std::string> ParseItemNumber(std::string_view text);

}  // namespace motcua::cases

template <>
struct std::hash<motcua::cases::RequestId> {
  std::size_t operator()(const motcua::cases::RequestId& id) const noexcept;
};
