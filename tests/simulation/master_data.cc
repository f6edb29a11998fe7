#include "tests/simulation/master_data.h"

#include <algorithm>
#include <utility>

namespace motcua::simulation {
namespace {

using calendar::Calendar;
using calendar::CalendarSpec;
using catalogue::Procedure;
using codes::Interconnection;
using codes::Tier;
using deadline::DueMode;
using deadline::StartMode;
using deadline::SupplementPolicy;
using deadline::Term;
using deadline::TermUnit;

// Made by hand above: a mistake in it is a defect of the simulator.
template <typename T>
T Sure(Result<T> result) {
  MOTCUA_CHECK(result.ok(), "the master data of the simulation are wrong");
  return std::move(result).value();
}

constexpr int kHour = 60;

CalendarSpec StateCalendar() {
  CalendarSpec spec;
  spec.id = calendar::CalendarId("vn-state");
  spec.version = calendar::CalendarVersion(3);
  spec.first = MakeDate(2025, 1, 1);
  spec.last = MakeDate(2026, 12, 31);
  spec.office_hours = {{7 * kHour + 30, 11 * kHour + 30}, {13 * kHour + 30, 17 * kHour}};
  spec.days_off = {MakeDate(2025, 4, 30), MakeDate(2025, 5, 1),  MakeDate(2025, 9, 2),
                   MakeDate(2026, 1, 1),  MakeDate(2026, 2, 16), MakeDate(2026, 2, 17)};
  spec.worked_days_off = {MakeDate(2026, 1, 10)};
  spec.half_days = {{MakeDate(2025, 12, 31), {{7 * kHour + 30, 11 * kHour + 30}}}};
  return spec;
}

// Another class of agency: Saturday mornings, and a zone whose clock jumps.
CalendarSpec CityCalendar() {
  CalendarSpec spec;
  spec.id = calendar::CalendarId("city");
  spec.version = calendar::CalendarVersion(1);
  const auto jump = [](CivilDate date, int hour_utc) {
    return StartOfDay(date, UtcOffset{0}) + std::chrono::hours(hour_utc);
  };
  spec.zone = Sure(calendar::Zone::Make({{Instant{0}, UtcOffset{-5 * 60}},
                                         {jump(MakeDate(2025, 3, 9), 7), UtcOffset{-4 * 60}},
                                         {jump(MakeDate(2025, 11, 2), 6), UtcOffset{-5 * 60}},
                                         {jump(MakeDate(2026, 3, 8), 7), UtcOffset{-4 * 60}},
                                         {jump(MakeDate(2026, 11, 1), 6), UtcOffset{-5 * 60}}}));
  spec.first = MakeDate(2025, 1, 1);
  spec.last = MakeDate(2026, 12, 31);
  spec.office_hours = {{9 * kHour, 17 * kHour}};
  spec.days_off = {MakeDate(2025, 12, 25), MakeDate(2026, 1, 1)};
  return spec;
}

Procedure Plain(const char* code, const char* field, Term term) {
  Procedure procedure;
  procedure.code = cases::ProcedureCode(code);
  procedure.version = 2;
  procedure.name = "a procedure";
  procedure.field = field;
  procedure.term = term;
  procedure.due_soon_lead = {2000, TermUnit::kWorkingHours};
  return procedure;
}

// Levels and interconnections are all there, and "not said" too: reports have rows of each.
std::vector<Procedure> Procedures() {
  const Term half_day{500, TermUnit::kWorkingDays};
  const Term day{1000, TermUnit::kWorkingDays};
  std::vector<Procedure> all;
  all.push_back(Plain("1.000001", "land", Term{2000, TermUnit::kWorkingDays}));
  all.back().term_online = half_day;
  all.back().tier = Tier::kCity;
  all.back().interconnection = Interconnection::kNone;
  all.push_back(Plain("1.000002", "civil status", Term{4000, TermUnit::kWorkingHours}));
  all.back().due_soon_lead = {500, TermUnit::kWorkingHours};
  all.push_back(Plain("1.000003", "civil status", Term{0, TermUnit::kWorkingDays}));
  all.back().tier = Tier::kCommune;
  all.back().interconnection = Interconnection::kNone;
  all.push_back(Plain("1.000004", "land", Term{3000, TermUnit::kCalendarDays}));
  all.back().supplement = SupplementPolicy::kPause;
  all.back().due = {DueMode::kKeepHour, StartMode::kAtOnce};
  all.push_back(Plain("1.000005", "transport", Term{1000, TermUnit::kMonths}));
  all.push_back(Plain("1.000006", "transport", day));
  all.back().due_soon_lead = {0, TermUnit::kWorkingHours};
  all.back().due = {DueMode::kKeepHour, StartMode::kNextDay};
  all.back().supplement = SupplementPolicy::kPause;

  all.push_back(Plain("1.000007", "protection", Term{12000, TermUnit::kClockHours}));
  all.back().supplement = SupplementPolicy::kPause;
  all.back().tier = Tier::kCentral;

  const cases::UnitCode province("000.00.01.H49");
  const cases::UnitCode city("H49.23.10");
  // Vertical, two levels and three, and side by side with a join.
  all.push_back(Plain("2.000001", "land", Term{2000, TermUnit::kWorkingDays}));
  all.back().tier = Tier::kCity;
  all.back().interconnection = Interconnection::kVertical2;
  all.back().route = {{1, {}, false, half_day}, {2, province, true, day}};
  all.push_back(Plain("2.000002", "transport", Term{3000, TermUnit::kWorkingDays}));
  all.back().supplement = SupplementPolicy::kPause;
  all.back().tier = Tier::kCentral;
  all.back().interconnection = Interconnection::kVertical3;
  all.back().route = {
      {1, {}, false, half_day}, {2, city, false, half_day}, {3, province, true, day}};
  all.push_back(Plain("2.000003", "land", Term{3000, TermUnit::kWorkingDays}));
  all.back().tier = Tier::kCommune;
  all.back().interconnection = Interconnection::kHorizontal;
  all.back().route = {{1, {}, true, half_day},
                      {2, province, false, day},
                      {2, city, false, Term{4000, TermUnit::kWorkingHours}},
                      {3, {}, true, half_day}};
  all.push_back(Plain("2.000004", "protection", Term{24000, TermUnit::kClockHours}));
  all.back().route = {{1, {}, false, Term{6500, TermUnit::kClockHours}},
                      {2, city, true, Term{12000, TermUnit::kClockHours}}};
  return all;
}

}  // namespace

std::shared_ptr<const catalogue::Catalogue> MakeMasterData() {
  const calendar::CalendarId state("vn-state");
  const calendar::CalendarId city("city");
  std::vector<catalogue::Unit> units = {{cases::UnitCode("000.23.10.H49"), "Phường", state},
                                        {cases::UnitCode("000.24.10.H49"), "Xã", state},
                                        {cases::UnitCode("H49.23.10"), "City", city},
                                        {cases::UnitCode("000.00.01.H49"), "Sở", state}};
  return Sure(catalogue::Catalogue::Make(
      std::move(units), Procedures(),
      {Sure(Calendar::Make(StateCalendar())), Sure(Calendar::Make(CityCalendar()))}));
}

bool IsByTheClock(const cases::ProcedureCode& procedure) {
  const std::vector<Procedure> all = Procedures();
  return std::any_of(all.begin(), all.end(), [&](const Procedure& known) {
    return known.code == procedure &&
           (known.term.unit == TermUnit::kClockHours ||
            std::any_of(known.route.begin(), known.route.end(),
                        [](const auto& leg) { return leg.term.unit == TermUnit::kClockHours; }));
  });
}

const std::vector<cases::UnitCode>& ReceivingUnits() {
  static const std::vector<cases::UnitCode> kUnits = {
      cases::UnitCode("000.23.10.H49"), cases::UnitCode("000.24.10.H49"),
      cases::UnitCode("H49.23.10"), cases::UnitCode("000.99.99.H49")};
  return kUnits;
}

}  // namespace motcua::simulation
