// What every topic gives: how its events are folded into a dossier and printed, and how its actions
// are decided. Who adds an event or an action adds it in its topic's header, and the compiler names
// what is missing in the topic's source and in correct.cc, which says what can be taken back.
#pragma once

#include <string>

#include "services/domain/cases/decide.h"
#include "services/domain/cases/dossier.h"

namespace motcua::cases {

// One event on one dossier.
struct Folding {
  Dossier& dossier;
  ZonedTime decided;  // by the writer's clock: what the event's own dates were computed from
  ZonedTime at;       // what counts
  const Parts& parts;
};
void Fold(const Folding& folding, const IntakePayload& payload);
void Fold(const Folding& folding, const RoutingPayload& payload);
void Fold(const Folding& folding, const DeadlinePayload& payload);
void Fold(const Folding& folding, const PostalPayload& payload);

// The payload's fields, each after a blank (Print of an event).
std::string Text(const IntakePayload& payload);
std::string Text(const RoutingPayload& payload);
std::string Text(const DeadlinePayload& payload);
std::string Text(const PostalPayload& payload);
std::string Text(const ManifestPayload& payload);

// One command in a partition. `now` is the partition's time.
struct Deciding {
  View& view;
  const catalogue::Catalogue& catalogue;
  Instant now;
  const Command& command;
};
Result<Decision> Decide(const Deciding& deciding, const IntakeAction& action);
Result<Decision> Decide(const Deciding& deciding, const RoutingAction& action);
Result<Decision> Decide(const Deciding& deciding, const DeadlineAction& action);
Result<Decision> Decide(const Deciding& deciding, const PostalAction& action);
Result<Decision> Decide(const Deciding& deciding, const ManifestAction& action);

// ---- Parts that topics share -------------------------------------------------------------------

// A dossier that is there, in the version that the command asks for, with the moment in its zone.
// Valid until the next look at the view.
struct Present {
  const Dossier& dossier;
  const catalogue::Catalogue& catalogue;
  ZonedTime at;
};
// DOSSIER_NOT_FOUND, VERSION_MISMATCH.
Result<Present> FindPresent(const Deciding& deciding);
// STATE_FORBIDS: the dossier "cannot be `verb`" in its stage.
Status Forbidden(const Dossier& dossier, std::string_view verb);
Decision Forward(const Present& present, Payload payload);
// Refused when the clock was stopped kPausesMax times.
Status CanPause(const Dossier& dossier);

template <typename Number>
std::string NumberText(Number value) {
  return std::to_string(static_cast<int>(value));
}
std::string TimeText(const std::optional<ZonedTime>& time);
std::string SettingText(const ClockSetting& clock);
std::string CalendarText(const CalendarUsed& calendar);

}  // namespace motcua::cases
