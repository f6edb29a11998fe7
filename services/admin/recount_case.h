// What a recount keeps of a dossier, and what becomes of it: its verdict (recount.cc), and who had
// its time (recount_time.cc).
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "services/domain/cases/events.h"

namespace motcua::admin {

// A leg as the receipt plans it.
struct PlannedLeg {
  std::string unit;
  int stage = 1;
  bool lead = false;
  friend auto operator<=>(const PlannedLeg&, const PlannedLeg&) = default;
};

// What decides how a dossier counts.
struct Fact {
  cases::Version version = 0;
  enum class Kind : std::uint8_t { kStop, kGoOn, kResult, kWithdrawn, kClosed, kRecord } kind;
  cases::PauseReason reason = cases::PauseReason::kSupplement;
  bool flag = false;  // rejected; by post
  ZonedTime at;
  std::optional<ZonedTime> due;     // that counts from here on
  std::optional<ZonedTime> closed;  // of a register
  cases::Outcome outcome = cases::Outcome::kNone;
};
// What says only where it was meanwhile.
struct Move {
  cases::Version version = 0;
  enum class Kind : std::uint8_t {
    kSent,        // leg
    kDone,        // leg
    kSentBack,    // leg
    kToBePosted,  // a shipment was registered
    kPosted,      // the carrier has it
    kCameBack,    // from the carrier
    kPostAnew,    // released to the post once more
  } kind;
  std::uint8_t leg = 0;  // from 1
  Instant at;
};

struct RecountCase {
  bool counts = false;  // received or imported, and not refused
  ZonedTime received;
  std::optional<ZonedTime> due;
  std::string field;
  std::string procedure;
  std::string channel;
  std::string level = "-";
  std::string interconnection = "-";
  bool by_post = false;                            // its result, as was wished at the receipt
  const std::vector<PlannedLeg>* route = nullptr;  // none: the receiving unit does it alone
  std::vector<Fact> facts;
  std::vector<Move> moves;
};

// What has become of a dossier, whatever is asked.
struct RecountLife {
  struct Stop {
    ZonedTime from;
    cases::PauseReason reason = cases::PauseReason::kSupplement;
    std::optional<ZonedTime> to;
    std::optional<ZonedTime> due_before;
  };
  // A date that was over; from when it counts as missed.
  struct Missed {
    ZonedTime due;
    ZonedTime from;
  };

  explicit RecountLife(const RecountCase& found);

  std::vector<Stop> stops;
  std::optional<ZonedTime> due;
  std::optional<ZonedTime> ended;
  bool withdrawn = false;
  bool rejected = false;
  std::optional<ZonedTime> closed;
  bool closed_by_post = false;
  std::optional<Missed> missed;
  std::optional<Missed> missed_by_day;

  const std::optional<Missed>& MissedBy(bool by_instant) const {
    return by_instant && missed ? missed : missed_by_day;
  }
  // Ended, and not in time.
  bool Late(bool by_instant) const;

 private:
  bool standing() const { return !stops.empty() && !stops.back().to; }
  void StopAt(const ZonedTime& at, cases::PauseReason reason);
  void EndAt(const ZonedTime& at);
  void MoveDue(const std::optional<ZonedTime>& to, ZonedTime open_until);
  void Take(const Fact& fact);
};

// Who had a dossier: a part of its time, as the contract's TimePart calls it, the number of a leg
// (0: none), and the agency's unit.
struct Who {
  std::string_view part;
  std::size_t leg = 0;
  std::string unit;
  friend auto operator<=>(const Who&, const Who&) = default;
};
// "leg 2 000.00.01.H49": the key of its row in the table of lateness.
std::string NameOf(const Who& who);

struct Spell {
  Instant from;
  Instant to;
  Who who;
  friend bool operator==(const Spell&, const Spell&) = default;
};

// The two ways of a dossier's time; each counts from its begin to `until`.
std::vector<Spell> SpellsBeforeResult(const std::string& dossier, const RecountCase& found,
                                      const RecountLife& life, Instant until);
std::vector<Spell> SpellsAfterResult(const std::string& dossier, const RecountCase& found,
                                     const RecountLife& life, Instant until);
// When the result was there; no earlier than the receipt.
Instant ResultOf(const RecountCase& found, const RecountLife& life);
// The unit that a dossier code begins with.
std::string UnitText(const std::string& dossier);

}  // namespace motcua::admin
