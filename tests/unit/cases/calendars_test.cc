// Goal: no dossier is refused or stuck because a list of holidays ends; a due date says which
// calendar it rests on and whether it is provisional.
// Method: the built-in catalogue at the end of 2026; small catalogues of one unit whose calendar
//         ends, and the same with its next version, exchanged while a dossier is open.
#include <gtest/gtest.h>

#include "services/domain/calendar/labour_code.h"
#include "tests/unit/cases/life.h"

namespace motcua::cases {
namespace {

using calendar::CalendarId;
using calendar::CalendarSpec;
using calendar::CalendarVersion;
using testing::Life;

void Must(const Status& status) { ASSERT_TRUE(status.ok()) << status.ToString(); }
Instant At(const char* zoned) { return ParseZonedTime(zoned)->instant; }

std::string Due(const Life& life) { return FormatZonedTime(*life.dossier().clock.now.due); }
std::string Used(const CalendarUsed& used) {
  return used.id.value() + "/" + std::to_string(used.version.value());
}
std::string UsedByClock(const Life& life) {
  const Clock& clock = life.dossier().clock;
  return Used({clock.calendar, clock.calendar_version});
}

CalendarSpec Year(std::uint32_t version, int last_year, std::vector<CivilDate> off = {}) {
  CalendarSpec spec;
  spec.id = CalendarId("own");
  spec.version = CalendarVersion(version);
  spec.first = MakeDate(2026, 1, 1);
  spec.last = MakeDate(last_year, 12, 31);
  spec.office_hours = {{450, 690}, {810, 1020}};
  spec.days_off = std::move(off);
  return spec;
}

// The centre and two procedures: one starts anew after a supplement, one goes on; the second has a
// leg at another unit.
std::shared_ptr<const catalogue::Catalogue> CatalogueOf(const std::vector<CalendarSpec>& specs) {
  std::vector<std::shared_ptr<const calendar::Calendar>> calendars;
  for (const CalendarSpec& spec : specs) calendars.push_back(*calendar::Calendar::Make(spec));
  catalogue::Procedure anew;
  anew.code = testing::kPlain;
  anew.term = {5000, deadline::TermUnit::kWorkingDays};
  catalogue::Procedure on = anew;
  on.code = testing::kHorizontal;
  on.supplement = deadline::SupplementPolicy::kPause;
  on.route = {{1, testing::kWard, true, {2000, deadline::TermUnit::kWorkingDays}}};
  return *catalogue::Catalogue::Make({{testing::kCentre, "centre", CalendarId("own")},
                                      {testing::kWard, "ward", CalendarId("own")}},
                                     {anew, on}, calendars);
}

ReceiveDossier Receive(const ProcedureCode& procedure) {
  return {testing::kCentre, procedure, Channel::kDirect, ReturnMode::kCounter};
}

// The most demanding of the 58 procedures that were refused on that day, and every other one.
TEST(Faults, C1_EveryProcedureIsReceivedAtTheEndOfAYear) {
  const auto catalogue = catalogue::BuiltinCatalogue();
  for (const char* now : {"2026-11-27T09:00:00+07:00", "2026-12-31T16:59:00+07:00",
                          "2027-02-10T10:00:00+07:00", "2027-12-31T09:00:00+07:00"}) {
    for (const catalogue::Procedure& procedure : catalogue->procedures()) {
      Life life(At(now));
      const Status status = life.Do(Receive(procedure.code));
      ASSERT_TRUE(status.ok()) << procedure.code.value() << " " << status.ToString();
      const Clock& clock = life.dossier().clock;
      ASSERT_EQ(UsedByClock(life), "vn-state/2");
      const bool beyond = clock.now.due->date() > MakeDate(2027, 12, 31);
      ASSERT_EQ(clock.now.provisional, beyond) << procedure.code.value();
      ASSERT_EQ(clock.first_provisional, beyond);
    }
  }
}

TEST(Faults, C1_TheNamedProcedureEndsInADecidedYear) {
  Life life(At("2026-11-27T09:00:00+07:00"));
  Must(life.Do(Receive(ProcedureCode("1.012782"))));
  EXPECT_GT(life.dossier().clock.now.due->date(), MakeDate(2026, 12, 31));
  EXPECT_FALSE(life.dossier().clock.now.provisional);
}

// The dossier of the fault: its supplement comes after the last day of its own calendar.
TEST(Faults, C2_ANewVersionFreesTheClocksThatAreOpen) {
  for (const ProcedureCode& procedure : {testing::kPlain, testing::kHorizontal}) {
    SCOPED_TRACE(procedure.value());
    Life life(At("2026-12-28T09:00:00+07:00"));
    life.SetCatalogue(CatalogueOf({Year(1, 2026)}));
    EXPECT_EQ(life.Do(Receive(procedure)).reason(), Reason::kCalendarOutOfRange)
        << "beyond the last provisional day: refused, by name";
    life.SetNow("2026-12-21T09:00:00+07:00");
    Must(life.Do(Receive(procedure)));
    EXPECT_EQ(Due(life), "2026-12-28T17:00:00+07:00");
    Must(life.Do(RequestSupplement{{1}}));
    life.SetNow("2026-12-31T09:00:00+07:00");
    EXPECT_EQ(life.Do(ReceiveSupplement{}).reason(), Reason::kCalendarOutOfRange);

    life.SetCatalogue(CatalogueOf({Year(1, 2026), Year(2, 2027, {MakeDate(2027, 1, 1)})}));
    Must(life.Do(ReceiveSupplement{}));
    EXPECT_EQ(Due(life), "2027-01-08T17:00:00+07:00");
    EXPECT_EQ(UsedByClock(life), "own/2") << "what the due date in force rests on";
    EXPECT_EQ(Used(LeafOf<ClockResumed>(life.last().payload).calendar), "own/2");
    EXPECT_FALSE(life.dossier().clock.now.provisional);
    if (procedure == testing::kHorizontal) continue;
    Must(life.Do(RecordResult{}));
  }
}

TEST(Faults, C2_AnActInTheNextYearFindsTheClockOfTheLastOne) {
  Life life(At("2026-12-21T09:00:00+07:00"));
  life.SetCatalogue(CatalogueOf({Year(1, 2026)}));
  Must(life.Do(Receive(testing::kHorizontal)));
  Must(life.Do(SendHandOver{1}));
  life.SetCatalogue(CatalogueOf({Year(1, 2026), Year(2, 2027)}));
  life.SetNow("2027-01-04T09:00:00+07:00");
  Must(life.Do(AcknowledgeHandOver{1}));
  const routing::Leg& leg = life.dossier().route.legs[0];
  EXPECT_EQ(FormatZonedTime(*leg.due), "2027-01-06T17:00:00+07:00");
  EXPECT_EQ(Used(leg.calendar), "own/2");
  EXPECT_EQ(Used(LeafOf<HandOverAcknowledged>(life.last().payload).calendar), "own/2");
  EXPECT_EQ(UsedByClock(life), "own/1") << "the dossier's own date was not counted anew";
  Must(life.Do(PauseClock{PauseReason::kFinancialDuty}));
  life.Pass(std::chrono::hours(24));
  Must(life.Do(ResumeClock{}));
  const auto& resumed = LeafOf<ClockResumed>(life.last().payload);
  ASSERT_EQ(resumed.legs.size(), 1U);
  EXPECT_EQ(Used(resumed.legs[0].calendar), "own/2");
  EXPECT_EQ(FormatZonedTime(*life.dossier().route.legs[0].due), "2027-01-07T17:00:00+07:00");
}

// A later version says otherwise of days that the clock's own decides: what was promised stays.
TEST(Calendars, AClockStaysWithItsVersionAsLongAsThatOneDecides) {
  Life life(At("2026-06-01T09:00:00+07:00"));
  life.SetCatalogue(CatalogueOf({Year(1, 2026)}));
  Must(life.Do(Receive(testing::kHorizontal)));
  Must(life.Do(SendHandOver{1}));
  Must(life.Do(AcknowledgeHandOver{1}));
  Must(life.Do(PauseClock{PauseReason::kFinancialDuty}));
  life.Pass(std::chrono::hours(24));
  const CivilDate declared = MakeDate(2026, 6, 8);
  life.SetCatalogue(CatalogueOf({Year(1, 2026), Year(2, 2027, {declared})}));
  Must(life.Do(ResumeClock{}));
  EXPECT_EQ(Due(life), "2026-06-09T17:00:00+07:00");
  EXPECT_EQ(UsedByClock(life), "own/1");
  EXPECT_EQ(Used(life.dossier().route.legs[0].calendar), "own/1");
}

TEST(Calendars, ProvisionalDaysGiveWayToDecidedOnes) {
  CalendarSpec guess = Year(1, 2026);
  calendar::ExtendByLabourCode(guess, MakeDate(2027, 12, 31));
  Life life(At("2026-12-28T09:00:00+07:00"));
  life.SetCatalogue(CatalogueOf({guess}));
  Must(life.Do(Receive(testing::kPlain)));
  EXPECT_EQ(Due(life), "2027-01-05T17:00:00+07:00") << "1/1/2027 is off by the Labour Code";
  EXPECT_TRUE(life.dossier().clock.now.provisional);
  EXPECT_TRUE(LeafOf<DossierReceived>(life.last().payload).clock.provisional);
  Must(life.Do(RequestSupplement{{1}}));
  life.Pass(std::chrono::hours(24));
  const std::vector<CivilDate> decided = {MakeDate(2027, 1, 1), MakeDate(2027, 1, 4)};
  life.SetCatalogue(CatalogueOf({guess, Year(2, 2027, decided)}));
  Must(life.Do(ReceiveSupplement{}));
  EXPECT_EQ(Due(life), "2027-01-07T17:00:00+07:00");
  EXPECT_EQ(UsedByClock(life), "own/2");
  EXPECT_FALSE(life.dossier().clock.now.provisional);
  EXPECT_TRUE(life.dossier().clock.first_provisional) << "the receipt said so";
}

// The next version has no decision either: it is taken, and the date stays provisional.
TEST(Calendars, AProvisionalClockGoesOn) {
  CalendarSpec guess = Year(1, 2026);
  calendar::ExtendByLabourCode(guess, MakeDate(2036, 12, 31));
  Life life(At("2035-12-28T09:00:00+07:00"));
  life.SetCatalogue(CatalogueOf({guess}));
  Must(life.Do(Receive(testing::kPlain)));
  Must(life.Do(RequestSupplement{{1}}));
  life.Pass(std::chrono::hours(48));
  Must(life.Do(ReceiveSupplement{}));
  EXPECT_TRUE(life.dossier().clock.now.provisional);
  EXPECT_EQ(UsedByClock(life), "own/1");
}

// A register may name a unit that the catalogue does not know: its dossier waits for the unit
// alone.
TEST(Calendars, AnImportedClockTakesTheCalendarOfItsUnit) {
  Life life(At("2026-06-01T09:00:00+07:00"));
  ImportDossier import;
  import.unit = UnitCode("000.77.10.H49");
  import.recorded.procedure = testing::kPlain;
  import.recorded.opened = *ParseZonedTime("2026-05-29T09:00:00+07:00");
  import.recorded.due = *ParseZonedTime("2026-06-05T17:00:00+07:00");
  Must(life.Do(import));
  Must(life.Do(PauseClock{PauseReason::kFinancialDuty}));
  life.Pass(std::chrono::hours(24));
  EXPECT_EQ(life.Do(ResumeClock{}).reason(), Reason::kUnitUnknown);
  life.SetCatalogue(
      *catalogue::Catalogue::Make({{UnitCode("000.77.10.H49"), "new", CalendarId("own")}}, {},
                                  {*calendar::Calendar::Make(Year(1, 2026))}));
  Must(life.Do(ResumeClock{}));
  EXPECT_EQ(Due(life), "2026-06-08T17:00:00+07:00");
  EXPECT_EQ(UsedByClock(life), "own/1");
}

// A version that is no longer in the catalogue does not hold its dossiers back.
TEST(Calendars, AVersionThatIsGoneIsReplacedByTheNewest) {
  Life life(At("2026-06-01T09:00:00+07:00"));
  life.SetCatalogue(CatalogueOf({Year(1, 2026)}));
  Must(life.Do(Receive(testing::kPlain)));
  Must(life.Do(RequestSupplement{{1}}));
  life.SetCatalogue(CatalogueOf({Year(3, 2027)}));
  Must(life.Do(ReceiveSupplement{}));
  EXPECT_EQ(UsedByClock(life), "own/3");
}

}  // namespace
}  // namespace motcua::cases
