// What is done to every call of our services at its edge, by one object per call.
//
// Its time, from receipt to status, and the code it ends with go to the meter.
//
// Bytes that are no message of the method's type are bad input. gRPC's callback API answers them as
// UNIMPLEMENTED without a word (1.51, CallbackUnaryHandler); the true reason is put in its place.
// Every method of our services is implemented, so that answer can mean nothing else.
#pragma once

#include <grpcpp/support/server_interceptor.h>

#include "services/platform/telemetry/call_meter.h"

namespace motcua::rpc {

class CallInterceptorFactory final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  // Null: nothing is measured. The meter outlives the server.
  explicit CallInterceptorFactory(telemetry::CallMeter* calls) : calls_(calls) {}

  grpc::experimental::Interceptor* CreateServerInterceptor(
      grpc::experimental::ServerRpcInfo* info) override;

 private:
  telemetry::CallMeter* const calls_;
};

}  // namespace motcua::rpc
