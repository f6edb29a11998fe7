// What the tests of LocalLog share: waiting for an append, reading a partition to its end, and
// breaking files on purpose.
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "services/engine/ports.h"
#include "services/platform/rocksdb/local_log.h"

namespace motcua::testing {

struct AppendAnswer {
  engine::AppendOutcome outcome = engine::AppendOutcome::kUnknown;
  Status status;
};

inline std::future<AppendAnswer> AppendLater(engine::EventLog& log, engine::PartitionId partition,
                                             std::vector<std::string> records) {
  auto promise = std::make_shared<std::promise<AppendAnswer>>();
  auto answer = promise->get_future();
  log.Append(partition, std::move(records),
             [promise](engine::AppendOutcome outcome, const Status& status) {
               promise->set_value({outcome, status});
             });
  return answer;
}
// Waits for the answer.
inline engine::Offset EndOf(engine::EventLog& log, engine::PartitionId partition) {
  auto promise = std::make_shared<std::promise<Result<engine::Offset>>>();
  auto answer = promise->get_future();
  log.AskEnd(partition,
             [promise](Result<engine::Offset> end) { promise->set_value(std::move(end)); });
  return answer.get().value();
}
inline AppendAnswer AppendNow(engine::EventLog& log, engine::PartitionId partition,
                              std::vector<std::string> records) {
  return AppendLater(log, partition, std::move(records)).get();
}

// All records of a partition as "<dossier> <version>", or the error; checks that the offsets have
// no gap. An undecodable record reads "?".
inline Result<std::vector<std::string>> ReadAll(engine::EventLog& log,
                                                engine::PartitionId partition) {
  std::vector<std::string> events;
  for (engine::Offset from = 0;;) {
    MOTCUA_ASSIGN_OR_RETURN(const auto chunk, log.Read(partition, from));
    if (chunk->entries.empty()) return events;
    for (const engine::LogEntry& entry : chunk->entries) {
      if (entry.offset < from) continue;
      if (entry.offset != events.size()) return Status(Reason::kInternal, "a gap in the offsets");
      events.push_back(entry.event ? entry.event->dossier.value() + " " +
                                         std::to_string(entry.event->version())
                                   : "?");
    }
    from = chunk->next;
  }
}

inline std::string ReadFile(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}
inline void WriteFile(const std::filesystem::path& file, const std::string& content) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << content;
}
inline void FlipByte(const std::filesystem::path& file, std::size_t at) {
  std::string content = ReadFile(file);
  content.at(at) = static_cast<char>(content[at] ^ 0x20);
  WriteFile(file, content);
}
// Files of `directory` whose names end in `suffix` (or begin with it), in order of their names.
inline std::vector<std::filesystem::path> FilesLike(const std::filesystem::path& directory,
                                                    const std::string& affix) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(affix) || name.starts_with(affix)) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace motcua::testing
