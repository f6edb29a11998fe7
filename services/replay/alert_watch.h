// AlertWatch: the alerts of a replay as they ring, counted, and some of them chosen to be taken
// note of. Follows the stream elsewhere, or later, when it is cut.
//
// Threads: gRPC's read; Take and Look belong to the driver's.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "services/base/time.h"
#include "services/replay/caller.h"

namespace motcua::replay {

// One of so many alerts is taken note of: of those about what will be due, and what is overdue.
inline constexpr std::uint64_t kDueSoonNotedOneIn = 12;
inline constexpr std::uint64_t kOverdueNotedOneIn = 3;
inline constexpr std::size_t kNotesMax = 100'000;

class AlertWatch {
 public:
  // Alerts from the first; those that rang before `from` are counted, and no more.
  AlertWatch(const Caller& caller, Instant from);
  ~AlertWatch();
  AlertWatch(const AlertWatch&) = delete;
  AlertWatch& operator=(const AlertWatch&) = delete;

  // Goes on with the stream where it has ended.
  void Look();
  // Those chosen since the last time, in the order in which they rang.
  std::vector<Note> Take();
  std::uint64_t count() const;

 private:
  class Stream;

  void Count(const deadline::v1::WatchAlertsResponse& response);

  const Caller& caller_;
  const Instant from_;
  std::unique_ptr<Stream> stream_;
  std::size_t turn_ = 0;

  mutable std::mutex mutex_;  // guards what follows
  std::string token_ = "0";
  std::uint64_t count_ = 0;
  std::vector<Note> notes_;
};

}  // namespace motcua::replay
