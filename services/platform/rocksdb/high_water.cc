#include "services/platform/rocksdb/high_water.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>

#include "services/base/hash.h"

namespace motcua::rocks {
namespace {

// On disk, do not change: the count and then its hash, little-endian. Sixteen bytes lie in one
// sector, so they are replaced as a whole; if not, the hash tells.
struct Row {
  std::uint64_t records;
  std::uint64_t hash;
};
static_assert(sizeof(Row) == 16 && std::endian::native == std::endian::little);
constexpr std::uint64_t kHashSeed = 0x6d6f74637561'4857;  // "motcuaHW"

std::uint64_t HashOf(std::uint64_t records) {
  std::array<char, sizeof(records)> bytes;
  std::memcpy(bytes.data(), &records, sizeof(records));
  return HashBytes(std::string_view(bytes.data(), bytes.size()), kHashSeed);
}

}  // namespace

Result<HighWater> HighWater::Open(const std::filesystem::path& file) {
  const int fd = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) {
    return Status(errno == ENOSPC ? Reason::kLogUnavailable : Reason::kFileUnreadable,
                  "open " + file.string() + ": " + std::strerror(errno), {{"file", file.string()}});
  }
  HighWater high_water(fd);
  Row row{};
  if (pread(fd, &row, sizeof(row), 0) == static_cast<ssize_t>(sizeof(row)) &&
      row.hash == HashOf(row.records)) {
    high_water.records_ = row.records;
  }
  return high_water;
}

HighWater::~HighWater() {
  if (fd_ >= 0) close(fd_);
}

void HighWater::Set(std::uint64_t records) {
  const Row row{records, HashOf(records)};
  if (pwrite(fd_, &row, sizeof(row), 0) != static_cast<ssize_t>(sizeof(row))) return;
  records_ = records;
  const auto now = std::chrono::steady_clock::now();
  if (now < sync_next_) return;
  sync_next_ = now + kHighWaterSyncPause;
  if (fdatasync(fd_) != 0) sync_next_ = {};
}

}  // namespace motcua::rocks
