// Goal: Apply is total, a service's fold holds the parts that it keeps and no others, and what is
// remembered of requests is bounded by a rule of the log.
// Method: random events in any order on any state; folds with and without each part compared.
#include "services/domain/cases/dossier.h"

#include <gtest/gtest.h>

#include "tests/support/sample_events.h"
#include "tests/unit/cases/life.h"

namespace motcua::cases {
namespace {

void Must(const Status& status) { ASSERT_TRUE(status.ok()) << status.ToString(); }

TEST(Apply, NeverRefusesWhateverComes) {
  testing::Random random(11);
  for (int life = 0; life < 300; ++life) {
    Dossier dossier;
    for (Version version = 1; version <= 40; ++version) {
      CaseEvent event = testing::RandomEvent(random);
      event.steps = {{AggregateId(event.dossier), version, {}}};
      Apply(dossier, event, event.steps.front(), event.at.instant, Tip(version),
            {true, true, true});
      ASSERT_EQ(dossier.head.version, version);
      ASSERT_LE(dossier.requests.size(), kRequestsRememberedMax);
      ASSERT_LE(dossier.clock.pauses.size(), kPausesMax);
      ASSERT_FALSE(Print(dossier).empty());
    }
  }
}

TEST(Apply, LeavesPartsThatAreNotKeptAtTheirDefaults) {
  testing::Random random(12);
  for (int life = 0; life < 100; ++life) {
    Dossier whole;
    Dossier bare;
    for (Version version = 1; version <= 30; ++version) {
      CaseEvent event = testing::RandomEvent(random);
      event.steps = {{AggregateId(event.dossier), version, {}}};
      Apply(whole, event, event.steps.front(), event.at.instant, Tip(version), {true, true, true});
      Apply(bare, event, event.steps.front(), event.at.instant, Tip(version), {});
    }
    EXPECT_EQ(bare.clock, Clock{});
    EXPECT_TRUE(bare.route.empty());
    EXPECT_EQ(bare.shipment, postal::Shipment{});
    whole.clock = {};
    whole.route = {};
    whole.shipment = {};
    whole.alerts.clear();
    for (Undo& undo : whole.undo) {
      undo.clock.clear();
      undo.legs.clear();
      undo.shipment.clear();
      undo.alerts.clear();
    }
    EXPECT_EQ(bare, whole);
  }
}

// Faults, kAlertsMax: the 257th alert of a dossier was never raised, and nobody was told.
TEST(Faults, KAlertsMax_NoAlertIsLeftOutForWantOfRoom) {
  testing::Life life;
  ASSERT_TRUE(life.Do(ReceiveDossier{testing::kCentre, testing::kPlain}).ok());
  Dossier dossier = life.dossier();
  CaseEvent event;
  event.dossier = dossier.code;
  const ZonedTime first_due = *dossier.clock.now.due;
  for (std::size_t i = 0; i < 2 * kAlertsMax; ++i) {
    // The clock was stopped and went on: another due date, which passes again.
    dossier.clock.now =
        ClockSetting{ZonedTime{first_due.instant + Micros(i), first_due.offset}, {}};
    const Instant late = first_due.instant + std::chrono::hours(24);
    const std::optional<DueAlert> next = NextAlert(dossier, late);
    ASSERT_TRUE(next) << i;
    event.SetSteps(dossier.head, {});
    event.payload = AlertRaised{next->key};
    Apply(dossier, event, event.steps.front(), late, Tip(i), {true, true, true});
    ASSERT_NE(dossier.FindAlert(next->key), nullptr) << i;
    ASSERT_LE(dossier.alerts.size(), kAlertsMax);
    ASSERT_FALSE(NextAlert(dossier, late)) << "and it is raised once";
  }
}

TEST(Apply, WhoAcknowledgesAnAlertHasSeenThoseBeforeItOfTheSameKindAndClock) {
  Dossier dossier;
  const auto alert = [](AlertKind kind, std::uint8_t leg, int due) {
    return Alert{{kind, leg, Instant{due}}, Instant{due}, false};
  };
  dossier.alerts = {alert(AlertKind::kOverdue, 0, 1), alert(AlertKind::kDueSoon, 0, 1),
                    alert(AlertKind::kOverdue, 2, 1), alert(AlertKind::kOverdue, 0, 2),
                    alert(AlertKind::kOverdue, 0, 3)};
  CaseEvent event;
  event.dossier = DossierCode("000.23.10.H49-201031-0001");
  event.SetSteps({5, {}}, {});
  event.payload = AlertAcknowledged{dossier.alerts[3].key};
  Apply(dossier, event, event.steps.front(), Instant{9}, Tip(6), {true, true, true});
  std::string acknowledged;
  for (const Alert& one : dossier.alerts) acknowledged += one.acknowledged ? 'x' : '-';
  EXPECT_EQ(acknowledged, "x--x-");
}

TEST(Apply, CountsTheInstantOfTheFoldNotOfTheWriter) {
  testing::Life life;
  ASSERT_TRUE(life.Do(ReceiveDossier{testing::kCentre, testing::kPlain}).ok());
  Dossier dossier = life.dossier();
  CaseEvent event;
  event.dossier = dossier.code;
  event.SetSteps(dossier.head, {});
  event.at = {dossier.received.instant - std::chrono::hours(1), UtcOffset{420}};
  event.payload = ResultRecorded{};
  const Instant effective = dossier.received.instant + std::chrono::hours(1);
  Apply(dossier, event, event.steps.front(), effective, Tip(2), {true, true, true});
  EXPECT_EQ(dossier.resolved->instant, effective);
}

// An event may make steps on several dossiers: each goes on by its own step, and what the event
// says is about the first alone.
TEST(Apply, AStepOfAnEventAboutAnotherDossierIsNoMoreThanAStep) {
  testing::Life life;
  ASSERT_TRUE(life.Do(ReceiveDossier{testing::kCentre, testing::kPlain}).ok());
  AggregateState state{life.dossier()};
  const Dossier before = life.dossier();
  CaseEvent event;
  event.dossier = DossierCode("000.23.10.H49-201031-0077");
  event.payload = ResultRecorded{};
  event.SetSteps({6, Tip(60)}, {});
  event.steps.push_back({AggregateId(before.code), before.head.version + 1, before.head.tip});
  Fold(state, event, event.steps.back(), before.received.instant, Tip(9), {true, true, true});
  const auto& after = std::get<Dossier>(state);
  EXPECT_EQ(after.code, before.code);
  EXPECT_EQ(after.head, (Head{before.head.version + 1, Tip(9)}));
  EXPECT_EQ(after.stage, before.stage);
  EXPECT_NE(after.FindRequest(event.request_id), nullptr);
}

TEST(Faults, C4_AClockThatIsStoppedLateRemembersTheDateThatWasMissed) {
  testing::Life life;
  Must(life.Do(ReceiveDossier{testing::kCentre, testing::kPlain}));
  const ZonedTime due = *life.dossier().clock.now.due;
  life.Pass(std::chrono::hours(24 * 30));
  Must(life.Do(RequestSupplement{}));
  const ZonedTime asked = life.dossier().clock.pauses.back().from;
  EXPECT_EQ(life.dossier().clock.missed, (MissedDue{due, asked}));
  EXPECT_EQ(life.dossier().clock.missed_by_date, (MissedDue{due, asked}));
  Must(life.Do(ReceiveSupplement{}));
  EXPECT_GT(life.dossier().clock.now.due->instant, life.now());
  EXPECT_EQ(life.dossier().clock.missed->due, due) << "the first one stays";
  life.Pass(std::chrono::hours(24 * 30));
  Must(life.Do(PauseClock{PauseReason::kOtherAgency}));
  EXPECT_EQ(life.dossier().clock.missed->due, due);
  EXPECT_NE(Print(life.dossier()).find("missed due="), std::string::npos);
}

TEST(Faults, C7_RequestsForASupplementAreCounted) {
  testing::Life life;
  Must(life.Do(ReceiveDossier{testing::kCentre, testing::kPlain}));
  for (std::size_t request = 1; request <= 3; ++request) {
    Must(life.Do(RequestSupplement{}));
    EXPECT_EQ(life.dossier().supplement_requests(), request);
    Must(life.Do(ReceiveSupplement{}));
    Must(life.Do(PauseClock{PauseReason::kOtherAgency}));
    Must(life.Do(ResumeClock{}));
  }
  EXPECT_EQ(life.dossier().supplement_requests(), 3U);
  EXPECT_FALSE(life.dossier().clock.missed);
}

TEST(Book, CountsRegisterNumbersByYearAndNeverBack) {
  Book book;
  testing::Life life;
  ASSERT_TRUE(life.Do(ReceiveDossier{testing::kCentre, testing::kPlain}).ok());
  CaseEvent event = life.last();
  auto& received = LeafOf<DossierReceived>(event.payload);
  const auto apply = [&](std::int32_t year, std::uint32_t number) {
    received.register_year = year;
    received.register_number = number;
    event.SetSteps({}, book.head);
    Apply(book, event, *event.StepOn(AggregateKind::kBook), Tip(book.head.version + 1));
  };
  apply(2020, 5);
  EXPECT_EQ(book.LastOf(2020), 5U);
  apply(2021, 1);
  EXPECT_EQ(book.LastOf(2021), 1U);
  apply(2020, 9);  // late, of an older year
  EXPECT_EQ(book.LastOf(2020), 9U);
  EXPECT_EQ(book.LastOf(2021), 1U);
  apply(2020, 7);
  EXPECT_EQ(book.LastOf(2020), 9U);
  EXPECT_EQ(book.LastOf(2019), 0U);
}

TEST(Book, ForgetsItsOldestYearsWhenThereAreTooMany) {
  Book book;
  CaseEvent event;
  event.dossier = DossierCode("000.23.10.H49-201031-0001");
  event.payload = DossierReceived{};
  auto& received = LeafOf<DossierReceived>(event.payload);
  for (std::int32_t year = 1900; year < 2100; ++year) {
    received.register_year = year;
    received.register_number = static_cast<std::uint32_t>(year);
    event.SetSteps({}, book.head);
    Apply(book, event, *event.StepOn(AggregateKind::kBook), Tip(1));
    ASSERT_LE(book.numbers.size(), kRegisterYearsMax);
  }
  EXPECT_EQ(book.LastOf(2099), 2099U);
  EXPECT_EQ(book.LastOf(2100 - static_cast<std::int32_t>(kRegisterYearsMax)), 2036U);
  EXPECT_EQ(book.LastOf(2099 - static_cast<std::int32_t>(kRegisterYearsMax)), 0U);
}

}  // namespace
}  // namespace motcua::cases
