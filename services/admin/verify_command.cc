// motcua report verify
#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "services/admin/commands.h"
#include "services/admin/open_log.h"
#include "services/admin/recount.h"
#include "services/admin/replay.h"
#include "services/admin/report_source.h"
#include "services/cli/cli.h"
#include "services/wire/codec.h"

namespace motcua::admin {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kReporting = "reporting";
constexpr std::size_t kLinesMax = 50;
// Between two looks at the clock.
constexpr std::uint64_t kRecountedPerLook = 256;

struct VerifyFlags {
  LogFlags log;
  std::string from;
  std::string to;
};

// A bar for each step on standard error.
class VerifyBar {
 public:
  VerifyBar(const cli::Terminal& terminal, std::string_view step, std::uint64_t total,
            std::string_view unit)
      : total_(total),
        bar_(terminal.err, terminal.err_is_terminal, cli::ProgressBar::Clock::now(), unit) {
    terminal.err << step << ": " << total << ' ' << unit << '\n';
  }

  void Update(std::uint64_t done) {
    bar_.Update(Fraction(done), done, cli::ProgressBar::Clock::now());
  }
  void Finish() { bar_.Finish(1, total_, cli::ProgressBar::Clock::now()); }

 private:
  double Fraction(std::uint64_t done) const {
    return total_ == 0 ? 1 : static_cast<double>(done) / static_cast<double>(total_);
  }

  const std::uint64_t total_;
  cli::ProgressBar bar_;
};

Status Read(RecordSource& log, const cli::Terminal& terminal, Recount& recount) {
  const wire::WireCodec codec;
  VerifyBar bar(terminal, "recounting the log", CountOf(log), "records");
  std::uint64_t done = 0;
  for (engine::PartitionId partition = 0; partition < log.partitions(); ++partition) {
    Replay replay(partition, log.partitions(), codec);
    engine::Offset next = log.begin();
    while (next < log.end(partition)) {
      MOTCUA_ASSIGN_OR_RETURN(const auto records, log.Read(partition, next));
      for (const engine::TakenRecord& taken : records) {
        MOTCUA_ASSIGN_OR_RETURN(const ReplayedRecord record, replay.Next(next++, taken));
        if (record.verdict == Verdict::kAccepted && record.entry.event) {
          recount.Take(*record.entry.event, record.effective);
        }
        if (++done % kRecountedPerLook == 0) bar.Update(done);
      }
    }
  }
  bar.Finish();
  return OkStatus();
}

// What was found to differ, the first as lines.
class Findings {
 public:
  void Add(std::string line) {
    if (++differing_ <= kLinesMax) lines_.push_back(std::move(line));
  }
  void AddCount(std::size_t more) { differing_ += more; }
  std::size_t differing() const { return differing_; }
  const std::vector<std::string>& lines() const { return lines_; }

 private:
  std::size_t differing_ = 0;
  std::vector<std::string> lines_;
};

struct Compared {
  std::size_t numbers = 0;
  std::size_t of_lateness = 0;
  std::size_t months = 0;
};

CivilDate EndOfMonth(CivilDate day) {
  const auto date = Split(day);
  return MakeDate(date.year, date.month, DaysInMonth(date.year, date.month));
}

// The service's reports of each month balance, and follow from one another.
Result<std::size_t> CheckMonths(const RecountQuery& query, ReportSource& source,
                                Findings& findings) {
  std::size_t months = 0;
  for (const bool by_instant : {false, true}) {
    std::optional<Tables> before;
    months = 0;
    for (CivilDate from = query.from; from <= query.to; from = EndOfMonth(from) + 1) {
      const CivilDate to = std::min(EndOfMonth(from), query.to);
      MOTCUA_ASSIGN_OR_RETURN(Tables tables, AskTables(source, {from, to, by_instant}));
      for (const std::string& line : Imbalances(tables, before ? &*before : nullptr)) {
        findings.Add("until " + FormatDate(to) + " / " + line);
      }
      before = std::move(tables);
      ++months;
    }
  }
  return months;
}

Result<Compared> CompareReports(const Recount& recount, RecountQuery query, ReportSource& source,
                                Findings& findings) {
  Compared compared;
  for (const bool by_instant : {false, true}) {
    query.by_instant = by_instant;
    MOTCUA_ASSIGN_OR_RETURN(const Tables service, AskTables(source, query));
    Tables log = recount.Count(query);
    log[std::string(kLatenessTable)] = recount.CountLateness(query);
    for (const auto& [table, rows] : log) {
      for (const auto& [key, cells] : rows) {
        compared.numbers += cells.size();
        if (table == kLatenessTable) compared.of_lateness += cells.size();
      }
    }
    for (const std::string& line : Differences(log, service)) {
      findings.Add((by_instant ? "by instant / " : "by date / ") + line);
    }
  }
  MOTCUA_ASSIGN_OR_RETURN(compared.months, CheckMonths(query, source, findings));
  return compared;
}

// Each dossier's time against the whole of it, and as a stopped service divides it.
Recount::Times CompareTimes(const Recount& recount, const StoredReports* stored,
                            Findings& findings) {
  Recount::Times times = recount.CheckTimes();
  if (stored == nullptr) return times;
  const StoredReports::TimesCompared& compared = stored->times();
  for (const std::string& line : compared.lines) findings.Add(line);
  findings.AddCount(compared.differing - compared.lines.size());
  if (compared.dossiers != times.dossiers) {
    findings.Add("dossiers with a time: log " + std::to_string(times.dossiers) + ", service " +
                 std::to_string(compared.dossiers));
  }
  return times;
}

Status Conclude(const Findings& findings, const Compared& compared, const Recount::Times& times,
                const VerifyFlags& flags, std::ostream& out) {
  if (!times.wrong.empty()) {
    return Status(Reason::kInternal,
                  "the recount itself divides the time of " + std::to_string(times.wrong.size()) +
                      " dossiers wrongly: the parts do not add up to the whole; the first: " +
                      times.wrong.front());
  }
  for (const std::string& line : findings.lines()) out << line << '\n';
  if (findings.differing() > findings.lines().size()) {
    out << "and " << findings.differing() - findings.lines().size() << " more\n";
  }
  const std::string numbers = std::to_string(compared.numbers);
  if (findings.differing() != 0) {
    const std::string store = flags.log.data.empty()
                                  ? "its state store"
                                  : (fs::path(flags.log.data) / kReporting).string();
    return Status(Reason::kInternal,
                  std::to_string(findings.differing()) +
                      " numbers of reporting are not what the log says (" + numbers +
                      " were compared), the first: " + findings.lines().front() +
                      "; the log is right: stop reporting, put " + store +
                      " aside and start it, which folds the log anew, and keep both");
  }
  out << "verified, by date and by instant: " << numbers << " numbers (" << compared.of_lateness
      << " of lateness) of " << times.dossiers << " dossiers are what the log says\n"
      << "verified: " << compared.months
      << " months balance, in every row: 3 = 7 + 11, and 6 of the next = 11\n"
      << "verified: the time of " << times.dossiers << " dossiers, in " << times.spells
      << " parts, adds up to the whole exactly"
      << (flags.log.data.empty() ? "" : ", and reporting divides it so") << '\n';
  return OkStatus();
}

Result<RecountQuery> QueryOf(const VerifyFlags& flags) {
  MOTCUA_ASSIGN_OR_RETURN(const CivilDate from, ParseDate(flags.from));
  MOTCUA_ASSIGN_OR_RETURN(const CivilDate to, ParseDate(flags.to));
  if (from > to) return FieldError("--from", "is after --to");
  return RecountQuery{from, to, false};
}

Status Run(const VerifyFlags& flags, cli::Context& context) {
  MOTCUA_ASSIGN_OR_RETURN(const RecountQuery query, QueryOf(flags));
  Recount recount;
  LogExtent extent;
  {
    // The embedded log is let go before its store is opened.
    MOTCUA_ASSIGN_OR_RETURN(const std::unique_ptr<RecordSource> log, OpenLog(flags.log));
    MOTCUA_RETURN_IF_ERROR(Read(*log, context.terminal, recount));
    extent = ExtentOf(*log);
  }
  Findings findings;
  Compared compared;
  if (flags.log.data.empty()) {
    MOTCUA_ASSIGN_OR_RETURN(cli::Session session, cli::Session::Open(context));
    ServiceReports service(std::move(session), std::move(extent));
    MOTCUA_ASSIGN_OR_RETURN(compared, CompareReports(recount, query, service, findings));
    const Recount::Times times = CompareTimes(recount, nullptr, findings);
    return Conclude(findings, compared, times, flags, context.terminal.out);
  }
  VerifyBar bar(context.terminal, "comparing the time of each dossier", recount.dossiers(),
                "dossiers");
  MOTCUA_ASSIGN_OR_RETURN(
      const auto stored,
      StoredReports::Open(fs::path(flags.log.data) / kReporting, extent, recount,
                          [&](std::uint64_t dossiers) { bar.Update(dossiers); }));
  bar.Finish();
  MOTCUA_ASSIGN_OR_RETURN(compared, CompareReports(recount, query, *stored, findings));
  const Recount::Times times = CompareTimes(recount, stored.get(), findings);
  return Conclude(findings, compared, times, flags, context.terminal.out);
}

}  // namespace

void AddVerifyCommand(CLI::App& report, cli::Context& context) {
  CLI::App& command = cli::AddCommand(
      report, context, "verify",
      "Counts the reports from the log by code of its own, beside the service's answers", "");
  const auto flags = std::make_shared<VerifyFlags>();
  AddLogFlags(command, flags->log);
  command.add_option("--from", flags->from, "first day of the period")->required();
  command.add_option("--to", flags->to, "last day of the period")->required();
  command.footer(
      "Biểu II.06a by every dimension, with its totals and rates, and the report of lateness.\n"
      "With --data the counters of the stopped service are looked at, else the service is asked\n"
      "(--server, --cluster). The first numbers that differ are named; exit status 1 if there is\n"
      "one, 3 if the service has not read all of the log.\n"
      "Example: motcua report verify --data /var/lib/motcua --from 2020-01-01 --to 2020-10-31");
  SetRun(command, context, [flags, &context] { return Run(*flags, context); });
}

}  // namespace motcua::admin
