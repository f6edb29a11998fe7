// SmallDisk: a folder on a disk of its own (a tmpfs) that a test can fill and empty. Needs root.
//
//   MOTCUA_REQUIRE_SMALL_DISK();
//   SmallDisk disk(folder, 24 * 1024 * 1024);
//   ASSERT_TRUE(disk.mounted());
//   disk.Fill();   // the next byte is refused with ENOSPC
//   disk.Free();
//
// The folder is emptied at the beginning; the disk is gone at the end of the scope.
#pragma once

#include <gtest/gtest.h>
#include <sys/mount.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

// Ends the test as skipped where no disk can be mounted.
#define MOTCUA_REQUIRE_SMALL_DISK() \
  if (geteuid() != 0) GTEST_SKIP() << "SKIPPED: a full disk needs root, to mount a tmpfs"

namespace motcua::testing {

class SmallDisk {
 public:
  SmallDisk(std::filesystem::path folder, std::size_t bytes) : folder_(std::move(folder)) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    const std::string size = "size=" + std::to_string(bytes);
    mounted_ = mount("tmpfs", folder_.c_str(), "tmpfs", 0, size.c_str()) == 0;
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk() {
    if (mounted_) umount2(folder_.c_str(), MNT_DETACH);
  }

  bool mounted() const { return mounted_; }
  const std::filesystem::path& folder() const { return folder_; }
  void Fill() const {
    std::ofstream filler(filler_file(), std::ios::binary);
    const std::string block(64 * 1024, 'x');
    while (filler.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
    }
  }
  void Free() const { std::filesystem::remove(filler_file()); }

 private:
  std::filesystem::path filler_file() const { return folder_ / "filler"; }

  const std::filesystem::path folder_;
  bool mounted_ = false;
};

}  // namespace motcua::testing
