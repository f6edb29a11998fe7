// Dossier (hồ sơ) and register book (sổ): the state that the events fold to.
//
// `Apply` is total: it never refuses, never decides, never reads the catalogue. Every service folds
// the same Dossier and keeps the parts that it needs (Parts). Pure; a value type.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/domain/cases/events.h"
#include "services/domain/deadline/due.h"

namespace motcua::cases {

using codes::Stage;

// One standstill of the clock; `due_before` was in force until it ended.
struct Pause {
  PauseReason reason = PauseReason::kSupplement;
  ZonedTime from;
  std::optional<ZonedTime> to;  // none while it lasts
  std::optional<ZonedTime> due_before;
  friend bool operator==(const Pause&, const Pause&) = default;
};
inline constexpr std::size_t kPausesMax = 32;

// A due date that was over while the clock ran, before the clock was stopped or the date moved.
// Neither takes it out of the figures: lateness that has happened stays (architecture.md §9).
struct MissedDue {
  ZonedTime due;
  ZonedTime from;  // from when it counts: the stop, or the date's passing where it was moved
  friend bool operator==(const MissedDue&, const MissedDue&) = default;
};

struct Clock {
  calendar::CalendarId calendar;  // what the due date in force rests on, with its version
  calendar::CalendarVersion calendar_version;
  deadline::Term term;
  deadline::DuePolicy policy;
  deadline::SupplementPolicy supplement = deadline::SupplementPolicy::kRestart;
  std::int32_t due_soon_lead_minutes = 0;
  ZonedTime start;
  std::optional<ZonedTime> first_due;  // the appointment on the receipt
  bool first_provisional = false;      // as ClockSetting says it of that one
  ClockSetting now;                    // in force
  Instant alerts_from;                 // what was over by then raises no alert
  std::vector<Pause> pauses;           // ascending; the last may be running
  // The first that was missed, by the instants and by the days (of the date's own offset). A date
  // missed by days is missed by instants too; in its last evening it is missed by instants alone.
  std::optional<MissedDue> missed;
  std::optional<MissedDue> missed_by_date;

  bool standing() const { return !pauses.empty() && !pauses.back().to; }
  friend bool operator==(const Clock&, const Clock&) = default;
};

// The standstills of a clock that is counted from `start`: those that ended after it, from `start`
// on where they began before it (a leg that was handed over while the clock stood still). One that
// still lasts ends at `now`, or is left out where there is none. What a restart left behind is
// before its start. Ascending; what ComputeDue adds up.
std::vector<deadline::Pause> PausesSince(const Clock& clock, const ZonedTime& start,
                                         const std::optional<ZonedTime>& now = {});

struct Alert {
  AlertKey key;
  Instant raised;
  bool acknowledged = false;
  friend bool operator==(const Alert&, const Alert&) = default;
};
// How many alerts of a dossier are remembered. Beyond it the oldest goes that is about a due date
// no more in force, so that no alert is ever left out for want of room (topics/deadline.cc).
inline constexpr std::size_t kAlertsMax = 256;
static_assert(kAlertsMax > 2 * (routing::kLegsMax + 1), "two alerts for each clock there can be");

// What an event changed, as it was before: a corrected mistake is undone by it (correct.h).
struct ClockBefore {
  ClockSetting now;
  CalendarUsed calendar;
  ZonedTime start;
  std::optional<MissedDue> missed;
  std::optional<MissedDue> missed_by_date;
  std::uint32_t pauses = 0;        // how many there were,
  std::optional<ZonedTime> ended;  // and the end of the last one
  friend bool operator==(const ClockBefore&, const ClockBefore&) = default;
};
struct LegBefore {
  std::uint8_t number = 0;  // from 1
  routing::Leg leg;
  friend bool operator==(const LegBefore&, const LegBefore&) = default;
};
struct Undo {
  Version version = 0;     // that the event made
  std::uint8_t event = 0;  // its number in the contract (kPayloadNumber)
  Version cause = 0;       // the version of this dossier that it followed from by itself
  std::string manifest;    // key of the one that it was handed over with
  ZonedTime at;            // when it counted
  Stage stage = Stage::kNone;
  Outcome outcome = Outcome::kNone;
  ReturnMode return_mode = ReturnMode::kCounter;
  bool took_up = false;  // it was the first thing done here with a recorded case
  std::optional<ZonedTime> resolved;
  std::optional<ZonedTime> closed;
  std::vector<ClockBefore> clock;          // one, where it changed the clock
  std::vector<LegBefore> legs;             // that it changed
  std::vector<postal::Shipment> shipment;  // one, where it changed the shipment
  std::vector<AlertKey> alerts;            // that it acknowledged
  friend bool operator==(const Undo&, const Undo&) = default;
};
// How many of a dossier's latest events can be taken back.
inline constexpr std::size_t kUndoMax = 8;

struct Origin {  // of an imported dossier
  std::string source;
  std::uint32_t line = 0;
  std::string source_id;
  Doubts doubts = 0;
  // Something was done with it here: what its register says later does not count any more.
  bool taken_up = false;
  friend bool operator==(const Origin&, const Origin&) = default;
};

// What a dossier was until a correction changed it: a report of before then says it still.
struct Superseded {
  Instant until;  // the correction
  Stage stage = Stage::kNone;
  Outcome outcome = Outcome::kNone;
  ReturnMode return_mode = ReturnMode::kCounter;
  std::optional<ZonedTime> resolved;
  std::optional<ZonedTime> closed;
  Clock clock;
  routing::Route route;
  postal::Shipment shipment;
  friend bool operator==(const Superseded&, const Superseded&) = default;
};
// The latest are kept; beyond them a look at the past shows the dossier as the first that is kept.
inline constexpr std::size_t kSupersededMax = 32;

struct Dossier : AggregateCore {
  DossierCode code;
  Stage stage = Stage::kNone;
  ProcedureCode procedure;
  std::string field;
  Channel channel = Channel::kDirect;
  ReturnMode return_mode = ReturnMode::kCounter;
  std::int32_t register_year = 0;
  std::uint32_t register_number = 0;
  ZonedTime received;
  std::optional<ZonedTime> resolved;  // the result lay at the one-stop, or the case ended otherwise
  Outcome outcome = Outcome::kNone;
  std::optional<ZonedTime> closed;  // in the citizen's hands
  std::optional<Origin> origin;
  Tier tier = Tier::kNone;
  Interconnection interconnection = Interconnection::kNotSaid;

  Clock clock;
  std::vector<Alert> alerts;
  routing::Route route;
  postal::Shipment shipment;
  std::vector<Undo> undo;  // of its latest events that can be taken back; ascending by version
  std::vector<Superseded> superseded;  // by corrections, ascending; of services that keep the past

  // Neither refused nor resolved: what reports call "đang giải quyết".
  bool open() const {
    return stage == Stage::kProcessing || stage == Stage::kSupplement || stage == Stage::kPaused;
  }
  const Alert* FindAlert(const AlertKey& key) const;
  // How often its papers were found incomplete. Once is what the law grants (NĐ 118/2025 Điều 17:
  // one full request); more is allowed by policy, and told.
  std::size_t supplement_requests() const;

  friend bool operator==(const Dossier&, const Dossier&) = default;
};

// The dossier as it was known at `at`, corrections that came then or later not made.
Dossier AsKnownAt(const Dossier& dossier, Instant at);
// Before a correction is folded.
void NoteSuperseded(Dossier& dossier, Instant correction);

// The last number that a register gave in a year.
struct YearNumber {
  std::int32_t year = 0;
  std::uint32_t number = 0;
  friend bool operator==(const YearNumber&, const YearNumber&) = default;
};

// Register book: numbers of a unit, year by year (register.h says which count). Its book of
// manifests is of the same form. Which number a day
// has reached is kept apart, per day.
struct Book : AggregateCore {
  std::vector<YearNumber> numbers;  // ascending by year, at most kRegisterYearsMax

  // 0 when none was given in that year.
  std::uint32_t LastOf(std::int32_t year) const;
  friend bool operator==(const Book&, const Book&) = default;
};

// What an event hands on: its trace, caused by the event itself. The event is a span of that trace,
// called by its request id, so the log alone tells the whole trace.
TraceContext TraceAfter(const CaseEvent& event);

// What every aggregate takes from an event: head, request, whether it is understood.
void NoteStep(AggregateCore& core, const CaseEvent& event, const Step& step, Tip tip);
// Folds `event`, which was accepted, with the instant that counts.
// `step`: of its steps, the one on this dossier. Of an event that is about something else a dossier
// takes no more than the step.
void Apply(Dossier& dossier, const CaseEvent& event, const Step& step, Instant effective, Tip tip,
           const Parts& parts);
// A book's share of an event that makes this step on it.
void Apply(Book& book, const CaseEvent& event, const Step& step, Tip tip);

// The next alert that time alone will raise, and when; none when the clock stands or all are
// raised. Due soon is not raised any more once the due date has passed `now` (after a long stop, or
// for a dossier whose date is set late): then it is overdue, and that alone is said.
struct DueAlert {
  AlertKey key;
  Instant at;  // first instant at which it is true
};
std::optional<DueAlert> NextAlert(const Dossier& dossier, Instant now);

// One line per part, for people, tests and comparisons of folds; stable order, no defaults hidden.
std::string Print(const Dossier& dossier);
std::string Print(const Book& book);
// Of any aggregate: the requests that it remembers.
std::string PrintRequests(const std::vector<RememberedRequest>& requests);
// All of an event in one line, in the same way.
std::string Print(const CaseEvent& event);

}  // namespace motcua::cases
