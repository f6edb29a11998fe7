// LogKeeper: asks the brokers where each partition ends, for those who want to know and to see that
// the log is still the same and still there.
//
// Threads: one of its own, which waits for brokers so that nobody else does. Ask from any thread.
// The destructor answers what was asked with NOT_SERVING, and joins; a question that is under way
// takes up to kEndTimeout.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "services/base/status.h"
#include "services/engine/ports.h"
#include "services/platform/kafka/client.h"
#include "services/platform/kafka/genesis.h"
#include "services/platform/kafka/log_health.h"

namespace motcua::kafka {

// Whoever asks where a partition ends gets an error after so long.
inline constexpr std::chrono::milliseconds kEndTimeout{2'000};
// The same for a partition that did not answer last time: it must not keep the others waiting.
inline constexpr std::chrono::milliseconds kProbeTimeout{1'000};
// A partition that has not answered for so long counts as unreachable: a slow moment of a broker is
// no outage.
inline constexpr std::chrono::milliseconds kUnreachableAfter{4'000};
// One partition after the other is looked at in this rhythm, also when nobody asks.
inline constexpr std::chrono::milliseconds kHeartbeat{500};
// An unreachable partition is looked at so often, until it is back.
inline constexpr std::chrono::milliseconds kProbePause{250};
// Whether partition 0 still begins with the same record.
inline constexpr std::chrono::milliseconds kIdentityPeriod{30'000};
// A topic that the brokers do not know for so long was deleted; a broker that has just started may
// not know it yet.
inline constexpr std::chrono::milliseconds kGoneAfter{3'000};

class LogKeeper {
 public:
  // `ends`: where each partition ended when the log was opened.
  LogKeeper(ClientHandle control, std::string topic, Genesis genesis,
            std::vector<engine::Offset> ends, LogHealth& health);
  ~LogKeeper();
  LogKeeper(const LogKeeper&) = delete;
  LogKeeper& operator=(const LogKeeper&) = delete;

  void Ask(engine::PartitionId partition, engine::EventLog::EndDone done);

 private:
  using Time = std::chrono::steady_clock::time_point;
  using Asks = std::map<engine::PartitionId, std::vector<engine::EventLog::EndDone>>;

  struct Seen {
    engine::Offset end = 0;  // never goes back
    bool available = true;
    Time looked;
    std::optional<Time> failing_since;
    std::optional<Time> gone_since;
  };

  void Loop();
  Asks TakeAsks(Time until);
  Result<engine::Offset> Look(engine::PartitionId partition);
  Result<engine::Offset> JudgeEnd(engine::PartitionId partition, engine::Offset end);
  void LookAtBegin(engine::PartitionId partition);
  void SetDamaged(engine::PartitionId partition, const std::string& what);
  void NoteGone(Seen& seen);
  void LookAround();
  void CheckIdentity();

  const ClientHandle control_;
  const std::string topic_;
  const Genesis genesis_;
  LogHealth& health_;
  std::vector<Seen> seen_;  // the thread's
  engine::PartitionId turn_ = 0;
  Time next_heartbeat_;
  Time next_identity_;

  std::mutex mutex_;
  std::condition_variable asked_;
  Asks asks_;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses everything above
};

}  // namespace motcua::kafka
