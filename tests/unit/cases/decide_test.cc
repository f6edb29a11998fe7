// Goal: in every stage each action is allowed or refused as the rules say, and a refusal names
// the state.
//
// Method: a dossier is brought to each stage by commands; every action is tried there (all
// cells of the table); then the refusals that a stage alone does not explain.
#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "tests/unit/cases/life.h"

namespace motcua::cases {
namespace {

using testing::Life;

struct StageRow {
  std::string name;
  std::function<void(Life&)> bring;
};

void Must(const Status& status) { ASSERT_TRUE(status.ok()) << status.ToString(); }
void Receive(Life& life, ReturnMode mode = ReturnMode::kCounter) {
  Must(life.Do(ReceiveDossier{testing::kCentre, testing::kPlain, Channel::kDirect, mode}));
}
void ToShipment(Life& life) {
  Receive(life, ReturnMode::kPostal);
  Must(life.Do(RecordResult{}));
  Must(life.Do(RegisterShipment{}));
}
void ToCarrier(Life& life) {
  ToShipment(life);
  Must(life.Do(HandOverShipment{"EX123456785VN", "vnpost"}));
}

std::vector<StageRow> Stages() {
  return {
      {"processing", [](Life& life) { Receive(life); }},
      {"supplement",
       [](Life& life) {
         Receive(life);
         Must(life.Do(RequestSupplement{{1}}));
       }},
      {"paused",
       [](Life& life) {
         Receive(life);
         Must(life.Do(PauseClock{}));
       }},
      {"ready",
       [](Life& life) {
         Receive(life);
         Must(life.Do(RecordResult{}));
       }},
      {"to_post",
       [](Life& life) {
         Receive(life, ReturnMode::kPostal);
         Must(life.Do(RecordResult{}));
       }},
      {"registered", ToShipment},
      {"at_carrier", ToCarrier},
      {"delivered",
       [](Life& life) {
         ToCarrier(life);
         Must(life.Do(DeliverShipment{}));
       }},
      {"closed",
       [](Life& life) {
         Receive(life);
         Must(life.Do(RecordResult{}));
         Must(life.Do(ReturnResult{}));
       }},
      {"withdrawn",
       [](Life& life) {
         Receive(life);
         Must(life.Do(WithdrawDossier{}));
       }},
      {"refused",
       [](Life& life) {
         Must(life.Do(RefuseDossier{testing::kCentre, testing::kPlain, Channel::kDirect,
                                    RefusalReason::kOther}));
       }},
  };
}

struct ActionRow {
  std::string name;
  Action action;
  std::vector<std::string> allowed_in;
};

std::vector<ActionRow> Actions() {
  return {
      {"RequestSupplement", RequestSupplement{{1}}, {"processing"}},
      {"ReceiveSupplement", ReceiveSupplement{}, {"supplement"}},
      {"RecordResult", RecordResult{}, {"processing"}},
      {"ReturnResult at the counter", ReturnResult{ReturnMode::kCounter}, {"ready", "to_post"}},
      {"ReturnResult by post", ReturnResult{ReturnMode::kPostal}, {"ready", "to_post"}},
      {"WithdrawDossier", WithdrawDossier{}, {"processing", "supplement", "paused"}},
      {"CloseDelivered", CloseDelivered{}, {"delivered"}},
      {"PauseClock", PauseClock{}, {"processing"}},
      {"ResumeClock", ResumeClock{}, {"paused"}},
      {"RegisterShipment", RegisterShipment{}, {"to_post"}},
      {"HandOverShipment", HandOverShipment{"EX123456785VN", "vnpost"}, {"registered"}},
      {"TrackShipment", TrackShipment{}, {"at_carrier"}},
      {"FailDelivery", FailDelivery{}, {"at_carrier"}},
      {"DeliverShipment", DeliverShipment{}, {"at_carrier"}},
      {"ReturnShipment", ReturnShipment{}, {"at_carrier"}},
  };
}

TEST(Decide, AllowsInEveryStageWhatTheTableSays) {
  for (const StageRow& stage : Stages()) {
    for (const ActionRow& row : Actions()) {
      SCOPED_TRACE(row.name + " in " + stage.name);
      Life life;
      stage.bring(life);
      const Version before = life.dossier().head.version;
      const Status status = life.Do(row.action);
      const bool allowed = std::find(row.allowed_in.begin(), row.allowed_in.end(), stage.name) !=
                           row.allowed_in.end();
      EXPECT_EQ(status.ok(), allowed) << status.ToString();
      EXPECT_EQ(life.dossier().head.version, before + (allowed ? 1U : 0U));
      if (!allowed) {
        EXPECT_EQ(status.reason(), Reason::kStateForbids);
        ASSERT_FALSE(status.metadata().empty());
        EXPECT_EQ(status.metadata().back().first, "state");
      }
    }
  }
}

TEST(Decide, RefusesWhatTheCatalogueDoesNotKnow) {
  Life life;
  EXPECT_EQ(life.Do(ReceiveDossier{UnitCode("000.99.99.H49"), testing::kPlain, Channel::kDirect,
                                   ReturnMode::kCounter})
                .reason(),
            Reason::kUnitUnknown);
  EXPECT_EQ(life.Do(ReceiveDossier{testing::kCentre, ProcedureCode("9.999999"), Channel::kDirect,
                                   ReturnMode::kCounter})
                .reason(),
            Reason::kProcedureUnknown);
  EXPECT_EQ(life.Do(RecordResult{}).reason(), Reason::kDossierNotFound);
}

TEST(Decide, GivesNumbersWithoutGaps) {
  Life life;
  for (int i = 1; i <= 3; ++i) {
    Receive(life);
    EXPECT_EQ(life.dossier().code.value(), "000.23.10.H49-201026-000" + std::to_string(i));
    EXPECT_EQ(life.dossier().register_number, static_cast<std::uint32_t>(i));
  }
  // A refused one takes a code and no register number.
  Must(life.Do(
      RefuseDossier{testing::kCentre, testing::kPlain, Channel::kDirect, RefusalReason::kOther}));
  EXPECT_EQ(life.dossier().code.value(), "000.23.10.H49-201026-0004");
  life.SetNow("2021-01-04T08:00:00+07:00");
  Receive(life);
  EXPECT_EQ(life.dossier().code.value(), "000.23.10.H49-210104-0001");
  EXPECT_EQ(life.dossier().register_year, 2021);
  EXPECT_EQ(life.dossier().register_number, 1U);
}

TEST(Decide, RefusesAnotherVersionThanExpected) {
  Life life;
  Receive(life);
  const Status status = life.Do(RecordResult{}, 7);
  EXPECT_EQ(status.reason(), Reason::kVersionMismatch);
  EXPECT_EQ(status.metadata(), (Status::Metadata{{"expected", "7"}, {"actual", "1"}}));
  EXPECT_TRUE(life.Do(RecordResult{}, 1).ok());
}

TEST(Decide, LetsTheRouteFinishBeforeTheResult) {
  Life life;
  Must(life.Do(ReceiveDossier{testing::kWard, testing::kHorizontal, Channel::kDirect,
                              ReturnMode::kCounter}));
  EXPECT_EQ(life.Do(RecordResult{}).metadata().back().second, "ON_ROUTE");
  // Leg 4 is the join: it waits for both legs of stage 2.
  const auto walk = [&](std::uint8_t leg) {
    Must(life.Do(SendHandOver{leg}));
    Must(life.Do(AcknowledgeHandOver{leg}));
    Must(life.Do(AcceptLeg{leg}));
    Must(life.Do(CompleteLeg{leg, routing::LegOutcome::kGranted}));
  };
  EXPECT_FALSE(life.Do(SendHandOver{2}).ok());
  walk(1);
  walk(3);
  EXPECT_EQ(life.Do(SendHandOver{4}).metadata().back().second, "STAGE_NOT_REACHED");
  walk(2);
  walk(4);
  EXPECT_TRUE(life.dossier().route.finished());
  EXPECT_TRUE(life.Do(RecordResult{}).ok());
}

TEST(Decide, SendsALegBackWithAReasonAndAgain) {
  Life life;
  Must(life.Do(ReceiveDossier{testing::kWard, testing::kHorizontal, Channel::kDirect,
                              ReturnMode::kCounter}));
  EXPECT_EQ(life.Do(AcknowledgeHandOver{1}).reason(), Reason::kStateForbids);
  EXPECT_EQ(life.Do(SendHandOver{9}).reason(), Reason::kLegNotFound);
  Must(life.Do(SendHandOver{1}));
  Must(life.Do(AcknowledgeHandOver{1}));
  Must(life.Do(ReturnLeg{1, routing::ReturnReason::kPapersMissing}));
  EXPECT_EQ(life.dossier().route.legs[0].returns, 1);
  EXPECT_FALSE(life.dossier().route.legs[0].due);
  EXPECT_TRUE(life.Do(SendHandOver{1}).ok());
}

TEST(Decide, StartsTheClockAnewOrGoesOnAfterASupplement) {
  Life life;
  Receive(life);
  const ZonedTime first = *life.dossier().clock.now.due;
  Must(life.Do(RequestSupplement{{1}}));
  life.Pass(std::chrono::hours(48));
  Must(life.Do(ReceiveSupplement{}));
  const auto& resumed = LeafOf<ClockResumed>(life.last().payload);
  EXPECT_TRUE(resumed.restarted);
  EXPECT_EQ(life.dossier().clock.now.due->date() - first.date(), 2);
  EXPECT_EQ(life.dossier().clock.first_due, first);

  Must(life.Do(PauseClock{PauseReason::kFinancialDuty}));
  life.Pass(std::chrono::hours(24));
  Must(life.Do(ResumeClock{}));
  EXPECT_FALSE(LeafOf<ClockResumed>(life.last().payload).restarted);
}

std::string Due(const std::optional<ZonedTime>& due) { return due ? FormatZonedTime(*due) : "-"; }

// A minute's standstill at five hours of 3 March 2020.
void PauseFiveMinutes(Life& life) {
  for (const char* hour : {"08", "09", "10", "14", "15"}) {
    const std::string at = std::string("2020-03-03T") + hour;
    life.SetNow(at + ":00:00+07:00");
    Must(life.Do(PauseClock{PauseReason::kOtherAgency}));
    life.SetNow(at + ":01:00+07:00");
    Must(life.Do(ResumeClock{}));
  }
}

TEST(Faults, C6_StandstillsAddUpBeforeAnythingIsRounded) {
  Life life(ParseZonedTime("2020-03-02T09:00:00+07:00")->instant);
  Receive(life);  // five working days
  EXPECT_EQ(Due(life.dossier().clock.now.due), "2020-03-09T17:00:00+07:00");
  PauseFiveMinutes(life);
  EXPECT_EQ(Due(life.dossier().clock.now.due), "2020-03-10T17:00:00+07:00");
}

TEST(Faults, C6_StandstillsOfLegsAddUp) {
  Life life(ParseZonedTime("2020-03-02T09:00:00+07:00")->instant);
  Must(life.Do(ReceiveDossier{testing::kWard, testing::kHorizontal, Channel::kDirect,
                              ReturnMode::kCounter}));
  Must(life.Do(SendHandOver{1}));
  Must(life.Do(AcknowledgeHandOver{1}));
  const auto leg = [&]() -> const routing::Leg& { return life.dossier().route.legs[0]; };
  EXPECT_EQ(Due(leg().due), "2020-03-03T17:00:00+07:00");  // one working day
  PauseFiveMinutes(life);
  EXPECT_EQ(Due(leg().due), "2020-03-04T17:00:00+07:00");
  // Handed over anew while the clock stands still: what was before is no concern of it.
  Must(life.Do(ReturnLeg{1, routing::ReturnReason::kPapersMissing}));
  life.SetNow("2020-03-05T08:00:00+07:00");
  Must(life.Do(PauseClock{PauseReason::kOtherAgency}));
  life.SetNow("2020-03-05T10:00:00+07:00");
  Must(life.Do(SendHandOver{1}));
  Must(life.Do(AcknowledgeHandOver{1}));
  EXPECT_EQ(Due(leg().due), "2020-03-06T17:00:00+07:00");
  life.SetNow("2020-03-05T10:05:00+07:00");
  Must(life.Do(ResumeClock{}));
  EXPECT_EQ(Due(leg().due), "2020-03-09T17:00:00+07:00");
}

TEST(Faults, C6_AnImportedDateMovesByTheSum) {
  Life life(ParseZonedTime("2020-03-02T10:00:00+07:00")->instant);
  DossierImported recorded;
  recorded.procedure = testing::kPlain;
  recorded.opened = *ParseZonedTime("2020-02-20T09:00:00+07:00");
  recorded.due = *ParseZonedTime("2020-03-05T17:00:00+07:00");
  recorded.source = "a register";
  Must(life.Do(ImportDossier{testing::kCentre, {}, recorded}));
  PauseFiveMinutes(life);
  EXPECT_EQ(Due(life.dossier().clock.now.due), "2020-03-06T17:00:00+07:00");
}

// Found by the simulation: a register that says "received tomorrow" moves no less.
TEST(Faults, C6_AnImportedDateMovesAlsoBeforeItsReceipt) {
  Life life(ParseZonedTime("2020-03-02T10:00:00+07:00")->instant);
  DossierImported recorded;
  recorded.procedure = testing::kPlain;
  recorded.opened = *ParseZonedTime("2020-03-04T09:00:00+07:00");
  recorded.due = *ParseZonedTime("2020-03-05T17:00:00+07:00");
  recorded.source = "a register";
  Must(life.Do(ImportDossier{testing::kCentre, {}, recorded}));
  PauseFiveMinutes(life);
  EXPECT_EQ(Due(life.dossier().clock.now.due), "2020-03-06T17:00:00+07:00");
}

TEST(Faults, C6_ARestartForgetsThePausesBeforeIt) {
  Life life(ParseZonedTime("2020-03-02T09:00:00+07:00")->instant);
  Receive(life);
  PauseFiveMinutes(life);
  life.SetNow("2020-03-04T09:00:00+07:00");
  Must(life.Do(RequestSupplement{{1}}));
  life.SetNow("2020-03-05T09:00:00+07:00");
  Must(life.Do(ReceiveSupplement{}));
  EXPECT_EQ(Due(life.dossier().clock.now.due), "2020-03-12T17:00:00+07:00");
  life.SetNow("2020-03-06T09:00:00+07:00");
  Must(life.Do(PauseClock{PauseReason::kOtherAgency}));
  life.SetNow("2020-03-06T09:10:00+07:00");
  Must(life.Do(ResumeClock{}));
  EXPECT_EQ(Due(life.dossier().clock.now.due), "2020-03-13T17:00:00+07:00");
}

TEST(Faults, C3_HoursByTheClockFromReceiptToAlert) {
  Life life(ParseZonedTime("2026-11-20T16:00:00+07:00")->instant);
  Must(life.Do(ReceiveDossier{testing::kWard, ProcedureCode("1.012084"), Channel::kDirect,
                              ReturnMode::kCounter}));
  EXPECT_EQ(Due(life.dossier().clock.now.due), "2026-11-21T04:00:00+07:00");
  // The lead of eight hours runs by the clock, too.
  EXPECT_EQ(life.dossier().clock.now.due_soon,
            ParseZonedTime("2026-11-20T20:00:00+07:00")->instant);
  life.SetNow("2026-11-20T22:00:00+07:00");
  Must(life.Do(PauseClock{PauseReason::kSectorLaw}));
  life.SetNow("2026-11-21T01:30:00+07:00");
  Must(life.Do(ResumeClock{}));
  EXPECT_EQ(Due(life.dossier().clock.now.due), "2026-11-21T07:30:00+07:00");
}

TEST(Faults, C11_ReceivedAtClosingSharp) {
  Life life(ParseZonedTime("2020-03-02T17:00:00+07:00")->instant);
  Receive(life);
  EXPECT_EQ(Due(life.dossier().clock.now.due), "2020-03-09T17:00:00+07:00");
}

TEST(Decide, RaisesEachAlertOnceAndNotEarly) {
  Life life;
  Receive(life);
  const ZonedTime due = *life.dossier().clock.now.due;
  const AlertKey late{AlertKind::kOverdue, 0, due.instant};
  const AlertKey soon{AlertKind::kDueSoon, 0, due.instant};
  EXPECT_FALSE(life.Do(RaiseAlert{late}).ok());
  EXPECT_FALSE(life.Do(RaiseAlert{soon}).ok());
  life.Pass(std::chrono::duration_cast<std::chrono::minutes>(due.instant - life.now()));
  EXPECT_FALSE(life.Do(RaiseAlert{late}).ok()) << "not before the date has passed";
  EXPECT_TRUE(life.Do(RaiseAlert{soon}).ok());
  life.Pass(std::chrono::minutes(1));
  EXPECT_FALSE(life.Do(RaiseAlert{soon}).ok());
  EXPECT_TRUE(life.Do(RaiseAlert{late}).ok());
  EXPECT_FALSE(life.Do(RaiseAlert{late}).ok());
  EXPECT_EQ(life.Do(AcknowledgeAlert{AlertKind::kOverdue, 3}).reason(), Reason::kAlertNotFound);
  EXPECT_TRUE(life.Do(AcknowledgeAlert{AlertKind::kOverdue, 0}).ok());
  EXPECT_FALSE(life.Do(AcknowledgeAlert{AlertKind::kOverdue, 0}).ok());
}

TEST(Faults, C8_NobodyIsWarnedOfADateThatHasPassed) {
  Life life;
  Receive(life);
  const Instant due = life.dossier().clock.now.due->instant;
  life.Pass(std::chrono::hours(24 * 30));
  EXPECT_FALSE(life.Do(RaiseAlert{{AlertKind::kDueSoon, 0, due}}).ok());
  EXPECT_EQ(NextAlert(life.dossier(), life.now())->key.kind, AlertKind::kOverdue);
  EXPECT_TRUE(life.Do(RaiseAlert{{AlertKind::kOverdue, 0, due}}).ok());
  EXPECT_FALSE(NextAlert(life.dossier(), kInstantMin)) << "nor later, by whatever clock";
}

TEST(Decide, TakesARegisterAsItIsRecorded) {
  Life life;
  ImportDossier import;
  import.unit = testing::kCentre;
  import.recorded.procedure = ProcedureCode("Street Light Outages");
  import.recorded.opened = *ParseZonedTime("2015-01-02T08:00:00-05:00");
  import.recorded.closed = *ParseZonedTime("2015-01-01T08:00:00-05:00");
  import.recorded.outcome = Outcome::kGranted;
  Must(life.Do(import));
  EXPECT_EQ(life.dossier().code.value(), "000.23.10.H49-150102-0001");
  EXPECT_EQ(life.dossier().origin->doubts, static_cast<int>(Doubt::kClosedBeforeOpened));
  EXPECT_EQ(life.dossier().stage, Stage::kClosed);
  EXPECT_FALSE(NextAlert(life.dossier(), kInstantMin));

  import.code = DossierCode("000.31.10.H49-150102-0007");
  EXPECT_EQ(life.Do(import).reason(), Reason::kFieldInvalid) << "another unit's register";
}

TEST(Faults, F7_ARegistersNamesHaveOneForm) {
  for (const char* name : {"C\u1EA5p \u0110\u1EB7t", "Ca\u0302\u0301p \u0110a\u0323\u0306t",
                           "C\u1EA5p  \u0110\u1EB7t", "C\u1EA5p \u00D0\u1EB7t"}) {
    Life life;
    ImportDossier import;
    import.unit = testing::kCentre;
    import.recorded.procedure = ProcedureCode(name);
    import.recorded.procedure_name = name;
    import.recorded.field = name;
    import.recorded.unit_name = name;
    import.recorded.opened = *ParseZonedTime("2020-01-02T08:00:00+07:00");
    Must(life.Do(import));
    const auto& imported = LeafOf<DossierImported>(life.last().payload);
    EXPECT_EQ(imported.procedure.value(), "Cấp Đặt");
    EXPECT_EQ(imported.procedure_name, "Cấp Đặt");
    EXPECT_EQ(imported.unit_name, "Cấp Đặt");
    EXPECT_EQ(life.dossier().field, "Cấp Đặt");
  }
}

TEST(Decide, KeepsAPostalReportBetweenReceiptAndNow) {
  Life life;
  ToCarrier(life);
  EXPECT_EQ(
      life.Do(TrackShipment{postal::ShipmentState::kInTransit, life.now() + Micros(1)}).reason(),
      Reason::kFieldInvalid);
  EXPECT_EQ(life.Do(TrackShipment{postal::ShipmentState::kInTransit, Instant{0}}).reason(),
            Reason::kFieldInvalid);
  EXPECT_TRUE(life.Do(TrackShipment{postal::ShipmentState::kInTransit, life.now()}).ok());
}

}  // namespace
}  // namespace motcua::cases
