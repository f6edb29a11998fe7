// Between the requests and answers of ReportingService and the report's own values. Pure; any
// thread.
#pragma once

#include "motcua/reporting/v1/reporting.pb.h"
#include "services/base/status.h"
#include "services/reporting/report.h"

namespace motcua::reporting {

// FIELD_INVALID with the field's path: days that do not exist or are missing, a period that ends
// before it begins, values that this program does not know. Verdict and dimension have defaults.
Result<StatusQuery> ParseQuery(const v1::GetStatusReportRequest& request);
Result<StatusQuery> ParseQuery(const v1::GetLatenessReportRequest& request);
// Also: page sizes, and tokens that belong to another list.
Result<ListQuery> ParseListQuery(const v1::ListStatusDossiersRequest& request);

void FillReport(const StatusReport& report, v1::GetStatusReportResponse& response);
void FillLateness(const LatenessReport& report, v1::GetLatenessReportResponse& response);
// `request` binds the token of the next page to its list.
void FillPage(const v1::ListStatusDossiersRequest& request, const DossierPage& page,
              v1::ListStatusDossiersResponse& response);

}  // namespace motcua::reporting
