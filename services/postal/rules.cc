#include "services/postal/rules.h"

#include <string>
#include <utility>
#include <variant>

#include "services/base/overloaded.h"
#include "services/engine/keys.h"

namespace motcua::postal {

bool PostalRules::Decides(const cases::Action& action) const {
  return std::visit(Overloaded{
                        [](const cases::RegisterShipment&) { return true; },
                        [](const cases::HandOverShipment&) { return true; },
                        [](const cases::TrackShipment&) { return true; },
                        [](const cases::FailDelivery&) { return true; },
                        [](const cases::DeliverShipment&) { return true; },
                        [](const cases::ReturnShipment&) { return true; },
                        [](const auto&) { return false; },
                    },
                    action);
}

std::optional<cases::Action> PostalRules::Owed(const cases::Dossier& dossier) const {
  if (dossier.stage == cases::Stage::kResultReady &&
      dossier.return_mode == cases::ReturnMode::kPostal &&
      dossier.shipment.state == ShipmentState::kNone) {
    return cases::RegisterShipment{};
  }
  return std::nullopt;
}

namespace {

std::string ItemPrefix(std::string_view item_number) {
  return std::string(1, engine::kIndexPrefix) + "I" + std::string(item_number) + "|";
}

void PutItem(const cases::DossierCode& code, const Shipment& shipment, bool open,
             engine::IndexSink& sink) {
  std::string value;
  engine::AppendLittleEndian(value,
                             static_cast<std::uint64_t>(shipment.handed_over->instant.micros));
  value.push_back(open ? 1 : 0);
  sink.Put(ItemPrefix(shipment.item_number) + code.value(), std::move(value));
}

// The item of a shipment that has one; null when it has none.
const Shipment* WithItem(const cases::Dossier* dossier) {
  const bool has = dossier != nullptr && !dossier->shipment.item_number.empty() &&
                   dossier->shipment.handed_over.has_value();
  return has ? &dossier->shipment : nullptr;
}

void IndexItem(const cases::Dossier* before, const cases::Dossier& after, engine::IndexSink& sink) {
  const Shipment* was = WithItem(before);
  const Shipment* is = WithItem(&after);
  if (was != nullptr && (is == nullptr || is->item_number != was->item_number) && was->open()) {
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
                        Instant{static_cast<std::int64_t>(engine::ReadLittleEndian(value))},
                        value.back() != 0});
        return true;
      }));
  if (!readable) return Status(Reason::kStoreDamaged, "a row of an item number is not readable");
  return uses;
}

void PostalRules::Index(const engine::Position& /*position*/, const cases::Dossier* before,
                        const cases::Dossier& after, const cases::CaseEvent& /*event*/,
                        engine::IndexSink& sink) const {
  IndexItem(before, after, sink);
  const bool was = before != nullptr && before->shipment.open();
  const bool is = after.shipment.open();
  if (is && !was) sink.Put(OpenShipmentKey(after.code), {});
  if (was && !is) sink.Delete(OpenShipmentKey(after.code));
}

std::string OpenShipmentKey(const cases::DossierCode& dossier) {
  return std::string(1, engine::kIndexPrefix) + "S" + dossier.value();
}

std::string OpenShipmentPrefix(const cases::UnitCode& unit) {
  return std::string(1, engine::kIndexPrefix) + "S" + unit.value() + "-";
}

}  // namespace motcua::postal
