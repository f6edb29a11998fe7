#include "services/base/status.h"

#include <array>
#include <cstddef>

namespace motcua {
namespace {

constexpr std::array<std::string_view, 16> kCodeNames = {
    "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS",
};

}  // namespace

std::string_view StatusCodeName(StatusCode code) {
  return kCodeNames.at(static_cast<std::size_t>(code));
}

const ReasonRow& DescribeReason(Reason reason) {
  return kReasons.at(static_cast<std::size_t>(reason));
}

Status::Status(Reason reason, std::string message, Metadata metadata)
    : code_(DescribeReason(reason).code),
      reason_(reason),
      message_(std::move(message)),
      metadata_(std::move(metadata)) {}

Status Status::Prefixed(std::string_view context) const {
  Status prefixed = *this;
  if (!ok()) prefixed.message_ = std::string(context) + ": " + message_;
  return prefixed;
}

std::string Status::ToString() const {
  if (ok()) return "OK";
  std::string text(StatusCodeName(code_));
  text.append(" ").append(DescribeReason(reason_).word).append(": ").append(message_);
  return text;
}

Status FieldError(std::string_view field, std::string_view what) {
  return Status(Reason::kFieldInvalid, std::string(field) + ": " + std::string(what),
                {{"field", std::string(field)}});
}

}  // namespace motcua
