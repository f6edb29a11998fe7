// Manifest (bản kê bàn giao bưu gửi): the shipments that a unit hands over to a carrier at one
// time, listed, closed, and signed by both. Then each shipment on it is handed over by itself, one
// event a shipment, which makes a step on the dossier and on the manifest: so the manifest knows
// which have followed. One that is not there any more is skipped.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/domain/cases/dossier.h"

namespace motcua::cases {

using codes::ManifestItemState;
using codes::ManifestState;

inline constexpr std::size_t kManifestItemsMax = 500;

struct ManifestItem {
  DossierCode dossier;
  std::string item_number;
  ManifestItemState state = ManifestItemState::kListed;
  friend bool operator==(const ManifestItem&, const ManifestItem&) = default;
};

struct Manifest : AggregateCore {
  ManifestState state = ManifestState::kOpen;
  std::string carrier;
  ZonedTime opened;
  std::optional<ZonedTime> closed;
  std::optional<ZonedTime> handed_over;
  std::vector<ManifestItem> items;  // as they were added; at most kManifestItemsMax

  // Null when it is not on it.
  const ManifestItem* FindItem(const DossierCode& dossier) const;
  // The first that was neither followed nor skipped; null when there is none.
  const ManifestItem* NextListed() const;
  std::size_t CountOf(ManifestItemState item_state) const;

  friend bool operator==(const Manifest&, const Manifest&) = default;
};

// "2020-0001", the key of a manifest.
std::string ManifestKey(std::int32_t year, std::uint32_t number);
// None: the text is no such key. The way that ManifestKey writes it is the only one.
struct ManifestNumber {
  std::int32_t year = 0;
  std::uint32_t number = 0;
};
std::optional<ManifestNumber> ParseManifestKey(std::string_view text);

// The manifest's share of an event that makes `step` on it. Total, as Apply of a dossier.
void Apply(Manifest& manifest, const CaseEvent& event, const Step& step, Instant effective, Tip tip,
           const Parts& parts);

// One line per part, as Print(Dossier).
std::string Print(const Manifest& manifest);

}  // namespace motcua::cases
