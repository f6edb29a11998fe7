// Goal: a killed process loses nothing that the log acknowledged, tears no batch of a store, and a
// log whose synced end is gone says so.
// Method: a child (rocksdb_victim) works and prints what it was promised; it is killed with SIGKILL
// at a moment given by how far it came, and the folder is opened and compared. Then the newest
// write-ahead log is torn, as a power cut would (after what was acknowledged) and as it must not
// (before).
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <csignal>
#include <random>

#include "services/platform/rocksdb/local_log.h"
#include "services/platform/rocksdb/rocks_store.h"
#include "tests/integration/rocksdb/fake_codec.h"
#include "tests/integration/rocksdb/log_testing.h"
#include "tests/support/temp_dir.h"

namespace motcua::rocks {
namespace {

using testing::FilesLike;
using testing::ReadAll;

// Starts the victim, reads its lines until `lines` have come, kills it, reads what it still had
// said. The last number that it printed; 0 when it printed nothing.
std::uint64_t RunAndKill(const char* mode, const std::filesystem::path& folder, int lines) {
  int out[2];
  EXPECT_EQ(pipe(out), 0);
  const std::string program = std::string(MOTCUA_BIN_DIR) + "/rocksdb_victim";
  const pid_t child = fork();
  if (child == 0) {
    dup2(out[1], STDOUT_FILENO);
    close(out[0]);
    close(out[1]);
    execl(program.c_str(), program.c_str(), mode, folder.c_str(), static_cast<char*>(nullptr));
    _exit(127);
  }
  close(out[1]);
  std::string said;
  char buffer[4096];
  bool killed = false;
  for (ssize_t bytes; (bytes = read(out[0], buffer, sizeof(buffer))) > 0;) {
    said.append(buffer, static_cast<std::size_t>(bytes));
    if (!killed && std::count(said.begin(), said.end(), '\n') >= lines) {
      EXPECT_EQ(kill(child, SIGKILL), 0);
      killed = true;
    }
  }
  close(out[0]);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the victim ended by itself: " << WEXITSTATUS(status);
  const auto end = said.rfind('\n');
  if (end == std::string::npos) return 0;
  const auto begin = said.rfind('\n', end - 1);
  return std::stoull(said.substr(begin == std::string::npos ? 0 : begin + 1));
}

class LogCrashTest : public ::testing::Test {
 protected:
  Result<std::unique_ptr<LocalLog>> Open() { return LocalLog::Open(folder(), 0, codec_, {}); }
  std::filesystem::path folder() const { return temp_ / "log"; }
  // Opens the log and compares; how many records it holds.
  std::uint64_t ExpectAtLeast(std::uint64_t acknowledged) {
    auto log = Open();
    EXPECT_TRUE(log.ok()) << log.status().ToString();
    if (!log.ok()) return 0;
    const auto events = ReadAll(*log.value(), 0);
    EXPECT_TRUE(events.ok()) << events.status().ToString();
    if (!events.ok()) return 0;
    EXPECT_GE(events->size(), acknowledged);
    for (std::size_t i = 0; i < events->size(); ++i) {
      EXPECT_EQ(events.value()[i], "A " + std::to_string(i + 1));
    }
    return events->size();
  }

  testing::TempDir temp_;
  testing::FakeCodec codec_;
};

TEST_F(LogCrashTest, EverythingAcknowledgedIsThereAfterKills) {
  std::mt19937 random(20201031);
  for (int round = 0; round < 25; ++round) {
    const int lines = 1 + static_cast<int>(random() % 400);
    const std::uint64_t acknowledged = RunAndKill("log", folder(), lines);
    ASSERT_GT(acknowledged, 0u);
    if (round % 3 != 0) continue;  // also several kills in a row, without a clean end between
    ExpectAtLeast(acknowledged);
    ASSERT_FALSE(HasFailure()) << "round " << round;
  }
}

// Behind the records of a killed process comes what a power cut leaves of a write that was on its
// way: noise, zeros, or the beginning of a record.
TEST_F(LogCrashTest, ATornEndBehindTheLastAcknowledgedRecordIsDropped) {
  std::mt19937 random(7);
  for (int round = 0; round < 12; ++round) {
    const std::uint64_t acknowledged = RunAndKill("log", folder(), 40);
    const auto wals = FilesLike(folder(), ".log");
    ASSERT_FALSE(wals.empty());
    std::string torn = testing::ReadFile(wals.back());
    const std::string begin = torn.substr(0, 7 + random() % 100);
    const std::size_t bytes = 1 + random() % 3000;
    if (round % 3 == 0) torn.append(bytes, '\0');
    if (round % 3 == 1) torn.append(begin);
    for (std::size_t i = 0; i < bytes && round % 3 == 2; ++i) {
      torn.push_back(static_cast<char>(random()));
    }
    testing::WriteFile(wals.back(), torn);
    ExpectAtLeast(acknowledged);
    ASSERT_FALSE(HasFailure()) << "round " << round;
  }
}

TEST_F(LogCrashTest, ALostAcknowledgedEndIsDamageAndNothingIsChanged) {
  // Far more than the one batch, of sixteen appends, that may have been on its way.
  const std::uint64_t acknowledged = RunAndKill("log", folder(), 200);
  const auto wals = FilesLike(folder(), ".log");
  ASSERT_FALSE(wals.empty());
  const std::string good = testing::ReadFile(wals.back());
  ASSERT_GT(good.size(), 60'000u);
  std::mt19937 random(11);
  for (int round = 0; round < 20; ++round) {
    std::string bad = good;
    if (round % 2 == 0) {
      bad.resize(random() % (good.size() / 2));  // cut off
    } else {
      bad[random() % (good.size() / 2)] ^= 0x10;  // one bit
    }
    testing::WriteFile(wals.back(), bad);
    const auto log = Open();
    ASSERT_FALSE(log.ok()) << "round " << round;
    EXPECT_EQ(log.status().reason(), Reason::kLogDamaged) << log.status().ToString();
    if (FilesLike(folder(), ".log") != wals) break;  // cut at a border: RocksDB saw no tear
  }
  if (FilesLike(folder(), ".log") != wals) return;
  testing::WriteFile(wals.back(), good);
  ExpectAtLeast(acknowledged);
}

TEST_F(LogCrashTest, AMissingWriteAheadLogIsDamage) {
  RunAndKill("log", folder(), 30);
  for (const auto& wal : FilesLike(folder(), ".log")) std::filesystem::remove(wal);
  EXPECT_EQ(Open().status().reason(), Reason::kLogDamaged);
  EXPECT_EQ(Open().status().reason(), Reason::kLogDamaged);
}

TEST(StoreCrashTest, BatchesStayWholeAndAPrefixAfterKills) {
  const testing::TempDir temp;
  std::mt19937 random(42);
  std::uint64_t before = 0;
  for (int round = 0; round < 20; ++round) {
    const int lines = 1 + static_cast<int>(random() % 3000);
    const std::uint64_t written = RunAndKill("store", temp / "store", lines);
    auto store = RocksStore::Open(temp / "store", {.format = "crash"});
    ASSERT_TRUE(store.ok()) << store.status().ToString();
    ASSERT_FALSE(store.value()->rebuilt()) << store.value()->rebuilt_reason();
    const auto last = store.value()->Get("last");
    ASSERT_TRUE(last.ok());
    // What was flushed may be far behind what was written; it is some batch, and that one whole.
    const std::uint64_t number = last->has_value() ? std::stoull(**last) : 0;
    EXPECT_LE(number, written + 1);
    EXPECT_GE(number, before);
    std::uint64_t own = 0;
    ASSERT_TRUE(store.value()
                    ->Scan("own ", "own!",
                           [&](std::string_view, std::string_view) {
                             ++own;
                             return true;
                           })
                    .ok());
    EXPECT_EQ(own, number);
    for (int row = 0; row < 10 && number > 0; ++row) {
      EXPECT_EQ(store.value()->Get("row " + std::to_string(row)).value(), std::to_string(number));
    }
    before = number;
    if (round % 2 == 0) {
      ASSERT_TRUE(store.value()->Close().ok());
    }
  }
}

}  // namespace
}  // namespace motcua::rocks
