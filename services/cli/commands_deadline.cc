#include "services/cli/commands.h"

namespace motcua::cli {
namespace {

constexpr Argument kDossier{"dossier", "dossier", "dossier code", Need::kRequired};
constexpr Heading kVersion{"Phiên bản", "version"};

constexpr CommandRow kClockRows[] = {
    {.path = "deadline show",
     .method = "motcua.deadline.v1.DeadlineService.GetDeadline",
     .help = "Show the due date and why it is what it is",
     .arguments = {kDossier},
     .headings = {{"Mã hồ sơ", "dossier"},
                  {"Trạng thái", "stage"},
                  {"Thời hạn", "term"},
                  {"Lịch", "calendar"},
                  {"Tính từ", "clock_start"},
                  {"Hẹn trả lần đầu", "first_due"},
                  {"Hẹn trả", "due"},
                  {"Lịch tạm tính", "due_provisional"},
                  {"Có kết quả", "resolved"},
                  kVersion},
     .sections = {{.list = "pauses",
                   .title = "Tạm dừng",
                   .headings = {{"Lý do", "reason"},
                                {"Từ", "from"},
                                {"Đến", "to"},
                                {"Hẹn trả trước đó", "due_before"}}},
                  {.list = "alerts",
                   .title = "Cảnh báo",
                   .headings = {{"Loại", "kind"},
                                {"Chặng", "leg"},
                                {"Hạn", "due_time"},
                                {"Phát lúc", "raise_time"},
                                {"Đã xem", "acknowledged"}}},
                  {.list = "explanation", .title = "Cách tính"}},
     .example = "motcua deadline show 000.23.10.H49-201031-0001"},
    {.path = "deadline pause",
     .method = "motcua.deadline.v1.DeadlineService.PauseClock",
     .help = "Stop the clock (tạm dừng), for another reason than a supplement",
     .arguments = {kDossier, {"--reason", "reason", "why", Need::kRequired}},
     .headings = {kVersion},
     .done = "Đã tạm dừng thời hạn.",
     .example = "motcua deadline pause 000.23.10.H49-201031-0001 --reason financial_duty"},
    {.path = "deadline resume",
     .method = "motcua.deadline.v1.DeadlineService.ResumeClock",
     .help = "Let the clock go on with what was left",
     .arguments = {kDossier},
     .headings = {kVersion},
     .done = "Thời hạn chạy tiếp.",
     .example = "motcua deadline resume 000.23.10.H49-201031-0001"},
};

constexpr CommandRow kAlertRows[] = {
    {.path = "alerts list",
     .method = "motcua.deadline.v1.DeadlineService.ListAlerts",
     .help = "List alerts in the order in which they were raised",
     .arguments = {{"--unit", "unit", "only about clocks of this unit"},
                   {"--open-only", "open_only", "leave out those that were taken note of"}},
     .headings = {{"Phát lúc", "raise_time"},
                  {"Loại", "kind"},
                  {"Mã hồ sơ", "dossier"},
                  {"Chặng", "leg"},
                  {"Đơn vị", "unit"},
                  {"Hạn", "due_time"},
                  {"Đã xem", "acknowledged"}},
     .example = "motcua alerts list --unit 000.23.10.H49 --open-only"},
    {.path = "alerts watch",
     .method = "motcua.deadline.v1.DeadlineService.WatchAlerts",
     .help = "Print alerts as they are raised, also over a connection that breaks; Ctrl-C ends it",
     .arguments = {{"--unit", "unit", "only alerts about clocks of this unit"},
                   {"--resume-token", "resume_token",
                    "go on after this alert; 0: from the first; without: only new ones"},
                   {.flag = "--count",
                    .help = "end after so many; 0: never",
                    .kind = ArgumentKind::kWhole,
                    .type = "N"}},
     .example = "motcua alerts watch --unit 000.23.10.H49 --resume-token 0 --format json",
     .run = WatchAlerts},
    {.path = "alerts acknowledge",
     .method = "motcua.deadline.v1.DeadlineService.AcknowledgeAlert",
     .help = "Take note of the latest alert of a kind (đã xem)",
     .arguments = {kDossier,
                   {"--kind", "kind", "which kind", Need::kRequired},
                   {"--leg", "leg", "number of the leg; without: the dossier itself"}},
     .headings = {kVersion},
     .done = "Đã ghi nhận cảnh báo.",
     .example = "motcua alerts acknowledge 000.23.10.H49-201031-0001 --kind overdue"},
};

}  // namespace

std::span<const CommandRow> DeadlineCommands() { return kClockRows; }
std::span<const CommandRow> AlertCommands() { return kAlertRows; }

}  // namespace motcua::cli
