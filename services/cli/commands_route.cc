#include "services/cli/commands.h"

namespace motcua::cli {
namespace {

constexpr Argument kDossier{"dossier", "dossier", "dossier code", Need::kRequired};
constexpr Argument kLeg{"--leg", "leg", "number of the leg, from 1", Need::kRequired};
constexpr Heading kVersion{"Phiên bản", "version"};

constexpr CommandRow kRows[] = {
    {.path = "route show",
     .method = "motcua.routing.v1.RoutingService.GetRoute",
     .help = "Show the route of a dossier",
     .arguments = {kDossier},
     .headings = {{"Mã hồ sơ", "dossier"},
                  {"Trạng thái", "stage"},
                  {"Bước hiện tại", "current_stage"},
                  kVersion},
     .sections = {{.list = "legs",
                   .none = "Không liên thông: đơn vị tiếp nhận tự giải quyết.",
                   .headings = {{"Chặng", "leg"},
                                {"Bước", "stage"},
                                {"Đơn vị", "unit"},
                                {"Chủ trì", "lead"},
                                {"Thời hạn", "term"},
                                {"Trạng thái", "state"},
                                {"Chuyển", "sent"},
                                {"Nhận", "acknowledged"},
                                {"Hạn", "due"},
                                {"Tạm tính", "due_provisional"},
                                {"Xong", "completed"},
                                {"Ý kiến", "outcome"},
                                {"Trả lại", "returns"}},
                   .is_csv = true}},
     .example = "motcua route show 000.23.10.H49-201031-0001"},
    {.path = "route send",
     .method = "motcua.routing.v1.RoutingService.SendHandOver",
     .help = "Hand a leg over to its unit (chuyển)",
     .arguments = {kDossier, kLeg},
     .headings = {kVersion},
     .done = "Đã chuyển.",
     .example = "motcua route send 000.23.10.H49-201031-0001 --leg 1"},
    {.path = "route acknowledge",
     .method = "motcua.routing.v1.RoutingService.AcknowledgeHandOver",
     .help = "Receive a leg (nhận); its clock starts",
     .arguments = {kDossier, kLeg},
     .headings = {kVersion},
     .done = "Đã nhận."},
    {.path = "route accept",
     .method = "motcua.routing.v1.RoutingService.AcceptLeg",
     .help = "Take a leg into work (thụ lý)",
     .arguments = {kDossier, kLeg},
     .headings = {kVersion},
     .done = "Đã thụ lý."},
    {.path = "route complete",
     .method = "motcua.routing.v1.RoutingService.CompleteLeg",
     .help = "Finish a leg (hoàn thành)",
     .arguments = {kDossier, kLeg, {"--outcome", "outcome", "what it says; granted when not said"}},
     .headings = {kVersion},
     .done = "Đã hoàn thành."},
    {.path = "route return",
     .method = "motcua.routing.v1.RoutingService.ReturnLeg",
     .help = "Send a leg back with a reason (trả lại)",
     .arguments = {kDossier, kLeg, {"--reason", "reason", "why", Need::kRequired}},
     .headings = {kVersion},
     .done = "Đã trả lại."},
    {.path = "route list",
     .method = "motcua.routing.v1.RoutingService.ListLegs",
     .help = "The work list of a unit: legs that wait for it or are in its hands",
     .arguments = {{"--unit", "unit", "whose list", Need::kRequired}},
     .headings = {{"Mã hồ sơ", "dossier"},
                  {"Chặng", "leg.leg"},
                  {"Trạng thái", "leg.state"},
                  {"Chuyển", "leg.sent"},
                  {"Nhận", "leg.acknowledged"},
                  {"Hạn", "leg.due"}},
     .example = "motcua route list --unit 000.05.10.H49"},
};

}  // namespace

std::span<const CommandRow> RouteCommands() { return kRows; }

}  // namespace motcua::cli
