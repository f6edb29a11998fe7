#include "services/domain/cases/manifest.h"

#include <algorithm>
#include <charconv>

#include "services/domain/cases/topics/topic.h"

namespace motcua::cases {
namespace {

constexpr std::size_t kNumberDigitsMin = 4;
constexpr std::size_t kYearDigits = 4;

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

std::string Print(const Manifest& manifest) {
  std::string out =
      "manifest version=" + std::to_string(manifest.head.version) +
      " tip=" + std::to_string(manifest.head.tip.value()) +
      " state=" + std::string(Name(manifest.state)) + " carrier=" + manifest.carrier +
      " opened=" + FormatZonedTime(manifest.opened) + " closed=" + TimeText(manifest.closed) +
      " handed_over=" + TimeText(manifest.handed_over) +
      (manifest.understood ? "" : " NOT UNDERSTOOD") +
      (manifest.trace.empty() ? "" : " trace=" + FormatTraceparent(manifest.trace)) + "\n";
  for (const ManifestItem& item : manifest.items) {
    out += "item " + item.dossier.value() + " " + item.item_number + " " +
           std::string(Name(item.state)) + "\n";
  }
  return out + PrintRequests(manifest.requests);
}

}  // namespace motcua::cases
