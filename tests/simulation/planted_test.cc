// Goal: the judge of the simulation can fail: each bug that is planted into the engine or into
// reporting is caught.
// Method: copies of both are compiled with MOTCUA_PLANT (services/engine/plant.h). For each bug
// worlds run by seed until one is judged wrong; it must happen within the given number.
#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "services/engine/plant.h"
#include "tests/simulation/world.h"

namespace motcua::simulation {
namespace {

using engine::Bug;

struct Planted {
  Bug bug;
  const char* name;
  std::uint64_t seeds_max;
  void (*tweak)(Options&) = nullptr;  // more of the trouble that it takes than in a common world
};
void PrintTo(const Planted& planted, std::ostream* out) { *out << planted.name; }

class PlantedBug : public ::testing::TestWithParam<Planted> {
 protected:
  void TearDown() override { engine::planted_bug = Bug::kNone; }
};

// Appends are often unknown and land twice.
void RoughLog(Options& options) {
  options.log.unknown = 300;
  options.log.duplicate = 500;
}
// Nobody else does the work of an instance that waits for its clock.
void LonelyWithBadClocks(Options& options) {
  options.log.unknown = 300;
  options.replicas.fill(1);
  options.clock_error_max = std::chrono::hours(1);
}
// Processes' clocks are years off, the log's is right.
void WrongClocks(Options& options) {
  options.clock_error_max = std::chrono::seconds(2);
  options.clock_wrong_max = std::chrono::hours(3 * 366 * 24);
  options.clock_wrong = 500;
  options.log_clock_wrong = 0;
  options.fault = 150;
}

// They die often, and nobody else has seen what an instance owed when it died.
void LonelyAndMortal(Options& options) {
  options.replicas.fill(1);
  options.fault = 150;
}
// Appends fail under clocks that stand behind, so that what is decided again is decided alike.
void RefusedWithBadClocks(Options& options) {
  options.log.refused = 300;
  options.log.append_max = std::chrono::milliseconds(500);
  options.clock_error_max = std::chrono::seconds(50);
}

// Mistakes are taken back.
void Corrections(Options& options) { options.corrections = 300; }

// An older program is still there; nobody writes what nobody understands.
void Upgrade(Options& options) {
  options = Options::DrawUpgrade(options.seed);
  options.stranger = 0;
}

TEST_P(PlantedBug, IsCaught) {
  for (std::uint64_t seed = 1; seed <= GetParam().seeds_max; ++seed) {
    engine::planted_bug = GetParam().bug;
    Options options = Options::Draw(seed);
    if (GetParam().tweak != nullptr) GetParam().tweak(options);
    World world(options, {});
    const std::string wrong = world.Run();
    if (wrong.empty()) continue;
    std::printf("%s: seed %llu: %s\n", GetParam().name, static_cast<unsigned long long>(seed),
                wrong.substr(0, 200).c_str());
    return;
  }
  FAIL() << GetParam().name << " was not caught within " << GetParam().seeds_max << " seeds";
}

INSTANTIATE_TEST_SUITE_P(
    Bugs, PlantedBug,
    ::testing::Values(Planted{Bug::kSkipDedupe, "SkipDedupe", 50},
                      Planted{Bug::kIgnoreTip, "IgnoreTip", 200},
                      Planted{Bug::kReplyBeforeReadBack, "ReplyBeforeReadBack", 50},
                      Planted{Bug::kApplyWithoutAccept, "ApplyWithoutAccept", 50},
                      Planted{Bug::kOffsetOffByOne, "OffsetOffByOne", 50},
                      Planted{Bug::kOffsetNotStored, "OffsetNotStored", 200},
                      Planted{Bug::kTimerTwice, "TimerTwice", 50},
                      Planted{Bug::kRefuseFromSpeculation, "RefuseFromSpeculation", 400},
                      Planted{Bug::kRefuseFromStaleState, "RefuseFromStaleState", 400},
                      Planted{Bug::kKeepSpeculation, "KeepSpeculation", 400},
                      Planted{Bug::kForgetOwed, "ForgetOwed", 1000, LonelyAndMortal},
                      Planted{Bug::kTimeGoesBack, "TimeGoesBack", 50},
                      Planted{Bug::kNumberFromAccepted, "NumberFromAccepted", 200},
                      Planted{Bug::kCountEveryNumber, "CountEveryNumber", 200},
                      Planted{Bug::kOneYearPerBook, "OneYearPerBook", 200},
                      Planted{Bug::kReportsAsTheyCome, "ReportsAsTheyCome", 200},
                      Planted{Bug::kUndoAsItBecame, "UndoAsItBecame", 50, Corrections},
                      Planted{Bug::kLateTimeLost, "LateTimeLost", 200},
                      Planted{Bug::kLateTimeMoved, "LateTimeMoved", 200},
                      Planted{Bug::kUnknownIsFailed, "UnknownIsFailed", 50},
                      Planted{Bug::kSinkNotCleared, "SinkNotCleared", 50},
                      Planted{Bug::kReplyTwice, "ReplyTwice", 50},
                      Planted{Bug::kLoseReply, "LoseReply", 50},
                      Planted{Bug::kTipWithoutInstant, "TipWithoutInstant", 400},
                      Planted{Bug::kDecideEarlyAgain, "DecideEarlyAgain", 1500, RoughLog},
                      Planted{Bug::kWaitByClock, "WaitByClock", 400, LonelyWithBadClocks},
                      Planted{Bug::kTrustEveryClock, "TrustEveryClock", 50, WrongClocks},
                      Planted{Bug::kDecideByAnyClock, "DecideByAnyClock", 200, WrongClocks},
                      Planted{Bug::kNoNonce, "NoNonce", 3000, RefusedWithBadClocks},
                      Planted{Bug::kDecideUnderstoodOrNot, "DecideUnderstoodOrNot", 50, Upgrade},
                      Planted{Bug::kFormatWithoutSchema, "FormatWithoutSchema", 50, Upgrade}),
    [](const auto& test) { return std::string(test.param.name); });

// The copy that is compiled with the switch must be right as long as none is planted.
TEST(PlantedEngine, IsRightWithoutABug) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    World world(Options::Draw(seed), {});
    EXPECT_EQ(world.Run(), "");
  }
}

}  // namespace
}  // namespace motcua::simulation
