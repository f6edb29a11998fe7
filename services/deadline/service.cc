#include "services/deadline/service.h"

#include "services/deadline/wording.h"
#include "services/platform/grpc/convert.h"
#include "services/platform/grpc/fields.h"
#include "services/platform/grpc/read.h"

namespace motcua::deadline {
namespace {

Result<cases::Action> ParsePause(const v1::PauseClockRequest& request) {
  MOTCUA_ASSIGN_OR_RETURN(const cases::PauseReason reason,
                          rpc::ParseCode<cases::PauseReason>(request.reason(), "reason"));
  if (reason == cases::PauseReason::kSupplement) {
    return FieldError("reason", "cannot be SUPPLEMENT here; see IntakeService.RequestSupplement");
  }
  return cases::Action(cases::PauseClock{reason});
}

Result<cases::Action> ParseAcknowledge(const v1::AcknowledgeAlertRequest& request) {
  cases::AcknowledgeAlert acknowledge;
  MOTCUA_ASSIGN_OR_RETURN(acknowledge.kind,
                          rpc::ParseCode<cases::AlertKind>(request.kind(), "kind"));
  MOTCUA_ASSIGN_OR_RETURN(acknowledge.leg, rpc::ParseLegOrDossier(request.leg(), "leg"));
  return cases::Action(acknowledge);
}

// Empty = all units.
Result<std::optional<cases::UnitCode>> ParseUnitFilter(const std::string& unit) {
  if (unit.empty()) return std::optional<cases::UnitCode>();
  MOTCUA_ASSIGN_OR_RETURN(cases::UnitCode code, rpc::ParseUnit(unit, "unit"));
  return std::optional(std::move(code));
}

void FillPause(const cases::Pause& pause, v1::Pause& proto) {
  proto.set_reason(rpc::ToProto(pause.reason));
  rpc::ToProto(pause.from, *proto.mutable_from());
  if (pause.to) rpc::ToProto(*pause.to, *proto.mutable_to());
  if (pause.due_before) rpc::ToProto(*pause.due_before, *proto.mutable_due_before());
}

// Without a resume token: the dossier does not know the place of its alerts in the order of all.
void FillAlertOf(const cases::Dossier& dossier, const cases::Alert& alert, v1::Alert& proto) {
  FillAlert(AlertRowOf(dossier, alert), alert.acknowledged, proto);
}

void FillClock(const cases::Dossier& dossier, v1::GetDeadlineResponse& response) {
  const cases::Clock& clock = dossier.clock;
  if (!dossier.origin && !clock.calendar.empty()) response.set_term(FormatTerm(clock.term));
  if (!clock.calendar.empty()) {
    response.set_calendar(clock.calendar.value() + "/" +
                          std::to_string(clock.calendar_version.value()));
  }
  // A dossier that was refused at the counter has no clock.
  if (dossier.stage != cases::Stage::kRefused) {
    rpc::ToProto(clock.start, *response.mutable_clock_start());
  }
  if (clock.now.due) rpc::ToProto(*clock.now.due, *response.mutable_due());
  response.set_due_provisional(clock.now.provisional);
  if (clock.first_due) rpc::ToProto(*clock.first_due, *response.mutable_first_due());
  if (dossier.resolved) rpc::ToProto(*dossier.resolved, *response.mutable_resolved());
  for (const cases::Pause& pause : clock.pauses) FillPause(pause, *response.add_pauses());
}

Status ReadDeadline(const engine::StateReader& reader, const catalogue::Catalogue& catalogue,
                    const v1::GetDeadlineRequest& request, v1::GetDeadlineResponse& response) {
  MOTCUA_ASSIGN_OR_RETURN(const cases::DossierCode code,
                          rpc::ParseDossier(request.dossier(), "dossier"));
  MOTCUA_ASSIGN_OR_RETURN(const cases::Dossier dossier, reader.GetDossier(code));
  response.set_dossier(dossier.code.value());
  response.set_version(dossier.head.version);
  response.set_stage(rpc::ToProto(dossier.stage));
  FillClock(dossier, response);
  for (const cases::Alert& alert : dossier.alerts) {
    FillAlertOf(dossier, alert, *response.add_alerts());
  }
  for (std::string& line : ExplainInVietnamese(dossier, catalogue)) {
    response.add_explanation(std::move(line));
  }
  return OkStatus();
}

// A page of all alerts or of the open ones; the position of the next, empty at the end.
Result<std::string> ReadAlertsFrom(const engine::StateReader& reader, bool open_only,
                                   const std::string& position, const AlertQuery& query,
                                   std::vector<FoundAlert>& alerts) {
  if (open_only) {
    MOTCUA_ASSIGN_OR_RETURN(OpenAlerts page, ReadOpenAlerts(reader, position, query));
    alerts = std::move(page.alerts);
    return std::move(page.next);
  }
  AlertPositions from;
  if (!position.empty()) {
    MOTCUA_ASSIGN_OR_RETURN(from, AlertPositions::Decode(position));
  }
  MOTCUA_ASSIGN_OR_RETURN(AlertBatch batch, ReadAlerts(reader, from, query));
  alerts = std::move(batch.alerts);
  return batch.more ? batch.next.Encode() : std::string();
}

Status ReadAlertPage(const engine::StateReader& reader, const v1::ListAlertsRequest& request,
                     v1::ListAlertsResponse& response) {
  AlertQuery query;
  MOTCUA_ASSIGN_OR_RETURN(query.unit, ParseUnitFilter(request.unit()));
  MOTCUA_ASSIGN_OR_RETURN(query.alerts_max, rpc::ParsePageSize(request.page_size()));
  query.rows_max = rpc::kPageRowsMax;
  const std::string arguments =
      "ListAlerts|" + request.unit() + (request.open_only() ? "|open" : "|all");
  MOTCUA_ASSIGN_OR_RETURN(const std::string position,
                          rpc::ParsePageToken(arguments, request.page_token()));
  std::vector<FoundAlert> alerts;
  const Result<std::string> next =
      ReadAlertsFrom(reader, request.open_only(), position, query, alerts);
  if (next.status().reason() == Reason::kFieldInvalid) {
    return rpc::AtField(next.status(), "page_token");
  }
  if (!next.ok()) return next.status();
  for (const FoundAlert& found : alerts) {
    v1::Alert& alert = *response.add_alerts();
    FillAlert(found.row, found.acknowledged, alert);
    alert.set_resume_token(found.resume_from.Encode());
  }
  if (!next->empty()) response.set_next_page_token(rpc::MakePageToken(arguments, *next));
  return OkStatus();
}

Result<AlertPositions> ParseResumeToken(const engine::StateReader& reader,
                                        const std::string& token) {
  if (token.empty()) return EndOfAlerts(reader);
  Result<AlertPositions> positions = AlertPositions::Decode(token);
  return positions.ok() ? std::move(positions) : rpc::AtField(positions.status(), "resume_token");
}

struct WatchArguments {
  std::optional<cases::UnitCode> unit;
  AlertPositions from;
};
Result<WatchArguments> ParseWatch(const engine::StateReader& reader,
                                  const v1::WatchAlertsRequest& request) {
  WatchArguments arguments;
  MOTCUA_ASSIGN_OR_RETURN(arguments.unit, ParseUnitFilter(request.unit()));
  MOTCUA_ASSIGN_OR_RETURN(arguments.from, ParseResumeToken(reader, request.resume_token()));
  return arguments;
}

}  // namespace

DeadlineService::Reactor* DeadlineService::PauseClock(Context* context,
                                                      const v1::PauseClockRequest* request,
                                                      v1::PauseClockResponse* response) {
  return rpc::Submit(*context, door_, *request, *response, ParsePause, rpc::FillVersion);
}

DeadlineService::Reactor* DeadlineService::ResumeClock(Context* context,
                                                       const v1::ResumeClockRequest* request,
                                                       v1::ResumeClockResponse* response) {
  return rpc::Submit(
      *context, door_, *request, *response,
      [](const auto&) { return Result<cases::Action>(cases::ResumeClock{}); }, rpc::FillVersion);
}

DeadlineService::Reactor* DeadlineService::AcknowledgeAlert(
    Context* context, const v1::AcknowledgeAlertRequest* request,
    v1::AcknowledgeAlertResponse* response) {
  return rpc::Submit(*context, door_, *request, *response, ParseAcknowledge, rpc::FillVersion);
}

DeadlineService::Reactor* DeadlineService::GetDeadline(Context* context,
                                                       const v1::GetDeadlineRequest* request,
                                                       v1::GetDeadlineResponse* response) {
  return rpc::Read(*context, reader_, *request, *response, [this](const auto& asked, auto& answer) {
    return ReadDeadline(reader_, catalogue_, asked, answer);
  });
}

DeadlineService::Reactor* DeadlineService::ListAlerts(Context* context,
                                                      const v1::ListAlertsRequest* request,
                                                      v1::ListAlertsResponse* response) {
  return rpc::ReadInWorker(
      *context, reader_, workers_, *request, *response,
      [this](const auto& asked, auto& answer) { return ReadAlertPage(reader_, asked, answer); });
}

grpc::ServerWriteReactor<v1::WatchAlertsResponse>* DeadlineService::WatchAlerts(
    Context* context, const v1::WatchAlertsRequest* request) {
  if (const Status fits = rpc::CheckMetadata(*context); !fits.ok()) return AlertHub::Refuse(fits);
  Result<WatchArguments> arguments = ParseWatch(reader_, *request);
  if (!arguments.ok()) return AlertHub::Refuse(arguments.status());
  return hub_.Open(std::move(arguments->unit), std::move(arguments->from));
}

}  // namespace motcua::deadline
