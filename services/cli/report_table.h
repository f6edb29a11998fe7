// Biểu II.06a/VPCP/KSTT as a table for the terminal, with the form's column groups and numbers, the
// on-time rates with their denominators, and a line that says whether the identities of the form
// hold; and as CSV. What columns there are is in services/domain/reporting/columns.h; every number,
// also the rates, is the service's. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "motcua/reporting/v1/reporting.pb.h"

namespace motcua::cli {

struct StatusTableTexts {
  std::string period;   // "01/01/2015 – 30/06/2015"
  std::string as_of;    // "tính đến 13/01/2016 00:00 (America/New_York)"
  std::string subject;  // heading of the second column: "Đơn vị"
  bool by_instant = false;
  bool merge_withdrawn = false;
};

std::string RenderStatusTable(const reporting::v1::GetStatusReportResponse& report,
                              const StatusTableTexts& texts, std::size_t width);
// The fields of a row ("resolved.late"), then of each rate "rates.of_resolved.part" and ".whole".
std::vector<std::string> StatusCsvColumns();
std::vector<std::string> StatusCsvCells(const reporting::v1::StatusRow& row);
// Whether a row adds up in itself: 3 = 4+5+6, 7 = 8+9+10 (with the withdrawn), 11 = 12+13, 3 =
// 7+11.
bool RowReconciles(const reporting::v1::StatusRow& row);

}  // namespace motcua::cli
