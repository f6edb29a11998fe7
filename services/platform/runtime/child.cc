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

// exec takes words that it might write to; they live as long as `words`.
std::vector<char*> Pointers(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

// This process's with `more`; what stands first is what a program finds.
std::vector<std::string> EnvironmentWith(const std::vector<std::string>& more) {
  std::vector<std::string> environment = more;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    environment.emplace_back(*variable);
  }
  return environment;
}

// Only what is safe between fork and exec.
[[noreturn]] void Become(char* const* arguments, char* const* environment, int out,
                         const char* error_file) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  dup2(out, STDOUT_FILENO);
  const int error = open(error_file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (error >= 0) dup2(error, STDERR_FILENO);
  execve(arguments[0], arguments, environment);
  constexpr int kCannotStart = 127;
  _exit(kCannotStart);
}

}  // namespace

Child::Child(const std::vector<std::string>& command, const std::string& error_file,
             const std::vector<std::string>& environment) {
  std::array<int, 2> ends{};
  MOTCUA_CHECK(pipe2(ends.data(), O_CLOEXEC) == 0, "no pipe can be made");
  std::vector<std::string> words = command;
  std::vector<std::string> variables = EnvironmentWith(environment);
  const std::vector<char*> arguments = Pointers(words);
  const std::vector<char*> values = Pointers(variables);
  pid_ = fork();
  if (pid_ == 0) Become(arguments.data(), values.data(), ends[1], error_file.c_str());
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
