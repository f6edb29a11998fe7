// What a catalogue holds, entry by entry: units, procedures, and of a procedure the sheet that
// people read. What `Decide` needs is in Unit and Procedure; a sheet is for posting and search.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "services/base/strong.h"
#include "services/base/time.h"
#include "services/domain/calendar/calendar.h"
#include "services/domain/cases/codes.h"
#include "services/domain/deadline/term.h"

namespace motcua::catalogue {

// The days on which an entry is in force, both included; an end that is not given is open.
struct Validity {
  std::optional<CivilDate> from = {};
  std::optional<CivilDate> to = {};

  bool Holds(CivilDate day) const { return (!from || *from <= day) && (!to || day <= *to); }
  bool Overlaps(const Validity& other) const;
  bool empty() const { return from && to && *to < *from; }
  friend bool operator==(const Validity&, const Validity&) = default;
};
// "from 2026-09-01", "until 2025-06-30", "from … until …", "always".
std::string FormatValidity(const Validity& validity);

enum class UnitKind : std::uint8_t {
  kNotSaid,
  kProvince,
  kCentralCity,  // thành phố trực thuộc trung ương, the level of a province
  kCity,         // thành phố thuộc tỉnh, the level of a district; until 30/6/2025
  kOneStop,
  kDepartment,
  kCentral,  // cơ quan ngành dọc Trung ương
  kBranch,
  kWard,
  kCommune,
  kSpecialZone,
};

// Whether a procedure can be done online, and how far (NĐ 42/2022, NĐ 224/2026).
enum class OnlineLevel : std::uint8_t { kNotSaid, kNone, kPart, kFull };

// How firm what an entry rests on is. A catalogue takes no proposal: it decides nothing.
enum class LawStatus : std::uint8_t { kNotSaid, kDecided, kProposed, kProvisional };

// A value of one of these lists: as files write it, and as people read it.
template <typename E>
struct WordRow {
  E value;
  std::string_view key;
  std::string_view label;
};
std::span<const WordRow<UnitKind>> UnitKinds();
std::span<const WordRow<OnlineLevel>> OnlineLevels();
std::span<const WordRow<LawStatus>> LawStatuses();

template <typename E>
std::optional<E> FromWord(std::span<const WordRow<E>> rows, std::string_view key) {
  for (const WordRow<E>& row : rows) {
    if (row.key == key) return row.value;
  }
  return std::nullopt;
}
// The row of `value`.
template <typename E>
const WordRow<E>& RowOf(std::span<const WordRow<E>> rows, E value) {
  for (const WordRow<E>& row : rows) {
    if (row.value == value) return row;
  }
  return rows.front();
}

struct Unit {
  cases::UnitCode code = {};  // "000.23.10.H49"
  std::string name = {};      // tên đơn vị, with diacritics, NFC
  calendar::CalendarId calendar = {};
  UnitKind kind = UnitKind::kNotSaid;
  std::optional<cases::UnitCode> parent = {};
  Validity valid = {};
  std::vector<cases::UnitCode> successors = {};  // who goes on with its work when it ends
  // For people, where the counter is open at other hours than the calendar's; the clock runs by
  // the calendar.
  std::vector<calendar::OfficeSpan> opening_hours = {};

  friend bool operator==(const Unit&, const Unit&) = default;
};

// One leg of a route template. Legs of one `stage` run in parallel, stages one after the other; the
// stage after parallel legs is the join. Empty `unit` = the unit that receives the dossier.
struct LegTemplate {
  int stage = 1;  // from 1, no gaps
  std::optional<cases::UnitCode> unit;
  bool lead = false;  // cơ quan chủ trì
  deadline::Term term;

  friend bool operator==(const LegTemplate&, const LegTemplate&) = default;
};

struct Procedure {
  cases::ProcedureCode code;  // "1.001193"
  std::uint32_t version = 1;
  Validity valid = {};  // of this version, by the day of receipt
  std::string name;
  std::string field;                      // lĩnh vực, the key of reports by field
  codes::Tier tier = codes::Tier::kNone;  // the level that is competent
  codes::Interconnection interconnection = codes::Interconnection::kNotSaid;
  deadline::Term term;  // direct channel
  std::optional<deadline::Term> term_online;
  std::optional<deadline::Term> term_postal;
  deadline::DuePolicy due;
  deadline::SupplementPolicy supplement = deadline::SupplementPolicy::kRestart;
  // Before due, for the due-soon alert: working hours, or working days of the receiving unit's own
  // length. Eight hours are hours and stand for no day: where the office day has 7.5 hours they
  // ring half an hour before the closing of the day before. Of terms in clock hours: hours by the
  // clock.
  deadline::Term due_soon_lead{8'000, deadline::TermUnit::kWorkingHours};
  std::vector<LegTemplate> route;  // empty: handled by the receiving unit alone

  const deadline::Term& TermFor(cases::Channel channel) const;
  friend bool operator==(const Procedure&, const Procedure&) = default;
};

// A paper that a dossier consists of (thành phần hồ sơ).
struct Paper {
  std::string name;
  std::uint16_t originals = 0;
  std::uint16_t copies = 0;
  std::string required_when;  // empty: always

  friend bool operator==(const Paper&, const Paper&) = default;
};

// What is posted of a procedure beside what the clock runs by (niêm yết công khai).
struct ProcedureSheet {
  std::string deciding_agency;
  std::string term_text;  // as the agency that issued the procedure words it
  // The term of the law for the direct channel, where the office cut its own.
  std::optional<deadline::Term> statutory_term = {};
  std::optional<std::int64_t> fee_vnd = {};  // 0: free of charge; nothing: not known
  OnlineLevel online = OnlineLevel::kNotSaid;
  std::string result;
  std::string document;  // what it rests on: "NĐ 301/2026/NĐ-CP"
  std::string article;   // "Điều 7"
  LawStatus status = LawStatus::kNotSaid;
  std::string certainty;  // how sure the entry itself is, where its author says
  std::vector<Paper> papers;

  friend bool operator==(const ProcedureSheet&, const ProcedureSheet&) = default;
};

}  // namespace motcua::catalogue
