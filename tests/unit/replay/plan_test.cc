// Goal: the plan of the replay hits the report's figures exactly, and looks like an office.
// Method: whole plans at three scales, counted anew here; due dates by the domain's own rules; the
//         plan of one seed frozen by its hash.
#include "services/replay/plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <vector>

#include "services/domain/deadline/due.h"
#include "services/platform/catalogue/catalogue_files.h"
#include "services/replay/apportion.h"
#include "services/replay/online.h"
#include "services/replay/volumes.h"

namespace motcua::replay {
namespace {

using cases::Channel;
using cases::ReturnMode;

OnlineProcedures SampleOnline() {
  for (const catalogue::CatalogueFile& file : catalogue::BuiltinCatalogueFiles()) {
    if (file.path == "procedures.csv") return *ReadOnline(file.text);
  }
  return {};
}

Plan Make(std::int64_t scale, std::uint64_t seed = 2020) {
  Result<Plan> plan =
      MakePlan(*catalogue::BuiltinCatalogue(), SampleOnline(), {.seed = seed, .scale = scale});
  EXPECT_TRUE(plan.ok()) << plan.status().ToString();
  return *plan;
}

template <typename Fits>
int Count(const Plan& plan, const Fits& fits) {
  return static_cast<int>(std::count_if(plan.dossiers.begin(), plan.dossiers.end(), fits));
}

CivilDate DateOf(Instant at) {
  constexpr UtcOffset kHanoi{7 * 60};
  return ZonedTime{at, kHanoi}.date();
}

// What a report over the period would count, from instants alone.
Figures Recount(const Plan& plan) {
  Figures found{};
  found = {.city_received = 0,
           .city_online = 0,
           .carried_over = 0,
           .city_in_time = 0,
           .city_late = 0,
           .city_open = 0,
           .central_received = 0,
           .central_online = 0,
           .central_late = 0,
           .posted_in = 0,
           .posted_out = 0,
           .refused = 0,
           .withdrawn_before = 0};
  const Timetable& table = plan.timetable;
  for (const Dossier& dossier : plan.dossiers) {
    if (dossier.fate == Fate::kRefused) ++found.refused;
    if (dossier.fate == Fate::kWithdrawn) ++found.withdrawn_before;
    if (dossier.fate == Fate::kRefused || dossier.fate == Fate::kWithdrawn) continue;
    const bool city = dossier.level == Level::kCity;
    const bool before = table[dossier.received].date < table.first_day();
    const bool online = dossier.channel == Channel::kOnline;
    if (before) ++found.carried_over;
    if (!before) ++(city ? found.city_received : found.central_received);
    if (online) ++(city ? found.city_online : found.central_online);
    if (dossier.channel == Channel::kPostal) ++found.posted_in;
    if (dossier.way == ReturnMode::kPostal) {
      ++found.posted_out;
      EXPECT_NE(dossier.closed, kNever);
    }
    if (dossier.resolved > table.end()) {
      EXPECT_TRUE(city);
      ++found.city_open;
      continue;
    }
    const CivilDate resolved = table[dossier.resolved].date;
    EXPECT_GE(resolved, table.first_day());
    const bool late = resolved > DateOf(dossier.due);
    EXPECT_EQ(late, dossier.fate == Fate::kLate);
    if (late) {
      ++(city ? found.city_late : found.central_late);
    } else if (city) {
      ++found.city_in_time;
    }
  }
  return found;
}

void ExpectFigures(const Plan& plan, const Figures& wanted) {
  const Figures found = Recount(plan);
  EXPECT_EQ(found.city_received, wanted.city_received);
  EXPECT_EQ(found.city_online, wanted.city_online);
  EXPECT_EQ(found.carried_over, wanted.carried_over);
  EXPECT_EQ(found.city_in_time, wanted.city_in_time);
  EXPECT_EQ(found.city_late, wanted.city_late);
  EXPECT_EQ(found.city_open, wanted.city_open);
  EXPECT_EQ(found.central_received, wanted.central_received);
  EXPECT_EQ(found.central_online, wanted.central_online);
  EXPECT_EQ(found.central_late, wanted.central_late);
  EXPECT_EQ(found.posted_in, wanted.posted_in);
  EXPECT_EQ(found.posted_out, wanted.posted_out);
  EXPECT_EQ(found.refused, wanted.refused);
  EXPECT_EQ(found.withdrawn_before, wanted.withdrawn_before);
}

TEST(Apportion, SharesAddUpAndAreFair) {
  EXPECT_EQ(Apportion(10, std::array<std::int64_t, 3>{1, 1, 1}), (std::vector{4, 3, 3}));
  EXPECT_EQ(Apportion(7, std::array<std::int64_t, 4>{0, 5, 3, 2}), (std::vector{0, 4, 2, 1}));
  EXPECT_EQ(Deal(4, std::array<std::int64_t, 3>{2, 0, 1}), (std::vector{0, 0, 0, 2}));
}

TEST(Figures, AreTheReportsAndAddUpAtEveryScale) {
  const Figures whole = FiguresAt(kScaleWhole);
  EXPECT_EQ(whole.received(), 288'805);
  EXPECT_EQ(whole.city_resolved(), 45'964);
  for (std::int64_t scale = kScaleLeast; scale <= kScaleWhole; scale += 777) {
    const Figures part = FiguresAt(scale);
    EXPECT_EQ(part.city_received + part.carried_over,
              part.city_in_time + part.city_late + part.city_open);
  }
}

TEST(Plan, HitsTheFiguresAtEveryScale) {
  ExpectFigures(Make(kScaleWhole), Figures{});
  ExpectFigures(Make(kScaleWhole / 10), FiguresAt(kScaleWhole / 10));
  ExpectFigures(Make(kScaleWhole / 100), FiguresAt(kScaleWhole / 100));
  ExpectFigures(Make(kScaleLeast), FiguresAt(kScaleLeast));
}

TEST(Plan, HitsThemWithAnySeed) {
  for (const std::uint64_t seed : {0ULL, 1ULL, 7ULL, 424242ULL}) {
    ExpectFigures(Make(kScaleWhole / 10, seed), FiguresAt(kScaleWhole / 10));
  }
}

// A change of the plan is a change of what everybody compares with: freeze it anew knowingly.
TEST(Plan, IsTheSameEverywhere) {
  EXPECT_EQ(Make(kScaleWhole / 10).Hash(), Make(kScaleWhole / 10).Hash());
  EXPECT_NE(Make(kScaleWhole / 10).Hash(), Make(kScaleWhole / 10, 2021).Hash());
  EXPECT_EQ(Make(kScaleWhole / 10).Hash(), 2254981969548887776ULL);
}

TEST(Plan, NobodyComesAtNoonAndTheOnlineComeAtNight) {
  const Plan plan = Make(kScaleWhole / 10);
  int at_night = 0;
  for (const Dossier& dossier : plan.dossiers) {
    const Timetable::Entry& at = plan.timetable[dossier.received];
    EXPECT_FALSE(at.minute >= 11 * 60 + 30 && at.minute < 13 * 60 + 30 && at.office);
    if (dossier.channel == Channel::kOnline) {
      at_night += at.office ? 0 : 1;
    } else {
      EXPECT_TRUE(at.office);
    }
    if (dossier.resolved != kNever) {
      EXPECT_TRUE(plan.timetable[dossier.resolved].office);
    }
  }
  EXPECT_GT(at_night, 1'000);
}

TEST(Plan, AprilDipsAndTetStandsStill) {
  const Plan plan = Make(kScaleWhole / 10);
  std::map<int, int> by_month;
  std::set<int> counters_of_tet;
  for (const Dossier& dossier : plan.dossiers) {
    const CivilDate date = plan.timetable[dossier.received].date;
    if (date >= plan.timetable.first_day()) ++by_month[Split(date).month];
    const bool tet = date >= MakeDate(2020, 1, 23) && date <= MakeDate(2020, 1, 29);
    if (tet) {
      EXPECT_EQ(dossier.channel, Channel::kOnline);
    }
  }
  for (const int month : {2, 3, 5, 6, 7, 8, 9, 10}) EXPECT_GT(by_month[month], by_month[4]);
}

// The appointment is the domain's; what may be asked of a dossier is asked in a possible order.
TEST(Plan, DueDatesAreTheDomains) {
  const Plan plan = Make(kScaleWhole / 10);
  const auto catalogue = catalogue::BuiltinCatalogue();
  const calendar::Calendar* const calendar =
      catalogue->FindCalendar(calendar::CalendarId("vn-state"));
  ASSERT_NE(calendar, nullptr);
  for (const Dossier& dossier : plan.dossiers) {
    const catalogue::Procedure& procedure = catalogue->procedures()[dossier.procedure];
    const ZonedTime at = calendar->zone().ToZoned(plan.timetable[dossier.received].at);
    const auto due =
        deadline::ComputeDue(*calendar, at, procedure.TermFor(dossier.channel), procedure.due);
    ASSERT_TRUE(due.ok());
    EXPECT_EQ(due->instant, dossier.first_due);
    EXPECT_GE(dossier.due, dossier.first_due);
    if (dossier.standstill == Standstill::kNone) {
      EXPECT_EQ(dossier.due, dossier.first_due);
    }
  }
}

TEST(Plan, ActsAreInOrderAndEachKindOccurs) {
  const Plan plan = Make(kScaleWhole / 10);
  std::vector<int> next(plan.dossiers.size(), 0);
  std::set<ActKind> kinds;
  std::set<std::uint16_t> units;
  Step step = 0;
  for (const Act& act : plan.acts) {
    EXPECT_GE(act.step, step);
    EXPECT_LE(act.step, plan.timetable.end());
    step = act.step;
    EXPECT_EQ(act.number, next[act.dossier]++);
    EXPECT_EQ(act.number == 0, act.kind == ActKind::kReceive || act.kind == ActKind::kRefuse);
    kinds.insert(act.kind);
    units.insert(plan.dossiers[act.dossier].unit);
  }
  EXPECT_EQ(kinds.size(), static_cast<std::size_t>(ActKind::kWithdraw) + 1);
  EXPECT_EQ(units.size(), 34U);
}

TEST(Plan, RefusesAScaleThatIsNone) {
  for (const std::int64_t scale : {std::int64_t{0}, kScaleLeast - 1, kScaleWhole + 1}) {
    EXPECT_EQ(MakePlan(*catalogue::BuiltinCatalogue(), SampleOnline(), {.scale = scale})
                  .status()
                  .reason(),
              Reason::kFieldInvalid);
  }
}

}  // namespace
}  // namespace motcua::replay
