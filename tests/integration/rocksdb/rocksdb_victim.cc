// The child of rocksdb_crash_test: works on a log or a store until it is killed, and says on
// standard output what it was promised. Not a test by itself.
//
//   rocksdb_victim log <folder>    appends versions 1, 2, … ; prints "<last acknowledged>\n"
//   rocksdb_victim store <folder>  writes batches 1, 2, … of kRows rows; prints "<batch>\n"
#include <unistd.h>

#include <condition_variable>
#include <cstdint>
#include <cstdio>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "services/platform/rocksdb/local_log.h"
#include "services/platform/rocksdb/rocks_store.h"
#include "tests/integration/rocksdb/fake_codec.h"
#include "tests/integration/rocksdb/log_testing.h"

namespace {

using motcua::Status;
using motcua::engine::AppendOutcome;

// One write call per line: a line that the parent sees was complete.
void Say(std::uint64_t number) {
  const std::string line = std::to_string(number) + "\n";
  if (write(STDOUT_FILENO, line.data(), line.size()) < 0) _exit(3);
}

int AppendForEver(const std::string& folder) {
  const motcua::testing::FakeCodec codec;
  motcua::rocks::LocalLogOptions options;
  options.write_buffer_bytes = 256 * 1024;  // so that kills also meet flushes and compactions
  auto log = motcua::rocks::LocalLog::Open(folder, 0, codec, options);
  if (!log.ok()) {
    std::fprintf(stderr, "%s\n", log.status().ToString().c_str());
    return 2;
  }
  std::mutex mutex;
  std::condition_variable changed;
  std::uint32_t in_flight = 0;
  auto version = static_cast<std::uint32_t>(motcua::testing::EndOf(*log.value(), 0));
  for (;;) {
    // Appends of one to four records, up to sixteen at a time.
    std::vector<std::string> records;
    for (std::uint32_t i = 0; i <= version % 4; ++i) {
      records.push_back(motcua::testing::FakeRecord("A", version + 1 + i, 200));
    }
    version += static_cast<std::uint32_t>(records.size());
    {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return in_flight < 16; });
      ++in_flight;
    }
    log.value()->Append(0, std::move(records), [&, version](AppendOutcome outcome, const Status&) {
      if (outcome != AppendOutcome::kAppended) _exit(4);
      Say(version);
      const std::lock_guard lock(mutex);
      --in_flight;
      changed.notify_one();
    });
  }
}

int WriteForEver(const std::string& folder) {
  motcua::rocks::RocksStoreOptions options;
  options.format = "crash";
  options.write_buffer_bytes = 64 * 1024;
  auto store = motcua::rocks::RocksStore::Open(folder, options);
  if (!store.ok()) {
    std::fprintf(stderr, "%s\n", store.status().ToString().c_str());
    return 2;
  }
  if (store.value()->rebuilt()) {
    std::fprintf(stderr, "rebuilt: %s\n", store.value()->rebuilt_reason().c_str());
    return 5;
  }
  const auto last = store.value()->Get("last");
  if (!last.ok()) return 2;
  std::uint64_t number = last->has_value() ? std::stoull(**last) : 0;
  for (;;) {
    const std::string text = std::to_string(++number);
    // Ten rows that every batch replaces, one of its own, and the number.
    std::vector<motcua::engine::StoreWrite> batch = {{"last", text}, {"own " + text, text}};
    for (int row = 0; row < 10; ++row) batch.push_back({"row " + std::to_string(row), text});
    // A disk that is behind keeps no writer waiting: it comes again, as a service's loop does.
    motcua::Status written;
    do {
      written = store.value()->Write(batch);
    } while (written.reason() == motcua::Reason::kOverloaded);
    if (!written.ok()) return 4;
    Say(number);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 1;
  return std::string_view(argv[1]) == "log" ? AppendForEver(argv[2]) : WriteForEver(argv[2]);
}
