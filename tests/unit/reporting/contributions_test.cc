// Goal: an event changes as few day counters as the reports need, and the ones that it should.
// Method: contributions of whole lives and changes of single events as canonical text; a
//         random search that proves that every column and every measure is reached by the other
//         tests' histories.
#include "services/domain/reporting/contributions.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "services/reporting/report.h"
#include "tests/unit/reporting/histories.h"

namespace motcua::reporting {
namespace {

std::string_view MeasureName(Measure measure) {
  constexpr std::array<std::string_view, kMeasures> kNames = {"direct",
                                                              "online",
                                                              "postal",
                                                              "withdrawn",
                                                              "early",
                                                              "early/late",
                                                              "on_time",
                                                              "on/late",
                                                              "late",
                                                              "late/on",
                                                              "paused",
                                                              "due_that_day",
                                                              "late_shift",
                                                              "paused/late",
                                                              "in_term/late",
                                                              "resolved_stopped",
                                                              "resolved_stopped_instant",
                                                              "open_stopped",
                                                              "open_stopped_instant",
                                                              "resolved_repeated",
                                                              "open_repeated",
                                                              "resolved_rejected",
                                                              "returned_postal"};
  return kNames.at(static_cast<std::size_t>(measure));
}

// "01-20 early +1", by day and measure.
std::string Show(Contributions contributions) {
  std::erase_if(contributions, [](const Contribution& c) { return c.delta == 0; });
  std::sort(contributions.begin(), contributions.end(),
            [](const Contribution& a, const Contribution& b) {
              return a.day != b.day ? a.day < b.day : a.measure < b.measure;
            });
  std::string text;
  for (const Contribution& c : contributions) {
    if (!text.empty()) text += ", ";
    text += FormatDate(c.day).substr(5) + " " + std::string(MeasureName(c.measure)) +
            (c.delta > 0 ? " +" : " ") + std::to_string(c.delta);
  }
  return text;
}

// What each event changes, one line each.
std::string Changes(const History& history) {
  std::string text;
  cases::Dossier dossier;
  bool first = true;
  for (const auto& [event, effective] : history) {
    const cases::Dossier before = dossier;
    cases::Apply(dossier, event, event.steps.front(), effective, cases::Tip(1), {.clock = true});
    text += std::string(cases::PayloadName(event.payload)) + ": " +
            Show(Change(first ? nullptr : &before, dossier)) + "\n";
    first = false;
  }
  return text;
}

// What the whole life leaves, told without the changes.
std::string Whole(const History& history) {
  const Folded folded(history);
  Contributions sums;
  Contribute(folded.dossiers().begin()->second, 1, sums);
  return Show(sums);
}

const ZonedTime kDue = At("2020-01-16T17:00:00+07:00");

TEST(Contributions, InTimeTouchesTwoCountersPerEvent) {
  History history;
  Story(("H49.1-200110-0001"), history)
      .Add("2020-01-10T09:00:00+07:00", Received(kDue))
      .Add("2020-01-11T09:00:00+07:00", cases::HandOverSent{})
      .Add("2020-01-15T09:00:00+07:00", cases::ResultRecorded{})
      .Add("2020-01-17T09:00:00+07:00", cases::DossierClosed{});
  EXPECT_EQ(Changes(history),
            "DossierReceived: 01-10 direct +1, 01-16 due_that_day +1\n"
            "HandOverSent: \n"
            "ResultRecorded: 01-15 early +1, 01-16 due_that_day -1\n"
            "DossierClosed: \n");
  EXPECT_EQ(Whole(history), "01-10 direct +1, 01-15 early +1");
}

TEST(Contributions, LateEndsWhenItIsResolved) {
  History history;
  Story(("H49.1-200110-0001"), history)
      .Add("2020-01-10T09:00:00+07:00", Received(kDue))
      .Add("2020-01-20T09:00:00+07:00", cases::ResultRecorded{});
  EXPECT_EQ(Changes(history),
            "DossierReceived: 01-10 direct +1, 01-16 due_that_day +1\n"
            "ResultRecorded: 01-20 late +1, 01-20 late_shift -1\n");
}

TEST(Contributions, StandstillWhileLateAndANewDueDate) {
  const ZonedTime resumed = At("2020-01-25T09:00:00+07:00");
  History history;
  Story(("H49.1-200110-0001"), history)
      .Add("2020-01-10T09:00:00+07:00", Received(kDue, cases::Channel::kOnline))
      .Add("2020-01-20T09:00:00+07:00", cases::SupplementRequested{})
      .Add(resumed, Resumed(resumed, At("2020-01-31T17:00:00+07:00")))
      .Add("2020-01-31T18:00:00+07:00", cases::ResultRecorded{});
  EXPECT_EQ(Changes(history),
            "DossierReceived: 01-10 online +1, 01-16 due_that_day +1\n"
            "SupplementRequested: 01-20 open_stopped +1\n"
            "ClockResumed: \n"
            "ResultRecorded: 01-31 late +1, 01-31 late_shift -1, 01-31 resolved_stopped +1, "
            "01-31 open_stopped -1\n");
}

TEST(Contributions, ResumedIntoLateness) {
  const ZonedTime resumed = At("2020-01-25T09:00:00+07:00");
  History history;
  Story(("H49.1-200110-0001"), history)
      .Add("2020-01-10T09:00:00+07:00", Received(kDue))
      .Add("2020-01-12T09:00:00+07:00", cases::ClockPaused{})
      .Add(resumed, Resumed(resumed, At("2020-01-24T17:00:00+07:00")));
  EXPECT_EQ(Changes(history),
            "DossierReceived: 01-10 direct +1, 01-16 due_that_day +1\n"
            "ClockPaused: 01-12 paused +1, 01-16 due_that_day -1\n"
            "ClockResumed: 01-25 paused -1, 01-25 late_shift +1\n");
}

TEST(Contributions, BegunAndEndedOnOneDayLeavesNothing) {
  const ZonedTime resumed = At("2020-01-12T15:00:00+07:00");
  History history;
  Story(("H49.1-200110-0001"), history)
      .Add("2020-01-10T09:00:00+07:00", Received(kDue))
      .Add("2020-01-12T09:00:00+07:00", cases::ClockPaused{})
      .Add(resumed, Resumed(resumed, kDue));
  EXPECT_EQ(Whole(history), "01-10 direct +1, 01-16 due_that_day +1");
}

TEST(Contributions, DueBeforeReceivedIsLateFromTheStart) {
  History history;
  Story(("H49.1-200110-0001"), history).Add("2020-01-20T09:00:00+07:00", Received(kDue));
  EXPECT_EQ(Whole(history), "01-20 direct +1, 01-20 late_shift +1");
}

TEST(Contributions, RefusedLeavesNothing) {
  History history;
  Story(("H49.1-200110-0001"), history).Add("2020-01-20T09:00:00+07:00", cases::DossierRefused{});
  EXPECT_EQ(Whole(history), "");
}

TEST(Contributions, ChangesAddUpToTheWhole) {
  const History history = RandomHistory(11, 500, Offsets::kWild);
  Contributions changed;
  std::map<std::string, cases::Dossier> dossiers;
  for (const auto& [event, effective] : history) {
    const auto [entry, is_new] = dossiers.try_emplace(event.dossier.value());
    const cases::Dossier before = entry->second;
    cases::Apply(entry->second, event, event.steps.front(), effective, cases::Tip(1),
                 {.clock = true});
    const Contributions more = Change(is_new ? nullptr : &before, entry->second);
    changed.insert(changed.end(), more.begin(), more.end());
  }
  std::map<std::pair<Measure, CivilDate>, std::int64_t> sums;
  for (const Contribution& c : changed) sums[{c.measure, c.day}] += c.delta;
  Contributions whole;
  for (const auto& [code, dossier] : dossiers) Contribute(dossier, 1, whole);
  for (const Contribution& c : whole) sums[{c.measure, c.day}] -= c.delta;
  for (const auto& [key, sum] : sums) EXPECT_EQ(sum, 0);
}

// Otherwise the properties would prove less than they say.
TEST(Contributions, RandomHistoriesReachEveryMeasureAndColumn) {
  std::set<Measure> measures;
  std::set<Column> columns;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    const Folded folded(RandomHistory(seed, 60, Offsets::kWild));
    std::mt19937_64 random(seed);
    for (const auto& [code, dossier] : folded.dossiers()) {
      Contributions sums;
      Contribute(dossier, 1, sums);
      for (const Contribution& c : sums) measures.insert(c.measure);
      if (const auto found = Classify(dossier, RandomQuery(random))) {
        for (std::size_t i = 1; i < kColumns; ++i) {
          if (found->In(static_cast<Column>(i))) columns.insert(static_cast<Column>(i));
        }
      }
    }
  }
  EXPECT_EQ(measures.size(), kMeasures);
  EXPECT_EQ(columns.size(), kColumns - 1);
}

}  // namespace
}  // namespace motcua::reporting
