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

void AddTo(Contributions& sums, Measure measure, CivilDate day, std::int64_t delta) {
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
};

Stocks StocksOf(const OpenState& state) {
  const bool standing = state.pause != nullptr;
  Stocks stocks;
  stocks.late_by_date = state.due_late_by_date || state.missed_by_date;
  stocks.late_by_instant = state.due_late_by_instant || state.missed_by_date;
  const bool late_beside = state.missed_by_instant && !stocks.late_by_instant;
  stocks.paused = standing && !state.missed_by_instant;
  stocks.paused_but_late = late_beside && standing;
  stocks.in_term_but_late = late_beside && !standing;
  return stocks;
}

// The figures of their own that a dossier is counted in, by either verdict.
struct FiguresByBoth {
  ColumnSet by_date;
  ColumnSet by_instant;
};

FiguresByBoth FiguresByBothOf(const Dossier& dossier, const OpenState* open) {
  return {FiguresOf(dossier, open, Verdict::kDate), FiguresOf(dossier, open, Verdict::kInstant)};
}

// What a counter of a figure says of one dossier.
int ValueOf(const Term& term, Column column, const FiguresByBoth& figures) {
  const int by_date = figures.by_date[IndexOf(column)] ? 1 : 0;
  const int by_instant = figures.by_instant[IndexOf(column)] ? 1 : 0;
  return term.only == Verdict::kInstant ? by_instant - by_date : by_date;
}

// `add`(measure, column, term) for each counter of a figure of the resolved, or of the open.
template <typename Add>
void ForEachFigure(Span span, const Add& add) {
  for (const ColumnRow& row : kColumnTable) {
    if (row.group != Group::kOwn) continue;
    for (const Term& term : row.terms) {
      if (term.span == span) add(term.measure, row.column, term);
    }
  }
}

// The differences of its stocks, from day to day.
void ContributeStocks(const Dossier& dossier, std::int32_t sign, Contributions& sums) {
  const CivilDate received = dossier.received.date();
  Stocks last;  // nothing before it was received
  FiguresByBoth last_figures;
  for (const CivilDate day : BreakDays(dossier)) {
    if (day < received) continue;
    const bool resolved = dossier.resolved && day >= ResolvedDay(dossier);
    Stocks now;
    FiguresByBoth figures;
    if (!resolved) {
      const OpenState state = OpenStateAt(dossier, {day, {}});
      now = StocksOf(state);
      figures = FiguresByBothOf(dossier, &state);
    }
    const auto add = [&](Measure measure, int to, int from) {
      AddTo(sums, measure, day, sign * (to - from));
    };
    add(Measure::kPaused, now.paused, last.paused);
    add(Measure::kDueThatDay, now.late_by_instant, now.late_by_date);
    add(Measure::kLateShift, now.late_by_date, last.late_by_instant);
    add(Measure::kPausedButLate, now.paused_but_late, last.paused_but_late);
    add(Measure::kInTermButLate, now.in_term_but_late, last.in_term_but_late);
    ForEachFigure(Span::kStock, [&](Measure measure, Column column, const Term& term) {
      add(measure, ValueOf(term, column, figures), ValueOf(term, column, last_figures));
    });
    if (resolved) break;
    last = now;
    last_figures = figures;
  }
}

void ContributeResolved(const Dossier& dossier, std::int32_t sign, Contributions& sums) {
  const CivilDate day = ResolvedDay(dossier);
  AddTo(sums, ResolvedMeasure(dossier), day, sign);
  const FiguresByBoth figures = FiguresByBothOf(dossier, nullptr);
  ForEachFigure(Span::kWithin, [&](Measure measure, Column column, const Term& term) {
    AddTo(sums, measure, day, sign * ValueOf(term, column, figures));
  });
}

}  // namespace

void Contribute(const Dossier& dossier, std::int32_t sign, Contributions& sums) {
  if (!Counts(dossier)) return;
  AddTo(sums, ReceivedMeasure(dossier.channel), dossier.received.date(), sign);
  if (dossier.resolved) ContributeResolved(dossier, sign, sums);
  if (const std::optional<CivilDate> delivered = DeliveredDay(dossier)) {
    AddTo(sums, Measure::kReturnedPostal, *delivered, sign);
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

void AddToRow(const Sums& sums, const StatusQuery& query, StatusRow& row) {
  const auto of = [&](const Term& term) -> std::int64_t {
    const auto measure = static_cast<std::size_t>(term.measure);
    switch (term.span) {
      case Span::kBefore:
        return sums.before.at(measure);
      case Span::kWithin:
      case Span::kReturned:
        return sums.within.at(measure);
      case Span::kStock:
        return sums.before.at(measure) + sums.within.at(measure);
      case Span::kLastDay:
        return sums.due_on_last_day;
    }
    return 0;
  };
  for (const ColumnRow& column : kColumnTable) {
    const bool merged = query.merge_withdrawn && column.column == Column::kResolvedWithdrawn;
    const Column into = merged ? Column::kResolvedOnTime : column.column;
    for (const Term& term : column.terms) {
      if (!term.only || term.only == query.verdict) row[into] += term.sign * of(term);
    }
  }
}

}  // namespace motcua::reporting
