// The gRPC face of routing (liên thông): hand-overs become commands for the loop, routes and work
// lists are read from the state store. Holds no state of its own. Any thread.
#pragma once

#include <grpcpp/grpcpp.h>

#include "motcua/routing/v1/routing.grpc.pb.h"
#include "services/engine/reader.h"
#include "services/engine/service.h"
#include "services/platform/grpc/unary.h"
#include "services/platform/runtime/worker_pool.h"

namespace motcua::routing {

class RoutingService final : public v1::RoutingService::CallbackService {
 public:
  // All must outlive the server that it is registered with; `workers` ends before the reader does.
  RoutingService(engine::CommandSink& sink, const engine::StateReader& reader,
                 const engine::Clock& clock, runtime::WorkerPool& workers)
      : door_{sink, clock}, reader_(reader), workers_(workers) {}

  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;

  Reactor* SendHandOver(Context* context, const v1::SendHandOverRequest* request,
                        v1::SendHandOverResponse* response) override;
  Reactor* AcknowledgeHandOver(Context* context, const v1::AcknowledgeHandOverRequest* request,
                               v1::AcknowledgeHandOverResponse* response) override;
  Reactor* AcceptLeg(Context* context, const v1::AcceptLegRequest* request,
                     v1::AcceptLegResponse* response) override;
  Reactor* CompleteLeg(Context* context, const v1::CompleteLegRequest* request,
                       v1::CompleteLegResponse* response) override;
  Reactor* ReturnLeg(Context* context, const v1::ReturnLegRequest* request,
                     v1::ReturnLegResponse* response) override;
  Reactor* RemindLeg(Context* context, const v1::RemindLegRequest* request,
                     v1::RemindLegResponse* response) override;
  Reactor* GetRoute(Context* context, const v1::GetRouteRequest* request,
                    v1::GetRouteResponse* response) override;
  Reactor* ListLegs(Context* context, const v1::ListLegsRequest* request,
                    v1::ListLegsResponse* response) override;

 private:
  const rpc::Door door_;
  const engine::StateReader& reader_;
  runtime::WorkerPool& workers_;
};

}  // namespace motcua::routing
