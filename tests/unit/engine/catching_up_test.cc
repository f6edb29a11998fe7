// Goal: a partition that catches up commits seldom, holds a bounded number of changes, has caught
//       up only when its store has all, and comes to the same rows.
// Method: an instance that was there all the time beside one that reads the finished log at once.
#include "tests/unit/engine/partition_fixture.h"

namespace motcua::engine {
namespace {

class CatchingUpTest : public ::testing::Test {
 protected:
  // Receives so many dossiers.
  void Receive(int dossiers) {
    for (int id = 1; id <= dossiers; ++id) {
      intake_.Ask(engine::Receive(id));
      log_.LandNext();
    }
    intake_.Run();
    ASSERT_EQ(log_.landed.size(), static_cast<std::size_t>(dossiers));
  }

  HandLog log_;
  HandClock clock_;
  intake::IntakeRules rules_;
  deadline::DeadlineRules deadline_rules_;
  Instance intake_{log_, clock_, rules_};
};

TEST_F(CatchingUpTest, CommitsOnceForManySteps) {
  Instance steady{log_, clock_, deadline_rules_};
  Receive(2 * static_cast<int>(kRecordsPerStepMax) + 1);
  steady.Run();

  log_.read_failure = Status(Reason::kLogUnavailable, "not yet");
  Instance late{log_, clock_, deadline_rules_};
  log_.read_failure = OkStatus();
  int commits = 0;
  late.store.may_write = [&commits] { return ++commits > 1; };
  late.Run();
  EXPECT_FALSE(late.partition().CaughtUp()) << "the store has nothing of it";
  EXPECT_EQ(commits, 1);
  late.Run();
  EXPECT_TRUE(late.partition().CaughtUp());
  EXPECT_EQ(commits, 2);
  EXPECT_EQ(late.store.rows(), steady.store.rows());
}

TEST_F(CatchingUpTest, HoldsNoMoreThanSoMuch) {
  Receive(static_cast<int>(kChangesHeldMax));  // each changes a dossier and a note at least
  log_.read_failure = Status(Reason::kLogUnavailable, "not yet");
  Instance late{log_, clock_, rules_};
  log_.read_failure = OkStatus();
  int commits = 0;
  late.store.may_write = [&commits] { return ++commits > 0; };
  late.Run();
  EXPECT_TRUE(late.partition().CaughtUp());
  EXPECT_GT(commits, 1);
  EXPECT_EQ(late.store.rows(), intake_.store.rows());
}

}  // namespace
}  // namespace motcua::engine
