#include "services/engine/reader.h"

#include <algorithm>

#include "services/engine/keys.h"
#include "services/engine/state_layer.h"

namespace motcua::engine {

Result<StateReader> StateReader::AtOneMoment() const {
  MOTCUA_ASSIGN_OR_RETURN(std::shared_ptr<const StateStore> moment, store_->Snapshot());
  StateReader reader(*moment, *codec_);
  reader.moment_ = std::move(moment);
  return reader;
}

Result<std::optional<cases::Dossier>> StateReader::FindDossier(
    const cases::DossierCode& code) const {
  MOTCUA_ASSIGN_OR_RETURN(const std::optional<std::string> row, store_->Get(DossierKey(code)));
  if (!row) return std::optional<cases::Dossier>();
  MOTCUA_ASSIGN_OR_RETURN(cases::Dossier dossier, codec_->DecodeDossier(code, *row));
  if (!dossier.understood) return NotUnderstood(code.value());
  return std::optional<cases::Dossier>(std::move(dossier));
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
  const std::string from = NotUnderstoodKey(cases::DossierCode(prefix));
  Status found;
  MOTCUA_RETURN_IF_ERROR(store_->Scan(from, PrefixEnd(from), [&](std::string_view key, auto) {
    found = NotUnderstood(key.substr(1));
    return false;
  }));
  return found;
}

Status StateReader::ScanDossiers(std::string_view prefix, std::string_view from,
                                 const std::function<bool(const cases::Dossier&)>& visit) const {
  MOTCUA_RETURN_IF_ERROR(CheckUnderstood(prefix));
  const std::string first = DossierKey(cases::DossierCode(std::max(prefix, from)));
  const std::string end = PrefixEnd(DossierKey(cases::DossierCode(prefix)));
  Status decoded;
  MOTCUA_RETURN_IF_ERROR(store_->Scan(first, end, [&](std::string_view key, std::string_view row) {
    const Result<cases::Dossier> dossier =
        codec_->DecodeDossier(cases::DossierCode(key.substr(1)), row);
    if (!dossier.ok()) {
      decoded = dossier.status();
      return false;
    }
    return visit(*dossier);
  }));
  return decoded;
}

}  // namespace motcua::engine
