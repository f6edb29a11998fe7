// Decide: refuses a command, or answers with the event that it is (architecture.md §1). Pure; it
// reads only the aggregates that its event names, and the catalogue.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "services/base/status.h"
#include "services/domain/cases/actions.h"
#include "services/domain/cases/dossier.h"
#include "services/domain/catalogue/catalogue.h"

namespace motcua::cases {

// Where an item number of the post is or was in use.
struct ItemUse {
  DossierCode dossier;
  Instant handed_over;
  bool open = false;  // the shipment has not ended
  friend bool operator==(const ItemUse&, const ItemUse&) = default;
};

// What a decision may look at. Implemented by the engine over accepted or speculative state.
class View {
 public:
  virtual ~View() = default;
  // Null when there is none. Valid until the next call; so is a book.
  virtual Result<const Dossier*> FindDossier(const DossierCode& code) = 0;
  virtual Result<const Book*> FindBook(const UnitCode& unit) = 0;
  // The last number given to a dossier of `day` at `unit`; 0 if none.
  virtual Result<std::uint32_t> LastNumber(const UnitCode& unit, CivilDate day) = 0;
  // The dossier that the case `id` of a register (RecordId) became at `unit`. Known to the service
  // that imports; none elsewhere.
  virtual Result<std::optional<DossierCode>> DossierOfRecord(const UnitCode& unit,
                                                             const RequestId& id) = 0;
  // Known to the service that hands over to the post. It sees what it has folded, of all
  // partitions, and what this partition has in flight; not what another one decides meanwhile.
  virtual Result<std::vector<ItemUse>> UsesOfItem(std::string_view item_number) = 0;
};

struct Decision {
  DossierCode dossier;
  bool takes_number = false;  // the event names the book too
  ZonedTime at;
  Payload payload;
  bool already_there = false;  // the dossier says it already: there is no event
};

// The dossier that a command is about; null when there is none, or one is to be created.
Result<const Dossier*> FindSubject(View& view, const Command& command);
// The code of the next dossier of `day`. STATE_FORBIDS, NUMBERS_EXHAUSTED when there is no more.
Result<DossierCode> NextCode(View& view, const UnitCode& unit, CivilDate day);
// The number after the last that `book` gave in `year`; refused in the same way.
Result<std::uint32_t> NextRegisterNumber(const Book& book, std::int32_t year);
// Decide's part for rows of a register: a new dossier, a later state of one, or nothing new.
Result<Decision> DecideImport(View& view, const catalogue::Catalogue& catalogue, Instant now,
                              const ImportDossier& action);

// `now` is the partition's time: never before its last accepted event.
Result<Decision> Decide(View& view, const catalogue::Catalogue& catalogue, Instant now,
                        const Command& command);

}  // namespace motcua::cases
