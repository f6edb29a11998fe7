// Goal: a service takes as many commands as it can answer soon, and refuses the rest at once; its
//       partitions do not wait for each other.
// Method: a loop that nobody drives meanwhile, on a log that holds appends back, and on two of
// them.
#include "services/engine/service_loop.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "services/intake/rules.h"
#include "tests/unit/engine/partition_fixture.h"

namespace motcua::engine {
namespace {

using std::chrono::seconds;

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
  bool empty() const { return commands_.empty(); }

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
  places.reserve(kCommandsAdmittedMax);
  int id = 0;
  for (std::size_t i = 0; i < kCommandsAdmittedMax; ++i) places.push_back(Submit(Receive(++id)));
  const auto refused = Submit(Receive(++id));
  ASSERT_EQ(Say(refused), "OVERLOADED");
  EXPECT_EQ((*refused)->status().metadata(), (Status::Metadata{{"limit", "kCommandsAdmittedMax"}}));
  for (const auto& place : places) EXPECT_EQ(Say(place), "-");
  EXPECT_EQ(Say(Submit(ImportRow(++id))), "-") << "rows of an import do not stand at the counter";
  Run();
  for (const auto& place : places) ASSERT_EQ(Say(place), "v1");
  for (std::size_t i = 0; i < kCommandsAdmittedMax; ++i) {
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

// A log of two partitions, each with its own faults.
class TwoLogs final : public EventLog {
 public:
  PartitionId partitions() const override { return 2; }
  void Append(PartitionId p, std::vector<std::string> records, AppendDone done) override {
    logs[p].Append(0, std::move(records), std::move(done));
  }
  Result<std::shared_ptr<const LogChunk>> Read(PartitionId p, Offset from) override {
    return logs[p].Read(0, from);
  }
  void AskEnd(PartitionId p, EndDone done) override { logs[p].AskEnd(0, std::move(done)); }
  std::uint64_t Watch(std::function<void()>) override { return 0; }
  void Unwatch(std::uint64_t) override {}

  std::array<HandLog, 2> logs;
};

class TwoPartitionsTest : public ::testing::Test {
 protected:
  TwoPartitionsTest() {
    EXPECT_NE(PartitionOf(UnitOfPartition(0), 2), PartitionOf(UnitOfPartition(1), 2));
  }
  void TearDown() override { loop_.Stop(Status(Reason::kNotServing, "stop")); }

  static cases::UnitCode UnitOfPartition(PartitionId p) {
    for (const char* code : {"000.23.10.H49", "000.24.10.H49", "H49.23.10", "000.00.01.H49"}) {
      if (PartitionOf(cases::UnitCode(code), 2) == p) return cases::UnitCode(code);
    }
    return cases::UnitCode("000.23.10.H49");
  }
  Instance::Place Submit(int id, PartitionId partition, bool row = false) {
    cases::ImportDossier import;
    import.unit = UnitOfPartition(partition);
    cases::Command command = row ? Ask(id, std::move(import))
                                 : Ask(id, cases::ReceiveDossier{UnitOfPartition(partition),
                                                                 cases::ProcedureCode("1.000004")});
    auto place = std::make_shared<std::optional<Result<Answer>>>();
    loop_.Submit(std::move(command), clock_.passed + seconds(5),
                 [place](Result<Answer> answer) { *place = std::move(answer); });
    return place;
  }
  // Until there is nothing to do at this moment; how many rounds that took.
  int Run(bool land = true) {
    constexpr int kRoundsMax = 500;
    int rounds = 0;
    for (bool more = true; more && rounds < kRoundsMax; ++rounds) {
      more = false;
      for (HandLog& log : log_.logs) {
        while (land && log.read_failure.ok() && !log.held.empty()) {
          log.LandNext();
          more = true;
        }
      }
      const Result<bool> round = loop_.RunOnce();
      failure_ = round.status();
      more = more || (round.ok() && *round) || (land && HasHeld());
    }
    return rounds;
  }
  bool HasHeld() const {
    return std::any_of(log_.logs.begin(), log_.logs.end(), [](const HandLog& log) {
      return log.read_failure.ok() && !log.held.empty();
    });
  }
  // A broker went away with this partition, or came back.
  void SetFailing(PartitionId partition, bool failing) {
    const Status failure = failing ? Status(Reason::kLogUnavailable, "no leader") : OkStatus();
    log_.logs[partition].read_failure = failure;
    log_.logs[partition].end_failure = failure;
  }
  void Pass(Micros time) {
    clock_.Pass(time);
    Run();
  }
  // Reads again, asks again, and hears the answer.
  void Recover() {
    for (int i = 0; i < 2; ++i) Pass(std::max(kPartitionRetryPause, kEndAskRetryDelay));
  }

  TwoLogs log_;
  HandClock clock_;
  intake::IntakeRules rules_;
  wire::WireCodec codec_;
  simulation::SimStore store_;
  std::shared_ptr<const catalogue::Catalogue> catalogue_ = simulation::MakeMasterData();
  ListInbox inbox_;
  Status failure_;
  ServiceLoop loop_{{log_, store_, clock_, codec_, *catalogue_, rules_, inbox_}, {}};
};

// Review 4.6: one partition without a leader took the whole service down.
TEST_F(TwoPartitionsTest, OneWithoutALeaderStopsNobodyElse) {
  ASSERT_TRUE(loop_.Recover().ok());
  Run();
  SetFailing(1, true);
  Pass(kEndAskInterval);
  int id = 0;
  const auto waits = Submit(++id, 1);
  for (int second = 0; second < 4; ++second) {
    const auto answered = Submit(++id, 0);
    Run();
    EXPECT_EQ(Say(answered), "v1");
    EXPECT_TRUE(failure_.ok()) << failure_.ToString();
    Pass(seconds(1));
  }
  EXPECT_EQ(Say(waits), "-");
  const auto refused = Submit(++id, 1);
  Run();
  EXPECT_EQ(Say(refused), "LOG_UNAVAILABLE") << "at once, once it has failed for a while";
  EXPECT_TRUE(loop_.readings()[0].failure.ok());
  EXPECT_EQ(loop_.readings()[1].failure.reason(), Reason::kLogUnavailable);
  Pass(seconds(2));
  EXPECT_EQ(Say(waits), "OUTCOME_UNKNOWN") << "in time, though nobody can be asked";
  SetFailing(1, false);
  Recover();
  EXPECT_TRUE(loop_.readings()[1].failure.ok());
  const auto again = Submit(++id, 1);
  Run();
  EXPECT_EQ(Say(again), "v1");
}

TEST_F(TwoPartitionsTest, WhenAllFailTheServiceDoes) {
  ASSERT_TRUE(loop_.Recover().ok());
  Run();
  SetFailing(0, true);
  SetFailing(1, true);
  Pass(seconds(1));
  EXPECT_EQ(failure_.reason(), Reason::kLogUnavailable);
  SetFailing(0, false);
  Pass(kPartitionRetryPause);
  EXPECT_TRUE(failure_.ok());
}

TEST_F(TwoPartitionsTest, OneThatFailsFromTheStartIsNotWaitedForWithoutEnd) {
  SetFailing(1, true);
  ASSERT_TRUE(loop_.Recover().ok());
  Run();
  EXPECT_FALSE(loop_.CaughtUp()) << "it may be back in a moment";
  for (Micros waited{0}; waited <= kCatchUpPatience; waited += kPartitionRetryPause) {
    Pass(kPartitionRetryPause);
  }
  EXPECT_TRUE(loop_.CaughtUp());
  const auto taken = Submit(1, 0);
  const auto refused = Submit(2, 1);
  Run();
  EXPECT_EQ(Say(taken), "v1");
  EXPECT_EQ(Say(refused), "LOG_UNAVAILABLE");
  SetFailing(1, false);
  Recover();
  const auto later = Submit(3, 1);
  Run();
  EXPECT_EQ(Say(later), "v1");
}

TEST_F(TwoPartitionsTest, AFullOneRefusesAlone) {
  ASSERT_TRUE(loop_.Recover().ok());
  Run();
  int id = 0;
  std::vector<Instance::Place> places;
  const std::size_t most = kEventsInFlightMax + kCommandsQueuedMax;
  for (std::size_t i = 0; i < most + 2048; ++i) {
    places.push_back(Submit(++id, 1, /*row=*/true));
    if (i % 512 == 0) Run(/*land=*/false);
  }
  Run(/*land=*/false);
  EXPECT_EQ(Say(places.front()), "-");
  EXPECT_EQ(Say(places.back()), "OVERLOADED");
  const auto other = Submit(++id, 0);
  Run(/*land=*/false);
  log_.logs[0].LandNext();
  Run(/*land=*/false);
  EXPECT_EQ(Say(other), "v1");
}

TEST_F(TwoPartitionsTest, OneThatDoesNotMoveTakesNobodysPlace) {
  ASSERT_TRUE(loop_.Recover().ok());
  Run();
  int id = 0;
  std::vector<Instance::Place> stuck;
  for (std::size_t i = 0; i < kCommandsAdmittedMax; ++i) stuck.push_back(Submit(++id, 1));
  Run(/*land=*/false);
  EXPECT_EQ(Say(Submit(++id, 0)), "OVERLOADED");
  clock_.Pass(kStuckAfter);
  Run(/*land=*/false);
  const auto taken = Submit(++id, 0);
  EXPECT_EQ(Say(taken), "-");
  EXPECT_EQ(Say(Submit(++id, 1)), "OVERLOADED") << "but it has no more than it had";
  Run();
  EXPECT_EQ(Say(taken), "v1");
  for (const auto& place : stuck) EXPECT_EQ(Say(place), "v1");
}

// Review 4.15: a full core until the log moved.
TEST_F(TwoPartitionsTest, ALogThatNeverAnswersCostsNoRounds) {
  ASSERT_TRUE(loop_.Recover().ok());
  Run();
  int id = 0;
  for (std::size_t i = 0; i < 2 * kEventsInFlightMax; ++i) Submit(++id, 1, /*row=*/true);
  Run(/*land=*/false);
  EXPECT_EQ(loop_.partitions()[1]->in_flight(), kEventsInFlightMax);
  for (int i = 0; i < 100; ++i) Submit(++id, 1, /*row=*/true);
  EXPECT_LE(Run(/*land=*/false), 2) << "it asks for another round though there is nothing to do";
  EXPECT_TRUE(inbox_.empty()) << "what waits in the inbox ends every wait of the loop at once";
  EXPECT_GT(loop_.NextWake(), Micros(0));
}

// Review 4.11: the store's disk is behind; nobody waits for it but those whose events it has not
// taken, and those no longer than their deadlines.
TEST_F(TwoPartitionsTest, AStoreThatIsBehindIsTriedAgainSoonAndIsNoFailure) {
  ASSERT_TRUE(loop_.Recover().ok());
  Run();
  store_.refusal = Status(Reason::kOverloaded, "behind");
  store_.may_write = [] { return false; };
  const auto place = Submit(1, 0);
  Run();
  EXPECT_EQ(Say(place), "-");
  EXPECT_TRUE(failure_.ok()) << "NOT_SERVING for a slow moment";
  EXPECT_LE(loop_.NextWake(), kStoreRetryPause);
  EXPECT_GT(loop_.NextWake(), Micros(0));
  Pass(seconds(5));
  EXPECT_EQ(Say(place), "OUTCOME_UNKNOWN");
  EXPECT_TRUE(loop_.readings()[0].failure.ok());
  store_.may_write = nullptr;
  Pass(kStoreRetryPause);
  const auto again = Submit(1, 0);
  Run();
  EXPECT_EQ(Say(again), "v1 again");
}

}  // namespace
}  // namespace motcua::engine
