// ChunkCache: chunks of a log in memory, so that the readers of a process decode each record once.
//
// Two parts. The tail holds the latest commits, bounded by bytes and records: readers that keep up
// never touch the disk. The blocks are a small LRU of aligned stretches of kChunkRecordsMax records
// that were read from disk: readers that replay the log side by side share them.
//
// Owned by LocalLog. Any thread; Publish from the writer only.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "services/base/status.h"
#include "services/engine/log_entry.h"
#include "services/engine/ports.h"

namespace motcua::rocks {

class ChunkCache {
 public:
  using Chunk = std::shared_ptr<const engine::LogChunk>;
  using LoadBlock = std::function<Result<Chunk>()>;

  struct Limits {
    std::size_t tail_bytes_max;
    std::size_t tail_records_max;
    std::size_t blocks_max;
  };

  ChunkCache(engine::PartitionId partitions, const engine::Codec& codec, Limits limits);

  // Adds committed records after the tail of `partition`. They are decoded by their first reader,
  // not here: the writer's time belongs to the next commit.
  void Publish(engine::PartitionId partition, engine::Offset first,
               std::vector<engine::TakenRecord> records);
  // The tail's chunk that holds `from`, or null.
  Chunk FindInTail(engine::PartitionId partition, engine::Offset from);
  // The cached block that holds `from`; if there is none, `load` makes it, once for all who ask at
  // the same time. A failure is not kept.
  Result<Chunk> FindOrLoad(engine::PartitionId partition, engine::Offset from,
                           const LoadBlock& load);

  // Decodes `records`, which stand at `first` and after it.
  static Chunk Decode(const engine::Codec& codec, engine::Offset first,
                      const std::vector<engine::TakenRecord>& records);

 private:
  struct TailPart {
    engine::Offset first = 0;
    engine::Offset next = 0;
    std::size_t bytes = 0;
    std::once_flag once;
    std::vector<engine::TakenRecord> records;  // until decoded; guarded by `once`
    Chunk chunk;
  };
  struct Block {
    std::mutex mutex;
    Chunk chunk;
  };
  using BlockKey = std::pair<engine::PartitionId, std::uint64_t>;
  struct BlockRow {
    std::shared_ptr<Block> block;
    std::list<BlockKey>::iterator use;
  };

  void DropFirst(engine::PartitionId partition);
  std::shared_ptr<Block> FindBlock(const BlockKey& key);

  const engine::Codec& codec_;
  const Limits limits_;

  std::mutex tail_mutex_;
  std::vector<std::deque<std::shared_ptr<TailPart>>> tails_;  // by partition; each without gaps
  std::deque<engine::PartitionId> tail_order_;                // one per part, oldest first
  std::size_t tail_bytes_ = 0;
  std::size_t tail_records_ = 0;

  std::mutex blocks_mutex_;
  std::map<BlockKey, BlockRow> blocks_;
  std::list<BlockKey> block_uses_;  // latest first
};

}  // namespace motcua::rocks
