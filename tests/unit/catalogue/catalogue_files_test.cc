// Goal: the sample catalogue is whole, and every wrong file is refused with file, line and reason.
// Method: the built-in catalogue against the counts of the report; a good small catalogue in
// memory,
//         spoilt line by line; the folder on disk equals the built-in one.
#include "services/platform/catalogue/catalogue_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

namespace motcua::catalogue {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Pair;

const Catalogue& Builtin() {
  static const auto kCatalogue = BuiltinCatalogue();
  return *kCatalogue;
}

const Procedure& Find(const char* code) {
  const Procedure* found = Builtin().FindProcedure(cases::ProcedureCode(code));
  EXPECT_NE(found, nullptr) << code;
  return *found;
}

TEST(BuiltinCatalogue, HoldsTheCountsOfTheReport) {
  EXPECT_EQ(Builtin().procedures().size(), 491U);
  EXPECT_EQ(Builtin().units().size(), 63U);
  std::size_t parallel = 0;
  std::size_t routed = 0;
  for (const Procedure& p : Builtin().procedures()) {
    const Status checked = CheckRoute(p, Builtin().calendars().front()->FullDay());
    EXPECT_TRUE(checked.ok()) << checked.message();
    routed += p.route.empty() ? 0U : 1U;
    for (std::size_t i = 1; i < p.route.size(); ++i) {
      if (p.route[i].stage == p.route[i - 1].stage) ++parallel;
    }
  }
  EXPECT_EQ(routed, 75U + 2U);  // the interconnected ones and the two joint birth procedures
  EXPECT_GE(parallel, 23U);     // every horizontal route has legs beside each other
}

TEST(BuiltinCatalogue, HasARouteOfEachKind) {
  EXPECT_TRUE(Find("1.001193").route.empty());
  const Procedure& birth = Find("2.000986");
  ASSERT_EQ(birth.route.size(), 4U);
  EXPECT_TRUE(birth.route[0].lead);
  EXPECT_FALSE(birth.route[0].unit.has_value());
  EXPECT_EQ(birth.route[1].stage, birth.route[2].stage);
  EXPECT_EQ(birth.route[3].stage, 3);
  const Procedure& three = Find("1.010803");
  ASSERT_EQ(three.route.size(), 4U);
  EXPECT_EQ(three.route[2].unit->value(), "000.00.06.H49");
  EXPECT_EQ(deadline::FormatTerm(three.route[2].term), "4wd");
  const Procedure& land = Find("1.013833");
  EXPECT_EQ(land.supplement, deadline::SupplementPolicy::kPause);
  EXPECT_EQ(land.route.size(), 5U);
  EXPECT_EQ(Find("1.001776").supplement, deadline::SupplementPolicy::kRestart);
}

TEST(BuiltinCatalogue, EqualsTheFolder) {
  const auto loaded =
      LoadCatalogue(std::filesystem::path(MOTCUA_SOURCE_DIR) / "deploy" / "catalogue");
  ASSERT_TRUE(loaded.ok()) << loaded.status().message();
  EXPECT_EQ((*loaded)->procedures().size(), Builtin().procedures().size());
  EXPECT_EQ((*loaded)->units().size(), Builtin().units().size());
  EXPECT_EQ((*loaded)->calendars().size(), Builtin().calendars().size());
  EXPECT_EQ(BuiltinCatalogue().get(), BuiltinCatalogue().get());
}

// A catalogue that loads; each test replaces one file.
std::map<std::string, std::string> Good() {
  return {
      {"calendars/c.toml",
       "id = \"c\"\nversion = 1\nzone = \"+07:00\"\nfirst = 2020-01-01\nlast = 2020-12-31\n"
       "office_hours = [\"07:30-11:30\", \"13:30-17:00\"]\n"
       "days_off = [\n  { date = 2020-01-01, name = \"x\" },\n]\n"},
      {"units.csv", "code,name,calendar\n000.23.10.H49,Trung tâm,c\n000.05.10.H49,Phòng,c\n"},
      {"procedures.csv",
       "code,name,field,term,interconnection\n1.000001,Một,Đất đai,10wd,vertical2\n"},
      {"routes.toml",
       "[[route]]\ninterconnection = \"vertical2\"\nlegs = [\n"
       "  { stage = 1, unit = \"receiving\", share = 0.5, lead = true },\n"
       "  { stage = 2, unit = \"000.05.10.H49\", share = 0.5 },\n]\n"},
      {"policies.toml", "[[policy]]\nmode = \"keep_hour\"\ndue_soon = \"4h\"\n"},
  };
}

Result<std::shared_ptr<const Catalogue>> Parse(const std::map<std::string, std::string>& texts) {
  std::vector<CatalogueFile> files;
  files.reserve(texts.size());
  for (const auto& [path, text] : texts) files.push_back({path, text});
  return ParseCatalogue(files);
}

TEST(Faults, C3_HoursByTheClockAreToldFromWorkingHours) {
  for (const char* code : {"1.012084", "1.012085", "1.004946"}) {
    EXPECT_EQ(deadline::FormatTerm(Find(code).term), "12ch") << code;
  }
  // Eight hours of the customs are working hours by their law.
  EXPECT_EQ(deadline::FormatTerm(Find("1.005458").term), "8h");
}

TEST(CatalogueFiles, AGoodOneLoads) {
  const auto made = Parse(Good());
  ASSERT_TRUE(made.ok()) << made.status().message();
  const Procedure* p = (*made)->FindProcedure(cases::ProcedureCode("1.000001"));
  ASSERT_NE(p, nullptr);
  EXPECT_EQ(p->due.mode, deadline::DueMode::kKeepHour);
  EXPECT_EQ(deadline::FormatTerm(p->due_soon_lead), "4h");
  EXPECT_EQ(deadline::FormatTerm(p->route[1].term), "5wd");
}

struct Spoilt {
  const char* file;
  const char* text;
  const char* line;
  const char* reason;
};

TEST(CatalogueFiles, EveryErrorNamesFileLineAndReason) {
  const std::string head = "id = \"c\"\nzone = \"+07:00\"\nfirst = 2020-01-01\nlast = 2020-12-31\n";
  const std::string hours = "office_hours = [\"07:30-11:30\"]\n";
  const std::string no_hours = head + "office_hours = []\n";
  const std::string bad_hours = head + "office_hours = [\"7:30-11:30\"]\n";
  const std::string bad_key = head + hours + "dayz_off = []\n";
  const std::string bad_day =
      head + hours + "days_off = [\n  { date = 2020-01-01 },\n  { date = 2020-01-01 },\n]\n";
  const std::string no_date = head + hours + "days_off = [ { name = \"x\" } ]\n";
  const std::string monday = head + hours + "worked_days_off = [ { date = 2020-01-06 } ]\n";
  const std::string half =
      head + hours + "half_days = [ { date = 2020-01-04, hours = [\"08:00-09:00\"] } ]\n";
  const std::string two_zones =
      head + hours +
      "zone_transitions = [ { from = \"2020-01-01T00:00:00Z\", offset = \"+07:00\" } ]\n";
  const std::string periods = head + hours + "periods = [\n";
  const std::string half_year =
      "  { first = 2020-01-01, last = 2020-06-30, status = \"decided\" },\n";
  const std::string gap = periods + half_year +
                          "  { first = 2020-07-02, last = 2020-12-31, status = \"decided\" },\n]\n";
  const std::string short_periods = periods + half_year + "]\n";
  const std::string proposed =
      periods + "  { first = 2020-01-01, last = 2020-12-31, status = \"proposed\" },\n]\n";
  const std::string guessed =
      periods +
      "  { first = 2020-01-01, last = 2020-12-31, status = \"provisional\", decided_on = "
      "2019-10-01 },\n]\n";
  const std::string early = head + hours + "provisional_until = 2020-12-30\n";
  const std::string far = head + hours + "provisional_until = 2051-01-01\n";
  const std::string c = "code,name,calendar\n";
  const std::string unit_code = c + "000.23.10.H49,a,c\nH4,b,c\n";
  const std::string unit_twice = c + "000.23.10.H49,a,c\n000.23.10.H49,b,c\n";
  const std::string unit_calendar = c + "000.23.10.H49,a,d\n";
  const std::string unit_short = c + "000.23.10.H49,a\n";
  const std::string unit_name = c + "000.23.10.H49, ,c\n";
  const std::string unit_utf8 = c + "000.23.10.H49,\xFF,c\n";
  const std::string unit_quote = c + "000.23.10.H49,\"a,c\n";
  const std::string p = "code,name,field,term,interconnection\n";
  const std::string p_code = p + "1.0133611,a,b,5wd,none\n";
  const std::string p_term = p + "1.000001,a,b,20 ngày,none\n";
  const std::string p_no_term = p + "1.000001,a,b,,none\n";
  const std::string p_twice = p + "1.000001,a,b,5wd,none\n\n1.000001,a,b,5wd,none\n";
  const std::string p_kind = p + "1.000001,a,b,5wd,diagonal\n";
  const std::string p_route = p + "1.000001,a,b,5wd,horizontal\n";
  const std::string p_break = p + "1.000001,\"a\nb\",b,5wd,none\n";
  const std::string r = "[[route]]\ninterconnection = \"vertical2\"\n";
  const std::string leg = "legs = [\n  { stage = 1, unit = \"receiving\", ";
  const std::string r_share = r + leg + "share = 2.0 },\n]\n";
  const std::string r_both = r + leg + "share = 0.5, term = \"1wd\" },\n]\n";
  const std::string r_term = r + leg + "term = \"1x\" },\n]\n";
  const std::string r_long = r + leg + "term = \"11wd\", lead = true },\n]\n";
  const std::string r_lead = r + leg + "term = \"1wd\" },\n]\n";
  const std::string r_unit =
      r + "legs = [\n  { stage = 1, unit = \"000.99.10.H49\", share = 0.5 },\n]\n";
  const Spoilt all[] = {
      {"calendars/c.toml", "id = \n", "1", "calendars/c.toml:1: "},
      {"calendars/c.toml", "zone = \"+07:00\"\n", "1", "\"id\" is missing"},
      {"calendars/c.toml", no_hours.c_str(), "1", "\"office_hours\" is missing"},
      {"calendars/c.toml", bad_hours.c_str(), "5", "\"7:30-11:30\" is not a span"},
      {"calendars/c.toml", bad_key.c_str(), "6", "the key \"dayz_off\" is unknown"},
      {"calendars/c.toml", bad_day.c_str(), "8", "2020-01-01 stands twice"},
      {"calendars/c.toml", no_date.c_str(), "6", "\"date\" is missing"},
      {"calendars/c.toml", monday.c_str(), "6", "neither a Saturday nor a Sunday"},
      {"calendars/c.toml", half.c_str(), "6", "weekend day that is not worked"},
      {"calendars/c.toml", two_zones.c_str(), "1", "either \"zone\" or"},
      {"calendars/c.toml", gap.c_str(), "8", "begins on 2020-07-02, not on 2020-07-01"},
      {"calendars/c.toml", short_periods.c_str(), "7", "before the last day covered, 2020-12-31"},
      {"calendars/c.toml", proposed.c_str(), "7", "neither decided nor provisional"},
      {"calendars/c.toml", guessed.c_str(), "7", "is provisional and has a date of decision"},
      {"calendars/c.toml", early.c_str(), "6", "lies before \"last\""},
      {"calendars/c.toml", far.c_str(), "6", "lies after 2050"},
      {"units.csv", "", "1", "the file is empty"},
      {"units.csv", "code,name\n", "1", "\"calendar\" is missing"},
      {"units.csv", unit_code.c_str(), "3", "not an agency identifier"},
      {"units.csv", unit_twice.c_str(), "3", "stands on line 2 already"},
      {"units.csv", unit_calendar.c_str(), "2", "calendar \"d\" is unknown"},
      {"units.csv", unit_short.c_str(), "2", "2 fields, the header 3"},
      {"units.csv", unit_name.c_str(), "2", "\"name\" is empty"},
      {"units.csv", unit_utf8.c_str(), "2", "not UTF-8"},
      {"units.csv", unit_quote.c_str(), "2", "never closed"},
      {"procedures.csv", p_code.c_str(), "2", "not a procedure code"},
      {"procedures.csv", p_term.c_str(), "2", "is not a term"},
      {"procedures.csv", p_no_term.c_str(), "2", "\"term\" is empty"},
      {"procedures.csv", p_twice.c_str(), "4", "stands on line 2 already"},
      {"procedures.csv", p_kind.c_str(), "2", "\"diagonal\""},
      {"procedures.csv", p_route.c_str(), "2", "no rule in routes.toml"},
      {"procedures.csv", p_break.c_str(), "2", "control character"},
      {"routes.toml", "[[route]]\n", "1", "names \"codes\" or"},
      {"routes.toml", r.c_str(), "1", "has no legs"},
      {"routes.toml", r_share.c_str(), "4", "at most 1"},
      {"routes.toml", r_both.c_str(), "4", R"(either a "share" or a "term")"},
      {"routes.toml", r_term.c_str(), "4", "is not a term"},
      {"routes.toml", r_long.c_str(), "1", "longer than the whole term"},
      {"routes.toml", r_lead.c_str(), "1", "no lead"},
      {"routes.toml", r_unit.c_str(), "4", "unit 000.99.10.H49 is unknown"},
      {"policies.toml", "[[policy]]\nmode = \"x\"\n", "2", "neither end_of_day nor keep_hour"},
      {"policies.toml", "[[policy]]\ndue_soon = \"4d\"\n", "2", "working hours"},
      {"policies.toml", "[[policy]]\ndue_soon = \"4ch\"\n", "2", "working hours"},
      {"policies.toml", "[[policy]]\ncut = 1.0\n", "2", "not a number below 1"},
      {"policies.toml", "[[policy]]\ntiers = [\"town\"]\n", "2", "is not city, commune"},
      {"routes.toml", "[[route]]\nversions = [0]\n", "2", "not a number from 1"},
      {"policies.toml", "[[policy]]\nmood = \"x\"\n", "2", "the key \"mood\" is unknown"},
  };
  for (const Spoilt& spoilt : all) {
    auto texts = Good();
    texts[spoilt.file] = spoilt.text;
    const Status status = Parse(texts).status();
    EXPECT_EQ(status.reason(), Reason::kFileInvalid) << spoilt.file << ": " << spoilt.reason;
    EXPECT_THAT(status.metadata(), Contains(Pair("file", spoilt.file))) << status.message();
    EXPECT_THAT(status.metadata(), Contains(Pair("line", spoilt.line))) << status.message();
    EXPECT_THAT(status.message(), HasSubstr(spoilt.reason));
  }
}

TEST(CatalogueFiles, NamesTheFileThatIsMissing) {
  for (const char* file : {"units.csv", "procedures.csv", "calendars/c.toml"}) {
    auto texts = Good();
    texts.erase(file);
    EXPECT_EQ(Parse(texts).status().reason(), Reason::kFileUnreadable) << file;
  }
  EXPECT_EQ(LoadCatalogue("/nowhere").status().reason(), Reason::kFileUnreadable);
  EXPECT_EQ(LoadCalendarFile("/nowhere/c.toml").status().reason(), Reason::kFileUnreadable);
  EXPECT_EQ(LoadCalendarFile("/tmp").status().reason(), Reason::kFileUnreadable);
}

TEST(CatalogueFiles, TwoFilesWithOneCalendarAreRefused) {
  auto texts = Good();
  texts["calendars/d.toml"] = texts["calendars/c.toml"];
  EXPECT_THAT(Parse(texts).status().message(),
              HasSubstr("another file holds calendar c version 1"));
}

TEST(CatalogueFiles, ZonesWithTransitions) {
  const auto calendar =
      ParseCalendar({"ny.toml",
                     "id = \"ny\"\nzone_transitions = [\n  { from = \"2019-11-03T06:00:00Z\", "
                     "offset = \"-05:00\" },\n"
                     "  { from = \"2020-03-08T07:00:00Z\", offset = \"-04:00\" },\n]\n"
                     "first = 2020-01-01\nlast = 2020-12-31\noffice_hours = [\"09:00-17:00\"]\n"});
  ASSERT_TRUE(calendar.ok()) << calendar.status().message();
  EXPECT_EQ((*calendar)->zone().ToZoned(ParseCivilTime("2020-07-01T09:00").value()).offset,
            UtcOffset{-240});
}

// A folder from before there were provisional days must not stop on the last day of its calendar.
TEST(CatalogueFiles, ACalendarGoesOnByTheLabourCode) {
  const std::string text =
      "id = \"c\"\nzone = \"+07:00\"\nfirst = 2026-01-01\nlast = 2026-12-31\n"
      "office_hours = [\"07:30-17:00\"]\n";
  const auto silent = ParseCalendar({"c.toml", text});
  ASSERT_TRUE(silent.ok()) << silent.status().message();
  EXPECT_EQ((*silent)->last(), MakeDate(2050, 12, 31));
  EXPECT_TRUE((*silent)->Decided(MakeDate(2026, 12, 31)));
  EXPECT_FALSE((*silent)->Decided(MakeDate(2027, 1, 1)));
  EXPECT_EQ((*silent)->NameOf(MakeDate(2030, 2, 4)), "Tết Nguyên đán");
  const auto until = ParseCalendar({"c.toml", text + "provisional_until = 2036-12-31\n"});
  ASSERT_TRUE(until.ok());
  EXPECT_EQ((*until)->last(), MakeDate(2036, 12, 31));
  const auto none = ParseCalendar({"c.toml", text + "provisional_until = 2026-12-31\n"});
  ASSERT_TRUE(none.ok());
  EXPECT_EQ((*none)->last(), MakeDate(2026, 12, 31));
}

TEST(CatalogueFiles, ALongCalendarIsExtendedAsFarAsOneMayBeLong) {
  const auto made = ParseCalendar({"c.toml",
                                   "id = \"c\"\nzone = \"+07:00\"\nfirst = 1995-01-01\n"
                                   "last = 2026-12-31\noffice_hours = [\"07:30-17:00\"]\n"});
  ASSERT_TRUE(made.ok()) << made.status().message();
  EXPECT_GT((*made)->last(), MakeDate(2043, 1, 1));
}

TEST(CatalogueFiles, PeriodsSayWhatTheDaysRestOn) {
  const auto made = ParseCalendar(
      {"c.toml",
       "id = \"c\"\nzone = \"+07:00\"\nemployers = \"bưu điện\"\nfirst = 2026-01-01\n"
       "last = 2027-12-31\noffice_hours = [\"07:30-17:00\"]\n"
       "periods = [\n  { first = 2026-01-01, last = 2026-12-31, status = \"decided\", "
       "document = \"QĐ 1\", decided_on = 2025-10-01 },\n"
       "  { first = 2027-01-01, last = 2027-12-31, status = \"provisional\" },\n]\n"});
  ASSERT_TRUE(made.ok()) << made.status().message();
  EXPECT_EQ((*made)->spec().employers, "bưu điện");
  EXPECT_EQ((*made)->DecidedUntil(MakeDate(2026, 5, 5)), MakeDate(2026, 12, 31));
  const auto periods = (*made)->PeriodsOf(MakeDate(2026, 1, 1), MakeDate(2026, 1, 2));
  ASSERT_EQ(periods.size(), 1U);
  EXPECT_EQ(periods[0].document, "QĐ 1");
  EXPECT_EQ(periods[0].decided_on, MakeDate(2025, 10, 1));
}

// A month leg counts in days, half days are rounded down: shares never exceed the whole.
TEST(CatalogueFiles, SharesAreRoundedDown) {
  for (const auto& [term, first, second] :
       {std::tuple{"5wd", "2.5wd", "2.5wd"}, std::tuple{"3wd", "1.5wd", "1.5wd"},
        std::tuple{"1.5wd", "0.5wd", "0.5wd"}, std::tuple{"15d", "7d", "7d"},
        std::tuple{"1mo", "15d", "15d"}, std::tuple{"3h", "1.5h", "1.5h"},
        std::tuple{"0wd", "0wd", "0wd"}}) {
    auto texts = Good();
    texts["procedures.csv"] =
        std::string("code,name,field,term,interconnection\n1.000001,a,b,") + term + ",vertical2\n";
    const auto made = Parse(texts);
    ASSERT_TRUE(made.ok()) << made.status().message();
    const Procedure& p = (*made)->procedures()[0];
    EXPECT_EQ(deadline::FormatTerm(p.route[0].term), first);
    EXPECT_EQ(deadline::FormatTerm(p.route[1].term), second);
  }
}

}  // namespace
}  // namespace motcua::catalogue
