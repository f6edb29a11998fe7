#include "services/domain/cases/manifest.h"

#include <algorithm>
#include <charconv>

#include "services/base/overloaded.h"

namespace motcua::cases {
namespace {

constexpr std::size_t kNumberDigitsMin = 4;
constexpr std::size_t kYearDigits = 4;

void SetItem(Manifest& manifest, const DossierCode& dossier, ManifestItemState state) {
  const auto item =
      std::find_if(manifest.items.begin(), manifest.items.end(), [&](const ManifestItem& listed) {
        return listed.dossier == dossier && listed.state == ManifestItemState::kListed;
      });
  if (item != manifest.items.end()) item->state = state;
}

void ApplyPayload(Manifest& manifest, const CaseEvent& event, const ZonedTime& at) {
  std::visit(Overloaded{
                 [&](const ManifestOpened& e) {
                   manifest.carrier = e.carrier;
                   manifest.opened = at;
                 },
                 [&](const ManifestItemAdded& e) {
                   if (manifest.items.size() >= kManifestItemsMax) return;
                   manifest.items.push_back({e.dossier, e.item_number, ManifestItemState::kListed});
                 },
                 [&](const ManifestClosed&) {
                   manifest.state = ManifestState::kClosed;
                   manifest.closed = at;
                 },
                 [&](const ManifestHandedOver&) {
                   manifest.state = ManifestState::kHandedOver;
                   manifest.handed_over = at;
                 },
                 [&](const ShipmentHandedOver&) {
                   SetItem(manifest, event.dossier, ManifestItemState::kFollowed);
                 },
                 [&](const ManifestItemSkipped& e) {
                   SetItem(manifest, e.dossier, ManifestItemState::kSkipped);
                 },
                 // Written with a step on a manifest they say nothing about it.
                 [](const auto&) {},
             },
             event.payload);
}

}  // namespace

const ManifestItem* Manifest::FindItem(const DossierCode& dossier) const {
  const auto found = std::find_if(items.begin(), items.end(), [&](const ManifestItem& item) {
    return item.dossier == dossier;
  });
  return found == items.end() ? nullptr : &*found;
}

const ManifestItem* Manifest::NextListed() const {
  const auto found = std::find_if(items.begin(), items.end(), [](const ManifestItem& item) {
    return item.state == ManifestItemState::kListed;
  });
  return found == items.end() ? nullptr : &*found;
}

std::size_t Manifest::CountOf(ManifestItemState item_state) const {
  return static_cast<std::size_t>(
      std::count_if(items.begin(), items.end(),
                    [&](const ManifestItem& item) { return item.state == item_state; }));
}

std::string ManifestKey(std::int32_t year, std::uint32_t number) {
  std::string digits = std::to_string(number);
  if (digits.size() < kNumberDigitsMin) digits.insert(0, kNumberDigitsMin - digits.size(), '0');
  return std::to_string(year) + "-" + digits;
}

std::optional<ManifestNumber> ParseManifestKey(std::string_view text) {
  if (text.size() < kYearDigits + 1 + kNumberDigitsMin) return std::nullopt;
  const std::string_view year_text = text.substr(0, kYearDigits);
  const std::string_view number_text = text.substr(kYearDigits + 1);
  ManifestNumber parsed;
  std::from_chars(year_text.data(), year_text.data() + year_text.size(), parsed.year);
  std::from_chars(number_text.data(), number_text.data() + number_text.size(), parsed.number);
  if (parsed.number == 0 || ManifestKey(parsed.year, parsed.number) != text) return std::nullopt;
  return parsed;
}

void Apply(Manifest& manifest, const CaseEvent& event, const Step& step, Instant effective, Tip tip,
           const Parts& parts) {
  NoteStep(manifest, event, step, tip);
  if (!parts.manifests) return;
  if (parts.trace) manifest.trace = TraceAfter(event);
  // What is said about something else says nothing of it, but for a hand-over that follows from it.
  if (step.id != event.about() && !std::holds_alternative<ShipmentHandedOver>(event.payload))
    return;
  ApplyPayload(manifest, event, {effective, event.at.offset});
}

std::string Print(const Manifest& manifest) {
  const auto text = [](const std::optional<ZonedTime>& time) {
    return time ? FormatZonedTime(*time) : std::string("-");
  };
  std::string out =
      "manifest version=" + std::to_string(manifest.head.version) +
      " tip=" + std::to_string(manifest.head.tip.value()) +
      " state=" + std::string(Name(manifest.state)) + " carrier=" + manifest.carrier +
      " opened=" + FormatZonedTime(manifest.opened) + " closed=" + text(manifest.closed) +
      " handed_over=" + text(manifest.handed_over) +
      (manifest.understood ? "" : " NOT UNDERSTOOD") +
      (manifest.trace.empty() ? "" : " trace=" + FormatTraceparent(manifest.trace)) + "\n";
  for (const ManifestItem& item : manifest.items) {
    out += "item " + item.dossier.value() + " " + item.item_number + " " +
           std::string(Name(item.state)) + "\n";
  }
  return out + PrintRequests(manifest.requests);
}

}  // namespace motcua::cases
