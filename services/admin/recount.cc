#include "services/admin/recount.h"

#include <algorithm>
#include <initializer_list>
#include <set>
#include <utility>

namespace motcua::admin {
namespace {

bool OverByInstant(const ZonedTime& due, const ZonedTime& at) { return due.instant < at.instant; }
// By the days of the date's own clock.
bool OverByDay(const ZonedTime& due, const ZonedTime& at) {
  return due.date() < ZonedTime{at.instant, due.offset}.date();
}

std::string OrDash(const std::string& text) { return text.empty() ? "-" : text; }

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

}  // namespace

std::string UnitText(const std::string& dossier) {
  const std::size_t day = dossier.rfind('-', dossier.rfind('-') - 1);
  return dossier.substr(0, day);
}

// ---- What becomes of a dossier -----------------------------------------------------------------

void RecountLife::StopAt(const ZonedTime& at, cases::PauseReason reason) {
  if (due && !standing()) {
    if (!missed && OverByInstant(*due, at)) missed = {*due, at};
    if (!missed_by_day && OverByDay(*due, at)) missed_by_day = {*due, at};
  }
  stops.push_back({at, reason, {}, due});
}

void RecountLife::EndAt(const ZonedTime& at) {
  ended = at;
  if (standing()) stops.back().to = at;
}

// A register gives another date: the old one was missed if the case was open when it passed.
void RecountLife::MoveDue(const std::optional<ZonedTime>& to, ZonedTime open_until) {
  if (due && to != due && !standing()) {
    if (ended && ended->instant < open_until.instant) open_until = *ended;
    const auto no_sooner = [&](Instant passed) {
      const ZonedTime at{passed, due->offset};
      const bool later = !stops.empty() && stops.back().to->instant >= at.instant;
      return later ? *stops.back().to : at;
    };
    if (!missed && OverByInstant(*due, open_until)) {
      missed = {*due, no_sooner(due->instant + Micros(1))};
    }
    if (!missed_by_day && OverByDay(*due, open_until)) {
      missed_by_day = {*due, no_sooner(StartOfDay(due->date() + 1, due->offset))};
    }
  }
  due = to;
}

void RecountLife::Take(const Fact& fact) {
  switch (fact.kind) {
    case Fact::Kind::kStop:
      StopAt(fact.at, fact.reason);
      break;
    case Fact::Kind::kGoOn:
      if (standing()) stops.back().to = fact.at;
      due = fact.due;
      break;
    case Fact::Kind::kResult:
      EndAt(fact.at);
      rejected = fact.flag;
      break;
    case Fact::Kind::kWithdrawn:
      EndAt(fact.at);
      withdrawn = true;
      break;
    case Fact::Kind::kClosed:
      closed = fact.at;
      closed_by_post = fact.flag;
      break;
    case Fact::Kind::kRecord: {
      const bool sooner = fact.closed && fact.closed->instant < fact.at.instant;
      MoveDue(fact.due, sooner ? *fact.closed : fact.at);
      ended = fact.closed;
      closed = fact.closed;
      withdrawn = fact.closed && fact.outcome == cases::Outcome::kWithdrawn;
      rejected = fact.closed && fact.outcome == cases::Outcome::kRejected;
      break;
    }
  }
}

RecountLife::RecountLife(const RecountCase& found) : due(found.due) {
  for (const Fact& fact : found.facts) Take(fact);
}

bool RecountLife::Late(bool by_instant) const {
  if (!ended || withdrawn) return false;
  if (MissedBy(by_instant)) return true;
  if (!due) return false;
  return by_instant ? ended->instant > due->instant : ended->date() > due->date();
}

// ---- Facts -------------------------------------------------------------------------------------

namespace {

class Taking {
 public:
  Taking(const cases::CaseEvent& event, Instant effective, RecountCase& found)
      : event_(event), at_{effective, event.at.offset}, found_(found) {}

  Fact& Add(Fact::Kind kind) { return Add(kind, at_); }
  Fact& Add(Fact::Kind kind, const ZonedTime& when) {
    Fact& fact = found_.facts.emplace_back();
    fact.version = event_.version();
    fact.kind = kind;
    fact.at = when;
    return fact;
  }
  void AddMove(Move::Kind kind, std::uint8_t leg = 0) {
    found_.moves.push_back({event_.version(), kind, leg, at_.instant});
  }
  void AddRecord(const auto& recorded) {
    Fact& fact = Add(Fact::Kind::kRecord);
    fact.due = recorded.due;
    fact.closed = recorded.closed;
    fact.outcome = recorded.outcome;
  }

  void Received(const cases::DossierReceived& e) {
    found_.counts = true;
    found_.received = at_;
    found_.due = e.clock.due;
    found_.field = e.field;
    found_.procedure = e.procedure.value();
    found_.channel = ChannelText(e.channel);
    found_.level = LevelText(e.tier);
    found_.interconnection = InterconnectionText(e.interconnection);
    found_.by_post = e.return_mode == cases::ReturnMode::kPostal;
  }
  void Imported(const cases::DossierImported& e) {
    found_.counts = true;
    found_.received = e.opened;
    found_.due = e.due;
    found_.field = e.field;
    found_.procedure = e.procedure.value();
    found_.channel = ChannelText(e.channel);
    AddRecord(e);
  }
  void TakenBack(const cases::EventTakenBack& e) {
    const auto taken = [&](const auto& kept) {
      return kept.version == e.version ||
             std::find(e.with.begin(), e.with.end(), kept.version) != e.with.end();
    };
    std::erase_if(found_.facts, taken);
    std::erase_if(found_.moves, taken);
  }

  // Whether the event is one of those that only say where the dossier was.
  bool TakeMove() {
    const cases::Payload& payload = event_.payload;
    if (const auto* sent = LeafIf<cases::HandOverSent>(payload)) {
      AddMove(Move::Kind::kSent, sent->leg);
    } else if (const auto* done = LeafIf<cases::LegCompleted>(payload)) {
      AddMove(Move::Kind::kDone, done->leg);
    } else if (const auto* back = LeafIf<cases::LegReturned>(payload)) {
      AddMove(Move::Kind::kSentBack, back->leg);
    } else if (HoldsLeaf<cases::ShipmentRegistered>(payload)) {
      AddMove(Move::Kind::kToBePosted);
    } else if (HoldsLeaf<cases::ShipmentHandedOver>(payload)) {
      AddMove(Move::Kind::kPosted);
    } else if (HoldsLeaf<cases::ShipmentReturned>(payload)) {
      AddMove(Move::Kind::kCameBack);
    } else if (HoldsLeaf<cases::ResultReleasedToPost>(payload)) {
      AddMove(Move::Kind::kPostAnew);
    } else {
      return false;
    }
    return true;
  }

 private:
  const cases::CaseEvent& event_;
  const ZonedTime at_;
  RecountCase& found_;
};

}  // namespace

void Recount::Take(const cases::CaseEvent& event, Instant effective) {
  last_ = std::max(last_, effective);
  if (event.dossier.value().empty()) return;
  RecountCase& found = dossiers_[event.dossier.value()];
  Taking taking(event, effective, found);
  if (taking.TakeMove()) return;
  const cases::Payload& payload = event.payload;
  if (const auto* received = LeafIf<cases::DossierReceived>(payload)) {
    taking.Received(*received);
    std::vector<PlannedLeg> route;
    route.reserve(received->legs.size());
    for (const auto& leg : received->legs) {
      route.push_back({leg.unit.value(), leg.stage, leg.lead});
    }
    if (!route.empty()) found.route = &*routes_.insert(std::move(route)).first;
  } else if (HoldsLeaf<cases::DossierRefused>(payload)) {
    found.counts = false;
  } else if (const auto* imported = LeafIf<cases::DossierImported>(payload)) {
    taking.Imported(*imported);
  } else if (const auto* updated = LeafIf<cases::RecordUpdated>(payload)) {
    taking.AddRecord(*updated);
  } else if (HoldsLeaf<cases::SupplementRequested>(payload)) {
    taking.Add(Fact::Kind::kStop).reason = cases::PauseReason::kSupplement;
  } else if (const auto* paused = LeafIf<cases::ClockPaused>(payload)) {
    taking.Add(Fact::Kind::kStop).reason = paused->reason;
  } else if (const auto* resumed = LeafIf<cases::ClockResumed>(payload)) {
    taking.Add(Fact::Kind::kGoOn, resumed->resumed).due = resumed->clock.due;
  } else if (const auto* result = LeafIf<cases::ResultRecorded>(payload)) {
    taking.Add(Fact::Kind::kResult).flag = result->outcome == cases::Outcome::kRejected;
  } else if (HoldsLeaf<cases::DossierWithdrawn>(payload)) {
    taking.Add(Fact::Kind::kWithdrawn);
  } else if (const auto* closed = LeafIf<cases::DossierClosed>(payload)) {
    taking.Add(Fact::Kind::kClosed).flag = closed->way == cases::ReturnMode::kPostal;
  } else if (const auto* back = LeafIf<cases::EventTakenBack>(payload)) {
    taking.TakenBack(*back);
  }
}

// ---- Counts ------------------------------------------------------------------------------------

namespace {

// The sums of a row, and the parts and wholes of its on-time rates (domain.md §5.4).
void AddSums(Cells& row) {
  const auto sum = [&](std::initializer_list<const char*> columns) {
    std::int64_t all = 0;
    for (const char* const column : columns) {
      const auto found = row.find(column);
      if (found != row.end()) all += found->second;
    }
    return all;
  };
  const auto in_time = sum({"resolved.early", "resolved.on_time"});
  const auto came = sum({"received.direct", "received.online", "received.postal"});
  const auto all = came + sum({"received.carried_over"});
  const std::pair<const char*, std::int64_t> sums[] = {
      {"received.total", all},
      {"resolved.total", in_time + sum({"resolved.late", "resolved.withdrawn"})},
      {"open.total", sum({"open.in_term", "open.late", "open.paused"})},
      {"rates.of_resolved.part", in_time},
      {"rates.of_resolved.whole", in_time + sum({"resolved.late"})},
      {"rates.of_received.part", in_time},
      {"rates.of_received.whole", came},
      {"rates.of_all.part", in_time + sum({"open.in_term", "open.paused"})},
      {"rates.of_all.whole", all}};
  for (const auto& [column, count] : sums) {
    if (count != 0) row[column] = count;
  }
}

class Columns {
 public:
  Columns(const RecountCase& found, const RecountLife& life, const RecountQuery& query)
      : found_(found), life_(life), query_(query), ended_(Seen(life.ended)) {}

  // In which a dossier counts that was received by the end of the period.
  std::vector<std::string> Find() {
    if (life_.closed_by_post && Seen(life_.closed) && life_.closed->date() >= query_.from) {
      columns_.emplace_back("returned_postal");
    }
    const CivilDate received = found_.received.date();
    const CivilDate end = ended_ ? std::max(life_.ended->date(), received) : query_.to;
    if (received < query_.from && end < query_.from) return std::move(columns_);
    columns_.push_back(received < query_.from ? "received.carried_over"
                                              : "received." + found_.channel);
    if (AskedForPapers() > 1) columns_.emplace_back("supplement_repeated");
    const bool missed = Counts(life_.missed_by_day) || (query_.by_instant && Counts(life_.missed));
    ended_ ? AddEnded(missed) : AddOpen(missed);
    return std::move(columns_);
  }

 private:
  bool Seen(const std::optional<ZonedTime>& time) const {
    return time && time->date() <= query_.to;
  }
  // Of an ended one all that happened is part of its result.
  bool Counts(const std::optional<RecountLife::Missed>& date) const {
    return date && (ended_ || Seen(date->from));
  }
  std::size_t AskedForPapers() const {
    std::size_t asked = 0;
    for (const RecountLife::Stop& stop : life_.stops) {
      const bool for_papers = stop.reason == cases::PauseReason::kSupplement;
      asked += for_papers && (ended_ || Seen(stop.from)) ? 1U : 0U;
    }
    return asked;
  }
  void AddEnded(bool missed) {
    if (life_.withdrawn) {
      columns_.emplace_back("resolved.withdrawn");
      return;
    }
    const bool early = life_.due && life_.ended->date() < life_.due->date();
    columns_.emplace_back(life_.Late(query_.by_instant) ? "resolved.late"
                          : early                       ? "resolved.early"
                                                        : "resolved.on_time");
    if (missed) columns_.emplace_back("resolved.stopped_after_term");
    if (life_.rejected) columns_.emplace_back("resolved.rejected");
  }
  void AddOpen(bool missed) {
    const auto stop = std::find_if(life_.stops.begin(), life_.stops.end(),
                                   [&](const RecountLife::Stop& s) { return !Seen(s.to); });
    const bool stands = stop != life_.stops.end() && Seen(stop->from);
    const std::optional<ZonedTime>& due = stop == life_.stops.end() ? life_.due : stop->due_before;
    const bool over =
        !stands && due && (query_.by_instant ? due->date() <= query_.to : due->date() < query_.to);
    columns_.emplace_back(missed || over ? "open.late" : stands ? "open.paused" : "open.in_term");
    if (missed) columns_.emplace_back("open.stopped_after_term");
  }

  const RecountCase& found_;
  const RecountLife& life_;
  const RecountQuery& query_;
  const bool ended_;
  std::vector<std::string> columns_;
};

}  // namespace

Tables Recount::Count(const RecountQuery& query) const {
  Tables tables;
  for (const auto& [code, found] : dossiers_) {
    if (!found.counts || found.received.date() > query.to) continue;
    const RecountLife life(found);
    const std::vector<std::string> columns = Columns(found, life, query).Find();
    if (columns.empty()) continue;
    const std::pair<std::string_view, std::string> keys[] = {
        {"unit", OrDash(UnitText(code))},
        {"field", OrDash(found.field)},
        {"procedure", OrDash(found.procedure)},
        {"channel", found.channel},
        {"level", found.level},
        {"interconnection", found.interconnection}};
    for (const auto& [dimension, key] : keys) {
      auto& rows = tables[std::string(dimension)];
      for (const std::string& column : columns) {
        ++rows[key][column];
        ++rows[std::string(kSumRow)][column];
      }
    }
  }
  for (auto& [dimension, rows] : tables) {
    for (auto& [key, row] : rows) AddSums(row);
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

namespace {

std::int64_t CellOf(const std::map<std::string, Cells>& rows, const std::string& key,
                    const std::string& column) {
  const auto row = rows.find(key);
  if (row == rows.end()) return 0;
  const auto cell = row->second.find(column);
  return cell == row->second.end() ? 0 : cell->second;
}

}  // namespace

std::vector<std::string> Imbalances(const Tables& period, const Tables* before) {
  std::vector<std::string> lines;
  const auto compare = [&](const std::string& row, std::string_view what, std::int64_t one,
                           std::int64_t other) {
    if (one == other) return;
    lines.push_back(row + ": " + std::string(what) + ", " + std::to_string(one) + " and " +
                    std::to_string(other));
  };
  for (const auto& [dimension, rows] : period) {
    if (dimension == kLatenessTable) continue;
    std::set<std::string> keys;
    for (const auto& [key, row] : rows) {
      keys.insert(key);
      compare(dimension + " / " + key, "received is not resolved and open",
              CellOf(rows, key, "received.total"),
              CellOf(rows, key, "resolved.total") + CellOf(rows, key, "open.total"));
    }
    if (before == nullptr || !before->contains(dimension)) continue;
    const auto& rows_before = before->at(dimension);
    for (const auto& [key, row] : rows_before) keys.insert(key);
    for (const std::string& key : keys) {
      compare(dimension + " / " + key, "carried over is not what was open before",
              CellOf(rows, key, "received.carried_over"), CellOf(rows_before, key, "open.total"));
    }
  }
  return lines;
}

}  // namespace motcua::admin
