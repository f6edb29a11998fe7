#include "services/cli/command.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <ostream>
#include <utility>

#include "services/base/check.h"
#include "services/cli/table.h"
#include "services/cli/text_width.h"
#include "services/platform/grpc/methods.h"
#include "services/wire/csv/csv_writer.h"

namespace motcua::cli {
namespace {

using rpc::MethodKind;

constexpr Argument kExpectedVersion{"--expected-version", "expected_version",
                                    "refuse when the dossier has changed since this version"};
constexpr Argument kExpectedManifestVersion{
    "--expected-version", "expected_version",
    "refuse when the manifest has changed since this version"};
constexpr Argument kPageArguments[] = {
    {.flag = "--limit",
     .help = "at most so many",
     .kind = ArgumentKind::kWhole,
     .type = "N",
     .preset = "50",
     .least = 1,
     .most = kPageLimitMax},
    Switch("--all", "everything, however much it is"),
    Text("--page-token", "TOKEN", "go on after an earlier answer"),
};

const FieldDescriptor* FieldOf(const Message& message, const char* name) {
  return message.GetDescriptor()->FindFieldByName(name);
}

void SetText(Message& message, const char* name, const std::string& text) {
  message.GetReflection()->SetString(&message, FieldOf(message, name), text);
}

std::string TextOf(const Message& message, const char* name) {
  return message.GetReflection()->GetString(message, FieldOf(message, name));
}

bool IsList(const rpc::Method& method) {
  return FieldOf(*method.response, "next_page_token") != nullptr;
}

// The field of a list's answer that holds its items: the first that is repeated.
const FieldDescriptor& ItemsField(const Message& response) {
  const Descriptor& type = *response.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    if (type.field(i)->is_repeated()) return *type.field(i);
  }
  MOTCUA_CHECK(false, "a list without items");
}

const Argument& ArgumentAt(const std::vector<Argument>& arguments, std::string_view flag) {
  const auto found = std::find_if(arguments.begin(), arguments.end(),
                                  [flag](const Argument& at) { return at.flag == flag; });
  MOTCUA_CHECK(found != arguments.end(), "a command asks for an argument that it does not have");
  return *found;
}

// Sets request id and actor where the request has them.
void SetContext(Message& request, const Context& context, const Session& session) {
  const FieldDescriptor* const head = FieldOf(request, "context");
  if (head != nullptr) {
    Message& inner = *request.GetReflection()->MutableMessage(&request, head);
    SetText(inner, "request_id", session.request_id());
    SetText(inner, "actor", context.options.actor);
  } else if (FieldOf(request, "request_id") != nullptr) {
    SetText(request, "request_id", session.request_id());
  }
}

// A table of the messages in field `list`, whatever --format says.
std::string RenderList(const Context& context, const imports::TimeZone& zone,
                       const Message& response, std::string_view list, Headings headings) {
  const Descriptor& item_type = *FieldAt(*response.GetDescriptor(), list).message_type();
  Table table;
  for (const Heading& heading : headings) {
    const FieldDescriptor& field = FieldAt(item_type, heading.field);
    const bool number = field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32 ||
                        field.cpp_type() == FieldDescriptor::CPPTYPE_INT32 ||
                        field.cpp_type() == FieldDescriptor::CPPTYPE_INT64;
    // Half a number is of no use.
    const bool firm = field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE ||
                      field.name() == "dossier" || field.name() == "manifest" ||
                      field.name() == "principal";
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

void PrintSection(Context& context, const imports::TimeZone& zone, const Message& response,
                  const Section& section, bool is_first) {
  std::ostream& out = context.terminal.out;
  const FieldDescriptor& field = FieldAt(*response.GetDescriptor(), section.list);
  const auto& reflection = *response.GetReflection();
  const int count = reflection.FieldSize(response, &field);
  if (count == 0) {
    if (!section.none.empty()) out << section.none << '\n';
    return;
  }
  if (!is_first) out << '\n';
  if (!section.title.empty()) out << section.title << '\n';
  const Headings headings = Filled(section.headings);
  if (!headings.empty()) {
    out << RenderList(context, zone, response, section.list, headings);
    return;
  }
  for (int i = 0; i < count; ++i) {
    out << "  " << reflection.GetRepeatedString(response, &field, i) << '\n';
  }
}

void PrintCsv(Context& context, const Message& response, std::string_view list) {
  const Descriptor& item_type = *FieldAt(*response.GetDescriptor(), list).message_type();
  PrintCsvRow(context, CsvColumns(item_type));
  for (const Message* item : ItemsOf(response, list)) PrintCsvRow(context, CsvCells(*item));
}

// The answer of a changing command.
void PrintDone(Context& context, const Session& session, const Message& request,
               const Message& response, const CommandRow& row) {
  if (context.options.format == Format::kJson) {
    // What the request named and the answer does not.
    const auto named = [&](const char* field) {
      const bool only_there =
          FieldOf(request, field) != nullptr && FieldOf(response, field) == nullptr;
      return only_there ? TextOf(request, field) : std::string();
    };
    context.terminal.out << JsonText(response, {{"manifest", named("manifest")},
                                                {"dossier", named("dossier")},
                                                {"request_id", session.request_id()}})
                         << '\n';
    return;
  }
  if (context.options.format == Format::kTable && !row.done.empty()) {
    context.terminal.out << row.done << '\n';
  }
  PrintRecord(context, session.zone(), response, Filled(row.headings));
}

void PrintList(Context& context, const imports::TimeZone& zone, const Message& response,
               Headings headings) {
  const std::string& list = ItemsField(response).name();
  switch (context.options.format) {
    case Format::kJson:
      return PrintJson(context, response);
    case Format::kCsv:
      return PrintCsv(context, response, list);
    case Format::kTable:
    case Format::kHtml:
      break;
  }
  const std::size_t count = ItemsOf(response, list).size();
  if (count == 0) {
    context.terminal.out << "Không có dòng nào.\n";
    return;
  }
  context.terminal.out << RenderList(context, zone, response, list, headings);
  const std::string token = TextOf(response, "next_page_token");
  if (token.empty()) return;
  context.terminal.out << "Còn nữa sau " << count << " dòng: --limit N, --all, hoặc --page-token "
                       << token << '\n';
}

// One call.
Status RunCall(const Invocation& invocation, const Session& session, const rpc::Method& method) {
  const std::unique_ptr<Message> request = method.NewRequest();
  const std::unique_ptr<Message> response = method.NewResponse();
  invocation.FillRequest(*request, session);
  MOTCUA_RETURN_IF_ERROR(session.Call(*request, *response));
  if (method.kind == MethodKind::kCommand) {
    PrintDone(invocation.context(), session, *request, *response, invocation.row());
  } else {
    PrintAnswer(invocation.context(), session.zone(), *response, invocation.row());
  }
  return OkStatus();
}

// The pages of a list.
Status RunList(const Invocation& invocation, const Session& session, const rpc::Method& method) {
  const std::unique_ptr<Message> request = method.NewRequest();
  const std::unique_ptr<Message> whole = method.NewResponse();
  invocation.FillRequest(*request, session);
  SetText(*request, "page_token", invocation.Text("--page-token"));
  const bool all = invocation.Has("--all");
  int left = all ? kPageSizeMax : static_cast<int>(invocation.Whole("--limit"));
  while (left > 0) {
    request->GetReflection()->SetInt32(request.get(), FieldOf(*request, "page_size"),
                                       std::min(left, kPageSizeMax));
    const std::unique_ptr<Message> next = method.NewResponse();
    MOTCUA_RETURN_IF_ERROR(session.Call(*request, *next));
    if (!all) left -= static_cast<int>(ItemsOf(*next, ItemsField(*next).name()).size());
    whole->MergeFrom(*next);
    const std::string token = TextOf(*next, "next_page_token");
    SetText(*whole, "next_page_token", token);
    if (token.empty()) break;
    SetText(*request, "page_token", token);
  }
  PrintList(invocation.context(), session.zone(), *whole, Filled(invocation.row().headings));
  return OkStatus();
}

Status RunInSession(const Invocation& invocation, const Session& session) {
  const CommandRow& row = invocation.row();
  if (row.run != nullptr) return row.run(invocation, session);
  const rpc::Method& method = MethodOf(row);
  return IsList(method) ? RunList(invocation, session, method)
                        : RunCall(invocation, session, method);
}

}  // namespace

std::string Invocation::Text(std::string_view flag) const {
  const auto found = given_.find(flag);
  return found == given_.end() ? std::string(ArgumentAt(ArgumentsOf(row_), flag).preset)
                               : found->second;
}

std::int64_t Invocation::Whole(std::string_view flag) const {
  const std::string text = Text(flag);
  std::int64_t number = 0;
  if (text.empty()) return number;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) {
    throw UsageError(flag, "\"" + text + "\" is not a number that fits");
  }
  return number;
}

double Invocation::Number(std::string_view flag) const {
  const std::string text = Text(flag);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw UsageError(flag, "\"" + text + "\" is not a number");
  }
  return number;
}

void Invocation::FillRequest(Message& request, const Session& session) const {
  for (const Argument& argument : ArgumentsOf(row_)) {
    if (argument.kind != ArgumentKind::kField || !Has(argument.flag)) continue;
    std::string text = given_.at(argument.flag);
    if (const Result<CivilDate> day = ParseDate(text); argument.whole_days && day.ok()) {
      text = FormatDate(*day + 1) + "T00:00";
    }
    const Status status = SetField(request, argument.field, text, session.zone());
    if (!status.ok()) throw UsageError(argument.flag, status.message());
  }
  SetContext(request, context_, session);
}

std::vector<Argument> ArgumentsOf(const CommandRow& row) {
  const auto own = Filled(row.arguments);
  std::vector<Argument> arguments(own.begin(), own.end());
  if (row.run != nullptr || row.run_alone != nullptr) return arguments;
  const rpc::Method& method = MethodOf(row);
  if (FieldOf(*method.request, "expected_version") != nullptr) {
    arguments.push_back(FieldOf(*method.request, "manifest") == nullptr ? kExpectedVersion
                                                                        : kExpectedManifestVersion);
  }
  if (IsList(method)) {
    arguments.insert(arguments.end(), std::begin(kPageArguments), std::end(kPageArguments));
  }
  return arguments;
}

const rpc::Method& MethodOf(const CommandRow& row) {
  const rpc::Method* const method = rpc::FindMethod(row.method);
  MOTCUA_CHECK(method != nullptr, "a command calls a method that the contract does not have");
  return *method;
}

void RunCommand(const Invocation& invocation) {
  const CommandRow& row = invocation.row();
  Context& context = invocation.context();
  if (context.options.format == Format::kHtml && !row.writes_html) {
    throw UsageError("--format", "this command writes no page");
  }
  if (row.run_alone != nullptr) {
    const Status status = row.run_alone(invocation);
    if (!status.ok()) ReportError(context, status);
    return;
  }
  const Result<Session> session = Session::Open(context);
  // Only an option can be wrong here: nothing was sent.
  if (!session.ok()) throw UsageError("options", session.status().message());
  if (context.options.verbose) {
    context.terminal.err << "note: trace " << FormatTraceId(session->trace()) << '\n';
  }
  const Status status = RunInSession(invocation, *session);
  if (status.ok()) return;
  // Code of a command's own sends more than one request, none of them with this id.
  const bool repeatable = row.run == nullptr && MethodOf(row).kind == MethodKind::kCommand;
  ReportError(context, status, repeatable ? session->request_id() : "");
}

// ---- Printing ----------------------------------------------------------------------------------

void PrintJson(Context& context, const Message& message) {
  context.terminal.out << JsonText(message) << '\n';
}

void PrintAnswer(Context& context, const imports::TimeZone& zone, const Message& response,
                 const CommandRow& row) {
  for (const Section& section : Filled(row.sections)) {
    if (section.is_csv && context.options.format == Format::kCsv) {
      return PrintCsv(context, response, section.list);
    }
  }
  PrintRecord(context, zone, response, Filled(row.headings));
  if (context.options.format != Format::kTable) return;
  bool is_first = Filled(row.headings).empty();
  for (const Section& section : Filled(row.sections)) {
    PrintSection(context, zone, response, section, std::exchange(is_first, false));
  }
}

void PrintCsvRow(Context& context, const std::vector<std::string>& cells) {
  const wire::CsvDialect& dialect = context.options.csv_dialect;
  std::string line;
  if (!std::exchange(context.csv_begun, true)) line = wire::CsvPreamble(dialect);
  wire::AppendCsvRow(line, cells, dialect);
  context.terminal.out << line;
}

void PrintRecord(Context& context, const imports::TimeZone& zone, const Message& message,
                 Headings headings) {
  switch (context.options.format) {
    case Format::kJson:
      return PrintJson(context, message);
    case Format::kCsv:
      PrintCsvRow(context, CsvColumns(*message.GetDescriptor()));
      return PrintCsvRow(context, CsvCells(message));
    case Format::kTable:
    case Format::kHtml:
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

std::vector<const Message*> ItemsOf(const Message& response, std::string_view list) {
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

}  // namespace motcua::cli
