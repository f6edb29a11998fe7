// Planted bugs: the proof that the judges of the simulation and of the chaos round can fail
// (tests/simulation/README.md, tests/chaos/planted_test.cc).
//
//   if (MOTCUA_PLANTED(kSkipDedupe)) return false;
//
// In production builds the macro is the constant false. Tests compile second copies of some sources
// with MOTCUA_PLANT, plant one bug at a time and must catch it. Set before anything runs.
#pragma once

#ifdef MOTCUA_PLANT

#include <cstdint>

namespace motcua::engine {

enum class Bug : std::uint8_t {
  kNone,
  kSkipDedupe,             // request ids are neither remembered by Decide nor by Accept
  kIgnoreTip,              // Accept looks at versions only
  kReplyBeforeReadBack,    // a command is answered when it was appended
  kApplyWithoutAccept,     // every event that can be read is folded
  kOffsetOffByOne,         // the store says one record more than was folded
  kOffsetNotStored,        // state without the offset in its batch
  kTimerTwice,             // an alert that was raised is not noted
  kRefuseFromSpeculation,  // a refusal rests on events in flight
  kRefuseFromStaleState,   // a refusal rests on a state that others have left behind
  kKeepSpeculation,        // the speculative state is never built again
  kForgetOwed,             // reactions that were owed are forgotten at a restart
  kTimeGoesBack,        // an event counts at its writer's instant, be it earlier than the last one
  kNumberFromAccepted,  // numbers are taken from accepted instead of speculative state
  kUnknownIsFailed,     // an unknown append counts as failed; decided anew under another id
  kSinkNotCleared,      // index rows are written again with the next commit
  kReplyTwice,          // a caller is called twice
  kLoseReply,           // a command that lost its race is dropped
  kTipWithoutInstant,   // the tip of a dossier does not cover the instants of its fold
  kDecideEarlyAgain,    // an event that landed before its predecessor is decided anew
  kNoNonce,             // events that are decided alike have the same bytes
  kWaitByClock,         // waits are kept by the clock that may be set
  kDecideUnderstoodOrNot,  // what a newer program wrote is passed over, and decided on
  kFormatWithoutSchema,    // rows that an older program has folded are kept after an upgrade
  kTrustEveryClock,        // Accept does not look at the instants that the log gave
  kDecideByAnyClock,       // a writer goes on deciding by a clock that the log has refused
  kCountEveryNumber,       // a recorded number moves its day's counter to where none can follow
  kOneYearPerBook,         // a register book knows the numbers of its latest year alone
  kReportsAsTheyCome,      // a late report of the carrier counts as the latest
  kUndoAsItBecame,         // what an event changed is noted as it is after it, not before
  kLateTimeLost,           // what the legs had of late dossiers' time is counted nowhere
  kLateTimeMoved,          // what the citizen had of it is counted as the receiving unit's
  kAcksOne,                // Kafka: a record counts as appended when one broker has it
};
inline Bug planted_bug = Bug::kNone;

}  // namespace motcua::engine

#define MOTCUA_PLANTED(bug) \
  (::motcua::engine::planted_bug == ::motcua::engine::Bug::bug) /* NOLINT(*-macro-*) */

#else

#define MOTCUA_PLANTED(bug) false

#endif
