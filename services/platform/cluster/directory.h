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
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "services/base/status.h"
#include "services/platform/cluster/cluster_file.h"
#include "services/platform/grpc/client.h"
#include "services/platform/grpc/methods.h"

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
  // What is none of kServices (the clock of a scenario) every process has.
  std::vector<const Instance*> Find(std::string_view service_name, std::string_view unit) const;
  // In order of services and ordinals.
  std::vector<const Instance*> instances() const;
  engine::PartitionId partitions() const { return partitions_; }

  // Whether any instance of the service can be reached within `patience`.
  bool AwaitConnection(std::string_view service_name, std::chrono::milliseconds patience) const;
  // The instance did not answer.
  void Avoid(const Instance& instance) const;

  // One try of a call at an instance.
  using Try = std::function<grpc::Status(const Instance& instance, grpc::ClientContext& context)>;

  // A method by its request (platform/grpc/methods.h), at the instances of its service in turn. A
  // command to what every process has goes to all of them, and ends with the first that does not
  // take it.
  Status Call(const google::protobuf::Message& request, google::protobuf::Message& response,
              const rpc::CallPolicy& policy = {}) const;
  template <typename Service, typename Request, typename Response>
  Result<Response> Call(grpc::Status (Service::Stub::*method)(grpc::ClientContext*, const Request&,
                                                              Response*),
                        const Request& request, const rpc::CallPolicy& policy = {}) const {
    Response response;
    MOTCUA_RETURN_IF_ERROR(CallEach(Service::service_full_name(), rpc::UnitOf(request), policy,
                                    [&](const Instance& instance, grpc::ClientContext& context) {
                                      response.Clear();
                                      const std::unique_ptr<typename Service::Stub> stub =
                                          Service::NewStub(instance.channel);
                                      return (stub.get()->*method)(&context, request, &response);
                                    }));
    return response;
  }

 private:
  Status CallEach(std::string_view service_name, std::string_view unit, rpc::CallPolicy policy,
                  const Try& try_once) const;
  Status CallInTurn(const std::vector<const Instance*>& found, rpc::CallPolicy policy,
                    const Try& try_once) const;
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
