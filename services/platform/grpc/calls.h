// Calls by the name of the method, with messages that are known by their descriptors alone: what
// the command line and a gateway need, which pass on whatever the contract holds.
//
//   const grpc::Status status = rpc::CallOnce(channel, method, context, *request, *response);
//
// Calls block; not for gRPC's own threads. Any thread; a ServerStream belongs to one.
#pragma once

#include <google/protobuf/message.h>
#include <grpcpp/grpcpp.h>

#include <memory>

#include "services/base/status.h"
#include "services/platform/grpc/client.h"
#include "services/platform/grpc/methods.h"

namespace motcua::rpc {

// One try of a unary method; `context` has its deadline and metadata.
grpc::Status CallOnce(const std::shared_ptr<grpc::Channel>& channel, const Method& method,
                      grpc::ClientContext& context, const google::protobuf::Message& request,
                      google::protobuf::Message& response);

// A unary method of one process, tried again as the policy says (client.h).
Status CallMethod(const std::shared_ptr<grpc::Channel>& channel,
                  const google::protobuf::Message& request, google::protobuf::Message& response,
                  const CallPolicy& policy);

// The answers of a method that streams, one after the other.
class ServerStream {
 public:
  // Sends the request. `context` outlives the stream.
  ServerStream(const std::shared_ptr<grpc::Channel>& channel, grpc::ClientContext& context,
               const google::protobuf::Message& request);
  ~ServerStream();
  ServerStream(const ServerStream&) = delete;
  ServerStream& operator=(const ServerStream&) = delete;

  // Waits for the next answer; false: there is none any more, see Finish.
  bool Read(google::protobuf::Message& response);
  // How it ended. Once, after Read has said false or the context was cancelled.
  grpc::Status Finish();

 private:
  struct Call;
  std::unique_ptr<Call> call_;
};

}  // namespace motcua::rpc
