// `motcua party`: people, shown as people read them, taken from files.
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <ostream>
#include <string>

#include "motcua/parties/v1/parties.pb.h"
#include "services/base/text.h"
#include "services/cli/command.h"
#include "services/cli/commands.h"
#include "services/cli/from_json.h"
#include "services/cli/table.h"

namespace motcua::cli {
namespace {

namespace pb = parties::v1;

constexpr std::size_t kInputBytesMax = 256 * 1024;
constexpr std::string_view kStandardInput = "-";

// How a party is shown; no command of its own.
constexpr CommandRow kParty = {
    .headings = {{"Mã", "party"},
                 {"Phiên bản", "version"},
                 {"Loại", "kind"},
                 {"Tên", "name"},
                 {"Giới tính", "sex"},
                 {"Thư điện tử", "email"}},
    .sections = {
        {.list = "numbers",
         .title = "Số giấy tờ",
         .headings = {{"Loại", "kind"}, {"Số", "number"}, {"Từ", "from_date"}, {"Đến", "to_date"}}},
        {.list = "addresses",
         .title = "Địa chỉ",
         .headings = {{"Loại", "kind"},
                      {"Số nhà, đường, thôn", "street"},
                      {"Xã, phường", "ward"},
                      {"Huyện (trước 1/7/2025)", "district"},
                      {"Tỉnh, thành phố", "province"}}},
        {.list = "authorisations",
         .title = "Được ủy quyền của",
         .headings = {{"Mã", "principal"},
                      {"Văn bản", "document"},
                      {"Từ", "from_date"},
                      {"Đến", "to_date"}}}}};

Result<std::string> ReadInput(const std::string& file) {
  std::string text;
  const auto read = [&text](std::istream& stream) {
    text.resize(kInputBytesMax + 1);
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
  };
  if (file == kStandardInput) {
    read(std::cin);
  } else {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
      return Status(Reason::kFileUnreadable, "cannot open " + file, {{"file", file}});
    }
    read(stream);
  }
  if (text.size() > kInputBytesMax) {
    return Status(Reason::kLimitExceeded, "file: has more than 256 KiB",
                  {{"field", "file"}, {"limit", "kInputBytesMax"}});
  }
  return text;
}

void PrintWarnings(Context& context, const Message& response) {
  for (const Message* const one : ItemsOf(response, "warnings")) {
    const auto& warning = dynamic_cast<const pb::PartyWarning&>(*one);
    const auto* const value =
        pb::PartyWarningKind_descriptor()->FindValueByNumber(static_cast<int>(warning.kind()));
    context.terminal.out << "Cảnh báo: " << warning.field() << ": "
                         << (value == nullptr ? "" : Label(*value)) << '\n';
  }
}

// Lines of texts, each after the heading.
void PrintTexts(Context& context, std::string_view heading, const Message& party,
                std::string_view list) {
  const FieldDescriptor& field = FieldAt(*party.GetDescriptor(), list);
  const auto& reflection = *party.GetReflection();
  for (int i = 0; i < reflection.FieldSize(party, &field); ++i) {
    context.terminal.out << heading << ": " << reflection.GetRepeatedString(party, &field, i)
                         << '\n';
  }
}

// Of a masked one, and of many papers, the year alone is known.
void PrintBirth(Context& context, const pb::Birth& birth) {
  if (birth.day() == 0) {
    context.terminal.out << "Năm sinh: " << birth.year() << '\n';
    return;
  }
  const auto two = [](int part) { return (part < 10 ? "0" : "") + std::to_string(part); };
  context.terminal.out << "Ngày sinh: " << two(birth.day()) << '/' << two(birth.month()) << '/'
                       << birth.year() << '\n';
}

void PrintParty(Context& context, const imports::TimeZone& zone, const pb::Party& party) {
  PrintAnswer(context, zone, party, kParty);
  if (party.has_birth()) PrintBirth(context, party.birth());
  PrintTexts(context, "Tên khác", party, "other_names");
  PrintTexts(context, "Điện thoại", party, "phones");
}

void PrintPeople(Context& context, const std::vector<const Message*>& people) {
  Table table;
  table.AddColumn("Mã", Table::Align::kLeft, Table::Width::kFirm);
  for (const char* const heading : {"Tên", "Năm sinh", "Số giấy tờ", "Điện thoại", "Xã, phường"}) {
    table.AddColumn(heading);
  }
  for (const Message* const one : people) {
    const auto& party = dynamic_cast<const pb::Party&>(*one);
    table.AddRow({party.party(), party.name(),
                  party.has_birth() ? std::to_string(party.birth().year()) : "",
                  party.numbers().empty() ? "" : party.numbers(0).number(),
                  party.phones().empty() ? "" : party.phones(0),
                  party.addresses().empty() ? "" : party.addresses(0).ward()});
  }
  context.terminal.out << table.Render(context.terminal.width);
}

// A call that changes somebody: when nobody knows the outcome, says how to ask again.
Status CallOnce(const Invocation& invocation, const Session& session, const Message& request,
                Message& response, bool& answered) {
  const Status status = session.Call(request, response);
  answered = status.ok();
  if (!answered) ReportError(invocation.context(), status, session.request_id());
  return OkStatus();
}

void PrintPut(const Invocation& invocation, const Session& session, const Message& response,
              std::string_view done) {
  Context& context = invocation.context();
  if (context.options.format != Format::kTable) {
    context.terminal.out << JsonText(response, {{"request_id", session.request_id()}}) << '\n';
    return;
  }
  context.terminal.out << done << '\n';
  constexpr Heading kHeadings[] = {{"Mã", "party"}, {"Phiên bản", "version"}};
  PrintRecord(context, session.zone(), response, kHeadings);
  PrintWarnings(context, response);
}

}  // namespace

Status PutParty(const Invocation& invocation, const Session& session) {
  pb::PutPartyRequest request;
  pb::PutPartyResponse response;
  invocation.FillRequest(request, session);
  MOTCUA_ASSIGN_OR_RETURN(const std::string json, ReadInput(invocation.Text("--file")));
  // The party, or the answer in which it was shown.
  pb::ShowPartyResponse shown;
  if (FromJson(json, shown, session.zone()).ok() && shown.has_record()) {
    *request.mutable_record() = shown.record();
  } else {
    MOTCUA_RETURN_IF_ERROR(FromJson(json, *request.mutable_record(), session.zone()));
  }
  bool answered = false;
  MOTCUA_RETURN_IF_ERROR(CallOnce(invocation, session, request, response, answered));
  if (answered) PrintPut(invocation, session, response, "Đã ghi.");
  return OkStatus();
}

Status PutCard(const Invocation& invocation, const Session& session) {
  pb::PutCardRequest request;
  pb::PutCardResponse response;
  invocation.FillRequest(request, session);
  MOTCUA_ASSIGN_OR_RETURN(*request.mutable_qr(), ReadInput(invocation.Text("--file")));
  bool answered = false;
  MOTCUA_RETURN_IF_ERROR(CallOnce(invocation, session, request, response, answered));
  if (answered) PrintPut(invocation, session, response, "Đã ghi theo thẻ.");
  return OkStatus();
}

Status ShowParty(const Invocation& invocation, const Session& session) {
  pb::ShowPartyRequest request;
  pb::ShowPartyResponse response;
  invocation.FillRequest(request, session);
  MOTCUA_RETURN_IF_ERROR(session.Call(request, response));
  Context& context = invocation.context();
  if (context.options.format == Format::kTable) {
    PrintParty(context, session.zone(), response.record());
    PrintWarnings(context, response);
  } else {
    PrintRecord(context, session.zone(), response, {});
  }
  return OkStatus();
}

Status FindParties(const Invocation& invocation, const Session& session) {
  pb::FindPartiesRequest request;
  pb::FindPartiesResponse response;
  invocation.FillRequest(request, session);
  if (invocation.Has("--phone-file")) {
    MOTCUA_ASSIGN_OR_RETURN(const std::string text, ReadInput(invocation.Text("--phone-file")));
    request.set_phone(std::string(Trim(text)));
  }
  if (invocation.Has("--number-file")) {
    MOTCUA_ASSIGN_OR_RETURN(const std::string text, ReadInput(invocation.Text("--number-file")));
    request.set_number(std::string(Trim(text)));
  }
  MOTCUA_RETURN_IF_ERROR(session.Call(request, response));
  Context& context = invocation.context();
  if (context.options.format != Format::kTable) {
    PrintJson(context, response);
    return OkStatus();
  }
  if (response.parties().empty()) {
    context.terminal.out << "Không tìm thấy ai.\n";
    return OkStatus();
  }
  PrintPeople(context, ItemsOf(response, "parties"));
  if (response.more()) context.terminal.out << "Còn nữa: cho thêm chữ trong tên, hoặc --limit N\n";
  return OkStatus();
}

Status ExportParty(const Invocation& invocation, const Session& session) {
  pb::ExportPartyRequest request;
  pb::ExportPartyResponse response;
  invocation.FillRequest(request, session);
  MOTCUA_RETURN_IF_ERROR(session.Call(request, response));
  Context& context = invocation.context();
  if (context.options.format != Format::kTable) {
    PrintJson(context, response);
    return OkStatus();
  }
  PrintParty(context, session.zone(), response.record());
  if (!response.agents().empty()) {
    context.terminal.out << "\nNgười được ủy quyền\n";
    PrintPeople(context, ItemsOf(response, "agents"));
  }
  constexpr CommandRow kLooks = {.sections = {{.list = "looks",
                                               .title = "\nNgười đã xem",
                                               .headings = {{"Lúc", "look_time"},
                                                            {"Cách", "kind"},
                                                            {"Người xem", "actor"},
                                                            {"Lý do", "purpose"}}}}};
  PrintAnswer(context, session.zone(), response, kLooks);
  return OkStatus();
}

}  // namespace motcua::cli
