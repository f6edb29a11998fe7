// Parts that decisions share (decide.h).
#include <string>

#include "services/domain/cases/decide.h"

namespace motcua::cases {

Result<const calendar::Calendar*> CalendarOfUnit(const catalogue::Catalogue& catalogue,
                                                 const UnitCode& unit) {
  const catalogue::Unit* found = catalogue.FindUnit(unit);
  if (found == nullptr) {
    return Status(Reason::kUnitUnknown, "unit " + unit.value() + " is not in the catalogue",
                  {{"unit", unit.value()}});
  }
  const calendar::Calendar* calendar = catalogue.FindCalendar(found->calendar);
  MOTCUA_CHECK(calendar != nullptr, "the catalogue holds a unit without its calendar");
  return calendar;
}

Status IsItemFree(const std::string& item_number, const std::vector<ItemUse>& uses,
                  const ZonedTime& at) {
  for (const ItemUse& use : uses) {
    const CivilDate given = ZonedTime{use.handed_over, at.offset}.date();
    if (!use.open && at.date() >= postal::ItemFreeFrom(given)) continue;
    return Status(Reason::kFieldInvalid,
                  "item_number: " + item_number + " was given to the shipment of dossier " +
                      use.dossier.value() + " on " + FormatDate(given) +
                      (use.open ? ", which has not ended" : ", less than 12 months ago (S10)"),
                  {{"field", "item_number"}, {"dossier", use.dossier.value()}});
  }
  return OkStatus();
}

Status CheckVersion(const Command& command, std::string_view what, Version present) {
  if (command.expected_version == 0 || command.expected_version == present) return OkStatus();
  return Status(Reason::kVersionMismatch,
                std::string(what) + " has version " + std::to_string(present) + ", not " +
                    std::to_string(command.expected_version),
                {{"expected", std::to_string(command.expected_version)},
                 {"actual", std::to_string(present)}});
}

}  // namespace motcua::cases
