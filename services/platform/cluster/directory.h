// Directory: which process a client talks to. It knows the instances of each service, puts the one
// that is first in line for a unit first, and those that failed a moment ago last.
//
//   MOTCUA_ASSIGN_OR_RETURN(auto directory, Directory::OfCluster(file, tls));
//   Result<Response> answer = directory->Call<IntakeService>(method, request, policy);
//
// Any instance may serve any call (architecture.md §1), so a call that one does not answer goes to
// the next with the same request_id: nothing is done twice.
//
// Any thread; calls block.
#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "services/base/status.h"
#include "services/platform/cluster/cluster_file.h"
#include "services/platform/grpc/client.h"

namespace motcua::cluster {

// A try that has not been answered by then goes to the next instance, where there is one.
inline constexpr std::chrono::milliseconds kNextInstanceAfter{2'000};
// How long an instance that failed is tried last.
inline constexpr std::chrono::milliseconds kAvoidFor{1'000};

class Directory {
 public:
  struct Instance {
    std::string service;  // "intake"; empty: all of them
    int ordinal = 0;
    std::string address;
    std::shared_ptr<grpc::Channel> channel;
  };

  // One process that serves everything.
  static Result<std::shared_ptr<const Directory>> OfServer(const rpc::ChannelOptions& server);
  // `options` say how each instance is spoken to; their address does not matter.
  static Result<std::shared_ptr<const Directory>> OfCluster(const ClusterFile& file,
                                                            const rpc::ChannelOptions& options);

  // The one that a call about this unit is sent to first, in front; `unit` may be empty.
  // `service_name` is "motcua.intake.v1.IntakeService". Empty: the cluster has no such service.
  std::vector<const Instance*> Find(std::string_view service_name, std::string_view unit) const;
  // In order of services and ordinals.
  std::vector<const Instance*> instances() const;
  engine::PartitionId partitions() const { return partitions_; }

  // Whether any instance of the service can be reached within `patience`.
  bool AwaitConnection(std::string_view service_name, std::chrono::milliseconds patience) const;
  // The instance did not answer.
  void Avoid(const Instance& instance) const;

  template <typename Service, typename Request, typename Response>
  Result<Response> Call(grpc::Status (Service::Stub::*method)(grpc::ClientContext*, const Request&,
                                                              Response*),
                        const Request& request, rpc::CallPolicy policy = {}) const {
    const std::vector<const Instance*> found = Find(Service::service_full_name(), UnitOf(request));
    if (found.empty()) return Unknown(Service::service_full_name());
    if (found.size() > 1) {
      policy.instances = static_cast<int>(found.size());
      policy.try_deadline = std::min(policy.try_deadline, kNextInstanceAfter);
    }
    if (!policy.pause) {
      policy.pause = [&found, stop = policy.stop](std::chrono::milliseconds pause) {
        PauseOn(found, pause, stop);
      };
    }
    rpc::Retrier retrier(policy);
    for (std::size_t next = 0;; ++next) {
      const Instance& instance = *found[next % found.size()];
      const std::unique_ptr<typename Service::Stub> stub = Service::NewStub(instance.channel);
      grpc::ClientContext context;
      retrier.Prepare(context);
      Response response;
      const grpc::Status status = (stub.get()->*method)(&context, request, &response);
      if (status.ok()) return response;
      if (rpc::Retrier::IsOfInstance(status)) Avoid(instance);
      if (!retrier.Again(status)) return rpc::FromGrpc(status);
    }
  }

  // The unit whose register book a request is about: of its `dossier`, its `unit`, or its first
  // row; empty where there is none.
  static std::string UnitOf(const google::protobuf::Message& request);

 private:
  static void PauseOn(const std::vector<const Instance*>& instances,
                      std::chrono::milliseconds pause, const std::stop_token& stop);

  struct Entry {
    Instance instance;
    mutable std::atomic<std::int64_t> avoid_until{0};  // steady clock, nanoseconds
  };

  Directory() = default;
  Status Add(const std::string& service, int ordinal, const rpc::ChannelOptions& options);
  static Status Unknown(std::string_view service_name);

  engine::PartitionId partitions_ = 1;
  std::vector<std::unique_ptr<Entry>> entries_;
  mutable std::atomic<unsigned> turn_{0};  // spreads calls that are about no unit
};

}  // namespace motcua::cluster
