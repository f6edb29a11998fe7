#include "services/platform/process/instance_service.h"

#include <algorithm>

#include "services/platform/grpc/convert.h"
#include "services/platform/grpc/stream.h"
#include "services/platform/grpc/unary.h"

namespace motcua::process {
namespace {

void Fill(const host::ServiceHost& host, admin::v1::ServiceInstance& out) {
  const Status failure = host.failure();
  out.set_service(std::string(host.name()));
  out.set_ordinal(static_cast<std::uint32_t>(host.options().ordinal));
  out.set_replicas(static_cast<std::uint32_t>(host.options().replicas));
  out.set_serving(failure.ok());
  if (!failure.ok()) out.set_failure(failure.ToString());
  out.set_log_id(host.options().log_id);
  for (const engine::PartitionReading& reading : host.readings()) {
    admin::v1::PartitionReading& partition = *out.add_partitions();
    partition.set_partition(reading.id);
    partition.set_first_in_line(reading.first_in_line);
    partition.set_next_offset(reading.next);
    partition.set_end_offset(reading.end);
    rpc::ToProto(reading.effective, *partition.mutable_effective_time());
    partition.set_events_in_flight(reading.in_flight);
    if (!reading.failure.ok()) partition.set_failure(reading.failure.ToString());
  }
}

}  // namespace

InstanceService::InstanceService(std::vector<const host::ServiceHost*> hosts, Instant started)
    : hosts_(std::move(hosts)), started_(started) {
  for (const host::ServiceHost* host : hosts_) SnapshotSender::Clean(*host);
}

grpc::ServerUnaryReactor* InstanceService::GetInstance(
    grpc::CallbackServerContext* context, const admin::v1::GetInstanceRequest* /*request*/,
    admin::v1::GetInstanceResponse* response) {
  rpc::ToProto(started_, *response->mutable_start_time());
  for (const host::ServiceHost* host : hosts_) Fill(*host, *response->add_services());
  return rpc::FinishNow(*context, OkStatus());
}

SnapshotSender::Stream* InstanceService::DownloadSnapshot(
    grpc::CallbackServerContext* context, const admin::v1::DownloadSnapshotRequest* request) {
  const auto host = std::find_if(hosts_.begin(), hosts_.end(), [&](const host::ServiceHost* h) {
    return h->name() == request->service();
  });
  if (host == hosts_.end()) {
    return new rpc::RefusedStream<admin::v1::DownloadSnapshotResponse>(
        FieldError("service", "is none that this process has"));
  }
  return snapshots_.Open(*context, **host);
}

}  // namespace motcua::process
