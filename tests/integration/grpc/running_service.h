// Each of the four services, served in this process, with a stub to call it by.
#pragma once

#include <memory>
#include <utility>

#include "services/deadline/service.h"
#include "services/intake/service.h"
#include "services/postal/service.h"
#include "services/routing/service.h"
#include "tests/integration/grpc/grpc_test_support.h"

namespace motcua::testing_support {

// A service of type Service, its server and a stub.
template <typename Proto, typename Service>
class Running {
 public:
  template <typename... More>
  explicit Running(World& world, More&&... more)
      : service(world.sink, world.reader, world.clock, std::forward<More>(more)..., world.workers),
        server(testing_support::StartServer(service, Proto::service_full_name())),
        stub(Proto::NewStub(server->InProcessChannel())) {}

  Service service;
  std::unique_ptr<rpc::Server> server;
  std::unique_ptr<typename Proto::Stub> stub;
};
using Intake = Running<intake::v1::IntakeService, intake::IntakeService>;
using Routing = Running<routing::v1::RoutingService, routing::RoutingService>;
using Postal = Running<postal::v1::PostalService, postal::PostalService>;
using Deadline = Running<deadline::v1::DeadlineService, deadline::DeadlineService>;

}  // namespace motcua::testing_support
