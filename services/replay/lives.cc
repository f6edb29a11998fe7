#include "services/replay/lives.h"

#include <algorithm>
#include <numeric>

#include "services/replay/random.h"
#include "services/replay/shape.h"
#include "services/replay/terms.h"

namespace motcua::replay {
namespace {

using catalogue::LegTemplate;

// What is received later than this goes on the next morning (NĐ 61/2018 art. 18).
constexpr int kTransferUntil = 15 * 60;

class Chronicler {
 public:
  Chronicler(const catalogue::Catalogue& catalogue, const Timetable& timetable, std::uint64_t seed)
      : catalogue_(catalogue), timetable_(timetable), random_(seed, "lives") {}

  void Tell(std::uint32_t index, Dossier& dossier, std::vector<Act>& all) {
    acts_.clear();
    index_ = index;
    Live(dossier);
    std::stable_sort(acts_.begin(), acts_.end(),
                     [](const Act& a, const Act& b) { return a.step < b.step; });
    while (!acts_.empty() && acts_.back().step > timetable_.end()) acts_.pop_back();
    for (std::size_t i = 0; i < acts_.size(); ++i) acts_[i].number = static_cast<std::uint8_t>(i);
    dossier.acts = static_cast<std::uint8_t>(acts_.size());
    if (dossier.closed != kNever && dossier.closed > timetable_.end()) dossier.closed = kNever;
    all.insert(all.end(), acts_.begin(), acts_.end());
  }

 private:
  void Add(Step step, ActKind kind, std::size_t leg = 0) {
    constexpr int kDetails = 60;  // what divides by 2, 3, 4 and 5
    acts_.push_back({index_, step, kind, 0, static_cast<std::uint8_t>(leg),
                     static_cast<std::uint8_t>(random_.Below(kDetails))});
  }

  void Live(Dossier& dossier) {
    if (dossier.fate == Fate::kRefused) return Add(dossier.received, ActKind::kRefuse);
    Add(dossier.received, ActKind::kReceive);
    if (dossier.fate == Fate::kWithdrawn) return Add(dossier.resolved, ActKind::kWithdraw);
    const bool supplement = dossier.standstill == Standstill::kSupplement;
    if (dossier.standstill != Standstill::kNone) {
      Add(dossier.stopped, supplement ? ActKind::kRequestSupplement : ActKind::kPauseClock);
      Add(dossier.resumed, supplement ? ActKind::kReceiveSupplement : ActKind::kResumeClock);
    }
    const std::vector<LegTemplate>& route = catalogue_.procedures()[dossier.procedure].route;
    if (route.empty()) {
      Add(dossier.resolved, ActKind::kRecordResult);
    } else {
      WalkRoute(dossier, route);
      Add(dossier.resolved, ActKind::kAwaitResult);
    }
    if (dossier.way == cases::ReturnMode::kPostal) return GoByPost(dossier);
    const Step fetched = SomeTimeAfter(dossier.resolved, random_.From(shape::kFetchedAfterDays));
    dossier.closed = std::max(dossier.resolved, fetched);
    Add(dossier.closed, ActKind::kReturnResult);
  }

  // ---- The route
  // ---------------------------------------------------------------------------------

  // The time between receipt and result, cut into stages by the terms of their legs. In a late one
  // a stage took far longer than it should.
  void WalkRoute(const Dossier& dossier, const std::vector<LegTemplate>& route) {
    std::vector<std::int64_t> stages;
    for (const LegTemplate& leg : route) {
      stages.resize(static_cast<std::size_t>(leg.stage), 0);
      constexpr std::int64_t kLeast = 250;
      stages.back() = std::max({stages.back(), RoughDays(leg.term), kLeast});
    }
    constexpr int kSlow = 5;
    if (dossier.fate == Fate::kLate) {
      stages[static_cast<std::size_t>(random_.Below(static_cast<int>(stages.size())))] *= kSlow;
    }
    const std::int64_t sum = std::accumulate(stages.begin(), stages.end(), std::int64_t{0});
    const Step begin = Transfer(dossier);
    const int whole = timetable_.OfficeBetween(begin, dossier.resolved);
    std::int64_t passed = 0;
    Step from = begin;
    for (std::size_t stage = 1; stage <= stages.size(); ++stage) {
      passed += stages[stage - 1];
      const Step to = stage == stages.size()
                          ? dossier.resolved
                          : timetable_.OfficeAfter(begin, static_cast<int>(whole * passed / sum));
      WalkStage(route, static_cast<int>(stage), from, to);
      from = to;
    }
  }

  Step Transfer(const Dossier& dossier) const {
    const Timetable::Entry& received = timetable_[dossier.received];
    const Step next = received.minute > kTransferUntil
                          ? timetable_.FirstOfficeFrom(received.date + 1)
                          : timetable_.OfficeFrom(dossier.received);
    return next <= dossier.resolved ? next : timetable_.OfficeFrom(dossier.received);
  }

  // Its legs at the same time; one of them takes it all.
  void WalkStage(const std::vector<LegTemplate>& route, int stage, Step from, Step to) {
    std::vector<std::size_t> legs;
    for (std::size_t i = 0; i < route.size(); ++i) {
      if (route[i].stage == stage) legs.push_back(i + 1);
    }
    const int slowest = random_.Below(static_cast<int>(legs.size()));
    for (std::size_t i = 0; i < legs.size(); ++i) {
      const int whole = timetable_.OfficeBetween(from, to);
      const bool last = static_cast<int>(i) == slowest;
      const Step done =
          last ? to : timetable_.OfficeAfter(from, whole - random_.Below(whole / 2 + 1));
      WalkLeg(legs[i], from, std::min(done, to));
    }
  }

  void WalkLeg(std::size_t leg, Step from, Step to) {
    constexpr int kRoomToReturn = 8;  // office steps
    constexpr int kParts = 6;
    constexpr int kSoon = 4;
    int whole = timetable_.OfficeBetween(from, to);
    if (whole >= kRoomToReturn && random_.Chance(shape::kLegReturnedPercent)) {
      Add(from, ActKind::kSendHandOver, leg);
      Add(timetable_.OfficeAfter(from, 1), ActKind::kAcknowledgeHandOver, leg);
      Add(timetable_.OfficeAfter(from, whole / kParts), ActKind::kReturnLeg, leg);
      from = timetable_.OfficeAfter(from, whole / 3);
      whole -= whole / 3;
    }
    const int soon = std::min(whole / kParts, kSoon);
    const Step acknowledged = timetable_.OfficeAfter(from, random_.Below(soon + 1));
    const Step accepted = timetable_.OfficeAfter(acknowledged, random_.Below(soon + 1));
    Add(from, ActKind::kSendHandOver, leg);
    Add(acknowledged, ActKind::kAcknowledgeHandOver, leg);
    Add(accepted, ActKind::kAcceptLeg, leg);
    Add(to, ActKind::kCompleteLeg, leg);
  }

  // ---- By post
  // -------------------------------------------------------------------------------------

  void GoByPost(Dossier& dossier) {
    constexpr int kCollected = 13;  // the half-hours of the day: the post collects at 16:15,
    constexpr int kSetsOut = 2;     // and sets out in the morning
    Step ready = dossier.resolved;
    if (!dossier.asked_for_way) {
      ready = SomeTimeAfter(dossier.resolved, 1);
      Add(ready, ActKind::kReleaseToPost);
    }
    const Step collected = timetable_.WorkingDayAfter(ready, 1, kCollected);
    Add(collected, ActKind::kHandOverShipment);
    Step out = timetable_.WorkingDayAfter(collected, 1, kSetsOut);
    Add(out, ActKind::kTrackShipment);
    if (random_.Chance(shape::kDeliveryFailsPercent)) {
      Add(timetable_.OfficeAfter(out, 1 + random_.Below(kCollected - kSetsOut)),
          ActKind::kFailDelivery);
      out = timetable_.WorkingDayAfter(out, 2, kSetsOut);
      Add(out, ActKind::kTrackShipment);
    }
    dossier.closed = timetable_.OfficeAfter(out, 1 + random_.Below(kCollected - kSetsOut));
    Add(dossier.closed, ActKind::kDeliverShipment);
  }

  Step SomeTimeAfter(Step step, int days) {
    return timetable_.WorkingDayAfter(step, days, random_.Below(timetable_.steps_a_day()));
  }

  const catalogue::Catalogue& catalogue_;
  const Timetable& timetable_;
  Random random_;
  std::uint32_t index_ = 0;
  std::vector<Act> acts_;  // of the present one
};

}  // namespace

std::vector<Act> MakeLives(const catalogue::Catalogue& catalogue, const Timetable& timetable,
                           std::uint64_t seed, std::vector<Dossier>& dossiers) {
  Chronicler chronicler(catalogue, timetable, seed);
  std::vector<Act> acts;
  for (std::size_t i = 0; i < dossiers.size(); ++i) {
    chronicler.Tell(static_cast<std::uint32_t>(i), dossiers[i], acts);
  }
  std::stable_sort(acts.begin(), acts.end(),
                   [](const Act& a, const Act& b) { return a.step < b.step; });
  return acts;
}

}  // namespace motcua::replay
