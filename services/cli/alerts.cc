#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>
#include <utility>

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

// Whether the stream was cut by what lies between or by an instance that goes, not by what it asks
// for. A gateway's and gRPC's own end of a connection comes as any of these, without our detail.
bool IsCut(const grpc::Status& status) {
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::CANCELLED:
      return true;
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return rpc::FromGrpc(status).reason() != Reason::kLimitExceeded;
    case grpc::StatusCode::INTERNAL:
    case grpc::StatusCode::UNKNOWN:
      return status.error_details().empty();
    default:
      return false;
  }
}

// A stream that goes on elsewhere, or later, where it was cut.
class AlertWatch {
 public:
  AlertWatch(Context& context, const Session& session, WatchAlertsRequest request,
             std::uint64_t count)
      : context_(context), session_(session), request_(std::move(request)), count_(count) {}

  // Until `count` alerts have come, the user interrupts, it is refused, or nobody has said anything
  // for as long as --timeout says.
  Status Run() {
    const auto instances =
        session_.directory().Find(DeadlineService::service_full_name(), request_.unit());
    if (instances.empty()) return Status(Reason::kNotServing, "no instance of deadline is known");
    if (context_.options.format == Format::kCsv) {
      PrintCsvRow(context_, CsvColumns(*Alert::descriptor()));
    }
    constexpr std::chrono::milliseconds kPause{200};
    for (std::size_t next = 0;; ++next) {
      const auto& channel = instances[next % instances.size()]->channel;
      const grpc::Status ended = Follow(*DeadlineService::NewStub(channel));
      const bool patient = SteadyClock::now() - heard_ < session_.policy().deadline;
      if (ended.ok() || !IsCut(ended) || !patient) return rpc::FromGrpc(ended);
      rpc::PauseOn({channel}, kPause, {});
    }
  }
  const std::string& token() const { return request_.resume_token(); }

 private:
  using SteadyClock = std::chrono::steady_clock;

  // OK: enough have come.
  grpc::Status Follow(Stub& stub) {
    grpc::ClientContext call;  // no deadline: it goes on until the caller ends it
    const auto stream = stub.WatchAlerts(&call, request_);
    WatchAlertsResponse response;
    while ((count_ == 0 || seen_ < count_) && stream->Read(&response)) {
      heard_ = SteadyClock::now();
      const std::string& token = response.resume_token();
      request_.set_resume_token(token.empty() ? response.alert().resume_token() : token);
      if (!response.has_alert()) continue;
      PrintAlert(context_, session_.zone(), response.alert());
      ++seen_;
    }
    if (count_ == 0 || seen_ < count_) return stream->Finish();
    call.TryCancel();
    (void)stream->Finish();  // cancelled by ourselves
    return grpc::Status::OK;
  }

  Context& context_;
  const Session& session_;
  WatchAlertsRequest request_;
  const std::uint64_t count_;
  std::uint64_t seen_ = 0;
  SteadyClock::time_point heard_ = SteadyClock::now();
};

Status Watch(Context& context, const Session& session, const WatchAlertsRequest& request,
             std::uint64_t count) {
  AlertWatch watch(context, session, request, count);
  const Status status = watch.Run();
  if (!status.ok() && !watch.token().empty()) {
    context.terminal.err << "note: go on behind the last alert with --resume-token "
                         << watch.token() << '\n';
  }
  return status;
}

void AddWatch(CLI::App& group, Context& context) {
  CLI::App& app = AddCommand(
      group, context, "watch",
      "Print alerts as they are raised, also over a connection that breaks; Ctrl-C ends it",
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
