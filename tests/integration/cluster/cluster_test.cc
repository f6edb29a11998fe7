// Goal: services as processes of their own over Kafka do what the embedded ones do: the real
//       half-year gives the same report, cell by cell, also when instances are killed meanwhile.
// Method: the real programs on the shared broker, two instances of each service, beside
//         `motcua standalone` with the same register; kill -9 of instances during the import, one
//         of which loses its store.
#include <filesystem>
#include <optional>
#include <set>

#include "tests/integration/standalone/running.h"
#include "tests/support/await.h"
#include "tests/support/kafka.h"
#include "tests/support/service_cluster.h"

namespace motcua::testing {
namespace {

constexpr engine::PartitionId kPartitions = 4;
const std::string kRegister =
    std::string(MOTCUA_SOURCE_DIR) + "/tests/data/boston311-2015h1.csv.gz";
const std::vector<std::string> kQuery = {"--from",     "2015-01-01", "--to",
                                         "2016-01-12", "--as-of",    "2016-01-13T00:00:00-05:00",
                                         "--verdict",  "instant"};

// Of a report: up to when it is true differs from answer to answer.
std::string NumbersOf(const Ran& ran) {
  nlohmann::json report = Json(ran);
  report.erase("position");
  return report.dump();
}

class ClusterTest : public ::testing::Test {
 protected:
  // Makes a topic of its own and starts two instances of each service on it.
  void Start(const std::string& brokers, const std::string& topic) {
    auto cluster = StartOnTopic(brokers, topic, kPartitions, temp_.path() / "cluster");
    ASSERT_TRUE(cluster.ok()) << cluster.status().ToString();
    cluster_ = std::move(*cluster);
  }
  Ran OnCluster(std::vector<std::string> words) {
    words.insert(words.end(), {"--cluster", cluster_->cluster_file().string()});
    return Motcua("", std::move(words));
  }
  std::string Report(const std::string& by) {
    std::vector<std::string> words = {"report", "06a", "--by", by, "--format", "json"};
    words.insert(words.end(), kQuery.begin(), kQuery.end());
    const Ran ran = OnCluster(words);
    EXPECT_EQ(ran.exit_code, 0);
    return NumbersOf(ran);
  }
  // Waits until every instance of the service has read what the log holds.
  void AwaitNoLag() {
    EXPECT_TRUE(testing::Await([&] { return HasNoLag(); }, std::chrono::minutes(2)))
        << "the instances do not come to the same place";
  }

  bool HasNoLag() {
    const nlohmann::json status = Json(OnCluster({"cluster", "status", "--format", "json"}));
    std::set<std::uint64_t> read;
    bool all = true;
    for (const nlohmann::json& instance : status) {
      std::uint64_t sum = 0;
      for (const nlohmann::json& partition : instance["partitions"]) {
        sum += partition["next_offset"].get<std::uint64_t>();
      }
      read.insert(sum);
      all = all && instance["serving"].get<bool>();
    }
    return all && read.size() == 1;
  }

  const TempDir temp_;
  std::unique_ptr<cli::LocalCluster> cluster_;
};

// What the embedded services say to the same register.
std::map<std::string, std::string> EmbeddedReports(const TempDir& temp) {
  Services services(temp.path() / "embedded");
  EXPECT_FALSE(services.address().empty()) << services.log();
  Motcua(services.address(), {"import", "register", kRegister, "--mapping", "boston311"});
  std::map<std::string, std::string> reports;
  for (const std::string by : {"unit", "field", "procedure", "channel"}) {
    std::vector<std::string> words = {"report", "06a", "--by", by, "--format", "json"};
    words.insert(words.end(), kQuery.begin(), kQuery.end());
    reports[by] = NumbersOf(Motcua(services.address(), words));
  }
  return reports;
}

TEST_F(ClusterTest, TheHalfYearGivesTheSameReportAlsoWhenInstancesAreKilled) {
  const Result<std::string> brokers = SharedKafka();
  MOTCUA_REQUIRE_KAFKA(brokers);
  ASSERT_NO_FATAL_FAILURE(Start(*brokers, "cluster-half-year"));

  runtime::Child import({kMotcua, "import", "register", kRegister, "--mapping", "boston311",
                         "--format", "json", "--cluster", cluster_->cluster_file().string()},
                        "/dev/null");
  std::int64_t seen = 0;
  while (import.running() && seen < 5'000) {
    seen = nlohmann::json::parse(Report("unit"))["total"]["received"]["total"].get<std::int64_t>();
  }
  ASSERT_TRUE(import.running()) << "the import was over before anything could be killed";
  for (const auto& [service, ordinal] : {std::pair<const char*, int>{"intake", 0},
                                         {"reporting", 1},
                                         {"deadline", 0},
                                         {"routing", 1}}) {
    cluster_->Kill(service, ordinal);
  }
  std::filesystem::remove_all(cluster_->store("routing", 1));
  for (const auto& [service, ordinal] : {std::pair<const char*, int>{"intake", 0},
                                         {"reporting", 1},
                                         {"deadline", 0},
                                         {"routing", 1}}) {
    const Status again = cluster_->StartAgain(service, ordinal);
    ASSERT_TRUE(again.ok()) << again.ToString();
  }
  const std::string said = import.ReadAll();
  ASSERT_EQ(import.Wait(), 0) << said;
  const nlohmann::json tally = nlohmann::json::parse(said);
  EXPECT_EQ(tally["read"], 58119);
  EXPECT_EQ(tally["refused"], 0);
  EXPECT_EQ(tally["imported"].get<int>() + tally["already_there"].get<int>(), 58119);

  // Fault T8: either instance of reporting may answer, at once, also one that has just come back:
  // each knows what the caller was answered.
  for (const auto& [by, report] : EmbeddedReports(temp_)) {
    EXPECT_EQ(Report(by), report) << by;
    EXPECT_EQ(Report(by), report) << by;
  }
  // And what is counted from the topic says the same.
  const Ran verified =
      OnCluster({"report", "verify", "--brokers", *brokers, "--topic", "cluster-half-year",
                 "--from", "2015-01-01", "--to", "2016-01-12"});
  EXPECT_EQ(verified.exit_code, 0) << verified.out;
  EXPECT_NE(verified.out.find("of 58119 dossiers are what the log says"), std::string::npos)
      << verified.out;
}

TEST_F(ClusterTest, Faults_T9_TheProgramAloneIsEnoughForAWholeCluster) {
  const Result<std::string> brokers = SharedKafka();
  MOTCUA_REQUIRE_KAFKA(brokers);
  // As after scripts/run: nothing else lies beside it.
  const std::filesystem::path alone = temp_.path() / "bin" / "motcua";
  std::filesystem::create_directories(alone.parent_path());
  std::error_code apart;  // on another disk
  std::filesystem::create_hard_link(kMotcua, alone, apart);
  if (apart) std::filesystem::copy_file(kMotcua, alone);
  const std::string log = (temp_.path() / "up.log").string();
  runtime::Child up({alone.string(), "cluster", "up", "--data", (temp_.path() / "up").string(),
                     "--instances", "1", "--brokers", "1", "--brokers-at", *brokers},
                    log);
  const std::string line = up.ReadLine();
  ASSERT_TRUE(line.starts_with("ready ")) << ReadText(log);
  const Ran status =
      Motcua("", {"cluster", "status", "--format", "json", "--cluster", line.substr(6)});
  EXPECT_EQ(status.exit_code, 0) << status.out;
  EXPECT_EQ(Json(status).size(), 5U);
  up.Signal(SIGTERM);
  EXPECT_EQ(up.Wait(), 0) << ReadText(log);
}

TEST_F(ClusterTest, AProgramThatIsMissingIsNamedWithWhatMakesIt) {
  cli::LocalClusterOptions options;
  options.data = temp_.path() / "cluster";
  options.programs = temp_.path();
  options.brokers = "127.0.0.1:1";
  const auto cluster = cli::LocalCluster::Start(std::move(options));
  EXPECT_EQ(cluster.status().reason(), Reason::kFileUnreadable) << cluster.status().ToString();
  EXPECT_NE(cluster.status().message().find("scripts/build motcua-"), std::string::npos);
}

TEST_F(ClusterTest, AWrongTimeOfAScenarioIsToldBeforeAnythingStarts) {
  const std::string errors = (temp_.path() / "errors").string();
  const std::filesystem::path data = temp_.path() / "up";
  const Ran up =
      Motcua("", {"cluster", "up", "--data", data.string(), "--scenario", "2019-12-02"}, errors);
  EXPECT_EQ(up.exit_code, 2);
  EXPECT_NE(ReadText(errors).find("--scenario"), std::string::npos) << ReadText(errors);
  EXPECT_FALSE(std::filesystem::exists(data));
}

TEST_F(ClusterTest, ACommandFindsTheInstanceThatLivesAndItsAnswerAgain) {
  const Result<std::string> brokers = SharedKafka();
  MOTCUA_REQUIRE_KAFKA(brokers);
  ASSERT_NO_FATAL_FAILURE(Start(*brokers, "cluster-failover"));
  const std::string id = "6f1a1f6e-0000-4000-8000-000000000001";
  const std::vector<std::string> receive = {
      "dossier", "receive",      "--unit", "000.23.10.H49", "--procedure", "1.000893", "--channel",
      "direct",  "--request-id", id,       "--format",      "json"};
  const Ran first = OnCluster(receive);
  ASSERT_EQ(first.exit_code, 0) << first.out;
  for (const int ordinal : {0, 1}) {
    cluster_->Kill("intake", ordinal);
    const Ran again = OnCluster(receive);
    ASSERT_EQ(again.exit_code, 0) << again.out;
    EXPECT_EQ(Json(again)["dossier"], Json(first)["dossier"]);
    const Ran status = OnCluster({"cluster", "status", "--format", "json"});
    EXPECT_NE(status.exit_code, 0) << "one instance does not answer, and nobody says so";
    ASSERT_TRUE(cluster_->StartAgain("intake", ordinal).ok());
  }
  // On a busy machine an instance may be without its log for a moment.
  AwaitNoLag();
  const Ran status = OnCluster({"cluster", "status"});
  EXPECT_EQ(status.exit_code, 0) << status.out;
}

// Each instance may propose that a shipment follows; it follows once.
TEST_F(ClusterTest, AManifestIsFollowedByItsShipmentsAlsoWhenAnInstanceIsKilled) {
  const Result<std::string> brokers = SharedKafka();
  MOTCUA_REQUIRE_KAFKA(brokers);
  ASSERT_NO_FATAL_FAILURE(Start(*brokers, "cluster-manifest"));
  const auto ask = [&](std::vector<std::string> words) {
    words.insert(words.end(), {"--format", "json"});
    const Ran ran = OnCluster(words);
    EXPECT_EQ(ran.exit_code, 0) << words[2] << ran.out;
    return Json(ran);
  };
  const auto await = [&](const std::vector<std::string>& words, const auto& done) {
    nlohmann::json answer;
    EXPECT_TRUE(testing::Await(
        [&] {
          answer = ask(words);
          return done(answer);
        },
        std::chrono::minutes(1)))
        << "waited in vain for " << words[2];
    return answer;
  };
  const std::string unit = "000.23.10.H49";
  const std::string manifest =
      ask({"shipment", "manifest", "open", "--unit", unit, "--carrier", "vnpost"})["manifest"];
  const std::vector<std::string> items = {"EX100000017VN", "EX100000025VN", "EX100000034VN"};
  for (const std::string& item : items) {
    const std::string dossier =
        ask({"dossier", "receive", "--unit", unit, "--procedure", "1.000893", "--channel", "online",
             "--return", "postal"})["dossier"];
    ask({"dossier", "result", dossier});
    await({"shipment", "show", dossier},
          [](const nlohmann::json& answer) { return answer["shipment"]["state"] == "registered"; });
    ask({"shipment", "manifest", "add", manifest, dossier, "--item", item});
  }
  ask({"shipment", "manifest", "close", manifest});
  ask({"shipment", "manifest", "hand-over", manifest});
  cluster_->Kill("postal", 0);
  const nlohmann::json shown =
      await({"shipment", "manifest", "show", manifest},
            [](const nlohmann::json& answer) { return answer["manifest"]["followed"] == 3; });
  EXPECT_EQ(shown["version"], 9) << "opened, three added, closed, handed over, three followed";
  for (const std::string& item : items) {
    EXPECT_EQ(ask({"shipment", "find", item})["shipments"].size(), 1U) << item;
  }
}

}  // namespace
}  // namespace motcua::testing
