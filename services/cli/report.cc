// `motcua report 06a` and `motcua report lateness`.
#include <nlohmann/json.hpp>
#include <ostream>

#include "motcua/reporting/v1/reporting.pb.h"
#include "services/cli/command.h"
#include "services/cli/commands.h"
#include "services/cli/report_table.h"
#include "services/cli/table.h"
#include "services/cli/text_width.h"

namespace motcua::cli {
namespace {

using reporting::v1::GetLatenessReportRequest;
using reporting::v1::GetLatenessReportResponse;
using reporting::v1::GetStatusReportRequest;
using reporting::v1::GetStatusReportResponse;
using reporting::v1::LatenessRow;
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
    case reporting::v1::DIMENSION_LEVEL:
      return "Cấp giải quyết";
    case reporting::v1::DIMENSION_INTERCONNECTION:
      return "Liên thông";
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
    case Format::kHtml:
      context.terminal.out << RenderStatusTable(report, TextsOf(query, zone),
                                                context.terminal.width)
                           << PositionLine(report.position(), zone) << '\n';
      return;
  }
}

// "12,5 ngày": of 24 hours, nights and days off counted in.
std::string DaysText(std::int64_t micros) {
  constexpr std::int64_t kMicrosPerTenth = std::int64_t{86'400'000'000} / 10;
  const std::int64_t tenths = (micros + kMicrosPerTenth / 2) / kMicrosPerTenth;
  return FormatCount(tenths / 10) + "," + std::to_string(tenths % 10) + " ngày";
}

void PrintLatenessTable(Context& context, const imports::TimeZone& zone,
                        const GetLatenessReportResponse& report) {
  Table table;
  table.AddColumn("Thời gian của");
  table.AddColumn("Ở đâu");
  table.AddColumn("Đơn vị");
  for (const char* heading : {"Hết hạn tại đây", "Thời gian", "Phần đã quá hạn"}) {
    table.AddColumn(heading, Table::Align::kRight, Table::Width::kFirm);
  }
  for (const LatenessRow& row : report.rows()) {
    std::string part = FieldText(row, "part", zone);
    if (row.leg() != 0) part += " " + std::to_string(row.leg());
    table.AddRow({FieldText(row, "party", zone), part, row.name(), FormatCount(row.dossiers()),
                  DaysText(row.time_micros()), DaysText(row.overdue_micros())});
  }
  context.terminal.out << table.Render(context.terminal.width) << FormatCount(report.dossiers())
                       << " hồ sơ giải quyết quá hạn trong kỳ, " << FormatCount(report.returned())
                       << " hồ sơ quá hạn đã trả kết quả trong kỳ. Thời gian từ tiếp nhận đến khi"
                       << " công dân nhận kết quả: " << DaysText(report.time_micros())
                       << " theo lịch, trong đó quá hạn " << DaysText(report.overdue_micros())
                       << ".\n"
                       << PositionLine(report.position(), zone) << '\n';
}

}  // namespace

Status ShowLateness(const Invocation& invocation, const Session& session) {
  GetLatenessReportRequest request;
  invocation.FillRequest(request, session);
  GetLatenessReportResponse report;
  MOTCUA_RETURN_IF_ERROR(session.Call(request, report));
  Context& context = invocation.context();
  switch (context.options.format) {
    case Format::kJson:
      context.terminal.out << ToJson(report).dump(2) << '\n';
      break;
    case Format::kCsv:
      PrintCsvRow(context, CsvColumns(*LatenessRow::descriptor()));
      for (const LatenessRow& row : report.rows()) PrintCsvRow(context, CsvCells(row));
      break;
    case Format::kTable:
    case Format::kHtml:
      PrintLatenessTable(context, session.zone(), report);
      break;
  }
  return OkStatus();
}

Status ShowStatusReport(const Invocation& invocation, const Session& session) {
  GetStatusReportRequest request;
  invocation.FillRequest(request, session);
  GetStatusReportResponse report;
  MOTCUA_RETURN_IF_ERROR(session.Call(request, report));
  PrintReport(invocation.context(), session.zone(), request.query(), report);
  return OkStatus();
}

}  // namespace motcua::cli
