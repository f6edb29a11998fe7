// AlertHub: the open WatchAlerts streams, and one thread that reads the alert index for them.
//
// The loop calls Notify after its commits; that costs it a flag. The thread then looks whether the
// index has grown, and gives each stream that waits a bounded batch. A stream has one write in
// flight and reads on only when its batch is out: a slow watcher costs a few kilobytes, never the
// loop's time, and loses nothing, for its place is an offset.
//
// Must outlive the server whose calls it serves. Any thread.
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "motcua/deadline/v1/deadline.pb.h"
#include "services/base/status.h"
#include "services/deadline/alert_index.h"
#include "services/engine/reader.h"

namespace motcua::deadline {

inline constexpr std::size_t kAlertStreamsMax = 64;
// Alerts that are held for one stream.
inline constexpr std::size_t kAlertBatchMax = 128;
// Rows of each partition that are looked at in one go for one stream.
inline constexpr std::size_t kAlertRowsPerReadMax = 1024;
// A stream that says nothing for so long gets a resume token alone: who is cut then need not read
// again what did not concern it, and what lies between sees that the stream lives.
inline constexpr std::chrono::milliseconds kResumeTokenPause{30'000};
// Between two looks at the index when nobody waits for more: many commits are one look.
inline constexpr std::chrono::milliseconds kAlertLookPause{10};

// What an alert looks like to the outside, but for its resume token.
void FillAlert(const AlertRow& row, bool acknowledged, v1::Alert& proto);

class AlertStream;

class AlertHub {
 public:
  // `reader` must outlive it.
  explicit AlertHub(const engine::StateReader& reader,
                    std::chrono::milliseconds token_pause = kResumeTokenPause);
  AlertHub(const AlertHub&) = delete;
  AlertHub& operator=(const AlertHub&) = delete;
  // Every stream must have ended: shut the server down first.
  ~AlertHub();

  // The index may have grown. Any thread; never blocks for long.
  void Notify();

  // A new stream from `from` on, or one that is refused: RESOURCE_EXHAUSTED beyond
  // kAlertStreamsMax, UNAVAILABLE after EndStreams.
  grpc::ServerWriteReactor<v1::WatchAlertsResponse>* Open(std::optional<cases::UnitCode> unit,
                                                          AlertPositions from);

  // A stream that ends at once with `status`.
  static grpc::ServerWriteReactor<v1::WatchAlertsResponse>* Refuse(const Status& status);

  // Ends every stream as UNAVAILABLE, so that watchers go on elsewhere, and refuses new ones.
  void EndStreams();
  std::size_t streams() const;

 private:
  friend class AlertStream;

  void Wake(bool news);               // by Notify and by streams that are out of alerts
  void Remove(std::uint64_t stream);  // by a stream, when gRPC is done with it
  void Run();
  // One round over the streams; whether some of them are behind still.
  bool FeedStreams(bool news);
  std::vector<std::shared_ptr<AlertStream>> Streams() const;

  const engine::StateReader& reader_;
  const std::chrono::milliseconds token_pause_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::uint64_t, std::shared_ptr<AlertStream>> streams_;
  std::uint64_t next_stream_ = 1;
  bool closed_ = false;  // no new streams
  bool woken_ = false;
  bool news_ = false;
  bool stopping_ = false;
  AlertPositions seen_;  // the thread's own: the index had grown up to here
  std::thread thread_;   // last: it uses everything above
};

}  // namespace motcua::deadline
