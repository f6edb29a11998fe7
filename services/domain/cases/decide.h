// Decide: refuses a command, or answers with the event that it is (architecture.md §1). Pure; it
// reads only the aggregates that its event makes steps on, their notes, and the catalogue; of a
// manifest also the dossiers that are put on it, which is looked at again when they follow.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "services/base/status.h"
#include "services/domain/cases/actions.h"
#include "services/domain/cases/dossier.h"
#include "services/domain/cases/view.h"
#include "services/domain/catalogue/catalogue.h"

namespace motcua::cases {

struct Decision {
  DossierCode dossier;        // empty: the event is about what stands first in `others`
  bool takes_number = false;  // the event names the book too
  ZonedTime at;
  Payload payload;
  bool already_there = false;            // the dossier says it already: there is no event
  std::vector<AggregateId> others = {};  // that it makes a step on, of other kinds
};
// The aggregates that its event makes a step on; the first is the one that it is about.
std::vector<AggregateId> AggregatesOf(const Decision& decision);

// What a command is about, where it is there; none when there is none, or one is to be created.
Result<std::optional<AggregateId>> FindSubject(View& view, const Command& command);
// The code of the next dossier of `day`. STATE_FORBIDS, NUMBERS_EXHAUSTED when there is no more.
Result<DossierCode> NextCode(View& view, const UnitCode& unit, CivilDate day);
// The number after the last that `book` gave in `year`; refused in the same way.
Result<std::uint32_t> NextRegisterNumber(const Book& book, std::int32_t year);
// Decide's part for rows of a register: a new dossier, a later state of one, or nothing new.
Result<Decision> DecideImport(View& view, const catalogue::Catalogue& catalogue, Instant now,
                              const ImportDossier& action);

// ---- Parts that decisions share ----------------------------------------------------------------

// Refused as long as another shipment has the number, and for a year from when it was given.
Status IsItemFree(const std::string& item_number, const std::vector<ItemUse>& uses,
                  const ZonedTime& at);
// UNIT_UNKNOWN when it is not in the catalogue.
Result<const calendar::Calendar*> CalendarOfUnit(const catalogue::Catalogue& catalogue,
                                                 const UnitCode& unit);
// VERSION_MISMATCH when the caller saw another version than `present` of what it calls `what`.
Status CheckVersion(const Command& command, std::string_view what, Version present);

// `now` is the partition's time: never before its last accepted event.
Result<Decision> Decide(View& view, const catalogue::Catalogue& catalogue, Instant now,
                        const Command& command);

}  // namespace motcua::cases
