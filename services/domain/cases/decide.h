// Decide: refuses a command, or answers with the event that it is (architecture.md §1). Pure; it
// reads only the aggregates that its event names, and the catalogue.
#pragma once

#include <cstdint>

#include "services/base/status.h"
#include "services/domain/cases/actions.h"
#include "services/domain/cases/dossier.h"
#include "services/domain/catalogue/catalogue.h"

namespace motcua::cases {

// What a decision may look at. Implemented by the engine over accepted or speculative state.
class View {
 public:
  virtual ~View() = default;
  // Null when there is none. Valid until the next call; so is a book.
  virtual Result<const Dossier*> FindDossier(const DossierCode& code) = 0;
  virtual Result<const Book*> FindBook(const UnitCode& unit) = 0;
  // The last number given to a dossier of `day` at `unit`; 0 if none.
  virtual Result<std::uint32_t> LastNumber(const UnitCode& unit, CivilDate day) = 0;
};

struct Decision {
  DossierCode dossier;
  bool takes_number = false;  // the event names the book too
  ZonedTime at;
  Payload payload;
};

// `now` is the partition's time: never before its last accepted event.
Result<Decision> Decide(View& view, const catalogue::Catalogue& catalogue, Instant now,
                        const Command& command);

}  // namespace motcua::cases
