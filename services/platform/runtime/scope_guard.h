// ScopeGuard: an undo declared right after its do, run at the end of the scope in reverse order.
//
//   const ScopeGuard stop([&] { server.Stop(); });
//
// One thread. The function must not throw.
#pragma once

#include <utility>

namespace motcua::runtime {

template <typename Undo>
class [[nodiscard]] ScopeGuard {
 public:
  explicit ScopeGuard(Undo undo) : undo_(std::move(undo)) {}
  ScopeGuard(const ScopeGuard&) = delete;
  ScopeGuard& operator=(const ScopeGuard&) = delete;
  ~ScopeGuard() {
    if (armed_) undo_();
  }

  // What was done stays done.
  void Dismiss() { armed_ = false; }

 private:
  Undo undo_;
  bool armed_ = true;
};

}  // namespace motcua::runtime
