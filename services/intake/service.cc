#include "services/intake/service.h"

#include <algorithm>

#include "services/domain/cases/correct.h"
#include "services/intake/import.h"
#include "services/platform/grpc/convert.h"
#include "services/platform/grpc/fields.h"
#include "services/platform/grpc/read.h"

namespace motcua::intake {
namespace {

constexpr int kPapersMax = 64;

Result<cases::Action> ParseReceive(const v1::ReceiveDossierRequest& request) {
  cases::ReceiveDossier receive;
  MOTCUA_ASSIGN_OR_RETURN(receive.unit, rpc::ParseUnit(request.unit(), "unit"));
  MOTCUA_ASSIGN_OR_RETURN(receive.procedure, rpc::ParseProcedure(request.procedure(), "procedure"));
  MOTCUA_ASSIGN_OR_RETURN(receive.channel,
                          rpc::ParseCode<cases::Channel>(request.channel(), "channel"));
  MOTCUA_ASSIGN_OR_RETURN(
      receive.return_mode,
      rpc::ParseCodeOr(cases::ReturnMode::kCounter, request.return_mode(), "return_mode"));
  return cases::Action(std::move(receive));
}

void FillReceived(const engine::Answer& answer, v1::ReceiveDossierResponse& response) {
  response.set_dossier(answer.dossier.value());
  response.set_version(answer.version);
  response.set_register_year(answer.register_year);
  response.set_register_number(answer.register_number);
  rpc::ToProto(answer.received.instant, *response.mutable_receive_time());
  if (answer.first_due) {
    rpc::ToProto(answer.first_due->instant, *response.mutable_due_time());
    rpc::ToProto(answer.first_due->date(), *response.mutable_due_date());
    response.set_due_provisional(answer.first_provisional);
  }
}

Result<cases::Action> ParseRefuse(const v1::RefuseDossierRequest& request) {
  cases::RefuseDossier refuse;
  MOTCUA_ASSIGN_OR_RETURN(refuse.unit, rpc::ParseUnit(request.unit(), "unit"));
  MOTCUA_ASSIGN_OR_RETURN(refuse.procedure, rpc::ParseProcedure(request.procedure(), "procedure"));
  MOTCUA_ASSIGN_OR_RETURN(refuse.channel,
                          rpc::ParseCode<cases::Channel>(request.channel(), "channel"));
  MOTCUA_ASSIGN_OR_RETURN(refuse.reason,
                          rpc::ParseCode<cases::RefusalReason>(request.reason(), "reason"));
  return cases::Action(std::move(refuse));
}

void FillRefused(const engine::Answer& answer, v1::RefuseDossierResponse& response) {
  response.set_dossier(answer.dossier.value());
  response.set_version(answer.version);
}

Result<cases::Action> ParseSupplement(const v1::RequestSupplementRequest& request) {
  if (request.papers_size() > kPapersMax) {
    return FieldError("papers", "holds more than " + std::to_string(kPapersMax) + " positions");
  }
  for (int i = 0; i < request.papers_size(); ++i) {
    if (request.papers(i) == 0) {
      return FieldError("papers[" + std::to_string(i) + "]", "must be counted from 1");
    }
  }
  return cases::Action(
      cases::RequestSupplement{{request.papers().begin(), request.papers().end()}});
}

Result<cases::Action> ParseResult(const v1::RecordResultRequest& request) {
  MOTCUA_ASSIGN_OR_RETURN(cases::Outcome outcome,
                          rpc::ParseCode<cases::Outcome>(request.outcome(), "outcome"));
  if (outcome == cases::Outcome::kNone) outcome = cases::Outcome::kGranted;
  if (outcome == cases::Outcome::kWithdrawn) {
    return FieldError("outcome", "cannot be WITHDRAWN here; see WithdrawDossier");
  }
  return cases::Action(cases::RecordResult{outcome});
}

Result<cases::Action> ParseReturn(const v1::ReturnResultRequest& request) {
  MOTCUA_ASSIGN_OR_RETURN(const cases::ReturnMode way,
                          rpc::ParseCodeOr(cases::ReturnMode::kCounter, request.way(), "way"));
  return cases::Action(cases::ReturnResult{way});
}

Result<cases::Action> ParseCorrection(const v1::CorrectEventRequest& request) {
  cases::CorrectEvent correct;
  if (request.version() == 0) return FieldError("version", "must be that of an event, from 1");
  correct.version = request.version();
  MOTCUA_ASSIGN_OR_RETURN(correct.reason,
                          rpc::ParseCode<cases::CorrectionReason>(request.reason(), "reason"));
  return cases::Action(correct);
}

std::string OriginText(const cases::Origin& origin) {
  return origin.source + ":" + std::to_string(origin.line) + ":" + origin.source_id;
}

void FillOptional(const std::optional<ZonedTime>& time,
                  common::v1::ZonedTime* (*field)(v1::Dossier& dossier), v1::Dossier& dossier) {
  if (time) rpc::ToProto(*time, *field(dossier));
}

void FillTimes(const cases::Dossier& dossier, v1::Dossier& proto) {
  rpc::ToProto(dossier.received, *proto.mutable_received());
  FillOptional(dossier.clock.now.due, [](v1::Dossier& d) { return d.mutable_due(); }, proto);
  FillOptional(
      dossier.clock.first_due, [](v1::Dossier& d) { return d.mutable_first_due(); }, proto);
  proto.set_due_provisional(dossier.clock.now.provisional);
  if (dossier.clock.missed) rpc::ToProto(dossier.clock.missed->due, *proto.mutable_missed_due());
  FillOptional(dossier.resolved, [](v1::Dossier& d) { return d.mutable_resolved(); }, proto);
  FillOptional(dossier.closed, [](v1::Dossier& d) { return d.mutable_closed(); }, proto);
}

void FillDossier(const cases::Dossier& dossier, v1::Dossier& proto) {
  proto.set_dossier(dossier.code.value());
  proto.set_version(dossier.head.version);
  proto.set_stage(rpc::ToProto(dossier.stage));
  proto.set_unit(cases::UnitOf(dossier.code).value());
  proto.set_procedure(dossier.procedure.value());
  proto.set_field(dossier.field);
  proto.set_channel(rpc::ToProto(dossier.channel));
  proto.set_return_mode(rpc::ToProto(dossier.return_mode));
  proto.set_register_year(dossier.register_year);
  proto.set_register_number(dossier.register_number);
  FillTimes(dossier, proto);
  proto.set_supplement_requests(static_cast<std::uint32_t>(dossier.supplement_requests()));
  proto.set_outcome(rpc::ToProto(dossier.outcome));
  proto.set_shipment(rpc::ToProto(dossier.shipment.state));
  const auto completed = std::count_if(
      dossier.route.legs.begin(), dossier.route.legs.end(),
      [](const routing::Leg& leg) { return leg.state == routing::LegState::kCompleted; });
  proto.set_legs_completed(static_cast<std::uint32_t>(completed));
  proto.set_legs_total(static_cast<std::uint32_t>(dossier.route.legs.size()));
  if (dossier.origin) {
    proto.set_origin(OriginText(*dossier.origin));
    proto.set_doubts(dossier.origin->doubts);
  }
}

Status ReadDossier(const engine::StateReader& reader, const v1::GetDossierRequest& request,
                   v1::GetDossierResponse& response) {
  MOTCUA_ASSIGN_OR_RETURN(const cases::DossierCode code,
                          rpc::ParseDossier(request.dossier(), "dossier"));
  MOTCUA_ASSIGN_OR_RETURN(const cases::Dossier dossier, reader.GetDossier(code));
  FillDossier(dossier, *response.mutable_dossier());
  for (const cases::Undo& undo : dossier.undo) {
    if (!undo.manifest.empty()) continue;
    v1::CorrigibleEvent& event = *response.add_corrigible();
    event.set_version(undo.version);
    event.set_event(std::string(cases::EventName(undo)));
    event.set_label(std::string(cases::EventLabel(undo)));
    rpc::ToProto(undo.at, *event.mutable_at());
    event.set_cause(undo.cause);
  }
  return OkStatus();
}

Status ReadDossiers(const engine::StateReader& reader, const v1::ListDossiersRequest& request,
                    v1::ListDossiersResponse& response) {
  MOTCUA_ASSIGN_OR_RETURN(const cases::UnitCode unit, rpc::ParseUnit(request.unit(), "unit"));
  MOTCUA_ASSIGN_OR_RETURN(const cases::Stage stage,
                          rpc::ParseCode<cases::Stage>(request.stage(), "stage"));
  MOTCUA_ASSIGN_OR_RETURN(const std::size_t page_size, rpc::ParsePageSize(request.page_size()));
  const std::string arguments =
      "ListDossiers|" + unit.value() + "|" + std::to_string(static_cast<int>(stage));
  MOTCUA_ASSIGN_OR_RETURN(const std::string from,
                          rpc::ParsePageToken(arguments, request.page_token()));
  std::size_t rows = 0;
  const auto visit = [&](const cases::Dossier& dossier) {
    const bool full = static_cast<std::size_t>(response.dossiers_size()) >= page_size;
    if (full || rows >= rpc::kPageRowsMax) {
      response.set_next_page_token(rpc::MakePageToken(arguments, dossier.code.value()));
      return false;
    }
    ++rows;
    if (stage == cases::Stage::kNone || dossier.stage == stage) {
      FillDossier(dossier, *response.add_dossiers());
    }
    return true;
  };
  return reader.ScanDossiers(unit.value() + "-", from, visit);
}

}  // namespace

IntakeService::Reactor* IntakeService::ReceiveDossier(Context* context,
                                                      const v1::ReceiveDossierRequest* request,
                                                      v1::ReceiveDossierResponse* response) {
  return rpc::Submit(*context, door_, *request, *response, ParseReceive, FillReceived);
}

IntakeService::Reactor* IntakeService::RefuseDossier(Context* context,
                                                     const v1::RefuseDossierRequest* request,
                                                     v1::RefuseDossierResponse* response) {
  return rpc::Submit(*context, door_, *request, *response, ParseRefuse, FillRefused);
}

IntakeService::Reactor* IntakeService::ImportDossiers(Context* context,
                                                      const v1::ImportDossiersRequest* request,
                                                      v1::ImportDossiersResponse* response) {
  return SubmitImport(*context, door_, *request, *response);
}

IntakeService::Reactor* IntakeService::RequestSupplement(
    Context* context, const v1::RequestSupplementRequest* request,
    v1::RequestSupplementResponse* response) {
  return rpc::Submit(*context, door_, *request, *response, ParseSupplement, rpc::FillVersion);
}

IntakeService::Reactor* IntakeService::ReceiveSupplement(
    Context* context, const v1::ReceiveSupplementRequest* request,
    v1::ReceiveSupplementResponse* response) {
  return rpc::Submit(
      *context, door_, *request, *response,
      [](const auto&) { return Result<cases::Action>(cases::ReceiveSupplement{}); },
      rpc::FillVersion);
}

IntakeService::Reactor* IntakeService::RecordResult(Context* context,
                                                    const v1::RecordResultRequest* request,
                                                    v1::RecordResultResponse* response) {
  return rpc::Submit(*context, door_, *request, *response, ParseResult, rpc::FillVersion);
}

IntakeService::Reactor* IntakeService::ReturnResult(Context* context,
                                                    const v1::ReturnResultRequest* request,
                                                    v1::ReturnResultResponse* response) {
  return rpc::Submit(*context, door_, *request, *response, ParseReturn, rpc::FillVersion);
}

IntakeService::Reactor* IntakeService::WithdrawDossier(Context* context,
                                                       const v1::WithdrawDossierRequest* request,
                                                       v1::WithdrawDossierResponse* response) {
  return rpc::Submit(
      *context, door_, *request, *response,
      [](const auto&) { return Result<cases::Action>(cases::WithdrawDossier{}); },
      rpc::FillVersion);
}

IntakeService::Reactor* IntakeService::CorrectEvent(Context* context,
                                                    const v1::CorrectEventRequest* request,
                                                    v1::CorrectEventResponse* response) {
  return rpc::Submit(*context, door_, *request, *response, ParseCorrection, rpc::FillVersion);
}

IntakeService::Reactor* IntakeService::GetDossier(Context* context,
                                                  const v1::GetDossierRequest* request,
                                                  v1::GetDossierResponse* response) {
  return rpc::Read(*context, reader_, *request, *response, [this](const auto& asked, auto& answer) {
    return ReadDossier(reader_, asked, answer);
  });
}

IntakeService::Reactor* IntakeService::ListDossiers(Context* context,
                                                    const v1::ListDossiersRequest* request,
                                                    v1::ListDossiersResponse* response) {
  return rpc::ReadInWorker(
      *context, reader_, workers_, *request, *response,
      [this](const auto& asked, auto& answer) { return ReadDossiers(reader_, asked, answer); });
}

}  // namespace motcua::intake
