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
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "services/base/check.h"

namespace motcua {

// The numbers are gRPC's canonical codes: do not change.
enum class StatusCode : std::uint8_t {
  kOk = 0,
  kCancelled = 1,
  kUnknown = 2,
  kInvalidArgument = 3,
  kDeadlineExceeded = 4,
  kNotFound = 5,
  kAlreadyExists = 6,
  kPermissionDenied = 7,
  kResourceExhausted = 8,
  kFailedPrecondition = 9,
  kAborted = 10,
  kOutOfRange = 11,
  kUnimplemented = 12,
  kInternal = 13,
  kUnavailable = 14,
  kDataLoss = 15,
};

// "INVALID_ARGUMENT" and so on.
std::string_view StatusCodeName(StatusCode code);

// Why, as a stable word. One row each in status.cc: word, code, whether a retry helps, what the
// operator should do. Appended to, never renamed.
enum class Reason : std::uint8_t {
  kNone = 0,
  kFieldInvalid,     // a field is missing, malformed or out of range; metadata "field"
  kLimitExceeded,    // a named limit; metadata "limit"
  kRequestIdReused,  // same request_id, other content
  kVersionMismatch,  // expected_version is not the present one; metadata expected, actual
  kStateForbids,     // the command does not fit the present state; metadata "state"
  kDossierNotFound,
  kUnitUnknown,
  kProcedureUnknown,
  kCalendarUnknown,
  kCalendarOutOfRange,  // a term runs past the last year that the calendar knows
  kLegNotFound,
  kAlertNotFound,
  kManifestNotFound,
  kContention,      // lost the race too often
  kOverloaded,      // a queue is full
  kLogUnavailable,  // the log does not take or give events now
  kLogRefused,      // the log's broker answers, and refuses; the message says what it says
  kOutcomeUnknown,  // the deadline passed before the event was read back; retry with same id
  kNotServing,      // starting, recovering or stopping
  kBehind,          // has not read the log as far as the caller asks; metadata partition, missing
  kStoreDamaged,    // a state store is unreadable; it is rebuilt from the log
  kLogDamaged,      // the log itself is unreadable
  kStoreInUse,      // another process holds the folder
  kFileUnreadable,  // a file cannot be opened or read; metadata "file"
  kFileInvalid,     // a file's content is wrong; metadata file, line
  kRecordInvalid,   // bytes that are not an event
  kScenarioOnly,    // allowed under a scenario clock only
  kClockDisagrees,  // own clock and the log's differ too much; metadata "clock_offset_seconds"
  kNewerSchema,     // rests on events of a newer program; ask an instance that knows them
  kInternal,        // a defect of ours
};
// How many there are; status.cc does not compile when it is wrong.
inline constexpr std::size_t kReasonCount = static_cast<std::size_t>(Reason::kInternal) + 1;

struct ReasonRow {
  Reason reason;
  std::string_view word;      // UPPER_SNAKE, stable
  StatusCode code;            // the code it comes with
  bool retryable;             // whether the same request can succeed later unchanged
  std::string_view guidance;  // a sentence for the operator
};

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
