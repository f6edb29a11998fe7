// The gRPC face of deadline (thời hạn): pauses and acknowledgements become commands for the loop,
// clocks and alerts are read from the state store, alerts are streamed as they are raised. Any
// thread.
#pragma once

#include <grpcpp/grpcpp.h>

#include "motcua/deadline/v1/deadline.grpc.pb.h"
#include "services/deadline/alert_hub.h"
#include "services/domain/catalogue/catalogue.h"
#include "services/engine/reader.h"
#include "services/engine/service.h"
#include "services/platform/grpc/unary.h"
#include "services/platform/runtime/worker_pool.h"

namespace motcua::deadline {

class DeadlineService final : public v1::DeadlineService::CallbackService {
 public:
  // All must outlive the server that it is registered with; `workers` ends before the reader does.
  DeadlineService(engine::CommandSink& sink, const engine::StateReader& reader,
                  const engine::Clock& clock, const catalogue::Catalogue& catalogue,
                  runtime::WorkerPool& workers,
                  std::chrono::milliseconds token_pause = kResumeTokenPause)
      : door_{sink, clock},
        reader_(reader),
        catalogue_(catalogue),
        workers_(workers),
        hub_(reader, token_pause) {}

  // The loop calls alerts().Notify() after its commits; the server calls alerts().EndStreams()
  // before it stops.
  AlertHub& alerts() { return hub_; }

  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;

  Reactor* PauseClock(Context* context, const v1::PauseClockRequest* request,
                      v1::PauseClockResponse* response) override;
  Reactor* ResumeClock(Context* context, const v1::ResumeClockRequest* request,
                       v1::ResumeClockResponse* response) override;
  Reactor* AcknowledgeAlert(Context* context, const v1::AcknowledgeAlertRequest* request,
                            v1::AcknowledgeAlertResponse* response) override;
  Reactor* GetDeadline(Context* context, const v1::GetDeadlineRequest* request,
                       v1::GetDeadlineResponse* response) override;
  Reactor* ListAlerts(Context* context, const v1::ListAlertsRequest* request,
                      v1::ListAlertsResponse* response) override;
  grpc::ServerWriteReactor<v1::WatchAlertsResponse>* WatchAlerts(
      Context* context, const v1::WatchAlertsRequest* request) override;

 private:
  const rpc::Door door_;
  const engine::StateReader& reader_;
  const catalogue::Catalogue& catalogue_;
  runtime::WorkerPool& workers_;
  AlertHub hub_;
};

}  // namespace motcua::deadline
