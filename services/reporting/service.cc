#include "services/reporting/service.h"

#include <utility>

#include "services/platform/grpc/read.h"
#include "services/reporting/messages.h"
#include "services/reporting/report.h"

namespace motcua::reporting {
namespace {

// A call that waits for a worker. The request lives until the call is done, which a cancellation
// may bring before the worker comes: a task holds what it needs, and answers only what it has
// claimed.
template <typename Response>
class ReadCall final : public rpc::PendingCall {
 public:
  explicit ReadCall(Response& response) : response_(response) {}

  void Answer(Result<Response> answer, const engine::Readings& at) {
    if (!Claim()) return;
    if (!answer.ok()) return Finish(rpc::ToGrpc(answer.status()));
    response_ = std::move(answer).value();
    rpc::FillPosition(at, *response_.mutable_position());
    Finish(grpc::Status());
  }

 private:
  ~ReadCall() override = default;

  Response& response_;
};

// `read`: Result<Response>(), run in a worker, once the service has folded what `options` ask for.
template <typename Response, typename Read>
grpc::ServerUnaryReactor* InWorker(grpc::CallbackServerContext& context,
                                   const engine::StateReader& reader, runtime::WorkerPool& pool,
                                   const common::v1::ReadOptions& options, Response& response,
                                   Read read) {
  auto* call = new ReadCall<Response>(response);
  const rpc::PendingCall::Ref ref(call);
  const auto submit = [ref, call, &pool, read](const Result<engine::Readings>& at) {
    if (!at.ok()) return call->Answer(at.status(), {});
    if (!pool.Submit([ref, call, read, at = *at] { call->Answer(read(), at); })) {
      call->Answer(Status(Reason::kOverloaded, "too many reports are waiting to be read"), {});
    }
  };
  rpc::AwaitPosition(reader.progress(), options, rpc::PositionDeadline(context), submit);
  return call;
}

}  // namespace

ReportingService::Reactor* ReportingService::GetStatusReport(
    Context* context, const v1::GetStatusReportRequest* request,
    v1::GetStatusReportResponse* response) {
  const Result<StatusQuery> query = ParseQuery(*request);
  if (!query.ok()) return rpc::FinishNow(*context, query.status());
  const auto read = [this, query = *query]() -> Result<v1::GetStatusReportResponse> {
    MOTCUA_ASSIGN_OR_RETURN(const StatusReport report, BuildReport(reader_, *catalogue_, query));
    v1::GetStatusReportResponse answer;
    FillReport(report, answer);
    return answer;
  };
  return InWorker(*context, reader_, pool_, request->read(), *response, read);
}

ReportingService::Reactor* ReportingService::ListStatusDossiers(
    Context* context, const v1::ListStatusDossiersRequest* request,
    v1::ListStatusDossiersResponse* response) {
  const Result<ListQuery> query = ParseListQuery(*request);
  if (!query.ok()) return rpc::FinishNow(*context, query.status());
  const auto read = [this, query = *query,
                     request = *request]() -> Result<v1::ListStatusDossiersResponse> {
    MOTCUA_ASSIGN_OR_RETURN(const DossierPage page, ListDossiers(reader_, query));
    v1::ListStatusDossiersResponse answer;
    FillPage(request, page, answer);
    return answer;
  };
  return InWorker(*context, reader_, pool_, request->read(), *response, read);
}

}  // namespace motcua::reporting
