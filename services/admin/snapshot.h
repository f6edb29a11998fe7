// A snapshot of a stopped service's state store: its files and a manifest that says what they are,
// in a folder that can be copied to another machine. Restored there, the service reads the log from
// where the store ends, not from its beginning.
//
//   <snapshot>/motcua-snapshot.json     format, service, log, offsets; size and XXH3 of each file
//   <snapshot>/CURRENT, 000012.sst, …   the store's files
//
// Both directions write to a name of their own beside the target, sync, and rename: a crash leaves
// the whole or nothing under the target's name. One thread.
#pragma once

#include <cstdint>
#include <filesystem>
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

// Snapshot of the store in `store` as the new folder `to`. FIELD_INVALID when `to` is there;
// FILE_UNREADABLE, STORE_IN_USE, STORE_DAMAGED as StoreView::Open.
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
