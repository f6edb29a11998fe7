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
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "motcua/intake/v1/intake.grpc.pb.h"
#include "services/platform/rocksdb/local_log.h"
#include "services/wire/codec.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace motcua::testing {
namespace {

namespace fs = std::filesystem;
using intake::v1::IntakeService;
using Random = std::mt19937_64;

constexpr int kRounds = 50;
constexpr int kCallers = 8;
constexpr int kAnswersPerRoundMax = 150;
constexpr const char* kUnit = "000.23.10.H49";

// What the callers were told: request id → dossier code.
struct Books {
  std::mutex mutex;
  std::map<std::string, std::string> answered;
  std::set<std::string> open;  // asked, not answered: to be asked again with the same id
};

intake::v1::ReceiveDossierRequest RequestFor(const std::string& id) {
  intake::v1::ReceiveDossierRequest request;
  request.mutable_context()->set_request_id(id);
  request.mutable_context()->set_actor("officer:test");
  request.set_unit(kUnit);
  request.set_procedure("1.000893");
  request.set_channel(common::v1::CHANNEL_DIRECT);
  return request;
}

// Asks once; the answer goes into the books. False: no answer.
bool Ask(IntakeService::Stub& stub, const std::string& id, Books& books) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
  intake::v1::ReceiveDossierResponse response;
  const grpc::Status status = stub.ReceiveDossier(&context, RequestFor(id), &response);
  const std::scoped_lock lock(books.mutex);
  if (!status.ok()) {
    books.open.insert(id);
    return false;
  }
  const auto [told, first] = books.answered.emplace(id, response.dossier());
  EXPECT_EQ(told->second, response.dossier()) << "another answer for " << id;
  books.open.erase(id);
  return true;
}

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
    const bool answered = Ask(*stub, id, books);
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
    case 2: {  // a torn write behind the last synced record of the log
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

std::string Start(std::unique_ptr<Process>& process, const fs::path& data, const std::string& log) {
  process = std::make_unique<Process>(
      std::vector<std::string>{std::string(MOTCUA_BIN_DIR) + "/motcua", "standalone", "--data",
                               data.string(), "--listen", "127.0.0.1:0"},
      log);
  const std::string line = process->ReadLine();
  return line.rfind("ready ", 0) == 0 ? line.substr(6) : "";
}

// Reads the log as the test's own reader: which answered requests it holds, and how often.
void CheckLog(const fs::path& data, const std::map<std::string, std::string>& answered) {
  const wire::WireCodec codec;
  auto log = rocks::LocalLog::Open(data / "log", 0, codec, {});
  ASSERT_TRUE(log.ok()) << log.status().ToString();
  std::map<std::string, std::string> found;
  cases::Version book = 0;
  cases::Tip tip;
  engine::Offset at = 0;
  while (true) {
    const auto chunk = (*log)->Read(0, at);
    ASSERT_TRUE(chunk.ok()) << chunk.status().ToString();
    if ((*chunk)->entries.empty()) break;
    for (const engine::LogEntry& entry : (*chunk)->entries) {
      if (entry.offset < at || !entry.event || !entry.event->book) continue;
      const cases::Step& step = *entry.event->book;
      if (step.version != book + 1 || step.follows != tip) continue;
      book = step.version;
      tip = entry.tip;
      const std::string id = cases::FormatRequestId(entry.event->request_id);
      EXPECT_TRUE(found.emplace(id, entry.event->dossier.value()).second) << "doubled: " << id;
    }
    at = (*chunk)->next;
  }
  for (const auto& [id, code] : answered) {
    const auto in_log = found.find(id);
    ASSERT_NE(in_log, found.end()) << "lost: " << id << " " << code;
    EXPECT_EQ(in_log->second, code);
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
  std::unique_ptr<Process> process;
  for (int round = 0; round < kRounds; ++round) {
    const std::string address = Start(process, data, log);
    ASSERT_FALSE(address.empty()) << "round " << round << " did not start; see " << log;
    std::atomic<int> answers = 0;
    std::vector<std::thread> callers;
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
  for (const std::string& id : open) EXPECT_TRUE(Ask(*stub, id, books));
  const std::map<std::string, std::string> answered = books.answered;
  for (const auto& [id, code] : answered) EXPECT_TRUE(Ask(*stub, id, books));
  std::set<std::string> codes;
  for (const auto& [id, code] : books.answered) EXPECT_TRUE(codes.insert(code).second) << code;
  process->Signal(SIGTERM);
  EXPECT_EQ(process->Wait(), 0);
  CheckLog(data, books.answered);
  ::testing::Test::RecordProperty("answered", static_cast<int>(books.answered.size()));
}

}  // namespace
}  // namespace motcua::testing
