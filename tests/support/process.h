// A child process of a test: started, spoken to through its standard output, killed.
//
// One thread. The destructor kills what still runs.
#pragma once

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <string>
#include <vector>

namespace motcua::testing {

class Process {
 public:
  // Standard error goes to `error_file` (appended).
  Process(const std::vector<std::string>& command, const std::string& error_file) {
    int ends[2] = {};
    if (pipe(ends) != 0) std::abort();
    pid_ = fork();
    if (pid_ == 0) {
      dup2(ends[1], STDOUT_FILENO);
      const int error = open(error_file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
      if (error >= 0) dup2(error, STDERR_FILENO);
      close(ends[0]);
      close(ends[1]);
      std::vector<char*> arguments;
      arguments.reserve(command.size() + 1);
      for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
      arguments.push_back(nullptr);
      execv(arguments[0], arguments.data());
      _exit(127);
    }
    close(ends[1]);
    out_ = ends[0];
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process() {
    if (pid_ > 0) Kill();
    close(out_);
  }

  // The next line of standard output without its end; empty at the end of the output.
  std::string ReadLine() {
    std::string line;
    char c = 0;
    while (read(out_, &c, 1) == 1 && c != '\n') line.push_back(c);
    return line;
  }
  std::string ReadAll() {
    std::string text;
    char buffer[4096];
    ssize_t got = 0;
    while ((got = read(out_, buffer, sizeof buffer)) > 0) {
      text.append(buffer, static_cast<std::size_t>(got));
    }
    return text;
  }

  void Signal(int signal) const { kill(pid_, signal); }
  void Kill() {
    Signal(SIGKILL);
    Wait();
  }
  // Exit status, or 128 + the signal that ended it.
  int Wait() {
    int status = 0;
    if (pid_ <= 0) return -1;
    waitpid(pid_, &status, 0);
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  bool running() {
    int status = 0;
    if (pid_ <= 0) return false;
    if (waitpid(pid_, &status, WNOHANG) == 0) return true;
    pid_ = 0;
    return false;
  }

 private:
  pid_t pid_ = 0;
  int out_ = -1;
};

}  // namespace motcua::testing
