// The gRPC face of people (proto/motcua/parties/v1): requests to a PartyStore, in workers, because
// it waits for a disk. Holds no state of its own. Any thread.
#pragma once

#include <grpcpp/grpcpp.h>

#include "motcua/parties/v1/parties.grpc.pb.h"
#include "services/domain/people/party_store.h"
#include "services/engine/ports.h"
#include "services/platform/runtime/worker_pool.h"

namespace motcua::intake {

// Of FindParties, when no limit is said.
inline constexpr std::size_t kFoundDefault = 20;

class PartyService final : public parties::v1::PartyService::CallbackService {
 public:
  // All must outlive the server that it is registered with; `workers` ends before the store does.
  PartyService(people::PartyStore& store, const engine::Clock& clock, runtime::WorkerPool& workers)
      : store_(store), clock_(clock), workers_(workers) {}

  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;

  Reactor* PutParty(Context* context, const parties::v1::PutPartyRequest* request,
                    parties::v1::PutPartyResponse* response) override;
  Reactor* PutCard(Context* context, const parties::v1::PutCardRequest* request,
                   parties::v1::PutCardResponse* response) override;
  Reactor* ShowParty(Context* context, const parties::v1::ShowPartyRequest* request,
                     parties::v1::ShowPartyResponse* response) override;
  Reactor* FindParties(Context* context, const parties::v1::FindPartiesRequest* request,
                       parties::v1::FindPartiesResponse* response) override;
  Reactor* ExportParty(Context* context, const parties::v1::ExportPartyRequest* request,
                       parties::v1::ExportPartyResponse* response) override;
  Reactor* EraseParty(Context* context, const parties::v1::ErasePartyRequest* request,
                      parties::v1::ErasePartyResponse* response) override;
  Reactor* ShowLooks(Context* context, const parties::v1::ShowLooksRequest* request,
                     parties::v1::ShowLooksResponse* response) override;

 private:
  people::PartyStore& store_;
  const engine::Clock& clock_;
  runtime::WorkerPool& workers_;
};

}  // namespace motcua::intake
