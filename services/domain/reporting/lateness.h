// Where the time of a dossier went, from the receipt to the result in the citizen's hands: the only
// definition. Every moment of it is one party's: an agency's (the receiving unit or that of a leg),
// the citizen's, or the carrier's; so the parts add up to the whole exactly.
//
// - While the clock stands the standstill's reason says whose time it is: papers and payments are
//   the citizen's; another agency's opinion and suspension under a sector law are agencies'.
// - Else, until the result: on a route, of the stage that is not done the leg that is done last (of
//   open ones the lead, else the first), since all others wait for it. From its sending on it is
//   the time of the leg's unit, before that of the unit that is to send it; of a leg that was sent
//   back only its last journey is known, so what went before is its sender's. Without a route, and
//   after it, it is the receiving unit's.
// - After the result: the agency's until the carrier has it, the carrier's until it is closed or is
//   back, the citizen's where it waits to be fetched.
//
// A late dossier got late at the one who had it when the date passed; that is an agency, for no
// clock runs out while it stands. A withdrawn dossier is never late.
//
// Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "services/domain/reporting/classify.h"

namespace motcua::reporting {

using codes::Party;
using codes::TimePart;

Party PartyOf(TimePart part);

// Who had the dossier. `leg` counts from 1, 0: none; `unit` is empty of what is no agency's.
struct Holder {
  TimePart part = TimePart::kReceiving;
  std::uint8_t leg = 0;
  cases::UnitCode unit;
  friend auto operator<=>(const Holder&, const Holder&) = default;
};
struct Stretch {
  Holder holder;
  Instant from;
  Instant to;
};

// From the receipt to its end (closed; or resolved, of a withdrawn one), or to `until` if that
// comes first. Ascending, each begins where the one before ends; no empty ones.
std::vector<Stretch> TimeOf(const cases::Dossier& dossier, Instant until);

// What late dossiers were at one holder, or in all. Times in microseconds.
struct LateCounts {
  std::int64_t dossiers = 0;  // that got late there
  std::int64_t returned = 0;  // whose result was returned; in all alone
  std::int64_t time = 0;
  std::int64_t overdue = 0;  // of it, what lay between the date that was missed and the result

  void Add(const LateCounts& other);
  friend bool operator==(const LateCounts&, const LateCounts&) = default;
};
// All of them, in the order in which they are stored.
inline constexpr std::array kLateCounts = {&LateCounts::dossiers, &LateCounts::returned,
                                           &LateCounts::time, &LateCounts::overdue};
static_assert(sizeof(LateCounts) == kLateCounts.size() * sizeof(std::int64_t), "one is left out");

// A part of what one late dossier adds to the report.
struct LateAmount {
  CivilDate day;                 // on which it counts
  bool after_result = false;     // it is known when the result is returned, else with the result
  std::optional<Holder> holder;  // none: in all
  LateCounts counts;
};
// Who had it when its date passed. None: it is not resolved, or not late by `verdict`.
std::optional<Holder> GotLateAt(const cases::Dossier& dossier, Verdict verdict);
// Nothing: likewise.
std::vector<LateAmount> LateAmountsOf(const cases::Dossier& dossier, Verdict verdict);

struct LatenessRow {
  Holder holder;
  std::string name;  // of its unit
  LateCounts counts;
  friend bool operator==(const LatenessRow&, const LatenessRow&) = default;
};
// The sums of the rows are `all`, but for its `returned`.
struct LatenessReport {
  std::vector<LatenessRow> rows;  // by holder; no empty ones
  LateCounts all;
  friend bool operator==(const LatenessReport&, const LatenessReport&) = default;
};

}  // namespace motcua::reporting
