// Biểu II.06a and the report of lateness counted from the accepted events of a log by code of its
// own, which shares nothing with how reporting counts: no folded dossier, no clock, no counters. It
// keeps of each dossier a few facts in the order of the log, and looks at them once for each
// question.
//
// In memory, about 500 bytes a dossier. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "services/admin/recount_case.h"
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
// The row of a table that sums the others.
inline constexpr std::string_view kSumRow = "(all)";
// The table of lateness beside those of the dimensions; its rows are called as in NameOf.
inline constexpr std::string_view kLatenessTable = "lateness";

class Recount {
 public:
  // Accepted events in the order of their partition, each with the instant at which it counts.
  void Take(const cases::CaseEvent& event, Instant effective);
  // Each row with its totals and rates, and their sum.
  Tables Count(const RecountQuery& query) const;
  std::map<std::string, Cells> CountLateness(const RecountQuery& query) const;
  std::size_t dossiers() const { return dossiers_.size(); }

  // The latest instant at which an event counts.
  Instant last() const { return last_; }
  // Who had each moment of a dossier until then: ascending, without gaps. Empty of one that is not
  // known or was refused.
  std::vector<Spell> SpellsOf(const std::string& dossier, Instant until) const;
  // How many dossiers have such a time, in how many parts; whether each dossier's add up to the
  // whole of it, to the microsecond.
  struct Times {
    std::size_t dossiers = 0;
    std::size_t spells = 0;
    std::vector<std::string> wrong;  // dossiers
  };
  Times CheckTimes() const;

 private:
  std::map<std::string, RecountCase> dossiers_;
  std::set<std::vector<PlannedLeg>> routes_;
  Instant last_{};
};

// Where two tables differ, one line a cell: "field / Đất đai / resolved.late: log 3, service 4".
std::vector<std::string> Differences(const Tables& log, const Tables& service);

// Where a service's table of a period does not balance: what was received is resolved or open
// (3 = 7 + 11 of the form), and what was open at the end of the period before is carried over
// (6 of this = 11 of that). Without one before, the first alone.
std::vector<std::string> Imbalances(const Tables& period, const Tables* before);

}  // namespace motcua::admin
