// What runs a row of command_table.h: its arguments become a request, the call is made, the answer
// is printed as table, JSON or CSV. Code of a command's own uses the same parts.
//
// One thread.
#pragma once

#include <google/protobuf/message.h>

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "services/cli/command_table.h"
#include "services/cli/context.h"
#include "services/cli/fields.h"
#include "services/cli/session.h"

namespace motcua::rpc {
struct Method;
}

namespace motcua::cli {

inline constexpr int kPageSizeMax = 1000;
inline constexpr int kPageLimitMax = 1'000'000;

// A flag that the user gave but that cannot be right. Nothing was sent; exit status 2.
class UsageError : public std::runtime_error {
 public:
  UsageError(std::string_view flag, const std::string& what)
      : std::runtime_error(std::string(flag) + ": " + what) {}
};

// A row with what the user gave for its arguments.
class Invocation {
 public:
  Invocation(const CommandRow& row, Context& context) : row_(row), context_(context) {}

  void Give(std::string_view flag, std::string text) { given_[flag] = std::move(text); }

  const CommandRow& row() const { return row_; }
  Context& context() const { return context_; }

  // Of the command's own arguments: what was given, else the preset.
  bool Has(std::string_view flag) const { return given_.contains(flag); }
  std::string Text(std::string_view flag) const;
  std::int64_t Whole(std::string_view flag) const;  // 0 when not given
  double Number(std::string_view flag) const;
  // Sets the fields of the request that the others name, and its context. Only when the command
  // runs: then the zone is known in which its times are. Throws UsageError.
  void FillRequest(Message& request, const Session& session) const;

 private:
  const CommandRow& row_;
  Context& context_;
  std::map<std::string_view, std::string> given_;
};

// What every row of its kind takes beside its own arguments: --expected-version, --limit and so on.
std::vector<Argument> ArgumentsOf(const CommandRow& row);
// The method of the row; a defect if the contract has none of its name.
const rpc::Method& MethodOf(const CommandRow& row);

// Runs it; the context gets the exit status.
void RunCommand(const Invocation& invocation);

// ---- Printing ----------------------------------------------------------------------------------

using Headings = std::span<const Heading>;

void PrintJson(Context& context, const Message& message);
// One message: a line for each heading, an object, or a CSV of one row.
void PrintRecord(Context& context, const imports::TimeZone& zone, const Message& message,
                 Headings headings);
// The same with the sections of a row below it.
void PrintAnswer(Context& context, const imports::TimeZone& zone, const Message& response,
                 const CommandRow& row);
void PrintCsvRow(Context& context, const std::vector<std::string>& cells);
// Messages in field `list`.
std::vector<const Message*> ItemsOf(const Message& response, std::string_view list);

}  // namespace motcua::cli
