#include "services/domain/deadline/explain.h"

#include <algorithm>
#include <array>
#include <utility>

#include "services/domain/calendar/office_hours.h"

namespace motcua::deadline {
namespace {

using calendar::Calendar;
using calendar::DayKind;

struct RuleRow {
  TermUnit unit;
  bool same_day;
  std::string_view rule;
  std::string_view law;
};

constexpr std::array kRules = {
    RuleRow{TermUnit::kWorkingDays, true,
            "the same working day at closing; received after 15:00, the next working day",
            "Decree 23/2015/NĐ-CP art. 7; domain practice for same-day procedures"},
    RuleRow{TermUnit::kWorkingDays, false, "working days only: weekends and holidays do not count",
            "Civil Code 2015 art. 147.2, 148; NĐ 61/2018/NĐ-CP art. 17, 19"},
    RuleRow{TermUnit::kCalendarDays, false,
            "calendar days, days off included; an end on a day off rolls to the next working day",
            "Civil Code 2015 art. 147.2, 148.1, 148.5"},
    RuleRow{TermUnit::kWorkingHours, false,
            "working hours: they run at the moment named, inside office hours only",
            "Civil Code 2015 art. 147.1; office hours of the calendar"},
    RuleRow{TermUnit::kClockHours, false,
            "hours by the clock from the receipt itself: nights and days off are inside",
            "Civil Code 2015 art. 147.1; NĐ 301/2026/NĐ-CP"},
    RuleRow{TermUnit::kMonths, false,
            "months: the same date number, or the last day of a shorter month; an end on a day off "
            "rolls to the next working day",
            "Civil Code 2015 art. 147.2, 148.3, 148.5"},
};

const RuleRow& RuleOf(const Term& term) {
  const bool same_day = term.milli == 0 && !CountsHours(term.unit);
  for (const RuleRow& row : kRules) {
    if (same_day ? row.same_day : !row.same_day && row.unit == term.unit) return row;
  }
  MOTCUA_CHECK(false, "a unit without a rule");
  return kRules.front();
}

// Adds the days off of [from, to].
void AddDaysOff(const Calendar& calendar, CivilDate from, CivilDate to,
                std::vector<SkippedDay>& skipped) {
  for (CivilDate day = from; day <= to && calendar.Covers(day); day = day + 1) {
    const DayKind kind = calendar.KindOf(day);
    if (kind == DayKind::kWeekend) {
      skipped.push_back({day, SkipReason::kWeekend, std::string(calendar.NameOf(day))});
    } else if (kind == DayKind::kHoliday) {
      skipped.push_back({day, SkipReason::kHoliday, std::string(calendar.NameOf(day))});
    }
  }
}

// The days off right before the due date, over which it rolled.
void AddRolled(const Calendar& calendar, CivilDate due, CivilDate floor,
               std::vector<SkippedDay>& skipped) {
  CivilDate from = due;
  while (from - 1 >= floor && calendar.Covers(from - 1) && !calendar.IsWorkingDay(from - 1)) {
    from = from - 1;
  }
  AddDaysOff(calendar, from, due - 1, skipped);
}

void AddDays(const Calendar& calendar, const DueParts& parts, DueExplanation& explanation) {
  // No day is left out by the clock.
  if (explanation.term.unit == TermUnit::kClockHours) return;
  const CivilDate received = explanation.received.date();
  const CivilDate due = explanation.due.date();
  if (!CountsWallTime(explanation.term.unit)) {
    AddDaysOff(calendar, received, due, explanation.skipped);
    for (CivilDate day = received; day <= due && calendar.Covers(day); day = day + 1) {
      if (calendar.KindOf(day) == DayKind::kWorkedDayOff) {
        explanation.worked_days_off.push_back(day);
      }
    }
    return;
  }
  AddDaysOff(calendar, received, parts.counted_from.date - 1, explanation.skipped);
  AddRolled(calendar, due, parts.last_day, explanation.skipped);
}

std::string Moment(const ZonedTime& time) {
  constexpr std::array<std::string_view, 7> kDays = {"Mon", "Tue", "Wed", "Thu",
                                                     "Fri", "Sat", "Sun"};
  return std::string(kDays[static_cast<std::size_t>(IsoWeekday(time.date()) - 1)]) + " " +
         FormatZonedTime(time);
}

std::string Duration(Micros time) {
  constexpr std::int64_t kSecondsPerMinute = 60;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time).count();
  const auto minutes = seconds / kSecondsPerMinute;
  std::string text = std::to_string(minutes / 60) + " h " + std::to_string(minutes % 60) + " min";
  const std::int64_t rest = seconds % kSecondsPerMinute;
  return rest == 0 ? text : text + " " + std::to_string(rest) + " s";
}

std::string_view ModeText(const DueExplanation& e) {
  if (CountsHours(e.term.unit)) return "exact";
  if (e.term.milli == 0) return "end of office hours";
  constexpr int kMilli = 1000;
  if (e.term.milli % kMilli != 0) return "a part of a day's office time, a whole day at most";
  return e.policy.mode == DueMode::kKeepHour ? "clock reading of the receipt"
                                             : "end of office hours";
}

void AppendDays(const DueExplanation& e, std::string& text) {
  if (!e.skipped.empty()) text += "skipped:\n";
  for (const SkippedDay& day : e.skipped) {
    text += "  " + FormatDate(day.date);
    text += day.reason == SkipReason::kWeekend ? "  weekend" : "  holiday";
    if (!day.name.empty()) text += " (" + day.name + ")";
    text += "\n";
  }
  for (const CivilDate day : e.worked_days_off) {
    text += "counted:     " + FormatDate(day) + " is a weekend day that is worked\n";
  }
}

// Those whose document is known, and all that are not decided.
void AppendPeriods(const DueExplanation& e, std::string& text) {
  for (const calendar::DayPeriod& period : e.periods) {
    const bool provisional = period.status == calendar::DayStatus::kProvisional;
    if (period.document.empty() && !provisional) continue;
    text += provisional ? "provisional: " : "decided:     ";
    text += FormatDate(period.first) + " to " + FormatDate(period.last);
    if (!period.document.empty()) text += ", " + period.document;
    if (period.decided_on) text += " of " + FormatDate(*period.decided_on);
    text += "\n";
  }
  if (e.provisional) {
    text +=
        "             no decision covers these days yet (lịch tạm tính): the due date may "
        "change\n";
  }
}

void AppendPauses(const DueExplanation& e, std::string& text) {
  const std::string_view kind = CountsWallTime(e.term.unit) ? " by the clock" : " of office time";
  for (const CountedPause& counted : e.pauses) {
    text += "pause:       " + Moment(counted.pause.from) + " to " + Moment(counted.pause.to) + "\n";
    if (counted.time == Micros(0)) {
      text += "             gained nothing\n";
      continue;
    }
    text += "             " + Duration(counted.time) + std::string(kind);
    if (counted.together != counted.time) text += ", " + Duration(counted.together) + " together";
    text += counted.due_after == counted.due_before
                ? "; due stays\n"
                : "; due moved to " + Moment(counted.due_after) + "\n";
  }
}

void AppendOfficeDay(const DueExplanation& e, std::string& text) {
  text += "office day:  " + FormatDayLength(e.office_day) + " office hours (" +
          calendar::FormatOfficeHours(e.office_hours) +
          "); closing time sharp is still inside, for the receipt as for the result\n";
}

}  // namespace

Result<DueExplanation> ExplainDue(const Calendar& calendar, const ZonedTime& received,
                                  const Term& term, const DuePolicy& policy,
                                  std::span<const Pause> pauses) {
  if (!pauses.empty() && pauses.front().from.instant < received.instant) {
    return FieldError("pauses[0]", "begins before the receipt");
  }
  MOTCUA_ASSIGN_OR_RETURN(const DueParts unpaused,
                          ComputeDueParts(calendar, received, term, policy));
  std::vector<CountedPause> counted;
  MOTCUA_ASSIGN_OR_RETURN(const DueParts parts,
                          MoveByPauses(calendar, unpaused, term, policy, pauses, &counted));
  const RuleRow& rule = RuleOf(term);
  DueExplanation explanation{
      .received = calendar.zone().ToZoned(received.instant),
      .counted_from = calendar.zone().ToZoned(parts.counted_from),
      .term = term,
      .policy = policy,
      .rule = rule.rule,
      .law = rule.law,
      .calendar = calendar.id(),
      .calendar_version = calendar.version(),
      .office_hours = calendar.spec().office_hours,
      .office_day = calendar.FullDay(),
      .due_without_pauses = unpaused.due,
      .due = parts.due,
      .skipped = {},
      .worked_days_off = {},
      .periods = {},
      .pauses = std::move(counted),
  };
  // Hours by the clock rest on no day of the calendar.
  if (term.unit != TermUnit::kClockHours) {
    const CivilDate from = explanation.received.date();
    const std::span<const calendar::DayPeriod> periods =
        calendar.PeriodsOf(from, explanation.due.date());
    explanation.periods.assign(periods.begin(), periods.end());
    explanation.provisional = !calendar.Decided(from, explanation.due.date());
  }
  AddDays(calendar, parts, explanation);
  return explanation;
}

std::string FormatDayLength(Micros office_day) {
  // In hundredths of an hour; a day that is not a whole number of them is said in minutes.
  constexpr Micros kHundredth{36'000'000};
  constexpr std::int64_t kHundred = 100;
  if (office_day % kHundredth != Micros(0)) return Duration(office_day);
  const std::int64_t hundredths = office_day / kHundredth;
  std::string text = std::to_string(hundredths / kHundred);
  if (const std::int64_t rest = hundredths % kHundred; rest != 0) {
    text += "." + std::to_string(kHundred + rest).substr(1);
    while (text.back() == '0') text.pop_back();
  }
  return text;
}

std::string DescribeDue(const DueExplanation& explanation) {
  std::string text = "due:         " + Moment(explanation.due) + "\n";
  text += "received:    " + Moment(explanation.received) + "\n";
  if (explanation.counted_from != explanation.received) {
    text +=
        "counts from: " + Moment(explanation.counted_from) + " (received outside office hours)\n";
  }
  text +=
      "term:        " + FormatTerm(explanation.term) + ", " + std::string(ModeText(explanation));
  if (!CountsHours(explanation.term.unit) && explanation.term.milli != 0) {
    text += explanation.policy.start == StartMode::kAtOnce ? ", the day of receipt counts"
                                                           : ", the day of receipt is not counted";
  }
  text += "\nrule:        " + std::string(explanation.rule) + "\n";
  text += "law:         " + std::string(explanation.law) + "\n";
  text += "calendar:    " + explanation.calendar.value() + " version " +
          std::to_string(explanation.calendar_version.value()) + "\n";
  AppendPeriods(explanation, text);
  AppendOfficeDay(explanation, text);
  if (!explanation.pauses.empty()) {
    text += "unpaused:    " + Moment(explanation.due_without_pauses) + "\n";
  }
  AppendPauses(explanation, text);
  AppendDays(explanation, text);
  return text;
}

}  // namespace motcua::deadline
