#include "services/replay/fates.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <tuple>

#include "services/domain/deadline/due.h"
#include "services/replay/random.h"
#include "services/replay/shape.h"
#include "services/replay/terms.h"

namespace motcua::replay {
namespace {

using calendar::Calendar;
using catalogue::Procedure;

constexpr std::int64_t kDay = 1'000;  // of RoughDays

// When it may be resolved, and when it would be by itself.
struct Chances {
  Step in_time = 0;
  Step late = 0;
  bool can_be_in_time = false;
  bool can_be_late = false;
  bool due_beyond = false;  // the due day comes after the period's end
  Step natural = 0;
};

class Oracle {
 public:
  Oracle(const catalogue::Catalogue& catalogue, const Timetable& timetable, std::uint64_t seed)
      : catalogue_(catalogue),
        timetable_(timetable),
        random_(seed, "fates"),
        last_(timetable.LastOfficeUntil(timetable.last_day())) {}

  // Standstill and due dates of a dossier, then its chances.
  Result<Chances> Foresee(Dossier& dossier) {
    const Procedure& procedure = catalogue_.procedures()[dossier.procedure];
    const catalogue::Unit& unit = catalogue_.units()[dossier.unit];
    const Calendar* const calendar = catalogue_.FindCalendar(unit.calendar);
    const ZonedTime received = ZonedAt(*calendar, dossier.received);
    const deadline::Term& term = procedure.TermFor(dossier.channel);
    MOTCUA_ASSIGN_OR_RETURN(ZonedTime due,
                            deadline::ComputeDue(*calendar, received, term, procedure.due));
    dossier.first_due = due.instant;
    if (dossier.fate == Fate::kInTime && dossier.level == Level::kCity) {
      ChooseStandstill(procedure, due.date(), dossier);
    }
    if (dossier.standstill != Standstill::kNone) {
      MOTCUA_ASSIGN_OR_RETURN(due, DueAfter(*calendar, dossier, procedure, received, due));
    }
    dossier.due = due.instant;
    return ChancesOf(dossier, due.date());
  }

  Random& random() { return random_; }
  Step last() const { return last_; }

  // A random half-hour of the `days`-th working day after that of `step`.
  Step SomeTimeAfter(Step step, int days) {
    return timetable_.WorkingDayAfter(step, days, random_.Below(timetable_.steps_a_day()));
  }

 private:
  ZonedTime ZonedAt(const Calendar& calendar, Step step) const {
    return calendar.zone().ToZoned(timetable_[step].at);
  }

  // It begins before the due day: a date that has passed would stay missed.
  void ChooseStandstill(const Procedure& procedure, CivilDate due, Dossier& dossier) {
    const bool by_land = procedure.field == "Đất đai" && !procedure.route.empty() &&
                         procedure.route.front().unit.has_value();
    const bool long_enough =
        RoughDays(procedure.TermFor(dossier.channel)) >= shape::kSupplementTermDays * kDay;
    if (long_enough && random_.Chance(shape::kSupplementPercent)) {
      dossier.standstill = Standstill::kSupplement;
      dossier.stopped = SomeTimeAfter(dossier.received, random_.From(shape::kAskedAfterDays));
      dossier.resumed = SomeTimeAfter(dossier.stopped, random_.From(shape::kBroughtAfterDays));
    } else if (by_land && random_.Chance(shape::kDutyPercent)) {
      dossier.standstill = Standstill::kFinancialDuty;
      const int whole = timetable_.OfficeBetween(dossier.received, timetable_.LastOfficeUntil(due));
      dossier.stopped = timetable_.OfficeAfter(dossier.received, whole / 2);
      dossier.resumed = SomeTimeAfter(dossier.stopped, random_.From(shape::kPaidAfterDays));
    } else if (long_enough && !procedure.route.empty() &&
               random_.Chance(shape::kOtherAgencyPercent)) {
      dossier.standstill = Standstill::kOtherAgency;
      dossier.stopped = SomeTimeAfter(dossier.received, 1);
      dossier.resumed = SomeTimeAfter(dossier.stopped, random_.From(shape::kPaidAfterDays));
    }
    const bool possible = dossier.stopped != kNever && dossier.stopped > dossier.received &&
                          dossier.resumed > dossier.stopped &&
                          timetable_[dossier.stopped].date < due;
    if (possible) return;
    dossier.standstill = Standstill::kNone;
    dossier.stopped = kNever;
    dossier.resumed = kNever;
  }

  // As cases/due_dates.cc counts on.
  Result<ZonedTime> DueAfter(const Calendar& calendar, const Dossier& dossier,
                             const Procedure& procedure, const ZonedTime& received,
                             const ZonedTime& due) const {
    const deadline::Term& term = procedure.TermFor(dossier.channel);
    const ZonedTime resumed = ZonedAt(calendar, dossier.resumed);
    const bool restarts = dossier.standstill == Standstill::kSupplement &&
                          procedure.supplement == deadline::SupplementPolicy::kRestart;
    if (restarts) return deadline::ComputeDue(calendar, resumed, term, procedure.due);
    const std::array<deadline::Pause, 1> pauses = {{{ZonedAt(calendar, dossier.stopped), resumed}}};
    MOTCUA_ASSIGN_OR_RETURN(const ZonedTime moved,
                            deadline::ComputeDue(calendar, received, term, procedure.due, pauses));
    return moved.instant < due.instant ? due : moved;
  }

  Chances ChancesOf(const Dossier& dossier, CivilDate due) {
    Step from = timetable_.OfficeFrom(dossier.received);
    if (dossier.resumed != kNever) from = std::max(from, dossier.resumed);
    if (dossier.carried_over) {
      from = std::max(from, timetable_.FirstOfficeFrom(timetable_.first_day()));
    }
    const Step due_end = timetable_.LastOfficeUntil(due);
    Chances chances;
    chances.due_beyond = due > timetable_.last_day();
    const int used =
        random_.From(dossier.level == Level::kCity ? shape::kUsedByCity : shape::kUsedByCentral);
    constexpr int kAll = 1'000;
    chances.natural = from;
    if (from < due_end) {
      const Step due_begin = std::max(from, timetable_.FirstOfficeFrom(due));
      const int whole = timetable_.OfficeBetween(from, due_end);
      chances.natural =
          used < kAll
              ? timetable_.OfficeAfter(from, whole * used / kAll)
              : timetable_.OfficeAfter(
                    due_begin, random_.Below(1 + timetable_.OfficeBetween(due_begin, due_end)));
    }
    chances.in_time = std::min({chances.natural, due_end, last_});
    chances.can_be_in_time = from <= due_end && from <= last_;
    chances.late = std::max(from, SomeTimeAfter(due_end, random_.From(shape::kLateDays)));
    chances.late = std::min(chances.late, last_);
    chances.can_be_late = from <= last_ && timetable_[chances.late].date > due;
    return chances;
  }

  const catalogue::Catalogue& catalogue_;
  const Timetable& timetable_;
  Random random_;
  const Step last_;
};

// Which are chosen before others: the class first, then by chance.
struct Candidate {
  int rank = 0;
  std::uint64_t chance = 0;
  std::size_t index = 0;
  friend auto operator<=>(const Candidate&, const Candidate&) = default;
};

// The first `count`; none of them may be worse than `rank_max`, and none of rank 0 left over.
Result<std::vector<std::size_t>> Choose(std::vector<Candidate> candidates, int count, int rank_max,
                                        std::string_view what) {
  std::sort(candidates.begin(), candidates.end());
  const auto wanted = static_cast<std::size_t>(count);
  const bool enough =
      candidates.size() >= wanted && (wanted == 0 || candidates[wanted - 1].rank <= rank_max);
  const bool too_many = candidates.size() > wanted && candidates[wanted].rank == 0;
  if (!enough || too_many) {
    return FieldError("catalogue", "does not allow as many dossiers " + std::string(what) +
                                       " as the report says");
  }
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < wanted; ++i) chosen.push_back(candidates[i].index);
  return chosen;
}

class Judge {
 public:
  Judge(const catalogue::Catalogue& catalogue, const Timetable& timetable, std::uint64_t seed,
        std::vector<Dossier>& dossiers)
      : catalogue_(catalogue),
        timetable_(timetable),
        oracle_(catalogue, timetable, seed),
        dossiers_(dossiers) {}

  Status Foresee() {
    for (Dossier& dossier : dossiers_) {
      MOTCUA_ASSIGN_OR_RETURN(const Chances chances, oracle_.Foresee(dossier));
      chances_.push_back(chances);
    }
    return OkStatus();
  }

  // A few that are late already; then rank 0, which must stay open, what nobody would have
  // finished, what is due later.
  Status ChooseOpen(int count) {
    const auto candidates = [&](auto fits) {
      std::vector<Candidate> found;
      for (std::size_t i = 0; i < dossiers_.size(); ++i) {
        const Dossier& dossier = dossiers_[i];
        if (dossier.fate != Fate::kInTime || dossier.level != Level::kCity) continue;
        const int rank = OpenRank(dossier, chances_[i]);
        if (fits(rank)) found.push_back({rank, oracle_.random().Next(), i});
      }
      return found;
    };
    constexpr int kWhole = 100;
    const int late = count * shape::kOpenLatePercent / kWhole;
    MOTCUA_ASSIGN_OR_RETURN(auto chosen, Choose(candidates([](int rank) { return rank == kStale; }),
                                                late, kStale, "in progress and late"));
    for (const std::size_t i : chosen) LeaveOpen(i);
    MOTCUA_ASSIGN_OR_RETURN(chosen, Choose(candidates([](int) { return true; }), count - late,
                                           kAnyRank, "in progress"));
    for (const std::size_t i : chosen) LeaveOpen(i);
    return OkStatus();
  }

  Status ChooseLate(Level level, int count) {
    std::vector<Candidate> candidates;
    for (std::size_t i = 0; i < dossiers_.size(); ++i) {
      const Dossier& dossier = dossiers_[i];
      if (dossier.fate != Fate::kInTime || dossier.level != level) continue;
      const int rank = !chances_[i].can_be_in_time ? 0 : chances_[i].can_be_late ? 1 : 2;
      candidates.push_back({rank, oracle_.random().Rank(LateWeight(dossier)), i});
    }
    MOTCUA_ASSIGN_OR_RETURN(const auto chosen, Choose(std::move(candidates), count, 1, "late"));
    for (const std::size_t i : chosen) dossiers_[i].fate = Fate::kLate;
    return OkStatus();
  }

  void Resolve() {
    for (std::size_t i = 0; i < dossiers_.size(); ++i) {
      Dossier& dossier = dossiers_[i];
      if (dossier.fate == Fate::kInTime) dossier.resolved = chances_[i].in_time;
      if (dossier.fate == Fate::kLate) dossier.resolved = chances_[i].late;
      constexpr int kDaysMax = 4;
      if (dossier.fate == Fate::kWithdrawn) {
        dossier.resolved =
            oracle_.SomeTimeAfter(dossier.received, 1 + oracle_.random().Below(kDaysMax));
      }
    }
  }

  Status ChoosePosted(int count) {
    const Step latest = timetable_.LastOfficeUntil(timetable_.last_day() - shape::kPostStopsDays);
    std::vector<Candidate> candidates;
    for (std::size_t i = 0; i < dossiers_.size(); ++i) {
      const Dossier& dossier = dossiers_[i];
      const bool resolved = dossier.fate == Fate::kInTime || dossier.fate == Fate::kLate;
      if (!resolved || dossier.resolved > latest) continue;
      candidates.push_back({1, oracle_.random().Rank(PostWeight(dossier.channel)), i});
    }
    MOTCUA_ASSIGN_OR_RETURN(const auto chosen,
                            Choose(std::move(candidates), count, 1, "whose result went by post"));
    for (const std::size_t i : chosen) {
      dossiers_[i].way = cases::ReturnMode::kPostal;
      dossiers_[i].asked_for_way = oracle_.random().Chance(shape::kAskedForPostPercent);
    }
    return OkStatus();
  }

 private:
  static constexpr int kStale = 3;
  static constexpr int kAnyRank = 4;

  void LeaveOpen(std::size_t i) {
    dossiers_[i].fate = Fate::kOpen;
    constexpr int kDaysMax = 12;
    dossiers_[i].resolved =
        chances_[i].natural > timetable_.end()
            ? chances_[i].natural
            : oracle_.SomeTimeAfter(timetable_.end(), 1 + oracle_.random().Below(kDaysMax));
  }

  int OpenRank(const Dossier& dossier, const Chances& chances) const {
    if (!chances.can_be_in_time && !chances.can_be_late) return 0;
    if (chances.natural > oracle_.last()) return 1;
    if (chances.due_beyond) return 2;
    constexpr std::int64_t kLong = 5 * kDay;
    const Procedure& procedure = catalogue_.procedures()[dossier.procedure];
    const bool recent =
        timetable_[dossier.received].date + shape::kOpenLateDays > timetable_.last_day();
    return recent && RoughDays(procedure.TermFor(dossier.channel)) >= kLong ? kStale : kAnyRank;
  }

  int LateWeight(const Dossier& dossier) const {
    const Procedure& procedure = catalogue_.procedures()[dossier.procedure];
    if (!procedure.route.empty()) return shape::kLateOnRoute;
    return RoughDays(procedure.term) >= shape::kSupplementTermDays * kDay ? shape::kLateAtCentre
                                                                          : shape::kLateElsewhere;
  }

  static int PostWeight(cases::Channel channel) {
    if (channel == cases::Channel::kPostal) return shape::kPostedOfPostal;
    return channel == cases::Channel::kOnline ? shape::kPostedOfOnline : shape::kPostedOfDirect;
  }

  const catalogue::Catalogue& catalogue_;
  const Timetable& timetable_;
  Oracle oracle_;
  std::vector<Dossier>& dossiers_;
  std::vector<Chances> chances_;
};

}  // namespace

Status GiveFates(const catalogue::Catalogue& catalogue, const Timetable& timetable,
                 const Figures& figures, std::uint64_t seed, std::vector<Dossier>& dossiers) {
  Judge judge(catalogue, timetable, seed, dossiers);
  MOTCUA_RETURN_IF_ERROR(judge.Foresee());
  MOTCUA_RETURN_IF_ERROR(judge.ChooseOpen(figures.city_open));
  MOTCUA_RETURN_IF_ERROR(judge.ChooseLate(Level::kCity, figures.city_late));
  MOTCUA_RETURN_IF_ERROR(judge.ChooseLate(Level::kCentral, figures.central_late));
  judge.Resolve();
  return judge.ChoosePosted(figures.posted_out);
}

}  // namespace motcua::replay
