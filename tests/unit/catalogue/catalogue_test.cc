// Goal: a catalogue holds together, and looking up gives what was put in.
// Method: one small catalogue, spoilt in each way that Make and CheckRoute must refuse.
#include "services/domain/catalogue/catalogue.h"

#include <gtest/gtest.h>

#include <functional>

namespace motcua::catalogue {
namespace {

using calendar::Calendar;
using calendar::CalendarId;
using calendar::CalendarVersion;
using deadline::ParseTerm;

std::shared_ptr<const Calendar> MakeCalendar(const char* id, std::uint32_t version) {
  calendar::CalendarSpec spec;
  spec.id = CalendarId(id);
  spec.version = CalendarVersion(version);
  spec.first = MakeDate(2020, 1, 1);
  spec.last = MakeDate(2020, 12, 31);
  spec.office_hours = {{450, 1020}};
  return Calendar::Make(std::move(spec)).value();
}

struct Parts {
  std::vector<Unit> units = {{cases::UnitCode("000.23.10.H49"), "Trung tâm", CalendarId("a")},
                             {cases::UnitCode("000.05.10.H49"), "Phòng TNMT", CalendarId("a")}};
  std::vector<Procedure> procedures;
  std::vector<std::shared_ptr<const Calendar>> calendars = {
      MakeCalendar("b", 1), MakeCalendar("a", 2), MakeCalendar("a", 1), MakeCalendar("a", 3)};

  Parts() {
    Procedure p;
    p.code = cases::ProcedureCode("1.001193");
    p.term = ParseTerm("10wd").value();
    p.term_online = ParseTerm("8wd").value();
    p.route = {{1, std::nullopt, false, ParseTerm("2wd").value()},
               {2, cases::UnitCode("000.05.10.H49"), true, ParseTerm("6wd").value()},
               {2, std::nullopt, false, ParseTerm("3wd").value()},
               {3, std::nullopt, false, ParseTerm("2wd").value()}};
    procedures.push_back(p);
  }
  auto Make() const { return Catalogue::Make(units, procedures, calendars); }
};

TEST(Catalogue, FindsWhatWasPutIn) {
  const auto made = Parts().Make();
  ASSERT_TRUE(made.ok()) << made.status().message();
  const Catalogue& c = **made;
  EXPECT_EQ(c.FindUnit(cases::UnitCode("000.23.10.H49"))->name, "Trung tâm");
  EXPECT_EQ(c.FindUnit(cases::UnitCode("000.99.10.H49")), nullptr);
  EXPECT_NE(c.FindProcedure(cases::ProcedureCode("1.001193")), nullptr);
  EXPECT_EQ(c.FindProcedure(cases::ProcedureCode("1.001194")), nullptr);
  EXPECT_EQ(c.FindCalendar(CalendarId("a"))->version().value(), 3U);
  EXPECT_EQ(c.FindCalendar(CalendarId("a"), CalendarVersion(2))->version().value(), 2U);
  EXPECT_EQ(c.FindCalendar(CalendarId("a"), CalendarVersion(9)), nullptr);
  EXPECT_EQ(c.FindCalendar(CalendarId("0")), nullptr);
  EXPECT_EQ(c.FindCalendar(CalendarId("c")), nullptr);
}

TEST(Catalogue, TermsByChannel) {
  const Parts parts;
  const Procedure& p = parts.procedures[0];
  EXPECT_EQ(deadline::FormatTerm(p.TermFor(cases::Channel::kDirect)), "10wd");
  EXPECT_EQ(deadline::FormatTerm(p.TermFor(cases::Channel::kOnline)), "8wd");
  EXPECT_EQ(deadline::FormatTerm(p.TermFor(cases::Channel::kPostal)), "10wd");
}

TEST(Catalogue, NamesWhatDoesNotHoldTogether) {
  const std::pair<std::function<void(Parts&)>, const char*> spoilt[] = {
      {[](Parts& p) { p.units.push_back(p.units[0]); }, "units[000.23.10.H49]: stands twice"},
      {[](Parts& p) { p.units[1].calendar = CalendarId("x"); },
       "units[000.05.10.H49].calendar: \"x\" is unknown"},
      {[](Parts& p) { p.procedures.push_back(p.procedures[0]); },
       "procedures[1.001193]: stands twice"},
      {[](Parts& p) { p.calendars.push_back(MakeCalendar("a", 2)); },
       "calendars[a]: version 2 stands twice"},
      {[](Parts& p) { p.procedures[0].route[1].unit = cases::UnitCode("000.77.10.H49"); },
       "procedures[1.001193].route: unit \"000.77.10.H49\" is unknown"},
      {[](Parts& p) { p.procedures[0].route[3].stage = 4; },
       "procedures[1.001193].route: stage 4 follows stage 2"},
      {[](Parts& p) { p.procedures[0].route[0].stage = 2; },
       "procedures[1.001193].route: stage 2 follows stage 0"},
  };
  for (const auto& [spoil, message] : spoilt) {
    Parts parts;
    spoil(parts);
    const Status status = parts.Make().status();
    EXPECT_EQ(status.reason(), Reason::kFieldInvalid);
    EXPECT_EQ(status.message(), message);
  }
}

constexpr Micros kDay{std::chrono::minutes(450)};

TEST(Catalogue, RoutesHaveOneLeadAndFitIntoTheTerm) {
  Procedure p = Parts().procedures[0];
  const auto message = [&] { return CheckRoute(p, kDay).message(); };
  EXPECT_TRUE(CheckRoute(p, kDay).ok()) << message();
  p.term = ParseTerm("9.5wd").value();
  EXPECT_NE(message().find("longer than the whole term 9.5wd"), std::string::npos);
  p.term = ParseTerm("3d").value();  // office time and wall-clock time are not compared
  EXPECT_TRUE(CheckRoute(p, kDay).ok());
  p.route[0].lead = true;
  EXPECT_NE(message().find("two leads"), std::string::npos);
  p.route[0].lead = p.route[1].lead = false;
  EXPECT_NE(message().find("no lead"), std::string::npos);
  p.route.clear();
  EXPECT_TRUE(CheckRoute(p, kDay).ok());
}

TEST(Faults, C3_C9_RoutesAreComparedByTheLengthOfADay) {
  Procedure p = Parts().procedures[0];
  const auto fits = [&](const char* whole, const char* first, const char* second, Micros day) {
    p.term = ParseTerm(whole).value();
    p.route = {{1, std::nullopt, true, ParseTerm(first).value()},
               {2, std::nullopt, true, ParseTerm(second).value()}};
    return CheckRoute(p, day).ok();
  };
  EXPECT_TRUE(fits("2wd", "1wd", "7.5h", kDay));
  EXPECT_FALSE(fits("2wd", "1wd", "8h", kDay));
  EXPECT_TRUE(fits("2wd", "1wd", "8h", std::chrono::hours(8)));
  EXPECT_FALSE(fits("8h", "1wd", "1h", kDay));
  EXPECT_TRUE(fits("24ch", "12ch", "12ch", kDay));
  EXPECT_FALSE(fits("24ch", "12ch", "12.5ch", kDay));
  EXPECT_TRUE(fits("2d", "1d", "24ch", kDay));
  EXPECT_FALSE(fits("2d", "1d", "25ch", kDay));
  EXPECT_TRUE(fits("24ch", "24ch", "2h", kDay)) << "not compared";
  EXPECT_FALSE(fits("1mo", "1mo", "1mo", kDay));
  EXPECT_FALSE(fits("4000wd", "4000wd", "4000wd", std::chrono::hours(24)));
}

}  // namespace
}  // namespace motcua::catalogue
