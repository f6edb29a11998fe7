// Goal: rows of older registers and item numbers of the post hold under everything that an engine
// does with commands: pipelining, rivals, retries, a store that is written later.
// Method: partitions by hand over a log that lets records land one by one.
#include "services/postal/rules.h"
#include "tests/unit/engine/partition_fixture.h"

namespace motcua::engine {
namespace {

const cases::UnitCode kUnit("000.23.10.H49");

ZonedTime At(const char* text) { return *ParseZonedTime(text); }

cases::ImportDossier Row(const char* code) {
  cases::ImportDossier row;
  row.unit = kUnit;
  if (code != nullptr) row.code = cases::DossierCode(code);
  row.recorded.procedure = cases::ProcedureCode("x");
  row.recorded.opened = At("2026-01-05T07:45:00+07:00");
  row.recorded.due = At("2026-01-07T17:00:00+07:00");
  row.recorded.source = "book";
  row.recorded.source_id = "3";
  row.recorded.line = 2;
  return row;
}
cases::ImportDossier Closed(cases::ImportDossier row) {
  row.recorded.closed = At("2026-01-05T07:50:00+07:00");
  row.recorded.outcome = cases::Outcome::kGranted;
  return row;
}

class RecordFaults : public ::testing::Test {
 protected:
  HandClock clock_;
  HandLog log_;
  intake::IntakeRules rules_;
  postal::PostalRules post_;
  Instance intake_{log_, clock_, rules_};
};

TEST_F(RecordFaults, R1_ReceivingGoesOnBehindANumberThatCannotBeContinued) {
  const auto wild = intake_.Ask(Ask(1, Row("000.23.10.H49-260105-999999999")));
  const auto ahead = intake_.Ask(Receive(2));
  intake_.LandAllAndRun();
  EXPECT_EQ(Say(wild), "v1");
  EXPECT_EQ(Say(ahead), "v1");
  EXPECT_EQ((**ahead)->dossier.value(), "000.23.10.H49-260105-0001");
  // It is found again, though its day has not come to it.
  EXPECT_EQ(Say(intake_.Ask(Ask(1, Row("000.23.10.H49-260105-999999999")))), "v1 again");
  const auto closed = intake_.Ask(Ask(3, Closed(Row("000.23.10.H49-260105-999999999"))));
  intake_.LandAllAndRun();
  EXPECT_EQ(Say(closed), "v2");
  Instance later(log_, clock_, rules_);
  const auto next = later.Ask(Receive(4));
  later.LandAllAndRun();
  EXPECT_EQ((**next)->dossier.value(), "000.23.10.H49-260105-0002");
  EXPECT_EQ((**next)->register_number, 2U);
}

TEST_F(RecordFaults, R4_TwoRowsOfACaseInOneBreath) {
  for (const char* code : {"000.23.10.H49-260105-0003", static_cast<const char*>(nullptr)}) {
    SCOPED_TRACE(code == nullptr ? "by the register's own id" : code);
    HandLog log;
    Instance intake(log, clock_, rules_);
    const auto open = intake.Ask(Ask(1, Row(code)));
    const auto closed = intake.Ask(Ask(2, Closed(Row(code))));
    cases::ImportDossier moved = Closed(Row(code));
    moved.recorded.line = 9;
    const auto again = intake.Ask(Ask(3, moved));
    EXPECT_EQ(log.held_records(), 2U);
    EXPECT_EQ(Say(again), "-") << "rests on what has not landed";
    intake.LandAllAndRun();
    EXPECT_EQ(Say(open), "v1");
    EXPECT_EQ(Say(closed), "v2");
    EXPECT_EQ(Say(again), "v1 again");
    EXPECT_EQ(log.landed.size(), 2U);
    EXPECT_EQ(Say(intake.Ask(Ask(2, Closed(Row(code))))), "v2 again");
    cases::Command reused = Ask(2, Row(code));
    reused.digest = 99;
    EXPECT_EQ(Say(intake.Ask(reused)), "REQUEST_ID_REUSED");
  }
}

TEST_F(RecordFaults, R4_ARivalMakesALaterRowAnUpdate) {
  Instance rival(log_, clock_, rules_);
  const auto open = intake_.Ask(Ask(1, Row(nullptr)));
  const auto closed = rival.Ask(Ask(2, Closed(Row(nullptr))));
  ASSERT_EQ(log_.held.size(), 2U);
  log_.LandNext();
  log_.LandNext();
  intake_.LandAllAndRun();
  rival.LandAllAndRun();
  EXPECT_EQ(Say(open), "v1");
  EXPECT_EQ(Say(closed), "v2");
  EXPECT_EQ((**open)->dossier, (**closed)->dossier);
}

TEST_F(RecordFaults, R4_TheIdOfAnotherCaseIsNotUsedAgain) {
  const auto first = intake_.Ask(Ask(1, Row(nullptr)));
  intake_.LandAllAndRun();
  EXPECT_EQ(Say(first), "v1");
  cases::ImportDossier other = Row(nullptr);
  other.recorded.source_id = "4";
  cases::Command reused = Ask(1, other);
  reused.digest = 99;
  EXPECT_EQ(Say(intake_.Ask(reused)), "REQUEST_ID_REUSED");
  cases::Command reception = Receive(1);
  reception.digest = 99;
  EXPECT_EQ(Say(intake_.Ask(reception)), "REQUEST_ID_REUSED");
}

TEST_F(RecordFaults, P4_TwoHandOversOfOneItem) {
  Instance post(log_, clock_, post_);
  const auto settle = [&] {
    for (int i = 0; i < 4; ++i) {
      intake_.LandAllAndRun();
      post.LandAllAndRun();
    }
  };
  std::vector<cases::DossierCode> ready;
  for (int id = 1; id <= 3; ++id) {
    cases::Command receive = Receive(id);
    LeafOf<cases::ReceiveDossier>(receive.action).return_mode = cases::ReturnMode::kPostal;
    const auto received = intake_.Ask(receive);
    settle();
    ready.push_back((**received)->dossier);
    intake_.Ask(Ask(10 + id, cases::RecordResult{}, ready.back()));
    settle();
  }
  const cases::HandOverShipment item{"EX123456785VN", "vnpost"};
  const auto first = post.Ask(Ask(21, item, ready[0]));
  const auto second = post.Ask(Ask(22, item, ready[1]));
  EXPECT_EQ(log_.held_records(), 1U);
  EXPECT_EQ(Say(second), "-") << "the first may still lose its race";
  settle();
  EXPECT_EQ(Say(first), "v4");
  EXPECT_EQ(Say(second), "FIELD_INVALID");
  EXPECT_NE((**second).status().message().find(ready[0].value()), std::string::npos);
  // By the store of an instance that has read it all.
  Instance later(log_, clock_, post_);
  EXPECT_EQ(Say(later.Ask(Ask(23, item, ready[2]))), "FIELD_INVALID");
  const auto other =
      later.Ask(Ask(24, cases::HandOverShipment{"EX123456794VN", "vnpost"}, ready[2]));
  later.LandAllAndRun();
  EXPECT_EQ(Say(other), "v4");

  const auto uses = post_.UsesOfItem(later.store, "EX123456785VN");
  ASSERT_TRUE(uses.ok());
  ASSERT_EQ(uses->size(), 1U);
  EXPECT_EQ(uses->front().dossier, ready[0]);
  EXPECT_TRUE(uses->front().open);
}

}  // namespace
}  // namespace motcua::engine
