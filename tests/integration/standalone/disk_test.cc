// Goal: a disk that fills up under `motcua standalone` refuses commands in time and harms nothing:
// reads go on, the process lives, and with room again it goes on by itself.
// Method: the real program with its data on a small tmpfs (needs root), under load; twice the
// disk is filled until commands are refused, and freed. Callers keep their own books and ask anew
// with the same id until answered. At the end the log itself, read by the test, holds each answered
// request exactly once.
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <fstream>
#include <sstream>
#include <stop_token>
#include <thread>

#include "motcua/admin/v1/admin.grpc.pb.h"
#include "tests/integration/standalone/receptions.h"
#include "tests/support/await.h"
#include "tests/support/small_disk.h"
#include "tests/support/temp_dir.h"

namespace motcua::testing {
namespace {

namespace fs = std::filesystem;

// Of a command under the full disk.
constexpr std::chrono::seconds kHastyDeadline{2};
// Less than what RocksDB would like to reserve for a file of the log, so that the log has no room
// beyond what is written.
constexpr std::size_t kDiskWithoutReserve = 12 * 1024 * 1024;
// What is reserved for the log is there, so that the state stores are the first to have no room.
constexpr std::size_t kDiskWithReserve = 128 * 1024 * 1024;
constexpr int kCallers = 4;
constexpr int kTimes = 2;
// Answers, or refusals, that must be seen before a test goes on.
constexpr std::size_t kEnough = 20;
constexpr std::chrono::seconds kPatience{60};
constexpr std::chrono::milliseconds kAskAgainPause{10};

// What all callers saw together.
struct Seen {
  std::atomic<std::size_t> answered = 0;
  std::atomic<std::size_t> refused = 0;
  std::atomic<std::size_t> too_late = 0;  // of these, by the caller's own deadline
  std::atomic<std::int64_t> slowest_refusal_ms = 0;
};

// Waits until told to stop, or for `pause`.
void Pause(const std::stop_token& stop, std::chrono::milliseconds pause) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, stop, pause, [] { return false; });
}

void ExpectRefusedInTime(const grpc::Status& told, std::chrono::milliseconds took, Seen& seen) {
  ++seen.refused;
  if (told.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
    ++seen.too_late;
    return;
  }
  EXPECT_TRUE(told.error_code() == grpc::StatusCode::UNAVAILABLE ||
              told.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED)
      << told.error_code() << ": " << told.error_message();
  EXPECT_LT(took, kHastyDeadline) << told.error_message();
  seen.slowest_refusal_ms = std::max<std::int64_t>(seen.slowest_refusal_ms, took.count());
}

void Call(const std::stop_token& stop, const std::string& address, int caller, Books& books,
          Seen& seen) {
  const auto stub =
      IntakeService::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  for (int i = 0; !stop.stop_requested(); ++i) {
    const std::string id = cases::FormatRequestId(
        cases::DeriveRequestId("disk/" + std::to_string(caller) + "/" + std::to_string(i)));
    bool answered = false;
    while (!answered && !stop.stop_requested()) {
      const auto begin = std::chrono::steady_clock::now();
      const grpc::Status told = Ask(*stub, id, books, kHastyDeadline);
      const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
          std::chrono::steady_clock::now() - begin);
      answered = told.ok();
      if (answered) ++seen.answered;
      if (!answered) ExpectRefusedInTime(told, took, seen);
      if (!answered) Pause(stop, kAskAgainPause);
    }
  }
}

bool AwaitMore(const std::atomic<std::size_t>& counter, std::size_t more) {
  const std::size_t enough = counter + more;
  return testing::Await([&] { return counter >= enough; }, kPatience);
}

// What the process says of intake.
bool Serves(const std::shared_ptr<grpc::Channel>& channel) {
  const auto stub = admin::v1::InstanceService::NewStub(channel);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kAskDeadline);
  admin::v1::GetInstanceResponse answer;
  const grpc::Status told = stub->GetInstance(&context, {}, &answer);
  EXPECT_TRUE(told.ok()) << told.error_message();
  return std::all_of(answer.services().begin(), answer.services().end(), [](const auto& service) {
    return service.service() != "intake" || service.serving();
  });
}

void ExpectReads(const std::shared_ptr<grpc::Channel>& channel) {
  intake::v1::ListDossiersRequest request;
  request.set_unit(kUnit);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kAskDeadline);
  intake::v1::ListDossiersResponse response;
  const grpc::Status told =
      IntakeService::NewStub(channel)->ListDossiers(&context, request, &response);
  EXPECT_TRUE(told.ok()) << told.error_message();
  EXPECT_GT(response.dossiers_size(), 0);
}

std::string TextOf(const fs::path& file) {
  std::ifstream stream(file);
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

struct Disk {
  const char* name;
  std::size_t bytes;
  // While a flush of its store fails, which takes as long as it takes, a service answers nobody:
  // what it had in hand then is told late. A log without room is known at once.
  std::size_t too_late_max;
};
void PrintTo(const Disk& disk, std::ostream* out) { *out << disk.name; }

class FullDisk : public ::testing::TestWithParam<Disk> {};

void FillAndFree(const SmallDisk& disk, const std::shared_ptr<grpc::Channel>& channel,
                 runtime::Child& process, Seen& seen) {
  ASSERT_TRUE(AwaitMore(seen.answered, kEnough)) << "not served";
  disk.Fill();
  ASSERT_TRUE(AwaitMore(seen.refused, kEnough)) << "the full disk refuses nothing";
  const std::size_t answered = seen.answered;
  ASSERT_TRUE(AwaitMore(seen.refused, kEnough));
  EXPECT_EQ(seen.answered, answered) << "answered without a disk";
  ExpectReads(channel);
  EXPECT_FALSE(Serves(channel)) << "health does not say so";
  ASSERT_TRUE(process.running());
  disk.Free();
  ASSERT_TRUE(AwaitMore(seen.answered, kEnough)) << "it does not go on when there is room";
  EXPECT_TRUE(Serves(channel));
}

TEST_P(FullDisk, RefusesCommandsInTimeAndLosesNothing) {
  MOTCUA_REQUIRE_SMALL_DISK();
  const TempDir temp;
  const SmallDisk disk(temp / "disk", GetParam().bytes);
  ASSERT_TRUE(disk.mounted());
  const fs::path data = disk.folder() / "data";
  const std::string log = (temp / "services.log").string();
  std::unique_ptr<runtime::Child> process;
  const std::string address = Start(process, data, log);
  ASSERT_FALSE(address.empty()) << TextOf(log);
  const auto channel = grpc::CreateChannel(address, grpc::InsecureChannelCredentials());
  Books books;
  Seen seen;
  {
    std::vector<std::jthread> callers;
    callers.reserve(kCallers);
    for (int caller = 0; caller < kCallers; ++caller) {
      callers.emplace_back(
          [&, caller](const std::stop_token& stop) { Call(stop, address, caller, books, seen); });
    }
    for (int i = 0; i < kTimes && !::testing::Test::HasFatalFailure(); ++i) {
      FillAndFree(disk, channel, *process, seen);
    }
    for (std::jthread& caller : callers) caller.request_stop();
  }
  const auto stub = IntakeService::NewStub(channel);
  const std::set<std::string> open = books.open;
  for (const std::string& id : open) EXPECT_TRUE(Ask(*stub, id, books).ok());
  process->Signal(SIGTERM);
  EXPECT_EQ(process->Wait(), 0) << TextOf(log);
  EXPECT_EQ(TextOf(log).find("Assertion"), std::string::npos) << TextOf(log);
  CheckLog(data, books.answered);
  EXPECT_LE(seen.too_late, GetParam().too_late_max);
  std::cout << seen.answered << " answered, " << seen.refused << " refused, " << seen.too_late
            << " of them too late, the others within " << seen.slowest_refusal_ms << " ms\n";
}

INSTANTIATE_TEST_SUITE_P(Standalone, FullDisk,
                         ::testing::Values(Disk{"UnderTheLog", kDiskWithoutReserve, 0},
                                           Disk{"UnderTheStores", kDiskWithReserve,
                                                kTimes* kCallers}),
                         [](const auto& disk) { return std::string(disk.param.name); });

}  // namespace
}  // namespace motcua::testing
