// Goal: every due date is the one that the law and the published vectors give.
// Method: vectors of the rulebook; 2,000 vectors of numpy's busday_offset; thousands of random
// cases
//         against the slow model; monotony as a property.
#include "services/domain/deadline/due.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <fstream>
#include <sstream>

#include "services/wire/csv/csv.h"
#include "tests/support/slow_calendar.h"
#include "tests/unit/deadline/deadline_test_support.h"

namespace motcua::deadline {
namespace {

struct Vectors {
  wire::CsvHeader header;
  std::vector<wire::CsvRecord> records;
};

Vectors ReadVectors(const std::string& name) {
  std::ifstream file(std::string(MOTCUA_SOURCE_DIR) + "/tests/vectors/due/" + name);
  std::stringstream text;
  text << file.rdbuf();
  wire::CsvReader reader;
  reader.Feed(text.str());
  reader.Finish();
  wire::CsvRecord record;
  EXPECT_TRUE(reader.Next(record)) << name << " is missing";
  Vectors vectors{wire::CsvHeader::Make(record, {"received", "term", "start", "due"}).value(), {}};
  while (reader.Next(record)) vectors.records.push_back(record);
  return vectors;
}

ZonedTime Received(std::string_view text) {
  const auto zoned = ParseZonedTime(text);
  return zoned.ok() ? *zoned : At(text);
}

DuePolicy Policy(std::string_view mode, std::string_view start) {
  return {mode == "keep_hour" ? DueMode::kKeepHour : DueMode::kEndOfDay,
          start == "at_once" ? StartMode::kAtOnce : StartMode::kNextDay};
}

TEST(Due, VectorsOfTheRulebook) {
  const Vectors vectors = ReadVectors("rulebook.csv");
  EXPECT_GT(vectors.records.size(), 50U);
  for (const auto& r : vectors.records) {
    const auto get = [&](std::string_view column) { return vectors.header.Get(r, column); };
    ASSERT_FALSE(r.problem.has_value()) << r.line;
    EXPECT_EQ(Show(ComputeDue(State(), Received(get("received")), T(get("term")),
                              Policy(get("mode"), get("start")))),
              get("due"))
        << "line " << r.line << ": " << get("note");
  }
}

TEST(Due, VectorsOfNumpy) {
  const Vectors vectors = ReadVectors("busday.csv");
  EXPECT_EQ(vectors.records.size(), 2000U);
  for (const auto& r : vectors.records) {
    const auto get = [&](std::string_view column) { return vectors.header.Get(r, column); };
    EXPECT_EQ(
        Show(ComputeDue(State(), At(get("received")), T(get("term")), Policy("", get("start")))),
        std::string(get("due")) + "T17:00")
        << "line " << r.line;
  }
}

TEST(Due, AgreesWithTheSlowModel) {
  for (const bool odd : {false, true}) {
    const auto calendar = SmallCalendar(odd);
    Cases cases(odd ? 1 : 2);
    for (int i = 0; i < 5000; ++i) {
      const ZonedTime received = cases.Moment(*calendar, 100);
      const Term term = cases.AnyTerm();
      const DuePolicy policy = cases.AnyPolicy();
      ASSERT_EQ(Show(ComputeDue(*calendar, received, term, policy)),
                Show(testing::SlowDue(calendar->spec(), received, term, policy)))
          << Describe(received, term, policy) << (odd ? " odd" : "");
    }
  }
}

TEST(Due, IsNeverBeforeTheReceiptAndGrowsWithTheTerm) {
  const auto calendar = SmallCalendar(false);
  EXPECT_TRUE(rc::check("monotony", [&] {
    Cases cases(*rc::gen::arbitrary<unsigned>());
    const ZonedTime received = cases.Moment(*calendar, 100);
    const Term term = cases.AnyTerm();
    const DuePolicy policy = cases.AnyPolicy();
    Term longer = term;
    longer.milli += term.unit == TermUnit::kCalendarDays || term.unit == TermUnit::kMonths
                        ? 1000
                        : cases.Int(1, 8) * 250;
    // Counting the day of receipt while keeping its hour makes the first day empty.
    const bool empty_first_day =
        policy.mode == DueMode::kKeepHour && policy.start == StartMode::kAtOnce;
    const auto due = ComputeDue(*calendar, received, term, policy).value();
    const auto later = ComputeDue(*calendar, received, longer, policy).value();
    RC_ASSERT(due.instant >= received.instant);
    // 0wd is its own rule: after 15:00 it has until the next evening.
    if (!empty_first_day && term.milli != 0) RC_ASSERT(later.instant >= due.instant);
  }));
}

// 16/02/2020 is worked for a quarter of an hour only: most of the fraction would run into the day
// after it, when five whole days are over.
TEST(Due, AFractionEndsNoLaterThanAWholeDayWould) {
  const auto calendar = SmallCalendar(false);
  const auto due = [&](std::string_view received, std::string_view term, DueMode mode) {
    return Show(ComputeDue(*calendar, At(received), T(term), {mode, StartMode::kNextDay}));
  };
  EXPECT_EQ(due("2020-02-10T10:48", "5wd", DueMode::kKeepHour), "2020-02-17T10:48");
  EXPECT_EQ(due("2020-02-10T10:48", "4.75wd", DueMode::kKeepHour), "2020-02-17T10:48");
  EXPECT_EQ(due("2020-02-10T10:48", "4.25wd", DueMode::kKeepHour), "2020-02-17T09:22:30");
  EXPECT_EQ(due("2020-02-10T10:48", "4wd", DueMode::kEndOfDay), "2020-02-16T08:35");
  EXPECT_EQ(due("2020-02-10T10:48", "3.75wd", DueMode::kEndOfDay), "2020-02-16T08:35");
  EXPECT_EQ(due("2020-02-10T10:48", "2.75wd", DueMode::kEndOfDay), "2020-02-14T15:07:30");
}

TEST(Faults, C3_ClockHoursRunByTheWallClock) {
  const auto due = [](std::string_view received, std::string_view term) {
    return Show(ComputeDue(State(), At(received), T(term), {}));
  };
  EXPECT_EQ(due("2026-11-20T16:00", "12ch"), "2026-11-21T04:00");
  // One decree uses both (NĐ 301/2026).
  EXPECT_EQ(due("2026-11-20T16:00", "24ch"), "2026-11-21T16:00");
  EXPECT_EQ(due("2026-11-20T16:00", "2h"), "2026-11-23T08:30");
  // Nothing but the zone is asked of the calendar, so its end is no end.
  EXPECT_EQ(due("2026-12-31T16:00", "12ch"), "2027-01-01T04:00");
  EXPECT_EQ(due("2031-05-05T20:17", "0.5ch"), "2031-05-05T20:47");

  const Pause pauses[] = {{At("2026-11-20T18:00"), At("2026-11-20T18:20")},
                          {At("2026-11-21T03:00"), At("2026-11-21T05:00")},
                          {At("2026-11-21T07:00"), At("2026-11-21T09:00")}};
  EXPECT_EQ(Show(ComputeDue(State(), At("2026-11-20T16:00"), T("12ch"), {}, pauses)),
            "2026-11-21T06:20");
  EXPECT_EQ(Show(LeadBefore(State(), At("2026-11-21T04:00"), TermUnit::kClockHours,
                            std::chrono::hours(8))),
            "2026-11-20T20:00");
  EXPECT_EQ(Show(LeadBefore(State(), At("2026-11-23T10:00"), TermUnit::kWorkingHours,
                            std::chrono::hours(8))),
            "2026-11-20T09:30");
}

// A zone whose clock jumps: an hour is an hour, whatever the reading.
TEST(Faults, C3_AClockHourIsAnHourWhereTheClockJumps) {
  calendar::CalendarSpec spec;
  spec.id = calendar::CalendarId("jumping");
  spec.version = calendar::CalendarVersion(1);
  spec.first = MakeDate(2025, 1, 1);
  spec.last = MakeDate(2025, 12, 31);
  spec.office_hours = {{540, 1020}};
  const Instant jump = StartOfDay(MakeDate(2025, 3, 9), UtcOffset{0}) + std::chrono::hours(7);
  spec.zone =
      calendar::Zone::Make({{Instant{0}, UtcOffset{-300}}, {jump, UtcOffset{-240}}}).value();
  const auto calendar = calendar::Calendar::Make(spec).value();
  const ZonedTime received = *ParseZonedTime("2025-03-08T20:00:00-05:00");
  EXPECT_EQ(FormatZonedTime(ComputeDue(*calendar, received, T("12ch"), {}).value()),
            "2025-03-09T09:00:00-04:00");
}

TEST(Faults, C9_ADayHasTheOfficeHoursOfItsCalendar) {
  calendar::CalendarSpec spec = State().spec();
  spec.office_hours = {{450, 690}, {780, 1020}};
  const auto eight = calendar::Calendar::Make(spec).value();
  const auto due = [](const calendar::Calendar& calendar, std::string_view term) {
    return Show(ComputeDue(calendar, At("2026-11-26T07:30"), T(term), {}));
  };
  EXPECT_EQ(due(*eight, "8h"), "2026-11-26T17:00");
  EXPECT_EQ(due(State(), "8h"), "2026-11-27T08:00");
  EXPECT_EQ(due(State(), "7.5h"), "2026-11-26T17:00");
  EXPECT_EQ(due(*eight, "0.5wd"), "2026-11-27T11:30");
  EXPECT_EQ(due(State(), "0.5wd"), "2026-11-27T11:15");
  EXPECT_EQ(LeadMinutes(*eight, T("2wd")).count(), 960);
  EXPECT_EQ(LeadMinutes(State(), T("2wd")).count(), 900);
  EXPECT_EQ(LeadMinutes(State(), T("8h")).count(), 480);
}

TEST(Faults, C11_TheEdgeOfTheDayIsInsideForBothSides) {
  const auto due = [](std::string_view received, std::string_view term) {
    return Show(ComputeDue(State(), At(received), T(term), {}));
  };
  EXPECT_EQ(due("2020-03-02T17:00", "1wd"), "2020-03-03T17:00");
  EXPECT_EQ(due("2020-03-02T17:00:00.000001", "1wd"), "2020-03-04T17:00");
  EXPECT_EQ(due("2020-03-02T17:00", "15d"), "2020-03-17T17:00");
  EXPECT_EQ(due("2020-03-02T17:00", "0h"), "2020-03-02T17:00");
  EXPECT_EQ(due("2020-03-02T15:00", "0wd"), "2020-03-02T17:00");
  EXPECT_EQ(due("2020-03-02T15:00:00.000001", "0wd"), "2020-03-03T17:00");
  EXPECT_EQ(due("2020-03-02T17:00", "0wd"), "2020-03-03T17:00");
  // 24:00 is the end of the day that ends, not the beginning of the next.
  const auto odd = SmallCalendar(true);
  const auto of = [&](std::string_view received, const DuePolicy& policy) {
    return Show(ComputeDue(*odd, At(received), T("1wd"), policy));
  };
  EXPECT_EQ(of("2020-05-06T00:00", {}), "2020-05-07T00:00");
  EXPECT_EQ(of("2020-05-06T00:00:01", {}), "2020-05-08T00:00");
  EXPECT_EQ(of("2020-05-06T00:00", {DueMode::kKeepHour, StartMode::kNextDay}), "2020-05-07T00:00");
}

TEST(Due, TheOffsetOfTheReceiptDoesNotMatter) {
  const ZonedTime local = At("2020-01-20T09:32");
  const ZonedTime utc{local.instant, UtcOffset{0}};
  EXPECT_EQ(Show(ComputeDue(State(), utc, T("5wd"), {})), "2020-02-03T17:00");
}

TEST(Due, BeyondTheCalendarIsSaid) {
  for (const auto& [received, term] :
       {std::pair{"2017-12-31T09:00", "1wd"}, std::pair{"2051-01-01T09:00", "1wd"},
        std::pair{"2050-12-30T18:00", "1wd"}, std::pair{"2050-12-30T09:00", "1wd"},
        std::pair{"2050-12-30T16:00", "2h"}, std::pair{"2050-12-29T09:00", "5d"},
        std::pair{"2020-01-01T09:00", "4000mo"}, std::pair{"2040-01-01T09:00", "4000wd"},
        std::pair{"2041-01-01T09:00", "4000d"}, std::pair{"2050-12-30T16:00", "0wd"}}) {
    const auto due = ComputeDue(State(), At(received), T(term), {});
    ASSERT_FALSE(due.ok()) << received << " " << term;
    EXPECT_EQ(due.status().reason(), Reason::kCalendarOutOfRange);
    EXPECT_NE(due.status().message().find("vn-state version 2"), std::string::npos);
  }
}

TEST(WorkingBefore, RingsInOfficeHours) {
  const auto before = [](std::string_view due, int minutes) {
    return Show(WorkingBefore(State(), At(due), std::chrono::minutes(minutes)));
  };
  EXPECT_EQ(before("2020-02-03T17:00", 0), "2020-02-03T17:00");
  EXPECT_EQ(before("2020-02-03T17:00", 60), "2020-02-03T16:00");
  EXPECT_EQ(before("2020-02-03T17:00", 210), "2020-02-03T13:30");
  EXPECT_EQ(before("2020-02-03T17:00", 450), "2020-02-03T07:30");
  EXPECT_EQ(before("2020-02-03T17:00", 480), "2020-01-31T16:30");
  EXPECT_EQ(before("2020-01-30T17:00", 900), "2020-01-22T07:30");
  EXPECT_NE(before("2018-01-02T17:00", 480).find("CALENDAR_OUT_OF_RANGE"), std::string::npos);
}

}  // namespace
}  // namespace motcua::deadline
