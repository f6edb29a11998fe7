// The table of Biểu II.06a/VPCP/KSTT (TT 01/2020/TT-VPCP, domain.md §5.2) as values: what is asked,
// the rows, and the on-time rates. The columns are in columns.h.
//
// Every row counts each of its dossiers once among "received" and once among "resolved" or "open",
// so received_total() == resolved_total() + open_total() in every row and in the total.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/base/time.h"
#include "services/domain/cases/codes.h"
#include "services/domain/reporting/columns.h"

namespace motcua::reporting {

using codes::Dimension;  // what a row is about

// One full request is what the law grants (NĐ 118/2025 Điều 17); index 766 counts more as late.
inline constexpr std::size_t kSupplementRequestsGranted = 1;

struct StatusQuery {
  CivilDate from_date;
  CivilDate to_date;  // counted in
  // The state at this instant: what happened at it or later is not seen. None: the end of
  // `to_date`, by the civil days of each dossier's own instants.
  std::optional<Instant> as_of;
  std::optional<cases::UnitCode> unit;  // none: all
  Verdict verdict = Verdict::kDate;
  Dimension by = Dimension::kUnit;
  // The withdrawn count as resolved on time and have no column of their own: the custom of the
  // form's note.
  bool merge_withdrawn = false;
};

struct StatusRow {
  // Unit code, field, procedure code, or the word of the contract for channel, level or
  // interconnection; kNoKey where none was stated.
  std::string key;
  std::string name;  // what people call it
  std::array<std::int64_t, kColumns> counts{};

  std::int64_t operator[](Column column) const { return counts[IndexOf(column)]; }
  std::int64_t& operator[](Column column) { return counts[IndexOf(column)]; }
  // The sum of the group's columns.
  std::int64_t total(Group group) const;
  std::int64_t received_total() const { return total(Group::kReceived); }
  std::int64_t resolved_total() const { return total(Group::kResolved); }
  std::int64_t open_total() const { return total(Group::kOpen); }
  // Adds the counts of `other`.
  void Add(const StatusRow& other);

  friend bool operator==(const StatusRow&, const StatusRow&) = default;
};
// The key of a row whose dossiers state none, so that it can be asked for.
inline constexpr std::string_view kNoKey = "-";

struct StatusReport {
  std::vector<StatusRow> rows;  // by key; no row without dossiers
  StatusRow total;

  friend bool operator==(const StatusReport&, const StatusReport&) = default;
};

// ---- On-time rates -----------------------------------------------------------------------------
//
// The same dossiers have three (domain.md §5.4), which differ in what they are a part of. They are
// computed here and nowhere else.

// kOfResolved: Biểu II.06a as it is practised, resolved early or on time, of the resolved. The
// withdrawn are in neither, unless the query merges them.
// kOfReceived: NĐ 61/2018 Điều 30, resolved early or on time, of what was received in the period.
// Above 100 % where a backlog was worked off.
// kOfAll: QĐ 766, resolved early or on time, or open and not late, of all that was in hand:
// received or carried over. A clock that is paused counts as not late.
using codes::RateDefinition;
struct RateRow {
  RateDefinition definition;
  std::string_view formula;  // by the numbers of the form
  ColumnSet part;
  ColumnSet whole;
};
const std::array<RateRow, 3>& RateTable();

// Never told without its denominator.
struct Rate {
  RateDefinition definition = RateDefinition::kOfResolved;
  std::int64_t part = 0;
  std::int64_t whole = 0;
  friend bool operator==(const Rate&, const Rate&) = default;
};
Rate OnTimeRate(const StatusRow& row, RateDefinition definition);

}  // namespace motcua::reporting
