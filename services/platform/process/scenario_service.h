// ScenarioService: sets and tells the clock of services that replay a history (`motcua standalone
// --scenario`, the setting `scenario` of a service process). Any thread.
#pragma once

#include <grpcpp/grpcpp.h>

#include "motcua/scenario/v1/scenario.grpc.pb.h"
#include "services/engine/ports.h"
#include "services/platform/runtime/clocks.h"

namespace motcua::process {

class ScenarioService final : public scenario::v1::ScenarioService::CallbackService {
 public:
  // `scenario` is null under the machine's clock; both outlive the server.
  ScenarioService(const engine::Clock& clock, runtime::ScenarioClock* scenario)
      : clock_(clock), scenario_(scenario) {}

  grpc::ServerUnaryReactor* SetTime(grpc::CallbackServerContext* context,
                                    const scenario::v1::SetTimeRequest* request,
                                    scenario::v1::SetTimeResponse* response) override;
  grpc::ServerUnaryReactor* GetTime(grpc::CallbackServerContext* context,
                                    const scenario::v1::GetTimeRequest* request,
                                    scenario::v1::GetTimeResponse* response) override;

 private:
  const engine::Clock& clock_;
  runtime::ScenarioClock* const scenario_;
};

}  // namespace motcua::process
