#include "services/domain/reporting/lateness.h"

#include <algorithm>

#include "services/domain/routing/sender.h"

namespace motcua::reporting {
namespace {

using cases::Dossier;

TimePart PartOf(cases::PauseReason reason) {
  switch (reason) {
    case cases::PauseReason::kSupplement:
      return TimePart::kSupplement;
    case cases::PauseReason::kFinancialDuty:
      return TimePart::kFinancialDuty;
    case cases::PauseReason::kOtherAgency:
      return TimePart::kOtherAgency;
    case cases::PauseReason::kSectorLaw:
      return TimePart::kSectorLaw;
  }
  return TimePart::kSupplement;
}

bool Before(const std::optional<ZonedTime>& time, Instant at) {
  return time && time->instant <= at;
}

// Whether `other` keeps the stage waiting longer than `leg`.
bool OutlastedBy(const routing::Leg& leg, const routing::Leg& other) {
  const bool done = leg.state == codes::LegState::kCompleted && leg.completed;
  const bool other_done = other.state == codes::LegState::kCompleted && other.completed;
  if (done != other_done) return done;
  if (done) return other.completed->instant > leg.completed->instant;
  return other.lead && !leg.lead;
}

// Says who had the dossier at a moment before its result.
class BeforeResult {
 public:
  explicit BeforeResult(const Dossier& dossier)
      : dossier_(dossier), receiving_(cases::UnitOf(dossier.code)) {
    const std::vector<routing::Leg>& legs = dossier.route.legs;
    for (std::size_t i = 0; i < legs.size(); ++i) {
      const auto same_stage = std::find_if(last_.begin(), last_.end(), [&](std::size_t at) {
        return legs[at].stage == legs[i].stage;
      });
      if (same_stage == last_.end()) {
        last_.push_back(i);
      } else if (OutlastedBy(legs[*same_stage], legs[i])) {
        *same_stage = i;
      }
    }
    std::sort(last_.begin(), last_.end(),
              [&](std::size_t a, std::size_t b) { return legs[a].stage < legs[b].stage; });
  }

  Holder At(Instant at) const {
    for (const cases::Pause& pause : dossier_.clock.pauses) {
      if (pause.from.instant > at || Before(pause.to, at)) continue;
      const TimePart part = PartOf(pause.reason);
      return {part, 0, PartyOf(part) == Party::kAgency ? receiving_ : cases::UnitCode()};
    }
    for (const std::size_t last : last_) {
      const routing::Leg& leg = dossier_.route.legs[last];
      if (leg.state == codes::LegState::kCompleted && Before(leg.completed, at)) continue;
      const std::size_t number = last + 1;
      if (!Before(leg.sent, at)) return SenderOf(number);
      return {TimePart::kLeg, static_cast<std::uint8_t>(number), leg.unit};
    }
    return {TimePart::kReceiving, 0, receiving_};
  }

  // Every moment at which that may change.
  void AddMoments(std::vector<Instant>& moments) const {
    for (const cases::Pause& pause : dossier_.clock.pauses) {
      moments.push_back(pause.from.instant);
      if (pause.to) moments.push_back(pause.to->instant);
    }
    for (const std::size_t last : last_) {
      const routing::Leg& leg = dossier_.route.legs[last];
      if (leg.sent) moments.push_back(leg.sent->instant);
      if (leg.completed) moments.push_back(leg.completed->instant);
    }
  }

 private:
  // Leg `number` is still to be handed over.
  Holder SenderOf(std::size_t number) const {
    const std::size_t sender = routing::SenderLegOf(dossier_.route, number);
    if (sender == 0) return {TimePart::kReceiving, 0, receiving_};
    return {TimePart::kLeg, static_cast<std::uint8_t>(sender),
            dossier_.route.legs[sender - 1].unit};
  }

  const Dossier& dossier_;
  const cases::UnitCode receiving_;
  std::vector<std::size_t> last_;  // of each stage the leg that is done last; by stage
};

class AfterResult {
 public:
  explicit AfterResult(const Dossier& dossier)
      : dossier_(dossier), receiving_(cases::UnitOf(dossier.code)) {}

  Holder At(Instant at) const {
    const postal::Shipment& shipment = dossier_.shipment;
    if (Before(shipment.returned, at)) return {TimePart::kUncollected, 0, {}};
    if (Before(shipment.handed_over, at)) return {TimePart::kCarrier, 0, {}};
    const bool to_be_sent = shipment.handed_over || shipment.open() ||
                            dossier_.return_mode == cases::ReturnMode::kPostal;
    if (to_be_sent) return {TimePart::kDispatch, 0, receiving_};
    return {TimePart::kUncollected, 0, {}};
  }

  void AddMoments(std::vector<Instant>& moments) const {
    const postal::Shipment& shipment = dossier_.shipment;
    if (shipment.handed_over) moments.push_back(shipment.handed_over->instant);
    if (shipment.returned) moments.push_back(shipment.returned->instant);
  }

 private:
  const Dossier& dossier_;
  const cases::UnitCode receiving_;
};

// The time from `from` to `to` by who had it.
template <typename Holders>
void Divide(const Holders& holders, Instant from, Instant to, std::vector<Stretch>& stretches) {
  if (from >= to) return;
  std::vector<Instant> moments{from, to};
  holders.AddMoments(moments);
  std::erase_if(moments, [&](Instant moment) { return moment < from || moment > to; });
  std::sort(moments.begin(), moments.end());
  moments.erase(std::unique(moments.begin(), moments.end()), moments.end());
  for (std::size_t i = 0; i + 1 < moments.size(); ++i) {
    Holder holder = holders.At(moments[i]);
    if (!stretches.empty() && stretches.back().holder == holder) {
      stretches.back().to = moments[i + 1];
    } else {
      stretches.push_back({std::move(holder), moments[i], moments[i + 1]});
    }
  }
}

// No earlier than its receipt: registers have cases that were closed before they were opened.
Instant NoEarlier(const Dossier& dossier, Instant at) {
  return std::max(at, dossier.received.instant);
}

bool IsLate(const Dossier& dossier, Verdict verdict) {
  return Counts(dossier) && dossier.resolved &&
         ResolvedColumn(dossier, verdict) == Column::kResolvedLate;
}

// Of a late one: when the date passed that it missed, from the receipt to the result.
Instant DatePassed(const Dossier& dossier, Verdict verdict) {
  const Instant result = NoEarlier(dossier, dossier.resolved->instant);
  const auto& missed = MissedBy(dossier, verdict);
  const std::optional<ZonedTime> due = missed ? missed->due : dossier.clock.now.due;
  return std::clamp(due ? due->instant : result, dossier.received.instant, result);
}

Instant ResultOf(const Dossier& dossier, Instant until) {
  return dossier.resolved ? std::min(NoEarlier(dossier, dossier.resolved->instant), until) : until;
}

Instant EndOf(const Dossier& dossier, Instant until) {
  if (dossier.outcome == cases::Outcome::kWithdrawn) return ResultOf(dossier, until);
  if (!dossier.closed) return until;
  return std::min(std::max(NoEarlier(dossier, dossier.closed->instant), ResultOf(dossier, until)),
                  until);
}

}  // namespace

Party PartyOf(TimePart part) {
  switch (part) {
    case TimePart::kReceiving:
    case TimePart::kLeg:
    case TimePart::kOtherAgency:
    case TimePart::kSectorLaw:
    case TimePart::kDispatch:
      return Party::kAgency;
    case TimePart::kSupplement:
    case TimePart::kFinancialDuty:
    case TimePart::kUncollected:
      return Party::kCitizen;
    case TimePart::kCarrier:
      return Party::kCarrier;
  }
  return Party::kAgency;
}

std::vector<Stretch> TimeOf(const Dossier& dossier, Instant until) {
  std::vector<Stretch> stretches;
  const Instant result = ResultOf(dossier, until);
  Divide(BeforeResult(dossier), dossier.received.instant, result, stretches);
  if (dossier.resolved) {
    Divide(AfterResult(dossier), result, EndOf(dossier, until), stretches);
  }
  return stretches;
}

void LateCounts::Add(const LateCounts& other) {
  for (const auto count : kLateCounts) this->*count += other.*count;
}

std::optional<Holder> GotLateAt(const Dossier& dossier, Verdict verdict) {
  if (!IsLate(dossier, verdict)) return std::nullopt;
  return BeforeResult(dossier).At(DatePassed(dossier, verdict));
}

std::vector<LateAmount> LateAmountsOf(const Dossier& dossier, Verdict verdict) {
  std::vector<LateAmount> amounts;
  if (!IsLate(dossier, verdict)) return amounts;
  const Instant begin = dossier.received.instant;
  const Instant result = NoEarlier(dossier, dossier.resolved->instant);
  const Instant end = dossier.closed ? std::max(result, dossier.closed->instant) : result;
  const Instant passed = DatePassed(dossier, verdict);
  const CivilDate day = ResolvedDay(dossier);
  const CivilDate returned = dossier.closed ? std::max(day, dossier.closed->date()) : day;
  const auto micros = [](Instant from, Instant to) { return to.micros - from.micros; };

  amounts.push_back({day, false, {}, {1, 0, micros(begin, result), micros(passed, result)}});
  if (dossier.closed) amounts.push_back({returned, true, {}, {0, 1, micros(result, end), 0}});
  amounts.push_back({day, false, BeforeResult(dossier).At(passed), {1, 0, 0, 0}});
  for (const Stretch& stretch : TimeOf(dossier, end)) {
    const bool after = stretch.from >= result;
    const Instant over = after ? stretch.to : std::clamp(passed, stretch.from, stretch.to);
    amounts.push_back({after ? returned : day,
                       after,
                       stretch.holder,
                       {0, 0, micros(stretch.from, stretch.to), micros(over, stretch.to)}});
  }
  return amounts;
}

}  // namespace motcua::reporting
