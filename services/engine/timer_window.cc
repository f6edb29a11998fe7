#include "services/engine/timer_window.h"

#include <algorithm>
#include <string>

namespace motcua::engine {
namespace {

// The least place after `place`.
TimerPlace After(const TimerPlace& place) {
  return {place.at, cases::AggregateId::FromPath(place.id.path() + '\0')};
}

}  // namespace

void TimerWindow::Note(const TimerPlace& place, bool stands) {
  if (!Knows(place)) return;
  if (!stands) {
    known_.erase(place);
    return;
  }
  known_.insert(place);
  reached_ = std::min(reached_, place);
  if (known_.size() > kTimersKnownMax) Trim();
}

// To half, so that it is not done for each new timer.
void TimerWindow::Trim() {
  auto last = known_.end();
  for (std::size_t size = known_.size(); size > kTimersKnownMax / 2; --size) --last;
  edge_ = *last;
  complete_ = false;
  known_.erase(last, known_.end());
}

Result<const TimerPlace*> TimerWindow::Next() {
  auto next = known_.lower_bound(reached_);
  while (next == known_.end() && !complete_ && known_.size() < kTimersKnownMax) {
    MOTCUA_RETURN_IF_ERROR(ReadOn());
    next = known_.lower_bound(reached_);
  }
  return next == known_.end() ? nullptr : &*next;
}

void TimerWindow::Skip() {
  const auto next = known_.lower_bound(reached_);
  if (next != known_.end()) reached_ = After(*next);
}

std::optional<Instant> TimerWindow::NextAt() const {
  const auto next = known_.lower_bound(reached_);
  return next == known_.end() ? std::nullopt : std::optional(next->at);
}

Status TimerWindow::ReadOn() {
  std::size_t rows = 0;
  std::optional<TimerPlace> last;
  const std::string from = TimerKey(partition_, edge_.at, edge_.id);
  MOTCUA_RETURN_IF_ERROR(store_.Scan(from, PrefixEnd(TimersOf(partition_)),
                                     [&](std::string_view key, std::string_view) {
                                       last = TimerPlaceOf(key);
                                       known_.insert(known_.end(), *last);
                                       return ++rows < kTimersPerReadMax;
                                     }));
  complete_ = rows < kTimersPerReadMax;
  if (last) edge_ = After(*last);
  return OkStatus();
}

}  // namespace motcua::engine
