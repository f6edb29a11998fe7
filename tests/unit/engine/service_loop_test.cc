// Goal: a service takes as many commands as it can answer soon, and refuses the rest at once.
// Method: a loop that nobody drives meanwhile, on a log that holds appends back.
#include "services/engine/service_loop.h"

#include <gtest/gtest.h>

#include "services/intake/rules.h"
#include "tests/unit/engine/partition_fixture.h"

namespace motcua::engine {
namespace {

class ListInbox final : public Inbox {
 public:
  bool Push(PendingCommand&& command) override {
    commands_.push_back(std::move(command));
    return true;
  }
  std::vector<PendingCommand> Drain(std::size_t commands_max) override {
    std::vector<PendingCommand> drained;
    while (!commands_.empty() && drained.size() < commands_max) {
      drained.push_back(std::move(commands_.front()));
      commands_.pop_front();
    }
    return drained;
  }

 private:
  std::deque<PendingCommand> commands_;
};

class ServiceLoopTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(loop_.Recover().ok());
    Run();
  }
  void TearDown() override { loop_.Stop(Status(Reason::kNotServing, "stop")); }

  Instance::Place Submit(cases::Command command) {
    auto place = std::make_shared<std::optional<Result<Answer>>>();
    loop_.Submit(std::move(command), kNoDeadline,
                 [place](Result<Answer> answer) { *place = std::move(answer); });
    return place;
  }
  void Run() {
    for (bool more = true; more || !log_.held.empty();) {
      if (!log_.held.empty()) log_.LandNext();
      const Result<bool> round = loop_.RunOnce();
      ASSERT_TRUE(round.ok()) << round.status().ToString();
      more = *round;
    }
  }

  HandLog log_;
  HandClock clock_;
  intake::IntakeRules rules_;
  wire::WireCodec codec_;
  simulation::SimStore store_;
  std::shared_ptr<const catalogue::Catalogue> catalogue_ = simulation::MakeMasterData();
  ListInbox inbox_;
  ServiceLoop loop_{{log_, store_, clock_, codec_, *catalogue_, rules_, inbox_}, {}};
};

cases::Command ImportRow(int id) {
  cases::ImportDossier row;
  row.unit = cases::UnitCode("000.23.10.H49");
  return Ask(id, std::move(row));
}

TEST_F(ServiceLoopTest, BeyondWhatItCanAnswerSoonItRefusesAtOnce) {
  std::vector<Instance::Place> places;
  places.reserve(kCommandsInsideMax);
  int id = 0;
  for (std::size_t i = 0; i < kCommandsInsideMax; ++i) places.push_back(Submit(Receive(++id)));
  const auto refused = Submit(Receive(++id));
  ASSERT_EQ(Say(refused), "OVERLOADED");
  EXPECT_EQ((*refused)->status().metadata(), (Status::Metadata{{"limit", "kCommandsInsideMax"}}));
  for (const auto& place : places) EXPECT_EQ(Say(place), "-");
  EXPECT_EQ(Say(Submit(ImportRow(++id))), "-") << "rows of an import do not stand at the counter";
  Run();
  for (const auto& place : places) ASSERT_EQ(Say(place), "v1");
  for (std::size_t i = 0; i < kCommandsInsideMax; ++i) {
    ASSERT_EQ(Say(Submit(Receive(++id))), "-") << "an answer makes room for one more";
  }
  EXPECT_EQ(Say(Submit(Receive(++id))), "OVERLOADED");
}

TEST_F(ServiceLoopTest, IsIdleWhileNothingOfItsOwnIsUnderWay) {
  EXPECT_TRUE(loop_.Idle());
  const auto place = Submit(Receive(1));
  ASSERT_TRUE(loop_.RunOnce().ok());
  EXPECT_EQ(Say(place), "-");
  EXPECT_FALSE(loop_.Idle()) << "somebody waits for the reading back";
  Run();
  EXPECT_EQ(Say(place), "v1");
  EXPECT_TRUE(loop_.Idle());
}

}  // namespace
}  // namespace motcua::engine
