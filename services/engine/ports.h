// Ports: the engine's whole view of the world (architecture.md §1, §4). The code that owns these
// owns the world: production gives RocksDB, Kafka and the machine's clock, the simulation gives its
// own.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/base/status.h"
#include "services/base/strong.h"
#include "services/base/time.h"
#include "services/domain/cases/events.h"
#include "services/domain/cases/view.h"

namespace motcua::engine {

using PartitionId = std::uint16_t;
// Position of a record in a partition: 0, 1, 2, … without gaps in LocalLog; Kafka may leave some.
using Offset = std::uint64_t;

// ---- Clock -----------------------------------------------------------------------------------

class Clock {
 public:
  virtual ~Clock() = default;
  // Any thread. May step, also backwards: the fold makes time monotone, not the clock.
  virtual Instant Now() const = 0;
  // Any thread. How long some fixed moment is ago, for waits and deadlines: it never steps, and
  // passes at its own pace also where Now() is set by hand.
  virtual Micros Passed() const = 0;
};

// A deadline by Passed(), for callers that wait as long as it takes.
inline constexpr Micros kNoDeadline = Micros::max();

// ---- Event log -------------------------------------------------------------------------------

// A record as a reader gets it: decoded once for all readers of a process.
struct LogEntry {
  Offset offset = 0;
  cases::Tip tip;           // hash of the record's bytes
  std::uint32_t bytes = 0;  // size of the record
  // When the log took it, by the log's own clock: the same for every reader. None: a log that did
  // not keep it yet.
  std::optional<Instant> appended;
  std::optional<cases::CaseEvent> event;  // none: bytes that are not an event (counted, skipped)
};

// Consecutive records of one partition; shared by readers, immutable.
struct LogChunk {
  std::vector<LogEntry> entries;  // ascending by offset; may begin before the offset asked for
  Offset next = 0;                // where to read on
};

enum class AppendOutcome : std::uint8_t {
  kAppended,     // durable; it will be read back
  kNotAppended,  // certainly not in the log
  kUnknown,      // may or may not be in the log, now or later
};

class EventLog {
 public:
  // Called once per Append, from any thread; must not block. The Status says why it failed.
  using AppendDone = std::function<void(AppendOutcome, const Status&)>;

  virtual ~EventLog() = default;

  // The number of partitions, fixed when the log was created.
  virtual PartitionId partitions() const = 0;

  // Appends encoded events one after another, all or (kNotAppended) none; another writer's records
  // may stand between two appends. Durable before they can be read. Any thread; does not block.
  virtual void Append(PartitionId partition, std::vector<std::string> records, AppendDone done) = 0;

  // The chunk that holds the record at `from` (or the first after it); a chunk without entries
  // when the end is reached. At most kChunkRecordsMax entries. Any thread; may read the disk, never
  // waits for new records. LOG_DAMAGED or LOG_UNAVAILABLE.
  virtual Result<std::shared_ptr<const LogChunk>> Read(PartitionId partition, Offset from) = 0;

  // Asks where the next record will stand. `done` is called once, from any thread, maybe before
  // AskEnd returns. The answer is not before any record that anybody could read when AskEnd was
  // called: a refusal is told only by a reader that has come so far. An error: the log could not
  // tell; ask again later (LOG_DAMAGED is permanent). Any thread; does not block.
  using EndDone = std::function<void(Result<Offset>)>;
  virtual void AskEnd(PartitionId partition, EndDone done) = 0;

  // The log's health, for monitoring: LOG_DAMAGED is permanent, LOG_UNAVAILABLE lasts while it
  // cannot be read or takes no appends (reading may go on then). A log without news of trouble is
  // OK: it is no promise for the next append. Any thread; does not block.
  virtual Status health() const { return OkStatus(); }
  // The same of one partition, where the log knows it apart: then health() is OK as long as any
  // partition can be used, but for damage.
  virtual Status partition_health(PartitionId /*partition*/) const { return OkStatus(); }

  // `wake` is called, from any thread, after records of any partition became readable or the log's
  // health changed. It must not block. Returns a token for Unwatch; after Unwatch returned, `wake`
  // is not called any more.
  virtual std::uint64_t Watch(std::function<void()> wake) = 0;
  virtual void Unwatch(std::uint64_t token) = 0;
};
inline constexpr std::size_t kChunkRecordsMax = 1024;
// A record larger than this is refused before it is appended.
inline constexpr std::size_t kRecordBytesMax = 256 * 1024;

// ---- State store -----------------------------------------------------------------------------

struct StoreWrite {
  std::string key;
  std::optional<std::string> value;  // none = delete
};

// Rows of one service instance: state, index and offsets. Disposable: it can always be rebuilt from
// the log, so a write needs no fsync, but a batch is atomic, also over a crash, and batches survive
// in order: what is lost after a crash is a suffix.
class StateStore {
 public:
  virtual ~StateStore() = default;

  // Atomic. One writer thread; never waits for long. OVERLOADED: not now, the same batch will be
  // taken soon. Any other error is of the store as a whole.
  virtual Status Write(const std::vector<StoreWrite>& batch) = 0;
  // Any thread. An error is STORE_DAMAGED: stop serving, rebuild.
  virtual Result<std::optional<std::string>> Get(std::string_view key) const = 0;
  // The same of many keys, in their order; stores on a disk do it at less than Get for each. Keys
  // ascend. Any thread.
  using Rows = std::vector<std::optional<std::string>>;
  virtual Result<Rows> GetMany(const std::vector<std::string>& keys) const {
    Rows rows;
    rows.reserve(keys.size());
    for (const std::string& key : keys) {
      MOTCUA_ASSIGN_OR_RETURN(rows.emplace_back(), Get(key));
    }
    return rows;
  }
  // Visits rows with `from` <= key < `to` in order of keys until `visit` returns false; sees one
  // moment. Any thread.
  using Visit = std::function<bool(std::string_view key, std::string_view value)>;
  virtual Status Scan(std::string_view from, std::string_view to, const Visit& visit) const = 0;
  // The same from the end: keys below `to`, not below `from`, descending.
  virtual Status ScanBackward(std::string_view from, std::string_view to,
                              const Visit& visit) const = 0;

  // The rows of this moment, for reading several that belong together: what is written later is not
  // seen. Holds up no writer, but keeps what it sees on the disk: take one for an answer and let it
  // go.
  // Must be gone before the store is closed. Any thread, as are its readings.
  virtual Result<std::unique_ptr<const StateStore>> Snapshot() const = 0;
};

// ---- Codec -----------------------------------------------------------------------------------

// Bytes of events (protobuf, a public contract) and of rows (private, disposable). Implemented in
// wire/; pure and stateless.
class Codec {
 public:
  virtual ~Codec() = default;
  // The newest event schema that it understands; part of a store's format (StateFormatOf).
  virtual std::uint32_t event_schema() const = 0;
  virtual std::string EncodeEvent(const cases::CaseEvent& event) const = 0;
  virtual Result<cases::CaseEvent> DecodeEvent(std::string_view bytes) const = 0;
  // The log's key of an encoded event, without decoding it: the receiving unit. A part of `bytes`;
  // empty when they do not say it.
  virtual std::string_view KeyOf(std::string_view bytes) const = 0;
  // Without the id: it is the row's key.
  virtual std::string EncodeRow(const cases::AggregateState& state) const = 0;
  virtual Result<cases::AggregateState> DecodeRow(const cases::AggregateId& id,
                                                  std::string_view bytes) const = 0;
};

}  // namespace motcua::engine
