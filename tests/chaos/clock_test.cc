// Goal: wall clocks that step by hours, days and years, as a wrong time server or a dead battery
// makes them, harm nothing: nothing that they say counts, who has one says so, commands go on
// being answered by the others, also what services owe by themselves, all is well when clocks are
// right again, and the account holds.
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

// Whose clocks step: all of a set that one instance is part of.
struct Whose {
  const char* name;
  std::function<void(hours)> set;
  std::string service;  // one of them
  int ordinal;
  bool all;  // nobody is left who could answer
};

// Each that reads what others write, or writes, is told. Clocks that did not step would prove
// nothing.
void AwaitTold(Round& round, const Whose& whose) {
  admin::v1::GetInstanceResponse answer;
  EXPECT_TRUE(testing::Await(
      [&] {
        return round.Ask(whose.service, whose.ordinal, answer) &&
               answer.services(0).failure().find("CLOCK_DISAGREES") != std::string::npos;
      },
      kRecoveryMax))
      << whose.name << ": " << answer.services(0).failure();
}

void AwaitAllIsWell(Round& round) {
  round.AwaitAnswers();
  AwaitReactions(round);
  EXPECT_LE(round.Figures().unavailable, kRecoveryMax);
}

// There and back; what waits at either step must not wait for so long.
void StepAndBack(Round& round, const Whose& whose, hours by) {
  whose.set(by);
  AwaitTold(round, whose);
  if (!whose.all) AwaitAllIsWell(round);
  whose.set(hours(0));
  AwaitAllIsWell(round);
}

// Commands wait in the services and in their clients of Kafka when the clocks step.
void StepWhileBrokersSleep(Round& round, const Whose& whose, hours by) {
  for (const hours shift : {by, hours(0)}) {
    for (int node = 1; node <= kBrokers; ++node) ExpectOk(round.kafka().PauseBroker(node));
    Round::Endure(kAsleep);
    whose.set(shift);
    for (int node = 1; node <= kBrokers; ++node) ExpectOk(round.kafka().ResumeBroker(node));
    if (shift == by) AwaitTold(round, whose);
  }
  AwaitAllIsWell(round);
}

// What is folded counts at the latest instant that anybody has written and that was accepted.
void ExpectNoStepCounts(Round& round) {
  admin::v1::GetInstanceResponse answer;
  ASSERT_TRUE(testing::Await([&] { return round.Ask("intake", 0, answer); }, kRecoveryMax));
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto ahead =
      std::chrono::duration_cast<std::chrono::seconds>(now) + std::chrono::minutes(2);
  for (const auto& partition : answer.services(0).partitions()) {
    EXPECT_LT(partition.effective_time().seconds(), ahead.count());
  }
}

std::string NameOf(const std::string& whose, hours by) {
  return whose + (by > hours(0) ? ": +" : ": ") + std::to_string(by.count()) + " h and back";
}

TEST(ChaosClock, Faults_C10_StepsOfHoursDaysAndYearsCountForNothingAndStopNobody) {
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
  const std::vector<Whose> those = {
      {"one intake", [&](hours shift) { clocks.Set("intake", ordinal, shift); }, "intake", ordinal,
       false},
      {"one postal", [&](hours shift) { clocks.Set("postal", ordinal, shift); }, "postal", ordinal,
       false},
      {"one of each service", [&](hours shift) { clocks.SetEach(ordinal, shift); }, "deadline",
       ordinal, false},
      {"all", [&](hours shift) { clocks.SetAll(shift); }, "intake", ordinal, true}};
  constexpr hours kMonth{24 * 30};
  constexpr hours kYears{24 * 366 * 3};
  std::vector<Fault> faults;
  for (const hours by : {hours(1), hours(-1), kMonth, -kMonth, kYears, -kYears}) {
    for (const Whose& whose : those) {
      faults.push_back(
          {NameOf(whose.name, by), [&round, &whose, by] { StepAndBack(round, whose, by); }});
    }
    const Whose& all = those.back();
    faults.push_back({NameOf("brokers asleep, all", by),
                      [&round, &all, by] { StepWhileBrokersSleep(round, all, by); }});
  }
  round.RunAll(std::move(faults));
  ExpectNoStepCounts(round);
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
  constexpr int kYears = 24 * 366 * 3;
  for (const int shift : {0, 1, -1, kYears, -kYears}) {
    clock.Set(hours(shift));
    const std::int64_t ahead = SecondsOf(clock.environment()) - SecondsOf({});
    EXPECT_LE(std::abs(ahead - shift * kHour), kTolerance) << shift;
  }
}

}  // namespace
}  // namespace motcua::chaos
