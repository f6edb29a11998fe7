// OwedList: the aggregates of which a partition owes a reaction, by the moment from which it may be
// proposed. Nobody walks all of them: the first is the next to look at. One thread: the loop's.
#pragma once

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

#include "services/base/time.h"
#include "services/domain/cases/aggregate.h"

namespace motcua::engine {

class OwedList {
 public:
  // Owed, and not to be proposed before; of two such moments the earlier counts.
  void Put(const cases::AggregateId& id, Micros not_before) {
    const auto [found, fresh] = not_before_.try_emplace(id, not_before);
    if (fresh) {
      order_.emplace(not_before, id);
    } else {
      Move(*found, std::min(found->second, not_before));
    }
  }
  void Erase(const cases::AggregateId& id) {
    const auto found = not_before_.find(id);
    if (found == not_before_.end()) return;
    order_.erase({found->second, id});
    not_before_.erase(found);
  }
  // If it is owed at all: from then on.
  void Defer(const cases::AggregateId& id, Micros not_before) {
    const auto found = not_before_.find(id);
    if (found != not_before_.end()) Move(*found, not_before);
  }
  // If it is owed at all: from then on at the latest.
  void Hasten(const cases::AggregateId& id, Micros not_before) {
    const auto found = not_before_.find(id);
    if (found != not_before_.end()) Move(*found, std::min(found->second, not_before));
  }

  using Place = std::pair<Micros, cases::AggregateId>;
  // Null when nothing is owed.
  const Place* First() const { return order_.empty() ? nullptr : &*order_.begin(); }

 private:
  void Move(std::pair<const cases::AggregateId, Micros>& entry, Micros not_before) {
    if (entry.second == not_before) return;
    order_.erase({entry.second, entry.first});
    entry.second = not_before;
    order_.emplace(not_before, entry.first);
  }

  std::unordered_map<cases::AggregateId, Micros> not_before_;
  std::set<Place> order_;
};

}  // namespace motcua::engine
