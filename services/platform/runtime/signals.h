// Waiting for the order to stop, without signal handlers: the signals are blocked in every thread
// and taken by the one that waits, so that what follows is ordinary code.
//
//   int main() {
//     BlockSignals();          // before the first thread: threads inherit the mask
//     SignalWaiter stop;
//     …
//     stop.Wait();             // SIGINT, SIGTERM, or stop.Wake() from any thread
#pragma once

#include <atomic>
#include <chrono>

namespace motcua::runtime {

// Blocks SIGINT and SIGTERM (to be waited for) and ignores SIGPIPE (a lost peer is an error of
// write, not of the process). Call it in `main` before any thread is started.
void BlockSignals();

// At most one per process may wait at a time.
class SignalWaiter {
 public:
  SignalWaiter() = default;
  SignalWaiter(const SignalWaiter&) = delete;
  SignalWaiter& operator=(const SignalWaiter&) = delete;

  // Returns the signal's number, or 0 after Wake(). One thread.
  int Wait();
  // Whether it would have returned within `patience`; then that order is used up.
  bool WaitFor(std::chrono::milliseconds patience);
  // Lets the present or next Wait return. Any thread; not a signal handler.
  void Wake();

 private:
  std::atomic<bool> woken_ = false;
};

}  // namespace motcua::runtime
