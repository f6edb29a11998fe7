#include "services/admin/fetch_snapshot.h"

#include <chrono>
#include <string_view>
#include <utility>

#include "services/platform/grpc/client.h"
#include "services/platform/grpc/status.h"

namespace motcua::admin {
namespace {

// Of a whole snapshot; terabytes are not what a state store is.
constexpr std::chrono::hours kFetchMax{6};
constexpr std::size_t kFileNameMax = 64;

// A server's word must not lead out of the folder.
bool IsPlainName(std::string_view name) {
  constexpr std::string_view kTaken =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
  return !name.empty() && name.size() <= kFileNameMax && name.front() != '.' &&
         name.find_first_not_of(kTaken) == std::string_view::npos;
}

}  // namespace

Status SnapshotFiles::Take(const v1::DownloadSnapshotResponse& part) {
  if (part.file_name() != name_ || names_.empty()) {
    MOTCUA_RETURN_IF_ERROR(Close());
    if (!IsPlainName(part.file_name())) {
      return Status(Reason::kFileInvalid, "the process sends a file without a plain name");
    }
    name_ = part.file_name();
    if (!names_.insert(name_).second) {
      return Status(Reason::kFileInvalid, "the process sends the file " + name_ + " twice",
                    {{"file", name_}});
    }
    file_.open(folder_ / name_, std::ios::binary | std::ios::trunc);
  }
  file_.write(part.content().data(), static_cast<std::streamsize>(part.content().size()));
  bytes_ += part.content().size();
  if (file_.good()) return OkStatus();
  const std::string path = (folder_ / name_).string();
  return Status(Reason::kFileUnreadable, path + " cannot be written", {{"file", path}});
}

Status SnapshotFiles::Close() {
  if (!file_.is_open()) return OkStatus();
  file_.close();
  if (file_.good()) return OkStatus();
  const std::string path = (folder_ / name_).string();
  return Status(Reason::kFileUnreadable, path + " cannot be written", {{"file", path}});
}

Result<SnapshotManifest> FetchSnapshot(v1::InstanceService::StubInterface& instance,
                                       const std::string& service, const std::filesystem::path& to,
                                       const std::function<void(std::uint64_t)>& progress) {
  return MakeSnapshot(to, [&](const std::filesystem::path& folder) -> Status {
    grpc::ClientContext context;
    rpc::CallPolicy policy;
    policy.deadline = kFetchMax;
    policy.try_deadline = kFetchMax;
    rpc::Retrier(policy).Prepare(context);
    v1::DownloadSnapshotRequest request;
    request.set_service(service);
    const auto reader = instance.DownloadSnapshot(&context, request);
    SnapshotFiles files(folder);
    v1::DownloadSnapshotResponse part;
    Status taken;
    while (taken.ok() && reader->Read(&part)) {
      taken = files.Take(part);
      if (progress) progress(files.bytes());
    }
    if (!taken.ok()) context.TryCancel();
    const grpc::Status ended = reader->Finish();
    MOTCUA_RETURN_IF_ERROR(taken);
    if (!ended.ok()) return rpc::FromGrpc(ended);
    return files.Close();
  });
}

}  // namespace motcua::admin
