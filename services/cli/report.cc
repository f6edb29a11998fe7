#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "motcua/reporting/v1/reporting.grpc.pb.h"
#include "services/cli/command.h"
#include "services/cli/commands.h"
#include "services/cli/report_table.h"
#include "services/cli/text_width.h"

namespace motcua::cli {
namespace {

using reporting::v1::GetStatusReportRequest;
using reporting::v1::GetStatusReportResponse;
using reporting::v1::ReportingService;
using reporting::v1::StatusQuery;
using reporting::v1::StatusRow;
using Stub = ReportingService::Stub;

std::vector<Flag> QueryFlags() {
  return {
      {"--from", "query.from_date", "first day of the period, by each dossier's own clock",
       Need::kRequired},
      {"--to", "query.to_date", "last day of the period", Need::kRequired},
      {"--by", "query.by", "what the rows are about; the unit when not said"},
      {"--unit", "query.unit", "only this receiving unit"},
      {"--as-of", "query.as_of_time",
       "the state at this instant, like 2016-01-13T00:00-05:00, without an offset in --zone; the "
       "end of the period when not said"},
      {"--verdict", "query.verdict",
       "what counts as late: days are compared (the form's rule), or instants"}};
}

std::string_view SubjectOf(reporting::v1::Dimension by) {
  switch (by) {
    case reporting::v1::DIMENSION_FIELD:
      return "Lĩnh vực";
    case reporting::v1::DIMENSION_PROCEDURE:
      return "Thủ tục";
    case reporting::v1::DIMENSION_CHANNEL:
      return "Hình thức";
    default:
      return "Đơn vị";
  }
}

StatusTableTexts TextsOf(const StatusQuery& query, const imports::TimeZone& zone) {
  StatusTableTexts texts;
  texts.period = FieldText(query, "from_date", zone) + " – " + FieldText(query, "to_date", zone);
  texts.as_of = query.has_as_of_time()
                    ? "tính đến " + FieldText(query, "as_of_time", zone) + " (" + zone.name() + ")"
                    : "tính đến hết kỳ";
  texts.subject = SubjectOf(query.by());
  texts.by_instant = query.verdict() == reporting::v1::VERDICT_INSTANT;
  return texts;
}

// Up to when the numbers are true, and what they do not know of.
std::string PositionLine(const common::v1::Position& position, const imports::TimeZone& zone) {
  const std::string line =
      "Tính hết sự kiện lúc " + FieldText(position, "as_of_time", zone) + " (" + zone.name() + ")";
  if (position.lag() == 0) return line + ".";
  return line + "; còn " + FormatCount(position.lag()) + " bản ghi chưa tính.";
}

void PrintReport(Context& context, const imports::TimeZone& zone, const StatusQuery& query,
                 const GetStatusReportResponse& report) {
  switch (context.options.format) {
    case Format::kJson:
      context.terminal.out << StatusJson(report).dump(2) << '\n';
      return;
    case Format::kCsv:
      PrintCsvRow(context, CsvColumns(*StatusRow::descriptor()));
      for (const StatusRow& row : report.rows()) PrintCsvRow(context, CsvCells(row));
      return;
    case Format::kTable:
      context.terminal.out << RenderStatusTable(report, TextsOf(query, zone),
                                                context.terminal.width)
                           << PositionLine(report.position(), zone) << '\n';
      return;
  }
}

void AddStatusReport(CLI::App& group, Context& context) {
  CLI::App& app = AddCommand(
      group, context, "06a",
      "Biểu II.06a/VPCP/KSTT: received, resolved and open dossiers, and the on-time rate",
      "motcua report 06a --from 2015-01-01 --to 2015-06-30 --as-of 2016-01-13T00:00-05:00");
  auto flags = std::make_shared<FlagTexts>();
  for (const Flag& flag : QueryFlags()) {
    flags->Add(app, *GetStatusReportRequest::descriptor(), flag);
  }
  auto on_time = std::make_shared<bool>(false);
  app.add_flag("--withdrawn-on-time", *on_time,
               "count withdrawn dossiers as on time, as the form's note has it");
  app.callback([&context, flags, on_time] {
    RunWithSession(context, false, [&](const Session& session) -> Status {
      GetStatusReportRequest request;
      flags->Apply(request, session.zone());
      GetStatusReportResponse report;
      MOTCUA_RETURN_IF_ERROR(
          (session.Call<ReportingService>(&Stub::GetStatusReport, request, report)));
      if (*on_time) CountWithdrawnOnTime(report);
      PrintReport(context, session.zone(), request.query(), report);
      return OkStatus();
    });
  });
}

}  // namespace

void AddReportCommands(CLI::App& app, Context& context) {
  CLI::App& group = AddGroup(app, "report", "Reports (báo cáo) and the dossiers behind a number");
  AddStatusReport(group, context);
  AddVerdictsCommand(group, context, QueryFlags());
  std::vector<Flag> flags = QueryFlags();
  flags.push_back({"--key", "key", "the row: unit code, field, procedure or channel"});
  flags.push_back({"--column", "column", "the number of that row; every dossier when not said"});
  AddList<ReportingService>(
      group, context,
      CommandTable{"dossiers",
                   "The dossiers behind a number of report 06a",
                   flags,
                   {{"Mã hồ sơ", "dossier"},
                    {"Thủ tục", "procedure"},
                    {"Hẹn trả", "due"},
                    {"Có kết quả", "resolved"},
                    {"Tính là", "state_column"},
                    {"Mã ở nguồn", "source_id"}},
                   "",
                   "motcua report dossiers --from 2015-01-01 --to 2015-06-30 --key "
                   "000.00.17.X11 --column resolved_late --limit 20"},
      "dossiers", &Stub::ListStatusDossiers);
}

}  // namespace motcua::cli
