#include "services/admin/snapshot.h"

#include <rocksdb/env.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "services/base/bytes.h"
#include "services/base/hash.h"
#include "services/engine/keys.h"
#include "services/platform/rocksdb/directory.h"
#include "services/platform/rocksdb/store_view.h"
#include "services/wire/codec.h"

namespace motcua::admin {
namespace {

namespace fs = std::filesystem;

// Beside the target, while it is being made.
constexpr std::string_view kPartialName = ".partial";
// Beside the store, while a restored one takes its name.
constexpr std::string_view kReplaced = ".replaced";

fs::path Beside(const fs::path& path, std::string_view ending) {
  fs::path beside = path;
  beside += ending;
  return beside;
}

Status FileError(const fs::path& file, const std::string& what) {
  return Status(Reason::kFileUnreadable, file.string() + ": " + what, {{"file", file.string()}});
}

Status Invalid(const fs::path& file, const std::string& what) {
  return Status(Reason::kFileInvalid, file.string() + ": " + what, {{"file", file.string()}});
}

// Files of a store are tens of megabytes at most (target_file_size_base).
Result<std::string> ReadWhole(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string content((std::istreambuf_iterator<char>(file)), {});
  if (!file.is_open() || file.bad()) return FileError(path, "cannot be read");
  return content;
}

std::string HashText(std::string_view content) {
  constexpr std::size_t kDigits = 16;
  std::array<char, kDigits + 1> text{};
  std::snprintf(text.data(), text.size(), "%016llx",
                static_cast<unsigned long long>(HashBytes(content)));
  return text.data();
}

Status MakeEmptyFolder(const fs::path& folder) {
  std::error_code error;
  fs::remove_all(folder, error);
  if (!error) fs::create_directories(folder, error);
  return error ? FileError(folder, error.message()) : OkStatus();
}

Status RemoveFolder(const fs::path& folder) {
  std::error_code error;
  fs::remove_all(folder, error);
  return error ? FileError(folder, error.message()) : OkStatus();
}

Result<std::vector<engine::Offset>> ReadOffsets(const rocks::StoreView& store,
                                                engine::PartitionId partitions) {
  std::vector<engine::Offset> offsets;
  for (engine::PartitionId p = 0; p < partitions; ++p) {
    MOTCUA_ASSIGN_OR_RETURN(const std::optional<std::string> row,
                            store.Get(engine::PartitionKey(p)));
    offsets.push_back(row ? ReadLittleEndian(*row) : 0);
  }
  return offsets;
}

// The store in `folder`, which nobody uses, as a manifest says it.
Result<SnapshotManifest> Describe(const fs::path& folder) {
  SnapshotManifest manifest;
  {
    MOTCUA_ASSIGN_OR_RETURN(const std::unique_ptr<rocks::StoreView> view,
                            rocks::StoreView::Open(folder));
    MOTCUA_ASSIGN_OR_RETURN(manifest.format,
                            FormatOfThisProgram(view->format(), wire::WireCodec()));
    MOTCUA_ASSIGN_OR_RETURN(manifest.offsets, ReadOffsets(*view, manifest.format.partitions));
    MOTCUA_ASSIGN_OR_RETURN(const std::vector<std::string> names, view->Files());
    for (const std::string& name : names) {
      MOTCUA_ASSIGN_OR_RETURN(const std::string content, ReadWhole(folder / name));
      manifest.files.push_back({name, content.size(), HashText(content)});
    }
  }
  std::error_code ignored;  // the view's own, and no part of the snapshot
  fs::remove(folder / "LOCK", ignored);
  return manifest;
}

// What the snapshot says of itself against what it is asked to be.
Status CheckFits(const SnapshotManifest& manifest, const fs::path& store, const ExpectedLog& log) {
  const host::StoreFormat& format = manifest.format;
  if (store.filename() != format.service) {
    return Invalid(store, "the snapshot is of service " + format.service +
                              ", whose store is a folder of that name");
  }
  const std::string rows = engine::StateFormatOf(wire::WireCodec());
  if (!host::HasStateFormat(format, rows)) {
    return Invalid(store, "the snapshot has rows of format " + format.rows +
                              ", this program's is " + rows +
                              ": take one of the same version, or let the service fold the log");
  }
  if (format.log_id != log.id || (log.partitions != 0 && log.partitions != format.partitions)) {
    return Invalid(store, "the snapshot was folded from log " + format.log_id + " (" +
                              std::to_string(format.partitions) + " partitions), not from " +
                              log.id);
  }
  for (std::size_t p = 0; p < log.ends.size(); ++p) {
    if (manifest.offsets[p] <= log.ends[p]) continue;
    return Invalid(store, "the snapshot has read partition " + std::to_string(p) +
                              " up to offset " + std::to_string(manifest.offsets[p]) +
                              ", where the log ends at " + std::to_string(log.ends[p]) +
                              ": the log has lost records");
  }
  return OkStatus();
}

Status CopyChecked(const fs::path& snapshot, const SnapshotManifest& manifest, const fs::path& to) {
  for (const SnapshotFile& file : manifest.files) {
    MOTCUA_ASSIGN_OR_RETURN(const std::string content, ReadWhole(snapshot / file.name));
    if (content.size() != file.bytes || HashText(content) != file.hash) {
      return Invalid(snapshot / file.name, "is not what was taken; copy the snapshot again");
    }
    MOTCUA_RETURN_IF_ERROR(rocks::WriteFileDurably(to / file.name, content));
  }
  return OkStatus();
}

// Whether the files together are the store that the manifest says.
Status CheckRestored(const fs::path& folder, const SnapshotManifest& manifest) {
  MOTCUA_ASSIGN_OR_RETURN(const std::unique_ptr<rocks::StoreView> view,
                          rocks::StoreView::Open(folder));
  MOTCUA_ASSIGN_OR_RETURN(const std::vector<engine::Offset> offsets,
                          ReadOffsets(*view, manifest.format.partitions));
  if (view->format() == ToText(manifest.format) && offsets == manifest.offsets) return OkStatus();
  return Invalid(folder, "the store is not the one that the manifest says");
}

// Takes a store that is there out of the way, under its lock.
Status MakeWay(const fs::path& store, bool replace) {
  std::error_code error;
  if (!fs::exists(store, error)) return OkStatus();
  MOTCUA_ASSIGN_OR_RETURN(const rocks::FolderLock lock,
                          rocks::FolderLock::Take(rocksdb::Env::Default(), store));
  const bool empty = !fs::exists(store / "CURRENT", error);
  if (!empty && !replace) {
    return FieldError("--data", store.string() + " holds a store; --replace replaces it");
  }
  MOTCUA_RETURN_IF_ERROR(RemoveFolder(Beside(store, kReplaced)));
  return rocks::RenameFolderDurably(store, Beside(store, kReplaced));
}

}  // namespace

Result<host::StoreFormat> FormatOfThisProgram(const std::string& text, const engine::Codec& codec) {
  std::optional<host::StoreFormat> format = host::ParseStoreFormat(text);
  const std::string rows = engine::StateFormatOf(codec);
  if (format && host::HasStateFormat(*format, rows)) return std::move(*format);
  return Status(Reason::kFileInvalid,
                "the store's rows have format \"" + text + "\", this program's is " + rows);
}

Result<SnapshotManifest> MakeSnapshot(const fs::path& to, const FillFolder& fill) {
  std::error_code error;
  if (fs::exists(to, error)) return FieldError("--to", to.string() + " is there already");
  const fs::path partial = Beside(to, kPartialName);
  MOTCUA_RETURN_IF_ERROR(MakeEmptyFolder(partial));
  const Status filled = fill(partial);
  Result<SnapshotManifest> manifest = filled.ok() ? Describe(partial) : filled;
  if (!manifest.ok()) {
    MOTCUA_RETURN_IF_ERROR(RemoveFolder(partial));
    return manifest;
  }
  MOTCUA_RETURN_IF_ERROR(rocks::WriteFileDurably(partial / kManifestFile, ToJson(*manifest)));
  MOTCUA_RETURN_IF_ERROR(rocks::RenameFolderDurably(partial, to));
  return manifest;
}

Result<SnapshotManifest> TakeSnapshot(const fs::path& store, const fs::path& to) {
  return MakeSnapshot(to, [&store](const fs::path& folder) -> Status {
    // Held until all is copied.
    MOTCUA_ASSIGN_OR_RETURN(const std::unique_ptr<rocks::StoreView> view,
                            rocks::StoreView::Open(store));
    MOTCUA_ASSIGN_OR_RETURN(const std::vector<std::string> names, view->Files());
    for (const std::string& name : names) {
      MOTCUA_ASSIGN_OR_RETURN(const std::string content, ReadWhole(store / name));
      MOTCUA_RETURN_IF_ERROR(rocks::WriteFileDurably(folder / name, content));
    }
    return OkStatus();
  });
}

Result<SnapshotManifest> RestoreSnapshot(const fs::path& snapshot, const fs::path& store,
                                         const ExpectedLog& log, bool replace) {
  MOTCUA_ASSIGN_OR_RETURN(const std::string text, ReadWhole(snapshot / kManifestFile));
  MOTCUA_ASSIGN_OR_RETURN(SnapshotManifest manifest, ParseManifest(text));
  MOTCUA_RETURN_IF_ERROR(CheckFits(manifest, store, log));
  const fs::path partial = Beside(store, kPartialName);
  MOTCUA_RETURN_IF_ERROR(MakeEmptyFolder(partial));
  Status made = CopyChecked(snapshot, manifest, partial);
  if (made.ok()) made = CheckRestored(partial, manifest);
  if (made.ok()) made = MakeWay(store, replace);
  if (!made.ok()) {
    MOTCUA_RETURN_IF_ERROR(RemoveFolder(partial));
    return made;
  }
  MOTCUA_RETURN_IF_ERROR(rocks::RenameFolderDurably(partial, store));
  MOTCUA_RETURN_IF_ERROR(RemoveFolder(Beside(store, kReplaced)));
  return manifest;
}

}  // namespace motcua::admin
