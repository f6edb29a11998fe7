#include "motcua/intake/v1/intake.grpc.pb.h"
#include "services/cli/command.h"
#include "services/cli/commands.h"

namespace motcua::cli {
namespace {

using intake::v1::IntakeService;
using Stub = IntakeService::Stub;

const Flag kDossier{"dossier", "dossier", "dossier code, like 000.23.10.H49-201031-0001",
                    Need::kRequired};

const std::vector<Heading>& VersionHeadings() {
  static const std::vector<Heading> kHeadings = {{"Phiên bản", "version"}};
  return kHeadings;
}

void AddReceiving(CLI::App& group, Context& context) {
  AddUnary<IntakeService>(
      group, context,
      CommandTable{
          "receive",
          "Receive a dossier (tiếp nhận): gives its code, register number and appointment",
          {{"--unit", "unit", "receiving unit, like 000.23.10.H49", Need::kRequired},
           {"--procedure", "procedure", "procedure code, like 1.001193", Need::kRequired},
           {"--channel", "channel", "how the dossier came", Need::kRequired},
           {"--return", "return_mode", "how the result goes back; the counter when not said"}},
          {{"Mã hồ sơ", "dossier"},
           {"Năm sổ", "register_year"},
           {"Số trong sổ", "register_number"},
           {"Tiếp nhận lúc", "receive_time"},
           {"Hẹn trả lúc", "due_time"},
           {"Lịch tạm tính", "due_provisional"}},
          "Đã tiếp nhận hồ sơ.",
          "motcua dossier receive --unit 000.23.10.H49 --procedure 1.001193 --channel direct"},
      &Stub::ReceiveDossier);
  AddUnary<IntakeService>(
      group, context,
      CommandTable{
          "refuse",
          "Refuse a dossier at the counter (từ chối tiếp nhận); it gets a code and no clock",
          {{"--unit", "unit", "receiving unit, like 000.23.10.H49", Need::kRequired},
           {"--procedure", "procedure", "procedure code, like 1.001193", Need::kRequired},
           {"--channel", "channel", "how the dossier came", Need::kRequired},
           {"--reason", "reason", "why", Need::kRequired}},
          {{"Mã hồ sơ", "dossier"}, {"Phiên bản", "version"}},
          "Đã từ chối tiếp nhận hồ sơ.",
          "motcua dossier refuse --unit 000.23.10.H49 --procedure 1.001193 --channel direct "
          "--reason papers_missing"},
      &Stub::RefuseDossier);
}

void AddReading(CLI::App& group, Context& context) {
  AddUnary<IntakeService>(group, context,
                          CommandTable{"show",
                                       "Show one dossier",
                                       {kDossier},
                                       {{"Mã hồ sơ", "dossier.dossier"},
                                        {"Phiên bản", "dossier.version"},
                                        {"Trạng thái", "dossier.stage"},
                                        {"Đơn vị tiếp nhận", "dossier.unit"},
                                        {"Thủ tục", "dossier.procedure"},
                                        {"Lĩnh vực", "dossier.field"},
                                        {"Hình thức nhận", "dossier.channel"},
                                        {"Hình thức trả", "dossier.return_mode"},
                                        {"Năm sổ", "dossier.register_year"},
                                        {"Số trong sổ", "dossier.register_number"},
                                        {"Tiếp nhận", "dossier.received"},
                                        {"Hẹn trả lần đầu", "dossier.first_due"},
                                        {"Hẹn trả", "dossier.due"},
                                        {"Lịch tạm tính", "dossier.due_provisional"},
                                        {"Hẹn đã lỡ", "dossier.missed_due"},
                                        {"Lần yêu cầu bổ sung", "dossier.supplement_requests"},
                                        {"Có kết quả", "dossier.resolved"},
                                        {"Trả kết quả", "dossier.closed"},
                                        {"Kết quả", "dossier.outcome"},
                                        {"Bưu gửi", "dossier.shipment"},
                                        {"Chặng đã xong", "dossier.legs_completed"},
                                        {"Số chặng", "dossier.legs_total"},
                                        {"Nguồn nhập", "dossier.origin"},
                                        {"Nghi vấn", "dossier.doubts"}},
                                       "",
                                       "motcua dossier show 000.23.10.H49-201031-0001"},
                          &Stub::GetDossier);
  AddList<IntakeService>(
      group, context,
      CommandTable{"list",
                   "List the dossiers of a unit",
                   {{"--unit", "unit", "receiving unit", Need::kRequired},
                    {"--stage", "stage", "only those at this stage"}},
                   {{"Mã hồ sơ", "dossier"},
                    {"Trạng thái", "stage"},
                    {"Thủ tục", "procedure"},
                    {"Tiếp nhận", "received"},
                    {"Hẹn trả", "due"},
                    {"Lần bổ sung", "supplement_requests"}},
                   "",
                   "motcua dossier list --unit 000.23.10.H49 --stage processing"},
      "dossiers", &Stub::ListDossiers);
}

void AddSupplement(CLI::App& group, Context& context) {
  CLI::App& supplement =
      AddGroup(group, "supplement", "Ask for missing papers and take them (bổ sung hồ sơ)");
  AddUnary<IntakeService>(
      supplement, context,
      CommandTable{"request",
                   "Ask the citizen for papers (yêu cầu bổ sung); the clock stands",
                   {kDossier, {"--papers", "papers", "their numbers in the procedure's list"}},
                   VersionHeadings(),
                   "Đã yêu cầu bổ sung; thời hạn tạm dừng.",
                   "motcua dossier supplement request 000.23.10.H49-201031-0001 --papers 2,5"},
      &Stub::RequestSupplement);
  AddUnary<IntakeService>(
      supplement, context,
      CommandTable{"receive",
                   "Take the papers (nhận bổ sung); the clock goes on or starts anew",
                   {kDossier},
                   VersionHeadings(),
                   "Đã nhận bổ sung.",
                   "motcua dossier supplement receive 000.23.10.H49-201031-0001"},
      &Stub::ReceiveSupplement);
}

void AddEnding(CLI::App& group, Context& context) {
  AddUnary<IntakeService>(
      group, context,
      CommandTable{"result",
                   "Record that the result lies at the one-stop centre (có kết quả)",
                   {kDossier, {"--outcome", "outcome", "granted when not said"}},
                   VersionHeadings(),
                   "Đã ghi kết quả.",
                   "motcua dossier result 000.23.10.H49-201031-0001 --outcome granted"},
      &Stub::RecordResult);
  AddUnary<IntakeService>(
      group, context,
      CommandTable{"return",
                   "Hand the result to the citizen or to the post (trả kết quả)",
                   {kDossier, {"--way", "way", "the counter when not said"}},
                   VersionHeadings(),
                   "Đã trả kết quả.",
                   "motcua dossier return 000.23.10.H49-201031-0001 --way counter"},
      &Stub::ReturnResult);
  AddUnary<IntakeService>(group, context,
                          CommandTable{"withdraw",
                                       "Take the application back for the citizen (rút hồ sơ)",
                                       {kDossier},
                                       VersionHeadings(),
                                       "Đã rút hồ sơ.",
                                       "motcua dossier withdraw 000.23.10.H49-201031-0001"},
                          &Stub::WithdrawDossier);
}

}  // namespace

void AddDossierCommands(CLI::App& app, Context& context) {
  CLI::App& group =
      AddGroup(app, "dossier", "Dossiers at the counter (hồ sơ): receive, show, finish");
  AddReceiving(group, context);
  AddReading(group, context);
  AddSupplement(group, context);
  AddEnding(group, context);
}

}  // namespace motcua::cli
