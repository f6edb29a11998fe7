// ServiceModule: one service as a process hosts it, its rules for the engine and its gRPC face.
// What hosts modules (Assembly) knows nothing else of any service.
//
//   std::unique_ptr<process::ServiceModule> module = intake::MakeModule();
//
// Made and destroyed by main's thread; Face() once, after the service's store is open.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <vector>

#include "services/domain/catalogue/catalogue.h"
#include "services/domain/people/party_store.h"
#include "services/engine/reader.h"
#include "services/engine/service.h"
#include "services/platform/grpc/server.h"
#include "services/platform/runtime/worker_pool.h"

namespace motcua::process {

// What a gRPC face needs of its host. All outlive the module's face.
struct FacePorts {
  engine::CommandSink& sink;
  const engine::StateReader& reader;
  const engine::Clock& clock;
  std::shared_ptr<const catalogue::Catalogue> catalogue;
  runtime::WorkerPool& workers;  // for reads that may be long
  people::PartyStore* people;    // null: this process keeps no people
};

class ServiceModule {
 public:
  virtual ~ServiceModule() = default;

  virtual const engine::ServiceRules& rules() const = 0;
  // Of the gRPC service: "motcua.intake.v1.IntakeService"; also the name of its health.
  virtual std::string service_name() const = 0;
  // Makes the gRPC face, which lives as long as the module.
  virtual grpc::Service& MakeGrpcService(const FacePorts& ports) = 0;
  // Other services beside it, which rest on no fold: they serve from the start. After that call;
  // they live as long.
  virtual std::vector<rpc::ServedService> MoreServices() { return {}; }

  // Whether people are among what it serves: only then does its process open them.
  virtual bool keeps_people() const { return false; }

  // After each commit that changed something; the loop's thread, once the face is made.
  virtual void OnCommit() {}
  // The server stops: ends what would never end by itself.
  virtual void BeforeShutdown() {}
  // The server has stopped and no call is open: ends work that reads the store.
  virtual void AfterShutdown() {}
};

// The module of a service that has nothing beside its rules and its face.
template <typename Rules, typename Api, typename Face>
class PlainModule final : public ServiceModule {
 public:
  const engine::ServiceRules& rules() const override { return rules_; }
  std::string service_name() const override { return Api::service_full_name(); }
  grpc::Service& MakeGrpcService(const FacePorts& ports) override {
    face_ = std::make_unique<Face>(ports.sink, ports.reader, ports.clock, ports.workers);
    return *face_;
  }

 private:
  const Rules rules_;
  std::unique_ptr<Face> face_;
};

}  // namespace motcua::process
