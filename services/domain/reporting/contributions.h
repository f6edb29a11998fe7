// What one dossier adds to the day counters of status reports, such that sums over days give
// exactly what Classify says of every day-aligned query (as_of absent), by date and by instant at
// once.
//
// Flows count on the day that something happened: received by channel, resolved by both verdicts
// together. Stocks (dossiers paused, dossiers late at the end of a day) are kept as differences
// from day to day, so a sum over all days up to T is the stock at the end of T. LD are the late by
// date, LI those who are late by instant and will be by date when the day has passed: of the two
// only these are kept:
//
//   kDueThatDay(T) = LI(T) - LD(T)        open at the end of T, not paused, and due on T
//   kLateShift(T)  = LD(T) - LI(T - 1)    late by other ways than a day passing
//
//   so LI(T) = sum of both up to T, and LD(T) = that less kDueThatDay(T).
//
// Who was stopped in the last evening of the term has missed it by instant and, it may be, never
// does by date. These are late by instant beside LI, in two stocks: kPausedButLate while the clock
// stands, kInTermButLate when it goes on.
//
// A dossier that is resolved in time touches kDueThatDay of its due day twice (+1 when it is
// received, -1 when it is resolved) and kLateShift never: two counters per event, not six. The days
// on which a dossier's state can change are few (received, resolved, due, begins and ends of
// standstills); the state at the end of each is asked of OpenStateAt, so there is no second
// definition. Figures of their own are asked of FiguresOf; which counters they have, and how every
// column is summed from its counters, is in its row (columns.h).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "services/domain/reporting/classify.h"
#include "services/domain/reporting/columns.h"
#include "services/domain/reporting/status_report.h"

namespace motcua::reporting {

struct Contribution {
  Measure measure = Measure::kReceivedDirect;
  CivilDate day;
  std::int64_t delta = 0;
  friend bool operator==(const Contribution&, const Contribution&) = default;
};
using Contributions = std::vector<Contribution>;

// Adds those of `dossier`, times `sign`, to `sums`; entries of one measure and day are merged,
// those that come to 0 stay as 0.
void Contribute(const cases::Dossier& dossier, std::int32_t sign, Contributions& sums);

// What changes from `before` (null: there was none) to `after`; no zeros.
Contributions Change(const cases::Dossier* before, const cases::Dossier& after);

// ---- Sums --------------------------------------------------------------------------------------

// Sums of the contributions of any set of dossiers for a period.
struct Sums {
  std::array<std::int64_t, kMeasures> before{};  // days before the period
  std::array<std::int64_t, kMeasures> within{};  // days of the period
  std::int64_t due_on_last_day = 0;              // kDueThatDay of its last day (also in `within`)

  void Add(const Sums& other);
};
// The columns of that set's row.
void AddToRow(const Sums& sums, const StatusQuery& query, StatusRow& row);

}  // namespace motcua::reporting
