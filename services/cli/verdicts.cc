// `motcua report verdicts`: the verdicts of reporting beside those that the register itself
// recorded, row for row. On-time rates are those of report 06a; what is told here are shares of the
// rows that were compared.
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>
#include <unordered_map>
#include <vector>

#include "motcua/reporting/v1/reporting.pb.h"
#include "services/cli/command.h"
#include "services/cli/commands.h"
#include "services/cli/table.h"
#include "services/cli/text_width.h"
#include "services/domain/reporting/columns.h"
#include "services/platform/imports/text_file.h"
#include "services/wire/csv/csv.h"

namespace motcua::cli {
namespace {

using reporting::v1::ListStatusDossiersRequest;
using reporting::v1::ListStatusDossiersResponse;

constexpr std::size_t kDisagreementsShownMax = 20;

struct Columns {
  std::string file;
  std::string id;
  std::string verdict;
  std::string group;
  std::string on_time;
  std::string late;
};

struct Recorded {
  std::string id;
  std::string verdict;
  std::string group;
};

struct VerdictTally {
  std::int64_t rows = 0;
  std::int64_t on_time = 0;           // by motcua
  std::int64_t recorded_on_time = 0;  // by the register
  std::int64_t with_verdict = 0;
  std::int64_t agree = 0;
  std::int64_t without_verdict_late = 0;
  std::int64_t without_verdict_on_time = 0;

  void Add(const VerdictTally& other) {
    rows += other.rows;
    on_time += other.on_time;
    recorded_on_time += other.recorded_on_time;
    with_verdict += other.with_verdict;
    agree += other.agree;
    without_verdict_late += other.without_verdict_late;
    without_verdict_on_time += other.without_verdict_on_time;
  }
};

struct Comparison {
  std::map<std::string, VerdictTally> groups;
  VerdictTally total;
  std::vector<std::string> disagreements;  // ids, the first few
  std::int64_t missing = 0;                // rows that reporting does not know
};

Status Take(const wire::CsvRecord& record, const Columns& columns,
            std::optional<wire::CsvHeader>& header, std::vector<Recorded>& rows) {
  if (record.blank()) return OkStatus();
  if (record.problem) return *record.problem;
  if (!header) {
    MOTCUA_ASSIGN_OR_RETURN(
        header, wire::CsvHeader::Make(record, {columns.id, columns.verdict, columns.group}));
    return OkStatus();
  }
  rows.push_back({std::string(header->Get(record, columns.id)),
                  std::string(header->Get(record, columns.verdict)),
                  std::string(header->Get(record, columns.group))});
  return OkStatus();
}

Result<std::vector<Recorded>> ReadRecorded(const Columns& columns) {
  MOTCUA_ASSIGN_OR_RETURN(imports::TextFile file,
                          imports::TextFile::Open(columns.file, imports::Encoding::kUtf8));
  std::vector<Recorded> rows;
  std::optional<wire::CsvHeader> header;
  wire::CsvReader reader;
  wire::CsvRecord record;
  std::string chunk;
  bool some = true;
  while (some) {
    MOTCUA_ASSIGN_OR_RETURN(some, file.Read(chunk));
    reader.Feed(chunk);
    if (!some) reader.Finish();
    while (reader.Next(record)) MOTCUA_RETURN_IF_ERROR(Take(record, columns, header, rows));
  }
  return rows;
}

// Whether each case is on time by motcua: in no column that is late.
Result<std::unordered_map<std::string, bool>> FetchVerdicts(const Session& session,
                                                            ListStatusDossiersRequest request) {
  std::unordered_map<std::string, bool> on_time;
  request.set_page_size(kPageSizeMax);
  while (true) {
    ListStatusDossiersResponse page;
    MOTCUA_RETURN_IF_ERROR(session.Call(request, page));
    for (const reporting::v1::StatusDossier& dossier : page.dossiers()) {
      on_time[dossier.source_id()] =
          !reporting::IsLate(static_cast<reporting::Column>(dossier.state_column()));
    }
    if (page.next_page_token().empty()) return on_time;
    request.set_page_token(page.next_page_token());
  }
}

Comparison Compare(const std::vector<Recorded>& rows, const Columns& columns,
                   const std::unordered_map<std::string, bool>& verdicts) {
  Comparison comparison;
  for (const Recorded& row : rows) {
    const auto found = verdicts.find(row.id);
    if (found == verdicts.end()) {
      ++comparison.missing;
      continue;
    }
    const bool on_time = found->second;
    VerdictTally tally{.rows = 1, .on_time = on_time ? 1 : 0};
    if (row.verdict == columns.on_time || row.verdict == columns.late) {
      const bool recorded = row.verdict == columns.on_time;
      tally.with_verdict = 1;
      tally.recorded_on_time = recorded ? 1 : 0;
      tally.agree = recorded == on_time ? 1 : 0;
      if (recorded != on_time && comparison.disagreements.size() < kDisagreementsShownMax) {
        comparison.disagreements.push_back(row.id);
      }
    } else {
      tally.without_verdict_late = on_time ? 0 : 1;
      tally.without_verdict_on_time = on_time ? 1 : 0;
    }
    comparison.groups[row.group].Add(tally);
    comparison.total.Add(tally);
  }
  return comparison;
}

std::vector<std::string> Cells(const std::string& key, const VerdictTally& tally) {
  return {key,
          FormatCount(tally.rows),
          FormatCount(tally.on_time),
          FormatShare(tally.on_time, tally.rows),
          FormatCount(tally.with_verdict),
          FormatShare(tally.recorded_on_time, tally.with_verdict),
          FormatCount(tally.agree),
          FormatCount(tally.with_verdict - tally.agree),
          FormatCount(tally.without_verdict_late)};
}

void PrintTable(Context& context, const Comparison& comparison) {
  Table table;
  table.AddColumn("Đơn vị");
  for (const char* heading : {"Hồ sơ", "Không quá hạn", "Trên hồ sơ", "Có kết luận", "Theo sổ",
                              "Khớp", "Lệch", "Không kết luận, quá hạn"}) {
    table.AddColumn(heading, Table::Align::kRight);
  }
  for (const auto& [key, tally] : comparison.groups) table.AddRow(Cells(key, tally));
  table.AddRow(Cells("Tổng số", comparison.total));
  context.terminal.out << table.Render(context.terminal.width);
  const VerdictTally& total = comparison.total;
  context.terminal.out << total.agree << " of " << total.with_verdict
                       << " rows with a recorded verdict agree; " << total.without_verdict_late
                       << " without one are late by the same rule, "
                       << total.without_verdict_on_time << " are not.\n";
  if (comparison.missing > 0) {
    context.terminal.out << comparison.missing << " rows are not known to reporting.\n";
  }
  for (const std::string& id : comparison.disagreements) {
    context.terminal.out << "disagrees: " << id << '\n';
  }
}

void PrintComparison(Context& context, const Comparison& comparison) {
  if (context.options.format == Format::kTable) return PrintTable(context, comparison);
  const auto json_of = [](const VerdictTally& tally) {
    return nlohmann::ordered_json{{"rows", tally.rows},
                                  {"on_time", tally.on_time},
                                  {"with_verdict", tally.with_verdict},
                                  {"recorded_on_time", tally.recorded_on_time},
                                  {"agree", tally.agree},
                                  {"without_verdict_late", tally.without_verdict_late},
                                  {"without_verdict_on_time", tally.without_verdict_on_time}};
  };
  nlohmann::ordered_json json;
  json["rows"] = nlohmann::ordered_json::array();
  for (const auto& [key, tally] : comparison.groups) {
    nlohmann::ordered_json row{{"key", key}};
    row.update(json_of(tally));
    json["rows"].push_back(std::move(row));
  }
  json["total"] = json_of(comparison.total);
  json["missing"] = comparison.missing;
  json["disagreements"] = comparison.disagreements;
  context.terminal.out << json.dump(2) << '\n';
}

}  // namespace

Status CompareVerdicts(const Invocation& invocation, const Session& session) {
  const Columns columns{.file = invocation.Text("FILE"),
                        .id = invocation.Text("--id-column"),
                        .verdict = invocation.Text("--verdict-column"),
                        .group = invocation.Text("--group-column"),
                        .on_time = invocation.Text("--on-time-word"),
                        .late = invocation.Text("--late-word")};
  ListStatusDossiersRequest request;
  invocation.FillRequest(request, session);
  MOTCUA_ASSIGN_OR_RETURN(const auto recorded, ReadRecorded(columns));
  MOTCUA_ASSIGN_OR_RETURN(const auto verdicts, FetchVerdicts(session, request));
  const Comparison comparison = Compare(recorded, columns, verdicts);
  PrintComparison(invocation.context(), comparison);
  const bool all_agree =
      comparison.total.agree == comparison.total.with_verdict && comparison.missing == 0;
  if (!all_agree) invocation.context().exit_code = kExitRefused;
  return OkStatus();
}

}  // namespace motcua::cli
