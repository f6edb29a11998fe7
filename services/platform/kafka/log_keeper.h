// LogKeeper: asks the brokers where each partition ends, for those who want to know and to see that
// the log is still the same and still there.
//
// All partitions that are asked for at a time are asked in one call. Those that did not answer last
// time have a thread of their own, so that they never keep the others waiting.
//
// Threads: two of its own, which wait for brokers so that nobody else does. Ask from any thread.
// The destructor answers what was asked with NOT_SERVING, and joins; a question that is under way
// takes up to kEndTimeout for each broker.
#pragma once

#include <atomic>
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

// One broker that is asked where its partitions end is waited for so long.
inline constexpr std::chrono::milliseconds kEndTimeout{2'000};
// The same of all brokers in one call, before each is asked for itself.
inline constexpr std::chrono::milliseconds kTogetherTimeout{500};
// The same for partitions that did not answer last time.
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
  // Where each partition ended when the log was opened; none: nobody answered for it, and it has
  // yet to be looked at.
  using Ends = std::vector<std::optional<engine::Offset>>;
  LogKeeper(ClientHandle control, std::string topic, Genesis genesis, const Ends& ends,
            LogHealth& health);
  ~LogKeeper();
  LogKeeper(const LogKeeper&) = delete;
  LogKeeper& operator=(const LogKeeper&) = delete;

  void Ask(engine::PartitionId partition, engine::EventLog::EndDone done);
  // Whether the partition has shown that it belongs to the log; while not, its health is not OK.
  // Any thread.
  bool IsProven(engine::PartitionId partition) const { return seen_[partition].proven; }

 private:
  using Time = std::chrono::steady_clock::time_point;
  using Asks = std::map<engine::PartitionId, std::vector<engine::EventLog::EndDone>>;

  using Partitions = std::vector<engine::PartitionId>;

  // What is known of a partition: its lane's thread alone looks at it and changes it, and gives it
  // to the other lane last.
  struct Seen {
    std::atomic<bool> away = false;  // whose it is: it did not answer when it was last asked
    std::atomic<bool> proven = true;
    engine::Offset end = 0;  // never goes back
    Time looked;
    std::optional<Time> failing_since;
    std::optional<Time> gone_since;
  };
  // Partitions that answer, or those that do not, and the thread that asks for them.
  struct Lane {
    bool away = false;
    Asks asks;
    bool woken = false;  // it has got partitions to look at
    std::condition_variable asked;
    std::thread thread;
  };

  void Loop(Lane& lane);
  Asks TakeAsks(Lane& lane, Time until);
  void Answer(Lane& lane, Asks asks);
  // Asks all in one call, and each broker by itself if that fails; hands out what each has said.
  void Look(const Lane& lane, const Partitions& partitions, Asks& asks);
  void LookByBroker(const Lane& lane, const Partitions& partitions, Asks& asks);
  void Note(const Partitions& partitions, const std::vector<EndAnswer>& answers, Asks& asks);
  Result<engine::Offset> Judge(engine::PartitionId partition, const EndAnswer& answer);
  Result<engine::Offset> JudgeEnd(engine::PartitionId partition, engine::Offset end);
  Status Prove(engine::PartitionId partition);
  void LookAtBegin(engine::PartitionId partition);
  void SetDamaged(engine::PartitionId partition, const std::string& what);
  void NoteGone(Seen& seen);
  Time NextLook(const Lane& lane) const;
  void SetAway(engine::PartitionId partition, bool away);
  void LookAround();
  void LookAtAway(const Lane& lane);
  void CheckIdentity();

  const ClientHandle control_;
  const std::string topic_;
  const Genesis genesis_;
  LogHealth& health_;
  std::vector<Seen> seen_;
  // Of the lane of those that answer.
  engine::PartitionId turn_ = 0;
  Time next_heartbeat_;
  Time next_identity_;

  std::mutex identity_mutex_;  // a client reads a partition once at a time
  std::mutex mutex_;           // guards stopping_ and, of the lanes, asks and woken
  bool stopping_ = false;
  Lane steady_;
  Lane away_;
};

}  // namespace motcua::kafka
