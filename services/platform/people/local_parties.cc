#include "services/platform/people/local_parties.h"

#include <algorithm>
#include <utility>

#include "services/platform/people/decide_put.h"

namespace motcua::people {
namespace {

constexpr char kIdPurpose = 'i';
constexpr std::string_view kMasterFile = "master.key";

Status NotFound() { return Status(Reason::kPartyNotFound, "there is no such party"); }

}  // namespace

Result<std::unique_ptr<LocalParties>> LocalParties::Open(const LocalPartiesOptions& options) {
  std::error_code error;
  std::filesystem::create_directories(options.folder, error);
  if (!error) {
    std::filesystem::permissions(options.folder, std::filesystem::perms::owner_all, error);
  }
  if (error) {
    return Status(Reason::kFileUnreadable,
                  "make " + options.folder.string() + ": " + error.message(),
                  {{"file", options.folder.string()}});
  }
  // Without its keys what is there is lost: not a reason to begin anew.
  if (std::filesystem::exists(options.folder / "records" / "CURRENT", error) &&
      !std::filesystem::exists(options.folder / "keys" / "CURRENT", error)) {
    return Status(Reason::kPartiesDamaged,
                  "there are records of people and no keys: " + options.folder.string());
  }
  const auto master =
      options.master_key.empty() ? options.folder / kMasterFile : options.master_key;
  MOTCUA_ASSIGN_OR_RETURN(
      auto keys, PartyKeys::Open(options.folder / "keys", master, options.make_master_key));
  MOTCUA_ASSIGN_OR_RETURN(
      auto rows, PartyRows::Open(options.folder / "records", keys->search_key(), keys->look_key()));
  std::unique_ptr<LocalParties> parties(
      new LocalParties(std::move(keys), std::move(rows), options.synced));
  MOTCUA_RETURN_IF_ERROR(parties->FinishErasures());
  return parties;
}

Status LocalParties::FinishErasures() {
  MOTCUA_ASSIGN_OR_RETURN(std::vector<PartyId> left, keys_->Unfinished());
  MOTCUA_ASSIGN_OR_RETURN(const std::vector<PartyId> erased, keys_->Erased());
  for (const PartyId& id : erased) {
    // Records that were put back from a copy of before the erasure.
    MOTCUA_ASSIGN_OR_RETURN(const bool holds, rows_->Holds(id));
    if (holds && std::find(left.begin(), left.end(), id) == left.end()) left.push_back(id);
  }
  if (left.empty()) return OkStatus();
  // Nothing opens their records any more, so what the index has of them is found by reading it.
  MOTCUA_RETURN_IF_ERROR(rows_->RemoveIndexOf(left));
  for (const PartyId& id : left) {
    MOTCUA_RETURN_IF_ERROR(rows_->Remove(id, std::nullopt));
    MOTCUA_RETURN_IF_ERROR(rows_->ScrubOut(id, std::nullopt));
    MOTCUA_RETURN_IF_ERROR(keys_->ScrubOut(id));
    MOTCUA_RETURN_IF_ERROR(keys_->NoteFinished(id));
  }
  return OkStatus();
}

PartyId LocalParties::NewId(std::string_view request) const {
  const KeyedHash hash = HashWithKey(keys_->search_key(), kIdPurpose, request);
  PartyId id;
  std::copy_n(hash.begin(), id.bytes.size(), id.bytes.begin());
  return id;
}

Result<std::optional<LocalParties::Opened>> LocalParties::OpenParty(const PartyId& id) const {
  MOTCUA_ASSIGN_OR_RETURN(const auto key, keys_->Find(id));
  if (!key) {
    // A record without a key is of somebody who was erased, or the keys are older than it.
    MOTCUA_ASSIGN_OR_RETURN(const bool holds, rows_->Holds(id));
    if (!holds) return std::optional<Opened>();
    MOTCUA_ASSIGN_OR_RETURN(const auto erased, keys_->ErasedAt(id));
    if (!erased) return Status(Reason::kPartiesDamaged, "the key of a party's record is missing");
    return std::optional<Opened>();
  }
  MOTCUA_ASSIGN_OR_RETURN(auto record, rows_->Get(id, *key));
  if (!record) return std::optional<Opened>();
  return std::optional<Opened>(Opened{*key, std::move(*record)});
}

Result<std::vector<Warning>> LocalParties::NumbersKnown(const Party& party) const {
  std::vector<Warning> warnings;
  for (std::size_t i = 0; i < party.numbers.size(); ++i) {
    bool known = false;
    const Token token{TokenKind::kNumber, party.numbers[i].text, party.numbers[i].text};
    const auto seen = rows_->ForEach(token, [&](const PartyId& id) {
      known = known || id != party.id;
      return !known;
    });
    if (!seen.ok()) return seen.status();
    if (known) {
      warnings.push_back({"numbers[" + std::to_string(i) + "]", PartyWarningKind::kNumberKnown});
    }
  }
  return warnings;
}

Result<PutAnswer> LocalParties::Put(const Party& party, std::uint64_t digest, const Looker& who) {
  const std::lock_guard lock(LockOf(party.id));
  MOTCUA_ASSIGN_OR_RETURN(const auto erased, keys_->ErasedAt(party.id));
  if (erased) return NotFound();
  MOTCUA_ASSIGN_OR_RETURN(std::optional<SecretKey> key, keys_->Find(party.id));
  std::optional<wire::PartyRecord> present;
  if (key) {
    MOTCUA_ASSIGN_OR_RETURN(present, rows_->Get(party.id, *key));
  }
  MOTCUA_ASSIGN_OR_RETURN(const PutDecision decision, DecidePut(party, digest, present));
  PutAnswer answer{decision.record.party.version, decision.repeated, {}};
  MOTCUA_ASSIGN_OR_RETURN(answer.warnings, NumbersKnown(party));
  if (decision.repeated) return answer;
  if (!key) {
    // Durable before the record: a key without a record opens nothing, a record without a key is
    // lost.
    MOTCUA_ASSIGN_OR_RETURN(key, keys_->Make(party.id, synced_));
  }
  const std::optional<Party> before =
      present ? std::optional<Party>(std::move(present->party)) : std::nullopt;
  MOTCUA_RETURN_IF_ERROR(rows_->Put(decision.record, PartyRows::SealRecord(decision.record, *key),
                                    before, {party.id, LookKind::kPut, who, key}, synced_));
  return answer;
}

Result<Party> LocalParties::Get(const PartyId& id, LookKind kind, const Looker& who) {
  MOTCUA_ASSIGN_OR_RETURN(auto opened, OpenParty(id));
  if (!opened) return NotFound();
  MOTCUA_RETURN_IF_ERROR(
      rows_->NoteLooks({{id, kind, who, opened->key}}, synced_ && kind == LookKind::kFull));
  return std::move(opened->record.party);
}

Result<Found> LocalParties::Find(const Query& query, std::size_t limit, const Looker& who) {
  struct Hit {
    Match match;
    Opened opened;
  };
  std::vector<Hit> hits;
  std::vector<PartyId> seen;
  Status failed;
  const std::size_t most = std::min(limit, kFoundMax);
  Found found;
  const auto take = [&](const PartyId& id) {
    if (std::find(seen.begin(), seen.end(), id) != seen.end()) return true;
    seen.push_back(id);
    auto opened = OpenParty(id);
    if (!opened.ok()) {
      failed = opened.status();
      return false;
    }
    // What the index still names and is no more, or what shares a hash, is no hit.
    if (!*opened) return true;
    const Match match = MatchOf(query, (*opened)->record.party);
    if (match == Match::kNone) return true;
    found.more = hits.size() == most;
    if (!found.more) hits.push_back({match, std::move(**opened)});
    return !found.more;
  };
  for (const Token& token : query.tokens) {
    if (found.more) break;
    MOTCUA_ASSIGN_OR_RETURN(const bool all, rows_->ForEach(token, take));
    MOTCUA_RETURN_IF_ERROR(failed);
    found.more = found.more || !all;
  }
  std::stable_sort(hits.begin(), hits.end(),
                   [](const Hit& a, const Hit& b) { return a.match < b.match; });
  std::vector<PartyRows::Look> looks;
  for (Hit& hit : hits) {
    looks.push_back({hit.opened.record.party.id, LookKind::kFind, who, hit.opened.key});
    found.parties.push_back(std::move(hit.opened.record.party));
  }
  MOTCUA_RETURN_IF_ERROR(rows_->NoteLooks(looks, /*synced=*/false));
  return found;
}

Result<Exported> LocalParties::Export(const PartyId& id, const Looker& who) {
  MOTCUA_ASSIGN_OR_RETURN(auto opened, OpenParty(id));
  if (!opened) return NotFound();
  // First: the answer holds this look, too.
  MOTCUA_RETURN_IF_ERROR(rows_->NoteLooks({{id, LookKind::kExport, who, opened->key}}, synced_));
  Exported exported;
  MOTCUA_ASSIGN_OR_RETURN(Found agents, Find(QueryByPrincipal(id), kFoundMax, who));
  exported.agents = std::move(agents.parties);
  MOTCUA_ASSIGN_OR_RETURN(exported.looks, rows_->Looks(id, "", kLooksPageMax, opened->key));
  exported.party = std::move(opened->record.party);
  return exported;
}

Status LocalParties::Erase(const PartyId& id, const Looker& who) {
  const std::lock_guard lock(LockOf(id));
  MOTCUA_ASSIGN_OR_RETURN(const auto erased, keys_->ErasedAt(id));
  if (erased) return OkStatus();
  MOTCUA_ASSIGN_OR_RETURN(const auto key, keys_->Find(id));
  if (!key) return NotFound();
  const auto record = rows_->Get(id, *key);
  // Also what cannot be opened any more can be erased.
  if (!record.ok() && record.status().reason() != Reason::kPartiesDamaged) return record.status();
  std::optional<Party> before;
  if (record.ok() && *record) before = (*record)->party;
  MOTCUA_RETURN_IF_ERROR(rows_->NoteLooks({{id, LookKind::kErase, who, std::nullopt}}, synced_));
  // From here on it is erased, also after a crash: Open finishes what follows.
  MOTCUA_RETURN_IF_ERROR(keys_->Destroy(id, who.at));
  if (!before) MOTCUA_RETURN_IF_ERROR(rows_->RemoveIndexOf({id}));
  MOTCUA_RETURN_IF_ERROR(rows_->Remove(id, before));
  MOTCUA_RETURN_IF_ERROR(keys_->ScrubOut(id));
  MOTCUA_RETURN_IF_ERROR(rows_->ScrubOut(id, before));
  return keys_->NoteFinished(id);
}

Result<std::vector<LookRow>> LocalParties::Looks(const PartyId& id, std::string_view place,
                                                 std::size_t limit) {
  MOTCUA_ASSIGN_OR_RETURN(const auto key, keys_->Find(id));
  MOTCUA_ASSIGN_OR_RETURN(auto looks, rows_->Looks(id, place, std::min(limit, kLooksPageMax), key));
  if (!looks.empty() || key || !place.empty()) return looks;
  MOTCUA_ASSIGN_OR_RETURN(const auto erased, keys_->ErasedAt(id));
  if (!erased) return NotFound();
  return looks;
}

}  // namespace motcua::people
