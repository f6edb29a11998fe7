// Goal: the ten months of Hạ Long over Apache Kafka give the same reports, cell by cell, also when
//       the replay is stopped and instances are killed on the way.
// Method: the real programs on the shared broker, two instances of each service, under a scenario's
//         clock; an interrupt; kill -9 of instances while the replay runs, one of which loses its
//         store; the list of the plan, as for the embedded log.
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "services/cli/local_cluster.h"
#include "tests/integration/replay/report.h"
#include "tests/support/await.h"
#include "tests/support/kafka.h"
#include "tests/support/service_cluster.h"

namespace motcua::testing {
namespace {

constexpr engine::PartitionId kPartitions = 3;
// tests/integration/README.md says why it is no larger.
constexpr const char* kScale = "0.02";
constexpr const char* kScaleVariable = "MOTCUA_REPLAY_SCALE";
constexpr std::chrono::minutes kPatience{5};
constexpr const char* kTopic = "replay-halong";
constexpr int kExitBehind = 3;  // `motcua report verify`: the service has not read the whole log
constexpr const char* kLater = "2020-12-01T08:00:00+07:00";
constexpr const char* kLaterUtc = "2020-12-01T01:00:00Z";

std::unique_ptr<cli::LocalCluster> StartCluster(const TempDir& temp, const std::string& brokers,
                                                const std::string& topic) {
  auto cluster = testing::StartOnTopic(brokers, topic, kPartitions, temp.path() / "cluster",
                                       {"--scenario=" + kStart});
  EXPECT_TRUE(cluster.ok()) << cluster.status().ToString();
  return cluster.ok() ? std::move(*cluster) : nullptr;
}

int ReceivedOf(const Report& report) {
  int received = 0;
  for (const auto& [key, cells] : report) {
    for (const auto& [cell, count] : cells) received += cell.starts_with("received.") ? count : 0;
  }
  return received;
}

std::vector<std::string> Joined(std::vector<std::string> words,
                                const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

TEST(ReplayOverKafka, EndsTheSameAlsoWhenItWasStoppedAndInstancesAreKilled) {
  const Result<std::string> brokers = SharedKafka();
  MOTCUA_REQUIRE_KAFKA(brokers);
  const TempDir temp;
  const auto cluster = StartCluster(temp, *brokers, kTopic);
  ASSERT_NE(cluster, nullptr);
  const std::vector<std::string> where = {"--cluster", cluster->cluster_file().string()};
  const std::string list = (temp.path() / "list.csv").string();
  const char* const scale = std::getenv(kScaleVariable);
  std::vector<std::string> words = Replay(scale == nullptr ? kScale : scale, {"--list", list});
  words.insert(words.begin(), kMotcua);
  const std::vector<std::string> planning = Joined(words, {"--dry-run"});
  words = Joined(words, where);
  const std::string errors = (temp.path() / "replay.log").string();
  runtime::Child planner(planning, errors);
  ASSERT_EQ(planner.Wait(), 0) << ReadText(errors);
  const int all = ReceivedOf(Expected(ReadText(list))["channel"]);
  const auto await_received = [&](runtime::Child& replay, int count) {
    const auto there = [&] { return ReceivedOf(Asked(where, "channel")) >= count; };
    EXPECT_TRUE(Await([&] { return !replay.running() || there(); }, kPatience));
    EXPECT_TRUE(replay.running()) << "it was over before anything could happen to it";
  };

  runtime::Child first(words, errors);
  await_received(first, all / 4);
  first.Signal(SIGINT);
  EXPECT_EQ(first.Wait(), 1) << ReadText(errors);

  runtime::Child second(words, errors);
  await_received(second, all / 2);
  const std::vector<std::pair<const char*, int>> killed = {
      {"intake", 0}, {"deadline", 1}, {"reporting", 0}};
  for (const auto& [service, ordinal] : killed) cluster->Kill(service, ordinal);
  std::filesystem::remove_all(cluster->store("reporting", 0));
  for (const auto& [service, ordinal] : killed) {
    const Status again = cluster->StartAgain(service, ordinal);
    ASSERT_TRUE(again.ok()) << again.ToString();
  }
  const std::string said = second.ReadAll();
  ASSERT_EQ(second.Wait(), 0) << said << ReadText(errors);
  const json tally = json::parse(said);
  EXPECT_EQ(tally["received"], all);
  EXPECT_EQ(tally["refused"], 0) << ReadText(errors);
  // Of both instances of reporting, each of which answers in turn.
  for (int i = 0; i < 2; ++i) ExpectReports(where, ReadText(list));

  // And what is counted from the topic says the same: its events count for every reader.
  Ran verified;
  EXPECT_TRUE(Await(
      [&] {
        verified = Motcua("", Joined({"report", "verify", "--brokers", *brokers, "--topic", kTopic,
                                      "--from", "2020-01-01", "--to", "2020-10-31"},
                                     where));
        return verified.exit_code != kExitBehind;
      },
      kPatience));
  EXPECT_EQ(verified.exit_code, 0) << verified.out;

  // By hand: the clock of every process, whichever is asked.
  EXPECT_EQ(Motcua("", Joined({"scenario", "set", kLater}, where)).exit_code, 0);
  for (std::size_t i = 0; i < cluster->addresses().services.size() * 2; ++i) {
    const Ran shown = Motcua("", Joined({"scenario", "show", "--format", "json"}, where));
    EXPECT_EQ(Json(shown)["current_time"], kLaterUtc) << shown.out;
  }
}

}  // namespace
}  // namespace motcua::testing
