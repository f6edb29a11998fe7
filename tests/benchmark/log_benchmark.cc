// What the local log costs: a synced commit of one record and of groups, and reading back. Beside
// it the disk's own fdatasync, the floor of every commit. Folders lie below TMPDIR, so that the
// disk can be chosen.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <future>
#include <string>
#include <vector>

#include "services/base/check.h"
#include "services/platform/rocksdb/directory.h"
#include "services/platform/rocksdb/local_log.h"
#include "tests/integration/rocksdb/fake_codec.h"
#include "tests/support/temp_dir.h"

namespace motcua::rocks {
namespace {

constexpr std::size_t kRecordBytes = 280;

std::vector<std::string> Records(std::uint32_t first, std::size_t count) {
  std::vector<std::string> records;
  records.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    records.push_back(testing::FakeRecord("000.23.10.H49-201031-0001",
                                          first + static_cast<std::uint32_t>(i), kRecordBytes));
  }
  return records;
}

void DiskSync(benchmark::State& state) {
  const testing::TempDir temp;
  const int fd = open((temp / "file").c_str(), O_CREAT | O_WRONLY, 0644);
  MOTCUA_CHECK(fd >= 0, "the disk takes no file");
  const std::string bytes(kRecordBytes, 'x');
  for ([[maybe_unused]] auto _ : state) {
    if (write(fd, bytes.data(), bytes.size()) < 0 || fdatasync(fd) != 0) {
      state.SkipWithError("the disk refuses");
    }
  }
  close(fd);
}
BENCHMARK(DiskSync)->UseRealTime()->Unit(benchmark::kMicrosecond);

// `range` records as appends of their own, all in flight together: one or two synced batches.
void CommitGroup(benchmark::State& state) {
  const testing::TempDir temp;
  const testing::FakeCodec codec;
  auto log = LocalLog::Open(temp / "log", 1, codec, {}).value();
  const auto count = static_cast<std::size_t>(state.range(0));
  std::uint32_t version = 1;
  for ([[maybe_unused]] auto _ : state) {
    auto records = Records(version, count);
    version += static_cast<std::uint32_t>(count);
    std::atomic<std::size_t> left = count;
    std::promise<void> all;
    for (std::string& record : records) {
      log->Append(0, {std::move(record)}, [&](engine::AppendOutcome, const Status&) {
        if (--left == 0) all.set_value();
      });
    }
    all.get_future().wait();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["commits"] = static_cast<double>(log->stats().commits);
}
BENCHMARK(CommitGroup)->Arg(1)->Arg(64)->Arg(256)->UseRealTime()->Unit(benchmark::kMicrosecond);

// A long log read from its beginning: verified, decoded (by a trivial codec) and cached.
void ReplayFromDisk(benchmark::State& state) {
  const testing::TempDir temp;
  const testing::FakeCodec codec;
  constexpr std::uint32_t kRecords = 500'000;
  {
    auto log = LocalLog::Open(temp / "log", 1, codec, {}).value();
    for (std::uint32_t v = 1; v <= kRecords; v += 1000) {
      std::promise<void> done;
      log->Append(0, Records(v, 1000),
                  [&](engine::AppendOutcome, const Status&) { done.set_value(); });
      done.get_future().wait();
    }
  }
  state.counters["bytes_per_record"] = static_cast<double>(DirectoryBytes(temp / "log")) / kRecords;
  for ([[maybe_unused]] auto _ : state) {
    auto log = LocalLog::Open(temp / "log", 1, codec, {}).value();
    engine::Offset from = 0;
    for (;;) {
      const auto chunk = log->Read(0, from).value();
      if (chunk->entries.empty()) break;
      from = chunk->next;
    }
  }
  state.SetItemsProcessed(state.iterations() * kRecords);
}
BENCHMARK(ReplayFromDisk)->UseRealTime()->Unit(benchmark::kMillisecond);

// Opening a log of `range` records after a clean end.
void OpenLongLog(benchmark::State& state) {
  const testing::TempDir temp;
  const testing::FakeCodec codec;
  {
    auto log = LocalLog::Open(temp / "log", 16, codec, {}).value();
    for (std::int64_t v = 0; v < state.range(0); v += 1000) {
      std::promise<void> done;
      log->Append(static_cast<engine::PartitionId>(v / 1000 % 16), Records(1, 1000),
                  [&](engine::AppendOutcome, const Status&) { done.set_value(); });
      done.get_future().wait();
    }
  }
  for ([[maybe_unused]] auto _ : state) {
    benchmark::DoNotOptimize(LocalLog::Open(temp / "log", 16, codec, {}).value());
  }
}
BENCHMARK(OpenLongLog)->Arg(2'000'000)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace motcua::rocks

BENCHMARK_MAIN();
