// `motcua due`: due dates for everybody, without a server. Scripts rely on its flags, its output
// and its exit status, as --help tells them.
#pragma once

#include <cstddef>
#include <iostream>
#include <istream>
#include <ostream>

#include "services/base/status.h"
#include "services/domain/calendar/calendar.h"
#include "services/domain/deadline/term.h"

namespace CLI {
class App;  // NOLINT(readability-identifier-naming): the library's
}

namespace motcua::cli {

// Adds the sub-command `due`. When it runs it sets `exit_code`: 0, or 2 for bad input (told on
// `err`, naming flag and reason), or 1 when the output cannot be written.
void AddDueCommand(CLI::App& app, int& exit_code, std::istream& in = std::cin,
                   std::ostream& out = std::cout, std::ostream& err = std::cerr);

struct DueBatchResult {
  std::size_t lines = 0;        // answered, without the header
  std::size_t bad = 0;          // of them, answered with "error: …"
  std::size_t provisional = 0;  // of them, with a due date that rests on days not decided yet
};
// Reads CSV with the columns received, term, mode, start (the last two optional, empty =
// `defaults`) and writes one line per record: a due date or "error: …". FILE_INVALID when the
// header lacks a column.
Result<DueBatchResult> RunDueBatch(const calendar::Calendar& calendar,
                                   const deadline::DuePolicy& defaults, std::istream& in,
                                   std::ostream& out);

}  // namespace motcua::cli
