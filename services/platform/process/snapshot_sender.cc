#include "services/platform/process/snapshot_sender.h"

#include <algorithm>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "services/platform/grpc/status.h"
#include "services/platform/grpc/stream.h"
#include "services/platform/runtime/scope_guard.h"

namespace motcua::process {
namespace {

namespace fs = std::filesystem;
using admin::v1::DownloadSnapshotResponse;

Status Ending() { return Status(Reason::kNotServing, "the service is stopping"); }

Status Unreadable(const fs::path& path) {
  return Status(Reason::kFileUnreadable, path.string() + " cannot be read",
                {{"file", path.string()}});
}

}  // namespace

// One stream. The worker writes and waits; gRPC deletes it after Finish, which is the last that the
// worker does with it.
class SnapshotSender::Sending final : public Stream {
 public:
  explicit Sending(grpc::CallbackServerContext& context) : context_(context) {}

  // Whether the caller takes more.
  bool Write(const DownloadSnapshotResponse& response) {
    std::unique_lock lock(mutex_);
    if (cancelled_) return false;
    written_.reset();
    StartWrite(&response);
    const auto done = [this] { return written_.has_value(); };
    if (!changed_.wait_for(lock, kSnapshotWriteMax, done)) {
      context_.TryCancel();
      changed_.wait(lock, done);
    }
    return *written_ && !cancelled_;
  }
  void End(const Status& status) { Finish(rpc::ToGrpc(status)); }

  void OnWriteDone(bool ok) override {
    // Notified under the lock: when the worker has seen it, this may be deleted soon.
    const std::lock_guard lock(mutex_);
    written_ = ok;
    changed_.notify_one();
  }
  void OnCancel() override {
    const std::lock_guard lock(mutex_);
    cancelled_ = true;
  }
  void OnDone() override { delete this; }

 private:
  grpc::CallbackServerContext& context_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<bool> written_;  // the write in flight, once it is done
  bool cancelled_ = false;
};

// Beside the store: links do not leave a disk.
fs::path SnapshotSender::CopyOf(const host::ServiceHost& host) {
  fs::path copy = host.options().directory;
  copy += ".sending";
  return copy;
}

void SnapshotSender::Clean(const host::ServiceHost& host) {
  std::error_code ignored;  // what stays is in the way of the next snapshot only, which says so
  fs::path unfinished = CopyOf(host);
  unfinished += ".tmp";  // RocksDB's, until the copy is whole
  for (const fs::path& left : {CopyOf(host), unfinished}) fs::remove_all(left, ignored);
}

SnapshotSender::Stream* SnapshotSender::Open(grpc::CallbackServerContext& context,
                                             const host::ServiceHost& host) {
  using Refused = rpc::RefusedStream<DownloadSnapshotResponse>;
  if (stopping_) return new Refused(Ending());
  if (busy_.exchange(true)) {
    return new Refused(Status(Reason::kOverloaded, "a snapshot is being sent already",
                              {{"limit", "one snapshot at a time"}}));
  }
  auto* const stream = new Sending(context);
  const bool taken = worker_.Submit([this, stream, &host] {
    const Status sent = Send(*stream, host);
    busy_ = false;
    stream->End(sent);
  });
  if (!taken) {
    busy_ = false;
    stream->End(Ending());
  }
  return stream;
}

Status SnapshotSender::Send(Sending& stream, const host::ServiceHost& host) const {
  const fs::path copy = CopyOf(host);
  Clean(host);
  const runtime::ScopeGuard clean([&host] { Clean(host); });
  MOTCUA_RETURN_IF_ERROR(host.CopyStore(copy));
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator it(copy, error), end; !error && it != end; it.increment(error)) {
    files.push_back(it->path());
  }
  if (error) return Unreadable(copy);
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) MOTCUA_RETURN_IF_ERROR(SendFile(stream, file));
  return OkStatus();
}

Status SnapshotSender::SendFile(Sending& stream, const fs::path& path) const {
  std::ifstream file(path, std::ios::binary);
  if (!file.is_open()) return Unreadable(path);
  DownloadSnapshotResponse response;
  response.set_file_name(path.filename().string());
  do {
    std::string& content = *response.mutable_content();
    content.resize(kSnapshotChunkBytes);
    file.read(content.data(), static_cast<std::streamsize>(content.size()));
    if (file.bad()) return Unreadable(path);
    content.resize(static_cast<std::size_t>(file.gcount()));
    if (stopping_) return Ending();
    if (!stream.Write(response)) {
      return Status(Reason::kOutcomeUnknown, "the caller has gone or takes nothing");
    }
  } while (!file.eof());
  return OkStatus();
}

}  // namespace motcua::process
