// The RPCs of manifests (service.h).
#include "services/engine/keys.h"
#include "services/platform/grpc/convert.h"
#include "services/platform/grpc/fields.h"
#include "services/platform/grpc/read.h"
#include "services/postal/rules.h"
#include "services/postal/service.h"

namespace motcua::postal {
namespace {

Result<cases::Action> ParseOpen(const v1::OpenManifestRequest& request) {
  cases::OpenManifest open;
  MOTCUA_ASSIGN_OR_RETURN(open.unit, rpc::ParseUnit(request.unit(), "unit"));
  MOTCUA_RETURN_IF_ERROR(rpc::CheckId(request.carrier(), kCarrierBytesMax, "carrier"));
  open.carrier = request.carrier();
  return cases::Action(std::move(open));
}

void FillOpened(const engine::Answer& answer, v1::OpenManifestResponse& response) {
  response.set_manifest(std::string(answer.about.name()));
  response.set_version(answer.version);
}

Result<cases::Action> ParseAdd(const v1::AddManifestItemRequest& request) {
  cases::AddManifestItem add;
  MOTCUA_ASSIGN_OR_RETURN(add.dossier, rpc::ParseDossier(request.dossier(), "dossier"));
  MOTCUA_ASSIGN_OR_RETURN(add.item_number, cases::ParseItemNumber(request.item_number()));
  return cases::Action(std::move(add));
}

// MANIFEST_NOT_FOUND when there is none, NEWER_SCHEMA when it is not understood.
Result<cases::Manifest> ReadState(const engine::StateReader& reader, const cases::AggregateId& id) {
  MOTCUA_ASSIGN_OR_RETURN(const std::optional<std::string> row, reader.store().Get(id.path()));
  if (!row) {
    return Status(Reason::kManifestNotFound, "there is no manifest " + std::string(id.name()),
                  {{"manifest", std::string(id.name())}});
  }
  MOTCUA_ASSIGN_OR_RETURN(cases::AggregateState state, reader.codec().DecodeRow(id, *row));
  if (!cases::Understood(state)) return cases::NotUnderstood(id.name());
  return std::get<cases::Manifest>(std::move(state));
}

void FillManifest(const cases::AggregateId& id, const cases::Manifest& manifest,
                  v1::Manifest& proto) {
  proto.set_manifest(std::string(id.name()));
  proto.set_state(rpc::ToProto(manifest.state));
  proto.set_carrier(manifest.carrier);
  rpc::ToProto(manifest.opened, *proto.mutable_opened());
  if (manifest.closed) rpc::ToProto(*manifest.closed, *proto.mutable_closed());
  if (manifest.handed_over) rpc::ToProto(*manifest.handed_over, *proto.mutable_handed_over());
  const auto count = [&](cases::ManifestItemState state) {
    return static_cast<std::uint32_t>(manifest.CountOf(state));
  };
  proto.set_items(static_cast<std::uint32_t>(manifest.items.size()));
  proto.set_followed(count(cases::ManifestItemState::kFollowed));
  proto.set_skipped(count(cases::ManifestItemState::kSkipped));
}

Status ReadManifest(const engine::StateReader& reader, const v1::GetManifestRequest& request,
                    v1::GetManifestResponse& response) {
  MOTCUA_ASSIGN_OR_RETURN(const cases::AggregateId id,
                          rpc::ParseManifest(request.manifest(), "manifest"));
  MOTCUA_ASSIGN_OR_RETURN(const cases::Manifest manifest, ReadState(reader, id));
  FillManifest(id, manifest, *response.mutable_manifest());
  for (const cases::ManifestItem& item : manifest.items) {
    v1::ManifestItem& proto = *response.add_items();
    proto.set_dossier(item.dossier.value());
    proto.set_item_number(item.item_number);
    proto.set_state(rpc::ToProto(item.state));
  }
  response.set_version(manifest.head.version);
  return OkStatus();
}

Status ReadManifests(const engine::StateReader& live, const v1::ListManifestsRequest& request,
                     v1::ListManifestsResponse& response) {
  MOTCUA_ASSIGN_OR_RETURN(const cases::UnitCode unit, rpc::ParseUnit(request.unit(), "unit"));
  MOTCUA_ASSIGN_OR_RETURN(const std::size_t page_size, rpc::ParsePageSize(request.page_size()));
  const std::string arguments = "ListManifests|" + unit.value();
  MOTCUA_ASSIGN_OR_RETURN(const std::string from,
                          rpc::ParsePageToken(arguments, request.page_token()));
  // Rows of the index and the manifests that they name are of one moment.
  MOTCUA_ASSIGN_OR_RETURN(const engine::StateReader reader, live.AtOneMoment());
  const std::string prefix = ManifestPrefix(unit);
  std::vector<cases::AggregateId> ids;
  const auto visit = [&](std::string_view key, std::string_view path) {
    if (ids.size() >= page_size) {
      response.set_next_page_token(rpc::MakePageToken(arguments, key.substr(prefix.size())));
      return false;
    }
    ids.push_back(cases::AggregateId::FromPath(path));
    return true;
  };
  MOTCUA_RETURN_IF_ERROR(reader.store().Scan(prefix + from, engine::PrefixEnd(prefix), visit));
  for (const cases::AggregateId& id : ids) {
    MOTCUA_ASSIGN_OR_RETURN(const cases::Manifest manifest, ReadState(reader, id));
    FillManifest(id, manifest, *response.add_manifests());
  }
  return OkStatus();
}

}  // namespace

PostalService::Reactor* PostalService::OpenManifest(Context* context,
                                                    const v1::OpenManifestRequest* request,
                                                    v1::OpenManifestResponse* response) {
  return rpc::Submit(*context, door_, *request, *response, ParseOpen, FillOpened);
}

PostalService::Reactor* PostalService::AddManifestItem(Context* context,
                                                       const v1::AddManifestItemRequest* request,
                                                       v1::AddManifestItemResponse* response) {
  return rpc::Submit(*context, door_, *request, *response, ParseAdd, rpc::FillVersion);
}

PostalService::Reactor* PostalService::CloseManifest(Context* context,
                                                     const v1::CloseManifestRequest* request,
                                                     v1::CloseManifestResponse* response) {
  return rpc::Submit(
      *context, door_, *request, *response,
      [](const auto&) { return Result<cases::Action>(cases::CloseManifest{}); }, rpc::FillVersion);
}

PostalService::Reactor* PostalService::HandOverManifest(Context* context,
                                                        const v1::HandOverManifestRequest* request,
                                                        v1::HandOverManifestResponse* response) {
  return rpc::Submit(
      *context, door_, *request, *response,
      [](const auto&) { return Result<cases::Action>(cases::HandOverManifest{}); },
      rpc::FillVersion);
}

PostalService::Reactor* PostalService::GetManifest(Context* context,
                                                   const v1::GetManifestRequest* request,
                                                   v1::GetManifestResponse* response) {
  return rpc::Read(*context, reader_, *request, *response, [this](const auto& asked, auto& answer) {
    return ReadManifest(reader_, asked, answer);
  });
}

PostalService::Reactor* PostalService::ListManifests(Context* context,
                                                     const v1::ListManifestsRequest* request,
                                                     v1::ListManifestsResponse* response) {
  return rpc::ReadInWorker(
      *context, reader_, workers_, *request, *response,
      [this](const auto& asked, auto& answer) { return ReadManifests(reader_, asked, answer); });
}

}  // namespace motcua::postal
