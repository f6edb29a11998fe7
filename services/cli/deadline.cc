#include <ostream>

#include "motcua/deadline/v1/deadline.grpc.pb.h"
#include "services/cli/command.h"
#include "services/cli/commands.h"

namespace motcua::cli {
namespace {

using deadline::v1::DeadlineService;
using deadline::v1::GetDeadlineRequest;
using deadline::v1::GetDeadlineResponse;
using Stub = DeadlineService::Stub;

const Flag kDossier{"dossier", "dossier", "dossier code", Need::kRequired};

void PrintDeadline(Context& context, const Session& session, const GetDeadlineRequest&,
                   const GetDeadlineResponse& response) {
  PrintRecord(context, session.zone(), response,
              {{"Mã hồ sơ", "dossier"},
               {"Trạng thái", "stage"},
               {"Thời hạn", "term"},
               {"Lịch", "calendar"},
               {"Tính từ", "clock_start"},
               {"Hẹn trả lần đầu", "first_due"},
               {"Hẹn trả", "due"},
               {"Lịch tạm tính", "due_provisional"},
               {"Có kết quả", "resolved"},
               {"Phiên bản", "version"}});
  if (context.options.format != Format::kTable) return;
  std::ostream& out = context.terminal.out;
  if (!response.pauses().empty()) {
    out << "\nTạm dừng\n"
        << RenderList(context, session.zone(), response, "pauses",
                      {{"Lý do", "reason"},
                       {"Từ", "from"},
                       {"Đến", "to"},
                       {"Hẹn trả trước đó", "due_before"}});
  }
  if (!response.alerts().empty()) {
    out << "\nCảnh báo\n"
        << RenderList(context, session.zone(), response, "alerts",
                      {{"Loại", "kind"},
                       {"Chặng", "leg"},
                       {"Hạn", "due_time"},
                       {"Phát lúc", "raise_time"},
                       {"Đã xem", "acknowledged"}});
  }
  if (!response.explanation().empty()) out << "\nCách tính\n";
  for (const std::string& line : response.explanation()) out << "  " << line << '\n';
}

}  // namespace

void AddDeadlineCommands(CLI::App& app, Context& context) {
  CLI::App& group =
      AddGroup(app, "deadline", "The clock of a dossier (thời hạn): show, stop, go on");
  AddUnary<DeadlineService>(group, context,
                            CommandTable{"show",
                                         "Show the due date and why it is what it is",
                                         {kDossier},
                                         {},
                                         "",
                                         "motcua deadline show 000.23.10.H49-201031-0001"},
                            &Stub::GetDeadline,
                            Printer<GetDeadlineRequest, GetDeadlineResponse>(PrintDeadline));
  AddUnary<DeadlineService>(
      group, context,
      CommandTable{"pause",
                   "Stop the clock (tạm dừng), for another reason than a supplement",
                   {kDossier, {"--reason", "reason", "why", Need::kRequired}},
                   {{"Phiên bản", "version"}},
                   "Đã tạm dừng thời hạn.",
                   "motcua deadline pause 000.23.10.H49-201031-0001 --reason financial_duty"},
      &Stub::PauseClock);
  AddUnary<DeadlineService>(group, context,
                            CommandTable{"resume",
                                         "Let the clock go on with what was left",
                                         {kDossier},
                                         {{"Phiên bản", "version"}},
                                         "Thời hạn chạy tiếp.",
                                         "motcua deadline resume 000.23.10.H49-201031-0001"},
                            &Stub::ResumeClock);
}

}  // namespace motcua::cli
