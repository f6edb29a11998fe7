#include "services/routing/service.h"

#include "services/engine/keys.h"
#include "services/platform/grpc/convert.h"
#include "services/platform/grpc/fields.h"
#include "services/platform/grpc/read.h"
#include "services/routing/rules.h"

namespace motcua::routing {
namespace {

// For the actions that say nothing but which leg.
template <typename Action>
Result<cases::Action> ParseLegAction(const auto& request) {
  MOTCUA_ASSIGN_OR_RETURN(const std::uint8_t leg, rpc::ParseLeg(request.leg(), "leg"));
  return cases::Action(Action{leg});
}

Result<cases::Action> ParseComplete(const v1::CompleteLegRequest& request) {
  cases::CompleteLeg complete;
  MOTCUA_ASSIGN_OR_RETURN(complete.leg, rpc::ParseLeg(request.leg(), "leg"));
  MOTCUA_ASSIGN_OR_RETURN(complete.outcome, rpc::ParseCodeOr(routing::LegOutcome::kGranted,
                                                             request.outcome(), "outcome"));
  return cases::Action(complete);
}

Result<cases::Action> ParseReturn(const v1::ReturnLegRequest& request) {
  cases::ReturnLeg back;
  MOTCUA_ASSIGN_OR_RETURN(back.leg, rpc::ParseLeg(request.leg(), "leg"));
  MOTCUA_ASSIGN_OR_RETURN(back.reason,
                          rpc::ParseCode<routing::ReturnReason>(request.reason(), "reason"));
  return cases::Action(back);
}

void FillLeg(const Leg& leg, std::size_t number, v1::Leg& proto) {
  proto.set_leg(static_cast<std::uint32_t>(number));
  proto.set_unit(leg.unit.value());
  proto.set_stage(leg.stage);
  proto.set_lead(leg.lead);
  proto.set_term(deadline::FormatTerm(leg.term));
  proto.set_state(rpc::ToProto(leg.state));
  if (leg.sent) rpc::ToProto(*leg.sent, *proto.mutable_sent());
  if (leg.acknowledged) rpc::ToProto(*leg.acknowledged, *proto.mutable_acknowledged());
  if (leg.due) rpc::ToProto(*leg.due, *proto.mutable_due());
  proto.set_due_provisional(leg.provisional);
  if (leg.calendar.version.value() != 0) {
    proto.set_calendar(leg.calendar.id.value() + "/" +
                       std::to_string(leg.calendar.version.value()));
  }
  if (leg.completed) rpc::ToProto(*leg.completed, *proto.mutable_completed());
  // What a leg says is known when it is done.
  if (leg.state == LegState::kCompleted) proto.set_outcome(rpc::ToProto(leg.outcome));
  proto.set_returns(leg.returns);
}

Status ReadRoute(const engine::StateReader& reader, const v1::GetRouteRequest& request,
                 v1::GetRouteResponse& response) {
  MOTCUA_ASSIGN_OR_RETURN(const cases::DossierCode code,
                          rpc::ParseDossier(request.dossier(), "dossier"));
  MOTCUA_ASSIGN_OR_RETURN(const cases::Dossier dossier, reader.GetDossier(code));
  response.set_dossier(dossier.code.value());
  response.set_version(dossier.head.version);
  response.set_stage(rpc::ToProto(dossier.stage));
  response.set_current_stage(dossier.route.current_stage());
  for (std::size_t i = 0; i < dossier.route.legs.size(); ++i) {
    FillLeg(dossier.route.legs[i], i + 1, *response.add_legs());
  }
  return OkStatus();
}

// The rows of one page, and where the next one begins.
Status ReadWorkList(const engine::StateStore& store, const std::string& prefix,
                    const std::string& from, std::size_t page_size, std::vector<WorkListRow>& rows,
                    std::string& next) {
  bool damaged = false;
  const auto visit = [&](std::string_view key, std::string_view /*value*/) {
    const std::string_view after_prefix = key.substr(prefix.size());
    if (rows.size() >= page_size) {
      next = after_prefix;
      return false;
    }
    const std::optional<WorkListRow> row = ParseWorkListRow(after_prefix);
    damaged = !row;
    if (row) rows.push_back(*row);
    return !damaged;
  };
  MOTCUA_RETURN_IF_ERROR(store.Scan(prefix + from, engine::PrefixEnd(prefix), visit));
  if (damaged) return Status(Reason::kStoreDamaged, "a work list row is unreadable");
  return OkStatus();
}

Status ReadLegs(const engine::StateReader& reader, const v1::ListLegsRequest& request,
                v1::ListLegsResponse& response) {
  MOTCUA_ASSIGN_OR_RETURN(const cases::UnitCode unit, rpc::ParseUnit(request.unit(), "unit"));
  MOTCUA_ASSIGN_OR_RETURN(const std::size_t page_size, rpc::ParsePageSize(request.page_size()));
  const std::string arguments = "ListLegs|" + unit.value();
  MOTCUA_ASSIGN_OR_RETURN(const std::string from,
                          rpc::ParsePageToken(arguments, request.page_token()));
  std::vector<WorkListRow> rows;
  std::string next;
  // Legs come from dossiers of any unit.
  MOTCUA_RETURN_IF_ERROR(reader.CheckUnderstood());
  MOTCUA_RETURN_IF_ERROR(
      ReadWorkList(reader.store(), WorkListPrefix(unit), from, page_size, rows, next));
  cases::Dossier dossier;
  for (const WorkListRow& row : rows) {
    if (dossier.code != row.dossier) {
      MOTCUA_ASSIGN_OR_RETURN(std::optional<cases::Dossier> found, reader.FindDossier(row.dossier));
      if (!found) continue;
      dossier = *std::move(found);
    }
    const Result<const Leg*> leg = FindLeg(dossier.route, row.leg);
    if (!leg.ok()) continue;  // the dossier moved on between the two reads
    v1::LegTask& task = *response.add_tasks();
    task.set_dossier(row.dossier.value());
    FillLeg(**leg, row.leg, *task.mutable_leg());
  }
  if (!next.empty()) response.set_next_page_token(rpc::MakePageToken(arguments, next));
  return OkStatus();
}

}  // namespace

RoutingService::Reactor* RoutingService::SendHandOver(Context* context,
                                                      const v1::SendHandOverRequest* request,
                                                      v1::SendHandOverResponse* response) {
  return rpc::Submit(*context, door_, *request, *response,
                     ParseLegAction<cases::SendHandOver, v1::SendHandOverRequest>,
                     rpc::FillVersion);
}

RoutingService::Reactor* RoutingService::AcknowledgeHandOver(
    Context* context, const v1::AcknowledgeHandOverRequest* request,
    v1::AcknowledgeHandOverResponse* response) {
  return rpc::Submit(*context, door_, *request, *response,
                     ParseLegAction<cases::AcknowledgeHandOver, v1::AcknowledgeHandOverRequest>,
                     rpc::FillVersion);
}

RoutingService::Reactor* RoutingService::AcceptLeg(Context* context,
                                                   const v1::AcceptLegRequest* request,
                                                   v1::AcceptLegResponse* response) {
  return rpc::Submit(*context, door_, *request, *response,
                     ParseLegAction<cases::AcceptLeg, v1::AcceptLegRequest>, rpc::FillVersion);
}

RoutingService::Reactor* RoutingService::CompleteLeg(Context* context,
                                                     const v1::CompleteLegRequest* request,
                                                     v1::CompleteLegResponse* response) {
  return rpc::Submit(*context, door_, *request, *response, ParseComplete, rpc::FillVersion);
}

RoutingService::Reactor* RoutingService::ReturnLeg(Context* context,
                                                   const v1::ReturnLegRequest* request,
                                                   v1::ReturnLegResponse* response) {
  return rpc::Submit(*context, door_, *request, *response, ParseReturn, rpc::FillVersion);
}

RoutingService::Reactor* RoutingService::RemindLeg(Context* context,
                                                   const v1::RemindLegRequest* request,
                                                   v1::RemindLegResponse* response) {
  return rpc::Submit(*context, door_, *request, *response,
                     ParseLegAction<cases::RemindLeg, v1::RemindLegRequest>, rpc::FillVersion);
}

RoutingService::Reactor* RoutingService::GetRoute(Context* context,
                                                  const v1::GetRouteRequest* request,
                                                  v1::GetRouteResponse* response) {
  return rpc::Read(*context, reader_, *request, *response, [this](const auto& asked, auto& answer) {
    return ReadRoute(reader_, asked, answer);
  });
}

RoutingService::Reactor* RoutingService::ListLegs(Context* context,
                                                  const v1::ListLegsRequest* request,
                                                  v1::ListLegsResponse* response) {
  return rpc::ReadInWorker(
      *context, reader_, workers_, *request, *response,
      [this](const auto& asked, auto& answer) { return ReadLegs(reader_, asked, answer); });
}

}  // namespace motcua::routing
