#include "services/platform/process/scenario_service.h"

#include "services/domain/cases/codes.h"
#include "services/platform/grpc/convert.h"
#include "services/platform/grpc/unary.h"

namespace motcua::process {
namespace {

Status SetClock(const scenario::v1::SetTimeRequest& request, runtime::ScenarioClock* clock,
                scenario::v1::SetTimeResponse& response) {
  MOTCUA_RETURN_IF_ERROR(cases::ParseRequestId(request.request_id()).status());
  MOTCUA_ASSIGN_OR_RETURN(const Instant time, rpc::ParseTimestamp(request.set_time(), "set_time"));
  if (clock == nullptr) {
    return Status(Reason::kScenarioOnly, "these services run by the machine's clock");
  }
  if (time < clock->Now()) {
    return FieldError("set_time", "lies before the present time " + FormatInstant(clock->Now()));
  }
  clock->AdvanceTo(time);
  rpc::ToProto(clock->Now(), *response.mutable_set_time());
  return OkStatus();
}

}  // namespace

grpc::ServerUnaryReactor* ScenarioService::SetTime(grpc::CallbackServerContext* context,
                                                   const scenario::v1::SetTimeRequest* request,
                                                   scenario::v1::SetTimeResponse* response) {
  return rpc::FinishNow(*context, SetClock(*request, scenario_, *response));
}

grpc::ServerUnaryReactor* ScenarioService::GetTime(grpc::CallbackServerContext* context,
                                                   const scenario::v1::GetTimeRequest* /*request*/,
                                                   scenario::v1::GetTimeResponse* response) {
  rpc::ToProto(clock_.Now(), *response->mutable_current_time());
  response->set_scenario(scenario_ != nullptr);
  return rpc::FinishNow(*context, OkStatus());
}

}  // namespace motcua::process
