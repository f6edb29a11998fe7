#include "services/domain/cases/topics/topic.h"

namespace motcua::cases {

Result<Present> FindPresent(const Deciding& deciding) {
  const Command& command = deciding.command;
  MOTCUA_ASSIGN_OR_RETURN(const Dossier* dossier, deciding.view.FindDossier(command.dossier));
  if (dossier == nullptr) {
    return Status(Reason::kDossierNotFound, "there is no dossier " + command.dossier.value(),
                  {{"dossier", command.dossier.value()}});
  }
  MOTCUA_RETURN_IF_ERROR(
      CheckVersion(command, "dossier " + dossier->code.value(), dossier->head.version));
  // The zone of the clock's calendar, or the one the dossier was recorded in.
  ZonedTime at{deciding.now, dossier->received.offset};
  if (const calendar::Calendar* calendar = deciding.catalogue.FindCalendar(
          dossier->clock.calendar, dossier->clock.calendar_version)) {
    at = calendar->zone().ToZoned(deciding.now);
  }
  return Present{*dossier, deciding.catalogue, at};
}

Status Forbidden(const Dossier& dossier, std::string_view verb) {
  const std::string state(Name(dossier.stage));
  return Status(
      Reason::kStateForbids,
      "dossier " + dossier.code.value() + " is " + state + " and cannot be " + std::string(verb),
      {{"state", state}});
}

Decision Forward(const Present& present, Payload payload) {
  return Decision{.dossier = present.dossier.code, .at = present.at, .payload = std::move(payload)};
}

Status CanPause(const Dossier& dossier) {
  if (dossier.clock.pauses.size() < kPausesMax) return OkStatus();
  return Status(Reason::kStateForbids,
                "dossier " + dossier.code.value() + " was paused " + std::to_string(kPausesMax) +
                    " times, the most there can be",
                {{"state", "PAUSES_EXHAUSTED"}});
}

std::string TimeText(const std::optional<ZonedTime>& time) {
  return time ? FormatZonedTime(*time) : "-";
}
std::string SettingText(const ClockSetting& clock) {
  return " due=" + TimeText(clock.due) +
         " due_soon=" + (clock.due_soon ? FormatInstant(*clock.due_soon) : "-") +
         (clock.provisional ? " provisional" : "");
}
std::string CalendarText(const CalendarUsed& calendar) {
  if (calendar == CalendarUsed{}) return "";
  return " calendar=" + calendar.id.value() + "/" + std::to_string(calendar.version.value());
}

}  // namespace motcua::cases
