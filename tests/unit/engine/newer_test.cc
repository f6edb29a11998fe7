// Goal: an instance that meets what it does not understand goes on accepting, and does not guess:
// it
//       decides, owes and shows nothing of it, and a newer program makes all of it good.
// Method: a log with events of a newer program; an instance that reads them as an older one does
//         (wire::KnownEvents), one of today beside it.
#include "services/engine/keys.h"
#include "services/engine/reader.h"
#include "tests/unit/engine/partition_fixture.h"

namespace motcua::engine {
namespace {

constexpr int kClockPausedField = 20;
constexpr int kTraceField = 11;

class NewerTest : public ::testing::Test {
 protected:
  static HandLog::Reader Older(std::vector<int> unknown_fields) {
    return std::make_shared<wire::WireCodec>(
        wire::KnownEvents{wire::kEventSchema - 1, std::move(unknown_fields)});
  }
  void Receive1() {
    const auto place = intake_.Ask(Receive(1));
    intake_.LandAllAndRun();
    ASSERT_EQ(Say(place), "v1");
    due_ = (**place)->first_due->instant;
  }
  // Version 2: the clock stands, which an older program knows nothing of.
  void PauseAt2() {
    Receive1();
    Instance deadline(log_, clock_, deadline_rules_);
    const auto paused =
        deadline.Ask(Ask(2, cases::PauseClock{cases::PauseReason::kFinancialDuty}, FirstDossier()));
    deadline.LandAllAndRun();
    ASSERT_EQ(Say(paused), "v2");
    intake_.Run();
  }

  HandLog log_;
  HandClock clock_;
  intake::IntakeRules rules_;
  deadline::DeadlineRules deadline_rules_;
  Instance intake_{log_, clock_, rules_};
  Instant due_;
};

TEST_F(NewerTest, ItGoesOnAcceptingAndDecidesNothing) {
  PauseAt2();
  Instance older(log_, clock_, rules_, {}, Older({kClockPausedField}));
  EXPECT_EQ(older.partition().next_offset(), intake_.partition().next_offset());
  EXPECT_EQ(older.partition().effective(), intake_.partition().effective());
  EXPECT_EQ(older.metrics.not_understood.load(), 1U);
  EXPECT_EQ(Say(older.Ask(Ask(3, cases::WithdrawDossier{}, FirstDossier()))), "NEWER_SCHEMA");
  // Also what it could look up: another instance gives that answer.
  EXPECT_EQ(Say(older.Ask(Receive(1))), "NEWER_SCHEMA");
  EXPECT_EQ(log_.held_records(), 0U);
  // The book is understood: the next dossier is received, and both see it.
  const auto next = older.Ask(Receive(4));
  older.LandAllAndRun();
  EXPECT_EQ(Say(next), "v1");
  EXPECT_EQ((**next)->register_number, 2U);
  EXPECT_EQ(Say(intake_.Ask(Receive(4))), "v1 again");
}

TEST_F(NewerTest, ItAcceptsWhatOthersDecideOnIt) {
  PauseAt2();
  Instance older(log_, clock_, rules_, {}, Older({kClockPausedField}));
  const auto withdrawn = intake_.Ask(Ask(3, cases::WithdrawDossier{}, FirstDossier()));
  intake_.LandAllAndRun();
  EXPECT_EQ(Say(withdrawn), "v3");
  older.Run();
  const std::string row = older.store.rows().at(cases::AggregateId(FirstDossier()).path());
  const auto old_row = log_.codec.DecodeDossier(FirstDossier(), row);
  const auto new_row = log_.codec.DecodeDossier(
      FirstDossier(), intake_.store.rows().at(cases::AggregateId(FirstDossier()).path()));
  ASSERT_TRUE(old_row.ok() && new_row.ok());
  EXPECT_EQ(old_row->head, new_row->head);
  EXPECT_EQ(old_row->requests, new_row->requests);
  EXPECT_FALSE(old_row->understood);
  EXPECT_TRUE(new_row->understood);
}

TEST_F(NewerTest, ItRaisesNoAlertForWhatItDoesNotUnderstand) {
  PauseAt2();
  Instance older(log_, clock_, deadline_rules_, {}, Older({kClockPausedField}));
  clock_.now = due_ + std::chrono::hours(1);
  older.Run();
  EXPECT_EQ(log_.held_records(), 0U);
}

TEST_F(NewerTest, ItShowsNothingThatMayBeWrong) {
  PauseAt2();
  Instance older(log_, clock_, rules_, {}, Older({kClockPausedField}));
  const StateReader reader(older.store, log_.codec);
  const auto reason = [](const Status& status) { return status.reason(); };
  EXPECT_EQ(reason(reader.GetDossier(FirstDossier()).status()), Reason::kNewerSchema);
  const auto all = [](const cases::Dossier&) { return true; };
  EXPECT_EQ(reason(reader.ScanDossiers("000.23.10.H49-", "", all)), Reason::kNewerSchema);
  EXPECT_EQ(reason(reader.CheckUnderstood()), Reason::kNewerSchema);
  EXPECT_TRUE(reader.ScanDossiers("000.24.10.H49-", "", all).ok());
  const StateReader today(intake_.store, log_.codec);
  EXPECT_TRUE(today.GetDossier(FirstDossier()).ok());
  EXPECT_TRUE(today.CheckUnderstood().ok());
}

TEST_F(NewerTest, ABookThatItDoesNotUnderstandGivesNoNumbers) {
  cases::Command command = Receive(1);
  command.trace = *ParseTraceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  const auto place = intake_.Ask(command);
  intake_.LandAllAndRun();
  ASSERT_EQ(Say(place), "v1");
  Instance older(log_, clock_, rules_, {}, Older({kTraceField}));
  EXPECT_EQ(Say(older.Ask(Receive(2))), "NEWER_SCHEMA");
  EXPECT_EQ(Say(older.Ask(Receive(1))), "NEWER_SCHEMA");
}

TEST_F(NewerTest, AStoreNamesTheSchemaThatItWasFoldedWith) {
  EXPECT_NE(StateFormatOf(*Older({})), StateFormatOf(log_.codec));
}

TEST_F(NewerTest, AStoreThatMetNothingNewIsNotFoldedAnew) {
  const std::string own = StateFormatOf(log_.codec) + "/intake/log-1/1";
  const auto with_schema = [](std::uint32_t schema) {
    return std::string(kStateFormat) + "/events-" + std::to_string(schema) + "/intake/log-1/1";
  };
  const std::uint32_t newest = log_.codec.event_schema();
  testing_support::MemoryStore store;
  store.rows()[cases::AggregateId(FirstDossier()).path()] = "";
  EXPECT_TRUE(*MayAdoptRows(with_schema(newest - 1), own, store));
  EXPECT_TRUE(*MayAdoptRows(with_schema(1), own, store));
  EXPECT_FALSE(*MayAdoptRows(with_schema(newest + 1), own, store))
      << "it may hold what we cannot read";
  EXPECT_FALSE(*MayAdoptRows("motcua-state-1/events-1/intake/log-1/1", own, store));
  EXPECT_FALSE(*MayAdoptRows(with_schema(1) + "6", own, store)) << "another log";
  EXPECT_FALSE(*MayAdoptRows("", own, store));
  store.rows()[NotUnderstoodKey(cases::AggregateId(FirstDossier()).path())] = "";
  EXPECT_FALSE(*MayAdoptRows(with_schema(newest - 1), own, store));
}

// The trace of a command is in its event, and what follows from the event goes on with it.
TEST_F(NewerTest, AnAlertGoesOnWithTheTraceOfTheLastEvent) {
  cases::Command command = Receive(1);
  command.trace = *ParseTraceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  const auto place = intake_.Ask(command);
  intake_.LandAllAndRun();
  ASSERT_EQ(Say(place), "v1");
  Instance deadline(log_, clock_, deadline_rules_);
  clock_.now = (**place)->first_due->instant + std::chrono::seconds(1);
  deadline.Run();
  ASSERT_EQ(log_.held_records(), 1U);
  const auto first = log_.codec.DecodeEvent(log_.landed.front());
  const auto alert = log_.codec.DecodeEvent(log_.held.front().records.front());
  ASSERT_TRUE(first.ok() && alert.ok());
  EXPECT_EQ(first->trace, command.trace);
  EXPECT_EQ(alert->trace, cases::TraceAfter(*first));
  EXPECT_EQ(FormatTraceId(alert->trace), "4bf92f3577b34da6a3ce929d0e0e4736");
}

}  // namespace
}  // namespace motcua::engine
