// InstanceService: tells an operator which services this process hosts and how far they have read,
// and sends the snapshot of one. Any thread.
#pragma once

#include <grpcpp/grpcpp.h>

#include <vector>

#include "motcua/admin/v1/admin.grpc.pb.h"
#include "services/base/time.h"
#include "services/platform/host/service_host.h"
#include "services/platform/process/snapshot_sender.h"

namespace motcua::process {

class InstanceService final : public admin::v1::InstanceService::CallbackService {
 public:
  // The hosts outlive it, and it outlives the server that it is registered with.
  InstanceService(std::vector<const host::ServiceHost*> hosts, Instant started);

  grpc::ServerUnaryReactor* GetInstance(grpc::CallbackServerContext* context,
                                        const admin::v1::GetInstanceRequest* request,
                                        admin::v1::GetInstanceResponse* response) override;
  SnapshotSender::Stream* DownloadSnapshot(
      grpc::CallbackServerContext* context,
      const admin::v1::DownloadSnapshotRequest* request) override;
  // The server stops: ends what is being sent.
  void EndStreams() { snapshots_.EndStreams(); }

 private:
  const std::vector<const host::ServiceHost*> hosts_;
  const Instant started_;
  SnapshotSender snapshots_;
};

}  // namespace motcua::process
