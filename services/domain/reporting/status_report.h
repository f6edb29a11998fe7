// The table of Biểu II.06a/VPCP/KSTT (TT 01/2020/TT-VPCP, domain.md §5.2) as values: what is asked,
// the columns, the rows.
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

namespace motcua::reporting {

// What counts as late. Values equal the proto's.
enum class Verdict : std::uint8_t {
  kDate = 1,     // only the civil dates are compared, as the template does
  kInstant = 2,  // the instants are compared
};

// What a row is about. Values equal the proto's.
enum class Dimension : std::uint8_t { kUnit = 1, kField = 2, kProcedure = 3, kChannel = 4 };

// A number of the report. Values equal the proto's.
enum class Column : std::uint8_t {
  kNone = 0,
  kCarriedOver = 1,  // từ kỳ trước
  kReceivedDirect = 2,
  kReceivedOnline = 3,
  kReceivedPostal = 4,
  kResolvedEarly = 5,   // trước hạn
  kResolvedOnTime = 6,  // đúng hạn
  kResolvedLate = 7,    // quá hạn
  kResolvedWithdrawn = 8,
  kOpenInTerm = 9,  // đang giải quyết, trong hạn
  kOpenLate = 10,   // đang giải quyết, quá hạn
  kOpenPaused = 11,
  // Of these, figures of their own; they add to no total.
  kResolvedStopped = 12,     // of kResolvedLate: clock stopped or date moved after the term
  kOpenStopped = 13,         // of kOpenLate: likewise
  kSupplementRepeated = 14,  // of all: a supplement was asked for more than once
};
inline constexpr std::size_t kColumns = 15;
std::string_view ColumnName(Column column);  // "RESOLVED_LATE"

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
};

struct StatusRow {
  std::string key;   // unit code, field, procedure code or channel; kNoKey where none was stated
  std::string name;  // what people call it
  std::array<std::int64_t, kColumns> counts{};

  std::int64_t operator[](Column column) const { return counts[static_cast<std::size_t>(column)]; }
  std::int64_t& operator[](Column column) { return counts[static_cast<std::size_t>(column)]; }
  std::int64_t received_total() const;
  std::int64_t resolved_total() const;
  std::int64_t open_total() const;
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

// A rate is never told without its denominator (domain.md §1.3).
struct Rate {
  std::int64_t part = 0;
  std::int64_t whole = 0;
  // Rounded half up: 9727 is 97.27 %. 0 when there is nothing to divide by.
  std::int64_t per_ten_thousand() const;
};
// Early and on time of all resolved: the rate of 06a. The custom of the field counts the withdrawn
// as on time; else they are left out of both.
Rate OnTimeRate(const StatusRow& row, bool withdrawn_on_time);

}  // namespace motcua::reporting
