// Biểu II.06a counted from the accepted events of a log by code of its own, which shares nothing
// with how reporting counts: no folded dossier, no clock, no counters. It keeps of each dossier a
// few facts in the order of the log, and looks at them once for each question.
//
// In memory, about 300 bytes a dossier. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/domain/cases/events.h"

namespace motcua::admin {

struct RecountQuery {
  CivilDate from;
  CivilDate to;  // counted in
  bool by_instant = false;
};

// Names of the columns, as paths of the contract's StatusRow.
using Cells = std::map<std::string, std::int64_t>;
// Of each dimension ("unit", "field", …) the rows by key.
using Tables = std::map<std::string, std::map<std::string, Cells>>;

class Recount {
 public:
  // Accepted events in the order of their partition, each with the instant at which it counts.
  void Take(const cases::CaseEvent& event, Instant effective);
  Tables Count(const RecountQuery& query) const;
  std::size_t dossiers() const { return dossiers_.size(); }

 private:
  struct Stop {
    ZonedTime from;
    bool for_papers = false;
    std::optional<ZonedTime> to;
    std::optional<ZonedTime> due_before;
    bool missed = false;  // the due date of before was over, by the instant
    bool missed_by_day = false;
  };
  struct Fact {
    cases::Version version = 0;
    enum class Kind : std::uint8_t { kStop, kGoOn, kResult, kWithdrawn, kClosed, kRecord } kind;
    ZonedTime at;
    bool flag = false;                // for papers; rejected; by post
    std::optional<ZonedTime> due;     // that counts from here on
    std::optional<ZonedTime> closed;  // of a register
    cases::Outcome outcome = cases::Outcome::kNone;
  };
  struct Case {
    bool refused = false;
    ZonedTime received;
    std::optional<ZonedTime> due;
    std::string field;
    std::string procedure;
    std::string channel;
    std::string level = "-";
    std::string interconnection = "-";
    std::vector<Fact> facts;
  };
  struct Life;

  static Life LifeOf(const Case& found);

  std::map<std::string, Case> dossiers_;
};

// Where two tables differ, one line a cell: "field / Đất đai / resolved.late: log 3, service 4".
std::vector<std::string> Differences(const Tables& log, const Tables& service);

}  // namespace motcua::admin
