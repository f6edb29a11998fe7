// Bytes that are no message of the method's type are bad input. gRPC's callback API answers them as
// UNIMPLEMENTED without a word (1.51, CallbackUnaryHandler); this puts the true reason in its
// place.
//
// Every method of our services is implemented, so that answer can mean nothing else.
#pragma once

#include <grpcpp/support/server_interceptor.h>

namespace motcua::rpc {

class BadRequestInterceptorFactory final
    : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  grpc::experimental::Interceptor* CreateServerInterceptor(
      grpc::experimental::ServerRpcInfo* info) override;
};

}  // namespace motcua::rpc
