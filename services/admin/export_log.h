// The accepted events of a log as one file that tools of process mining read: XES or OCEL 2.0.
//
// Three passes, none of which keeps the log in memory: the records are replayed, and those that
// the services accepted go to rows on the disk, by dossier; the dossiers are told one after the
// other (a dossier's own events are in memory, and no more); OCEL's events and objects go to rows
// again, by time and by id, as an event may be older than one of another partition and an object be
// shared by many dossiers. The disk needs about the size of the uncompressed export, in `scratch`.
//
// One thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

#include "services/admin/case_history.h"
#include "services/admin/output_file.h"
#include "services/admin/records.h"

namespace motcua::admin {

enum class ExportFormat : std::uint8_t { kXes, kOcel };

struct ExportOptions {
  ExportFormat format = ExportFormat::kXes;
  HistoryOptions history;
  // Dossiers of these receiving units alone; empty: all.
  std::vector<cases::UnitCode> units;
  // Dossiers that were received on these days, in their own zone; whole histories, never cut.
  std::optional<CivilDate> from;
  std::optional<CivilDate> to;
  std::filesystem::path scratch;  // a folder that is made, and removed
};

struct ExportCounts {
  std::uint64_t records = 0;   // of the log
  std::uint64_t accepted = 0;  // of those
  std::uint64_t dossiers = 0;  // exported; in XES the traces
  std::uint64_t events = 0;
  // OCEL only.
  std::uint64_t objects = 0;
  std::uint64_t relations = 0;         // between events and objects
  std::uint64_t object_relations = 0;  // between objects
};

// Records read of all, then dossiers told of all.
enum class ExportStep : std::uint8_t { kRead, kWrite };
using ExportProgress = std::function<void(ExportStep, std::uint64_t done, std::uint64_t total)>;

// Does not finish `out`.
Result<ExportCounts> ExportLog(RecordSource& log, const ExportOptions& options, TextOutput& out,
                               const ExportProgress& progress);

}  // namespace motcua::admin
