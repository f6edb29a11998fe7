// What streams to a caller share.
#pragma once

#include <grpcpp/grpcpp.h>

#include "services/base/status.h"
#include "services/platform/grpc/status.h"

namespace motcua::rpc {

// A stream that is over before it began. Made by new; deletes itself when gRPC is done with it.
template <typename Response>
class RefusedStream final : public grpc::ServerWriteReactor<Response> {
 public:
  explicit RefusedStream(const Status& status) { this->Finish(ToGrpc(status)); }
  void OnDone() override { delete this; }

 private:
  ~RefusedStream() override = default;
};

}  // namespace motcua::rpc
