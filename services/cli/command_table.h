// A command as a row of a table: its words, the method that it calls, its arguments with the
// request's fields that they set, and the headings under which the answer is shown. Plain constants
// without any heavy include; command.h runs them, cli.cc makes the command line of them.
//
// What a row does not say follows from the method's descriptors: a command prints what is done and
// its headings, a list follows its pages and prints a table, another read prints a record.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "services/base/status.h"

namespace motcua::cli {

class Invocation;
class Session;

enum class Need { kOptional, kRequired };
enum class ArgumentKind {
  kField,  // sets a field of the request, whose type says what may be given
  kText,   // the others are the command's own, for its code
  kWhole,  // a number without a fraction
  kNumber,
  kSwitch,
};

// A flag without dashes is a positional argument.
struct Argument {
  std::string_view flag = {};
  std::string_view field = {};  // path in the request, "query.unit"; empty: the command's own
  std::string_view help = {};
  Need need = Need::kOptional;

  bool whole_days = false;  // of an instant: a day alone is its end, midnight in --zone

  // Of the command's own ones.
  ArgumentKind kind = ArgumentKind::kField;
  std::string_view type = {};    // what --help shows after the flag
  std::string_view preset = {};  // when not given
  double least = 0;              // of a number; both 0: any
  double most = 0;
  std::string (*help_end)() = nullptr;  // what the help text ends with

  constexpr bool empty() const { return flag.empty(); }
};

constexpr Argument Switch(std::string_view flag, std::string_view help) {
  return {.flag = flag, .help = help, .kind = ArgumentKind::kSwitch};
}
constexpr Argument Text(std::string_view flag, std::string_view type, std::string_view help,
                        Need need = Need::kOptional, std::string_view preset = {}) {
  return {.flag = flag,
          .help = help,
          .need = need,
          .kind = ArgumentKind::kText,
          .type = type,
          .preset = preset};
}

// A field of the answer under its heading.
struct Heading {
  std::string_view text = {};
  std::string_view field = {};
  constexpr bool empty() const { return text.empty(); }
};

inline constexpr std::size_t kArgumentsMax = 16;
inline constexpr std::size_t kHeadingsMax = 24;
inline constexpr std::size_t kSectionHeadingsMax = 13;
inline constexpr std::size_t kSectionsMax = 3;

// A list of the answer below its record: a table, or plain lines where it has no headings.
struct Section {
  std::string_view list = {};  // field of the answer
  std::string_view title = {};
  std::string_view none = {};  // the line when there is nothing in it; empty: nothing is shown
  Heading headings[kSectionHeadingsMax] = {};
  bool is_csv = false;  // whether --format csv prints these rows, not the record
  constexpr bool empty() const { return list.empty(); }
};

// The entries of a table that are filled.
template <typename Entry, std::size_t kMax>
constexpr std::span<const Entry> Filled(const Entry (&entries)[kMax]) {
  std::size_t count = 0;
  while (count < kMax && !entries[count].empty()) ++count;
  return {entries, count};
}

struct CommandRow {
  std::string_view path = {};    // "dossier supplement request"
  std::string_view method = {};  // full name; empty: it is no rpc
  std::string_view help = {};
  Argument arguments[kArgumentsMax] = {};
  Heading headings[kHeadingsMax] = {};
  Section sections[kSectionsMax] = {};
  std::string_view done = {};     // of a command: the line that says so
  std::string_view example = {};  // shown under the options
  // Code that takes the place of call and printing; `run_alone` needs no server.
  Status (*run)(const Invocation& invocation, const Session& session) = nullptr;
  Status (*run_alone)(const Invocation& invocation) = nullptr;
  bool writes_html = false;
};

// The words before the last of a command, and what they are about.
struct GroupRow {
  std::string_view path;
  std::string_view help;
};

}  // namespace motcua::cli
