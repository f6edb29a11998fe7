// The alerts in the order in which they were raised: rows of the deadline service's index,
// positions in them, and reading on from a position. Pure; any thread.
//
// All:   'X' 'A' partition (2 BE) offset of the event (8 BE)
//        raised (8 LE micros), due (8 LE micros), kind (1), leg (1), length of the code (1), code,
//        unit. History: one row for each alert there ever was, some 80 bytes, for who reads on.
// Open:  'X' 'O' partition (2 BE) raised (8 BE) kind (1) leg (1) due (8 BE) code
//        unit. Put when the alert is raised, deleted when it was taken note of, when the case is
//        not in hand any more, or when the dossier has forgotten it: the work list alone.
// Private and disposable, as all rows.
//
// There is no order between partitions but time: a read merges them by the instant of raising.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/base/status.h"
#include "services/engine/ports.h"
#include "services/engine/reader.h"

namespace motcua::deadline {

struct AlertRow {
  cases::DossierCode dossier;
  cases::AlertKey key;
  Instant raised;
  cases::UnitCode unit;  // whose clock it is: the receiving unit, or the leg's
  friend bool operator==(const AlertRow&, const AlertRow&) = default;
};
// As the dossier has it.
AlertRow AlertRowOf(const cases::Dossier& dossier, const cases::Alert& alert);
std::string AlertRowKey(engine::PartitionId partition, engine::Offset offset);
std::string OpenAlertKey(engine::PartitionId partition, const AlertRow& row);
std::string EncodeAlertRow(const AlertRow& row);
// STORE_DAMAGED when it is no such row.
Result<AlertRow> DecodeAlertRow(std::string_view bytes);

// For each partition the offset to read on from; 0 where there is none.
class AlertPositions {
 public:
  engine::Offset of(engine::PartitionId partition) const;
  void Set(engine::PartitionId partition, engine::Offset next) { next_[partition] = next; }

  // Opaque text; Decode takes nothing but what Encode made. FIELD_INVALID without a field.
  std::string Encode() const;
  static Result<AlertPositions> Decode(std::string_view token);

  friend bool operator==(const AlertPositions&, const AlertPositions&) = default;

 private:
  std::map<engine::PartitionId, engine::Offset> next_;
};

struct AlertQuery {
  std::optional<cases::UnitCode> unit;  // only clocks of this unit
  std::size_t alerts_max = 0;
  std::size_t rows_max = 0;  // rows of each partition that one read looks at
};

struct FoundAlert {
  AlertRow row;
  bool acknowledged = false;
  AlertPositions resume_from;  // where to read on after it
};

struct AlertBatch {
  std::vector<FoundAlert> alerts;
  AlertPositions next;  // after everything looked at, also what did not fit the query
  bool more = false;    // there are rows after `next`, as far as this read saw
};

// NEWER_SCHEMA as long as any dossier is not understood: an alert may be missing (engine/reader.h).
// Reads on from `from`. Always advances `next` while there are rows, also if none fits.
Result<AlertBatch> ReadAlerts(const engine::StateReader& reader, const AlertPositions& from,
                              const AlertQuery& query);

// A page of the open alerts, in the order in which they were raised.
struct OpenAlerts {
  // `resume_from` of each: where all alerts ended when the first page was read, so that a client
  // that watches from there misses nothing that no page has shown.
  std::vector<FoundAlert> alerts;
  std::string next;  // position of the next page; empty: there is none
};
// NEWER_SCHEMA as ReadAlerts. `from`: empty, or the `next` of the page before; FIELD_INVALID
// without a field when it is neither.
Result<OpenAlerts> ReadOpenAlerts(const engine::StateReader& reader, std::string_view from,
                                  const AlertQuery& query);

// After the last alert of each partition.
Result<AlertPositions> EndOfAlerts(const engine::StateReader& reader);

}  // namespace motcua::deadline
