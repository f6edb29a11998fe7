#include "services/platform/runtime/signals.h"

#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <ctime>

#include "services/base/check.h"

namespace motcua::runtime {
namespace {

sigset_t AwaitedSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  // Wake() sends this one to the process itself; its default is to be ignored, so it harms nobody
  // when no one waits.
  sigaddset(&set, SIGURG);
  return set;
}

}  // namespace

void BlockSignals() {
  const sigset_t set = AwaitedSignals();
  MOTCUA_CHECK(pthread_sigmask(SIG_BLOCK, &set, nullptr) == 0, "signals cannot be blocked");
  MOTCUA_CHECK(signal(SIGPIPE, SIG_IGN) != SIG_ERR, "SIGPIPE cannot be ignored");
}

int SignalWaiter::Wait() {
  const sigset_t set = AwaitedSignals();
  for (;;) {
    if (woken_.exchange(false)) return 0;
    int signal_number = 0;
    MOTCUA_CHECK(sigwait(&set, &signal_number) == 0, "sigwait failed");
    // SIGURG only says: look at woken_.
    if (signal_number != SIGURG) return signal_number;
  }
}

bool SignalWaiter::WaitFor(std::chrono::milliseconds patience) {
  const sigset_t set = AwaitedSignals();
  const auto end = std::chrono::steady_clock::now() + patience;
  for (;;) {
    if (woken_.exchange(false)) return true;
    const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(
        end - std::chrono::steady_clock::now());
    if (left <= std::chrono::nanoseconds(0)) return false;
    constexpr std::int64_t kSecond = 1'000'000'000;
    const timespec wait{left.count() / kSecond, left.count() % kSecond};
    const int signal_number = sigtimedwait(&set, nullptr, &wait);
    if (signal_number > 0 && signal_number != SIGURG) return true;
  }
}

void SignalWaiter::Wake() {
  woken_.store(true);
  kill(getpid(), SIGURG);
}

}  // namespace motcua::runtime
