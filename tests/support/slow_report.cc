#include "tests/support/slow_report.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

namespace motcua::testing_support {
namespace {

using reporting::Column;
using reporting::Dimension;
using reporting::StatusQuery;
using reporting::StatusRow;
using reporting::Verdict;

// "2020-01-20": sorts as days do.
std::string Day(const ZonedTime& time) { return FormatZonedTime(time).substr(0, 10); }

struct Facts {
  bool received = false;
  ZonedTime received_at;
  cases::Channel channel = cases::Channel::kDirect;
  std::string field;
  std::string procedure;
  codes::Tier tier = codes::Tier::kNone;
  codes::Interconnection interconnection = codes::Interconnection::kNotSaid;
  std::optional<ZonedTime> due;       // as far as is seen
  std::optional<ZonedTime> promised;  // as it was
  bool standing = false;
  bool stopped = false;                    // likewise
  std::optional<ZonedTime> set;            // when the last standstill ended
  std::vector<ZonedTime> supplements;      // asked for at
  std::optional<ZonedTime> missed_from;    // from when a missed date counts, by instant
  std::optional<ZonedTime> missed_by_day;  // and by the day
  std::optional<ZonedTime> resolved_at;    // as far as is seen
  std::optional<ZonedTime> ended_at;       // as it was
  std::optional<ZonedTime> delivered_at;   // by post, as far as is seen
  bool withdrawn = false;
  bool rejected = false;
};

class Replay {
 public:
  explicit Replay(const StatusQuery& query) : query_(query), last_day_(FormatDate(query.to_date)) {}

  // Takes the event as far as it is seen.
  void See(const cases::CaseEvent& event, Instant effective, Facts& facts) const {
    const ZonedTime at{effective, event.at.offset};
    if (const auto* received = LeafIf<cases::DossierReceived>(event.payload)) {
      Begin(facts, at, received->channel, received->field, received->procedure);
      facts.due = facts.promised = received->clock.due;
      facts.tier = received->tier;
      facts.interconnection = received->interconnection;
    } else if (const auto* imported = LeafIf<cases::DossierImported>(event.payload)) {
      Begin(facts, imported->opened, imported->channel, imported->field, imported->procedure);
      facts.due = facts.promised = imported->due;
      if (imported->closed) End(facts, *imported->closed, imported->outcome);
    } else if (const auto* updated = LeafIf<cases::RecordUpdated>(event.payload)) {
      Move(facts, *updated, at);
      facts.due = facts.promised = updated->due;
      facts.resolved_at.reset();
      facts.ended_at.reset();
      facts.withdrawn = false;
      if (updated->closed) End(facts, *updated->closed, updated->outcome);
    } else if (const auto* resumed = LeafIf<cases::ClockResumed>(event.payload)) {
      facts.promised = resumed->clock.due;
      facts.stopped = false;
      facts.set = resumed->resumed;
      if (!Seen(resumed->resumed)) return;
      facts.standing = false;
      facts.due = resumed->clock.due;
    } else if (const auto* result = LeafIf<cases::ResultRecorded>(event.payload)) {
      End(facts, at, result->outcome);
    } else if (const auto* closed = LeafIf<cases::DossierClosed>(event.payload)) {
      if (closed->way == cases::ReturnMode::kPostal && Seen(at)) facts.delivered_at = at;
    } else if (HoldsLeaf<cases::DossierWithdrawn>(event.payload)) {
      End(facts, at, cases::Outcome::kWithdrawn);
    } else if (HoldsLeaf<cases::SupplementRequested>(event.payload)) {
      facts.supplements.push_back(at);
      Stop(facts, at);
    } else if (HoldsLeaf<cases::ClockPaused>(event.payload)) {
      Stop(facts, at);
    }
  }

  bool Seen(const ZonedTime& time) const {
    return query_.as_of ? time.instant < *query_.as_of : Day(time) <= last_day_;
  }

  // Whether a date was missed before the clock stopped or the date moved. Of a resolved one all
  // that happened is part of its result.
  bool Missed(const Facts& facts) const {
    const auto counts = [&](const std::optional<ZonedTime>& from) {
      return from && (facts.resolved_at || Seen(*from));
    };
    if (query_.verdict == Verdict::kDate) return counts(facts.missed_by_day);
    return counts(facts.missed_from) || counts(facts.missed_by_day);
  }

  bool Repeated(const Facts& facts) const {
    std::size_t requests = 0;
    for (const ZonedTime& asked : facts.supplements) {
      if (facts.resolved_at || Seen(asked)) ++requests;
    }
    return requests >= 2;
  }

  Column State(const Facts& facts) const {
    const bool by_date = query_.verdict == Verdict::kDate;
    if (facts.resolved_at) {
      if (facts.withdrawn) {
        return query_.merge_withdrawn ? Column::kResolvedOnTime : Column::kResolvedWithdrawn;
      }
      if (Missed(facts)) return Column::kResolvedLate;
      if (!facts.due) return Column::kResolvedOnTime;
      const std::string day = Day(*facts.resolved_at);
      const std::string due = Day(*facts.due);
      if (by_date ? day > due : facts.resolved_at->instant > facts.due->instant) {
        return Column::kResolvedLate;
      }
      return day < due ? Column::kResolvedEarly : Column::kResolvedOnTime;
    }
    if (Missed(facts)) return Column::kOpenLate;
    if (facts.standing) return Column::kOpenPaused;
    if (!facts.due) return Column::kOpenInTerm;
    if (!by_date) return Seen(*facts.due) ? Column::kOpenLate : Column::kOpenInTerm;
    std::string today = last_day_;
    if (query_.as_of) today = Day({*query_.as_of - Micros(1), facts.due->offset});
    return Day(*facts.due) < today ? Column::kOpenLate : Column::kOpenInTerm;
  }

 private:
  static void Begin(Facts& facts, const ZonedTime& at, cases::Channel channel,
                    const std::string& field, const cases::ProcedureCode& procedure) {
    facts.received = true;
    facts.received_at = at;
    facts.channel = channel;
    facts.field = field;
    facts.procedure = procedure.value();
  }
  // The clock stops: was the date that had been promised over?
  void Stop(Facts& facts, const ZonedTime& at) const {
    if (facts.promised && !facts.stopped) {
      const std::string day = Day({at.instant, facts.promised->offset});
      if (!facts.missed_from && facts.promised->instant < at.instant) facts.missed_from = at;
      if (!facts.missed_by_day && Day(*facts.promised) < day) facts.missed_by_day = at;
    }
    facts.stopped = true;
    if (Seen(at)) facts.standing = true;
  }
  // A register says another date than before: had the case been open when the old one passed?
  static void Move(Facts& facts, const cases::RecordUpdated& updated, const ZonedTime& told) {
    if (!facts.promised || facts.stopped || facts.promised == updated.due) return;
    Instant open_until = told.instant;
    if (updated.closed) open_until = std::min(open_until, updated.closed->instant);
    if (facts.ended_at) open_until = std::min(open_until, facts.ended_at->instant);
    const ZonedTime due = *facts.promised;
    const auto later = [&](const ZonedTime& passed) {
      return facts.set && facts.set->instant >= passed.instant ? *facts.set : passed;
    };
    if (!facts.missed_from && due.instant < open_until) {
      facts.missed_from = later({due.instant + Micros(1), due.offset});
    }
    const ZonedTime next_day =
        ParseZonedTime(FormatDate(due.date() + 1) + "T00:00:00" +
                       FormatZonedTime(due).substr(FormatZonedTime(due).size() - 6))
            .value();
    if (!facts.missed_by_day && next_day.instant <= open_until) {
      facts.missed_by_day = later(next_day);
    }
  }
  void End(Facts& facts, const ZonedTime& at, cases::Outcome outcome) const {
    facts.ended_at = at;
    facts.stopped = false;
    if (!Seen(at)) return;
    facts.resolved_at = at;
    facts.withdrawn = outcome == cases::Outcome::kWithdrawn;
    facts.rejected = outcome == cases::Outcome::kRejected;
  }

  const StatusQuery& query_;
  const std::string last_day_;
};

std::string KeyOf(const std::string& dossier, const Facts& facts, Dimension by) {
  switch (by) {
    case Dimension::kUnit:
      return cases::UnitOf(cases::DossierCode(dossier)).value();
    case Dimension::kField:
      return facts.field.empty() ? "-" : facts.field;
    case Dimension::kProcedure:
      return facts.procedure.empty() ? "-" : facts.procedure;
    case Dimension::kLevel:
      if (facts.tier == codes::Tier::kNone) return "-";
      return facts.tier == codes::Tier::kCentral ? "central" : "city";
    case Dimension::kInterconnection:
      switch (facts.interconnection) {
        case codes::Interconnection::kNotSaid:
          return "-";
        case codes::Interconnection::kNone:
          return "none";
        case codes::Interconnection::kVertical2:
          return "vertical2";
        case codes::Interconnection::kVertical3:
          return "vertical3";
        case codes::Interconnection::kHorizontal:
          return "horizontal";
      }
      break;
    case Dimension::kChannel:
      break;
  }
  if (facts.channel == cases::Channel::kOnline) return "online";
  return facts.channel == cases::Channel::kPostal ? "postal" : "direct";
}

Column ReceivedIn(const Facts& facts, const std::string& first_day) {
  if (Day(facts.received_at) < first_day) return Column::kCarriedOver;
  if (facts.channel == cases::Channel::kOnline) return Column::kReceivedOnline;
  return facts.channel == cases::Channel::kPostal ? Column::kReceivedPostal
                                                  : Column::kReceivedDirect;
}

// What was taken back, as far as the report knows of it, has never been: a report made on an
// earlier evening knows of no later correction, one for a period knows all.
std::set<std::pair<std::string, cases::Version>> TakenBack(const History& history,
                                                           const StatusQuery& query) {
  std::set<std::pair<std::string, cases::Version>> taken;
  for (const auto& [event, effective] : history) {
    const auto* const correction = LeafIf<cases::EventTakenBack>(event.payload);
    if (correction == nullptr || (query.as_of && effective >= *query.as_of)) continue;
    taken.emplace(event.dossier.value(), correction->version);
    for (const cases::Version version : correction->with) {
      taken.emplace(event.dossier.value(), version);
    }
  }
  return taken;
}

}  // namespace

std::vector<StatusRow> SlowReport(const History& history, const StatusQuery& query) {
  const Replay replay(query);
  const auto taken = TakenBack(history, query);
  std::map<std::string, Facts> dossiers;
  // Whose later events a report of that evening knows nothing of, not even what a register says.
  std::set<std::string> unknown_from_here;
  for (const auto& [event, effective] : history) {
    if (query.as_of && effective >= *query.as_of &&
        HoldsLeaf<cases::EventTakenBack>(event.payload)) {
      unknown_from_here.insert(event.dossier.value());
    }
    if (unknown_from_here.contains(event.dossier.value())) continue;
    if (taken.contains({event.dossier.value(), event.version()})) continue;
    replay.See(event, effective, dossiers[event.dossier.value()]);
  }

  const std::string first_day = FormatDate(query.from_date);
  const std::string last_day = FormatDate(query.to_date);
  std::map<std::string, StatusRow> rows;
  for (const auto& [code, facts] : dossiers) {
    if (!facts.received || Day(facts.received_at) > last_day || !replay.Seen(facts.received_at)) {
      continue;
    }
    const Column received = ReceivedIn(facts, first_day);
    const std::string key = KeyOf(code, facts, query.by);
    if (query.unit && code.rfind(query.unit->value() + "-", 0) != 0) continue;
    const bool by_post = facts.delivered_at && Day(*facts.delivered_at) >= first_day &&
                         Day(*facts.delivered_at) <= last_day;
    // Settled before the period began.
    const bool settled = received == Column::kCarriedOver && facts.resolved_at &&
                         Day(*facts.resolved_at) < first_day;
    if (settled && !by_post) continue;
    StatusRow& row = rows[key];
    row.key = key;
    if (by_post) ++row[Column::kReturnedPostal];
    if (settled) continue;
    const Column state = replay.State(facts);
    ++row[received];
    ++row[state];
    if (replay.Missed(facts) && state == Column::kResolvedLate) ++row[Column::kResolvedStopped];
    if (replay.Missed(facts) && state == Column::kOpenLate) ++row[Column::kOpenStopped];
    if (replay.Repeated(facts)) ++row[Column::kSupplementRepeated];
    if (facts.resolved_at && facts.rejected) ++row[Column::kResolvedRejected];
  }

  std::vector<StatusRow> result;
  result.reserve(rows.size());
  for (auto& [key, row] : rows) result.push_back(std::move(row));
  return result;
}

}  // namespace motcua::testing_support
