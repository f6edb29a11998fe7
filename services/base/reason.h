// Why something could not be done: every reason of motcua, with what goes with it. A new one is a
// name in Reason and a row in kReasons; this file does not compile when they differ.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

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

// Why, as a stable word. Each has its row in kReasons below, in the same order; a word is never
// renamed.
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
  kManifestFull,       // it holds as many items as one can; metadata "manifest", "limit"
  kOnManifestAlready,  // the dossier or the item number; metadata "field", "manifest"
  kPartyNotFound,      // never there, or erased
  kPartiesDamaged,     // a record of a person cannot be opened with the keys that are there
  kKeyUnusable,        // the office's master key is missing, readable by others, or another one
  kContention,         // lost the race too often
  kOverloaded,         // a queue is full
  kLogUnavailable,     // the log does not take or give events now
  kLogRefused,         // the log's broker answers, and refuses; the message says what it says
  kOutcomeUnknown,     // the deadline passed before the event was read back; retry with same id
  kNotServing,         // starting, recovering or stopping
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

struct ReasonRow {
  Reason reason;
  std::string_view word;      // UPPER_SNAKE, stable
  StatusCode code;            // the code it comes with
  bool retryable;             // whether the same request can succeed later unchanged
  std::string_view guidance;  // a sentence for the operator
};

inline constexpr std::array kReasons = {
    ReasonRow{Reason::kNone, "NONE", StatusCode::kOk, false, ""},
    ReasonRow{Reason::kFieldInvalid, "FIELD_INVALID", StatusCode::kInvalidArgument, false,
              "correct the named field and send again"},
    ReasonRow{Reason::kLimitExceeded, "LIMIT_EXCEEDED", StatusCode::kInvalidArgument, false,
              "send less; the named limit tells how much"},
    ReasonRow{Reason::kRequestIdReused, "REQUEST_ID_REUSED", StatusCode::kAlreadyExists, false,
              "give every new request a new request_id"},
    ReasonRow{Reason::kVersionMismatch, "VERSION_MISMATCH", StatusCode::kAborted, false,
              "read it again and decide on what it says now"},
    ReasonRow{Reason::kStateForbids, "STATE_FORBIDS", StatusCode::kFailedPrecondition, false,
              "its present state does not allow this; read what it says now"},
    ReasonRow{Reason::kDossierNotFound, "DOSSIER_NOT_FOUND", StatusCode::kNotFound, false,
              "check the dossier code"},
    ReasonRow{Reason::kUnitUnknown, "UNIT_UNKNOWN", StatusCode::kNotFound, false,
              "check the unit code against the catalogue"},
    ReasonRow{Reason::kProcedureUnknown, "PROCEDURE_UNKNOWN", StatusCode::kNotFound, false,
              "check the procedure code against the catalogue"},
    ReasonRow{Reason::kCalendarUnknown, "CALENDAR_UNKNOWN", StatusCode::kNotFound, false,
              "check the calendar id against the catalogue"},
    ReasonRow{Reason::kCalendarOutOfRange, "CALENDAR_OUT_OF_RANGE", StatusCode::kOutOfRange, false,
              "extend the calendar by the years that are missing"},
    ReasonRow{Reason::kLegNotFound, "LEG_NOT_FOUND", StatusCode::kNotFound, false,
              "read the route; the dossier has no such leg"},
    ReasonRow{Reason::kAlertNotFound, "ALERT_NOT_FOUND", StatusCode::kNotFound, false,
              "list the dossier's alerts; this one was never raised"},
    ReasonRow{Reason::kManifestNotFound, "MANIFEST_NOT_FOUND", StatusCode::kNotFound, false,
              "check the unit and the number of the manifest"},
    ReasonRow{Reason::kManifestFull, "MANIFEST_FULL", StatusCode::kFailedPrecondition, false,
              "open another manifest for the shipments that are left"},
    ReasonRow{Reason::kOnManifestAlready, "ON_MANIFEST_ALREADY", StatusCode::kAlreadyExists, false,
              "show the manifest; it lists each shipment and each item number once"},
    ReasonRow{Reason::kPartyNotFound, "PARTY_NOT_FOUND", StatusCode::kNotFound, false,
              "check the party's id; what was erased is not there any more"},
    ReasonRow{Reason::kPartiesDamaged, "PARTIES_DAMAGED", StatusCode::kDataLoss, false,
              "restore the folder of people from its copy, with the keys that belong to it"},
    ReasonRow{
        Reason::kKeyUnusable, "KEY_UNUSABLE", StatusCode::kFailedPrecondition, false,
        "put the office's own master key where the setting says, readable by its owner alone"},
    ReasonRow{Reason::kContention, "CONTENTION", StatusCode::kAborted, true,
              "others changed the same at the same time; try again"},
    ReasonRow{Reason::kOverloaded, "OVERLOADED", StatusCode::kResourceExhausted, true,
              "the service has more work than it can queue; slow down and try again"},
    ReasonRow{Reason::kLogUnavailable, "LOG_UNAVAILABLE", StatusCode::kUnavailable, true,
              "the log does not answer; look at its disk or broker"},
    ReasonRow{Reason::kLogRefused, "LOG_REFUSED", StatusCode::kUnavailable, true,
              "the broker refuses for the reason that it names; correct its settings, the topic's, "
              "or what this program may do there"},
    ReasonRow{Reason::kOutcomeUnknown, "OUTCOME_UNKNOWN", StatusCode::kUnavailable, true,
              "the answer did not come in time; try again with the same request_id"},
    ReasonRow{Reason::kNotServing, "NOT_SERVING", StatusCode::kUnavailable, true,
              "the service is starting or stopping; try again"},
    ReasonRow{Reason::kBehind, "BEHIND", StatusCode::kUnavailable, true,
              "the service has not read the log so far yet; try again, and look at what holds it "
              "up when that lasts"},
    ReasonRow{Reason::kStoreDamaged, "STORE_DAMAGED", StatusCode::kDataLoss, false,
              "restart the service: it rebuilds its state store from the log"},
    ReasonRow{Reason::kLogDamaged, "LOG_DAMAGED", StatusCode::kDataLoss, false,
              "the log is the only truth: restore it from a copy before anything else"},
    ReasonRow{Reason::kStoreInUse, "STORE_IN_USE", StatusCode::kFailedPrecondition, false,
              "another process holds this folder; stop it or choose another folder"},
    ReasonRow{Reason::kFileUnreadable, "FILE_UNREADABLE", StatusCode::kNotFound, false,
              "check the path and the permissions"},
    ReasonRow{Reason::kFileInvalid, "FILE_INVALID", StatusCode::kInvalidArgument, false,
              "correct the file at the named line"},
    ReasonRow{Reason::kRecordInvalid, "RECORD_INVALID", StatusCode::kDataLoss, false,
              "a record of the log is not an event; find out who wrote it"},
    ReasonRow{Reason::kScenarioOnly, "SCENARIO_ONLY", StatusCode::kFailedPrecondition, false,
              "start the services with --scenario to set their clock"},
    ReasonRow{Reason::kClockDisagrees, "CLOCK_DISAGREES", StatusCode::kUnavailable, true,
              "the machine's clock and the log's differ: set both by NTP (an embedded log follows "
              "a corrected clock after a restart); try again with the same request_id"},
    ReasonRow{Reason::kNewerSchema, "NEWER_SCHEMA", StatusCode::kUnavailable, true,
              "a newer program wrote what this one does not understand; ask another instance, "
              "upgrade this one"},
    ReasonRow{Reason::kInternal, "INTERNAL", StatusCode::kInternal, false,
              "a defect of the program; report it with the log"},
};

// How many there are.
inline constexpr std::size_t kReasonCount = kReasons.size();

static_assert(kReasonCount == static_cast<std::size_t>(Reason::kInternal) + 1, "one row each");
static_assert(
    [] {
      for (std::size_t i = 0; i < kReasonCount; ++i) {
        if (kReasons.at(i).reason != static_cast<Reason>(i)) return false;
      }
      return true;
    }(),
    "rows are in the order of the enum");

}  // namespace motcua
