// Who had a dossier's time, by the moments that its events name. A stretch of time is painted, the
// strongest claim first; what is painted stays.
#include <algorithm>
#include <limits>
#include <utility>

#include "services/admin/recount.h"

namespace motcua::admin {
namespace {

constexpr Instant kNever{std::numeric_limits<std::int64_t>::max()};

class Painting {
 public:
  Painting(Instant from, Instant to) {
    if (from < to) pieces_.push_back({from, to, {}});
  }

  // What nobody has yet of the time.
  void Paint(Instant from, Instant to, const Who& who) {
    std::vector<Spell> painted;
    for (Spell& piece : pieces_) {
      const Instant begin = std::max(from, piece.from);
      const Instant end = std::min(to, piece.to);
      if (!piece.who.part.empty() || begin >= end) {
        painted.push_back(std::move(piece));
        continue;
      }
      if (piece.from < begin) painted.push_back({piece.from, begin, {}});
      painted.push_back({begin, end, who});
      if (end < piece.to) painted.push_back({end, piece.to, {}});
    }
    pieces_ = std::move(painted);
  }
  void PaintRest(const Who& who) {
    Paint(Instant{std::numeric_limits<std::int64_t>::min()}, kNever, who);
  }

  std::vector<Spell> Spells() && {
    std::vector<Spell> spells;
    for (Spell& piece : pieces_) {
      if (!spells.empty() && spells.back().who == piece.who) {
        spells.back().to = piece.to;
      } else {
        spells.push_back(std::move(piece));
      }
    }
    return spells;
  }

 private:
  std::vector<Spell> pieces_;
};

Who Standing(cases::PauseReason reason, const std::string& unit) {
  switch (reason) {
    case cases::PauseReason::kSupplement:
      return {"supplement", 0, {}};
    case cases::PauseReason::kFinancialDuty:
      return {"financial_duty", 0, {}};
    case cases::PauseReason::kOtherAgency:
      return {"other_agency", 0, unit};
    case cases::PauseReason::kSectorLaw:
      return {"sector_law", 0, unit};
  }
  return {"supplement", 0, {}};
}

// When the legs of a route were sent and done; kNever: they were not, or are no more.
struct LegTimes {
  Instant sent = kNever;
  Instant done = kNever;
};

std::vector<LegTimes> TimesOfLegs(const RecountCase& found) {
  std::vector<LegTimes> times(found.route->size());
  for (const Move& move : found.moves) {
    if (move.leg < 1 || move.leg > times.size()) continue;
    LegTimes& leg = times[move.leg - 1U];
    if (move.kind == Move::Kind::kSent) leg.sent = move.at;
    leg.done = move.kind == Move::Kind::kDone ? move.at : kNever;
  }
  return times;
}

// Legs side by side wait for one of them: the one that is done last, or of those that are not done
// the one that leads.
std::size_t LastOfStage(const RecountCase& found, const std::vector<LegTimes>& times, int stage) {
  const std::vector<PlannedLeg>& legs = *found.route;
  std::size_t last = legs.size();
  for (std::size_t i = 0; i < legs.size(); ++i) {
    if (legs[i].stage != stage) continue;
    if (last == legs.size() || times[i].done > times[last].done ||
        (times[i].done == kNever && times[last].done == kNever && legs[i].lead &&
         !legs[last].lead)) {
      last = i;
    }
  }
  return last;
}

// Who hands the legs of a stage over: who leads the stage before, else the first of it.
Who SenderOf(const RecountCase& found, int stage, const std::string& receiving) {
  const std::vector<PlannedLeg>& legs = *found.route;
  const auto before = [&](const PlannedLeg& leg) { return leg.stage == stage - 1; };
  auto sender = std::find_if(legs.begin(), legs.end(),
                             [&](const PlannedLeg& leg) { return before(leg) && leg.lead; });
  if (sender == legs.end()) sender = std::find_if(legs.begin(), legs.end(), before);
  if (sender == legs.end()) return {"receiving", 0, receiving};
  return {"leg", static_cast<std::size_t>(sender - legs.begin()) + 1, sender->unit};
}

void PaintRoute(const RecountCase& found, const std::string& receiving, Painting& painting) {
  const std::vector<LegTimes> times = TimesOfLegs(found);
  std::set<int> stages;
  for (const PlannedLeg& leg : *found.route) stages.insert(leg.stage);
  for (const int stage : stages) {
    const std::size_t last = LastOfStage(found, times, stage);
    const LegTimes& leg = times[last];
    const Instant begin{std::numeric_limits<std::int64_t>::min()};
    painting.Paint(begin, std::min(leg.sent, leg.done), SenderOf(found, stage, receiving));
    painting.Paint(begin, leg.done, {"leg", last + 1, (*found.route)[last].unit});
  }
}

void Add(const Spell& spell, Instant from, Instant to, Cells& row) {
  const Instant begin = std::max(spell.from, from);
  const Instant end = std::min(spell.to, to);
  if (begin < end) row["time_micros"] += (end - begin).count();
}

}  // namespace

std::string NameOf(const Who& who) {
  std::string name(who.part);
  if (who.leg != 0) name += " " + std::to_string(who.leg);
  if (!who.unit.empty()) name += " " + who.unit;
  return name;
}

Instant ResultOf(const RecountCase& found, const RecountLife& life) {
  return std::max(life.ended->instant, found.received.instant);
}

std::vector<Spell> SpellsBeforeResult(const std::string& dossier, const RecountCase& found,
                                      const RecountLife& life, Instant until) {
  const std::string receiving = UnitText(dossier);
  Painting painting(found.received.instant, until);
  for (const RecountLife::Stop& stop : life.stops) {
    painting.Paint(stop.from.instant, stop.to ? stop.to->instant : kNever,
                   Standing(stop.reason, receiving));
  }
  if (found.route != nullptr) PaintRoute(found, receiving, painting);
  painting.PaintRest({"receiving", 0, receiving});
  return std::move(painting).Spells();
}

std::vector<Spell> SpellsAfterResult(const std::string& dossier, const RecountCase& found,
                                     const RecountLife& life, Instant until) {
  Instant posted = kNever;
  Instant back = kNever;
  bool to_be_posted = false;
  bool by_post = found.by_post;
  for (const Move& move : found.moves) {
    if (move.kind == Move::Kind::kPostAnew) {
      posted = back = kNever;
      to_be_posted = false;
      by_post = true;
    }
    if (move.kind == Move::Kind::kToBePosted) to_be_posted = true;
    if (move.kind == Move::Kind::kPosted) posted = move.at;
    if (move.kind == Move::Kind::kCameBack) back = move.at;
  }
  if (back != kNever) to_be_posted = false;
  if (life.closed) by_post = life.closed_by_post;

  const Who citizen{"uncollected", 0, {}};
  Painting painting(ResultOf(found, life), until);
  painting.Paint(back, kNever, citizen);
  painting.Paint(posted, kNever, {"carrier", 0, {}});
  const bool waits = posted != kNever || to_be_posted || by_post;
  painting.PaintRest(waits ? Who{"dispatch", 0, UnitText(dossier)} : citizen);
  return std::move(painting).Spells();
}

std::vector<Spell> Recount::SpellsOf(const std::string& dossier, Instant until) const {
  const auto at = dossiers_.find(dossier);
  if (at == dossiers_.end() || !at->second.counts) return {};
  const RecountCase& found = at->second;
  const RecountLife life(found);
  if (!life.ended) return SpellsBeforeResult(dossier, found, life, until);
  const Instant result = std::min(ResultOf(found, life), until);
  std::vector<Spell> spells = SpellsBeforeResult(dossier, found, life, result);
  if (life.withdrawn) return spells;
  const Instant end = life.closed ? std::min(life.closed->instant, until) : until;
  for (Spell& spell : SpellsAfterResult(dossier, found, life, end)) {
    spells.push_back(std::move(spell));
  }
  return spells;
}

Recount::Times Recount::CheckTimes() const {
  Times times;
  for (const auto& [code, found] : dossiers_) {
    if (!found.counts) continue;
    const RecountLife life(found);
    Instant end = last_;
    if (life.ended && life.withdrawn) end = ResultOf(found, life);
    if (life.ended && life.closed) end = std::max(life.closed->instant, ResultOf(found, life));
    std::int64_t sum = 0;
    Instant at = found.received.instant;
    bool whole = true;
    for (const Spell& spell : SpellsOf(code, last_)) {
      whole = whole && spell.from == at && spell.from < spell.to && !spell.who.part.empty();
      at = spell.to;
      sum += (spell.to - spell.from).count();
      ++times.spells;
    }
    const std::int64_t all = (std::min(end, last_) - found.received.instant).count();
    if (!whole || sum != std::max<std::int64_t>(all, 0)) times.wrong.push_back(code);
    ++times.dossiers;
  }
  return times;
}

std::map<std::string, Cells> Recount::CountLateness(const RecountQuery& query) const {
  std::map<std::string, Cells> rows;
  Cells& sum = rows[std::string(kSumRow)];
  const auto within = [&](CivilDate day) { return day >= query.from && day <= query.to; };
  for (const auto& [code, found] : dossiers_) {
    if (!found.counts) continue;
    const RecountLife life(found);
    if (!life.Late(query.by_instant)) continue;
    const Instant begin = found.received.instant;
    const Instant result = ResultOf(found, life);
    const CivilDate day = std::max(life.ended->date(), found.received.date());
    if (within(day)) {
      const auto& missed = life.MissedBy(query.by_instant);
      const std::optional<ZonedTime>& due = missed ? missed->due : life.due;
      const Instant passed = std::clamp(due ? due->instant : result, begin, result);
      sum["dossiers"] += 1;
      sum["time_micros"] += (result - begin).count();
      sum["overdue_micros"] += (result - passed).count();
      // A moment more than counts: who has it then got late too.
      for (const Spell& spell : SpellsBeforeResult(code, found, life, result + Micros(1))) {
        Cells& row = rows[NameOf(spell.who)];
        if (spell.from <= passed && passed < spell.to) row["dossiers"] += 1;
        Add(spell, begin, result, row);
        const Instant over = std::max(spell.from, passed);
        const Instant end = std::min(spell.to, result);
        if (over < end) row["overdue_micros"] += (end - over).count();
      }
    }
    if (!life.closed || !within(std::max(day, life.closed->date()))) continue;
    const Instant end = std::max(life.closed->instant, result);
    sum["returned"] += 1;
    sum["time_micros"] += (end - result).count();
    for (const Spell& spell : SpellsAfterResult(code, found, life, end)) {
      Add(spell, result, end, rows[NameOf(spell.who)]);
    }
  }
  return rows;
}

}  // namespace motcua::admin
