#include "services/postal/rules.h"

#include <string>
#include <utility>
#include <variant>

#include "services/base/bytes.h"
#include "services/engine/keys.h"

namespace motcua::postal {

std::optional<cases::Action> PostalRules::Owed(const cases::Dossier& dossier) const {
  if (dossier.stage == cases::Stage::kResultReady &&
      dossier.return_mode == cases::ReturnMode::kPostal &&
      dossier.shipment.state == ShipmentState::kNone) {
    return cases::RegisterShipment{};
  }
  return std::nullopt;
}

std::optional<cases::Action> PostalRules::Owed(const cases::AggregateState& state) const {
  const auto* const manifest = std::get_if<cases::Manifest>(&state);
  if (manifest == nullptr) return DossierRules::Owed(state);
  if (manifest->state != cases::ManifestState::kHandedOver) return std::nullopt;
  const cases::ManifestItem* const next = manifest->NextListed();
  if (next == nullptr) return std::nullopt;
  return cases::FollowManifest{next->dossier};
}

namespace {

std::string ItemPrefix(std::string_view item_number) {
  return std::string(1, engine::kIndexPrefix) + "I" + std::string(item_number) + "|";
}

void PutItem(const cases::DossierCode& code, const Shipment& shipment, bool open,
             engine::IndexSink& sink) {
  std::string value;
  AppendLittleEndian(value, static_cast<std::uint64_t>(shipment.handed_over->instant.micros));
  value.push_back(open ? 1 : 0);
  sink.Put(ItemPrefix(shipment.item_number) + code.value(), std::move(value));
}

// The item of a shipment that has one; null when it has none.
const Shipment* WithItem(const cases::Dossier* dossier) {
  const bool has = dossier != nullptr && !dossier->shipment.item_number.empty() &&
                   dossier->shipment.handed_over.has_value();
  return has ? &dossier->shipment : nullptr;
}

void IndexItem(const cases::Dossier* before, const cases::Dossier& after,
               const cases::CaseEvent& event, engine::IndexSink& sink) {
  const Shipment* was = WithItem(before);
  const Shipment* is = WithItem(&after);
  const bool left = was != nullptr && (is == nullptr || is->item_number != was->item_number);
  if (left && HoldsLeaf<cases::EventTakenBack>(event.payload)) {
    // A hand-over that is taken back gave no number.
    sink.Delete(ItemPrefix(was->item_number) + after.code.value());
  } else if (left && was->open()) {
    PutItem(after.code, *was, false, sink);
  }
  if (is == nullptr) return;
  const bool same = was != nullptr && was->item_number == is->item_number &&
                    was->handed_over == is->handed_over && was->open() == is->open();
  if (!same) PutItem(after.code, *is, is->open(), sink);
}

}  // namespace

Result<std::vector<cases::ItemUse>> PostalRules::UsesOfItem(const engine::StateStore& store,
                                                            std::string_view item_number) const {
  constexpr std::size_t kInstantBytes = 8;
  const std::string prefix = ItemPrefix(item_number);
  std::vector<cases::ItemUse> uses;
  bool readable = true;
  MOTCUA_RETURN_IF_ERROR(store.Scan(
      prefix, engine::PrefixEnd(prefix), [&](std::string_view key, std::string_view value) {
        readable = value.size() == kInstantBytes + 1;
        if (!readable) return false;
        uses.push_back({cases::DossierCode(key.substr(prefix.size())),
                        Instant{static_cast<std::int64_t>(ReadLittleEndian(value))},
                        value.back() != 0});
        return true;
      }));
  if (!readable) return Status(Reason::kStoreDamaged, "a row of an item number is not readable");
  return uses;
}

void PostalRules::Index(const engine::Position& /*position*/, const cases::Dossier* before,
                        const cases::Dossier& after, const cases::CaseEvent& event,
                        engine::IndexSink& sink) const {
  IndexItem(before, after, event, sink);
  const bool was = before != nullptr && before->shipment.open();
  const bool is = after.shipment.open();
  if (is && !was) sink.Put(OpenShipmentKey(after.code), {});
  if (was && !is) sink.Delete(OpenShipmentKey(after.code));
}

bool PostalRules::keeps_index(cases::AggregateKind kind) const {
  return kind == cases::AggregateKind::kManifest || DossierRules::keeps_index(kind);
}

void PostalRules::Index(const engine::Position& position, const cases::AggregateState& before,
                        const cases::AggregateState& after, const cases::CaseEvent& event,
                        engine::IndexSink& sink) const {
  if (!std::holds_alternative<cases::Manifest>(after)) {
    DossierRules::Index(position, before, after, event, sink);
    return;
  }
  const cases::Step* const step = event.StepOn(cases::AggregateKind::kManifest);
  if (step == nullptr || !std::holds_alternative<std::monostate>(before)) return;
  const auto number = cases::ParseManifestKey(step->id.key());
  if (!number) return;
  sink.Put(ManifestKeyOf(step->id.unit(), *number), step->id.path());
}

std::string ManifestPrefix(const cases::UnitCode& unit) {
  return std::string(1, engine::kIndexPrefix) + "P" + unit.value() + "/";
}

std::string ManifestKeyOf(const cases::UnitCode& unit, const cases::ManifestNumber& number) {
  constexpr int kBytes = 4;
  std::string key = ManifestPrefix(unit);
  AppendBigEndian(key, UINT32_MAX - static_cast<std::uint32_t>(number.year), kBytes);
  AppendBigEndian(key, UINT32_MAX - number.number, kBytes);
  return key;
}

std::string OpenShipmentKey(const cases::DossierCode& dossier) {
  return std::string(1, engine::kIndexPrefix) + "S" + dossier.value();
}

std::string OpenShipmentPrefix(const cases::UnitCode& unit) {
  return std::string(1, engine::kIndexPrefix) + "S" + unit.value() + "-";
}

}  // namespace motcua::postal
