// Why a dossier's due date is what it is, in Vietnamese, a line each: for officers and citizens.
// Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "services/domain/cases/dossier.h"
#include "services/domain/catalogue/catalogue.h"

namespace motcua::deadline {

// Computed anew from the premises in the dossier and the version of the calendar that it names;
// says so where that version is not in the catalogue any more, or where the result differs.
std::vector<std::string> ExplainInVietnamese(const cases::Dossier& dossier,
                                             const catalogue::Catalogue& catalogue);

}  // namespace motcua::deadline
