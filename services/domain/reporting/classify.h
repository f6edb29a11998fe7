// How one dossier counts in a status report: the only definition. Reports at an instant and the
// drill-down ask it for each dossier; the day counters are derived from it (contributions.h).
//
// - A refused dossier does not count.
// - It belongs to the table if it was received by the end of the period and was still open at its
//   start (received before: carried over) or received within it. Days are the civil days of the
//   dossier's own instants, each at its own offset.
// - Its state is that at the horizon: the end of the period, or as_of. A horizon is exclusive: what
//   lies before it is seen, what lies at it or after it is not.
// - Lateness stays (architecture.md §9): a due date that had passed when the clock was stopped, or
//   when the date was moved, makes the dossier late from then on, whatever is promised afterwards.
//   Such dossiers are told apart in figures of their own.
// - Resolved: withdrawn; or late if a date was missed before; or by the due date in force when it
//   was resolved; no due date is on time.
// - Open: late if a date was missed before; else paused if the clock stands at the horizon; else
//   late if the due date in force there has passed: by date, if the last day that the horizon has
//   seen begin is after the due day; by instant, if the due instant lies before the horizon.
// - A result that was delivered by post in the period is a figure of its own, whenever the dossier
//   was resolved: the only one in which a dossier is that the table does not have any more.
// - A register may say that a case was closed before it was opened. It is received when it was
//   opened and belongs to the resolved from the later of the two on, so that received = resolved +
//   open stays true on every day; its verdict compares the instants as they were recorded.
//
// Pure; nothing allocates.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "services/domain/cases/dossier.h"
#include "services/domain/reporting/status_report.h"

namespace motcua::reporting {

// The end of what is seen: a day (by the civil days of what is looked at), or an instant.
struct Horizon {
  CivilDate day;              // the last day seen; not looked at when there is an instant
  std::optional<Instant> at;  // what happened at it or later is not seen

  bool Sees(const ZonedTime& time) const { return at ? time.instant < *at : time.date() <= day; }
  // The last day, at `offset`, of which something is seen.
  CivilDate LastDay(UtcOffset offset) const {
    return at ? ZonedTime{*at - Micros(1), offset}.date() : day;
  }
};

struct Classification {
  // Both kNone of a dossier that was resolved before the period and counts in a figure alone.
  Column received = Column::kNone;  // carried over, or how it came
  Column state = Column::kNone;     // resolved or open, and how
  std::optional<ZonedTime> due;     // in force when it was resolved, else at the horizon
  // The due date that was missed before the clock was stopped or the date moved; none if it is not
  // late for that.
  std::optional<ZonedTime> missed;
  std::size_t supplement_requests = 0;  // as far as the horizon sees
  ColumnSet figures;                    // the figures of their own that it is counted in

  // Whether it is counted in `column`; every dossier of the table is in kNone.
  bool In(Column column) const;
  friend bool operator==(const Classification&, const Classification&) = default;
};

// Counts one dossier.
void AddToRow(const Classification& found, StatusRow& row);

// None: the dossier is not in the table of `query`.
std::optional<Classification> Classify(const cases::Dossier& dossier, const StatusQuery& query);

// The key of its row; kNoKey where nothing is stated.
std::string_view RowKey(const cases::Dossier& dossier, Dimension by);

// Of a row by level or interconnection.
std::string_view LevelKey(codes::Level level);
std::string_view InterconnectionKey(codes::Interconnection value);

// ---- The parts of the definition that do not depend on a query ---------------------------------

// Whether it is ever counted.
bool Counts(const cases::Dossier& dossier);
// The city answers for its wards and communes too.
codes::Level LevelOf(codes::Tier tier);
// By how it came.
Column ReceivedColumn(cases::Channel channel);
// The day on which its result was delivered by post; none if it was not.
std::optional<CivilDate> DeliveredDay(const cases::Dossier& dossier);
// Among the resolved, the withdrawn apart; only of a dossier that was.
Column ResolvedColumn(const cases::Dossier& dossier, Verdict verdict);
// The day from which it belongs to the resolved; only of a dossier that was.
CivilDate ResolvedDay(const cases::Dossier& dossier);

// The date whose passing stays, by `verdict`; its passing by date implies that by instant.
const std::optional<cases::MissedDue>& MissedBy(const cases::Dossier& dossier, Verdict verdict);

// An open dossier at a horizon.
struct OpenState {
  const cases::Pause* pause = nullptr;  // the standstill that it is in; null while the clock runs
  // By the due date in force, never while the clock stands; by date implies by instant.
  bool due_late_by_date = false;
  bool due_late_by_instant = false;
  // By a date that was missed before; by date implies by instant.
  bool missed_by_date = false;
  bool missed_by_instant = false;
  std::size_t supplement_requests = 0;
};
// Points into `dossier`.
OpenState OpenStateAt(const cases::Dossier& dossier, const Horizon& horizon);

// The columns of Group::kOwn that a dossier is counted in. `open`: its state at the horizon; null
// when it is resolved there.
ColumnSet FiguresOf(const cases::Dossier& dossier, const OpenState* open, Verdict verdict);

}  // namespace motcua::reporting
