// The columns of the status report, one row each: what a column is called, where it is shown and
// filled, and how it is summed from the day counters. Totals, the contract's messages, the check of
// the identities, the printed table and the keys of the counters loop over these rows; what puts a
// dossier into a column is in classify.h.
//
// Pure; all of it is known when the program is compiled.
#pragma once

#include <algorithm>
#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "services/domain/codes/code_lists.h"

namespace motcua::reporting {

using codes::Column;
using codes::Verdict;  // what counts as late: by the civil dates, or by the instants

// The day counters (contributions.h). Values are stored in the service's (disposable) rows.
enum class Measure : std::uint8_t {
  kReceivedDirect = 0,
  kReceivedOnline = 1,
  kReceivedPostal = 2,
  kWithdrawn = 3,
  kEarly = 4,
  kEarlyButLate = 5,  // early by date, late by instant: offsets differ, or stopped in the evening
  kOnTime = 6,
  kOnTimeButLate = 7,  // on the due day, after its hour
  kLate = 8,
  kLateButInTime = 9,  // late by date, not by instant: only where offsets differ
  kPaused = 10,        // difference of a stock, as all below that are of the open
  kDueThatDay = 11,
  kLateShift = 12,
  kPausedButLate = 13,  // paused by date, late by instant
  kInTermButLate = 14,  // neither paused nor due; in term by date, late by instant
  // Of the figures of their own, resolved and open.
  kResolvedStopped = 15,
  kResolvedStoppedByInstant = 16,  // by instant only
  kOpenStopped = 17,
  kOpenStoppedByInstant = 18,  // by instant only
  kResolvedRepeated = 19,
  kOpenRepeated = 20,
  kResolvedRejected = 21,
  kReturnedPostal = 22,  // on the day on which the delivery was recorded
  kEnd,                  // how many there are
};
inline constexpr std::size_t kMeasures = static_cast<std::size_t>(Measure::kEnd);

// ---- How a column is summed --------------------------------------------------------------------

// The days whose counters are added up.
enum class Span : std::uint8_t {
  kBefore,    // before the period
  kWithin,    // of the period: what happened in it
  kStock,     // both: what there is at its end
  kReturned,  // of the period, by the day on which the result was returned
  kLastDay,   // the last of the period; of kDueThatDay alone (Sums)
};

struct Term {
  std::int8_t sign = 1;
  Span span = Span::kWithin;
  Measure measure = Measure::kReceivedDirect;
  std::optional<Verdict> only;  // none: by either verdict
};
constexpr Term Before(Measure measure) { return {1, Span::kBefore, measure, {}}; }
constexpr Term Within(Measure measure) { return {1, Span::kWithin, measure, {}}; }
constexpr Term Returned(Measure measure) { return {1, Span::kReturned, measure, {}}; }
constexpr Term Stock(Measure measure) { return {1, Span::kStock, measure, {}}; }
constexpr Term OnLastDay(Measure measure) { return {1, Span::kLastDay, measure, {}}; }
constexpr Term operator-(Term term) {
  term.sign = static_cast<std::int8_t>(-term.sign);
  return term;
}
constexpr Term ByDate(Term term) {
  term.only = Verdict::kDate;
  return term;
}
constexpr Term ByInstant(Term term) {
  term.only = Verdict::kInstant;
  return term;
}

class Terms {
 public:
  constexpr Terms(std::initializer_list<Term> terms) : size_(terms.size()) {
    std::copy(terms.begin(), terms.end(), terms_.begin());
  }
  constexpr const Term* begin() const { return terms_.data(); }
  constexpr const Term* end() const { return terms_.data() + size_; }

 private:
  static constexpr std::size_t kMax = 16;
  std::array<Term, kMax> terms_{};
  std::size_t size_;
};

// ---- The columns -------------------------------------------------------------------------------

// The parts of a row. Each of its dossiers is once among the received, and once among the resolved
// or the open.
enum class Group : std::uint8_t {
  kReceived,
  kResolved,
  kOpen,
  kOwn,  // figures of their own: each counts some of the row's dossiers, and adds to no total
};
struct GroupRow {
  Group group;
  std::string_view total;    // the field of its total in the contract's StatusRow
  std::string_view number;   // of the total in the form
  std::string_view heading;  // above its columns
  std::string_view short_heading;
};
inline constexpr std::array kGroupTable = {
    GroupRow{Group::kReceived, "received.total", "(3)", "Tiếp nhận", "Tiếp nhận"},
    GroupRow{Group::kResolved, "resolved.total", "(7)", "Đã giải quyết", "Đã giải quyết"},
    GroupRow{Group::kOpen, "open.total", "(11)", "Đang giải quyết", "Đang GQ"},
};

struct ColumnRow {
  Column column;
  Group group;
  std::string_view field;   // in the contract's StatusRow
  std::string_view number;  // in the form, which shows columns of one number as their sum
  // In the printed table. Empty of a figure of its own, which is printed below it by its label, the
  // contract's name of the column.
  std::string_view heading;
  std::string_view short_heading;
  // Of a figure of its own: Within are resolved, Stock are open, Returned are in the citizen's
  // hands; ByInstant are those that it counts by instant and not by date.
  Terms terms;
};

// In the order of the printed table.
inline constexpr std::array kColumnTable = {
    ColumnRow{Column::kReceivedOnline,
              Group::kReceived,
              "received.online",
              "(4)",
              "T.tuyến",
              "Mạng",
              {Within(Measure::kReceivedOnline)}},
    ColumnRow{Column::kReceivedDirect,
              Group::kReceived,
              "received.direct",
              "(5)",
              "T.tiếp",
              "Quầy",
              {Within(Measure::kReceivedDirect)}},
    ColumnRow{Column::kReceivedPostal,
              Group::kReceived,
              "received.postal",
              "(5)",
              "Bưu chính",
              "BC",
              {Within(Measure::kReceivedPostal)}},
    // Received before, less what was resolved before.
    ColumnRow{Column::kCarriedOver,
              Group::kReceived,
              "received.carried_over",
              "(6)",
              "Kỳ trước",
              "KTr",
              {Before(Measure::kReceivedDirect), Before(Measure::kReceivedOnline),
               Before(Measure::kReceivedPostal), -Before(Measure::kWithdrawn),
               -Before(Measure::kEarly), -Before(Measure::kEarlyButLate), -Before(Measure::kOnTime),
               -Before(Measure::kOnTimeButLate), -Before(Measure::kLate),
               -Before(Measure::kLateButInTime)}},
    ColumnRow{Column::kResolvedEarly,
              Group::kResolved,
              "resolved.early",
              "(8)",
              "Trước",
              "Sớm",
              {Within(Measure::kEarly), ByDate(Within(Measure::kEarlyButLate))}},
    ColumnRow{Column::kResolvedOnTime,
              Group::kResolved,
              "resolved.on_time",
              "(9)",
              "Đúng",
              "Đúng",
              {Within(Measure::kOnTime), ByDate(Within(Measure::kOnTimeButLate)),
               ByInstant(Within(Measure::kLateButInTime))}},
    ColumnRow{
        Column::kResolvedLate,
        Group::kResolved,
        "resolved.late",
        "(10)",
        "Quá",
        "Quá",
        {Within(Measure::kLate), ByDate(Within(Measure::kLateButInTime)),
         ByInstant(Within(Measure::kOnTimeButLate)), ByInstant(Within(Measure::kEarlyButLate))}},
    ColumnRow{Column::kResolvedWithdrawn,
              Group::kResolved,
              "resolved.withdrawn",
              "",
              "Rút",
              "Rút",
              {Within(Measure::kWithdrawn)}},
    // All that is open, less what is paused or late.
    ColumnRow{
        Column::kOpenInTerm,
        Group::kOpen,
        "open.in_term",
        "(12)",
        "Trong",
        "Tr.",
        {Stock(Measure::kReceivedDirect), Stock(Measure::kReceivedOnline),
         Stock(Measure::kReceivedPostal), -Stock(Measure::kWithdrawn), -Stock(Measure::kEarly),
         -Stock(Measure::kEarlyButLate), -Stock(Measure::kOnTime), -Stock(Measure::kOnTimeButLate),
         -Stock(Measure::kLate), -Stock(Measure::kLateButInTime), -Stock(Measure::kPaused),
         -Stock(Measure::kPausedButLate), -Stock(Measure::kDueThatDay), -Stock(Measure::kLateShift),
         ByDate(OnLastDay(Measure::kDueThatDay)), -ByInstant(Stock(Measure::kInTermButLate))}},
    ColumnRow{Column::kOpenPaused,
              Group::kOpen,
              "open.paused",
              "(12)",
              "Dừng",
              "Dừng",
              {Stock(Measure::kPaused), ByDate(Stock(Measure::kPausedButLate))}},
    ColumnRow{Column::kOpenLate,
              Group::kOpen,
              "open.late",
              "(13)",
              "Quá",
              "Quá",
              {Stock(Measure::kDueThatDay), Stock(Measure::kLateShift),
               -ByDate(OnLastDay(Measure::kDueThatDay)), ByInstant(Stock(Measure::kPausedButLate)),
               ByInstant(Stock(Measure::kInTermButLate))}},
    ColumnRow{
        Column::kResolvedStopped,
        Group::kOwn,
        "resolved.stopped_after_term",
        "",
        "",
        "",
        {Within(Measure::kResolvedStopped), ByInstant(Within(Measure::kResolvedStoppedByInstant))}},
    ColumnRow{Column::kOpenStopped,
              Group::kOwn,
              "open.stopped_after_term",
              "",
              "",
              "",
              {Stock(Measure::kOpenStopped), ByInstant(Stock(Measure::kOpenStoppedByInstant))}},
    ColumnRow{Column::kSupplementRepeated,
              Group::kOwn,
              "supplement_repeated",
              "",
              "",
              "",
              {Within(Measure::kResolvedRepeated), Stock(Measure::kOpenRepeated)}},
    ColumnRow{Column::kResolvedRejected,
              Group::kOwn,
              "resolved.rejected",
              "",
              "",
              "",
              {Within(Measure::kResolvedRejected)}},
    ColumnRow{Column::kReturnedPostal,
              Group::kOwn,
              "returned_postal",
              "",
              "",
              "",
              {Returned(Measure::kReturnedPostal)}},
};
inline constexpr std::size_t kColumns = 1 + kColumnTable.size();  // with Column::kNone
static_assert(kColumns == codes::CodeList<Column>::kValues.size(), "each column has its row");

using ColumnSet = std::bitset<kColumns>;
constexpr std::size_t IndexOf(Column column) { return static_cast<std::size_t>(column); }

// Null: kNone, or a number that is no column.
constexpr const ColumnRow* FindColumn(Column column) {
  for (const ColumnRow& row : kColumnTable) {
    if (row.column == column) return &row;
  }
  return nullptr;
}

// Late, whether resolved or open.
constexpr bool IsLate(Column column) {
  return column == Column::kResolvedLate || column == Column::kOpenLate;
}

}  // namespace motcua::reporting
