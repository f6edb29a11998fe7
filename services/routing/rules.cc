#include "services/routing/rules.h"

#include "services/engine/keys.h"

namespace motcua::routing {
namespace {

// Sent to its unit, or in its hands.
bool OnWorkList(const cases::Dossier* dossier, std::size_t index) {
  if (dossier == nullptr || !dossier->open() || index >= dossier->route.legs.size()) return false;
  const Leg& leg = dossier->route.legs[index];
  return leg.state == LegState::kSent || leg.running();
}

}  // namespace

void RoutingRules::Index(const engine::Position& /*position*/, const cases::Dossier* before,
                         const cases::Dossier& after, const cases::CaseEvent& /*event*/,
                         engine::IndexSink& sink) const {
  // The legs of a dossier are planned once and never change but for their state.
  for (std::size_t i = 0; i < after.route.legs.size(); ++i) {
    const bool was = OnWorkList(before, i);
    const bool is = OnWorkList(&after, i);
    if (was == is) continue;
    std::string key =
        WorkListKey(after.route.legs[i].unit, after.code, static_cast<std::uint8_t>(i + 1));
    if (is) {
      sink.Put(std::move(key), {});
    } else {
      sink.Delete(std::move(key));
    }
  }
}

std::string WorkListPrefix(const cases::UnitCode& unit) {
  return std::string(1, engine::kIndexPrefix) + "L" + unit.value() + "|";
}

std::string WorkListKey(const cases::UnitCode& unit, const cases::DossierCode& dossier,
                        std::uint8_t leg) {
  std::string key = WorkListPrefix(unit);
  key.append(dossier.value()).push_back('|');
  key.push_back(static_cast<char>(leg));
  return key;
}

std::optional<WorkListRow> ParseWorkListRow(std::string_view after_prefix) {
  constexpr std::size_t kTailBytes = 2;  // '|' and the leg
  if (after_prefix.size() <= kTailBytes || after_prefix[after_prefix.size() - kTailBytes] != '|') {
    return std::nullopt;
  }
  return WorkListRow{cases::DossierCode(after_prefix.substr(0, after_prefix.size() - kTailBytes)),
                     static_cast<std::uint8_t>(after_prefix.back())};
}

}  // namespace motcua::routing
