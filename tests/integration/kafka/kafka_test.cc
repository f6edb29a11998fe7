// Goal: the brokers that other tests rely on are real, and do what is asked of them: they keep what
// they acknowledged, go on when one of three dies, let in only whom they should, and leave nothing
// behind.
// Method: librdkafka with nothing of ours around it, against tests/support/kafka.h.
#include "tests/support/kafka.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "services/platform/runtime/child.h"
#include "tests/integration/kafka/plain_client.h"

namespace motcua::testing {
namespace {

namespace fs = std::filesystem;

constexpr int kNodes = 3;

// Of this run alone: the shared broker keeps topics from one run to the next.
std::string FreshName(const std::string& name) { return name + "-" + std::to_string(getpid()); }

std::vector<std::string> Values(const std::string& prefix, std::size_t count) {
  std::vector<std::string> values;
  values.reserve(count);
  for (std::size_t at = 0; at < count; ++at) values.push_back(prefix + std::to_string(at));
  return values;
}

// Nothing, or what went wrong, in words.
std::string Problem(const Status& status) { return status.ok() ? "" : status.ToString(); }

// The process of node 1 of the cluster in `folder`.
std::string ProcessOfNode1(const fs::path& folder) {
  std::ifstream file(folder / "node-1" / "pid");
  std::string pid;
  file >> pid;
  return pid;
}
// A dead process may stay in the table until somebody asks for it, but without a command.
bool Runs(const std::string& pid) {
  std::ifstream file("/proc/" + pid + "/cmdline");
  return file.is_open() && file.peek() != std::ifstream::traits_type::eof();
}

TEST(SharedKafkaTest, KeepsInOrderWhatItAcknowledged) {
  const Result<std::string> bootstrap = SharedKafka();
  MOTCUA_REQUIRE_KAFKA(bootstrap);
  Result<PlainClient> client = PlainClient::Connect(*bootstrap);
  ASSERT_TRUE(client.ok()) << client.status().ToString();
  const std::string topic = FreshName("kept");
  ASSERT_EQ(Problem(client->CreateTopic(topic, 1)), "");
  const std::vector<std::string> values = Values("value ", 1000);
  ASSERT_EQ(Problem(client->Produce(topic, values)), "");
  const Result<std::vector<std::string>> read = client->Read(topic, values.size());
  ASSERT_TRUE(read.ok()) << read.status().ToString();
  EXPECT_EQ(*read, values);
}

TEST(SharedKafkaTest, MakesNoTopicThatNobodyAskedFor) {
  const Result<std::string> bootstrap = SharedKafka();
  MOTCUA_REQUIRE_KAFKA(bootstrap);
  Result<PlainClient> client = PlainClient::Connect(*bootstrap);
  ASSERT_TRUE(client.ok()) << client.status().ToString();
  EXPECT_FALSE(client->Produce(FreshName("misspelt"), {"value"}).ok());
}

TEST(KafkaClusterTest, OfThreeStaysWritableWhenOneIsKilledAndComesBack) {
  const auto cluster = KafkaCluster::Start(kNodes);
  MOTCUA_REQUIRE_KAFKA(cluster);
  Result<PlainClient> client = PlainClient::Connect((*cluster)->bootstrap());
  ASSERT_TRUE(client.ok()) << client.status().ToString();
  ASSERT_EQ(Problem(client->CreateTopic("events", kNodes)), "");
  std::vector<std::string> written = Values("before ", 100);
  ASSERT_EQ(Problem(client->Produce("events", written)), "");

  // The worst of the three to lose.
  const Result<int> victim = (*cluster)->Controller();
  ASSERT_TRUE(victim.ok()) << victim.status().ToString();
  ASSERT_EQ(Problem((*cluster)->KillBroker(*victim)), "");
  const std::vector<std::string> during = Values("during ", 100);
  ASSERT_EQ(Problem(client->Produce("events", during)), "");
  written.insert(written.end(), during.begin(), during.end());
  const Result<int> successor = (*cluster)->Controller();
  ASSERT_TRUE(successor.ok()) << successor.status().ToString();
  EXPECT_NE(*successor, *victim);

  ASSERT_EQ(Problem((*cluster)->StartBroker(*victim)), "");
  ASSERT_EQ(Problem(client->WaitForInSync("events", kNodes)), "");
  // Another: now the one that was away has to serve.
  ASSERT_EQ(Problem((*cluster)->KillBroker(*successor)), "");
  const std::vector<std::string> after = Values("after ", 100);
  ASSERT_EQ(Problem(client->Produce("events", after)), "");
  written.insert(written.end(), after.begin(), after.end());
  const Result<std::vector<std::string>> read = client->Read("events", written.size());
  ASSERT_TRUE(read.ok()) << read.status().ToString();
  EXPECT_EQ(*read, written);
}

TEST(KafkaClusterTest, ReplacesAControllerThatSleepsAndTakesItBackAsAFollower) {
  const auto cluster = KafkaCluster::Start(kNodes);
  MOTCUA_REQUIRE_KAFKA(cluster);
  Result<PlainClient> client = PlainClient::Connect((*cluster)->bootstrap());
  ASSERT_TRUE(client.ok()) << client.status().ToString();
  ASSERT_EQ(Problem(client->CreateTopic("events", kNodes)), "");
  const Result<int> sleeper = (*cluster)->Controller();
  ASSERT_TRUE(sleeper.ok()) << sleeper.status().ToString();
  ASSERT_EQ(Problem((*cluster)->PauseBroker(*sleeper)), "");
  const Result<int> successor = (*cluster)->Controller();
  ASSERT_TRUE(successor.ok()) << successor.status().ToString();
  EXPECT_NE(*successor, *sleeper);
  ASSERT_EQ(Problem(client->WaitForInSync("events", kNodes - 1)), "");
  ASSERT_EQ(Problem((*cluster)->ResumeBroker(*sleeper)), "");
  ASSERT_EQ(Problem(client->WaitForInSync("events", kNodes)), "");
}

TEST(KafkaClusterTest, WithTlsLetsInOnlyWhoShowsItsCertificate) {
  const auto cluster = KafkaCluster::Start(1, KafkaSecurity::kSsl);
  MOTCUA_REQUIRE_KAFKA(cluster);
  KafkaCluster::Settings settings = (*cluster)->client_settings();
  Result<PlainClient> client = PlainClient::Connect((*cluster)->bootstrap(), settings);
  ASSERT_TRUE(client.ok()) << client.status().ToString();
  ASSERT_EQ(Problem(client->CreateTopic("events", 1)), "");
  ASSERT_EQ(Problem(client->Produce("events", {"over TLS"})), "");

  std::erase_if(settings, [](const auto& setting) {
    return setting.first == "ssl.certificate.location" || setting.first == "ssl.key.location";
  });
  ASSERT_EQ(settings.size() + 2, (*cluster)->client_settings().size());
  Result<PlainClient> nobody = PlainClient::Connect((*cluster)->bootstrap(), settings);
  ASSERT_TRUE(nobody.ok()) << nobody.status().ToString();
  EXPECT_FALSE(nobody->Ping().ok());
  Result<PlainClient> plain = PlainClient::Connect((*cluster)->bootstrap());
  ASSERT_TRUE(plain.ok()) << plain.status().ToString();
  EXPECT_FALSE(plain->Ping().ok());
}

TEST(KafkaClusterTest, WithSaslOverTlsLetsInOnlyWhoKnowsThePassword) {
  const auto cluster = KafkaCluster::Start(1, KafkaSecurity::kSaslSsl);
  MOTCUA_REQUIRE_KAFKA(cluster);
  KafkaCluster::Settings settings = (*cluster)->client_settings();
  Result<PlainClient> client = PlainClient::Connect((*cluster)->bootstrap(), settings);
  ASSERT_TRUE(client.ok()) << client.status().ToString();
  ASSERT_EQ(Problem(client->CreateTopic("events", 1)), "");
  ASSERT_EQ(Problem(client->Produce("events", {"with a password"})), "");

  const auto password = std::find_if(settings.begin(), settings.end(), [](const auto& setting) {
    return setting.first == "sasl.password";
  });
  ASSERT_NE(password, settings.end());
  password->second += "!";
  Result<PlainClient> stranger = PlainClient::Connect((*cluster)->bootstrap(), settings);
  ASSERT_TRUE(stranger.ok()) << stranger.status().ToString();
  EXPECT_FALSE(stranger->Ping().ok());
}

TEST(KafkaClusterTest, StandsBesideAnotherAndIsGoneAfterItsScope) {
  fs::path folder;
  std::string process;
  {
    const auto cluster = KafkaCluster::Start();
    MOTCUA_REQUIRE_KAFKA(cluster);
    const Result<std::string> shared = SharedKafka();
    ASSERT_TRUE(shared.ok()) << shared.status().ToString();
    EXPECT_NE((*cluster)->bootstrap(), *shared);
    Result<PlainClient> own = PlainClient::Connect((*cluster)->bootstrap());
    Result<PlainClient> other = PlainClient::Connect(*shared);
    ASSERT_TRUE(own.ok() && other.ok());
    const std::string topic = FreshName("beside");
    ASSERT_EQ(Problem(own->CreateTopic(topic, 1)), "");
    // It is not there already: the two know nothing of each other.
    ASSERT_EQ(Problem(other->CreateTopic(topic, 1)), "");
    folder = (*cluster)->folder();
    process = ProcessOfNode1(folder);
    ASSERT_TRUE(Runs(process));
  }
  EXPECT_FALSE(fs::exists(folder));
  EXPECT_FALSE(Runs(process));
}

TEST(KafkaScriptTest, WipesAClusterWhoseOwnerWasKilled) {
  const Result<std::string> shared = SharedKafka();
  MOTCUA_REQUIRE_KAFKA(shared);
  const TempDir home;
  const std::string script = std::string(MOTCUA_SOURCE_DIR) + "/scripts/kafka";
  const fs::path folder = home / "kafka";
  // A test that is interrupted by a signal, a failed check or a time limit runs no destructor.
  runtime::Child owner({"/bin/sh", "-c", "echo $$; exec sleep 600"}, "/dev/null");
  runtime::Child start(
      {script, "start", "--offline", "--data", folder.string(), "--while", owner.ReadLine()},
      (home / "stderr").string());
  ASSERT_TRUE(start.ReadLine().starts_with("ready ")) << "see " << home.path();
  ASSERT_EQ(start.Wait(), 0);
  const std::string process = ProcessOfNode1(folder);
  ASSERT_TRUE(Runs(process));
  owner.Kill();
  runtime::Child wait({"/usr/bin/timeout", "60", "/bin/sh", "-c",
                       "while [ -e \"$0\" ]; do sleep 0.1; done", folder.string()},
                      "/dev/null");
  EXPECT_EQ(wait.Wait(), 0);
  EXPECT_FALSE(Runs(process));
}

// Else a program that is run right after another loses the brokers under its hands.
TEST(KafkaScriptTest, KeepsAClusterForEachProcessThatItWasStartedFor) {
  const Result<std::string> shared = SharedKafka();
  MOTCUA_REQUIRE_KAFKA(shared);
  const TempDir home;
  const std::string script = std::string(MOTCUA_SOURCE_DIR) + "/scripts/kafka";
  const fs::path folder = home / "kafka";
  const auto run = [&](const std::string& command, const std::string& owner) {
    runtime::Child child(
        {script, command, "--offline", "--data", folder.string(), "--while", owner},
        (home / "stderr").string());
    child.ReadAll();
    return child.Wait();
  };
  runtime::Child first({"/bin/sh", "-c", "echo $$; exec sleep 600"}, "/dev/null");
  runtime::Child second({"/bin/sh", "-c", "echo $$; exec sleep 600"}, "/dev/null");
  const std::string first_pid = first.ReadLine();
  const std::string second_pid = second.ReadLine();
  ASSERT_EQ(run("start", first_pid), 0);
  ASSERT_EQ(run("start", second_pid), 0);
  const std::string process = ProcessOfNode1(folder);
  // What the watcher of the first says when that has ended.
  EXPECT_EQ(run("wipe", first_pid), 0);
  EXPECT_TRUE(Runs(process));
  EXPECT_EQ(run("wipe", second_pid), 0);
  EXPECT_FALSE(Runs(process));
  EXPECT_FALSE(fs::exists(folder));
  first.Kill();
  second.Kill();
}

}  // namespace
}  // namespace motcua::testing
