// LogModel: what a log means, worked out once more from its description alone (engine/README.md,
// case_event.proto): the records by a plain librdkafka consumer, the events by their generated
// messages, acceptance by a rule of twenty lines. Nothing of the engine is used.
//
// One thread; what asks brokers blocks, with a bound.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "motcua/events/v1/case_event.pb.h"
#include "services/base/status.h"

namespace motcua::chaos {

struct Record {
  std::int64_t offset = 0;
  std::string key;
  std::string value;
  // When the broker took it; none: a test's own record, which is not held against a clock.
  std::optional<std::int64_t> taken_micros = std::nullopt;
};
using Partition = std::vector<Record>;

// Every record of every partition, up to where each ends now. LOG_UNAVAILABLE after `patience`.
Result<std::vector<Partition>> ReadTopic(const std::string& brokers, const std::string& topic,
                                         int partitions, std::chrono::milliseconds patience);

// Whether every copy of every partition has what its leader has. No: also when no broker tells.
bool AllCopiesInSync(const std::string& brokers, const std::string& topic);
// The node that leads a partition; none: also when no broker tells.
std::optional<int> LeaderOf(const std::string& brokers, const std::string& topic, int partition);

// An event that was accepted.
struct Accepted {
  std::string dossier;
  std::uint32_t version = 0;
  std::string actor;
};

class LogModel {
 public:
  // In the order of the partition.
  void Fold(const Partition& partition);

  // By request id in its text form: more than one is a doubled command.
  const std::map<std::string, std::vector<Accepted>>& accepted() const { return accepted_; }
  std::size_t accepted_count() const { return accepted_count_; }
  // Rivals, duplicates, late copies: in the log, but nobody's history.
  std::size_t ignored_count() const { return ignored_count_; }
  std::size_t dossier_count() const { return dossiers_.size(); }
  // By unit.
  const std::map<std::string, std::int64_t>& received() const { return received_; }
  const std::map<std::string, std::int64_t>& resolved() const { return resolved_; }
  // What cannot be, a sentence each.
  const std::vector<std::string>& findings() const { return findings_; }
  // Gaps in the numbers of days and registers; after the last Fold.
  std::vector<std::string> Gaps() const;

 private:
  struct Aggregate {
    std::uint32_t version = 0;
    std::uint64_t tip = 0;
    std::deque<std::string> requests;  // the last kRememberedMax
  };
  struct Numbers {
    std::map<std::uint32_t, std::string> taken;  // by whom
  };

  static bool TimeAgrees(const events::v1::CaseEvent& event, const Record& record);
  static bool Fits(const Aggregate& aggregate, const events::v1::Step& step,
                   const std::string& request);
  static void Advance(Aggregate& aggregate, std::uint32_t version, std::uint64_t tip,
                      const std::string& request);
  bool Accept(const events::v1::CaseEvent& event);
  void Apply(const events::v1::CaseEvent& event, const std::string& bytes,
             std::int64_t effective_micros);
  void Take(const std::string& series, std::uint32_t number, const std::string& dossier);

  std::map<std::string, Aggregate> dossiers_;
  std::map<std::string, Aggregate> books_;
  std::map<std::string, Numbers> series_;
  std::map<std::string, std::vector<Accepted>> accepted_;
  std::map<std::string, std::int64_t> received_;
  std::map<std::string, std::int64_t> resolved_;
  std::size_t accepted_count_ = 0;
  std::size_t ignored_count_ = 0;
  std::vector<std::string> findings_;
};

}  // namespace motcua::chaos
