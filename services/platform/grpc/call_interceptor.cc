#include "services/platform/grpc/call_interceptor.h"

#include <chrono>
#include <string_view>

#include "services/platform/grpc/status.h"

namespace motcua::rpc {
namespace {

class CallInterceptor final : public grpc::experimental::Interceptor {
 public:
  explicit CallInterceptor(telemetry::MethodMeter* meter) : meter_(meter) {
    if (meter_ != nullptr) begun_ = std::chrono::steady_clock::now();
  }

  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(
            grpc::experimental::InterceptionHookPoints::PRE_SEND_STATUS)) {
      OnStatus(*methods);
    }
    methods->Proceed();
  }

 private:
  void OnStatus(grpc::experimental::InterceptorBatchMethods& methods) {
    grpc::Status status = methods.GetSendStatus();
    if (status.error_code() == grpc::StatusCode::UNIMPLEMENTED && status.error_message().empty()) {
      status = ToGrpc(FieldError("request", "is not a well-formed message of this method"));
      methods.ModifySendStatus(status);
    }
    if (meter_ == nullptr) return;
    meter_->Add(status.error_code(), std::chrono::steady_clock::now() - begun_);
  }

  telemetry::MethodMeter* const meter_;
  std::chrono::steady_clock::time_point begun_;
};

}  // namespace

grpc::experimental::Interceptor* CallInterceptorFactory::CreateServerInterceptor(
    grpc::experimental::ServerRpcInfo* info) {
  const std::string_view method(info->method());
  // Health and reflection are gRPC's own; null means: not this call.
  if (!method.starts_with("/motcua.")) return nullptr;
  return new CallInterceptor(calls_ == nullptr ? nullptr : calls_->Find(method));
}

}  // namespace motcua::rpc
