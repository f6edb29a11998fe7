// SnapshotSender: the state store of a service, file by file, for an operator on another machine
// (admin.v1.InstanceService.DownloadSnapshot), while the service goes on.
//
// The store is copied into a folder beside it first, by links, so that what is sent is one moment;
// the folder goes when the stream ends, and what a killed process has left behind goes at the next
// start. One snapshot at a time, by a thread of its own that waits for the caller's reading: a slow
// caller costs one chunk of memory and the disk space of files that have been superseded meanwhile.
//
// Any thread. The hosts outlive it; all streams must have ended before it is destroyed: shut the
// server down first.
#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <filesystem>

#include "motcua/admin/v1/admin.pb.h"
#include "services/platform/host/service_host.h"
#include "services/platform/runtime/worker_pool.h"

namespace motcua::process {

// Of one message.
inline constexpr std::size_t kSnapshotChunkBytes = 256 * 1024;
// A caller that has not taken a message by then is given up.
inline constexpr std::chrono::milliseconds kSnapshotWriteMax{30'000};

class SnapshotSender {
 public:
  using Stream = grpc::ServerWriteReactor<admin::v1::DownloadSnapshotResponse>;

  // Removes what an earlier process left beside the store.
  static void Clean(const host::ServiceHost& host);

  // OVERLOADED while another one is being sent, NOT_SERVING after EndStreams.
  Stream* Open(grpc::CallbackServerContext& context, const host::ServiceHost& host);
  // Ends what is being sent as NOT_SERVING, and refuses more.
  void EndStreams() { stopping_ = true; }

 private:
  class Sending;

  static std::filesystem::path CopyOf(const host::ServiceHost& host);
  Status Send(Sending& stream, const host::ServiceHost& host) const;
  Status SendFile(Sending& stream, const std::filesystem::path& path) const;

  std::atomic<bool> busy_ = false;
  std::atomic<bool> stopping_ = false;
  runtime::WorkerPool worker_{1, 1};  // last: its task uses everything above
};

}  // namespace motcua::process
