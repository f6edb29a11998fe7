// A partition by hand: a log that holds back what is appended until the test lets it land, a clock
// that stands, a store that can refuse. One thread.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "services/base/hash.h"
#include "services/deadline/rules.h"
#include "services/engine/partition.h"
#include "services/intake/rules.h"
#include "services/wire/codec.h"
#include "tests/simulation/master_data.h"
#include "tests/simulation/sim_store.h"

namespace motcua::engine {

class HandClock final : public Clock {
 public:
  Instant Now() const override { return now; }
  Micros Passed() const override { return passed; }
  // Both; who writes `now` sets the clock, and no time passes.
  void Pass(Micros time) {
    now = now + time;
    passed += time;
  }
  Instant now = StartOfDay(MakeDate(2026, 1, 5), UtcOffset{7 * 60}) + std::chrono::hours(8);
  Micros passed{0};
};

class HandLog final : public EventLog {
 public:
  // What an instance makes of records, where it is not of today.
  using Reader = std::shared_ptr<const Codec>;
  struct Held {
    std::vector<std::string> records;
    AppendDone done;
  };

  PartitionId partitions() const override { return 1; }
  void Append(PartitionId, std::vector<std::string> records, AppendDone done) override {
    held.push_back({std::move(records), std::move(done)});
  }
  Result<std::shared_ptr<const LogChunk>> Read(PartitionId, Offset from) override {
    if (!read_failure.ok()) return read_failure;
    auto chunk = std::make_shared<LogChunk>();
    const Offset end = std::min<Offset>({visible, landed.size(), from + kChunkRecordsMax});
    for (Offset at = from; at < end; ++at) {
      LogEntry& entry = chunk->entries.emplace_back();
      entry.offset = at;
      entry.tip = cases::Tip(HashBytes(landed[at]));
      if (at < appended.size()) entry.appended = appended[at];
      Result<cases::CaseEvent> event = codec.DecodeEvent(landed[at]);
      if (event.ok()) entry.event = *std::move(event);
    }
    chunk->next = from + chunk->entries.size();
    return std::shared_ptr<const LogChunk>(std::move(chunk));
  }
  void AskEnd(PartitionId, EndDone done) override {
    if (ends_held) {
      asked.push_back(std::move(done));
    } else {
      done(end_failure.ok() ? Result<Offset>(landed.size()) : Result<Offset>(end_failure));
    }
  }
  std::uint64_t Watch(std::function<void()>) override { return 0; }
  void Unwatch(std::uint64_t) override {}

  // The oldest append that is held back stands in the log now.
  void LandNext() {
    ASSERT_FALSE(held.empty());
    Land(held.front().records);
    held.pop_front();
  }
  void Land(const std::vector<std::string>& records) {
    landed.insert(landed.end(), records.begin(), records.end());
    appended.resize(landed.size(), clock == nullptr ? std::nullopt : std::optional(clock->now));
  }
  // The oldest append ends like this, and never stands in the log.
  void LoseNext(AppendOutcome outcome) {
    ASSERT_FALSE(held.empty());
    const Held lost = std::move(held.front());
    held.pop_front();
    lost.done(outcome, Status(Reason::kLogUnavailable, "lost"));
  }
  std::size_t held_records() const {
    std::size_t records = 0;
    for (const Held& append : held) records += append.records.size();
    return records;
  }

  wire::WireCodec codec;
  std::deque<Held> held;
  std::vector<std::string> landed;
  // By its own clock, if it has one: when it took each.
  std::vector<std::optional<Instant>> appended;
  const HandClock* clock = nullptr;
  Offset visible = UINT64_MAX;  // readers see no further
  bool ends_held = false;       // questions for the end wait in `asked`
  std::vector<EndDone> asked;
  Status end_failure;
  Status read_failure;
};

// The same log as a program reads it that has another codec.
class ReadBy final : public EventLog {
 public:
  ReadBy(HandLog& log, const Codec& codec) : log_(log), codec_(codec) {}

  PartitionId partitions() const override { return log_.partitions(); }
  void Append(PartitionId partition, std::vector<std::string> records, AppendDone done) override {
    log_.Append(partition, std::move(records), std::move(done));
  }
  Result<std::shared_ptr<const LogChunk>> Read(PartitionId partition, Offset from) override {
    MOTCUA_ASSIGN_OR_RETURN(const std::shared_ptr<const LogChunk> chunk,
                            log_.Read(partition, from));
    auto own = std::make_shared<LogChunk>(*chunk);
    for (LogEntry& entry : own->entries) {
      Result<cases::CaseEvent> event = codec_.DecodeEvent(log_.landed[entry.offset]);
      entry.event = event.ok() ? std::optional(*std::move(event)) : std::nullopt;
    }
    return std::shared_ptr<const LogChunk>(std::move(own));
  }
  void AskEnd(PartitionId partition, EndDone done) override {
    log_.AskEnd(partition, std::move(done));
  }
  std::uint64_t Watch(std::function<void()>) override { return 0; }
  void Unwatch(std::uint64_t) override {}

 private:
  HandLog& log_;
  const Codec& codec_;
};

// One instance of a service on a log that it may share.
class Instance {
 public:
  Instance(HandLog& log, HandClock& clock, const ServiceRules& rules, PartitionOptions options = {},
           HandLog::Reader codec = std::make_shared<wire::WireCodec>())
      : log_(log),
        codec_(std::move(codec)),
        reading_(log, *codec_),
        catalogue_(simulation::MakeMasterData()),
        answers_(std::make_shared<LogAnswers>()),
        partition_(0, {reading_, store, clock, *codec_, *catalogue_, rules, metrics, answers_},
                   options) {
    EXPECT_TRUE(partition_.Recover().ok());
    Run();
  }

  // Steps until there is nothing to do at this moment.
  void Run() {
    LogAnswers::Taken answers = answers_->Take();
    for (int i = 0; i < 20; ++i) {
      for (const FailedAppend& failed : answers.failed) Note(partition_.OnFailedAppend(failed));
      for (const EndReported& told : answers.ends) Note(partition_.OnEndReported(told));
      const Result<bool> more = partition_.Step();
      Note(more.status());
      answers = answers_->Take();
      if (!more.ok() || (!*more && answers.empty())) return;
    }
  }
  void LandAllAndRun() {
    Run();
    for (int i = 0; i < 10 && !log_.held.empty(); ++i) {
      log_.LandNext();
      Run();
    }
  }
  // The place where the answer will be.
  using Place = std::shared_ptr<std::optional<Result<Answer>>>;
  Place Ask(cases::Command command, Micros deadline = kNoDeadline) {
    auto place = std::make_shared<std::optional<Result<Answer>>>();
    partition_.Take({std::move(command), deadline, [place](Result<Answer> answer) {
                       EXPECT_FALSE(place->has_value()) << "replied twice";
                       *place = std::move(answer);
                     }});
    Run();
    return place;
  }
  Partition& partition() { return partition_; }

  simulation::SimStore store;
  Metrics metrics;
  Status failure;  // of the last run that failed

 private:
  void Note(const Status& status) {
    if (!status.ok()) failure = status;
  }

  HandLog& log_;
  HandLog::Reader codec_;
  ReadBy reading_;
  std::shared_ptr<const catalogue::Catalogue> catalogue_;
  std::shared_ptr<LogAnswers> answers_;
  Partition partition_;
};

inline cases::Command Ask(int id, cases::Action action, cases::DossierCode dossier = {}) {
  cases::Command command;
  command.request_id = cases::DeriveRequestId("request " + std::to_string(id));
  command.digest = static_cast<std::uint64_t>(id);
  command.dossier = std::move(dossier);
  command.actor = cases::ActorId("officer:1");
  command.action = std::move(action);
  return command;
}
inline cases::Command Receive(int id, const char* procedure = "1.000004") {
  return Ask(
      id, cases::ReceiveDossier{cases::UnitCode("000.23.10.H49"), cases::ProcedureCode(procedure)});
}
inline cases::DossierCode FirstDossier() { return cases::DossierCode("000.23.10.H49-260105-0001"); }

// "v2" when answered, the reason when refused, "-" while nothing was said.
inline std::string Say(const Instance::Place& place) {
  if (!place->has_value()) return "-";
  const Result<Answer>& answer = **place;
  if (!answer.ok()) return std::string(DescribeReason(answer.status().reason()).word);
  return "v" + std::to_string(answer->version) + (answer->repeated ? " again" : "");
}

}  // namespace motcua::engine
