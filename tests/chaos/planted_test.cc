// Goal: a round can fail: bugs that are planted into the real processes are found by its account.
// Method: services linked with copies of the engine and of the log's writer that can have a bug
// (planted_bugs.cc). For each bug a short round with the one fault that it takes, which the account
// must find; the same programs through the same round without a bug must be found right.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "services/platform/kafka/topics.h"
#include "tests/chaos/round.h"
#include "tests/integration/kafka_log/kafka_testing.h"
#include "tests/support/await.h"

namespace motcua::chaos {
namespace {

using ::testing::Contains;
using ::testing::ContainsRegex;
using ::testing::IsEmpty;

constexpr int kBrokers = 3;
constexpr int kCallers = 4;
// With what a planted bug leaves hanging.
constexpr std::chrono::seconds kPatience{10};
constexpr std::chrono::seconds kCallPatience{3};
constexpr std::chrono::seconds kTryPatience{2};
// For answers that no log stands behind; where there is no bug, none come.
constexpr std::chrono::seconds kAsleepMax{4};
// All of them within the time in which a copy may lag (10 s); with a majority asleep no controller
// gives anybody up.
constexpr int kWaves = 4;
constexpr std::chrono::seconds kWavePatience{2};
constexpr std::size_t kFindingsPrintedMax = 4;

struct Trial {
  const char* name;
  int brokers;
  int instances;
  void (*strike)(Round&);
  const char* bug;      // as CHAOS_BUG; empty: none
  const char* finding;  // what the account must say, in part; a regular expression
};
void PrintTo(const Trial& trial, std::ostream* out) { *out << trial.name; }

RoundOptions OptionsOf(const Trial& trial) {
  RoundOptions options;
  options.brokers = trial.brokers;
  options.partitions = 1;
  options.instances = trial.instances;
  options.programs = MOTCUA_PLANTED_DIR;
  options.load.callers = kCallers;
  const std::string bug = trial.bug;
  if (bug.empty()) return options;
  options.patience = kPatience;
  options.load.settle_patience = kPatience;
  options.load.policy.deadline = kCallPatience;
  options.load.policy.try_deadline = kTryPatience;
  options.environment = [bug](const std::string& /*service*/, int /*ordinal*/) {
    return std::vector<std::string>{"CHAOS_BUG=" + bug};
  };
  return options;
}

// What intake has in hand and the sleeping broker has not taken dies with it. More than the few
// requests that may be under way: those lie in the broker's socket, and it reads them when it
// wakes.
void KillWhileTheBrokerSleeps(Round& round) {
  ExpectOk(round.kafka().PauseBroker(1));
  static_cast<void>(round.load().AwaitAnswers(kAnswersAround, kAsleepMax));
  for (int ordinal = 0; ordinal < kInstances; ++ordinal) round.cluster().Kill("intake", ordinal);
  ExpectOk(round.kafka().ResumeBroker(1));
  for (int ordinal = 0; ordinal < kInstances; ++ordinal) {
    ExpectOk(round.cluster().StartAgain("intake", ordinal));
  }
}

// A clean end writes its rows to files, so that it goes on from where they say that it stands;
// others have gone on meanwhile. Then it is killed. That it refuses to start is found at the end.
void StopAndKillAnInstance(Round& round) {
  round.cluster().Stop("intake", 0);
  round.AwaitAnswers();
  static_cast<void>(round.cluster().StartAgain("intake", 0));
  round.cluster().Kill("intake", 0);
  static_cast<void>(round.cluster().StartAgain("intake", 0));
}

// What the log's partition takes on one node's disk, in bytes; before copies of it have it, too.
std::uintmax_t BytesOn(Round& round, int node) {
  const auto folder = round.kafka().folder() / ("node-" + std::to_string(node)) / "data" /
                      (kafka::TopicNames().case_events + "-0");
  std::uintmax_t bytes = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().extension() == ".log") bytes += file.file_size();
  }
  return bytes;
}

// What only the leader has is gone with it. Callers come in waves, each when the leader has a
// record of the one before: the first records may still reach the followers in the answer to the
// one request that each has under way, and of the last the leader may not have said that it has
// them, but those between are acknowledged by the leader and nobody else's.
void KillTheLeaderWhileFollowersSleep(Round& round) {
  const std::optional<int> leader =
      testing::KafkaAdmin(round.kafka().bootstrap()).Leader(kafka::TopicNames().case_events, 0);
  ASSERT_TRUE(leader.has_value()) << "the partition has no leader";
  std::vector<int> followers;
  for (int node = 1; node <= kBrokers; ++node) {
    if (node != *leader) followers.push_back(node);
  }
  for (const int node : followers) ExpectOk(round.kafka().PauseBroker(node));
  // Of a careful writer the leader looks at no second request while the first is not taken by all.
  bool taken = true;
  for (int wave = 0; wave < kWaves && taken; ++wave) {
    const std::uintmax_t before = BytesOn(round, *leader);
    round.load().Join(kCallers);
    taken = testing::Await([&] { return BytesOn(round, *leader) > before; }, kWavePatience);
  }
  ExpectOk(round.kafka().KillBroker(*leader));
  for (const int node : followers) ExpectOk(round.kafka().ResumeBroker(node));
}

class PlantedRound : public ::testing::TestWithParam<Trial> {};

TEST_P(PlantedRound, IsJudgedRightly) {
  const Trial& trial = GetParam();
  const bool is_right = std::string_view(trial.bug).empty();
  const auto started = Round::Start(OptionsOf(trial));
  MOTCUA_REQUIRE_KAFKA(started);
  Round& round = **started;
  round.load().books().BeginPhase(trial.name);
  round.AwaitAnswers();
  trial.strike(round);
  if (is_right) round.AwaitAnswers();
  const Verdict verdict = round.Account();
  if (is_right) {
    EXPECT_THAT(verdict.findings, IsEmpty());
  } else {
    EXPECT_THAT(verdict.findings, Contains(ContainsRegex(trial.finding)));
    for (std::size_t i = 0; i < std::min(verdict.findings.size(), kFindingsPrintedMax); ++i) {
      std::cout << "found: " << verdict.findings[i] << '\n';
    }
  }
}

// With acks=1 no answer is lost: a service answers what it has read back, and Kafka shows a record
// to readers only when all copies in step have it. But the writer takes for appended what the
// leader took with it, so it never sends it again, and who waits for it waits without end: a caller
// (another instance would send it in its place, so there is none), or the service itself, where the
// record was a reaction. Or the next record comes to lie where one was acknowledged before, by
// which the writer knows that the log is not what it was.
// (Answering before reading back loses answers in this round, too: what the log refuses while it
// stalls was answered.)
INSTANTIATE_TEST_SUITE_P(
    Chaos, PlantedRound,
    ::testing::Values(
        Trial{"SleepingBrokerWithoutABug", 1, kInstances, KillWhileTheBrokerSleeps, "", ""},
        Trial{"ReplyBeforeReadBack", 1, kInstances, KillWhileTheBrokerSleeps,
              "reply-before-read-back", "^lost: "},
        Trial{"StoppedInstanceWithoutABug", 1, kInstances, StopAndKillAnInstance, "", ""},
        Trial{"OffsetOffByOne", 1, kInstances, StopAndKillAnInstance, "offset-off-by-one",
              "^intake-0 and intake-1: "},
        Trial{"OffsetNotStored", 1, kInstances, StopAndKillAnInstance, "offset-not-stored",
              "^intake-0 stands at"},
        Trial{"KilledLeaderWithoutABug", kBrokers, 1, KillTheLeaderWhileFollowersSleep, "", ""},
        Trial{"AcksOne", kBrokers, 1, KillTheLeaderWhileFollowersSleep, "acks-one",
              "left without an answer|waits for .* events of its own|LOG_DAMAGED"}),
    [](const auto& trial) { return std::string(trial.param.name); });

}  // namespace
}  // namespace motcua::chaos
