#include "services/cli/command.h"

#include <cctype>
#include <nlohmann/json.hpp>
#include <ostream>
#include <utility>

#include "services/cli/table.h"
#include "services/cli/text_width.h"
#include "services/wire/csv/csv_writer.h"

namespace motcua::cli {
namespace {

constexpr double kTimeoutSecondsMin = 0.05;
constexpr double kTimeoutSecondsMax = 3600;

// "TIME", "DATE", "direct|online|postal": what the help shows behind a flag.
std::string TypeName(const FieldDescriptor& field) {
  if (field.is_repeated()) return "N,N,…";
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_ENUM:
      return Choices(*field.enum_type());
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return field.message_type()->name() == "Date" ? "DATE" : "TIME";
    case FieldDescriptor::CPPTYPE_STRING:
      return "TEXT";
    default:
      return "N";
  }
}

void AddTlsOptions(CLI::App& app, TlsOptions& tls, const std::string& group) {
  const auto add_file = [&](const char* flag, std::string& file, const char* help) {
    app.add_option(flag, file, help)->type_name("FILE")->group(group);
  };
  app.add_flag("--tls", tls.enabled, "speak TLS with the server; or set MOTCUA_TLS=1")
      ->group(group);
  add_file("--ca-file", tls.ca_file,
           "PEM file of the authority of the server's certificate, the machine's own authorities "
           "when not said; or set MOTCUA_CA_FILE");
  add_file("--certificate-file", tls.certificate_file,
           "PEM file of your own certificate, where the server asks for one; or set "
           "MOTCUA_CERTIFICATE_FILE");
  add_file("--key-file", tls.key_file, "PEM file of its key; or set MOTCUA_KEY_FILE");
  app.add_option(
         "--server-name", tls.server_name,
         "the name in the server's certificate where it is not the host of --server; or set "
         "MOTCUA_SERVER_NAME")
      ->type_name("NAME")
      ->group(group);
}

}  // namespace

void AddCommonOptions(CLI::App& app, Context& context) {
  static const std::map<std::string, Format> kFormats = {
      {"table", Format::kTable}, {"json", Format::kJson}, {"csv", Format::kCsv}};
  Options& options = context.options;
  const std::string group = "Common options";
  app.add_option("--server", options.server, "where the services listen; or set MOTCUA_SERVER")
      ->type_name("HOST:PORT")
      ->capture_default_str()
      ->group(group);
  app.add_option("--cluster", options.cluster,
                 "file with the instances of each service, instead of --server; or set "
                 "MOTCUA_CLUSTER")
      ->envname("MOTCUA_CLUSTER")
      ->type_name("FILE")
      ->group(group);
  AddTlsOptions(app, options.tls, group);
  app.add_option("--format", options.format, "table for people, json or csv for scripts")
      ->transform(CLI::CheckedTransformer(kFormats).description(""))
      ->type_name("table|json|csv")
      ->default_str("table")
      ->group(group);
  static const std::map<std::string, wire::CsvDialect> kDialects = {
      {"plain", wire::kCsvForPrograms}, {"excel", wire::kCsvForSpreadsheets}};
  app.add_option_function<std::string>(
         "--csv-dialect",
         [&options](const std::string& name) { options.csv_dialect = kDialects.at(name); },
         "csv for programs, or as a spreadsheet opens it: UTF-8 with its mark, semicolons, and no "
         "cell that it would run as a formula")
      ->check(CLI::IsMember(kDialects).description(""))
      ->type_name("plain|excel")
      ->default_str("plain")
      ->group(group);
  app.add_option("--zone", options.zone, "zone of times that are given or shown without an offset")
      ->type_name("NAME")
      ->capture_default_str()
      ->group(group);
  app.add_option("--timeout", options.timeout_seconds, "give up after so many seconds")
      ->type_name("SECONDS")
      ->check(CLI::Range(kTimeoutSecondsMin, kTimeoutSecondsMax).description(""))
      ->capture_default_str()
      ->group(group);
  app.add_option(
         "--at-least", options.at_least,
         "answer as soon as what this position of an earlier answer says is seen; any: what "
         "the service has; without: all that stands in the log; or set MOTCUA_AT_LEAST")
      ->envname("MOTCUA_AT_LEAST")
      ->type_name("POSITION|any")
      ->group(group);
  app.add_option("--actor", options.actor, "who asks: an id, never a name")
      ->type_name("ID")
      ->capture_default_str()
      ->group(group);
  app.add_flag("--verbose", options.verbose, "also say which trace the request belongs to")
      ->group(group);
  app.add_option("--request-id", options.request_id,
                 "UUID of this request; give the same one again to repeat it safely")
      ->type_name("UUID")
      ->group(group);
}

CLI::App& AddGroup(CLI::App& parent, const std::string& name, const std::string& help) {
  CLI::App& group = *parent.add_subcommand(name, help);
  group.require_subcommand(1);
  return group;
}

CLI::App& AddCommand(CLI::App& parent, Context& context, std::string_view name,
                     std::string_view help, std::string_view example) {
  CLI::App& command = *parent.add_subcommand(std::string(name), std::string(help));
  AddCommonOptions(command, context);
  if (!example.empty()) command.footer("Example:\n  " + std::string(example));
  return command;
}

void FlagTexts::Add(CLI::App& command, const Descriptor& type, const Flag& flag) {
  given_.push_back(std::make_unique<Given>(Given{flag, "", nullptr}));
  Given& given = *given_.back();
  const FieldDescriptor& field = FieldAt(type, flag.field);
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL) {
    given.text = "true";
    const std::string help(flag.help);  // CLI11 takes a moved one for a variable to fill
    given.option = command.add_flag(std::string(flag.flag), help);
    return;
  }
  given.option = command.add_option(std::string(flag.flag), given.text, std::string(flag.help));
  given.option->type_name(TypeName(field))->required(flag.need == Need::kRequired);
}

void FlagTexts::Apply(Message& request, const imports::TimeZone& zone) const {
  for (const auto& given : given_) {
    if (given->option->count() == 0) continue;
    const Status status = SetField(request, given->flag.field, given->text, zone);
    if (!status.ok()) throw CLI::ValidationError(std::string(given->flag.flag), status.message());
  }
}

void RunWithSession(Context& context, bool changing,
                    const std::function<Status(const Session&)>& body) {
  const Result<Session> session = Session::Open(context);
  if (!session.ok()) {
    // Only an option can be wrong here: nothing was sent.
    throw CLI::ValidationError("options", session.status().message());
  }
  if (context.options.verbose) {
    context.terminal.err << "note: trace " << FormatTraceId(session->trace()) << '\n';
  }
  const Status status = body(*session);
  if (!status.ok()) ReportError(context, status, changing ? session->request_id() : "");
}

bool IsChanging(const Descriptor& type) {
  return type.FindFieldByName("context") != nullptr ||
         type.FindFieldByName("request_id") != nullptr;
}

bool SetContext(Message& request, const Context& context, const Session& session) {
  const Descriptor& type = *request.GetDescriptor();
  const auto set = [&](const char* path, const std::string& text) {
    const Status status = SetField(request, path, text, session.zone());
    MOTCUA_CHECK(status.ok(), "a text field takes any text");
  };
  if (type.FindFieldByName("context") != nullptr) {
    set("context.request_id", session.request_id());
    set("context.actor", context.options.actor);
  } else if (type.FindFieldByName("request_id") != nullptr) {
    set("request_id", session.request_id());
  }
  return IsChanging(type);
}

// ---- Printing ----------------------------------------------------------------------------------

void PrintJson(Context& context, const Message& message) {
  context.terminal.out << ToJson(message).dump(2) << '\n';
}

void PrintCsvRow(Context& context, const std::vector<std::string>& cells) {
  const wire::CsvDialect& dialect = context.options.csv_dialect;
  std::string line;
  if (!std::exchange(context.csv_begun, true)) line = wire::CsvPreamble(dialect);
  wire::AppendCsvRow(line, cells, dialect);
  context.terminal.out << line;
}

void PrintRecord(Context& context, const imports::TimeZone& zone, const Message& message,
                 const std::vector<Heading>& headings) {
  switch (context.options.format) {
    case Format::kJson:
      return PrintJson(context, message);
    case Format::kCsv:
      PrintCsvRow(context, CsvColumns(*message.GetDescriptor()));
      return PrintCsvRow(context, CsvCells(message));
    case Format::kTable:
      break;
  }
  std::size_t width = 0;
  for (const Heading& heading : headings) width = std::max(width, DisplayWidth(heading.text));
  for (const Heading& heading : headings) {
    const std::string text = FieldText(message, heading.field, zone);
    context.terminal.out << PadRight(heading.text, width) << "  " << (text.empty() ? "–" : text)
                         << '\n';
  }
}

void PrintDone(Context& context, const Session& session, const Message& request,
               const Message& response, const CommandTable& command) {
  if (context.options.format == Format::kJson) {
    nlohmann::ordered_json json = ToJson(response);
    const FieldDescriptor* const dossier = request.GetDescriptor()->FindFieldByName("dossier");
    if (dossier != nullptr && !json.contains("dossier")) {
      json["dossier"] = request.GetReflection()->GetString(request, dossier);
    }
    json["request_id"] = session.request_id();
    context.terminal.out << json.dump(2) << '\n';
    return;
  }
  if (context.options.format == Format::kTable && !command.done.empty()) {
    context.terminal.out << command.done << '\n';
  }
  PrintRecord(context, session.zone(), response, command.headings);
}

std::vector<const Message*> ItemsOf(const Message& response, const std::string& list) {
  const FieldDescriptor& field = FieldAt(*response.GetDescriptor(), list);
  const auto& reflection = *response.GetReflection();
  const int count = reflection.FieldSize(response, &field);
  std::vector<const Message*> items;
  items.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    items.push_back(&reflection.GetRepeatedMessage(response, &field, i));
  }
  return items;
}

std::string RenderList(const Context& context, const imports::TimeZone& zone,
                       const Message& response, const std::string& list,
                       const std::vector<Heading>& headings) {
  const Descriptor& item_type = *FieldAt(*response.GetDescriptor(), list).message_type();
  Table table;
  for (const Heading& heading : headings) {
    const FieldDescriptor& field = FieldAt(item_type, heading.field);
    const bool number = field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32 ||
                        field.cpp_type() == FieldDescriptor::CPPTYPE_INT32 ||
                        field.cpp_type() == FieldDescriptor::CPPTYPE_INT64;
    const bool firm =
        field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE || field.name() == "dossier";
    table.AddColumn(std::string(heading.text), number ? Table::Align::kRight : Table::Align::kLeft,
                    firm ? Table::Width::kFirm : Table::Width::kFlexible);
  }
  for (const Message* item : ItemsOf(response, list)) {
    std::vector<std::string> cells;
    cells.reserve(headings.size());
    for (const Heading& heading : headings) {
      cells.push_back(FieldText(*item, heading.field, zone));
    }
    table.AddRow(std::move(cells));
  }
  return table.Render(context.terminal.width);
}

void PrintList(Context& context, const imports::TimeZone& zone, const Message& response,
               const std::string& list, const std::vector<Heading>& headings) {
  switch (context.options.format) {
    case Format::kJson:
      return PrintJson(context, response);
    case Format::kCsv:
      PrintCsvRow(context, CsvColumns(*FieldAt(*response.GetDescriptor(), list).message_type()));
      for (const Message* item : ItemsOf(response, list)) PrintCsvRow(context, CsvCells(*item));
      return;
    case Format::kTable:
      break;
  }
  const std::size_t count = ItemsOf(response, list).size();
  if (count == 0) {
    context.terminal.out << "Không có dòng nào.\n";
    return;
  }
  context.terminal.out << RenderList(context, zone, response, list, headings);
  const FieldDescriptor* const token = response.GetDescriptor()->FindFieldByName("next_page_token");
  const bool more =
      token != nullptr && !response.GetReflection()->GetString(response, token).empty();
  if (more) {
    context.terminal.out << "Còn nữa sau " << count << " dòng: --limit N, --all, hoặc --page-token "
                         << response.GetReflection()->GetString(response, token) << '\n';
  }
}

void PageOptions::Add(CLI::App& command) {
  constexpr int kLimitMax = 1'000'000;
  command.add_option("--limit", limit, "at most so many")
      ->type_name("N")
      ->check(CLI::Range(1, kLimitMax).description(""))
      ->capture_default_str();
  command.add_flag("--all", all, "everything, however much it is");
  command.add_option("--page-token", token, "go on behind an earlier answer")->type_name("TOKEN");
}

}  // namespace motcua::cli
