#include "services/platform/grpc/status.h"

#include <algorithm>
#include <string>

#include "motcua/common/v1/error_info.pb.h"

namespace motcua::rpc {
namespace {

constexpr std::string_view kErrorInfoType = "type.googleapis.com/google.rpc.ErrorInfo";

// At most `bytes_max` bytes, never within a character.
std::string Shortened(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return std::string(text);
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<std::uint8_t>(text[end]) & 0xC0U) == 0x80U) --end;
  return std::string(text.substr(0, end));
}

// kNone when the word is unknown: a newer server may have reasons that this client lacks.
Reason ReasonOf(std::string_view word) {
  for (int i = 1; i <= static_cast<int>(Reason::kInternal); ++i) {
    const auto reason = static_cast<Reason>(i);
    if (DescribeReason(reason).word == word) return reason;
  }
  return Reason::kNone;
}

// gRPC says this by itself of metadata that is over what it takes.
constexpr std::string_view kMetadataOverLimit = "metadata size exceeds";

Reason ReasonOf(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::INVALID_ARGUMENT:
      return Reason::kFieldInvalid;
    case grpc::StatusCode::ALREADY_EXISTS:
      return Reason::kRequestIdReused;
    case grpc::StatusCode::ABORTED:
      return Reason::kContention;
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return Reason::kOverloaded;
    case grpc::StatusCode::FAILED_PRECONDITION:
      return Reason::kStateForbids;
    case grpc::StatusCode::UNAVAILABLE:
      return Reason::kNotServing;
    case grpc::StatusCode::CANCELLED:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return Reason::kOutcomeUnknown;
    default:
      return Reason::kInternal;
  }
}

}  // namespace

void FillErrorInfo(const Status& status, common::v1::ErrorInfo& info) {
  info.set_reason(std::string(DescribeReason(status.reason()).word));
  info.set_domain(std::string(kErrorDomain));
  Status::Metadata metadata = status.metadata();
  std::sort(metadata.begin(), metadata.end());
  if (metadata.size() > kErrorMetadataEntriesMax) metadata.resize(kErrorMetadataEntriesMax);
  for (const auto& [key, value] : metadata) {
    common::v1::ErrorMetadata& entry = *info.add_metadata();
    entry.set_key(key);
    entry.set_value(Shortened(value, kErrorMetadataBytesMax));
  }
}

grpc::Status ToGrpc(const Status& status) {
  if (status.ok()) return grpc::Status::OK;
  common::v1::ErrorInfo info;
  FillErrorInfo(status, info);
  common::v1::RpcStatus envelope;
  envelope.set_code(static_cast<int>(status.code()));
  envelope.set_message(Shortened(status.message(), kErrorMessageBytesMax));
  google::protobuf::Any& detail = *envelope.add_details();
  detail.set_type_url(std::string(kErrorInfoType));
  info.SerializeToString(detail.mutable_value());
  return {static_cast<grpc::StatusCode>(status.code()), envelope.message(),
          envelope.SerializeAsString()};
}

Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return OkStatus();
  Reason reason = Reason::kNone;
  Status::Metadata metadata;
  common::v1::RpcStatus envelope;
  if (envelope.ParseFromString(status.error_details())) {
    for (const google::protobuf::Any& detail : envelope.details()) {
      common::v1::ErrorInfo info;
      if (detail.type_url() != kErrorInfoType || !info.ParseFromString(detail.value()) ||
          info.domain() != kErrorDomain) {
        continue;
      }
      reason = ReasonOf(info.reason());
      for (const common::v1::ErrorMetadata& entry : info.metadata()) {
        metadata.emplace_back(entry.key(), entry.value());
      }
    }
  }
  if (reason == Reason::kNone && status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED &&
      status.error_message().find(kMetadataOverLimit) != std::string::npos) {
    return Status(Reason::kLimitExceeded,
                  "the call's metadata are more than the server takes: " + status.error_message(),
                  {{"limit", "metadata"}});
  }
  if (reason == Reason::kNone) reason = ReasonOf(status.error_code());
  return Status(reason, status.error_message(), std::move(metadata));
}

}  // namespace motcua::rpc
