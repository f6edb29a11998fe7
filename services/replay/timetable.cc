#include "services/replay/timetable.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace motcua::replay {
namespace {

constexpr int kMinutesADay = 24 * 60;
constexpr int kOfficeEvery = 30;
constexpr int kOfficeFrom = 15;  // minutes past the hour and the half hour
// 06:20, 18:20, 20:20, 22:20 of working days; 09:10, 15:10, 20:10, 22:10 of others.
constexpr std::array<int, 4> kAroundOffice = {380, 1100, 1220, 1340};
constexpr std::array<int, 4> kDayOff = {550, 910, 1210, 1330};

bool InOffice(const calendar::Calendar& calendar, CivilDate day, int minute) {
  const auto spans = calendar.OfficeHours(day);
  return std::any_of(spans.begin(), spans.end(), [&](const calendar::OfficeSpan& span) {
    return minute >= span.from_minute && minute < span.to_minute;
  });
}

std::vector<int> MinutesOf(const calendar::Calendar& calendar, CivilDate day) {
  const bool works = calendar.IsWorkingDay(day);
  const auto& idle = works ? kAroundOffice : kDayOff;
  std::vector<int> minutes(idle.begin(), idle.end());
  for (int minute = kOfficeFrom; works && minute < kMinutesADay; minute += kOfficeEvery) {
    if (InOffice(calendar, day, minute)) minutes.push_back(minute);
  }
  std::sort(minutes.begin(), minutes.end());
  return minutes;
}

}  // namespace

Result<Timetable> Timetable::Make(const calendar::Calendar& calendar) {
  Timetable table;
  MOTCUA_ASSIGN_OR_RETURN(table.origin_, ParseDate(kLifeFirst));
  MOTCUA_ASSIGN_OR_RETURN(table.first_day_, ParseDate(kPeriodFirst));
  MOTCUA_ASSIGN_OR_RETURN(table.last_day_, ParseDate(kPeriodLast));
  MOTCUA_ASSIGN_OR_RETURN(const CivilDate last, ParseDate(kLifeLast));
  if (!calendar.Covers(table.origin_) || !calendar.Covers(last)) {
    return FieldError("catalogue", "its calendar does not cover the years 2019 to 2021");
  }
  int office = 0;
  for (CivilDate day = table.origin_; day <= last; day = day + 1) {
    table.office_before_day_.push_back(office);
    for (const int minute : MinutesOf(calendar, day)) {
      const ZonedTime at = calendar.zone().ToZoned(CivilTime{day, std::chrono::minutes(minute)});
      const bool works = InOffice(calendar, day, minute);
      const auto step = static_cast<Step>(table.steps_.size());
      if (day <= table.last_day_) table.end_ = step;
      if (works) table.office_.push_back(step);
      table.steps_.push_back({at.instant, day, minute, works, office});
      if (works) ++office;
    }
    table.steps_a_day_ = std::max(table.steps_a_day_, office - table.office_before_day_.back());
  }
  table.office_before_day_.push_back(office);
  const auto at = [&](CivilDate day, std::chrono::seconds time) {
    return calendar.zone().ToZoned(CivilTime{day, time}).instant;
  };
  table.start_ = at(table.origin_, std::chrono::hours(0));
  table.finish_ = at(table.last_day_, std::chrono::hours(24) - std::chrono::seconds(1));
  return table;
}

Step Timetable::OfficeAfter(Step step, int count) const {
  const auto place = static_cast<std::size_t>(steps_[step].office_before + count);
  return office_[std::min(place, office_.size() - 1)];
}

Step Timetable::OfficeFrom(Step step) const { return OfficeAfter(step, 0); }

int Timetable::OfficeBetween(Step from, Step to) const {
  return steps_[to].office_before - steps_[from].office_before;
}

Step Timetable::FirstOfficeFrom(CivilDate day) const {
  const int index = std::clamp(day - origin_, 0, static_cast<int>(office_before_day_.size()) - 1);
  const auto place = static_cast<std::size_t>(office_before_day_[static_cast<std::size_t>(index)]);
  return office_[std::min(place, office_.size() - 1)];
}

Step Timetable::LastOfficeUntil(CivilDate day) const {
  const int index =
      std::clamp(day - origin_ + 1, 0, static_cast<int>(office_before_day_.size()) - 1);
  const int place = office_before_day_[static_cast<std::size_t>(index)];
  return office_[static_cast<std::size_t>(std::max(place - 1, 0))];
}

Step Timetable::WorkingDayAfter(Step step, int days, int place) const {
  CivilDate day = steps_[step].date;
  for (int i = 0; i < days; ++i) day = steps_[FirstOfficeFrom(day + 1)].date;
  const Step first = FirstOfficeFrom(day);
  return OfficeAfter(first, std::min(place, steps_a_day_ - 1));
}

}  // namespace motcua::replay
