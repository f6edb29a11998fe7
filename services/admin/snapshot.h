// A snapshot of a service's state store: its files and a manifest that says what they are, in a
// folder that can be copied to another machine. Restored there, the service reads the log from
// where the store ends, not from its beginning. fetch_snapshot.h takes one of a service that runs.
//
//   <snapshot>/motcua-snapshot.json     format, service, log, offsets; size and XXH3 of each file
//   <snapshot>/CURRENT, 000012.sst, …   the store's files
//
// Both directions write to a name of their own beside the target, sync, and rename: a crash leaves
// the whole or nothing under the target's name. One thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/base/status.h"
#include "services/engine/ports.h"
#include "services/platform/host/store_format.h"

namespace motcua::admin {

inline constexpr std::string_view kManifestFile = "motcua-snapshot.json";

struct SnapshotFile {
  std::string name;
  std::uint64_t bytes = 0;
  std::string hash;  // XXH3, 16 hexadecimal digits
  friend bool operator==(const SnapshotFile&, const SnapshotFile&) = default;
};

struct SnapshotManifest {
  host::StoreFormat format;
  std::vector<engine::Offset> offsets;  // by partition: the record that the service reads next
  std::vector<SnapshotFile> files;
  friend bool operator==(const SnapshotManifest&, const SnapshotManifest&) = default;
};
std::string ToJson(const SnapshotManifest& manifest);
// FILE_INVALID says what is wrong.
Result<SnapshotManifest> ParseManifest(std::string_view text);

// The format of a store that this program can read; FILE_INVALID: rows of another program.
Result<host::StoreFormat> FormatOfThisProgram(const std::string& text, const engine::Codec& codec);

// Snapshot as the new folder `to`, of the store whose files `fill` brings into an empty folder.
// FIELD_INVALID when `to` is there; `fill`'s error; STORE_DAMAGED and FILE_INVALID when what it
// brought is no whole store of this program.
using FillFolder = std::function<Status(const std::filesystem::path& folder)>;
Result<SnapshotManifest> MakeSnapshot(const std::filesystem::path& to, const FillFolder& fill);

// The same of the store of a stopped service in the folder `store`. FILE_UNREADABLE, STORE_IN_USE,
// STORE_DAMAGED as StoreView::Open.
Result<SnapshotManifest> TakeSnapshot(const std::filesystem::path& store,
                                      const std::filesystem::path& to);

// The log that the restored store is to go on with.
struct ExpectedLog {
  std::string id;
  engine::PartitionId partitions = 0;  // 0 = not known
  std::vector<engine::Offset> ends;    // by partition; empty = not known
};

// Makes `store`, whose last name must be the service's, from a snapshot. FILE_INVALID: the snapshot
// is not complete and unchanged, or of another service, log or format, or ahead of the log.
// FIELD_INVALID: a store is there and `replace` is not set. STORE_IN_USE.
Result<SnapshotManifest> RestoreSnapshot(const std::filesystem::path& snapshot,
                                         const std::filesystem::path& store, const ExpectedLog& log,
                                         bool replace);

}  // namespace motcua::admin
