#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "motcua/deadline/v1/deadline.grpc.pb.h"
#include "services/cli/command.h"
#include "services/cli/commands.h"
#include "services/cli/text_width.h"

namespace motcua::cli {
namespace {

using deadline::v1::Alert;
using deadline::v1::DeadlineService;
using deadline::v1::WatchAlertsRequest;
using deadline::v1::WatchAlertsResponse;
using Stub = DeadlineService::Stub;

// A stream has no end to make a table of, so each alert is a line of its own.
void PrintAlert(Context& context, const imports::TimeZone& zone, const Alert& alert) {
  std::ostream& out = context.terminal.out;
  switch (context.options.format) {
    case Format::kJson:
      out << ToJson(alert).dump() << '\n';
      break;
    case Format::kCsv:
      PrintCsvRow(context, CsvCells(alert));
      break;
    case Format::kTable:
      out << FieldText(alert, "raise_time", zone) << "  "
          << PadRight(FieldText(alert, "kind", zone), 11) << "  " << alert.dossier();
      if (alert.leg() > 0) out << " chặng " << alert.leg();
      out << "  " << alert.unit() << "  hạn " << FieldText(alert, "due_time", zone) << "  ["
          << alert.resume_token() << "]\n";
      break;
  }
  out.flush();
}

// Until the server ends it, `count` alerts have come, or the user interrupts.
Status Watch(Context& context, const Session& session, const WatchAlertsRequest& request,
             std::uint64_t count) {
  const auto instances =
      session.directory().Find(DeadlineService::service_full_name(), request.unit());
  if (instances.empty()) return Status(Reason::kNotServing, "no instance of deadline is known");
  const std::unique_ptr<Stub> stub = DeadlineService::NewStub(instances.front()->channel);
  grpc::ClientContext call;  // no deadline: it goes on until the caller ends it
  const auto stream = stub->WatchAlerts(&call, request);
  if (context.options.format == Format::kCsv)
    PrintCsvRow(context, CsvColumns(*Alert::descriptor()));
  std::string token = request.resume_token();
  WatchAlertsResponse response;
  std::uint64_t seen = 0;
  while ((count == 0 || seen < count) && stream->Read(&response)) {
    PrintAlert(context, session.zone(), response.alert());
    token = response.alert().resume_token();
    ++seen;
  }
  if (count > 0 && seen == count) {
    call.TryCancel();
    (void)stream->Finish();  // cancelled by ourselves
    return OkStatus();
  }
  const Status status = rpc::FromGrpc(stream->Finish());
  if (!status.ok() && !token.empty()) {
    context.terminal.err << "note: go on behind the last alert with --resume-token " << token
                         << '\n';
  }
  return status;
}

void AddWatch(CLI::App& group, Context& context) {
  CLI::App& app =
      AddCommand(group, context, "watch", "Print alerts as they are raised; Ctrl-C ends it",
                 "motcua alerts watch --unit 000.23.10.H49 --resume-token 0 --format json");
  auto flags = std::make_shared<FlagTexts>();
  const auto& type = *WatchAlertsRequest::descriptor();
  flags->Add(app, type, {"--unit", "unit", "only alerts about clocks of this unit"});
  flags->Add(app, type,
             {"--resume-token", "resume_token",
              "go on behind this alert; 0: from the first; without: only new ones"});
  auto count = std::make_shared<std::uint64_t>(0);
  app.add_option("--count", *count, "end after so many; 0: never")->type_name("N");
  app.callback([&context, flags, count] {
    RunWithSession(context, false, [&](const Session& session) {
      WatchAlertsRequest request;
      flags->Apply(request, session.zone());
      return Watch(context, session, request, *count);
    });
  });
}

}  // namespace

void AddAlertCommands(CLI::App& app, Context& context) {
  CLI::App& group = AddGroup(app, "alerts", "Alerts about due dates (cảnh báo): list, watch");
  AddList<DeadlineService>(
      group, context,
      CommandTable{"list",
                   "List alerts in the order in which they were raised",
                   {{"--unit", "unit", "only about clocks of this unit"},
                    {"--open-only", "open_only", "leave out those that were taken note of"}},
                   {{"Phát lúc", "raise_time"},
                    {"Loại", "kind"},
                    {"Mã hồ sơ", "dossier"},
                    {"Chặng", "leg"},
                    {"Đơn vị", "unit"},
                    {"Hạn", "due_time"},
                    {"Đã xem", "acknowledged"}},
                   "",
                   "motcua alerts list --unit 000.23.10.H49 --open-only"},
      "alerts", &Stub::ListAlerts);
  AddWatch(group, context);
  AddUnary<DeadlineService>(
      group, context,
      CommandTable{"acknowledge",
                   "Take note of the latest alert of a kind (đã xem)",
                   {{"dossier", "dossier", "dossier code", Need::kRequired},
                    {"--kind", "kind", "which kind", Need::kRequired},
                    {"--leg", "leg", "number of the leg; without: the dossier itself"}},
                   {{"Phiên bản", "version"}},
                   "Đã ghi nhận cảnh báo.",
                   "motcua alerts acknowledge 000.23.10.H49-201031-0001 --kind overdue"},
      &Stub::AcknowledgeAlert);
}

}  // namespace motcua::cli
