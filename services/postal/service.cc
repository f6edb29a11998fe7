#include "services/postal/service.h"

#include <algorithm>

#include "services/engine/keys.h"
#include "services/platform/grpc/convert.h"
#include "services/platform/grpc/fields.h"
#include "services/platform/grpc/read.h"
#include "services/postal/rules.h"

namespace motcua::postal {
namespace {

// By the carrier's clock; none when not said.
Result<std::optional<Instant>> ParseOccurred(const auto& request) {
  if (!request.has_occurred_time()) return std::optional<Instant>();
  MOTCUA_ASSIGN_OR_RETURN(const Instant occurred,
                          rpc::ParseTimestamp(request.occurred_time(), "occurred_time"));
  return std::optional(occurred);
}

Result<cases::Action> ParseHandOver(const v1::HandOverShipmentRequest& request) {
  cases::HandOverShipment hand_over;
  MOTCUA_ASSIGN_OR_RETURN(hand_over.item_number, cases::ParseItemNumber(request.item_number()));
  MOTCUA_RETURN_IF_ERROR(rpc::CheckId(request.carrier(), kCarrierBytesMax, "carrier"));
  hand_over.carrier = request.carrier();
  return cases::Action(std::move(hand_over));
}

Result<cases::Action> ParseTrack(const v1::TrackShipmentRequest& request) {
  cases::TrackShipment track;
  MOTCUA_ASSIGN_OR_RETURN(track.state,
                          rpc::ParseCode<postal::ShipmentState>(request.state(), "state"));
  if (track.state != ShipmentState::kInTransit && track.state != ShipmentState::kOutForDelivery &&
      track.state != ShipmentState::kReturning) {
    return FieldError("state", "must be IN_TRANSIT, OUT_FOR_DELIVERY or RETURNING");
  }
  MOTCUA_ASSIGN_OR_RETURN(track.occurred, ParseOccurred(request));
  return cases::Action(track);
}

Result<cases::Action> ParseFail(const v1::FailDeliveryRequest& request) {
  cases::FailDelivery fail;
  MOTCUA_ASSIGN_OR_RETURN(fail.reason,
                          rpc::ParseCode<postal::FailureReason>(request.reason(), "reason"));
  MOTCUA_ASSIGN_OR_RETURN(fail.occurred, ParseOccurred(request));
  return cases::Action(fail);
}

Result<cases::Action> ParseDeliver(const v1::DeliverShipmentRequest& request) {
  cases::DeliverShipment deliver;
  MOTCUA_ASSIGN_OR_RETURN(deliver.proof,
                          rpc::ParseCode<postal::ProofKind>(request.proof(), "proof"));
  MOTCUA_RETURN_IF_ERROR(
      rpc::CheckId(request.proof_reference(), kProofReferenceBytesMax, "proof_reference"));
  deliver.proof_reference = request.proof_reference();
  MOTCUA_ASSIGN_OR_RETURN(deliver.occurred, ParseOccurred(request));
  return cases::Action(std::move(deliver));
}

// Other shipments with the same item number, whose scans may be this one's.
Status FillAlsoOn(const engine::StateReader& reader, const cases::Dossier& dossier,
                  v1::Shipment& proto) {
  constexpr int kAlsoOnMax = 16;
  const Shipment& shipment = dossier.shipment;
  if (shipment.item_number.empty() || !shipment.handed_over) return OkStatus();
  MOTCUA_ASSIGN_OR_RETURN(const std::vector<cases::ItemUse> uses,
                          PostalRules().UsesOfItem(reader.store(), shipment.item_number));
  for (const cases::ItemUse& use : uses) {
    const ZonedTime given{use.handed_over, shipment.handed_over->offset};
    const auto [first, second] = std::minmax({given.date(), shipment.handed_over->date()});
    const bool apart = !use.open && second >= ItemFreeFrom(first);
    if (use.dossier == dossier.code || apart || proto.also_on_size() >= kAlsoOnMax) continue;
    proto.add_also_on(use.dossier.value());
  }
  return OkStatus();
}

Status FillShipment(const engine::StateReader& reader, const cases::Dossier& dossier,
                    v1::Shipment& proto) {
  const Shipment& shipment = dossier.shipment;
  proto.set_dossier(dossier.code.value());
  proto.set_state(rpc::ToProto(shipment.state));
  proto.set_item_number(shipment.item_number);
  proto.set_carrier(shipment.carrier);
  proto.set_attempts(static_cast<std::uint32_t>(shipment.attempts.size()));
  if (shipment.handed_over) rpc::ToProto(*shipment.handed_over, *proto.mutable_handed_over());
  if (shipment.reported && shipment.handed_over) {
    rpc::ToProto(ZonedTime{*shipment.reported, shipment.handed_over->offset},
                 *proto.mutable_reported());
  }
  if (shipment.delivered) rpc::ToProto(*shipment.delivered, *proto.mutable_delivered());
  return FillAlsoOn(reader, dossier, proto);
}

Status ReadShipment(const engine::StateReader& reader, const v1::GetShipmentRequest& request,
                    v1::GetShipmentResponse& response) {
  MOTCUA_ASSIGN_OR_RETURN(const cases::DossierCode code,
                          rpc::ParseDossier(request.dossier(), "dossier"));
  MOTCUA_ASSIGN_OR_RETURN(const cases::Dossier dossier, reader.GetDossier(code));
  MOTCUA_RETURN_IF_ERROR(FillShipment(reader, dossier, *response.mutable_shipment()));
  response.set_version(dossier.head.version);
  return OkStatus();
}

Status ReadItemShipments(const engine::StateReader& reader,
                         const v1::GetItemShipmentsRequest& request,
                         v1::GetItemShipmentsResponse& response) {
  constexpr std::size_t kItemShipmentsMax = 16;
  MOTCUA_ASSIGN_OR_RETURN(const std::string item, cases::ParseItemNumber(request.item_number()));
  MOTCUA_RETURN_IF_ERROR(reader.CheckUnderstood());
  MOTCUA_ASSIGN_OR_RETURN(std::vector<cases::ItemUse> uses,
                          PostalRules().UsesOfItem(reader.store(), item));
  std::stable_sort(uses.begin(), uses.end(),
                   [](const auto& a, const auto& b) { return a.handed_over > b.handed_over; });
  if (uses.size() > kItemShipmentsMax) uses.resize(kItemShipmentsMax);
  for (const cases::ItemUse& use : uses) {
    MOTCUA_ASSIGN_OR_RETURN(const cases::Dossier dossier, reader.GetDossier(use.dossier));
    MOTCUA_RETURN_IF_ERROR(FillShipment(reader, dossier, *response.add_shipments()));
  }
  return OkStatus();
}

Status ReadShipments(const engine::StateReader& reader, const v1::ListShipmentsRequest& request,
                     v1::ListShipmentsResponse& response) {
  MOTCUA_ASSIGN_OR_RETURN(const cases::UnitCode unit, rpc::ParseUnit(request.unit(), "unit"));
  MOTCUA_ASSIGN_OR_RETURN(const std::size_t page_size, rpc::ParsePageSize(request.page_size()));
  const std::string arguments = "ListShipments|" + unit.value();
  MOTCUA_ASSIGN_OR_RETURN(const std::string from,
                          rpc::ParsePageToken(arguments, request.page_token()));
  const std::string prefix = OpenShipmentPrefix(unit);
  const std::size_t code_at = prefix.size() - unit.value().size() - 1;
  std::vector<cases::DossierCode> codes;
  const auto visit = [&](std::string_view key, std::string_view /*value*/) {
    if (codes.size() >= page_size) {
      response.set_next_page_token(rpc::MakePageToken(arguments, key.substr(prefix.size())));
      return false;
    }
    codes.emplace_back(key.substr(code_at));
    return true;
  };
  MOTCUA_RETURN_IF_ERROR(reader.CheckUnderstood(unit.value() + "-"));
  MOTCUA_RETURN_IF_ERROR(reader.store().Scan(prefix + from, engine::PrefixEnd(prefix), visit));
  for (const cases::DossierCode& code : codes) {
    MOTCUA_ASSIGN_OR_RETURN(const std::optional<cases::Dossier> dossier, reader.FindDossier(code));
    if (!dossier) continue;
    MOTCUA_RETURN_IF_ERROR(FillShipment(reader, *dossier, *response.add_shipments()));
  }
  return OkStatus();
}

}  // namespace

PostalService::Reactor* PostalService::HandOverShipment(Context* context,
                                                        const v1::HandOverShipmentRequest* request,
                                                        v1::HandOverShipmentResponse* response) {
  return rpc::Submit(*context, door_, *request, *response, ParseHandOver, rpc::FillVersion);
}

PostalService::Reactor* PostalService::TrackShipment(Context* context,
                                                     const v1::TrackShipmentRequest* request,
                                                     v1::TrackShipmentResponse* response) {
  return rpc::Submit(*context, door_, *request, *response, ParseTrack, rpc::FillVersion);
}

PostalService::Reactor* PostalService::FailDelivery(Context* context,
                                                    const v1::FailDeliveryRequest* request,
                                                    v1::FailDeliveryResponse* response) {
  return rpc::Submit(*context, door_, *request, *response, ParseFail, rpc::FillVersion);
}

PostalService::Reactor* PostalService::DeliverShipment(Context* context,
                                                       const v1::DeliverShipmentRequest* request,
                                                       v1::DeliverShipmentResponse* response) {
  return rpc::Submit(*context, door_, *request, *response, ParseDeliver, rpc::FillVersion);
}

PostalService::Reactor* PostalService::ReturnShipment(Context* context,
                                                      const v1::ReturnShipmentRequest* request,
                                                      v1::ReturnShipmentResponse* response) {
  return rpc::Submit(
      *context, door_, *request, *response,
      [](const auto&) { return Result<cases::Action>(cases::ReturnShipment{}); }, rpc::FillVersion);
}

PostalService::Reactor* PostalService::GetShipment(Context* context,
                                                   const v1::GetShipmentRequest* request,
                                                   v1::GetShipmentResponse* response) {
  return rpc::Read(*context, reader_, *request, *response, [this](const auto& asked, auto& answer) {
    return ReadShipment(reader_, asked, answer);
  });
}

PostalService::Reactor* PostalService::GetItemShipments(Context* context,
                                                        const v1::GetItemShipmentsRequest* request,
                                                        v1::GetItemShipmentsResponse* response) {
  return rpc::ReadInWorker(*context, reader_, workers_, *request, *response,
                           [this](const auto& asked, auto& answer) {
                             return ReadItemShipments(reader_, asked, answer);
                           });
}

PostalService::Reactor* PostalService::ListShipments(Context* context,
                                                     const v1::ListShipmentsRequest* request,
                                                     v1::ListShipmentsResponse* response) {
  return rpc::ReadInWorker(
      *context, reader_, workers_, *request, *response,
      [this](const auto& asked, auto& answer) { return ReadShipments(reader_, asked, answer); });
}

}  // namespace motcua::postal
