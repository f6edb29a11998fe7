// Status and Result: how everything in motcua says that something could not be done.
//
// Codes equal gRPC's, so that they cross an RPC unchanged; a Reason is the stable UPPER_SNAKE word
// of google.rpc.ErrorInfo (architecture.md §6, AIP-193); what changes from call to call stands in
// `metadata`, never only in the message. No exceptions cross a module border.
//
//   Result<CivilDate> ParseDate(std::string_view text);
//   MOTCUA_ASSIGN_OR_RETURN(const CivilDate date, ParseDate(field));
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "services/base/check.h"
#include "services/base/reason.h"

namespace motcua {

// "INVALID_ARGUMENT" and so on.
std::string_view StatusCodeName(StatusCode code);

// The row of `reason`.
const ReasonRow& DescribeReason(Reason reason);

class [[nodiscard]] Status {
 public:
  using Metadata = std::vector<std::pair<std::string, std::string>>;

  Status() = default;  // ok
  // The code is the reason's own.
  Status(Reason reason, std::string message, Metadata metadata = {});

  bool ok() const { return code_ == StatusCode::kOk; }
  StatusCode code() const { return code_; }
  Reason reason() const { return reason_; }
  const std::string& message() const { return message_; }
  const Metadata& metadata() const { return metadata_; }

  // "context: message"; the same code, reason and metadata.
  Status Prefixed(std::string_view context) const;
  // "INVALID_ARGUMENT FIELD_INVALID: message", for people.
  std::string ToString() const;

  friend bool operator==(const Status&, const Status&) = default;

 private:
  StatusCode code_ = StatusCode::kOk;
  Reason reason_ = Reason::kNone;
  std::string message_;
  Metadata metadata_;
};

inline Status OkStatus() { return Status(); }
// INVALID_ARGUMENT naming the field's path and what is wrong with it.
Status FieldError(std::string_view field, std::string_view what);

// A value or the Status that says why there is none. `value()` of a failed Result is a defect.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::in_place_index<0>, std::move(value)) {}  // NOLINT(*-explicit-*)
  Result(Status status) : content_(std::in_place_index<1>, std::move(status)) {  // NOLINT
    MOTCUA_CHECK(!std::get<1>(content_).ok(), "a Result made of an ok Status has no value");
  }

  bool ok() const { return content_.index() == 0; }
  Status status() const { return ok() ? Status() : std::get<1>(content_); }
  const T& value() const& {
    MOTCUA_CHECK(ok(), "value() of a failed Result");
    return std::get<0>(content_);
  }
  T& value() & {
    MOTCUA_CHECK(ok(), "value() of a failed Result");
    return std::get<0>(content_);
  }
  T&& value() && {
    MOTCUA_CHECK(ok(), "value() of a failed Result");
    return std::get<0>(std::move(content_));
  }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

 private:
  std::variant<T, Status> content_;
};

}  // namespace motcua

#define MOTCUA_RETURN_IF_ERROR(expression)                                                        \
  do {                                                                                            \
    if (::motcua::Status motcua_status = (expression); !motcua_status.ok()) return motcua_status; \
  } while (false)

#define MOTCUA_CONCAT_INNER(a, b) a##b
#define MOTCUA_CONCAT(a, b) MOTCUA_CONCAT_INNER(a, b)
#define MOTCUA_ASSIGN_OR_RETURN(target, expression) \
  MOTCUA_ASSIGN_OR_RETURN_AS(MOTCUA_CONCAT(motcua_result_, __LINE__), target, expression)
#define MOTCUA_ASSIGN_OR_RETURN_AS(result, target, expression) \
  auto result = (expression);                                  \
  if (!result.ok()) return result.status();                    \
  target = std::move(result).value()
