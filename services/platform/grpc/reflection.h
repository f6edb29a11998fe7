// Reflection: tells a client which services a server has and what their messages look like, by
// grpc.reflection.v1. gRPC 1.51 itself serves only v1alpha, which newer clients no longer know.
//
// Made by Server::Start, outlives the gRPC server. Any thread.
#pragma once

#include <grpcpp/grpcpp.h>

#include <string>
#include <vector>

#include "grpc/reflection/v1/reflection.grpc.pb.h"

namespace motcua::rpc {

class Reflection final : public grpc::reflection::v1::ServerReflection::CallbackService {
 public:
  using Request = grpc::reflection::v1::ServerReflectionRequest;
  using Response = grpc::reflection::v1::ServerReflectionResponse;

  // Full names of the services that are listed; those that the process has descriptors of.
  explicit Reflection(std::vector<std::string> services);

  grpc::ServerBidiReactor<Request, Response>* ServerReflectionInfo(
      grpc::CallbackServerContext* context) override;

  // The answer to one question.
  Response Answer(const Request& request) const;

 private:
  std::vector<std::string> services_;
};

}  // namespace motcua::rpc
