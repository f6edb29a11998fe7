// The gRPC face of postal (bưu chính công ích): what the carrier does becomes commands for the
// loop, shipments are read from the state store. Holds no state of its own. Any thread.
#pragma once

#include <grpcpp/grpcpp.h>

#include "motcua/postal/v1/postal.grpc.pb.h"
#include "services/engine/reader.h"
#include "services/engine/service.h"
#include "services/platform/grpc/unary.h"
#include "services/platform/runtime/worker_pool.h"

namespace motcua::postal {

class PostalService final : public v1::PostalService::CallbackService {
 public:
  // All must outlive the server that it is registered with; `workers` ends before the reader does.
  PostalService(engine::CommandSink& sink, const engine::StateReader& reader,
                const engine::Clock& clock, runtime::WorkerPool& workers)
      : door_{sink, clock}, reader_(reader), workers_(workers) {}

  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;

  Reactor* HandOverShipment(Context* context, const v1::HandOverShipmentRequest* request,
                            v1::HandOverShipmentResponse* response) override;
  Reactor* TrackShipment(Context* context, const v1::TrackShipmentRequest* request,
                         v1::TrackShipmentResponse* response) override;
  Reactor* FailDelivery(Context* context, const v1::FailDeliveryRequest* request,
                        v1::FailDeliveryResponse* response) override;
  Reactor* DeliverShipment(Context* context, const v1::DeliverShipmentRequest* request,
                           v1::DeliverShipmentResponse* response) override;
  Reactor* ReturnShipment(Context* context, const v1::ReturnShipmentRequest* request,
                          v1::ReturnShipmentResponse* response) override;
  Reactor* GetShipment(Context* context, const v1::GetShipmentRequest* request,
                       v1::GetShipmentResponse* response) override;
  Reactor* GetItemShipments(Context* context, const v1::GetItemShipmentsRequest* request,
                            v1::GetItemShipmentsResponse* response) override;
  Reactor* ListShipments(Context* context, const v1::ListShipmentsRequest* request,
                         v1::ListShipmentsResponse* response) override;
  Reactor* OpenManifest(Context* context, const v1::OpenManifestRequest* request,
                        v1::OpenManifestResponse* response) override;
  Reactor* AddManifestItem(Context* context, const v1::AddManifestItemRequest* request,
                           v1::AddManifestItemResponse* response) override;
  Reactor* CloseManifest(Context* context, const v1::CloseManifestRequest* request,
                         v1::CloseManifestResponse* response) override;
  Reactor* HandOverManifest(Context* context, const v1::HandOverManifestRequest* request,
                            v1::HandOverManifestResponse* response) override;
  Reactor* GetManifest(Context* context, const v1::GetManifestRequest* request,
                       v1::GetManifestResponse* response) override;
  Reactor* ListManifests(Context* context, const v1::ListManifestsRequest* request,
                         v1::ListManifestsResponse* response) override;

 private:
  const rpc::Door door_;
  const engine::StateReader& reader_;
  runtime::WorkerPool& workers_;
};

}  // namespace motcua::postal
