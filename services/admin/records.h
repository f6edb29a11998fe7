// The records of a log as bytes and when it took them, whichever log it is: what moving and dumping
// read and write.
//
// Nothing else may write to the log meanwhile; one thread.
#pragma once

#include <string>
#include <vector>

#include "services/base/status.h"
#include "services/engine/fold_progress.h"
#include "services/engine/log_entry.h"
#include "services/engine/ports.h"

namespace motcua::admin {

class RecordSource {
 public:
  virtual ~RecordSource() = default;

  // "topic motcua.case-events.v1" or the folder; for people.
  virtual std::string name() const = 0;
  // 32 hexadecimal digits.
  virtual std::string log_id() const = 0;
  virtual engine::PartitionId partitions() const = 0;
  // Where the first record of each partition stands; the others follow without gaps.
  virtual engine::Offset begin() const = 0;
  // Behind the last record, as it was when the source was opened or appended to last.
  virtual engine::Offset end(engine::PartitionId partition) const = 0;
  // Records from `from` on: at least one, at most kChunkRecordsMax. `from` lies in [begin, end).
  // LOG_DAMAGED or LOG_UNAVAILABLE.
  virtual Result<std::vector<engine::TakenRecord>> Read(engine::PartitionId partition,
                                                        engine::Offset from) = 0;
};

class RecordTarget {
 public:
  virtual ~RecordTarget() = default;

  // Behind what is there, in order; they keep when they were taken. May answer before they are
  // durable.
  virtual Status Append(engine::PartitionId partition,
                        std::vector<engine::TakenRecord> records) = 0;
  // Waits until everything appended is durable.
  virtual Status Finish() = 0;
};

// What a log holds.
struct LogExtent {
  std::string id;
  engine::Offset begin = 0;  // of each partition
  engine::Offsets ends;
};
LogExtent ExtentOf(const RecordSource& source);
// Whether a service that has read up to `read` has read that and no more; else BEHIND, with how
// many records it lacks, or by how many the log has gone on meanwhile.
Status CheckReadAll(const LogExtent& log, const engine::Offsets& read);

// Records of one partition, of all partitions.
std::uint64_t CountOf(const RecordSource& source, engine::PartitionId partition);
std::uint64_t CountOf(const RecordSource& source);

}  // namespace motcua::admin
