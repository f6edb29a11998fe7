// Goal: whatever is killed, nothing answered is lost or doubled.
// Method: fifty rounds of load on the real program, each ended by kill -9 at a moment of chance;
// between rounds state stores are removed or spoilt and the unsynced tail of the log is torn.
// Callers keep their own books. At the end: every answered request has its answer still, the codes
// run without gaps, and the log itself, read by the test, holds each answered request exactly once.
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "tests/integration/standalone/receptions.h"
#include "tests/support/temp_dir.h"

namespace motcua::testing {
namespace {

namespace fs = std::filesystem;
using Random = std::mt19937_64;

constexpr int kRounds = 50;
constexpr int kCallers = 8;
constexpr int kAnswersPerRoundMax = 150;

void Call(const std::string& address, int caller, int round, Books& books,
          std::atomic<int>& answers) {
  const auto stub =
      IntakeService::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  for (int i = 0;; ++i) {
    std::string id;
    {
      // Every other request is one that was never answered.
      const std::scoped_lock lock(books.mutex);
      if (i % 2 == 0 && !books.open.empty()) id = *books.open.begin();
    }
    if (id.empty()) {
      id = cases::FormatRequestId(cases::DeriveRequestId(
          std::to_string(caller) + "/" + std::to_string(round) + "/" + std::to_string(i)));
    }
    const bool answered = Ask(*stub, id, books).ok();
    // Who gets no answer stops calling; the round must not wait for it.
    answers += answered ? 1 : kAnswersPerRoundMax;
    answers.notify_one();
    if (!answered) return;
  }
}

// Something that a crash may do to files that were not synced, or an operator to disposable ones.
void Spoil(const fs::path& data, Random& random) {
  static constexpr const char* kStores[] = {"intake", "routing", "deadline", "postal", "reporting"};
  const fs::path store = data / kStores[random() % 5];
  switch (random() % 4) {
    case 0:
      fs::remove_all(store);
      return;
    case 1: {  // a flipped byte in one of its files
      std::vector<fs::path> files;
      for (const auto& entry : fs::directory_iterator(store)) {
        if (entry.is_regular_file() && entry.file_size() > 0) files.push_back(entry.path());
      }
      if (files.empty()) return;
      std::sort(files.begin(), files.end());
      const fs::path& file = files[random() % files.size()];
      std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
      stream.seekp(static_cast<std::streamoff>(random() % fs::file_size(file)));
      stream.put(static_cast<char>(random()));
      return;
    }
    case 2: {  // a torn write after the last synced record of the log
      fs::path newest;
      for (const auto& entry : fs::directory_iterator(data / "log")) {
        if (entry.path().extension() == ".log" && entry.path().filename() > newest.filename()) {
          newest = entry.path();
        }
      }
      if (newest.empty()) return;
      std::ofstream stream(newest, std::ios::app | std::ios::binary);
      for (std::uint64_t bytes = random() % 500; bytes > 0; --bytes) {
        stream.put(static_cast<char>(random()));
      }
      return;
    }
    default:
      return;
  }
}

TEST(Kill, LosesAndDoublesNothingThatWasAnswered) {
  const TempDir temp;
  const fs::path data = temp / "data";
  const std::string log = (temp / "services.log").string();
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  Books books;
  std::unique_ptr<runtime::Child> process;
  for (int round = 0; round < kRounds; ++round) {
    const std::string address = Start(process, data, log);
    ASSERT_FALSE(address.empty()) << "round " << round << " did not start; see " << log;
    std::atomic<int> answers = 0;
    std::vector<std::thread> callers;
    callers.reserve(kCallers);
    for (int caller = 0; caller < kCallers; ++caller) {
      callers.emplace_back([&, caller] { Call(address, caller, round, books, answers); });
    }
    const int enough = static_cast<int>(random() % kAnswersPerRoundMax);
    for (int seen = answers; seen < enough; seen = answers) answers.wait(seen);
    process->Kill();
    for (std::thread& caller : callers) caller.join();
    Spoil(data, random);
  }

  const std::string address = Start(process, data, log);
  ASSERT_FALSE(address.empty());
  const auto stub =
      IntakeService::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  const std::set<std::string> open = books.open;
  for (const std::string& id : open) EXPECT_TRUE(Ask(*stub, id, books).ok());
  const std::map<std::string, std::string> answered = books.answered;
  for (const auto& [id, code] : answered) EXPECT_TRUE(Ask(*stub, id, books).ok());
  std::set<std::string> codes;
  for (const auto& [id, code] : books.answered) EXPECT_TRUE(codes.insert(code).second) << code;
  process->Signal(SIGTERM);
  EXPECT_EQ(process->Wait(), 0);
  CheckLog(data, books.answered);
  ::testing::Test::RecordProperty("answered", static_cast<int>(books.answered.size()));
}

}  // namespace
}  // namespace motcua::testing
