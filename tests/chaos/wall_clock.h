// WallClock: the wall clock of a process that is started with environment(), stepped while it runs.
//
//   WallClock clock(folder / "clock");
//   Process process(command, log, clock.environment());
//   clock.Set(std::chrono::hours(1));   // now it is an hour later there
//
// The file must outlive the process, whose monotonic clocks go on as they are (clock_shift.cc).
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#ifdef __SANITIZE_ADDRESS__
#define MOTCUA_REQUIRE_WALL_CLOCK() \
  GTEST_SKIP() << "SKIPPED: the address sanitizer wants to be what is preloaded first"
#else
#define MOTCUA_REQUIRE_WALL_CLOCK() static_cast<void>(0)
#endif

namespace motcua::chaos {

class WallClock {
 public:
  explicit WallClock(std::filesystem::path file) : file_(std::move(file)) {
    std::ofstream(file_, std::ios::binary) << std::flush;
    std::filesystem::resize_file(file_, sizeof(std::int64_t));
    Set(std::chrono::nanoseconds(0));
  }

  // From the test's own, from now on.
  void Set(std::chrono::nanoseconds shift) const {
    const std::int64_t nanos = kOwnShift + shift.count();
    // Not cut off and written anew: processes have it mapped.
    std::fstream stream(file_, std::ios::in | std::ios::out | std::ios::binary);
    stream.write(reinterpret_cast<const char*>(&nanos), sizeof(nanos)).flush();
    EXPECT_TRUE(stream.good()) << "cannot step the clock " << file_;
  }
  std::vector<std::string> environment() const {
    std::vector<std::string> variables = {"LD_PRELOAD=" MOTCUA_CLOCK_SHIFT_LIBRARY};
    variables.push_back("CHAOS_CLOCK_FILE=" + file_.string());
    return variables;
  }

 private:
  // The test may run as on another day itself (scripts/check dates).
  static std::int64_t ReadOwnShift() {
    const char* const name = std::getenv("CHAOS_CLOCK_FILE");  // NOLINT(concurrency-mt-unsafe)
    std::int64_t nanos = 0;
    if (name != nullptr) {
      std::ifstream(name, std::ios::binary).read(reinterpret_cast<char*>(&nanos), sizeof(nanos));
    }
    return nanos;
  }

  static inline const std::int64_t kOwnShift = ReadOwnShift();
  const std::filesystem::path file_;
};

}  // namespace motcua::chaos
