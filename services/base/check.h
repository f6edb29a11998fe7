// Invariants. MOTCUA_CHECK stops the process in every build: it asserts the programmer, never the
// world (bad input, a full disk and a lost peer are a Status, see status.h).
//
//   MOTCUA_CHECK(offset >= next_, "the log went backwards");
#pragma once

namespace motcua {

// Prints the failed condition with its place to standard error and aborts.
[[noreturn]] void CheckFailed(const char* condition, const char* message, const char* file,
                              int line);

}  // namespace motcua

#define MOTCUA_CHECK(condition, message)                                \
  do {                                                                  \
    if (!(condition)) [[unlikely]]                                      \
      ::motcua::CheckFailed(#condition, (message), __FILE__, __LINE__); \
  } while (false)
