// A snapshot of a service that runs, from its process, wherever that is: the files come over gRPC
// (admin.v1.InstanceService.DownloadSnapshot) and are checked here against their checksums.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <set>
#include <string>

#include "motcua/admin/v1/admin.grpc.pb.h"
#include "services/admin/snapshot.h"
#include "services/base/status.h"

namespace motcua::admin {

// As the new folder `to`; see MakeSnapshot for what is checked. `progress` hears after each message
// how many bytes have come. Besides: what the process answers, and OUTCOME_UNKNOWN or NOT_SERVING
// when it goes away before all has come. Blocks; any thread.
Result<SnapshotManifest> FetchSnapshot(
    v1::InstanceService::StubInterface& instance, const std::string& service,
    const std::filesystem::path& to, const std::function<void(std::uint64_t bytes)>& progress = {});

// Writes the messages of such a stream as the files of a folder. One thread.
class SnapshotFiles {
 public:
  explicit SnapshotFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}
  // FILE_INVALID: no plain file name, or one that came before and was left. FILE_UNREADABLE: the
  // disk does not take it.
  Status Take(const v1::DownloadSnapshotResponse& part);
  // All has come: what is not written yet is. FILE_UNREADABLE.
  Status Close();
  std::uint64_t bytes() const { return bytes_; }

 private:
  const std::filesystem::path folder_;
  std::set<std::string> names_;
  std::string name_;  // of the open file
  std::ofstream file_;
  std::uint64_t bytes_ = 0;
};

}  // namespace motcua::admin
