// The one place where a Status becomes a grpc::Status and back.
//
// Every error carries one google.rpc.ErrorInfo {reason, domain "motcua", metadata} in its details
// (AIP-193). Any thread.
#pragma once

#include <grpcpp/support/status.h>

#include <cstddef>
#include <string_view>

#include "motcua/common/v1/common.pb.h"
#include "services/base/status.h"

namespace motcua::rpc {

inline constexpr std::string_view kErrorDomain = "motcua";
// Status and details travel in the trailer, which peers limit to 8 KiB: what is longer is cut.
inline constexpr std::size_t kErrorMessageBytesMax = 1024;
inline constexpr std::size_t kErrorMetadataBytesMax = 256;  // of one value
inline constexpr std::size_t kErrorMetadataEntriesMax = 8;

grpc::Status ToGrpc(const Status& status);

// Back, on the client's side. An error without our details (of the library, a proxy, another
// program) gets the reason that tells a caller the same: UNAVAILABLE is NOT_SERVING, a deadline or
// cancellation OUTCOME_UNKNOWN.
Status FromGrpc(const grpc::Status& status);

// The details alone, for answers that carry errors of their parts.
void FillErrorInfo(const Status& status, common::v1::ErrorInfo& info);

}  // namespace motcua::rpc
