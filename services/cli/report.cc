// `motcua report 06a`.
#include <nlohmann/json.hpp>
#include <ostream>

#include "motcua/reporting/v1/reporting.pb.h"
#include "services/cli/command.h"
#include "services/cli/commands.h"
#include "services/cli/report_table.h"
#include "services/cli/text_width.h"

namespace motcua::cli {
namespace {

using reporting::v1::GetStatusReportRequest;
using reporting::v1::GetStatusReportResponse;
using reporting::v1::StatusQuery;
using reporting::v1::StatusRow;

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
  texts.merge_withdrawn = query.merge_withdrawn();
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
      context.terminal.out << ToJson(report).dump(2) << '\n';
      return;
    case Format::kCsv:
      PrintCsvRow(context, StatusCsvColumns());
      for (const StatusRow& row : report.rows()) PrintCsvRow(context, StatusCsvCells(row));
      return;
    case Format::kTable:
      context.terminal.out << RenderStatusTable(report, TextsOf(query, zone),
                                                context.terminal.width)
                           << PositionLine(report.position(), zone) << '\n';
      return;
  }
}

}  // namespace

Status ShowStatusReport(const Invocation& invocation, const Session& session) {
  GetStatusReportRequest request;
  invocation.FillRequest(request, session);
  GetStatusReportResponse report;
  MOTCUA_RETURN_IF_ERROR(session.Call(request, report));
  PrintReport(invocation.context(), session.zone(), request.query(), report);
  return OkStatus();
}

}  // namespace motcua::cli
