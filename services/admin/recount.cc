#include "services/admin/recount.h"

#include <algorithm>

namespace motcua::admin {
namespace {

bool OverByInstant(const ZonedTime& due, const ZonedTime& at) { return due.instant < at.instant; }
// By the days of the date's own clock.
bool OverByDay(const ZonedTime& due, const ZonedTime& at) {
  return due.date() < ZonedTime{at.instant, due.offset}.date();
}

std::string OrDash(std::string text) { return text.empty() ? "-" : text; }

std::string ChannelText(cases::Channel channel) {
  switch (channel) {
    case cases::Channel::kDirect:
      return "direct";
    case cases::Channel::kOnline:
      return "online";
    case cases::Channel::kPostal:
      return "postal";
  }
  return "direct";
}

std::string LevelText(cases::Tier tier) {
  switch (tier) {
    case cases::Tier::kNone:
      return "-";
    case cases::Tier::kCity:
    case cases::Tier::kCommune:
      return "city";
    case cases::Tier::kCentral:
      return "central";
  }
  return "-";
}

std::string InterconnectionText(cases::Interconnection value) {
  switch (value) {
    case cases::Interconnection::kNotSaid:
      return "-";
    case cases::Interconnection::kNone:
      return "none";
    case cases::Interconnection::kVertical2:
      return "vertical2";
    case cases::Interconnection::kVertical3:
      return "vertical3";
    case cases::Interconnection::kHorizontal:
      return "horizontal";
  }
  return "-";
}

std::string UnitText(const std::string& dossier) {
  const std::size_t day = dossier.rfind('-', dossier.rfind('-') - 1);
  return dossier.substr(0, day);
}

}  // namespace

// What has become of a dossier, whatever is asked.
struct Recount::Life {
  std::vector<Stop> stops;
  std::optional<ZonedTime> due;
  std::optional<ZonedTime> ended;
  bool withdrawn = false;
  bool rejected = false;
  std::optional<ZonedTime> delivered;
  // From when a missed date counts.
  std::optional<ZonedTime> missed;
  std::optional<ZonedTime> missed_by_day;

  bool standing() const { return !stops.empty() && !stops.back().to; }

  void StopAt(const ZonedTime& at, bool for_papers) {
    if (due && !standing()) {
      if (!missed && OverByInstant(*due, at)) missed = at;
      if (!missed_by_day && OverByDay(*due, at)) missed_by_day = at;
    }
    stops.push_back({at, for_papers, {}, due});
  }
  void EndAt(const ZonedTime& at) {
    ended = at;
    if (standing()) stops.back().to = at;
  }
  // A register gives another date: the old one was missed if the case was open when it passed.
  void MoveDue(const std::optional<ZonedTime>& to, ZonedTime open_until) {
    if (due && to != due && !standing()) {
      if (ended && ended->instant < open_until.instant) open_until = *ended;
      const auto no_sooner = [&](Instant passed) {
        const ZonedTime at{passed, due->offset};
        const bool later = !stops.empty() && stops.back().to->instant >= at.instant;
        return later ? *stops.back().to : at;
      };
      if (!missed && OverByInstant(*due, open_until)) {
        missed = no_sooner(due->instant + Micros(1));
      }
      if (!missed_by_day && OverByDay(*due, open_until)) {
        missed_by_day = no_sooner(StartOfDay(due->date() + 1, due->offset));
      }
    }
    due = to;
  }
};

void Recount::Take(const cases::CaseEvent& event, Instant effective) {
  if (event.dossier.value().empty()) return;
  Case& found = dossiers_[event.dossier.value()];
  const ZonedTime at{effective, event.at.offset};
  const auto add = [&](Fact::Kind kind, const ZonedTime& when) -> Fact& {
    Fact& fact = found.facts.emplace_back();
    fact.version = event.version();
    fact.kind = kind;
    fact.at = when;
    return fact;
  };
  if (const auto* received = LeafIf<cases::DossierReceived>(event.payload)) {
    found.received = at;
    found.due = received->clock.due;
    found.field = received->field;
    found.procedure = received->procedure.value();
    found.channel = ChannelText(received->channel);
    found.level = LevelText(received->tier);
    found.interconnection = InterconnectionText(received->interconnection);
  } else if (HoldsLeaf<cases::DossierRefused>(event.payload)) {
    found.refused = true;
  } else if (const auto* imported = LeafIf<cases::DossierImported>(event.payload)) {
    found.received = imported->opened;
    found.due = imported->due;
    found.field = imported->field;
    found.procedure = imported->procedure.value();
    found.channel = ChannelText(imported->channel);
    Fact& fact = add(Fact::Kind::kRecord, at);
    fact.due = imported->due;
    fact.closed = imported->closed;
    fact.outcome = imported->outcome;
  } else if (const auto* updated = LeafIf<cases::RecordUpdated>(event.payload)) {
    Fact& fact = add(Fact::Kind::kRecord, at);
    fact.due = updated->due;
    fact.closed = updated->closed;
    fact.outcome = updated->outcome;
  } else if (HoldsLeaf<cases::SupplementRequested>(event.payload)) {
    add(Fact::Kind::kStop, at).flag = true;
  } else if (HoldsLeaf<cases::ClockPaused>(event.payload)) {
    add(Fact::Kind::kStop, at);
  } else if (const auto* resumed = LeafIf<cases::ClockResumed>(event.payload)) {
    add(Fact::Kind::kGoOn, resumed->resumed).due = resumed->clock.due;
  } else if (const auto* result = LeafIf<cases::ResultRecorded>(event.payload)) {
    add(Fact::Kind::kResult, at).flag = result->outcome == cases::Outcome::kRejected;
  } else if (HoldsLeaf<cases::DossierWithdrawn>(event.payload)) {
    add(Fact::Kind::kWithdrawn, at);
  } else if (const auto* closed = LeafIf<cases::DossierClosed>(event.payload)) {
    add(Fact::Kind::kClosed, at).flag = closed->way == cases::ReturnMode::kPostal;
  } else if (const auto* back = LeafIf<cases::EventTakenBack>(event.payload)) {
    std::erase_if(found.facts, [&](const Fact& fact) {
      return fact.version == back->version ||
             std::find(back->with.begin(), back->with.end(), fact.version) != back->with.end();
    });
  }
}

Recount::Life Recount::LifeOf(const Case& found) {
  Life life;
  life.due = found.due;
  for (const Fact& fact : found.facts) {
    switch (fact.kind) {
      case Fact::Kind::kStop:
        life.StopAt(fact.at, fact.flag);
        break;
      case Fact::Kind::kGoOn:
        if (life.standing()) life.stops.back().to = fact.at;
        life.due = fact.due;
        break;
      case Fact::Kind::kResult:
        life.EndAt(fact.at);
        life.rejected = fact.flag;
        break;
      case Fact::Kind::kWithdrawn:
        life.EndAt(fact.at);
        life.withdrawn = true;
        break;
      case Fact::Kind::kClosed:
        if (fact.flag) life.delivered = fact.at;
        break;
      case Fact::Kind::kRecord: {
        const bool sooner = fact.closed && fact.closed->instant < fact.at.instant;
        life.MoveDue(fact.due, sooner ? *fact.closed : fact.at);
        life.ended = fact.closed;
        life.withdrawn = fact.closed && fact.outcome == cases::Outcome::kWithdrawn;
        life.rejected = fact.closed && fact.outcome == cases::Outcome::kRejected;
        break;
      }
    }
  }
  return life;
}

Tables Recount::Count(const RecountQuery& query) const {
  Tables tables;
  const auto seen = [&](const std::optional<ZonedTime>& time) {
    return time && time->date() <= query.to;
  };
  for (const auto& [code, found] : dossiers_) {
    if (found.refused || found.received.date() > query.to) continue;
    const Life life = LifeOf(found);
    std::vector<std::string> columns;
    const bool ended = seen(life.ended);
    const CivilDate end_day =
        ended ? std::max(life.ended->date(), found.received.date()) : query.to;
    if (seen(life.delivered) && life.delivered->date() >= query.from) {
      columns.emplace_back("returned_postal");
    }
    if (found.received.date() >= query.from || !ended || end_day >= query.from) {
      columns.push_back(found.received.date() < query.from ? "received.carried_over"
                                                           : "received." + found.channel);
      // Of an ended one all that happened is part of its result.
      const auto counts = [&](const std::optional<ZonedTime>& from) {
        return from && (ended || seen(from));
      };
      const bool missed = counts(life.missed_by_day) || (query.by_instant && counts(life.missed));
      std::size_t asked = 0;
      for (const Stop& stop : life.stops) {
        asked += stop.for_papers && (ended || seen(stop.from)) ? 1U : 0U;
      }
      if (asked > 1) columns.emplace_back("supplement_repeated");
      if (ended && life.withdrawn) {
        columns.emplace_back("resolved.withdrawn");
      } else if (ended) {
        const bool late = life.due && (query.by_instant ? life.ended->instant > life.due->instant
                                                        : life.ended->date() > life.due->date());
        const bool early = life.due && life.ended->date() < life.due->date();
        columns.emplace_back(missed || late ? "resolved.late"
                             : early        ? "resolved.early"
                                            : "resolved.on_time");
        if (missed) columns.emplace_back("resolved.stopped_after_term");
        if (life.rejected) columns.emplace_back("resolved.rejected");
      } else {
        const auto stop = std::find_if(life.stops.begin(), life.stops.end(),
                                       [&](const Stop& s) { return !seen(s.to); });
        const bool stands = stop != life.stops.end() && seen(stop->from);
        const std::optional<ZonedTime>& due =
            stop == life.stops.end() ? life.due : stop->due_before;
        const bool over =
            !stands && due && (query.by_instant ? due->date() <= query.to : due->date() < query.to);
        columns.emplace_back(missed || over ? "open.late"
                             : stands       ? "open.paused"
                                            : "open.in_term");
        if (missed) columns.emplace_back("open.stopped_after_term");
      }
    }
    const std::pair<std::string_view, std::string> keys[] = {
        {"unit", OrDash(UnitText(code))},
        {"field", OrDash(found.field)},
        {"procedure", OrDash(found.procedure)},
        {"channel", found.channel},
        {"level", found.level},
        {"interconnection", found.interconnection}};
    for (const auto& [dimension, key] : keys) {
      for (const std::string& column : columns) ++tables[std::string(dimension)][key][column];
    }
  }
  return tables;
}

std::vector<std::string> Differences(const Tables& log, const Tables& service) {
  std::vector<std::string> lines;
  // Each cell that either has; one that is not there is 0.
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> cells;
  const auto add = [&](const Tables& tables, bool of_log) {
    for (const auto& [dimension, rows] : tables) {
      for (const auto& [key, columns] : rows) {
        for (const auto& [column, count] : columns) {
          auto& cell = cells[std::string(dimension) + " / " + key + " / " + column];
          (of_log ? cell.first : cell.second) += count;
        }
      }
    }
  };
  add(log, true);
  add(service, false);
  for (const auto& [name, counts] : cells) {
    if (counts.first == counts.second) continue;
    lines.push_back(name + ": log " + std::to_string(counts.first) + ", service " +
                    std::to_string(counts.second));
  }
  return lines;
}

}  // namespace motcua::admin
