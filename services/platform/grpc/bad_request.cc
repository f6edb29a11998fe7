#include "services/platform/grpc/bad_request.h"

#include <string_view>

#include "services/platform/grpc/status.h"

namespace motcua::rpc {
namespace {

class BadRequestInterceptor final : public grpc::experimental::Interceptor {
 public:
  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(
            grpc::experimental::InterceptionHookPoints::PRE_SEND_STATUS)) {
      const grpc::Status status = methods->GetSendStatus();
      if (status.error_code() == grpc::StatusCode::UNIMPLEMENTED &&
          status.error_message().empty()) {
        methods->ModifySendStatus(
            ToGrpc(FieldError("request", "is not a well-formed message of this method")));
      }
    }
    methods->Proceed();
  }
};

}  // namespace

grpc::experimental::Interceptor* BadRequestInterceptorFactory::CreateServerInterceptor(
    grpc::experimental::ServerRpcInfo* info) {
  // Health and reflection are gRPC's own; null means: not this call.
  if (!std::string_view(info->method()).starts_with("/motcua.")) return nullptr;
  return new BadRequestInterceptor();
}

}  // namespace motcua::rpc
