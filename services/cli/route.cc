#include "motcua/routing/v1/routing.grpc.pb.h"
#include "services/cli/command.h"
#include "services/cli/commands.h"

namespace motcua::cli {
namespace {

using routing::v1::RoutingService;
using Stub = RoutingService::Stub;
using routing::v1::GetRouteRequest;
using routing::v1::GetRouteResponse;

const Flag kDossier{"dossier", "dossier", "dossier code", Need::kRequired};
const Flag kLeg{"--leg", "leg", "number of the leg, from 1", Need::kRequired};

const std::vector<Heading>& VersionHeadings() {
  static const std::vector<Heading> kHeadings = {{"Phiên bản", "version"}};
  return kHeadings;
}

void PrintRoute(Context& context, const Session& session, const GetRouteRequest&,
                const GetRouteResponse& response) {
  static const std::vector<Heading> kLegs = {{"Chặng", "leg"},      {"Bước", "stage"},
                                             {"Đơn vị", "unit"},    {"Chủ trì", "lead"},
                                             {"Thời hạn", "term"},  {"Trạng thái", "state"},
                                             {"Chuyển", "sent"},    {"Nhận", "acknowledged"},
                                             {"Hạn", "due"},        {"Tạm tính", "due_provisional"},
                                             {"Xong", "completed"}, {"Ý kiến", "outcome"},
                                             {"Trả lại", "returns"}};
  if (context.options.format != Format::kTable) {
    if (context.options.format == Format::kJson) return PrintJson(context, response);
    return PrintList(context, session.zone(), response, "legs", kLegs);
  }
  PrintRecord(context, session.zone(), response,
              {{"Mã hồ sơ", "dossier"},
               {"Trạng thái", "stage"},
               {"Bước hiện tại", "current_stage"},
               {"Phiên bản", "version"}});
  if (response.legs().empty()) {
    context.terminal.out << "Không liên thông: đơn vị tiếp nhận tự giải quyết.\n";
    return;
  }
  context.terminal.out << '\n' << RenderList(context, session.zone(), response, "legs", kLegs);
}

// The five acts on a leg have the same flags.
template <typename Request, typename Response>
void AddAct(CLI::App& group, Context& context, std::string_view name, std::string_view help,
            std::string_view done,
            grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
            std::vector<Flag> more = {}) {
  static const std::string kExample = "motcua route send 000.23.10.H49-201031-0001 --leg 1";
  std::vector<Flag> flags = {kDossier, kLeg};
  flags.insert(flags.end(), more.begin(), more.end());
  AddUnary<RoutingService>(
      group, context,
      CommandTable{name, help, flags, VersionHeadings(), done, name == "send" ? kExample : ""},
      method);
}

}  // namespace

void AddRouteCommands(CLI::App& app, Context& context) {
  CLI::App& group =
      AddGroup(app, "route", "The way of a dossier between units (liên thông), leg by leg");
  AddUnary<RoutingService>(group, context,
                           CommandTable{"show",
                                        "Show the route of a dossier",
                                        {kDossier},
                                        {},
                                        "",
                                        "motcua route show 000.23.10.H49-201031-0001"},
                           &Stub::GetRoute, Printer<GetRouteRequest, GetRouteResponse>(PrintRoute));
  AddAct(group, context, "send", "Hand a leg over to its unit (chuyển)", "Đã chuyển.",
         &Stub::SendHandOver);
  AddAct(group, context, "acknowledge", "Receive a leg (nhận); its clock starts", "Đã nhận.",
         &Stub::AcknowledgeHandOver);
  AddAct(group, context, "accept", "Take a leg into work (thụ lý)", "Đã thụ lý.", &Stub::AcceptLeg);
  AddAct(group, context, "complete", "Finish a leg (hoàn thành)", "Đã hoàn thành.",
         &Stub::CompleteLeg, {{"--outcome", "outcome", "what it says; granted when not said"}});
  AddAct(group, context, "return", "Send a leg back with a reason (trả lại)", "Đã trả lại.",
         &Stub::ReturnLeg, {{"--reason", "reason", "why", Need::kRequired}});
  AddList<RoutingService>(
      group, context,
      CommandTable{"list",
                   "The work list of a unit: legs that wait for it or are in its hands",
                   {{"--unit", "unit", "whose list", Need::kRequired}},
                   {{"Mã hồ sơ", "dossier"},
                    {"Chặng", "leg.leg"},
                    {"Trạng thái", "leg.state"},
                    {"Chuyển", "leg.sent"},
                    {"Nhận", "leg.acknowledged"},
                    {"Hạn", "leg.due"}},
                   "",
                   "motcua route list --unit 000.05.10.H49"},
      "tasks", &Stub::ListLegs);
}

}  // namespace motcua::cli
