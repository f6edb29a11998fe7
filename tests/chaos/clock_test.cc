// Goal: wall clocks that step by an hour, as a wrong time server makes them, harm nothing: commands
// go on being answered, also what services owe by themselves, and the account holds.
// Method: two instances of each service over three brokers, under load, each with a wall clock of
// its own (clock_shift.cc) while monotonic clocks go on: one of them, one of each service, all of
// them, all while commands wait for sleeping brokers. The account is checker.h's.
#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <map>

#include "services/platform/runtime/child.h"
#include "tests/chaos/round.h"
#include "tests/chaos/wall_clock.h"
#include "tests/support/await.h"

namespace motcua::chaos {
namespace {

using std::chrono::hours;

constexpr int kBrokers = 3;
// Within a command's deadline.
constexpr std::chrono::seconds kAsleep{2};

void ExpectOk(const Status& status) { ASSERT_TRUE(status.ok()) << status.ToString(); }

// One for each process of a round.
class WallClocks {
 public:
  WallClocks() {
    for (const std::string_view service : cluster::kServices) {
      for (int ordinal = 0; ordinal < kInstances; ++ordinal) {
        const std::string name = std::string(service) + "-" + std::to_string(ordinal);
        clocks_.try_emplace({std::string(service), ordinal}, folder_ / name);
      }
    }
  }

  std::vector<std::string> EnvironmentOf(const std::string& service, int ordinal) const {
    return clocks_.at({service, ordinal}).environment();
  }
  void Set(const std::string& service, int ordinal, hours shift) const {
    clocks_.at({service, ordinal}).Set(shift);
  }
  void SetEach(int ordinal, hours shift) const {
    for (const std::string_view service : cluster::kServices) {
      Set(std::string(service), ordinal, shift);
    }
  }
  void SetAll(hours shift) const {
    for (int ordinal = 0; ordinal < kInstances; ++ordinal) SetEach(ordinal, shift);
  }

 private:
  const testing::TempDir folder_;
  std::map<std::pair<std::string, int>, WallClock> clocks_;
};

// The postal service makes a shipment by itself once there is a result; only then can it be handed
// to the post.
std::size_t ReactionsSeen(Round& round) {
  const auto answered = round.load().books().WithFate(Fate::kAnswered);
  return static_cast<std::size_t>(
      std::count_if(answered.begin(), answered.end(),
                    [](const Command* command) { return command->kind == "to the post"; }));
}

void AwaitReactions(Round& round) {
  constexpr std::size_t kReactions = 4;
  const std::size_t enough = ReactionsSeen(round) + kReactions;
  EXPECT_TRUE(testing::Await([&] { return ReactionsSeen(round) >= enough; }, kRecoveryMax))
      << "services do not do what they owe";
}

// `set` steps some clocks, there and back; what waits at either step must not wait for an hour.
void StepAndBack(Round& round, const std::function<void(hours)>& set, hours by) {
  for (const hours shift : {by, hours(0)}) {
    set(shift);
    round.AwaitAnswers();
    AwaitReactions(round);
  }
  EXPECT_LE(round.Figures().unavailable, kRecoveryMax);
}

// Commands wait in the services and in their clients of Kafka when the clocks step.
void StepWhileBrokersSleep(Round& round, const std::function<void(hours)>& set, hours by) {
  for (const hours shift : {by, hours(0)}) {
    for (int node = 1; node <= kBrokers; ++node) ExpectOk(round.kafka().PauseBroker(node));
    Round::Endure(kAsleep);
    set(shift);
    for (int node = 1; node <= kBrokers; ++node) ExpectOk(round.kafka().ResumeBroker(node));
    round.AwaitAnswers();
    AwaitReactions(round);
  }
  EXPECT_LE(round.Figures().unavailable, kRecoveryMax);
}

// What is folded counts at the latest instant that anybody has written. Clocks that did not step
// would prove nothing.
void ExpectStepsWereSeen(Round& round) {
  admin::v1::GetInstanceResponse answer;
  ASSERT_TRUE(testing::Await([&] { return round.Ask("intake", 0, answer); }, kRecoveryMax));
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto ahead =
      std::chrono::duration_cast<std::chrono::seconds>(now) + std::chrono::minutes(50);
  for (const auto& partition : answer.services(0).partitions()) {
    EXPECT_GT(partition.effective_time().seconds(), ahead.count());
  }
}

std::string NameOf(const std::string& whose, hours by) {
  return whose + (by > hours(0) ? ": +1 h and back" : ": -1 h and back");
}

TEST(ChaosClock, StepsOfAnHourLoseNothingAndStopNobody) {
  MOTCUA_REQUIRE_WALL_CLOCK();
  const WallClocks clocks;
  RoundOptions options;
  options.environment = [&clocks](const std::string& service, int ordinal) {
    return clocks.EnvironmentOf(service, ordinal);
  };
  const auto started = Round::Start(std::move(options));
  MOTCUA_REQUIRE_KAFKA(started);
  Round& round = **started;
  // Each instance is first in line for half of the units.
  const int ordinal = static_cast<int>(round.seed() % kInstances);
  using Set = std::function<void(hours)>;
  const std::vector<std::pair<const char*, Set>> those = {
      {"one intake", [&](hours shift) { clocks.Set("intake", ordinal, shift); }},
      {"one postal", [&](hours shift) { clocks.Set("postal", ordinal, shift); }},
      {"one of each service", [&](hours shift) { clocks.SetEach(ordinal, shift); }},
      {"all", [&](hours shift) { clocks.SetAll(shift); }}};
  std::vector<Fault> faults;
  for (const hours by : {hours(1), hours(-1)}) {
    for (const auto& [whose, set] : those) {
      faults.push_back({NameOf(whose, by), [&round, set, by] { StepAndBack(round, set, by); }});
    }
    const Set& all = those.back().second;
    faults.push_back({NameOf("brokers asleep, all", by),
                      [&round, &all, by] { StepWhileBrokersSleep(round, all, by); }});
  }
  round.RunAll(std::move(faults));
  ExpectStepsWereSeen(round);
  round.Finish();
}

std::int64_t SecondsOf(const std::vector<std::string>& environment) {
  runtime::Child date({"/bin/date", "+%s"}, "/dev/null", environment);
  const std::string text = date.ReadLine();
  std::int64_t seconds = 0;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  return seconds;
}

// A round whose clocks do not step would prove nothing.
TEST(WallClock, StepsForTheProcessAlone) {
  MOTCUA_REQUIRE_WALL_CLOCK();
  const testing::TempDir folder;
  const WallClock clock(folder / "clock");
  constexpr std::int64_t kHour = 3600;
  constexpr std::int64_t kTolerance = 60;
  for (const int shift : {0, 1, -1}) {
    clock.Set(hours(shift));
    const std::int64_t ahead = SecondsOf(clock.environment()) - SecondsOf({});
    EXPECT_LE(std::abs(ahead - shift * kHour), kTolerance) << shift;
  }
}

}  // namespace
}  // namespace motcua::chaos
