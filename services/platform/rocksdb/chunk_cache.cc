#include "services/platform/rocksdb/chunk_cache.h"

#include <algorithm>

#include "services/base/check.h"

namespace motcua::rocks {

using engine::LogChunk;
using engine::Offset;
using engine::PartitionId;

ChunkCache::ChunkCache(PartitionId partitions, const engine::Codec& codec, Limits limits)
    : codec_(codec), limits_(limits), tails_(partitions) {}

ChunkCache::Chunk ChunkCache::Decode(const engine::Codec& codec, Offset first,
                                     const std::vector<engine::TakenRecord>& records) {
  auto chunk = std::make_shared<LogChunk>();
  chunk->entries.reserve(records.size());
  chunk->next = first;
  for (const auto& [bytes, appended] : records) {
    engine::DecodeInto(chunk->entries.emplace_back(), codec, chunk->next++, bytes, appended);
  }
  return chunk;
}

void ChunkCache::Publish(PartitionId partition, Offset first,
                         std::vector<engine::TakenRecord> records) {
  auto part = std::make_shared<TailPart>();
  part->first = first;
  part->next = first + records.size();
  for (const engine::TakenRecord& record : records) part->bytes += record.bytes.size();
  part->records = std::move(records);

  const std::lock_guard lock(tail_mutex_);
  auto& tail = tails_[partition];
  // After a recovery records may have appeared that were never published: no gap may look covered.
  while (!tail.empty() && tail.back()->next != first) DropFirst(partition);
  tail_bytes_ += part->bytes;
  tail_records_ += part->next - part->first;
  tail.push_back(std::move(part));
  tail_order_.push_back(partition);
  while (tail_order_.size() > 1 &&
         (tail_bytes_ > limits_.tail_bytes_max || tail_records_ > limits_.tail_records_max)) {
    DropFirst(tail_order_.front());
  }
}

void ChunkCache::DropFirst(PartitionId partition) {
  auto& tail = tails_[partition];
  MOTCUA_CHECK(!tail.empty(), "the tail's order names a part that is not there");
  tail_bytes_ -= tail.front()->bytes;
  tail_records_ -= tail.front()->next - tail.front()->first;
  tail.pop_front();
  // Mostly the first of all; after a recovery it may stand further behind.
  tail_order_.erase(std::find(tail_order_.begin(), tail_order_.end(), partition));
}

ChunkCache::Chunk ChunkCache::FindInTail(PartitionId partition, Offset from) {
  std::shared_ptr<TailPart> part;
  {
    const std::lock_guard lock(tail_mutex_);
    const auto& tail = tails_[partition];
    if (tail.empty() || from < tail.front()->first || from >= tail.back()->next) return nullptr;
    const auto behind = std::upper_bound(
        tail.begin(), tail.end(), from,
        [](Offset offset, const std::shared_ptr<TailPart>& at) { return offset < at->first; });
    part = *std::prev(behind);
  }
  // Outside the lock: only the readers of this very part wait for its decoding.
  std::call_once(part->once, [&] {
    part->chunk = Decode(codec_, part->first, part->records);
    part->records = {};
  });
  return part->chunk;
}

std::shared_ptr<ChunkCache::Block> ChunkCache::FindBlock(const BlockKey& key) {
  const std::lock_guard lock(blocks_mutex_);
  const auto found = blocks_.find(key);
  if (found != blocks_.end()) {
    block_uses_.splice(block_uses_.begin(), block_uses_, found->second.use);
    return found->second.block;
  }
  if (blocks_.size() >= limits_.blocks_max) {
    blocks_.erase(block_uses_.back());  // who reads it now keeps it alive
    block_uses_.pop_back();
  }
  block_uses_.push_front(key);
  auto block = std::make_shared<Block>();
  blocks_.emplace(key, BlockRow{block, block_uses_.begin()});
  return block;
}

Result<ChunkCache::Chunk> ChunkCache::FindOrLoad(PartitionId partition, Offset from,
                                                 const LoadBlock& load) {
  const auto block = FindBlock({partition, from / engine::kChunkRecordsMax});
  const std::lock_guard lock(block->mutex);
  // The block at the log's end grows: a chunk that ends before `from` is stale.
  if (block->chunk && !block->chunk->entries.empty() &&
      block->chunk->entries.front().offset <= from && from < block->chunk->next) {
    return block->chunk;
  }
  MOTCUA_ASSIGN_OR_RETURN(block->chunk, load());
  return block->chunk;
}

}  // namespace motcua::rocks
