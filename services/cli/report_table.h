// Biểu II.06a/VPCP/KSTT as a table for the terminal, with the form's column groups and numbers, an
// on-time rate that names its denominator, and a line that says whether the identities of the form
// hold. Pure.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "motcua/reporting/v1/reporting.pb.h"

namespace motcua::cli {

struct StatusTableTexts {
  std::string period;   // "01/01/2015 – 30/06/2015"
  std::string as_of;    // "tính đến 13/01/2016 00:00 (America/New_York)"
  std::string subject;  // heading of the second column: "Đơn vị"
  bool by_instant = false;
};

std::string RenderStatusTable(const reporting::v1::GetStatusReportResponse& report,
                              const StatusTableTexts& texts, std::size_t width);
// {"rows":[{"key","name","received":{…},"resolved":{…},"open":{…},"supplement_repeated"}…],
// "total":{…},"position":{…}}; scripts rely on it.
nlohmann::ordered_json StatusJson(const reporting::v1::GetStatusReportResponse& report);
// Withdrawn dossiers counted as on time, as the form's note has it; column "withdrawn" becomes 0.
void CountWithdrawnOnTime(reporting::v1::GetStatusReportResponse& report);
// Whether a row adds up in itself: 3 = 4+5+6, 7 = 8+9+10 (with the withdrawn), 11 = 12+13, 3 =
// 7+11.
bool RowReconciles(const reporting::v1::StatusRow& row);

}  // namespace motcua::cli
