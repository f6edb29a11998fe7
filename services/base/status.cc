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

using Code = StatusCode;

constexpr std::array kReasons = {
    ReasonRow{Reason::kNone, "NONE", Code::kOk, false, ""},
    ReasonRow{Reason::kFieldInvalid, "FIELD_INVALID", Code::kInvalidArgument, false,
              "correct the named field and send again"},
    ReasonRow{Reason::kLimitExceeded, "LIMIT_EXCEEDED", Code::kInvalidArgument, false,
              "send less; the named limit tells how much"},
    ReasonRow{Reason::kRequestIdReused, "REQUEST_ID_REUSED", Code::kAlreadyExists, false,
              "give every new request a new request_id"},
    ReasonRow{Reason::kVersionMismatch, "VERSION_MISMATCH", Code::kAborted, false,
              "read the dossier again and decide on what it says now"},
    ReasonRow{Reason::kStateForbids, "STATE_FORBIDS", Code::kFailedPrecondition, false,
              "the dossier's present state does not allow this"},
    ReasonRow{Reason::kDossierNotFound, "DOSSIER_NOT_FOUND", Code::kNotFound, false,
              "check the dossier code"},
    ReasonRow{Reason::kUnitUnknown, "UNIT_UNKNOWN", Code::kNotFound, false,
              "check the unit code against the catalogue"},
    ReasonRow{Reason::kProcedureUnknown, "PROCEDURE_UNKNOWN", Code::kNotFound, false,
              "check the procedure code against the catalogue"},
    ReasonRow{Reason::kCalendarUnknown, "CALENDAR_UNKNOWN", Code::kNotFound, false,
              "check the calendar id against the catalogue"},
    ReasonRow{Reason::kCalendarOutOfRange, "CALENDAR_OUT_OF_RANGE", Code::kOutOfRange, false,
              "extend the calendar by the years that are missing"},
    ReasonRow{Reason::kLegNotFound, "LEG_NOT_FOUND", Code::kNotFound, false,
              "read the route; the dossier has no such leg"},
    ReasonRow{Reason::kAlertNotFound, "ALERT_NOT_FOUND", Code::kNotFound, false,
              "list the dossier's alerts; this one was never raised"},
    ReasonRow{Reason::kManifestNotFound, "MANIFEST_NOT_FOUND", Code::kNotFound, false,
              "check the unit and the number of the manifest"},
    ReasonRow{Reason::kContention, "CONTENTION", Code::kAborted, true,
              "others changed the same dossier at the same time; try again"},
    ReasonRow{Reason::kOverloaded, "OVERLOADED", Code::kResourceExhausted, true,
              "the service has more work than it can queue; slow down and try again"},
    ReasonRow{Reason::kLogUnavailable, "LOG_UNAVAILABLE", Code::kUnavailable, true,
              "the log does not answer; look at its disk or broker"},
    ReasonRow{Reason::kLogRefused, "LOG_REFUSED", Code::kUnavailable, true,
              "the broker refuses for the reason that it names; correct its settings, the topic's, "
              "or what this program may do there"},
    ReasonRow{Reason::kOutcomeUnknown, "OUTCOME_UNKNOWN", Code::kUnavailable, true,
              "the answer did not come in time; try again with the same request_id"},
    ReasonRow{Reason::kNotServing, "NOT_SERVING", Code::kUnavailable, true,
              "the service is starting or stopping; try again"},
    ReasonRow{Reason::kBehind, "BEHIND", Code::kUnavailable, true,
              "the service has not read the log so far yet; try again, and look at what holds it "
              "up when that lasts"},
    ReasonRow{Reason::kStoreDamaged, "STORE_DAMAGED", Code::kDataLoss, false,
              "restart the service: it rebuilds its state store from the log"},
    ReasonRow{Reason::kLogDamaged, "LOG_DAMAGED", Code::kDataLoss, false,
              "the log is the only truth: restore it from a copy before anything else"},
    ReasonRow{Reason::kStoreInUse, "STORE_IN_USE", Code::kFailedPrecondition, false,
              "another process holds this folder; stop it or choose another folder"},
    ReasonRow{Reason::kFileUnreadable, "FILE_UNREADABLE", Code::kNotFound, false,
              "check the path and the permissions"},
    ReasonRow{Reason::kFileInvalid, "FILE_INVALID", Code::kInvalidArgument, false,
              "correct the file at the named line"},
    ReasonRow{Reason::kRecordInvalid, "RECORD_INVALID", Code::kDataLoss, false,
              "a record of the log is not an event; find out who wrote it"},
    ReasonRow{Reason::kScenarioOnly, "SCENARIO_ONLY", Code::kFailedPrecondition, false,
              "start the services with --scenario to set their clock"},
    ReasonRow{Reason::kClockDisagrees, "CLOCK_DISAGREES", Code::kUnavailable, true,
              "the machine's clock and the log's differ: set both by NTP (an embedded log follows "
              "a corrected clock after a restart); try again with the same request_id"},
    ReasonRow{Reason::kNewerSchema, "NEWER_SCHEMA", Code::kUnavailable, true,
              "a newer program wrote what this one does not understand; ask another instance, "
              "upgrade this one"},
    ReasonRow{Reason::kInternal, "INTERNAL", Code::kInternal, false,
              "a defect of the program; report it with the log"},
};
static_assert(kReasons.size() == kReasonCount);

}  // namespace

std::string_view StatusCodeName(StatusCode code) {
  return kCodeNames.at(static_cast<std::size_t>(code));
}

const ReasonRow& DescribeReason(Reason reason) {
  const ReasonRow& row = kReasons.at(static_cast<std::size_t>(reason));
  MOTCUA_CHECK(row.reason == reason, "the reason table is out of order");
  return row;
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
