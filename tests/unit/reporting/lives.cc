#include "tests/unit/reporting/lives.h"

#include <algorithm>
#include <random>
#include <string>
#include <utility>

namespace motcua::reporting {
namespace {

class Lives {
 public:
  Lives(std::uint64_t seed, int dossiers) : random_(seed) {
    for (int i = 0; i < dossiers; ++i) {
      History life;
      Live("H49." + std::to_string(i % 3) + "-200301-" + std::to_string(1000 + i), life);
      for (auto& line : life) history_.push_back(std::move(line));
    }
    std::stable_sort(history_.begin(), history_.end(),
                     [](const auto& a, const auto& b) { return a.second < b.second; });
  }
  const History& history() const { return history_; }

 private:
  int Below(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }
  bool Percent(int n) { return Below(100) < n; }
  ZonedTime Later() {
    if (!Percent(10)) now_ = now_ + Micros(Below(1'000'000)) * (1 + Below(90'000));
    return {now_, {420}};
  }

  void Live(const std::string& code, History& life) {
    now_ = At("2020-01-06T08:00:00+07:00").instant + Micros(std::chrono::hours(Below(24 * 60)));
    Story story(code, life);
    const ZonedTime at = Later();
    cases::DossierReceived received =
        Received(Percent(90) ? std::optional(ZonedTime{
                                   at.instant + Micros(std::chrono::hours(Below(24 * 6))), {420}})
                             : std::nullopt);
    const int legs = Percent(50) ? Below(5) : 0;
    for (int leg = 0; leg < legs; ++leg) {
      const bool next = leg > 0 && Percent(50);
      const std::uint8_t stage = leg == 0 ? 1 : received.legs.back().stage;
      received.legs.push_back(PlannedLeg(Percent(50) ? "A" : "B",
                                         static_cast<std::uint8_t>(stage + (next ? 1 : 0)), next));
    }
    if (Percent(30)) received.return_mode = cases::ReturnMode::kPostal;
    story.Add(at, std::move(received));
    for (int step = 0; step < 3 * legs + 2; ++step) Step(story, legs);
    if (Percent(10)) return;
    if (Percent(10)) {
      story.Add(Later(), cases::DossierWithdrawn{});
      return;
    }
    story.Add(Later(), cases::ResultRecorded{});
    if (Percent(30)) story.Add(Later(), cases::ShipmentHandedOver{});
    if (Percent(10)) story.Add(Later(), cases::ShipmentReturned{});
    if (Percent(80)) {
      story.Add(Later(), cases::DossierClosed{Percent(50) ? cases::ReturnMode::kPostal
                                                          : cases::ReturnMode::kCounter});
    }
  }

  // Also in orders that no service would allow: the rule is total.
  void Step(Story& story, int legs) {
    const auto leg = static_cast<std::uint8_t>(1 + Below(legs + 1));
    switch (Below(5)) {
      case 0: {
        const auto reason = static_cast<cases::PauseReason>(1 + Below(4));
        story.Add(Later(), cases::ClockPaused{reason});
        const ZonedTime resumed = Later();
        story.Add(resumed, Resumed(resumed, Later()));
        return;
      }
      case 1:
        story.Add(Later(), cases::HandOverSent{leg, {}});
        return;
      case 2:
        story.Add(Later(), cases::LegReturned{leg});
        return;
      default:
        story.Add(Later(), cases::LegCompleted{leg});
        return;
    }
  }

  std::mt19937_64 random_;
  Instant now_;
  History history_;
};

}  // namespace

routing::Leg PlannedLeg(const char* unit, std::uint8_t stage, bool lead) {
  routing::Leg leg;
  leg.unit = cases::UnitCode(unit);
  leg.stage = stage;
  leg.lead = lead;
  return leg;
}

History RandomLives(std::uint64_t seed, int dossiers) { return Lives(seed, dossiers).history(); }

}  // namespace motcua::reporting
