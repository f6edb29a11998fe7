// What is said about a register as a whole, and the doubts about its rows, in words. Pure.
#pragma once

#include <iosfwd>
#include <nlohmann/json.hpp>
#include <string>

#include "services/platform/imports/register_file.h"

namespace motcua::cli {

// "closed before opened, in the future"
std::string DoubtText(unsigned doubts);

// One line for each column of mixed dates and each unknown word, and for letters that lost their
// capitals.
void ListNotes(const imports::RegisterNotes& notes, std::ostream& out);

// {"mixed_dates": [...], "unknown_words": [...], "encoding": "tcvn3", "capitals_lost": true}
nlohmann::ordered_json NotesJson(const imports::RegisterNotes& notes);

}  // namespace motcua::cli
