#include "services/platform/runtime/child.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "services/base/check.h"

namespace motcua::runtime {
namespace {

int ExitStatus(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// Only what is safe between fork and exec.
[[noreturn]] void Become(char* const* arguments, int out, const char* error_file) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  dup2(out, STDOUT_FILENO);
  const int error = open(error_file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (error >= 0) dup2(error, STDERR_FILENO);
  execv(arguments[0], arguments);
  constexpr int kCannotStart = 127;
  _exit(kCannotStart);
}

}  // namespace

Child::Child(const std::vector<std::string>& command, const std::string& error_file) {
  std::array<int, 2> ends{};
  MOTCUA_CHECK(pipe2(ends.data(), O_CLOEXEC) == 0, "no pipe can be made");
  std::vector<std::string> words = command;  // exec takes words that it might write to
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_ = fork();
  if (pid_ == 0) Become(arguments.data(), ends[1], error_file.c_str());
  close(ends[1]);
  out_ = ends[0];
}

Child::~Child() {
  if (pid_ > 0) Kill();
  close(out_);
}

std::string Child::ReadLine() {
  std::string line;
  char c = 0;
  while (read(out_, &c, 1) == 1 && c != '\n') line.push_back(c);
  return line;
}

std::string Child::ReadAll() {
  std::string text;
  std::array<char, 4096> buffer{};
  ssize_t got = 0;
  while ((got = read(out_, buffer.data(), buffer.size())) > 0) {
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return text;
}

void Child::Signal(int signal) const {
  if (pid_ > 0) kill(pid_, signal);
}

void Child::Kill() {
  Signal(SIGKILL);
  Wait();
}

int Child::Wait() {
  if (pid_ <= 0) return -1;
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = 0;
  return ExitStatus(status);
}

int Child::WaitFor(std::chrono::milliseconds patience) {
  if (pid_ <= 0) return -1;
  // Readable once the process has ended.
  const int ended = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  pollfd wait{ended, POLLIN, 0};
  if (ended < 0 || poll(&wait, 1, static_cast<int>(patience.count())) <= 0) Signal(SIGKILL);
  if (ended >= 0) close(ended);
  return Wait();
}

bool Child::running() {
  int status = 0;
  if (pid_ <= 0) return false;
  if (waitpid(pid_, &status, WNOHANG) == 0) return true;
  pid_ = 0;
  return false;
}

}  // namespace motcua::runtime
