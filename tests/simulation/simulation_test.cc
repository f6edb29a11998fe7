// Goal: the five services keep their promises whatever the log, the clocks, the disks, the
// processes
//       and the clients do (architecture.md §6).
// Method: simulated worlds by seed (README.md): first those that have found something, as kept in
//         seeds.txt, then a few hundred in a row. The marks prove that the faults were reached.
#include <gtest/gtest.h>

#include <charconv>
#include <fstream>
#include <string>

#include "tests/simulation/world.h"

namespace motcua::simulation {
namespace {

Marks RunSeed(std::uint64_t seed) {
  World world(Options::Draw(seed), {});
  const std::string wrong = world.Run();
  EXPECT_EQ(wrong, "") << "replay: build/bin/simulate --seed " << seed << " --verbose";
  return world.marks();
}

TEST(Simulation, SeedsThatHaveFoundSomethingStayRight) {
  std::ifstream file(MOTCUA_SOURCE_DIR "/tests/simulation/seeds.txt");
  std::size_t seeds = 0;
  for (std::string line; std::getline(file, line);) {
    std::uint64_t seed = 0;
    if (std::from_chars(line.data(), line.data() + line.size(), seed).ec != std::errc()) continue;
    RunSeed(seed);
    ++seeds;
  }
  EXPECT_GT(seeds, 0U) << "seeds.txt is empty or was not found";
}

TEST(Simulation, AFewHundredSeedsAreRight) {
  constexpr std::uint64_t kSeeds = 300;
  Marks all;
  for (std::uint64_t seed = 1; seed <= kSeeds && !::testing::Test::HasFailure(); ++seed) {
    const Marks marks = RunSeed(seed);
    all.records += marks.records;
    all.accepted += marks.accepted;
    all.answered += marks.answered;
    all.alerts += marks.alerts;
    all.deaths += marks.deaths;
    all.freezes += marks.freezes;
    all.stores_lost += marks.stores_lost;
    all.clock_steps += marks.clock_steps;
    all.untimely += marks.untimely;
    all.tiers.insert(marks.tiers.begin(), marks.tiers.end());
    all.interconnections.insert(marks.interconnections.begin(), marks.interconnections.end());
    all.lateness.dossiers += marks.lateness.dossiers;
    all.lateness.parts.insert(marks.lateness.parts.begin(), marks.lateness.parts.end());
  }
  // A test that meets no trouble proves nothing.
  EXPECT_GT(all.records, all.accepted + all.accepted / 50);
  EXPECT_GT(all.answered, kSeeds * 20);
  EXPECT_GT(all.alerts, kSeeds * 2);
  EXPECT_GT(all.deaths, kSeeds);
  EXPECT_GT(all.freezes, kSeeds / 2);
  EXPECT_GT(all.stores_lost, kSeeds / 20);
  EXPECT_GT(all.clock_steps, kSeeds / 4);
  EXPECT_GT(all.untimely, kSeeds);
  // Reports by level and by interconnection have rows of each, and lateness has all parts.
  EXPECT_EQ(all.tiers.size(), codes::CodeList<codes::Tier>::kValues.size());
  EXPECT_EQ(all.interconnections.size(), codes::CodeList<codes::Interconnection>::kValues.size());
  EXPECT_GT(all.lateness.dossiers, kSeeds);
  for (const reporting::TimePart part : codes::CodeList<reporting::TimePart>::kValues) {
    EXPECT_TRUE(all.lateness.parts.contains(part)) << Name(part) << " was never met";
  }
}

TEST(Simulation, ARollingUpgradeLosesNothingAndGuessesNothing) {
  constexpr std::uint64_t kSeeds = 200;
  // Kept: an alert that the log had refused came late, the partition's time standing still.
  for (const std::uint64_t seed : {1303U}) {
    World world(Options::DrawUpgrade(seed), {});
    EXPECT_EQ(world.Run(), "") << "replay: build/bin/simulate --upgrade --seed " << seed;
  }
  Marks all;
  for (std::uint64_t seed = 1; seed <= kSeeds && !::testing::Test::HasFailure(); ++seed) {
    World world(Options::DrawUpgrade(seed), {});
    EXPECT_EQ(world.Run(), "") << "replay: build/bin/simulate --upgrade --seed " << seed;
    const Marks marks = world.marks();
    all.upgrades += marks.upgrades;
    all.by_older += marks.by_older;
    all.beyond_older += marks.beyond_older;
  }
  // Both programs have written, and the older one has met what it does not understand.
  EXPECT_GT(all.upgrades, kSeeds * 5);
  EXPECT_GT(all.by_older, kSeeds * 10);
  EXPECT_GT(all.beyond_older, kSeeds * 3);
}

// What is well formed and fits counts, whatever it says: the fold is total, and who decides on it
// refuses, and does not fall.
TEST(Simulation, Review_4_13_AStrangersNonsenseStopsNobody) {
  constexpr std::uint64_t kSeeds = 100;
  Marks all;
  for (std::uint64_t seed = 1; seed <= kSeeds && !::testing::Test::HasFailure(); ++seed) {
    World world(Options::DrawNonsense(seed), {});
    EXPECT_EQ(world.Run(), "") << "replay: build/bin/simulate --nonsense --seed " << seed;
    const Marks marks = world.marks();
    all.nonsense += marks.nonsense;
    all.answered += marks.answered;
  }
  EXPECT_GT(all.nonsense, kSeeds * 3);
  EXPECT_GT(all.answered, kSeeds * 15);
}

// Each shipment of a handed-over manifest follows it once, or is skipped; numbers have no gap.
TEST(Simulation, ManifestsAreFollowedByEachOfTheirShipmentsOnce) {
  constexpr std::uint64_t kSeeds = 100;
  Marks all;
  for (std::uint64_t seed = 1; seed <= kSeeds && !::testing::Test::HasFailure(); ++seed) {
    World world(Options::DrawManifests(seed), {});
    EXPECT_EQ(world.Run(), "") << "replay: build/bin/simulate --manifests --seed " << seed;
    const Marks marks = world.marks();
    all.manifests += marks.manifests;
    all.followed += marks.followed;
    all.skipped += marks.skipped;
  }
  EXPECT_GT(all.manifests, kSeeds);
  EXPECT_GT(all.followed, kSeeds);
  EXPECT_GT(all.skipped, kSeeds / 20);
}

// What is taken back counts no more, for nobody, and what is left is lawful without it.
TEST(Simulation, MistakesThatAreTakenBackLeaveTheHistoryWithoutThem) {
  constexpr std::uint64_t kSeeds = 150;
  Marks all;
  for (std::uint64_t seed = 1; seed <= kSeeds && !::testing::Test::HasFailure(); ++seed) {
    World world(Options::DrawCorrections(seed), {});
    EXPECT_EQ(world.Run(), "") << "replay: build/bin/simulate --corrections --seed " << seed;
    const Marks marks = world.marks();
    all.corrections += marks.corrections;
    all.corrections_of_more += marks.corrections_of_more;
    all.reminders += marks.reminders;
  }
  EXPECT_GT(all.corrections, kSeeds);
  EXPECT_GT(all.corrections_of_more, 0U);
  EXPECT_GT(all.reminders, kSeeds / 5);
}

TEST(Simulation, TheSameSeedGivesTheSameRun) {
  constexpr std::uint64_t kSeed = 7;
  std::string runs[2];
  for (std::string& run : runs) {
    World world(Options::Draw(kSeed), [&run](const std::string& line) { run += line + "\n"; });
    EXPECT_EQ(world.Run(), "");
  }
  EXPECT_EQ(runs[0], runs[1]);
  EXPECT_GT(runs[0].size(), 1000U);
}

}  // namespace
}  // namespace motcua::simulation
