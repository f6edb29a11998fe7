#include "tests/chaos/checker.h"

#include <set>
#include <utility>

#include "motcua/reporting/v1/reporting.grpc.pb.h"
#include "tests/chaos/folds.h"

namespace motcua::chaos {
namespace {

constexpr std::chrono::seconds kReportDeadline{20};

void CheckAnswered(const Command& command, const LogModel& log, Verdict& verdict) {
  for (std::size_t i = 0; i < command.ids.size(); ++i) {
    const std::string what = command.kind + " " + command.ids[i];
    const auto found = log.accepted().find(command.ids[i]);
    if (found == log.accepted().end()) {
      ++verdict.by_phase[command.phase].lost;
      verdict.findings.push_back("lost: " + what + ", answered with " + command.answer.dossiers[i]);
      continue;
    }
    if (found->second.size() > 1) {
      ++verdict.by_phase[command.phase].doubled;
      verdict.findings.push_back("doubled: " + what);
    }
    const Accepted& accepted = found->second.front();
    if (accepted.dossier != command.answer.dossiers[i] ||
        accepted.version != command.answer.version) {
      verdict.findings.push_back(what + " was answered with " + command.answer.dossiers[i] +
                                 " version " + std::to_string(command.answer.version) +
                                 ", the log says " + accepted.dossier + " version " +
                                 std::to_string(accepted.version));
    }
  }
}

void CheckRefused(const Command& command, const LogModel& log, Verdict& verdict) {
  for (const std::string& id : command.ids) {
    if (!log.accepted().contains(id)) continue;
    if (command.tries() > 1) {
      ++verdict.late_copies;
      continue;
    }
    verdict.findings.push_back("refused, but in the log: " + command.kind + " " + id + ": " +
                               command.refusal.ToString());
  }
}

reporting::v1::GetStatusReportRequest ReportRequest() {
  // From before the imported rows to after today, so that everything counts.
  reporting::v1::GetStatusReportRequest request;
  auto& query = *request.mutable_query();
  query.mutable_from_date()->set_year(2020);
  query.mutable_from_date()->set_month(1);
  query.mutable_from_date()->set_day(1);
  query.mutable_to_date()->set_year(2100);
  query.mutable_to_date()->set_month(12);
  query.mutable_to_date()->set_day(31);
  query.set_by(reporting::v1::DIMENSION_UNIT);
  return request;
}

// What clients were told that they received, by unit.
std::map<std::string, std::int64_t> ReceivedByBooks(const Books& books) {
  std::map<std::string, std::int64_t> received;
  for (const Command& command : books.commands()) {
    const bool receives = command.kind == "receive" || command.kind == "import";
    if (!receives || command.fate != Fate::kAnswered) continue;
    received[command.unit] += static_cast<std::int64_t>(command.ids.size());
  }
  return received;
}

void CheckReport(const std::string& who, const reporting::v1::GetStatusReportResponse& report,
                 const std::map<std::string, std::int64_t>& by_books, const LogModel& log,
                 Verdict& verdict) {
  std::map<std::string, std::int64_t> received;
  std::map<std::string, std::int64_t> resolved;
  for (const auto& row : report.rows()) {
    received[row.key()] = row.received().total();
    resolved[row.key()] = row.resolved().total();
    if (row.received().total() != row.resolved().total() + row.open().total()) {
      verdict.findings.push_back(who + ": the row of " + row.key() + " does not add up");
    }
  }
  if (received != by_books) {
    verdict.findings.push_back(who + " does not report what clients handed in");
  }
  if (received != log.received()) {
    verdict.findings.push_back(who + " does not report what the log received");
  }
  for (const auto& [unit, count] : log.resolved()) {
    if (resolved[unit] == count) continue;
    verdict.findings.push_back(who + " reports " + std::to_string(resolved[unit]) +
                               " resolved for " + unit + ", the log has " + std::to_string(count));
  }
}

}  // namespace

void CheckBooks(const Books& books, const LogModel& log, Verdict& verdict) {
  std::set<std::string> known;
  for (const Command& command : books.commands()) {
    known.insert(command.ids.begin(), command.ids.end());
    if (command.fate == Fate::kAnswered) CheckAnswered(command, log, verdict);
    if (command.fate == Fate::kOpen) {
      verdict.findings.push_back("never answered: " + command.kind + " " + command.ids[0]);
    }
    if (command.fate != Fate::kRefused) continue;
    if (command.wanted) {
      verdict.findings.push_back("refused: " + command.kind + " " + command.ids[0] + ": " +
                                 command.refusal.ToString());
    }
    CheckRefused(command, log, verdict);
  }
  for (const auto& [id, accepted] : log.accepted()) {
    if (accepted.front().actor.starts_with("officer:") && !known.contains(id)) {
      verdict.findings.push_back("in the log, but nobody sent it: " + id);
    }
    if (accepted.size() > 1 && !known.contains(id)) {
      verdict.findings.push_back("doubled by a service itself: " + id);
    }
  }
  verdict.findings.insert(verdict.findings.end(), log.findings().begin(), log.findings().end());
  for (const std::string& gap : log.Gaps()) verdict.findings.push_back("a gap: " + gap);
}

void CheckFolds(const cli::LocalCluster& cluster, int instances,
                const std::vector<Partition>& partitions, const LogModel& log, Verdict& verdict) {
  for (const std::string_view name : cluster::kServices) {
    const std::string service(name);
    FoldText first;
    for (int ordinal = 0; ordinal < instances; ++ordinal) {
      const std::string who = service + "-" + std::to_string(ordinal);
      Result<FoldText> fold = ReadFold(cluster.store(service, ordinal));
      if (!fold.ok()) {
        verdict.findings.push_back(fold.status().ToString());
        continue;
      }
      if (fold->dossiers != log.dossier_count()) {
        verdict.findings.push_back(who + " has " + std::to_string(fold->dossiers) +
                                   " dossiers, the log " + std::to_string(log.dossier_count()));
      }
      for (std::size_t i = 0; i < partitions.size(); ++i) {
        const auto next = fold->next_offsets[static_cast<int>(i)];
        if (next == partitions[i].size()) continue;
        verdict.findings.push_back(who + " stands at " + std::to_string(next) + " of partition " +
                                   std::to_string(i) + ", which ends at " +
                                   std::to_string(partitions[i].size()));
      }
      if (ordinal == 0) {
        first = std::move(*fold);
        continue;
      }
      for (const std::string& difference : Differences(first, *fold)) {
        verdict.findings.push_back(service + "-0 and " + who + ": " + difference);
      }
    }
  }
}

void CheckReports(const cluster::Directory& directory, const Books& books, const LogModel& log,
                  Verdict& verdict) {
  const auto by_books = ReceivedByBooks(books);
  for (const cluster::Directory::Instance* instance : directory.instances()) {
    if (instance->service != "reporting") continue;
    const std::string who = "reporting-" + std::to_string(instance->ordinal);
    const auto stub = reporting::v1::ReportingService::NewStub(instance->channel);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kReportDeadline);
    reporting::v1::GetStatusReportResponse report;
    const grpc::Status status = stub->GetStatusReport(&context, ReportRequest(), &report);
    if (status.ok()) {
      CheckReport(who, report, by_books, log, verdict);
    } else {
      verdict.findings.push_back(who + " gives no report: " + status.error_message());
    }
  }
}

}  // namespace motcua::chaos
