// Child: another program, started, listened to through its standard output, signalled, waited for.
//
// One thread. The destructor kills what still runs.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace motcua::runtime {

class Child {
 public:
  // `command[0]` is the path of the program. Standard error goes to `error_file` (appended). A
  // program that cannot be started ends at once with 127. It begins with no signal blocked, and in
  // a process group of its own: Ctrl-C is for the parent alone. It is killed when the thread that
  // started it ends, so that nothing is left behind by a parent that was killed. `environment` is
  // what it has beside this process's: "NAME=value", which wins.
  Child(const std::vector<std::string>& command, const std::string& error_file,
        const std::vector<std::string>& environment = {});
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child();

  // The next line of standard output without its end; empty at the end of the output.
  std::string ReadLine();
  std::string ReadAll();

  // Nothing once it has ended.
  void Signal(int signal) const;
  void Kill();
  // Exit status, or 128 + the signal that ended it; -1 when it had been waited for.
  int Wait();
  // The same if it ends within `patience`, else it is killed.
  int WaitFor(std::chrono::milliseconds patience);
  bool running();
  // 0 once it has been waited for.
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = 0;
  int out_ = -1;
};

}  // namespace motcua::runtime
