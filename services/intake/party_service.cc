#include "services/intake/party_service.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "services/base/hash.h"
#include "services/domain/people/card_qr.h"
#include "services/platform/grpc/convert.h"
#include "services/platform/grpc/fields.h"
#include "services/platform/grpc/read.h"
#include "services/platform/grpc/unary.h"
#include "services/wire/party_codec.h"

namespace motcua::intake {
namespace {

namespace pb = parties::v1;
using people::Looker;
using people::LookKind;
using people::PartyStore;

enum class Purpose { kOptional, kRequired };

struct Asked {
  cases::RequestId request_id;
  Looker who;
};

template <typename Request>
Result<Asked> ParseAsked(const Request& request, const engine::Clock& clock, Purpose purpose) {
  MOTCUA_ASSIGN_OR_RETURN(const rpc::Caller caller, rpc::ParseContext(request.context()));
  Asked asked{caller.request_id, {caller.actor.value(), "", clock.Now()}};
  if constexpr (requires { request.purpose(); }) {
    MOTCUA_RETURN_IF_ERROR(rpc::CheckText(request.purpose(), people::kPurposeBytesMax, "purpose"));
    if (purpose == Purpose::kRequired && request.purpose().empty()) {
      return FieldError("purpose", "is missing: say why");
    }
    asked.who.purpose = request.purpose();
  }
  return asked;
}

Result<people::PartyId> ParseId(const std::string& text) {
  if (text.empty()) return FieldError("party", "is missing");
  const auto id = people::ParsePartyId(text);
  if (!id.ok()) return rpc::AtField(id.status(), "party");
  return *id;
}

people::PartyId NewId(const PartyStore& store, const Asked& asked) {
  return store.NewId(cases::FormatRequestId(asked.request_id));
}

// Of this request with this id: the same content under another id is another request.
template <typename Request>
std::uint64_t DigestOf(const Request& request, const Asked& asked) {
  return HashBytes(cases::FormatRequestId(asked.request_id), rpc::DigestOf(request));
}

template <typename Response>
void FillWarnings(const std::vector<people::Warning>& warnings, Response& response) {
  for (const people::Warning& warning : warnings) {
    pb::PartyWarning& one = *response.add_warnings();
    one.set_field(warning.field);
    one.set_kind(rpc::ToProto(warning.kind));
  }
}

void FillLook(const people::LookRow& look, pb::Look& wire) {
  rpc::ToProto(look.at, *wire.mutable_look_time());
  wire.set_kind(rpc::ToProto(look.kind));
  wire.set_actor(look.actor);
  wire.set_purpose(look.purpose);
}

Result<people::Party> ParseParty(const pb::Party& record, const PartyStore& store,
                                 const Asked& asked) {
  auto read = wire::FromProto(record);
  if (!read.ok()) return rpc::UnderField(read.status(), "record");
  people::Party party = std::move(read).value();
  if (party.id.empty() != (party.version == 0)) {
    return FieldError("record.version", "is what was read of a party, and 0 of a new one");
  }
  if (party.id.empty()) party.id = NewId(store, asked);
  const Status fits = people::Normalise(party);
  if (!fits.ok()) return rpc::UnderField(fits, "record");
  return party;
}

Status Put(PartyStore& store, const engine::Clock& clock, const pb::PutPartyRequest& request,
           pb::PutPartyResponse& response) {
  MOTCUA_ASSIGN_OR_RETURN(const Asked asked, ParseAsked(request, clock, Purpose::kOptional));
  MOTCUA_ASSIGN_OR_RETURN(const people::Party party, ParseParty(request.record(), store, asked));
  MOTCUA_ASSIGN_OR_RETURN(const people::PutAnswer put,
                          store.Put(party, DigestOf(request, asked), asked.who));
  response.set_party(people::FormatPartyId(party.id));
  response.set_version(put.version);
  FillWarnings(people::WarningsOf(party), response);
  FillWarnings(put.warnings, response);
  return OkStatus();
}

Status AddScanned(PartyStore& store, const engine::Clock& clock, const pb::PutCardRequest& request,
                  pb::PutCardResponse& response) {
  MOTCUA_ASSIGN_OR_RETURN(const Asked asked, ParseAsked(request, clock, Purpose::kOptional));
  MOTCUA_ASSIGN_OR_RETURN(const people::Card card, people::ParseCard(request.qr()));
  people::Party party;
  if (request.party().empty()) {
    party.id = NewId(store, asked);
  } else {
    MOTCUA_ASSIGN_OR_RETURN(const people::PartyId id, ParseId(request.party()));
    MOTCUA_ASSIGN_OR_RETURN(party, store.Get(id, LookKind::kMasked, asked.who));
    if (party.kind != people::PartyKind::kPerson) {
      return FieldError("party", "is no person: a card is added to one");
    }
  }
  const people::Party before = party;
  std::vector<people::Warning> warnings = people::AddCard(card, party);
  const Status fits = people::Normalise(party);
  if (!fits.ok()) return rpc::UnderField(fits, "qr");
  people::PutAnswer put{party.version, true, {}};
  // A card that says nothing new changes nothing: also when it is sent again.
  if (party != before) {
    MOTCUA_ASSIGN_OR_RETURN(put, store.Put(party, DigestOf(request, asked), asked.who));
  }
  response.set_party(people::FormatPartyId(party.id));
  response.set_version(put.version);
  FillWarnings(warnings, response);
  FillWarnings(people::WarningsOf(party), response);
  FillWarnings(put.warnings, response);
  party.version = put.version;
  wire::ToProto(people::Masked(std::move(party)), *response.mutable_record());
  return OkStatus();
}

Status Show(PartyStore& store, const engine::Clock& clock, const pb::ShowPartyRequest& request,
            pb::ShowPartyResponse& response) {
  const Purpose purpose = request.full() ? Purpose::kRequired : Purpose::kOptional;
  MOTCUA_ASSIGN_OR_RETURN(const Asked asked, ParseAsked(request, clock, purpose));
  MOTCUA_ASSIGN_OR_RETURN(const people::PartyId id, ParseId(request.party()));
  const LookKind kind = request.full() ? LookKind::kFull : LookKind::kMasked;
  MOTCUA_ASSIGN_OR_RETURN(people::Party party, store.Get(id, kind, asked.who));
  FillWarnings(people::WarningsOf(party), response);
  wire::ToProto(request.full() ? party : people::Masked(std::move(party)),
                *response.mutable_record());
  return OkStatus();
}

Result<people::Query> ParseQuery(const pb::FindPartiesRequest& request) {
  const int given = static_cast<int>(!request.name().empty()) +
                    static_cast<int>(!request.phone().empty()) +
                    static_cast<int>(!request.number().empty());
  if (given != 1) return FieldError("name", "give one of name, phone, number");
  if (!request.name().empty()) return people::QueryByName(request.name());
  if (!request.phone().empty()) return people::QueryByPhone(request.phone());
  return people::QueryByNumber(request.number());
}

Status Find(PartyStore& store, const engine::Clock& clock, const pb::FindPartiesRequest& request,
            pb::FindPartiesResponse& response) {
  MOTCUA_ASSIGN_OR_RETURN(const Asked asked, ParseAsked(request, clock, Purpose::kOptional));
  MOTCUA_ASSIGN_OR_RETURN(const people::Query query, ParseQuery(request));
  const std::size_t limit = request.limit() == 0 ? kFoundDefault : request.limit();
  MOTCUA_ASSIGN_OR_RETURN(people::Found found, store.Find(query, limit, asked.who));
  for (people::Party& party : found.parties) {
    wire::ToProto(people::Masked(std::move(party)), *response.add_parties());
  }
  response.set_more(found.more);
  return OkStatus();
}

Status Export(PartyStore& store, const engine::Clock& clock, const pb::ExportPartyRequest& request,
              pb::ExportPartyResponse& response) {
  MOTCUA_ASSIGN_OR_RETURN(const Asked asked, ParseAsked(request, clock, Purpose::kRequired));
  MOTCUA_ASSIGN_OR_RETURN(const people::PartyId id, ParseId(request.party()));
  MOTCUA_ASSIGN_OR_RETURN(people::Exported exported, store.Export(id, asked.who));
  wire::ToProto(exported.party, *response.mutable_record());
  for (people::Party& agent : exported.agents) {
    wire::ToProto(people::Masked(std::move(agent)), *response.add_agents());
  }
  for (const people::LookRow& look : exported.looks) FillLook(look, *response.add_looks());
  return OkStatus();
}

Status Erase(PartyStore& store, const engine::Clock& clock, const pb::ErasePartyRequest& request,
             pb::ErasePartyResponse& response) {
  MOTCUA_ASSIGN_OR_RETURN(const Asked asked, ParseAsked(request, clock, Purpose::kRequired));
  MOTCUA_ASSIGN_OR_RETURN(const people::PartyId id, ParseId(request.party()));
  MOTCUA_RETURN_IF_ERROR(store.Erase(id, asked.who));
  response.set_party(people::FormatPartyId(id));
  return OkStatus();
}

Status Looks(PartyStore& store, const engine::Clock& clock, const pb::ShowLooksRequest& request,
             pb::ShowLooksResponse& response) {
  MOTCUA_ASSIGN_OR_RETURN(const Asked asked, ParseAsked(request, clock, Purpose::kOptional));
  MOTCUA_ASSIGN_OR_RETURN(const people::PartyId id, ParseId(request.party()));
  MOTCUA_ASSIGN_OR_RETURN(const std::size_t size, rpc::ParsePageSize(request.page_size()));
  const std::string arguments = "ShowLooks " + people::FormatPartyId(id);
  MOTCUA_ASSIGN_OR_RETURN(const std::string place,
                          rpc::ParsePageToken(arguments, request.page_token()));
  MOTCUA_ASSIGN_OR_RETURN(const auto looks, store.Looks(id, place, size));
  for (const people::LookRow& look : looks) FillLook(look, *response.add_looks());
  if (looks.size() == size) {
    response.set_next_page_token(rpc::MakePageToken(arguments, looks.back().place));
  }
  return OkStatus();
}

}  // namespace

// The answer of each call is that of the function above with its verb.
#define MOTCUA_PARTY_CALL(name, work)                                                             \
  PartyService::Reactor* PartyService::name(Context* context, const pb::name##Request* request,   \
                                            pb::name##Response* response) {                       \
    return rpc::CallInWorker(                                                                     \
        *context, workers_, *request, *response,                                                  \
        [this](const auto& asked, auto& answer) { return work(store_, clock_, asked, answer); }); \
  }
MOTCUA_PARTY_CALL(PutParty, Put)
MOTCUA_PARTY_CALL(PutCard, AddScanned)
MOTCUA_PARTY_CALL(ShowParty, Show)
MOTCUA_PARTY_CALL(FindParties, Find)
MOTCUA_PARTY_CALL(ExportParty, Export)
MOTCUA_PARTY_CALL(EraseParty, Erase)
MOTCUA_PARTY_CALL(ShowLooks, Looks)
#undef MOTCUA_PARTY_CALL

}  // namespace motcua::intake
