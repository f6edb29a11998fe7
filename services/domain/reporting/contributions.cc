#include "services/domain/reporting/contributions.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace motcua::reporting {
namespace {

using cases::Dossier;

// The days on which the state of a dossier can change, ascending, from the day it was received to
// the day it was resolved. A due day is the due date's before or after each standstill.
class BreakDays {
 public:
  explicit BreakDays(const Dossier& dossier) {
    const cases::Clock& clock = dossier.clock;
    Add(dossier.received.date());
    if (dossier.resolved) Add(ResolvedDay(dossier));
    if (clock.now.due) Add(clock.now.due->date());
    if (clock.missed) Add(clock.missed->from.date());
    if (clock.missed_by_date) Add(clock.missed_by_date->from.date());
    for (const cases::Pause& pause : clock.pauses) {
      if (count_ + kPerPause > days_.size()) break;
      Add(pause.from.date());
      if (pause.to) Add(pause.to->date());
      if (pause.due_before) Add(pause.due_before->date());
    }
    const auto last = days_.begin() + static_cast<std::ptrdiff_t>(count_);
    std::sort(days_.begin(), last);
    count_ = static_cast<std::size_t>(std::unique(days_.begin(), last) - days_.begin());
  }

  const CivilDate* begin() const { return days_.data(); }
  const CivilDate* end() const { return days_.data() + count_; }

 private:
  static constexpr std::size_t kPerPause = 3;
  static constexpr std::size_t kBesidePauses = 5;

  void Add(CivilDate day) { days_[count_++] = day; }

  std::array<CivilDate, kBesidePauses + kPerPause * cases::kPausesMax> days_;
  std::size_t count_ = 0;
};

void AddTo(Contributions& sums, Measure measure, CivilDate day, std::int32_t delta) {
  if (delta == 0) return;
  const auto found = std::find_if(sums.begin(), sums.end(), [&](const Contribution& c) {
    return c.measure == measure && c.day == day;
  });
  if (found != sums.end()) {
    found->delta += delta;
  } else {
    sums.push_back({measure, day, delta});
  }
}

Measure ReceivedMeasure(cases::Channel channel) {
  switch (ReceivedColumn(channel)) {
    case Column::kReceivedOnline:
      return Measure::kReceivedOnline;
    case Column::kReceivedPostal:
      return Measure::kReceivedPostal;
    default:
      return Measure::kReceivedDirect;
  }
}

Measure ResolvedMeasure(const Dossier& dossier) {
  const bool late = ResolvedColumn(dossier, Verdict::kInstant) == Column::kResolvedLate;
  switch (ResolvedColumn(dossier, Verdict::kDate)) {
    case Column::kResolvedWithdrawn:
      return Measure::kWithdrawn;
    case Column::kResolvedEarly:
      return late ? Measure::kEarlyButLate : Measure::kEarly;
    case Column::kResolvedLate:
      return late ? Measure::kLate : Measure::kLateButInTime;
    default:
      return late ? Measure::kOnTimeButLate : Measure::kOnTime;
  }
}

// The stocks that an open dossier is in at the end of a day.
struct Stocks {
  bool late_by_date = false;     // LD
  bool late_by_instant = false;  // LI
  bool paused = false;
  bool paused_but_late = false;
  bool in_term_but_late = false;
  bool stopped = false;
  bool stopped_by_instant = false;
  bool repeated = false;
};

Stocks StocksOf(const OpenState& state) {
  Stocks stocks;
  stocks.late_by_date = state.due_late_by_date || state.missed_by_date;
  stocks.late_by_instant = state.due_late_by_instant || state.missed_by_date;
  const bool late_beside = state.missed_by_instant && !stocks.late_by_instant;
  stocks.paused = state.standing && !state.missed_by_instant;
  stocks.paused_but_late = late_beside && state.standing;
  stocks.in_term_but_late = late_beside && !state.standing;
  stocks.stopped = state.missed_by_date;
  stocks.stopped_by_instant = state.missed_by_instant && !state.missed_by_date;
  stocks.repeated = state.supplement_repeated;
  return stocks;
}

// The differences of its stocks, from day to day.
void ContributeStocks(const Dossier& dossier, std::int32_t sign, Contributions& sums) {
  const CivilDate received = dossier.received.date();
  Stocks last;  // nothing before it was received
  for (const CivilDate day : BreakDays(dossier)) {
    if (day < received) continue;
    const bool resolved = dossier.resolved && day >= ResolvedDay(dossier);
    const Stocks now = resolved ? Stocks{} : StocksOf(OpenStateAt(dossier, {day, {}}));
    const auto add = [&](Measure measure, bool to, bool from) {
      AddTo(sums, measure, day, sign * (int{to} - int{from}));
    };
    add(Measure::kPaused, now.paused, last.paused);
    add(Measure::kDueThatDay, now.late_by_instant, now.late_by_date);
    add(Measure::kLateShift, now.late_by_date, last.late_by_instant);
    add(Measure::kPausedButLate, now.paused_but_late, last.paused_but_late);
    add(Measure::kInTermButLate, now.in_term_but_late, last.in_term_but_late);
    add(Measure::kOpenStopped, now.stopped, last.stopped);
    add(Measure::kOpenStoppedByInstant, now.stopped_by_instant, last.stopped_by_instant);
    add(Measure::kOpenRepeated, now.repeated, last.repeated);
    if (resolved) break;
    last = now;
  }
}

// What of a resolved dossier is told in figures of their own.
void ContributeResolvedFigures(const Dossier& dossier, std::int32_t sign, Contributions& sums) {
  const CivilDate day = ResolvedDay(dossier);
  if (dossier.supplement_requests() > kSupplementRequestsGranted) {
    AddTo(sums, Measure::kResolvedRepeated, day, sign);
  }
  if (dossier.outcome == cases::Outcome::kWithdrawn) return;
  if (MissedBy(dossier, Verdict::kDate)) {
    AddTo(sums, Measure::kResolvedStopped, day, sign);
  } else if (MissedBy(dossier, Verdict::kInstant)) {
    AddTo(sums, Measure::kResolvedStoppedByInstant, day, sign);
  }
}

}  // namespace

void Contribute(const Dossier& dossier, std::int32_t sign, Contributions& sums) {
  if (!Counts(dossier)) return;
  AddTo(sums, ReceivedMeasure(dossier.channel), dossier.received.date(), sign);
  if (dossier.resolved) {
    AddTo(sums, ResolvedMeasure(dossier), ResolvedDay(dossier), sign);
    ContributeResolvedFigures(dossier, sign, sums);
  }
  ContributeStocks(dossier, sign, sums);
}

Contributions Change(const Dossier* before, const Dossier& after) {
  constexpr std::size_t kUsual = 8;
  Contributions sums;
  sums.reserve(kUsual);
  if (before != nullptr) Contribute(*before, -1, sums);
  Contribute(after, 1, sums);
  std::erase_if(sums, [](const Contribution& c) { return c.delta == 0; });
  return sums;
}

void Sums::Add(const Sums& other) {
  for (std::size_t i = 0; i < kMeasures; ++i) {
    before[i] += other.before[i];
    within[i] += other.within[i];
  }
  due_on_last_day += other.due_on_last_day;
}

void AddToRow(const Sums& sums, Verdict verdict, StatusRow& row) {
  const auto before = [&](Measure m) { return sums.before[static_cast<std::size_t>(m)]; };
  const auto within = [&](Measure m) { return sums.within[static_cast<std::size_t>(m)]; };
  const auto stock = [&](Measure m) { return before(m) + within(m); };
  const bool by_date = verdict == Verdict::kDate;

  StatusRow added;
  added[Column::kReceivedDirect] = within(Measure::kReceivedDirect);
  added[Column::kReceivedOnline] = within(Measure::kReceivedOnline);
  added[Column::kReceivedPostal] = within(Measure::kReceivedPostal);
  added[Column::kCarriedOver] =
      before(Measure::kReceivedDirect) + before(Measure::kReceivedOnline) +
      before(Measure::kReceivedPostal) - before(Measure::kWithdrawn) - before(Measure::kEarly) -
      before(Measure::kEarlyButLate) - before(Measure::kOnTime) - before(Measure::kOnTimeButLate) -
      before(Measure::kLate) - before(Measure::kLateButInTime);
  added[Column::kResolvedWithdrawn] = within(Measure::kWithdrawn);
  added[Column::kResolvedEarly] =
      within(Measure::kEarly) + (by_date ? within(Measure::kEarlyButLate) : 0);
  added[Column::kResolvedOnTime] =
      within(Measure::kOnTime) +
      within(by_date ? Measure::kOnTimeButLate : Measure::kLateButInTime);
  added[Column::kResolvedLate] =
      within(Measure::kLate) +
      (by_date ? within(Measure::kLateButInTime)
               : within(Measure::kOnTimeButLate) + within(Measure::kEarlyButLate));

  const std::int64_t late = stock(Measure::kDueThatDay) + stock(Measure::kLateShift);
  const std::int64_t paused_but_late = stock(Measure::kPausedButLate);
  added[Column::kOpenPaused] = stock(Measure::kPaused) + (by_date ? paused_but_late : 0);
  added[Column::kOpenLate] = by_date ? late - sums.due_on_last_day
                                     : late + paused_but_late + stock(Measure::kInTermButLate);
  added[Column::kOpenInTerm] = added.received_total() - added.resolved_total() -
                               added[Column::kOpenPaused] - added[Column::kOpenLate];
  added[Column::kResolvedStopped] = within(Measure::kResolvedStopped) +
                                    (by_date ? 0 : within(Measure::kResolvedStoppedByInstant));
  added[Column::kOpenStopped] =
      stock(Measure::kOpenStopped) + (by_date ? 0 : stock(Measure::kOpenStoppedByInstant));
  added[Column::kSupplementRepeated] =
      within(Measure::kResolvedRepeated) + stock(Measure::kOpenRepeated);
  row.Add(added);
}

}  // namespace motcua::reporting
