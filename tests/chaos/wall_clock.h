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
  }

  // From the machine's own, from now on.
  void Set(std::chrono::nanoseconds shift) const {
    const std::int64_t nanos = shift.count();
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
  const std::filesystem::path file_;
};

}  // namespace motcua::chaos
