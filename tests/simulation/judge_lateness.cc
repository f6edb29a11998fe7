// The judge over the report of lateness: each late dossier's parts add up to its whole time, and
// the report's numbers are the sums over the dossiers as the history tells them.
#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "services/reporting/report.h"
#include "tests/simulation/world.h"
#include "tests/support/slow_report.h"

namespace motcua::simulation {
namespace {

using reporting::LateAmount;
using reporting::LateCounts;
using reporting::LatenessReport;
using reporting::StatusQuery;
using reporting::Verdict;

// All of time, as far as days are written with four digits.
CivilDate FirstDay() { return MakeDate(1, 1, 1); }
CivilDate LastDay() { return MakeDate(9999, 12, 31); }

// What the history says of a dossier's time.
struct Life {
  ZonedTime received;
  std::optional<ZonedTime> result;
  std::optional<ZonedTime> closed;
  testing_support::History events;

  Instant resolved() const { return std::max(result->instant, received.instant); }
  std::int64_t until_result() const { return (resolved() - received.instant).count(); }
  std::int64_t after_result() const {
    return std::max<std::int64_t>((closed->instant - resolved()).count(), 0);
  }
  CivilDate result_day() const { return std::max(result->date(), received.date()); }
  CivilDate closed_day() const { return std::max(closed->date(), result_day()); }
};

Life LifeOf(const Line& line) {
  Life life;
  for (const Accepted* const accepted : line.events) {
    const cases::CaseEvent& event = accepted->event;
    life.events.emplace_back(event, accepted->effective);
    if (line.taken_back.contains(event.version())) continue;
    const ZonedTime at{accepted->effective, event.at.offset};
    if (HoldsLeaf<cases::DossierReceived>(event.payload)) {
      life.received = at;
    } else if (const auto* imported = LeafIf<cases::DossierImported>(event.payload)) {
      life.received = imported->opened;
      life.result = life.closed = imported->closed;
    } else if (const auto* updated = LeafIf<cases::RecordUpdated>(event.payload)) {
      life.result = life.closed = updated->closed;
    } else if (HoldsLeaf<cases::ResultRecorded>(event.payload) ||
               HoldsLeaf<cases::DossierWithdrawn>(event.payload)) {
      life.result = at;
    } else if (HoldsLeaf<cases::DossierClosed>(event.payload)) {
      life.closed = at;
    }
  }
  return life;
}

// By the plain fold over its events, over all of time.
bool IsLate(const Life& life, Verdict verdict) {
  StatusQuery query;
  query.from_date = FirstDay();
  query.to_date = LastDay();
  query.verdict = verdict;
  const auto rows = testing_support::SlowReport(life.events, query);
  return std::any_of(rows.begin(), rows.end(),
                     [](const auto& row) { return row[reporting::Column::kResolvedLate] > 0; });
}

std::string Text(const LateCounts& counts) {
  return std::accumulate(reporting::kLateCounts.begin(), reporting::kLateCounts.end(),
                         std::string(), [&](const std::string& text, auto count) {
                           return text + " " + std::to_string(counts.*count);
                         });
}

bool AnyNegative(const LateCounts& counts) {
  return std::any_of(reporting::kLateCounts.begin(), reporting::kLateCounts.end(),
                     [&](auto count) { return counts.*count < 0; });
}

// Parts are never negative, and by party as by leg and agency they add up to the whole.
class Parts {
 public:
  void Add(const reporting::Holder& holder, const LateCounts& counts) {
    negative_ = negative_ || AnyNegative(counts);
    by_party_[reporting::PartyOf(holder.part)].Add(counts);
    by_place_[{holder.leg, holder.unit.value()}].Add(counts);
  }

  std::string JudgeAgainst(LateCounts whole) const {
    whole.returned = 0;  // of the whole alone
    if (negative_ || AnyNegative(whole)) return "has a part that is negative";
    if (const LateCounts sum = SumOf(by_party_); sum != whole) {
      return "has parts by party of" + Text(sum) + ", in all" + Text(whole);
    }
    if (const LateCounts sum = SumOf(by_place_); sum != whole) {
      return "has parts by leg and agency of" + Text(sum) + ", in all" + Text(whole);
    }
    return {};
  }

 private:
  static LateCounts SumOf(const auto& parts) {
    LateCounts sum;
    for (const auto& [key, counts] : parts) sum.Add(counts);
    return sum;
  }

  bool negative_ = false;
  std::map<reporting::Party, LateCounts> by_party_;
  std::map<std::pair<int, std::string>, LateCounts> by_place_;
};

// One dossier's share of the report.
std::string JudgeShare(const std::vector<LateAmount>& amounts, const Life& life, bool late,
                       std::set<reporting::TimePart>& met) {
  if (amounts.empty() == late) return late ? "is late, and has no share" : "is not late";
  if (!late) return {};
  Parts parts;
  LateCounts whole;
  for (const LateAmount& amount : amounts) {
    if (!amount.holder) {
      whole.Add(amount.counts);
      continue;
    }
    parts.Add(*amount.holder, amount.counts);
    met.insert(amount.holder->part);
  }
  LateCounts told{1, life.closed ? 1 : 0, life.until_result(), whole.overdue};
  if (life.closed) told.time += life.after_result();
  if (whole != told) return "has in all" + Text(whole) + ", by its history" + Text(told);
  if (whole.overdue > life.until_result()) return "is overdue for longer than it took";
  return parts.JudgeAgainst(whole);
}

std::string JudgeReport(const LatenessReport& report, const LateCounts& told) {
  Parts parts;
  for (const reporting::LatenessRow& row : report.rows) parts.Add(row.holder, row.counts);
  LateCounts all = report.all;
  all.overdue = told.overdue;  // that of each dossier is judged with its parts
  if (all != told) return "has in all" + Text(report.all) + ", by the history" + Text(told);
  return parts.JudgeAgainst(report.all);
}

std::string Describe(const StatusQuery& query) {
  return "lateness by verdict " + std::to_string(static_cast<int>(query.verdict)) + " from " +
         FormatDate(query.from_date) + " to " + FormatDate(query.to_date) +
         (query.unit ? " of " + query.unit->value() : "");
}

class LatenessJudge {
 public:
  LatenessJudge(const engine::StateReader& reader, const catalogue::Catalogue& catalogue,
                const History& history)
      : reader_(reader), catalogue_(catalogue), history_(history) {
    for (const auto& [code, line] : history.lines()) {
      Life life = LifeOf(line);
      for (const Verdict verdict : {Verdict::kDate, Verdict::kInstant}) {
        if (life.result && IsLate(life, verdict)) late_[verdict].insert(code);
      }
      lives_.emplace(code, std::move(life));
    }
  }

  // The share of each dossier that reporting has a row of.
  std::string JudgeShares(LatenessSeen& seen) const {
    std::string wrong;
    const Status status = reader_.ScanDossiers("", "", [&](const cases::Dossier& dossier) {
      const std::string& code = dossier.code.value();
      for (const auto& [verdict, late] : late_) {
        if (!wrong.empty()) break;
        wrong = JudgeShare(reporting::LateAmountsOf(dossier, verdict), lives_.at(code),
                           late.contains(code), seen.parts);
        if (!wrong.empty()) wrong = "late dossier " + code + " " + wrong;
        seen.dossiers += late.contains(code) ? 1U : 0U;
      }
      return wrong.empty();
    });
    // A scan that meets what is not understood ends there.
    const bool excused = status.reason() == Reason::kNewerSchema;
    return status.ok() || excused ? wrong : status.ToString();
  }

  // The report from the counters, from the scan, and as it is answered.
  std::string JudgeReports(const StatusQuery& query) const {
    const auto counted = reporting::SumLateness(reader_.store(), query);
    if (!counted.ok()) return Describe(query) + ": " + counted.status().ToString();
    std::string wrong = JudgeReport(*counted, TotalOf(query));
    if (!wrong.empty()) return Describe(query) + " " + wrong;
    const auto scanned = reporting::ScanLateness(reader_, query);
    auto built = reporting::BuildLateness(reader_, catalogue_, query);
    if (NotUnderstood(history_, query)) {
      return built.status().reason() == Reason::kNewerSchema
                 ? std::string()
                 : Describe(query) + " was given, though it may be wrong";
    }
    if (!scanned.ok()) return Describe(query) + ": " + scanned.status().ToString();
    if (!built.ok()) return Describe(query) + ": " + built.status().ToString();
    for (reporting::LatenessRow& row : built->rows) row.name.clear();
    if (*scanned != *counted) return Describe(query) + " is other by dossiers than by counters";
    return *built == *counted ? std::string() : Describe(query) + " is answered otherwise";
  }

 private:
  // What the history says of the period; `overdue` is left out.
  LateCounts TotalOf(const StatusQuery& query) const {
    const auto within = [&](CivilDate day) {
      return day >= query.from_date && day <= query.to_date;
    };
    LateCounts total;
    const auto late = late_.find(query.verdict);
    if (late == late_.end()) return total;
    for (const std::string& code : late->second) {
      if (query.unit && UnitPart(code) != query.unit->value()) continue;
      const Life& life = lives_.at(code);
      if (within(life.result_day())) total.Add({1, 0, life.until_result(), 0});
      if (life.closed && within(life.closed_day())) total.Add({0, 1, life.after_result(), 0});
    }
    return total;
  }

  const engine::StateReader& reader_;
  const catalogue::Catalogue& catalogue_;
  const History& history_;
  std::map<std::string, Life> lives_;
  std::map<Verdict, std::set<std::string>> late_;
};

}  // namespace

std::string JudgeLateness(const Surroundings& world, const SimStore& store, const History& history,
                          Instant now, LatenessSeen& seen) {
  const engine::StateReader reader(store, world.codec);
  const LatenessJudge judge(reader, world.catalogue, history);
  if (std::string wrong = judge.JudgeShares(seen); !wrong.empty()) return wrong;
  const CivilDate today = ZonedTime{now, UtcOffset{7 * 60}}.date();
  for (int i = 0; i < 4; ++i) {
    StatusQuery query;
    query.verdict = i % 2 == 0 ? Verdict::kDate : Verdict::kInstant;
    query.to_date = today + 1;
    query.from_date = FirstDay();
    if (i >= 2) {
      query.to_date = today - static_cast<int>(world.random.Below(4));
      query.from_date = query.to_date - static_cast<int>(world.random.Below(10));
    }
    if (i >= 2 && world.random.Chance(200) && !history.books().empty()) {
      query.unit = cases::UnitCode(history.books().begin()->first);
    }
    if (std::string wrong = judge.JudgeReports(query); !wrong.empty()) return wrong;
  }
  return {};
}

}  // namespace motcua::simulation
