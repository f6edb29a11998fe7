// InstanceService: tells an operator which services this process hosts and how far they have read.
// Any thread.
#pragma once

#include <grpcpp/grpcpp.h>

#include <vector>

#include "motcua/admin/v1/admin.grpc.pb.h"
#include "services/base/time.h"
#include "services/platform/host/service_host.h"

namespace motcua::process {

class InstanceService final : public admin::v1::InstanceService::CallbackService {
 public:
  // The hosts outlive the server that it is registered with.
  InstanceService(std::vector<const host::ServiceHost*> hosts, Instant started)
      : hosts_(std::move(hosts)), started_(started) {}

  grpc::ServerUnaryReactor* GetInstance(grpc::CallbackServerContext* context,
                                        const admin::v1::GetInstanceRequest* request,
                                        admin::v1::GetInstanceResponse* response) override;

 private:
  const std::vector<const host::ServiceHost*> hosts_;
  const Instant started_;
};

}  // namespace motcua::process
