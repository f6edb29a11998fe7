#include "tests/simulation/memory_log.h"

#include <algorithm>
#include <utility>

#include "services/base/hash.h"

namespace motcua::simulation {

using engine::AppendOutcome;
using engine::Offset;
using engine::PartitionId;

MemoryLog::MemoryLog(Timeline& timeline, Random& random, const engine::Codec& codec,
                     PartitionId partitions, const LogFaults& faults)
    : timeline_(timeline), random_(random), codec_(codec), faults_(faults) {
  partitions_.resize(partitions);
  clocks_.resize(partitions, Micros(0));
}

std::shared_ptr<MemoryLog::Handle> MemoryLog::Open(const engine::Codec& codec) {
  std::erase_if(handles_, [](const std::weak_ptr<Handle>& handle) { return handle.expired(); });
  auto handle = std::make_shared<Handle>(*this, codec);
  handles_.push_back(handle);
  return handle;
}

void MemoryLog::Land(PartitionId partition, const std::vector<std::string>& records,
                     const engine::Codec* writer) {
  std::vector<Record>& log = partitions_[partition];
  for (const std::string& bytes : records) {
    Record record{bytes, {}, timeline_.now(), writer};
    record.entry.offset = log.size();
    record.entry.tip = cases::Tip(HashBytes(bytes));
    record.entry.appended = timeline_.now() + clocks_[partition];
    record.entry.bytes = static_cast<std::uint32_t>(bytes.size());
    if (Result<cases::CaseEvent> event = codec_.DecodeEvent(bytes); event.ok()) {
      record.entry.event = *std::move(event);
    }
    log.push_back(std::move(record));
    if (on_record) on_record(partition, log.back());
  }
  for (const std::weak_ptr<Handle>& weak : handles_) {
    if (const auto handle = weak.lock(); handle && !handle->closed_) Show(*handle, partition);
  }
}

void MemoryLog::Show(Handle& handle, PartitionId partition) {
  const Offset end = partitions_[partition].size();
  timeline_.After(random_.Between(Micros(50), faults_.lag_max),
                  [weak = handle.weak_from_this(), partition, end] {
                    const auto shown = weak.lock();
                    if (!shown || shown->closed_ || shown->visible_[partition] >= end) return;
                    shown->visible_[partition] = end;
                    shown->Wake();
                  });
}

void MemoryLog::Heal() {
  faults_ = LogFaults();
  clocks_.assign(clocks_.size(), Micros(0));
  for (const std::weak_ptr<Handle>& weak : handles_) {
    if (const auto handle = weak.lock()) {
      for (PartitionId p = 0; p < partitions(); ++p) Show(*handle, p);
    }
  }
}

// ---- Handle ----------------------------------------------------------------------------------

MemoryLog::Handle::Handle(MemoryLog& log, const engine::Codec& codec) : log_(log), codec_(codec) {
  for (PartitionId p = 0; p < log_.partitions(); ++p) visible_.push_back(log_.records(p).size());
  last_landing_.resize(log_.partitions(), log_.timeline_.now());
}

void MemoryLog::Handle::Append(PartitionId partition, std::vector<std::string> records,
                               AppendDone done) {
  if (closed_) return;
  const LogFaults& faults = log_.faults_;
  Random& random = log_.random_;
  const Instant now = log_.timeline_.now();
  Instant landing = now + random.Between(Micros(100), faults.append_max);
  landing = std::max(landing, last_landing_[partition] + Micros(1));
  const Instant told = landing + random.Between(Micros(50), faults.append_max);
  if (random.Chance(faults.refused)) {
    Tell(told, AppendOutcome::kNotAppended, std::move(done));
    return;
  }
  if (random.Chance(faults.unknown)) {
    const std::uint64_t fate = random.Below(3);
    if (fate == 1) landing = landing + random.Between(Micros(0), faults.late_max);
    if (fate != 2) LandLater(partition, landing, std::move(records));
    Tell(told, AppendOutcome::kUnknown, std::move(done));
    return;
  }
  last_landing_[partition] = landing;
  if (random.Chance(faults.duplicate)) {
    LandLater(partition, landing + random.Between(Micros(1), faults.late_max), records);
  }
  LandLater(partition, landing, std::move(records));
  Tell(told, AppendOutcome::kAppended, std::move(done));
}

void MemoryLog::Handle::LandLater(PartitionId partition, Instant when,
                                  std::vector<std::string> records) {
  log_.timeline_.At(when, [log = &log_, partition, records = std::move(records), writer = &codec_] {
    log->Land(partition, records, writer);
  });
}

void MemoryLog::Handle::Tell(Instant when, AppendOutcome outcome, AppendDone done) {
  log_.timeline_.At(when, [weak = weak_from_this(), outcome, done = std::move(done)] {
    const auto handle = weak.lock();
    if (!handle || handle->closed_) return;
    done(outcome, outcome == AppendOutcome::kAppended
                      ? OkStatus()
                      : Status(Reason::kLogUnavailable, "the log did not confirm the append"));
  });
}

Result<std::shared_ptr<const engine::LogChunk>> MemoryLog::Handle::Read(PartitionId partition,
                                                                        Offset from) {
  Random& random = log_.random_;
  const Offset end = visible_[partition];
  auto chunk = std::make_shared<engine::LogChunk>();
  chunk->next = from;
  if (from >= end) return std::shared_ptr<const engine::LogChunk>(std::move(chunk));
  if (random.Chance(log_.faults_.read_error)) {
    return Status(Reason::kLogUnavailable, "the log could not be read for a moment");
  }
  // As a page of a real log: it may begin earlier than was asked for, and end anywhere.
  const Offset begin = from - std::min<Offset>(from, random.Below(3));
  const Offset stop = std::min<Offset>(end, from + 1 + random.Below(64));
  const std::vector<Record>& records = log_.records(partition);
  for (Offset at = begin; at < stop; ++at) {
    engine::LogEntry& entry = chunk->entries.emplace_back(records[at].entry);
    if (&codec_ == &log_.codec_ || !entry.event) continue;
    Result<cases::CaseEvent> event = codec_.DecodeEvent(records[at].bytes);
    entry.event = event.ok() ? std::optional(*std::move(event)) : std::nullopt;
  }
  chunk->next = stop;
  return std::shared_ptr<const engine::LogChunk>(std::move(chunk));
}

void MemoryLog::Handle::AskEnd(PartitionId partition, EndDone done) {
  // The end as it was when it was asked for, the oldest that is allowed, told later.
  Random& random = log_.random_;
  Result<Offset> end = Offset{log_.records(partition).size()};
  if (random.Chance(log_.faults_.read_error)) {
    end = Status(Reason::kLogUnavailable, "the log could not tell its end for a moment");
  }
  const Instant told = log_.timeline_.now() + random.Between(Micros(0), log_.faults_.lag_max);
  log_.timeline_.At(told, [weak = weak_from_this(), end, done = std::move(done)] {
    if (const auto handle = weak.lock(); handle && !handle->closed_) done(end);
  });
}

std::uint64_t MemoryLog::Handle::Watch(std::function<void()> wake) {
  wakes_[next_token_] = std::move(wake);
  return next_token_++;
}

void MemoryLog::Handle::Wake() {
  const auto wakes = wakes_;
  for (const auto& [token, wake] : wakes) wake();
}

}  // namespace motcua::simulation
