// Goal: what happens to the files of state stores, and to the topic itself, is noticed and said,
// and never served: a store is folded again from the log; a log that lost its beginning is refused.
// Method: under load, stores of stopped instances are torn, flipped and emptied, and a disk of one
// instance fills up (a small tmpfs; needs root); on clusters of their own records are removed from
// the topic, and the topic from the brokers. The account is checker.h's.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "motcua/intake/v1/intake.grpc.pb.h"
#include "tests/chaos/round.h"
#include "tests/integration/kafka_log/kafka_testing.h"
#include "tests/support/await.h"
#include "tests/support/small_disk.h"

namespace motcua::chaos {
namespace {

namespace fs = std::filesystem;
using intake::v1::IntakeService;

std::string TextOf(const fs::path& file) {
  std::ifstream stream(file);
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::size_t CountIn(const std::string& text, const std::string& words) {
  std::size_t count = 0;
  for (std::size_t at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) {
    ++count;
  }
  return count;
}

// The largest file of rows; empty if there is none.
fs::path RowsOf(const fs::path& store) {
  fs::path largest;
  for (const auto& entry : fs::directory_iterator(store)) {
    if (entry.path().extension() != ".sst") continue;
    if (largest.empty() || entry.file_size() > fs::file_size(largest)) largest = entry.path();
  }
  return largest;
}

void FlipMiddle(const fs::path& store) {
  const fs::path rows = RowsOf(store);
  ASSERT_FALSE(rows.empty()) << "no rows in " << store;
  std::fstream stream(rows, std::ios::in | std::ios::out | std::ios::binary);
  const auto middle = static_cast<std::streamoff>(fs::file_size(rows) / 2);
  stream.seekg(middle);
  const auto byte = static_cast<unsigned char>(stream.get());
  stream.seekp(middle);
  stream.put(static_cast<char>(byte ^ 0x10U));
}

void TearRows(const fs::path& store) {
  const fs::path rows = RowsOf(store);
  ASSERT_FALSE(rows.empty()) << "no rows in " << store;
  fs::resize_file(rows, fs::file_size(rows) / 2);
}

void LoseCurrent(const fs::path& store) { fs::remove(store / "CURRENT"); }

// Killed, so that its store is one of an unclean end, and spoilt before it starts again: it says
// so, and folds the log anew.
void SpoilStore(Round& round, const std::string& service, void (*spoil)(const fs::path&)) {
  cli::LocalCluster& cluster = round.cluster();
  // A clean end writes the rows to files.
  cluster.Stop(service, 0);
  ExpectOk(cluster.StartAgain(service, 0));
  cluster.Kill(service, 0);
  spoil(cluster.store(service, 0));
  const std::string words = "rebuilt from the log";
  const std::size_t before = CountIn(TextOf(cluster.log(service, 0)), words);
  ExpectOk(cluster.StartAgain(service, 0));
  EXPECT_EQ(CountIn(TextOf(cluster.log(service, 0)), words), before + 1)
      << service << " did not notice it";
}

// A store that ended cleanly is believed until a damaged row is read. Whether that happens at once
// or never: nothing wrong is served, and the next start heals it.
void FlipInCleanStore(Round& round, const std::string& service) {
  cli::LocalCluster& cluster = round.cluster();
  cluster.Stop(service, 0);
  FlipMiddle(cluster.store(service, 0));
  const Status started = cluster.StartAgain(service, 0);
  if (started.ok()) round.AwaitAnswers();
  cluster.Kill(service, 0);
  ExpectOk(cluster.StartAgain(service, 0));
}

bool Serves(const Round& round, const std::string& service, int ordinal) {
  admin::v1::GetInstanceResponse answer;
  return round.Ask(service, ordinal, answer) && answer.services_size() == 1 &&
         answer.services(0).serving();
}

std::size_t BytesIn(const fs::path& folder) {
  std::size_t bytes = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    bytes += entry.file_size();
  }
  return bytes;
}

// More rows than memory holds have to go to a disk that is full: the instance says so and leaves
// its clients to the other, until there is room again. Then it goes on by itself.
void FillDisk(Round& round) {
  constexpr std::size_t kDiskBytes = 24 * 1024 * 1024;
  constexpr std::size_t kRowsBeyondMemory = 45'000;
  cli::LocalCluster& cluster = round.cluster();
  cluster.Stop("intake", 0);
  const fs::path store = cluster.store("intake", 0);
  // What there is already is folded on the new disk again, and compacted there.
  const std::size_t room = kDiskBytes + 2 * BytesIn(store);
  const testing::SmallDisk disk(store.parent_path(), room);
  ASSERT_TRUE(disk.mounted());
  ExpectOk(cluster.StartAgain("intake", 0));
  disk.Fill();
  round.load().ImportMany(kRowsBeyondMemory);
  const auto refuses = [&] {
    disk.Fill();  // a compaction that ended meanwhile made room
    return !Serves(round, "intake", 0);
  };
  EXPECT_TRUE(testing::Await(refuses, kRecoveryMax)) << "the full disk is not noticed";
  EXPECT_TRUE(Serves(round, "intake", 1));
  round.AwaitAnswers();
  disk.Free();
  EXPECT_TRUE(testing::Await([&] { return Serves(round, "intake", 0); }, kRecoveryMax))
      << "it does not go on when there is room";
  // Back on the disk that stays.
  cluster.Stop("intake", 0);
}

TEST(ChaosData, SpoiltStoresAreNoticedAndFoldedAgain) {
  const auto started = Round::Start();
  MOTCUA_REQUIRE_KAFKA(started);
  Round& round = **started;
  round.RunAll({{"intake: byte flipped", [&] { SpoilStore(round, "intake", FlipMiddle); }},
                {"routing: rows torn", [&] { SpoilStore(round, "routing", TearRows); }},
                {"reporting: CURRENT lost", [&] { SpoilStore(round, "reporting", LoseCurrent); }},
                {"postal: byte flipped, clean end", [&] { FlipInCleanStore(round, "postal"); }}});
  round.Finish();
}

TEST(ChaosData, AFullDiskUnderAStoreIsNoticedAndMended) {
  MOTCUA_REQUIRE_SMALL_DISK();
  const auto started = Round::Start();
  MOTCUA_REQUIRE_KAFKA(started);
  Round& round = **started;
  round.RunAll({{"intake: disk full", [&] {
                   FillDisk(round);
                   ExpectOk(round.cluster().StartAgain("intake", 0));
                 }}});
  round.Finish();
}

// Every instance of intake says in health and log that the log is damaged, and nothing is taken.
void ExpectRefused(Round& round) {
  constexpr std::chrono::seconds kNoticedWithin{60};
  for (int ordinal = 0; ordinal < kInstances; ++ordinal) {
    admin::v1::GetInstanceResponse answer;
    EXPECT_TRUE(testing::Await(
        [&] {
          return round.Ask("intake", ordinal, answer) &&
                 answer.services(0).failure().find("LOG_DAMAGED") != std::string::npos;
        },
        kNoticedWithin))
        << answer.DebugString();
    EXPECT_NE(TextOf(round.cluster().log("intake", ordinal)).find("LOG_DAMAGED"),
              std::string::npos);
  }
  intake::v1::ReceiveDossierRequest request;
  request.mutable_context()->set_request_id(
      cases::FormatRequestId(cases::DeriveRequestId("chaos/refused")));
  request.mutable_context()->set_actor("officer:chaos");
  request.set_unit(Load::Units()[0]);
  request.set_procedure("1.000893");
  request.set_channel(common::v1::CHANNEL_DIRECT);
  const auto told =
      round.directory().Call<IntakeService>(&IntakeService::Stub::ReceiveDossier, request);
  EXPECT_FALSE(told.ok()) << "taken on a damaged log";
}

TEST(ChaosData, ATruncatedTopicIsRefused) {
  const auto started = Round::Start({.brokers = 1});
  MOTCUA_REQUIRE_KAFKA(started);
  Round& round = **started;
  round.AwaitAnswers();
  EXPECT_TRUE(round.load().Stop());
  constexpr engine::Offset kRemoved = 3;
  for (engine::PartitionId i = 0; i < kPartitions; ++i) {
    testing::KafkaAdmin(round.kafka().bootstrap())
        .Truncate(kafka::TopicNames().case_events, i, kRemoved);
  }
  ExpectRefused(round);
}

TEST(ChaosData, ADeletedTopicIsRefused) {
  const auto started = Round::Start({.brokers = 1});
  MOTCUA_REQUIRE_KAFKA(started);
  Round& round = **started;
  round.AwaitAnswers();
  EXPECT_TRUE(round.load().Stop());
  testing::KafkaAdmin(round.kafka().bootstrap()).DeleteTopic(kafka::TopicNames().case_events);
  ExpectRefused(round);
}

}  // namespace
}  // namespace motcua::chaos
