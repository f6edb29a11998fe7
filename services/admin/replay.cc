#include "services/admin/replay.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "services/engine/keys.h"
#include "services/engine/partition.h"
#include "services/engine/service.h"

namespace motcua::admin {
namespace {

// Dossiers are kept decoded between two commits.
constexpr std::size_t kCommitRecords = 4096;

Verdict VerdictOf(engine::Acceptance acceptance) {
  switch (acceptance) {
    case engine::Acceptance::kAccepted:
      return Verdict::kAccepted;
    case engine::Acceptance::kStale:
      return Verdict::kStale;
    case engine::Acceptance::kOtherHistory:
      return Verdict::kOtherHistory;
    case engine::Acceptance::kRepeated:
      return Verdict::kRepeated;
    case engine::Acceptance::kMisplaced:
      return Verdict::kMisplaced;
    case engine::Acceptance::kEarly:
      return Verdict::kEarly;
    case engine::Acceptance::kClockDisagrees:
      return Verdict::kClockDisagrees;
  }
  return Verdict::kNotAnEvent;
}

class NoSink final : public engine::IndexSink {
 public:
  void Put(std::string, std::string) override {}
  void Delete(std::string) override {}
  void Add(std::string_view, std::int64_t) override {}
};

}  // namespace

std::string_view VerdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kMisrouted:
      return "misrouted";
    case Verdict::kNotAnEvent:
      return "not_an_event";
    case Verdict::kAccepted:
      return engine::AcceptanceName(engine::Acceptance::kAccepted);
    case Verdict::kStale:
      return engine::AcceptanceName(engine::Acceptance::kStale);
    case Verdict::kOtherHistory:
      return engine::AcceptanceName(engine::Acceptance::kOtherHistory);
    case Verdict::kRepeated:
      return engine::AcceptanceName(engine::Acceptance::kRepeated);
    case Verdict::kMisplaced:
      return engine::AcceptanceName(engine::Acceptance::kMisplaced);
    case Verdict::kEarly:
      return engine::AcceptanceName(engine::Acceptance::kEarly);
    case Verdict::kClockDisagrees:
      return engine::AcceptanceName(engine::Acceptance::kClockDisagrees);
  }
  return "unknown";
}

// Decides nothing and keeps no part of a dossier: head and requests are kept always.
class Replay::Rules final : public engine::ServiceRules {
 public:
  std::string_view name() const override { return "replay"; }
  cases::Parts parts() const override { return {}; }
  bool Decides(const cases::Action&) const override { return false; }
};

Replay::Replay(engine::PartitionId partition, engine::PartitionId partitions,
               const engine::Codec& codec)
    : partition_(partition),
      partitions_(partitions),
      codec_(codec),
      rules_(std::make_unique<const Rules>()),
      memory_(std::make_unique<engine::MemoryRows>()),
      rows_(*memory_),
      state_(partition, *rules_, rows_, codec) {}

Replay::Replay(engine::PartitionId partition, engine::PartitionId partitions,
               const engine::Codec& codec, engine::StateStore& rows)
    : partition_(partition),
      partitions_(partitions),
      codec_(codec),
      rules_(std::make_unique<const Rules>()),
      rows_(rows),
      state_(partition, *rules_, rows_, codec) {}

Replay::~Replay() = default;

Result<ReplayedRecord> Replay::Next(engine::Offset offset, const engine::TakenRecord& taken) {
  ReplayedRecord record;
  record.partition = partition_;
  record.entry = engine::DecodeEntry(codec_, offset, taken.bytes, taken.appended);
  record.effective = effective_;
  if (!record.entry.event) return record;
  const cases::CaseEvent& event = *record.entry.event;
  if (engine::PartitionOf(event.about().unit(), partitions_) != partition_) {
    record.verdict = Verdict::kMisrouted;
    return record;
  }
  MOTCUA_ASSIGN_OR_RETURN(const engine::Acceptance acceptance,
                          state_.Accept(event, taken.appended));
  record.verdict = VerdictOf(acceptance);
  if (acceptance == engine::Acceptance::kAccepted) {
    effective_ = std::max(effective_, event.at.instant);
    record.effective = effective_;
    NoSink sink;
    MOTCUA_RETURN_IF_ERROR(
        state_.Apply(event, record.entry.tip, {partition_, offset, effective_}, sink));
  }
  if (++uncommitted_ == kCommitRecords) MOTCUA_RETURN_IF_ERROR(Commit());
  return record;
}

Status Replay::Commit() {
  std::vector<engine::StoreWrite> writes;
  static_cast<void>(state_.Collect(writes));
  MOTCUA_RETURN_IF_ERROR(rows_.Write(writes));
  state_.Committed();
  uncommitted_ = 0;
  return OkStatus();
}

}  // namespace motcua::admin
