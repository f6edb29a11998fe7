// Goal: the loop of a partition answers after read-back, decides ahead without believing itself,
//       gives the same answer to the same request, and says what it does not know.
// Method: one or two instances on a log whose appends land when the test says so; each test is one
//         promise of architecture.md §1 or one bug that the simulation has found.
#include "tests/unit/engine/partition_fixture.h"

namespace motcua::engine {
namespace {

using std::chrono::seconds;

class PartitionTest : public ::testing::Test {
 protected:
  void ReceiveFirst() {
    const auto first = intake_.Ask(Receive(1));
    intake_.LandAllAndRun();
    ASSERT_EQ(Say(first), "v1");
  }
  Instance::Place AskFor(int id, cases::Action action) {
    return intake_.Ask(Ask(id, std::move(action), FirstDossier()));
  }

  HandLog log_;
  HandClock clock_;
  intake::IntakeRules rules_;
  deadline::DeadlineRules deadline_rules_;
  Instance intake_{log_, clock_, rules_};
};

TEST_F(PartitionTest, AnswersAfterReadBackAndNotBefore) {
  const auto place = intake_.Ask(Receive(1));
  EXPECT_EQ(Say(place), "-");
  log_.LandNext();
  EXPECT_EQ(Say(place), "-");
  intake_.Run();
  EXPECT_EQ(Say(place), "v1");
}

TEST_F(PartitionTest, AnswersOnlyWhatItsStoreHas) {
  const auto place = intake_.Ask(Receive(1));
  intake_.store.may_write = [] { return false; };
  log_.LandNext();
  intake_.Run();
  EXPECT_EQ(Say(place), "-");
  intake_.store.may_write = nullptr;
  intake_.Run();
  EXPECT_EQ(Say(place), "v1");
}

TEST_F(PartitionTest, DecidesAheadOnItsOwnEvents) {
  ReceiveFirst();
  const auto asked = AskFor(2, cases::RequestSupplement{{1}});
  const auto received = AskFor(3, cases::ReceiveSupplement{});
  EXPECT_EQ(log_.held_records(), 2U);
  intake_.LandAllAndRun();
  EXPECT_EQ(Say(asked), "v2");
  EXPECT_EQ(Say(received), "v3");
}

TEST_F(PartitionTest, NumbersAreGivenAhead) {
  std::vector<Instance::Place> places;
  for (int id = 1; id <= 3; ++id) places.push_back(intake_.Ask(Receive(id)));
  intake_.LandAllAndRun();
  for (std::uint32_t i = 0; i < 3; ++i) {
    EXPECT_EQ((**places[i])->register_number, i + 1);
  }
}

TEST_F(PartitionTest, AForeignEventEndsTheSpeculation) {
  ReceiveFirst();
  Instance rival(log_, clock_, rules_);
  const auto mine = AskFor(2, cases::RequestSupplement{{1}});
  const auto theirs = rival.Ask(Ask(3, cases::WithdrawDossier{}, FirstDossier()));
  ASSERT_EQ(log_.held.size(), 2U);
  std::swap(log_.held[0], log_.held[1]);
  log_.LandNext();
  rival.Run();
  intake_.Run();
  EXPECT_EQ(Say(theirs), "v2");
  EXPECT_EQ(Say(mine), "STATE_FORBIDS");
}

TEST_F(PartitionTest, TheSameRequestHasTheSameAnswer) {
  ReceiveFirst();
  const auto first = AskFor(2, cases::RequestSupplement{{1}});
  const auto second = AskFor(2, cases::RequestSupplement{{1}});
  EXPECT_EQ(log_.held_records(), 1U);
  intake_.LandAllAndRun();
  EXPECT_EQ(Say(first), "v2");
  EXPECT_EQ(Say(second), "v2 again");
  EXPECT_EQ(Say(intake_.Ask(Receive(1))), "v1 again");
  Instance other(log_, clock_, rules_);
  EXPECT_EQ(Say(other.Ask(Receive(1))), "v1 again");
}

TEST_F(PartitionTest, AnIdIsNotUsedForSomethingElse) {
  ReceiveFirst();
  cases::Command reused = Receive(1);
  reused.digest = 99;
  EXPECT_EQ(Say(intake_.Ask(reused)), "REQUEST_ID_REUSED");
}

TEST_F(PartitionTest, ARefusalDoesNotRestOnWhatIsInFlight) {
  ReceiveFirst();
  const auto withdraw = AskFor(2, cases::WithdrawDossier{});
  const auto pause = AskFor(3, cases::RequestSupplement{{1}});
  EXPECT_EQ(Say(pause), "-");
  log_.LoseNext(AppendOutcome::kNotAppended);
  intake_.LandAllAndRun();
  EXPECT_EQ(Say(withdraw), "LOG_UNAVAILABLE");
  EXPECT_EQ(Say(pause), "v2");
}

// Found by the simulation: it contradicted an answer whose reply was lost.
TEST_F(PartitionTest, ARefusalDoesNotRestOnAStateThatOthersHaveLeft) {
  ReceiveFirst();
  AskFor(2, cases::RequestSupplement{{1}});
  intake_.LandAllAndRun();
  const auto lost = AskFor(3, cases::ReceiveSupplement{});
  log_.visible = 1;
  Instance lagging(log_, clock_, rules_);
  log_.LandNext();
  const auto retry = lagging.Ask(Ask(3, cases::ReceiveSupplement{}, FirstDossier()));
  EXPECT_EQ(Say(retry), "-");
  log_.visible = UINT64_MAX;
  lagging.Run();
  EXPECT_EQ(Say(retry), "v3 again");
}

TEST_F(PartitionTest, ADeadlineThatPassesLeavesTheOutcomeUnknown) {
  const auto late = intake_.Ask(Receive(1), clock_.passed + seconds(1));
  clock_.Pass(seconds(2));
  intake_.Run();
  EXPECT_EQ(Say(late), "OUTCOME_UNKNOWN");
  intake_.LandAllAndRun();
  EXPECT_EQ(Say(intake_.Ask(Receive(1))), "v1 again");
}

TEST_F(PartitionTest, AnUnknownAppendIsRepeated) {
  const auto place = intake_.Ask(Receive(1));
  log_.LoseNext(AppendOutcome::kUnknown);
  intake_.Run();
  EXPECT_TRUE(log_.held.empty());
  clock_.Pass(seconds(1));
  intake_.LandAllAndRun();
  EXPECT_EQ(Say(place), "v1");
}

TEST_F(PartitionTest, AClockThatIsSetBackDoesNotStopTheRepeat) {
  const auto place = intake_.Ask(Receive(1));
  log_.LoseNext(AppendOutcome::kUnknown);
  clock_.now = clock_.now - std::chrono::hours(1);
  clock_.Pass(seconds(1));
  intake_.LandAllAndRun();
  EXPECT_EQ(Say(place), "v1");
}

TEST_F(PartitionTest, AClockThatIsSetAheadExpiresNobody) {
  const auto place = intake_.Ask(Receive(1), clock_.passed + seconds(5));
  clock_.now = clock_.now + std::chrono::hours(1);
  intake_.Run();
  EXPECT_EQ(Say(place), "-");
  intake_.LandAllAndRun();
  EXPECT_EQ(Say(place), "v1");
}

// Found by the simulation: the first copy counted after its client was told that nothing was done.
TEST_F(PartitionTest, ARepeatThatFailsSaysNothingAboutTheFirstCopy) {
  const auto place = intake_.Ask(Receive(1));
  const std::vector<std::string> first_copy = log_.held.front().records;
  log_.LoseNext(AppendOutcome::kUnknown);
  intake_.Run();
  clock_.Pass(seconds(1));
  intake_.Run();
  log_.LoseNext(AppendOutcome::kNotAppended);
  intake_.Run();
  EXPECT_EQ(Say(place), "-");
  log_.Land(first_copy);
  intake_.Run();
  EXPECT_EQ(Say(place), "v1");
}

// Found by the simulation: it was decided anew eight times and answered CONTENTION, then counted.
TEST_F(PartitionTest, AnEventThatLandsBeforeItsPredecessorWaitsForIt) {
  ReceiveFirst();
  const auto asked = AskFor(2, cases::RequestSupplement{{1}});
  const auto received = AskFor(3, cases::ReceiveSupplement{});
  log_.LoseNext(AppendOutcome::kUnknown);
  log_.LandNext();
  intake_.Run();
  EXPECT_TRUE(log_.held.empty());
  clock_.Pass(seconds(1));
  intake_.LandAllAndRun();
  EXPECT_EQ(Say(asked), "v2");
  EXPECT_EQ(Say(received), "v3");
}

TEST_F(PartitionTest, AStandbyWaitsForTheGraceDelay) {
  const auto place = intake_.Ask(Receive(1, "1.000002"));
  intake_.LandAllAndRun();
  const Instant soon = (**place)->first_due->instant - std::chrono::minutes(30);
  Instance standby(log_, clock_, deadline_rules_, {false, kGraceDefault});
  clock_.now = soon;
  standby.Run();
  EXPECT_TRUE(log_.held.empty());
  clock_.now = soon + kGraceDefault;
  standby.Run();
  EXPECT_EQ(log_.held_records(), 1U);
}

// Found by the simulation: the second came a second late.
TEST_F(PartitionTest, AClockThatIsSetBackDoesNotPutOffAnAlert) {
  const auto place = intake_.Ask(Receive(1));
  intake_.LandAllAndRun();
  const Instant due = (**place)->first_due->instant;
  Instance deadline(log_, clock_, deadline_rules_);
  clock_.now = due + std::chrono::hours(2);
  deadline.Run();
  ASSERT_EQ(log_.held_records(), 1U);
  log_.LoseNext(AppendOutcome::kNotAppended);
  clock_.now = due - std::chrono::hours(200);
  deadline.Run();
  ASSERT_EQ(log_.held_records(), 0U);
  clock_.now = due;
  clock_.Pass(seconds(1));
  deadline.Run();
  EXPECT_EQ(log_.held_records(), 1U);
}

// Found by simulate --upgrade --seed 1303: an alert that the log had refused came forty minutes
// late, because the clock of somebody else had been an hour ahead.
TEST_F(PartitionTest, AnAlertThatGotLostIsRaisedAgainThoughThePartitionsTimeStands) {
  const auto place = intake_.Ask(Receive(1));
  intake_.LandAllAndRun();
  const Instant due = (**place)->first_due->instant;
  clock_.now = due + std::chrono::hours(1);
  const auto ahead = intake_.Ask(Receive(2));
  intake_.LandAllAndRun();
  ASSERT_EQ(Say(ahead), "v1");
  clock_.now = due;
  Instance deadline(log_, clock_, deadline_rules_);
  ASSERT_EQ(log_.held_records(), 1U);
  log_.LoseNext(AppendOutcome::kNotAppended);
  deadline.Run();
  ASSERT_EQ(log_.held_records(), 0U);
  clock_.Pass(seconds(2));
  deadline.Run();
  EXPECT_EQ(log_.held_records(), 1U);
}

// Its service was stopped over the due date, and started three days later.
TEST_F(PartitionTest, C8_AfterALongStopOnlyWhatIsTrueIsRaised) {
  const auto place = intake_.Ask(Receive(1, "1.000002"));
  intake_.LandAllAndRun();
  clock_.now = (**place)->first_due->instant + std::chrono::hours(72);
  Instance deadline(log_, clock_, deadline_rules_);
  deadline.LandAllAndRun();
  ASSERT_EQ(log_.landed.size(), 2U) << "received, overdue";
  const auto event = log_.codec.DecodeEvent(log_.landed[1]);
  EXPECT_EQ(LeafOf<cases::AlertRaised>(event->payload).alert.kind, cases::AlertKind::kOverdue);
  clock_.Pass(seconds(5));
  deadline.LandAllAndRun();
  EXPECT_EQ(log_.landed.size(), 2U) << "and no warning of it afterwards";
}

TEST_F(PartitionTest, TheNextAlertOfADossierFollowsTheFirst) {
  const auto place = intake_.Ask(Receive(1, "1.000002"));
  intake_.LandAllAndRun();
  Instance deadline(log_, clock_, deadline_rules_);
  clock_.now = (**place)->first_due->instant;
  deadline.LandAllAndRun();
  EXPECT_EQ(log_.landed.size(), 2U);  // received, due soon
  clock_.now = clock_.now + Micros(1);
  deadline.LandAllAndRun();
  EXPECT_EQ(log_.landed.size(), 3U);
  deadline.LandAllAndRun();
  EXPECT_EQ(log_.landed.size(), 3U);
}

// A thousand wait to be raised while the log takes its time: nobody asks for rounds meanwhile.
TEST_F(PartitionTest, WhatMayNotReactYetDoesNotKeepTheLoopAwake) {
  std::vector<Instance::Place> places;
  for (int id = 1; id <= 600; ++id) places.push_back(intake_.Ask(Receive(id, "1.000002")));
  intake_.LandAllAndRun();
  for (int i = 0; i < 100 && !log_.held.empty(); ++i) intake_.LandAllAndRun();
  Instance deadline(log_, clock_, deadline_rules_);
  clock_.now = (**places.back())->first_due->instant + seconds(5);
  deadline.Run();
  EXPECT_EQ(log_.held_records(), 1U) << "its clock was set: one tells whether it is right";
  EXPECT_GT(deadline.partition().NextWake(), Micros(0));
  log_.LandNext();
  deadline.Run();
  EXPECT_EQ(log_.held_records(), kReactionsInFlightMax);
  EXPECT_GT(deadline.partition().NextWake(), Micros(0));
  while (!log_.held.empty()) deadline.LandAllAndRun();
  EXPECT_EQ(log_.landed.size(), 1200U) << "each received and overdue";
}

TEST_F(PartitionTest, WhatIsDecidedAgainAlikeIsAnotherEvent) {
  ReceiveFirst();
  AskFor(2, cases::RequestSupplement{{1}});
  const std::vector<std::string> first = log_.held.front().records;
  log_.LoseNext(AppendOutcome::kNotAppended);
  intake_.Run();
  AskFor(2, cases::RequestSupplement{{1}});
  // Else what was built on the first, and given up with it, would fit after the second.
  EXPECT_NE(log_.held.front().records, first);
}

// ---- The log's end ---------------------------------------------------------------------------

TEST_F(PartitionTest, ARefusalWaitsForAnEndThatWasAskedForBehindIt) {
  ReceiveFirst();
  log_.ends_held = true;
  clock_.Pass(kEndAskInterval);
  intake_.Run();  // asks as it does every second, before the command comes
  ASSERT_EQ(log_.asked.size(), 1U);
  const auto refused = AskFor(2, cases::ReceiveSupplement{});
  log_.asked[0](Offset{1});
  intake_.Run();
  EXPECT_EQ(Say(refused), "-");
  ASSERT_EQ(log_.asked.size(), 2U);
  log_.asked[1](Offset{1});
  intake_.Run();
  EXPECT_EQ(Say(refused), "STATE_FORBIDS");
}

TEST_F(PartitionTest, ARefusalWaitsUntilTheReaderHasComeToTheEnd) {
  ReceiveFirst();
  Instance rival(log_, clock_, rules_);
  const auto asked = rival.Ask(Ask(2, cases::RequestSupplement{{1}}, FirstDossier()));
  log_.visible = 1;
  log_.LandNext();
  const auto again = AskFor(3, cases::ReceiveSupplement{});
  EXPECT_EQ(Say(again), "-") << "the supplement was asked for, but this reader does not see it yet";
  log_.visible = UINT64_MAX;
  intake_.LandAllAndRun();
  EXPECT_EQ(Say(again), "v3");
}

TEST_F(PartitionTest, AnEndThatCannotBeToldIsAskedForAgain) {
  ReceiveFirst();
  log_.end_failure = Status(Reason::kLogUnavailable, "no broker");
  const auto refused = AskFor(2, cases::ReceiveSupplement{});
  EXPECT_EQ(Say(refused), "-");
  log_.end_failure = OkStatus();
  intake_.Run();
  EXPECT_EQ(Say(refused), "-") << "not at once: a log in trouble is not to be asked in a loop";
  clock_.Pass(kEndAskRetryDelay);
  intake_.Run();
  EXPECT_EQ(Say(refused), "STATE_FORBIDS");
}

// Found by simulate --seed 4728: an instance that nobody woke did not begin to serve.
TEST_F(PartitionTest, WhoWasNotToldTheEndAtFirstAsksAgainSoon) {
  log_.end_failure = Status(Reason::kLogUnavailable, "no broker");
  Instance late(log_, clock_, rules_);
  EXPECT_FALSE(late.partition().CaughtUp());
  EXPECT_LE(late.partition().NextWake(), kEndAskRetryDelay);
  log_.end_failure = OkStatus();
  clock_.Pass(kEndAskRetryDelay);
  late.Run();
  EXPECT_TRUE(late.partition().CaughtUp());
}

TEST_F(PartitionTest, ALogThatHasLostWhatWasReadIsNoticedWhileItRuns) {
  ReceiveFirst();
  log_.landed.clear();
  EXPECT_TRUE(intake_.failure.ok());
  clock_.Pass(kEndAskInterval);
  intake_.Run();
  EXPECT_EQ(intake_.failure.reason(), Reason::kLogDamaged);
  intake_.failure = OkStatus();
  intake_.Run();
  EXPECT_EQ(intake_.failure.reason(), Reason::kLogDamaged) << "and not forgotten";
  EXPECT_EQ(Say(AskFor(2, cases::RequestSupplement{{1}})), "LOG_DAMAGED") << "callers are told";
}

TEST_F(PartitionTest, NobodyWaitsLongerThanItsDeadlineForALogThatCannotBeRead) {
  ReceiveFirst();
  const Micros deadline = clock_.passed + seconds(5);
  const auto place = intake_.Ask(Ask(2, cases::RequestSupplement{{1}}, FirstDossier()), deadline);
  log_.read_failure = Status(Reason::kLogUnavailable, "no broker");
  intake_.Run();
  EXPECT_EQ(Say(place), "-");
  clock_.Pass(seconds(5));
  intake_.Run();
  EXPECT_EQ(Say(place), "OUTCOME_UNKNOWN");
}

TEST_F(PartitionTest, NobodyWaitsLongerThanItsDeadlineForAStoreThatTakesNothing) {
  ReceiveFirst();
  const Micros deadline = clock_.passed + seconds(5);
  const auto place = intake_.Ask(Ask(2, cases::RequestSupplement{{1}}, FirstDossier()), deadline);
  intake_.store.may_write = [] { return false; };
  log_.LandNext();
  intake_.Run();
  EXPECT_EQ(Say(place), "-");
  clock_.Pass(seconds(5));
  intake_.Run();
  EXPECT_EQ(Say(place), "OUTCOME_UNKNOWN");
  intake_.store.may_write = nullptr;
  EXPECT_EQ(Say(AskFor(2, cases::RequestSupplement{{1}})), "v2 again");
}

TEST_F(PartitionTest, AStoreThatTakesNothingStopsTheReading) {
  const auto first = intake_.Ask(Receive(1));
  const auto second = intake_.Ask(Receive(2));
  intake_.store.may_write = [] { return false; };
  log_.LandNext();
  intake_.Run();
  const Offset read = intake_.partition().next_offset();
  EXPECT_GT(read, 0U);
  log_.LandNext();
  intake_.Run();
  EXPECT_EQ(intake_.partition().next_offset(), read) << "what waits for the store grows";
  intake_.store.may_write = nullptr;
  intake_.Run();
  EXPECT_EQ(Say(first), "v1");
  EXPECT_EQ(Say(second), "v1");
}

// ---- Metrics ---------------------------------------------------------------------------------

TEST_F(PartitionTest, CountsEachCommandAsAnsweredOrRefusedOnce) {
  const auto refused = [this](Reason reason) {
    return intake_.metrics.refused.at(static_cast<std::size_t>(reason)).load();
  };
  ReceiveFirst();
  intake_.Ask(Receive(1));       // again: the same answer
  intake_.Ask(Receive(2, "x"));  // no such procedure
  intake_.LandAllAndRun();
  EXPECT_EQ(intake_.metrics.commands, 3U);
  EXPECT_EQ(intake_.metrics.answered, 2U);
  EXPECT_EQ(refused(Reason::kProcedureUnknown), 1U);
  const auto place = intake_.Ask(Receive(3));
  EXPECT_EQ(Say(place), "-");
  EXPECT_EQ(intake_.metrics.commands, 4U);  // one is still inside
  intake_.partition().AbandonAll(Status(Reason::kNotServing, "stop"));
  EXPECT_EQ(refused(Reason::kOutcomeUnknown), 1U);
  EXPECT_EQ(intake_.metrics.answered, 2U);
}

TEST_F(PartitionTest, CountsAnAlertWhereItWasProposedAndNowhereElse) {
  const auto place = intake_.Ask(Receive(1, "1.000002"));
  intake_.LandAllAndRun();
  Instance first(log_, clock_, deadline_rules_);
  Instance standby(log_, clock_, deadline_rules_, {false, kGraceDefault});
  clock_.now = (**place)->first_due->instant;
  first.LandAllAndRun();
  clock_.now = clock_.now + seconds(5);
  first.LandAllAndRun();
  standby.Run();
  EXPECT_EQ(first.metrics.alerts_raised, 2U);
  EXPECT_EQ(standby.metrics.alerts_raised, 0U);
  EXPECT_EQ(first.metrics.commands, 0U);  // nobody asked
}

}  // namespace
}  // namespace motcua::engine
