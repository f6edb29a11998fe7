// Resident memory of a process, as the kernel counts it.
//
// Free function; any thread.
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <fstream>
#include <string>

namespace motcua::testing {

// 0 for a process that does not exist, and for pid 0.
inline double ResidentMebibytes(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/statm");
  double pages = 0;
  double resident = 0;
  status >> pages >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

}  // namespace motcua::testing
