// Payloads of postal: manifests.
#include "services/wire/contract_payloads.h"

namespace motcua::wire {
namespace {

void ReadDossier(Reading& reading, const std::string& wire, cases::DossierCode& dossier) {
  Result<cases::DossierCode> code = cases::ParseDossierCode(wire);
  reading.Require(code.ok());
  if (code.ok()) dossier = *std::move(code);
}

}  // namespace

void Write(const cases::ManifestOpened& e, pb::ManifestOpened& wire) {
  wire.set_carrier(e.carrier);
  wire.set_year(e.year);
  wire.set_number(e.number);
}
void Read(Reading&, const pb::ManifestOpened& wire, cases::ManifestOpened& e) {
  e.carrier = wire.carrier();
  e.year = wire.year();
  e.number = wire.number();
}

void Write(const cases::ManifestItemAdded& e, pb::ManifestItemAdded& wire) {
  wire.set_dossier(e.dossier.value());
  wire.set_item_number(e.item_number);
}
void Read(Reading& reading, const pb::ManifestItemAdded& wire, cases::ManifestItemAdded& e) {
  ReadDossier(reading, wire.dossier(), e.dossier);
  e.item_number = wire.item_number();
}

void Write(const cases::ManifestItemSkipped& e, pb::ManifestItemSkipped& wire) {
  wire.set_dossier(e.dossier.value());
  wire.set_state(Code(e.state));
}
void Read(Reading& reading, const pb::ManifestItemSkipped& wire, cases::ManifestItemSkipped& e) {
  ReadDossier(reading, wire.dossier(), e.dossier);
  reading.Code(wire.state(), e.state);
}

}  // namespace motcua::wire
