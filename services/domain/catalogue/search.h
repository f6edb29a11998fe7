// Finding procedures by words, and counting what a catalogue covers. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/domain/catalogue/catalogue.h"

namespace motcua::catalogue {

inline constexpr std::size_t kSearchBytesMax = 256;

// The newest version of each procedure, or with `on` the one in force on that day, in the order of
// the catalogue.
std::vector<const Procedure*> ProceduresOn(const Catalogue& catalogue, std::optional<CivilDate> on);

struct Hit {
  const Procedure* procedure = nullptr;
  bool with_marks = false;  // every word stands there with its accents as asked
};

// Those of `procedures` of whose words (name, field, code) each word of `text` begins one, in any
// order, with or without accents. Whose accents are as asked come first, then by name in Vietnamese
// order. FIELD_INVALID for no word at all, or more than kSearchBytesMax.
Result<std::vector<Hit>> Search(const std::vector<const Procedure*>& procedures,
                                std::string_view text);

// How many procedures there are of each kind; what a list of procedures says of itself and a report
// can be held against.
struct CoverageRow {
  std::string_view group;  // "tier", "interconnection", "field", …
  std::string key;
  std::string label;  // for people
  std::size_t count = 0;
};
std::vector<CoverageRow> Coverage(const Catalogue& catalogue,
                                  const std::vector<const Procedure*>& procedures);

}  // namespace motcua::catalogue
