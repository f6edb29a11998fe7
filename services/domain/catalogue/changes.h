// What another catalogue would change: for whom a load matters. Pure.
#pragma once

#include <string>
#include <vector>

#include "services/domain/catalogue/catalogue.h"

namespace motcua::catalogue {

// Codes, in the order of the catalogue that has them.
struct ChangedCodes {
  std::vector<std::string> added;
  std::vector<std::string> changed;  // what the clock runs by, or what is posted
  std::vector<std::string> removed;

  bool empty() const { return added.empty() && changed.empty() && removed.empty(); }
};

struct Changes {
  ChangedCodes units;
  ChangedCodes procedures;  // a procedure with all its versions is one
  ChangedCodes calendars;   // "vn-state version 2"
};

Changes Compare(const Catalogue& before, const Catalogue& after);

}  // namespace motcua::catalogue
