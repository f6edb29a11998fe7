// Manifest (bản kê bàn giao bưu gửi): what a unit hands over to a carrier at one time. Its events
// and actions are about the manifest (manifest.h); of postal.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "services/domain/cases/command_row.h"
#include "services/domain/postal/shipment.h"

namespace motcua::cases {

// ---- What can happen ----------------------------------------------------------------------------

struct ManifestOpened {  // lập bản kê
  std::string carrier;
  std::int32_t year = 0;
  std::uint32_t number = 0;
  friend bool operator==(const ManifestOpened&, const ManifestOpened&) = default;
};
struct ManifestItemAdded {
  DossierCode dossier;
  std::string item_number;
  friend bool operator==(const ManifestItemAdded&, const ManifestItemAdded&) = default;
};
struct ManifestClosed {  // chốt bản kê
  friend bool operator==(const ManifestClosed&, const ManifestClosed&) = default;
};
struct ManifestHandedOver {  // bàn giao cho bưu điện
  friend bool operator==(const ManifestHandedOver&, const ManifestHandedOver&) = default;
};
struct ManifestItemSkipped {
  DossierCode dossier;
  postal::ShipmentState state = postal::ShipmentState::kNone;  // of its shipment then
  friend bool operator==(const ManifestItemSkipped&, const ManifestItemSkipped&) = default;
};

using ManifestPayload = std::variant<ManifestOpened, ManifestItemAdded, ManifestClosed,
                                     ManifestHandedOver, ManifestItemSkipped>;

// ---- What can be asked --------------------------------------------------------------------------

struct OpenManifest {
  static constexpr CommandRow kRow = {.name = "OpenManifest",
                                      .owner = Owner::kPostal,
                                      .about = AggregateKind::kManifest,
                                      .creates = AggregateKind::kManifest,
                                      .parts = {.manifests = true}};
  UnitCode unit;
  std::string carrier;
};
struct AddManifestItem {
  static constexpr CommandRow kRow = {.name = "AddManifestItem",
                                      .owner = Owner::kPostal,
                                      .about = AggregateKind::kManifest,
                                      .parts = {.shipment = true, .manifests = true}};
  DossierCode dossier;
  std::string item_number;
};
struct CloseManifest {
  static constexpr CommandRow kRow = {.name = "CloseManifest",
                                      .owner = Owner::kPostal,
                                      .about = AggregateKind::kManifest,
                                      .parts = {.manifests = true}};
};
struct HandOverManifest {
  static constexpr CommandRow kRow = {.name = "HandOverManifest",
                                      .owner = Owner::kPostal,
                                      .about = AggregateKind::kManifest,
                                      .parts = {.manifests = true}};
};
struct FollowManifest {  // reaction: the manifest that the dossier's shipment is on was handed over
  static constexpr CommandRow kRow = {
      .name = "FollowManifest",
      .owner = Owner::kPostal,
      .about = AggregateKind::kManifest,
      .parts = {.shipment = true, .trace = true, .manifests = true}};
  DossierCode dossier;
};

using ManifestAction =
    std::variant<OpenManifest, AddManifestItem, CloseManifest, HandOverManifest, FollowManifest>;

}  // namespace motcua::cases
