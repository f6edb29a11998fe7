// A command as a table: its name, its flags with the request's fields that they set, and the
// headings under which the answer is shown. AddUnary and AddList make a sub-command of it: they
// read the options, make the call, and print the answer as table, JSON or CSV.
//
// The tables live as constants for the life of the program; one thread.
#pragma once

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/cli/context.h"
#include "services/cli/fields.h"
#include "services/cli/session.h"

namespace motcua::cli {

enum class Need { kOptional, kRequired };

// An option that sets a field of the request. A flag without dashes is a positional argument.
struct Flag {
  std::string_view flag;
  std::string_view field;  // path in the request, "query.unit"
  std::string_view help;
  Need need = Need::kOptional;
};

// A field of the answer under its heading.
struct Heading {
  std::string_view text;
  std::string_view field;
};

struct CommandTable {
  std::string_view name;
  std::string_view help;
  std::vector<Flag> flags;
  std::vector<Heading> headings;
  std::string_view done;     // of a changing command: the line that says so
  std::string_view example;  // shown under the options
};

// --server, --format, --timeout and so on. Given at the program or at a command, it is the same.
void AddCommonOptions(CLI::App& app, Context& context);
// A group of commands, of which one must be given.
CLI::App& AddGroup(CLI::App& parent, const std::string& name, const std::string& help);
// A command whose options are still to be added.
CLI::App& AddCommand(CLI::App& parent, Context& context, std::string_view name,
                     std::string_view help, std::string_view example = "");

// The texts of a command's flags, set into a request when the command runs: only then is the zone
// known in which its times are.
class FlagTexts {
 public:
  // `type` is that of the request.
  void Add(CLI::App& command, const Descriptor& type, const Flag& flag);
  // A flag that the user gave but that cannot be right is a usage error (CLI::ValidationError).
  void Apply(Message& request, const imports::TimeZone& zone) const;

 private:
  struct Given {
    Flag flag;
    std::string text;
    CLI::Option* option = nullptr;
  };
  std::vector<std::unique_ptr<Given>> given_;
};

// Runs `body` with a session; what it answers becomes the exit status. `changing`: the error says
// how to send the same request again.
void RunWithSession(Context& context, bool changing,
                    const std::function<Status(const Session&)>& body);

// Sets request id and actor where the request has them; whether it does.
bool SetContext(Message& request, const Context& context, const Session& session);
bool IsChanging(const Descriptor& type);

// ---- Printing ----------------------------------------------------------------------------------

void PrintJson(Context& context, const Message& message);
// One message: a line for each heading, an object, or a CSV of one row.
void PrintRecord(Context& context, const imports::TimeZone& zone, const Message& message,
                 const std::vector<Heading>& headings);
// The answer of a changing command.
void PrintDone(Context& context, const Session& session, const Message& request,
               const Message& response, const CommandTable& command);
// The list in field `list` of `response`.
void PrintList(Context& context, const imports::TimeZone& zone, const Message& response,
               const std::string& list, const std::vector<Heading>& headings);
// A table of the messages in field `list`, whatever --format says.
std::string RenderList(const Context& context, const imports::TimeZone& zone,
                       const Message& response, const std::string& list,
                       const std::vector<Heading>& headings);
void PrintCsvRow(Context& context, const std::vector<std::string>& cells);
// Messages in field `list`.
std::vector<const Message*> ItemsOf(const Message& response, const std::string& list);

// ---- Commands ----------------------------------------------------------------------------------

template <typename Request, typename Response>
using Printer = std::function<void(Context&, const Session&, const Request&, const Response&)>;

// A command that is one call.
template <typename Service, typename Request, typename Response>
void AddUnary(CLI::App& parent, Context& context, const CommandTable& command,
              grpc::Status (Service::Stub::*method)(grpc::ClientContext*, const Request&,
                                                    Response*),
              Printer<Request, Response> print = {}) {
  CLI::App& app = AddCommand(parent, context, command.name, command.help, command.example);
  auto flags = std::make_shared<FlagTexts>();
  for (const Flag& flag : command.flags) flags->Add(app, *Request::descriptor(), flag);
  if (Request::descriptor()->FindFieldByName("expected_version") != nullptr) {
    flags->Add(app, *Request::descriptor(),
               {"--expected-version", "expected_version",
                "refuse when the dossier has changed since this version", Need::kOptional});
  }
  app.callback([&context, command, method, flags, print] {
    const bool changing = IsChanging(*Request::descriptor());
    RunWithSession(context, changing, [&](const Session& session) -> Status {
      Request request;
      flags->Apply(request, session.zone());
      SetContext(request, context, session);
      Response response;
      MOTCUA_RETURN_IF_ERROR((session.Call<Service>(method, request, response)));
      if (print) {
        print(context, session, request, response);
      } else if (changing) {
        PrintDone(context, session, request, response, command);
      } else {
        PrintRecord(context, session.zone(), response, command.headings);
      }
      return OkStatus();
    });
  });
}

struct PageOptions {
  int limit = 50;
  bool all = false;
  std::string token;

  void Add(CLI::App& command);
};
inline constexpr int kPageSizeMax = 1000;

// A command that fetches the pages of a list; `list` is the field that holds the items.
template <typename Service, typename Request, typename Response>
void AddList(CLI::App& parent, Context& context, const CommandTable& command,
             const std::string& list,
             grpc::Status (Service::Stub::*method)(grpc::ClientContext*, const Request&,
                                                   Response*)) {
  CLI::App& app = AddCommand(parent, context, command.name, command.help, command.example);
  auto flags = std::make_shared<FlagTexts>();
  for (const Flag& flag : command.flags) flags->Add(app, *Request::descriptor(), flag);
  auto page = std::make_shared<PageOptions>();
  page->Add(app);
  app.callback([&context, command, method, list, flags, page] {
    RunWithSession(context, false, [&](const Session& session) -> Status {
      Request request;
      flags->Apply(request, session.zone());
      request.set_page_token(page->token);
      Response whole;
      int left = page->all ? kPageSizeMax : page->limit;
      while (left > 0) {
        request.set_page_size(std::min(left, kPageSizeMax));
        Response next;
        MOTCUA_RETURN_IF_ERROR((session.Call<Service>(method, request, next)));
        if (!page->all) left -= static_cast<int>(ItemsOf(next, list).size());
        whole.MergeFrom(next);
        whole.set_next_page_token(next.next_page_token());
        if (next.next_page_token().empty()) break;
        request.set_page_token(next.next_page_token());
      }
      PrintList(context, session.zone(), whole, list, command.headings);
      return OkStatus();
    });
  });
}

}  // namespace motcua::cli
