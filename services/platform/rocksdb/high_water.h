// HighWater: how many records the log has acknowledged, in a file of its own beside RocksDB.
//
// RocksDB's recovery stops at the first torn record of its write-ahead log and takes the rest for
// an unsynced tail. It cannot know what was acknowledged; this file does. It is written after each
// synced commit and before anybody is told, but synced itself only once a second: after a power cut
// it may lag behind by that (after a crash of the process it does not), and it is never ahead. So a
// log that holds fewer records than it says has lost acknowledged ones, for certain.
//
// Owned by LogDisk; one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>

#include "services/base/status.h"

namespace motcua::rocks {

inline constexpr std::chrono::seconds kHighWaterSyncPause{1};

class HighWater {
 public:
  // Opens or creates the file.
  static Result<HighWater> Open(const std::filesystem::path& file);

  HighWater(HighWater&& other) noexcept : fd_(other.fd_), records_(other.records_) {
    other.fd_ = -1;
  }
  HighWater& operator=(HighWater&&) = delete;
  ~HighWater();

  // Records acknowledged, as far as the file knows; 0 for a new or unreadable file.
  std::uint64_t records() const { return records_; }
  // Replaces the figure in place. A failure only makes the check weaker: it is ignored.
  void Set(std::uint64_t records);

 private:
  explicit HighWater(int fd) : fd_(fd) {}

  int fd_;
  std::uint64_t records_ = 0;
  std::chrono::steady_clock::time_point sync_next_{};
};

}  // namespace motcua::rocks
