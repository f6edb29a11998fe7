#include "services/engine/reader.h"

#include <algorithm>

#include "services/domain/cases/aggregates.h"
#include "services/engine/keys.h"
#include "services/engine/state_layer.h"

namespace motcua::engine {
namespace {

// What the paths of dossiers begin with whose codes begin with `prefix`.
std::string DossierPath(std::string_view prefix) {
  return cases::AggregateId(cases::DossierCode(prefix)).path();
}

}  // namespace

Result<StateReader> StateReader::AtOneMoment() const {
  MOTCUA_ASSIGN_OR_RETURN(std::shared_ptr<const StateStore> moment, store_->Snapshot());
  StateReader reader(*moment, *codec_);
  reader.moment_ = std::move(moment);
  return reader;
}

Result<std::optional<cases::Dossier>> StateReader::FindDossier(
    const cases::DossierCode& code) const {
  MOTCUA_ASSIGN_OR_RETURN(const std::optional<std::string> row,
                          store_->Get(cases::AggregateId(code).path()));
  if (!row) return std::optional<cases::Dossier>();
  MOTCUA_ASSIGN_OR_RETURN(cases::AggregateState state,
                          codec_->DecodeRow(cases::AggregateId(code), *row));
  if (!cases::Understood(state)) return cases::NotUnderstood(code.value());
  return std::optional<cases::Dossier>(std::get<cases::Dossier>(std::move(state)));
}

Result<cases::Dossier> StateReader::GetDossier(const cases::DossierCode& code) const {
  MOTCUA_ASSIGN_OR_RETURN(std::optional<cases::Dossier> dossier, FindDossier(code));
  if (!dossier) {
    return Status(Reason::kDossierNotFound, "there is no dossier " + code.value(),
                  {{"dossier", code.value()}});
  }
  return *std::move(dossier);
}

Status StateReader::CheckUnderstood(std::string_view prefix) const {
  const std::string from = NotUnderstoodKey(DossierPath(prefix));
  Status found;
  MOTCUA_RETURN_IF_ERROR(store_->Scan(from, PrefixEnd(from), [&](std::string_view key, auto) {
    found = cases::NotUnderstood(cases::AggregateId::FromPath(key.substr(1)).name());
    return false;
  }));
  return found;
}

Status StateReader::ScanDossiers(std::string_view prefix, std::string_view from,
                                 const std::function<bool(const cases::Dossier&)>& visit) const {
  MOTCUA_RETURN_IF_ERROR(CheckUnderstood(prefix));
  const std::string first = DossierPath(std::max(prefix, from));
  const std::string end = PrefixEnd(DossierPath(prefix));
  Status decoded;
  MOTCUA_RETURN_IF_ERROR(store_->Scan(first, end, [&](std::string_view key, std::string_view row) {
    const Result<cases::AggregateState> state =
        codec_->DecodeRow(cases::AggregateId::FromPath(key), row);
    if (!state.ok()) {
      decoded = state.status();
      return false;
    }
    return visit(std::get<cases::Dossier>(*state));
  }));
  return decoded;
}

}  // namespace motcua::engine
