#include "services/reporting/service.h"

#include <utility>

#include "services/platform/grpc/read.h"
#include "services/reporting/messages.h"
#include "services/reporting/report.h"

namespace motcua::reporting {

ReportingService::Reactor* ReportingService::GetStatusReport(
    Context* context, const v1::GetStatusReportRequest* request,
    v1::GetStatusReportResponse* response) {
  const Result<StatusQuery> query = ParseQuery(*request);
  if (!query.ok()) return rpc::FinishNow(*context, query.status());
  const auto read = [this, query = *query](const auto&, auto& answer, const StillWanted& wanted) {
    MOTCUA_ASSIGN_OR_RETURN(const StatusReport report,
                            BuildReport(reader_, *catalogue_, query, wanted));
    FillReport(report, answer);
    return OkStatus();
  };
  return rpc::ReadInWorker(*context, reader_, pool_, *request, *response, read);
}

ReportingService::Reactor* ReportingService::ListStatusDossiers(
    Context* context, const v1::ListStatusDossiersRequest* request,
    v1::ListStatusDossiersResponse* response) {
  const Result<ListQuery> query = ParseListQuery(*request);
  if (!query.ok()) return rpc::FinishNow(*context, query.status());
  const auto read = [this, query = *query](const auto& asked, auto& answer,
                                           const StillWanted& wanted) {
    MOTCUA_ASSIGN_OR_RETURN(const DossierPage page, ListDossiers(reader_, query, wanted));
    FillPage(asked, page, answer);
    return OkStatus();
  };
  return rpc::ReadInWorker(*context, reader_, pool_, *request, *response, read);
}

ReportingService::Reactor* ReportingService::GetLatenessReport(
    Context* context, const v1::GetLatenessReportRequest* request,
    v1::GetLatenessReportResponse* response) {
  const Result<StatusQuery> query = ParseQuery(*request);
  if (!query.ok()) return rpc::FinishNow(*context, query.status());
  const auto read = [this, query = *query](const auto&, auto& answer, const StillWanted& wanted) {
    MOTCUA_ASSIGN_OR_RETURN(const LatenessReport report,
                            BuildLateness(reader_, *catalogue_, query, wanted));
    FillLateness(report, answer);
    return OkStatus();
  };
  return rpc::ReadInWorker(*context, reader_, pool_, *request, *response, read);
}

}  // namespace motcua::reporting
