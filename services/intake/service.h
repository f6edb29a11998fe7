// The gRPC face of intake (tiếp nhận): requests become commands for the loop, reads come from the
// state store. Holds no state of its own. Any thread.
#pragma once

#include <grpcpp/grpcpp.h>

#include "motcua/intake/v1/intake.grpc.pb.h"
#include "services/engine/reader.h"
#include "services/engine/service.h"
#include "services/platform/grpc/unary.h"
#include "services/platform/runtime/worker_pool.h"

namespace motcua::intake {

class IntakeService final : public v1::IntakeService::CallbackService {
 public:
  // All must outlive the server that it is registered with; `workers` ends before the reader does.
  IntakeService(engine::CommandSink& sink, const engine::StateReader& reader,
                const engine::Clock& clock, runtime::WorkerPool& workers)
      : door_{sink, clock}, reader_(reader), workers_(workers) {}

  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;

  Reactor* ReceiveDossier(Context* context, const v1::ReceiveDossierRequest* request,
                          v1::ReceiveDossierResponse* response) override;
  Reactor* RefuseDossier(Context* context, const v1::RefuseDossierRequest* request,
                         v1::RefuseDossierResponse* response) override;
  Reactor* ImportDossiers(Context* context, const v1::ImportDossiersRequest* request,
                          v1::ImportDossiersResponse* response) override;
  Reactor* RequestSupplement(Context* context, const v1::RequestSupplementRequest* request,
                             v1::RequestSupplementResponse* response) override;
  Reactor* ReceiveSupplement(Context* context, const v1::ReceiveSupplementRequest* request,
                             v1::ReceiveSupplementResponse* response) override;
  Reactor* RecordResult(Context* context, const v1::RecordResultRequest* request,
                        v1::RecordResultResponse* response) override;
  Reactor* ReturnResult(Context* context, const v1::ReturnResultRequest* request,
                        v1::ReturnResultResponse* response) override;
  Reactor* WithdrawDossier(Context* context, const v1::WithdrawDossierRequest* request,
                           v1::WithdrawDossierResponse* response) override;
  Reactor* CorrectEvent(Context* context, const v1::CorrectEventRequest* request,
                        v1::CorrectEventResponse* response) override;
  Reactor* GetDossier(Context* context, const v1::GetDossierRequest* request,
                      v1::GetDossierResponse* response) override;
  Reactor* ListDossiers(Context* context, const v1::ListDossiersRequest* request,
                        v1::ListDossiersResponse* response) override;

 private:
  const rpc::Door door_;
  const engine::StateReader& reader_;
  runtime::WorkerPool& workers_;
};

}  // namespace motcua::intake
