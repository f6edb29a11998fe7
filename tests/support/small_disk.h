// SmallDisk: a folder on a disk of its own (a tmpfs) that a test can fill and empty. Needs root, or
// a kernel that lets everybody have namespaces of their own.
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
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include "tests/support/temp_dir.h"

// Ends the test as skipped where no disk can be mounted. Say it first: a process that has threads
// already gets no namespace.
#define MOTCUA_REQUIRE_SMALL_DISK() \
  if (!motcua::testing::MayMount()) \
  GTEST_SKIP() << "SKIPPED: a full disk needs root or namespaces of one's own, to mount a tmpfs"

namespace motcua::testing {

inline bool MountTmpfs(const std::filesystem::path& folder, std::size_t bytes) {
  const std::string size = "size=" + std::to_string(bytes);
  return mount("tmpfs", folder.c_str(), "tmpfs", 0, size.c_str()) == 0;
}

// Whether this process may mount; gives it namespaces in which it may, where it can.
inline bool MayMount() {
  const TempDir probe;
  const auto tried = [&probe] {
    constexpr std::size_t kProbeBytes = 64 * 1024;
    if (!MountTmpfs(probe.path(), kProbeBytes)) return false;
    umount2(probe.path().c_str(), MNT_DETACH);
    return true;
  };
  if (tried()) return true;
  const uid_t user = geteuid();
  const gid_t group = getegid();
  if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
  std::ofstream("/proc/self/setgroups") << "deny";
  std::ofstream("/proc/self/uid_map") << user << ' ' << user << " 1";
  std::ofstream("/proc/self/gid_map") << group << ' ' << group << " 1";
  return tried();
}

class SmallDisk {
 public:
  SmallDisk(std::filesystem::path folder, std::size_t bytes) : folder_(std::move(folder)) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    mounted_ = MountTmpfs(folder_, bytes);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk() {
    if (mounted_) umount2(folder_.c_str(), MNT_DETACH);
  }

  bool mounted() const { return mounted_; }
  const std::filesystem::path& folder() const { return folder_; }
  // Again, where others have removed files since.
  void Fill() const {
    std::ofstream filler(filler_file(), std::ios::binary | std::ios::app);
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
