// The judge over reports: the reporting service's own answer, from its counters and from its scan,
// against a plain fold over every event that counts.
#include <algorithm>

#include "services/reporting/report.h"
#include "tests/simulation/world.h"
#include "tests/support/slow_report.h"

namespace motcua::simulation {
namespace {

std::string Describe(const reporting::StatusQuery& query) {
  return "report by " + std::to_string(static_cast<int>(query.by)) + " verdict " +
         std::to_string(static_cast<int>(query.verdict)) + " from " + FormatDate(query.from_date) +
         " to " + FormatDate(query.to_date) +
         (query.as_of ? " as of " + FormatInstant(*query.as_of) : "") +
         (query.unit ? " of " + query.unit->value() : "");
}

std::string JudgeReport(const reporting::StatusReport& report,
                        const std::vector<reporting::StatusRow>& slow) {
  reporting::StatusRow total;
  if (report.rows.size() != slow.size()) {
    return "has " + std::to_string(report.rows.size()) + " rows, the plain fold " +
           std::to_string(slow.size());
  }
  for (std::size_t i = 0; i < slow.size(); ++i) {
    const reporting::StatusRow& row = report.rows[i];
    if (row.key != slow[i].key || row.counts != slow[i].counts) {
      std::string text = "differs in row " + row.key + " (" + slow[i].key + "):";
      for (std::size_t c = 0; c < reporting::kColumns; ++c) {
        text += " " + std::to_string(row.counts.at(c)) + "/" + std::to_string(slow[i].counts.at(c));
      }
      return text;
    }
    if (row.received_total() != row.resolved_total() + row.open_total()) {
      return "does not reconcile in row " + row.key;
    }
    total.Add(row);
  }
  return total.counts == report.total.counts ? std::string() : "has another total than its rows";
}

}  // namespace

bool NotUnderstood(const History& history, const reporting::StatusQuery& query) {
  return std::any_of(history.lines().begin(), history.lines().end(), [&](const auto& line) {
    return line.second.newer && (!query.unit || UnitPart(line.first) == query.unit->value());
  });
}

std::string JudgeReports(const Surroundings& world, const SimStore& store, const History& history,
                         Instant now) {
  testing_support::History events;
  for (const Accepted& accepted : history.accepted()) {
    if (accepted.event.dossier.empty()) continue;  // of a manifest: in no report
    events.emplace_back(accepted.event, accepted.effective);
  }
  const engine::StateReader reader(store, world.codec);
  const CivilDate today = ZonedTime{now, UtcOffset{7 * 60}}.date();
  for (int i = 0; i < 6; ++i) {
    reporting::StatusQuery query;
    query.to_date = today - static_cast<int>(world.random.Below(6)) + 2;
    query.from_date = query.to_date - static_cast<int>(world.random.Below(30));
    query.verdict = static_cast<reporting::Verdict>(world.random.Between(1, 2));
    query.by = static_cast<reporting::Dimension>(world.random.Between(1, 6));
    if (world.random.Chance(300)) {
      query.as_of = now - world.random.Between(Micros(0), Micros(6LL * 24 * 3600 * 1'000'000));
    }
    if (world.random.Chance(200) && !history.books().empty()) {
      query.unit = cases::UnitCode(history.books().begin()->first);
    }
    auto report = reporting::BuildReport(reader, world.catalogue, query);
    if (NotUnderstood(history, query)) {
      if (report.status().reason() != Reason::kNewerSchema) {
        return Describe(query) + " was given, though it may be wrong";
      }
      if (query.as_of) continue;
      report = reporting::SumCells(store, query);
    }
    if (!report.ok()) return Describe(query) + ": " + report.status().ToString();
    const std::string wrong = JudgeReport(*report, testing_support::SlowReport(events, query));
    if (!wrong.empty()) return Describe(query) + " " + wrong;
  }
  return {};
}

}  // namespace motcua::simulation
