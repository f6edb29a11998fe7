// Goal: a state store moves to another machine whole or not at all, and the service there reads the
// log from where the store ends.
// Method: stores and logs that a real `motcua standalone` wrote, and one that runs; snapshots
// spoiled in each way; the service's host over a log that remembers from where it was read.
#include "services/admin/snapshot.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "services/admin/fetch_snapshot.h"
#include "services/admin/local_records.h"
#include "services/domain/catalogue/catalogue.h"
#include "services/intake/rules.h"
#include "services/platform/grpc/client.h"
#include "services/platform/host/service_host.h"
#include "services/platform/rocksdb/local_log.h"
#include "services/platform/rocksdb/store_view.h"
#include "services/platform/runtime/clocks.h"
#include "services/wire/codec.h"
#include "tests/integration/admin/written_log.h"

namespace motcua::testing {
namespace {

namespace fs = std::filesystem;
using admin::ExpectedLog;
using admin::RestoreSnapshot;
using admin::SnapshotManifest;
using admin::TakeSnapshot;

// Remembers the least offset that was read of partition 0.
class WatchedLog final : public engine::EventLog {
 public:
  explicit WatchedLog(engine::EventLog& log) : log_(log) {}

  engine::PartitionId partitions() const override { return log_.partitions(); }
  void Append(engine::PartitionId partition, std::vector<std::string> records,
              AppendDone done) override {
    log_.Append(partition, std::move(records), std::move(done));
  }
  Result<std::shared_ptr<const engine::LogChunk>> Read(engine::PartitionId partition,
                                                       engine::Offset from) override {
    {
      const std::lock_guard lock(mutex_);
      least_ = std::min(least_, from);
    }
    return log_.Read(partition, from);
  }
  void AskEnd(engine::PartitionId partition, EndDone done) override {
    log_.AskEnd(partition, std::move(done));
  }
  std::uint64_t Watch(std::function<void()> wake) override { return log_.Watch(std::move(wake)); }
  void Unwatch(std::uint64_t token) override { log_.Unwatch(token); }

  engine::Offset least() const {
    const std::lock_guard lock(mutex_);
    return least_;
  }

 private:
  engine::EventLog& log_;
  mutable std::mutex mutex_;
  engine::Offset least_ = UINT64_MAX;
};

// Far above what anything here takes on a loaded machine.
constexpr std::chrono::seconds kPatience{60};
const std::string kHalfYear =
    std::string(MOTCUA_SOURCE_DIR) + "/tests/data/boston311-2015h1.csv.gz";

// One data folder for all tests of this program: they only read it.
class SnapshotTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    written = std::make_unique<TempDir>();
    written_whole = WriteLog(*written / "data", "1");
  }
  static void TearDownTestSuite() { written.reset(); }

  void SetUp() override {
    ASSERT_TRUE(written_whole);
    const auto manifest = TakeSnapshot(*written / "data" / "intake", snapshot());
    ASSERT_TRUE(manifest.ok()) << manifest.status().ToString();
    manifest_ = *manifest;
    log_.id = manifest_.format.log_id;
  }

  static fs::path log_folder() { return *written / "data" / "log"; }
  fs::path snapshot() const { return temp_ / "snapshot"; }
  fs::path store() const { return temp_ / "intake"; }
  Status Restore(bool replace = false) {
    return RestoreSnapshot(snapshot(), store(), log_, replace).status();
  }

  static inline std::unique_ptr<TempDir> written;
  static inline bool written_whole = false;
  const TempDir temp_;
  SnapshotManifest manifest_;
  ExpectedLog log_;
};

TEST_F(SnapshotTest, SaysWhatItIs) {
  EXPECT_EQ(manifest_.format.service, "intake");
  EXPECT_EQ(manifest_.format.partitions, 1);
  ASSERT_EQ(manifest_.offsets.size(), 1U);
  EXPECT_GT(manifest_.offsets[0], static_cast<engine::Offset>(kDossiersWritten));
  const auto parsed = admin::ParseManifest(ReadText(snapshot() / admin::kManifestFile));
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(*parsed, manifest_);
}

TEST_F(SnapshotTest, TheServiceReadsTheLogFromWhereTheStoreEnds) {
  ASSERT_TRUE(Restore().ok());
  const fs::path log_copy = temp_ / "log";
  fs::copy(log_folder(), log_copy, fs::copy_options::recursive);
  const wire::WireCodec codec;
  const auto log = rocks::LocalLog::Open(log_copy, 0, codec, {});
  ASSERT_TRUE(log.ok()) << log.status().ToString();
  WatchedLog watched(**log);
  const runtime::SystemClock clock;
  const auto catalogue = catalogue::Catalogue::Make({}, {}, {});
  const intake::IntakeRules rules;
  host::HostOptions options;
  options.directory = store();
  options.log_id = (*log)->id();
  Status warned;
  options.warn = [&](const Status& status) { warned = status; };
  const auto host =
      host::ServiceHost::Open({watched, clock, codec, **catalogue, rules}, std::move(options));
  ASSERT_TRUE(host.ok()) << host.status().ToString();
  (*host)->Start();
  ASSERT_TRUE((*host)->AwaitCaughtUp().ok());
  (*host)->Stop();
  EXPECT_TRUE(warned.ok()) << warned.ToString();  // else it was rebuilt
  EXPECT_EQ(watched.least(), manifest_.offsets[0]);
}

TEST_F(SnapshotTest, TheRestoredStoreHasTheSameRows) {
  ASSERT_TRUE(Restore().ok());
  const Ran before = Admin({"dump-state", (*written / "data" / "intake").string()});
  const Ran after = Admin({"dump-state", store().string()});
  EXPECT_EQ(before.exit_code, 0);
  EXPECT_EQ(after.exit_code, 0);
  EXPECT_EQ(after.out, before.out);
  const Ran dossiers = Admin({"dump-state", store().string(), "--kind", "dossiers"});
  EXPECT_EQ(std::count(dossiers.out.begin(), dossiers.out.end(), '\n'), kDossiersWritten);
  EXPECT_EQ(dossiers.out.find("M partition"), std::string::npos);
  EXPECT_NE(before.out.find("M partition=0 next_offset=" + std::to_string(manifest_.offsets[0])),
            std::string::npos)
      << before.out;
}

TEST_F(SnapshotTest, IsRefusedWhereAFileIsMissingOrChanged) {
  for (const admin::SnapshotFile& file : manifest_.files) {
    const fs::path path = snapshot() / file.name;
    const std::string content = ReadText(path);
    std::string changed = content + "x";
    if (!content.empty()) {
      changed = content;
      changed[content.size() / 2] = static_cast<char>(changed[content.size() / 2] ^ 1);
    }
    std::ofstream(path, std::ios::binary) << changed;
    EXPECT_EQ(Restore().reason(), Reason::kFileInvalid) << file.name;
    fs::remove(path);
    EXPECT_EQ(Restore().reason(), Reason::kFileUnreadable) << file.name;
    EXPECT_FALSE(fs::exists(store())) << file.name;
    std::ofstream(path, std::ios::binary) << content;
  }
  EXPECT_TRUE(Restore().ok());
}

TEST_F(SnapshotTest, IsRefusedForAnotherLogServiceOrFormat) {
  log_.id = "ffffffffffffffffffffffffffffffff";
  EXPECT_EQ(Restore().reason(), Reason::kFileInvalid);
  log_.id = manifest_.format.log_id;
  log_.partitions = 2;
  EXPECT_EQ(Restore().reason(), Reason::kFileInvalid);
  log_.partitions = 1;
  log_.ends = {manifest_.offsets[0] - 1};  // a log that has lost what the store has read
  EXPECT_EQ(Restore().reason(), Reason::kFileInvalid);
  EXPECT_EQ(RestoreSnapshot(snapshot(), temp_ / "routing", log_, false).status().reason(),
            Reason::kFileInvalid);

  log_.ends = {manifest_.offsets[0]};
  SnapshotManifest other = manifest_;
  other.format.rows = "motcua-state-1/events-1";
  std::ofstream(snapshot() / admin::kManifestFile) << ToJson(other);
  EXPECT_EQ(Restore().reason(), Reason::kFileInvalid);
  // A manifest that says what is asked for, on the files of another store.
  other = manifest_;
  other.offsets[0] -= 1;
  std::ofstream(snapshot() / admin::kManifestFile) << ToJson(other);
  EXPECT_EQ(Restore().reason(), Reason::kFileInvalid);
  EXPECT_FALSE(fs::exists(store()));
  std::ofstream(snapshot() / admin::kManifestFile) << ToJson(manifest_);
  EXPECT_TRUE(Restore().ok());
}

TEST_F(SnapshotTest, NeverGoesOverAStoreUnlessTold) {
  ASSERT_TRUE(Restore().ok());
  EXPECT_EQ(Restore().reason(), Reason::kFieldInvalid);
  {
    const auto view = rocks::StoreView::Open(store());
    ASSERT_TRUE(view.ok());
    EXPECT_EQ(Restore(/*replace=*/true).reason(), Reason::kStoreInUse);
  }
  EXPECT_TRUE(Restore(/*replace=*/true).ok());
  EXPECT_EQ(TakeSnapshot(store(), snapshot()).status().reason(), Reason::kFieldInvalid);
  std::vector<std::string> left;
  for (const auto& entry : fs::directory_iterator(temp_.path())) {
    left.push_back(entry.path().filename().string());
  }
  std::sort(left.begin(), left.end());
  EXPECT_EQ(left, (std::vector<std::string>{"intake", "snapshot"}));
}

TEST_F(SnapshotTest, GoesOnAfterACrashInTheMiddle) {
  // What a crash leaves: half of a copy, under a name that nobody takes for a store.
  fs::create_directories(temp_ / "intake.partial");
  std::ofstream(temp_ / "intake.partial" / "000001.sst") << "half";
  fs::create_directories(temp_ / "again.partial");
  std::ofstream(temp_ / "again.partial" / "000001.sst") << "half";
  EXPECT_TRUE(Restore().ok());
  EXPECT_TRUE(TakeSnapshot(store(), temp_ / "again").ok());
  EXPECT_FALSE(fs::exists(temp_ / "again" / "000001.sst.tmp"));
}

TEST_F(SnapshotTest, NeedsAStoreThatIsThereAndNotInUse) {
  EXPECT_EQ(TakeSnapshot(temp_ / "intake", temp_ / "to").status().reason(),
            Reason::kFileUnreadable);
  ASSERT_TRUE(Restore().ok());
  const auto view = rocks::StoreView::Open(store());
  ASSERT_TRUE(view.ok());
  EXPECT_EQ(TakeSnapshot(store(), temp_ / "to").status().reason(), Reason::kStoreInUse);
  EXPECT_FALSE(fs::exists(temp_ / "to"));
}

TEST_F(SnapshotTest, TheCommandsTakeTheEmbeddedLogBesideTheStoreAsTheLog) {
  const fs::path data = temp_ / "data";
  fs::create_directories(data);
  const std::vector<std::string> restore = {"restore", "--from", snapshot().string(), "--data",
                                            (data / "intake").string() + "/"};
  const std::string errors = temp_ / "errors";
  EXPECT_EQ(Admin(restore, errors).exit_code, 1);  // which log?
  EXPECT_NE(ReadText(errors).find("--log-id"), std::string::npos) << ReadText(errors);
  fs::copy(log_folder(), data / "log", fs::copy_options::recursive);
  const Ran restored = Admin(restore, errors);
  EXPECT_EQ(restored.exit_code, 0) << ReadText(errors);
  EXPECT_NE(restored.out.find("restored: intake of log " + manifest_.format.log_id),
            std::string::npos)
      << restored.out;

  Services services(data, {"--trust-clock"});
  ASSERT_FALSE(services.address().empty()) << services.log();
  EXPECT_EQ(services.log().find("rebuilt from the log"), std::string::npos) << services.log();
  const Ran shown = Motcua(services.address(),
                           {"dossier", "show", "000.23.10.H49-201031-0001", "--format", "json"});
  EXPECT_EQ(shown.exit_code, 0);
}

// ---- Of a service that runs ------------------------------------------------------------------

// The written data once more, with services that run on it.
class RunningSnapshotTest : public SnapshotTest {
 protected:
  void SetUp() override {
    SnapshotTest::SetUp();
    fs::copy(*written / "data", data(), fs::copy_options::recursive);
    // What was written is years old: somebody has looked at the clock.
    services_ = std::make_unique<Services>(data(), std::vector<std::string>{"--trust-clock"});
    ASSERT_FALSE(services_->address().empty()) << services_->log();
    const auto channel = rpc::OpenChannel({.address = services_->address()});
    ASSERT_TRUE(channel.ok());
    stub_ = admin::v1::InstanceService::NewStub(*channel);
  }

  fs::path data() const { return temp_ / "data"; }
  fs::path fetched() const { return temp_ / "fetched"; }
  std::string errors() const { return temp_ / "errors"; }
  Ran Fetch(const std::string& instance) {
    return Motcua(services_->address(),
                  {"admin", "snapshot", "--instance", instance, "--to", fetched().string()},
                  errors());
  }
  Ran Receive() {
    return Motcua(services_->address(), {"dossier", "receive", "--unit", "000.23.10.H49",
                                         "--procedure", "1.000893", "--channel", "direct"});
  }
  void Stop() {
    services_->process().Signal(SIGTERM);
    EXPECT_EQ(services_->process().Wait(), 0) << services_->log();
  }

  std::unique_ptr<Services> services_;
  std::unique_ptr<admin::v1::InstanceService::Stub> stub_;
};

TEST_F(RunningSnapshotTest, IsTheStoreOfThatMomentAndTheServiceGoesOn) {
  ASSERT_EQ(Receive().exit_code, 0);  // in memory alone so far
  const Ran taken = Fetch("intake");
  ASSERT_EQ(taken.exit_code, 0) << ReadText(errors());
  EXPECT_NE(taken.out.find("taken: intake of log " + log_.id), std::string::npos) << taken.out;
  EXPECT_EQ(Receive().exit_code, 0);
  ASSERT_TRUE(RestoreSnapshot(fetched(), store(), log_, false).ok());
  const Ran dossiers = Admin({"dump-state", store().string(), "--kind", "dossiers"});
  EXPECT_EQ(std::count(dossiers.out.begin(), dossiers.out.end(), '\n'), kDossiersWritten + 1);

  fs::remove_all(fetched());
  fs::remove_all(store());
  ASSERT_EQ(Fetch("intake").exit_code, 0) << ReadText(errors());
  Stop();
  ASSERT_TRUE(RestoreSnapshot(fetched(), store(), log_, false).ok());
  EXPECT_EQ(Admin({"dump-state", store().string()}).out,
            Admin({"dump-state", (data() / "intake").string()}).out);
  EXPECT_FALSE(fs::exists(data() / "intake.sending"));
}

TEST_F(RunningSnapshotTest, IsRefusedWithAReasonAndLeavesNothing) {
  EXPECT_EQ(Fetch("gateway").exit_code, 1);
  EXPECT_NE(ReadText(errors()).find("service: is none that this process has"), std::string::npos)
      << ReadText(errors());
  EXPECT_EQ(Fetch("intake-one").exit_code, 1);
  EXPECT_NE(ReadText(errors()).find("--instance"), std::string::npos) << ReadText(errors());
  EXPECT_EQ(Admin({"snapshot", "--to", fetched().string()}, errors()).exit_code, 1);
  EXPECT_NE(ReadText(errors()).find("--data"), std::string::npos) << ReadText(errors());
  Stop();
  EXPECT_EQ(Fetch("intake").exit_code, 3);
  EXPECT_FALSE(fs::exists(fetched()));
  EXPECT_FALSE(fs::exists(temp_ / "fetched.partial"));
}

TEST_F(RunningSnapshotTest, WhatAKilledProcessWasSendingGoesAtTheNextStart) {
  services_->process().Signal(SIGKILL);
  services_->process().Wait();
  for (const char* const left : {"intake.sending", "intake.sending.tmp"}) {
    fs::create_directories(data() / left);
    std::ofstream(data() / left / "000001.sst") << "half";
  }
  // What was written is years old: somebody has looked at the clock.
  services_ = std::make_unique<Services>(data(), std::vector<std::string>{"--trust-clock"});
  ASSERT_FALSE(services_->address().empty()) << services_->log();
  EXPECT_FALSE(fs::exists(data() / "intake.sending"));
  EXPECT_FALSE(fs::exists(data() / "intake.sending.tmp"));
}

TEST_F(RunningSnapshotTest, OneThatIsNotReadStandsInNobodysWay) {
  // Enough that it does not fit into the connection's buffers.
  const Ran imported = Motcua(
      services_->address(),
      {"import", "register", kHalfYear, "--mapping", "boston311", "--format", "json"}, errors());
  ASSERT_EQ(imported.exit_code, 0) << ReadText(errors());
  admin::v1::DownloadSnapshotRequest request;
  request.set_service("reporting");
  grpc::ClientContext slow;
  const auto unread = stub_->DownloadSnapshot(&slow, request);
  admin::v1::DownloadSnapshotResponse part;
  ASSERT_TRUE(unread->Read(&part));
  {
    grpc::ClientContext second;
    const auto refused = stub_->DownloadSnapshot(&second, request);
    EXPECT_FALSE(refused->Read(&part));
    EXPECT_EQ(rpc::FromGrpc(refused->Finish()).reason(), Reason::kOverloaded);
  }
  EXPECT_EQ(Receive().exit_code, 0);
  // One who has gone leaves room for the next.
  slow.TryCancel();
  EXPECT_FALSE(unread->Finish().ok());
  Status next(Reason::kOverloaded, "");
  const auto give_up = std::chrono::steady_clock::now() + kPatience;
  while (next.reason() == Reason::kOverloaded && std::chrono::steady_clock::now() < give_up) {
    next = admin::FetchSnapshot(*stub_, "reporting", fetched()).status();
  }
  EXPECT_TRUE(next.ok()) << next.ToString();
  // Nor does it keep a process from ending.
  grpc::ClientContext last;
  const auto kept = stub_->DownloadSnapshot(&last, request);
  ASSERT_TRUE(kept->Read(&part));
  Stop();
  last.TryCancel();
}

admin::v1::DownloadSnapshotResponse Part(const std::string& name, const std::string& content) {
  admin::v1::DownloadSnapshotResponse part;
  part.set_file_name(name);
  part.set_content(content);
  return part;
}

TEST(SnapshotFilesTest, WritesWhatComesAndNothingOutsideTheFolder) {
  const TempDir temp;
  admin::SnapshotFiles files(temp.path());
  for (const auto& [name, content] : std::vector<std::pair<std::string, std::string>>{
           {"000012.sst", "ab"}, {"000012.sst", "c"}, {"EMPTY", ""}, {"CURRENT", "d"}}) {
    EXPECT_TRUE(files.Take(Part(name, content)).ok());
  }
  EXPECT_TRUE(files.Close().ok());
  EXPECT_EQ(files.bytes(), 4U);
  EXPECT_EQ(ReadText(temp / "000012.sst"), "abc");
  EXPECT_EQ(ReadText(temp / "CURRENT"), "d");
  EXPECT_EQ(fs::file_size(temp / "EMPTY"), 0U);
  EXPECT_EQ(files.Take(Part("000012.sst", "x")).reason(), Reason::kFileInvalid);
  for (const std::string name : {"", ".", "..", "../x", "/x", "a/b", "a b", ".hidden"}) {
    admin::SnapshotFiles first(temp.path());
    EXPECT_EQ(first.Take(Part(name, "x")).reason(), Reason::kFileInvalid) << name;
  }
  admin::SnapshotFiles nowhere(temp / "missing");
  EXPECT_EQ(nowhere.Take(Part("x", "x")).reason(), Reason::kFileUnreadable);
}

}  // namespace
}  // namespace motcua::testing
