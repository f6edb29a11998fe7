// `motcua alerts watch`: a stream that goes on where it was cut.
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <memory>
#include <ostream>
#include <utility>

#include "motcua/deadline/v1/deadline.pb.h"
#include "services/cli/command.h"
#include "services/cli/commands.h"
#include "services/cli/text_width.h"
#include "services/platform/cluster/directory.h"
#include "services/platform/grpc/calls.h"

namespace motcua::cli {
namespace {

using deadline::v1::Alert;
using deadline::v1::WatchAlertsRequest;
using deadline::v1::WatchAlertsResponse;

// A stream has no end to make a table of, so each alert is a line of its own.
void PrintAlert(Context& context, const imports::TimeZone& zone, const Alert& alert) {
  std::ostream& out = context.terminal.out;
  switch (context.options.format) {
    case Format::kJson:
      out << JsonLine(alert) << '\n';
      break;
    case Format::kCsv:
      PrintCsvRow(context, CsvCells(alert));
      break;
    case Format::kTable:
    case Format::kHtml:
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
        session_.directory().Find(rpc::MethodOf(request_).service, request_.unit());
    if (instances.empty()) return Status(Reason::kNotServing, "no instance of deadline is known");
    if (context_.options.format == Format::kCsv) {
      PrintCsvRow(context_, CsvColumns(*Alert::descriptor()));
    }
    constexpr std::chrono::milliseconds kPause{200};
    for (std::size_t next = 0;; ++next) {
      const auto& channel = instances[next % instances.size()]->channel;
      const grpc::Status ended = Follow(channel);
      const bool patient = SteadyClock::now() - heard_ < session_.policy().deadline;
      if (ended.ok() || !IsCut(ended) || !patient) return rpc::FromGrpc(ended);
      rpc::PauseOn({channel}, kPause, {});
    }
  }
  const std::string& token() const { return request_.resume_token(); }

 private:
  using SteadyClock = std::chrono::steady_clock;

  // OK: enough have come.
  grpc::Status Follow(const std::shared_ptr<grpc::Channel>& channel) {
    grpc::ClientContext call;  // no deadline: it goes on until the caller ends it
    rpc::ServerStream stream(channel, call, request_);
    WatchAlertsResponse response;
    while ((count_ == 0 || seen_ < count_) && stream.Read(response)) {
      heard_ = SteadyClock::now();
      const std::string& token = response.resume_token();
      request_.set_resume_token(token.empty() ? response.alert().resume_token() : token);
      if (!response.has_alert()) continue;
      PrintAlert(context_, session_.zone(), response.alert());
      ++seen_;
    }
    if (count_ == 0 || seen_ < count_) return stream.Finish();
    call.TryCancel();
    (void)stream.Finish();  // cancelled by ourselves
    return grpc::Status::OK;
  }

  Context& context_;
  const Session& session_;
  WatchAlertsRequest request_;
  const std::uint64_t count_;
  std::uint64_t seen_ = 0;
  SteadyClock::time_point heard_ = SteadyClock::now();
};

}  // namespace

Status WatchAlerts(const Invocation& invocation, const Session& session) {
  WatchAlertsRequest request;
  invocation.FillRequest(request, session);
  AlertWatch watch(invocation.context(), session, std::move(request),
                   static_cast<std::uint64_t>(invocation.Whole("--count")));
  const Status status = watch.Run();
  if (!status.ok() && !watch.token().empty()) {
    invocation.context().terminal.err << "note: go on after the last alert with --resume-token "
                                      << watch.token() << '\n';
  }
  return status;
}

}  // namespace motcua::cli
