// The judge at the end of a run: requests, folds, alerts that are missing.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "tests/simulation/world.h"

namespace motcua::simulation {
namespace {

using Wanted = std::pair<cases::RequestId, std::uint64_t>;

// Steps of one dossier behind which a request id is forgotten (Dossier.requests).
constexpr cases::Version kRemembered = 16;

bool TooCloseTogether(const std::vector<const Accepted*>& events) {
  for (std::size_t i = 1; i < events.size(); ++i) {
    if (events[i]->event.steps.size() > 1 ||
        events[i]->event.about() != events[i - 1]->event.about() ||
        events[i]->event.version() <= events[i - 1]->event.version() + kRemembered) {
      return true;
    }
  }
  return false;
}

// Whether an attempt that was told nothing for sure may have done it.
bool MayBeDoneBy(const Request& request, const Accepted& event,
                 const std::vector<const Accepted*>& events) {
  if (request.refusal) {
    const Instant asked = request.attempts[request.refused_attempt].submitted;
    // What stood in the log when a try was made that was refused, must have been seen by it.
    if (event.written < asked) return false;
    // The log brought a copy so late that, meanwhile, the event before it had been refused its
    // place, the request its right, and the event before it was made again, the same to the byte
    // (README.md, Limits).
    const cases::Version version = event.event.version();
    if (event.late_copy && version > 1 && events[version - 2]->written > asked) return true;
  }
  return std::any_of(request.attempts.begin(), request.attempts.end(),
                     [](const Attempt& a) { return a.taken && !a.definite; });
}

// Whether an import of the dossier, or an update, has found these doubts.
bool HasSaid(const Line& line, cases::Doubts doubts) {
  return std::any_of(line.events.begin(), line.events.end(), [&](const Accepted* accepted) {
    const cases::Payload& payload = accepted->event.payload;
    const auto* imported = LeafIf<cases::DossierImported>(payload);
    const auto* updated = LeafIf<cases::RecordUpdated>(payload);
    return (imported != nullptr && imported->doubts == doubts) ||
           (updated != nullptr && updated->doubts == doubts);
  });
}

std::string JudgeAnswer(const Request& request, const std::vector<const Accepted*>& events,
                        const History& history) {
  const engine::Answer& answer = *request.answer;
  const bool there = std::any_of(events.begin(), events.end(), [&](const Accepted* e) {
    return e->event.about() == answer.about && e->event.version() == answer.version;
  });
  if (answer.about.kind() == cases::AggregateKind::kManifest) {
    return there ? std::string()
                 : "was answered with version " + std::to_string(answer.version) + " of " +
                       std::string(answer.about.name()) + ", but the log has no such event";
  }
  const auto line = history.lines().find(answer.dossier.value());
  // A row that says nothing new of a case that is there has no event of its own.
  const bool nothing_new = HoldsLeaf<cases::ImportDossier>(request.command.action) &&
                           answer.version == 1 && line != history.lines().end() &&
                           line->second.imported;
  if (!there && !nothing_new) {
    return "was answered with version " + std::to_string(answer.version) + " of " +
           answer.dossier.value() + ", but the log has no such event";
  }
  if (line->second.nonsense) return {};
  const cases::CaseEvent& first = line->second.events.front()->event;
  const auto* received = LeafIf<cases::DossierReceived>(first.payload);
  const auto* imported = LeafIf<cases::DossierImported>(first.payload);
  if (received != nullptr && (answer.register_number != received->register_number ||
                              answer.register_year != received->register_year)) {
    return "was told another register number than the log has";
  }
  if (request.service != kPostal && received != nullptr &&
      answer.first_due != received->clock.due) {
    return "was told another appointment than the log has";
  }
  if (imported != nullptr && !HasSaid(line->second, answer.doubts)) {
    return "was told other doubts than the log has";
  }
  return {};
}

}  // namespace

std::string JudgeRequests(const std::deque<Request>& requests, const History& history) {
  std::map<Wanted, std::vector<const Accepted*>> done;
  std::map<Wanted, TraceContext> wanted;
  for (const Request& request : requests) {
    wanted[{request.command.request_id, request.command.digest}] = request.command.trace;
  }
  for (const Accepted& accepted : history.accepted()) {
    const cases::CaseEvent& event = accepted.event;
    const Wanted key{event.request_id, event.request_digest};
    done[key].push_back(&accepted);
    const bool by_itself =
        event.cause != 0 || event.actor.value() == kStranger || event.actor.value() == kNonsense;
    const std::string what = std::string(cases::PayloadName(event.payload)) + " of " +
                             std::string(event.about().name()) + " version " +
                             std::to_string(event.version());
    if (by_itself) continue;
    const auto asked = wanted.find(key);
    if (asked == wanted.end()) return "nobody asked for " + what;
    if (event.trace != (accepted.by_older ? TraceContext() : asked->second)) {
      return what + " has another trace than what asked for it";
    }
  }
  for (const Request& request : requests) {
    const std::string id = "request " + cases::FormatRequestId(request.command.request_id) + " ";
    const auto& events = done[{request.command.request_id, request.command.digest}];
    if (TooCloseTogether(events)) return id + "took effect twice";
    if (request.answer) {
      if (std::string wrong = JudgeAnswer(request, events, history); !wrong.empty()) {
        return id + wrong;
      }
      continue;
    }
    if (!events.empty() &&
        !MayBeDoneBy(request, *events.back(), history.EventsOf(events.back()->event))) {
      return id + "took effect as version " + std::to_string(events.back()->event.version()) +
             " of " + std::string(events.back()->event.about().name()) +
             ", though it was told otherwise: " +
             (request.refusal ? request.refusal->ToString() : "certainly not done");
    }
  }
  return {};
}

// ---- Folds
// ---------------------------------------------------------------------------------------

namespace {

// Reads everything, says nothing.
class ReplayLog final : public engine::EventLog {
 public:
  explicit ReplayLog(const MemoryLog& log) : log_(log) {}

  bool spoke() const { return spoke_; }
  engine::PartitionId partitions() const override { return log_.partitions(); }
  void Append(engine::PartitionId, std::vector<std::string>, AppendDone) override { spoke_ = true; }
  Result<std::shared_ptr<const engine::LogChunk>> Read(engine::PartitionId partition,
                                                       engine::Offset from) override {
    auto chunk = std::make_shared<engine::LogChunk>();
    const auto& records = log_.records(partition);
    const engine::Offset end = std::min<engine::Offset>(records.size(), from + 50);
    for (engine::Offset at = from; at < end; ++at) chunk->entries.push_back(records[at].entry);
    chunk->next = std::max(from, end);
    return std::shared_ptr<const engine::LogChunk>(std::move(chunk));
  }
  void AskEnd(engine::PartitionId partition, EndDone done) override {
    done(engine::Offset{log_.records(partition).size()});
  }
  std::uint64_t Watch(std::function<void()>) override { return 0; }
  void Unwatch(std::uint64_t) override {}

 private:
  const MemoryLog& log_;
  bool spoke_ = false;
};

std::string DescribeRow(std::string_view service, const std::string& key, const std::string& row,
                        const engine::Codec& codec) {
  std::string text = std::string(service) + " row ";
  for (const char c : key) text += c >= ' ' && c <= '~' ? c : '.';
  text += " of " + std::to_string(row.size()) + " bytes";
  if (key.starts_with("D")) {
    const auto state = codec.DecodeRow(cases::AggregateId::FromPath(key), row);
    if (state.ok()) text += "\n" + cases::Print(*state);
  }
  return text;
}

}  // namespace

std::string Replay(const Surroundings& world, const engine::ServiceRules& rules, SimStore& store,
                   StillOwed still_owed) {
  ReplayLog log(world.log);
  SimClock clock(world.timeline);
  SimInbox inbox;
  engine::ServiceLoop loop(
      engine::ServiceLoopPorts{log, store, clock, world.codec, world.catalogue, rules, inbox}, {});
  const std::string name(rules.name());
  if (!loop.Recover().ok()) return "a replay of " + name + " cannot recover";
  for (int round = 0; round < 1000; ++round) {
    const Result<bool> more = loop.RunOnce();
    if (!more.ok()) return "a replay of " + name + ": " + more.status().ToString();
    if (!*more && loop.CaughtUp()) break;
  }
  if (!loop.CaughtUp()) return "a replay of " + name + " does not end";
  return log.spoke() && still_owed == StillOwed::kIsWrong
             ? "a replay of " + name + " finds something that is still owed"
             : "";
}

std::string JudgeFold(const Process& process, const engine::ServiceRules& rules,
                      const SimStore& replay, const History& history, const engine::Codec& codec) {
  const auto& live = process.store().rows();
  const auto& fresh = replay.rows();
  const std::string name = process.name();
  for (const auto& [key, row] : fresh) {
    const auto found = live.find(key);
    if (found == live.end() || found->second != row) {
      return name + " differs from a replay: it has " +
             (found == live.end() ? "no such row" : DescribeRow(name, key, found->second, codec)) +
             "\nthe replay has " + DescribeRow(name, key, row, codec);
    }
  }
  for (const auto& [key, row] : live) {
    if (!fresh.contains(key)) {
      return name + " has what a replay has not: " + DescribeRow(name, key, row, codec);
    }
  }
  std::size_t dossiers = 0;
  for (auto row = live.lower_bound("D"); row != live.end() && row->first.starts_with("D"); ++row) {
    ++dossiers;
    const cases::DossierCode code(row->first.substr(1));
    const auto state = codec.DecodeRow(cases::AggregateId(code), row->second);
    const auto line = history.lines().find(code.value());
    const auto* const dossier = state.ok() ? std::get_if<cases::Dossier>(&*state) : nullptr;
    if (dossier == nullptr || line == history.lines().end())
      return name + " made up " + code.value();
    const Line& noted = line->second;
    if (dossier->head.version == noted.events.size() && noted.nonsense) continue;
    const bool same =
        dossier->head.version == noted.events.size() && dossier->stage == noted.stage &&
        dossier->understood == !noted.newer &&
        std::equal(dossier->undo.begin(), dossier->undo.end(), noted.corrigible.begin(),
                   noted.corrigible.end(),
                   [](const cases::Undo& undo, cases::Version v) { return undo.version == v; }) &&
        (!rules.parts().clock ||
         (dossier->clock.now.due == noted.due && dossier->clock.standing() == noted.standing &&
          dossier->alerts.size() == noted.alerts.size())) &&
        (!rules.parts().shipment || (dossier->shipment.state == noted.shipment &&
                                     dossier->shipment.reported == noted.reported &&
                                     dossier->shipment.attempts.size() == noted.attempts.size())) &&
        (!rules.parts().route || dossier->route.current_stage() == noted.current_stage());
    if (!same) {
      return name +
             " does not agree with the log: " + DescribeRow(name, row->first, row->second, codec);
    }
  }
  if (dossiers != history.lines().size()) return name + " lacks dossiers that the log has";
  for (const auto& [path, line] : history.manifests()) {
    const auto row = live.find(path);
    const auto state = row == live.end()
                           ? Result<cases::AggregateState>(cases::AggregateState())
                           : codec.DecodeRow(cases::AggregateId::FromPath(path), row->second);
    const auto* const manifest = state.ok() ? std::get_if<cases::Manifest>(&*state) : nullptr;
    if (manifest == nullptr || manifest->head.version != line.events.size()) {
      return name + " has another history of " + path;
    }
    if (!rules.parts().manifests) continue;
    const bool same = std::equal(
        manifest->items.begin(), manifest->items.end(), line.items.begin(), line.items.end(),
        [](const cases::ManifestItem& item, const ManifestItemLine& noted) {
          return item.dossier.value() == noted.dossier && item.state == noted.state;
        });
    if (!same) return name + " does not agree with the log: " + cases::Print(*state);
  }
  return {};
}

// ---- Alerts
// --------------------------------------------------------------------------------------

std::string JudgeAlerts(const History& history, Instant now) {
  std::string wrong;
  const auto look = [&](const std::string& code, const Line& line, std::uint8_t leg,
                        const std::optional<ZonedTime>& due, const std::optional<Instant>& soon) {
    if (!due) return;
    const auto missing = [&](cases::AlertKind kind, Instant at) {
      return at > line.alerts_from && at < now &&
             !line.alerts.contains(cases::AlertKey{kind, leg, due->instant});
    };
    // Of a date that has passed, it is late that must be said; a process that ran in time warned
    // before.
    const bool passed = due->instant < now;
    if ((soon && !passed && missing(cases::AlertKind::kDueSoon, *soon)) ||
        missing(cases::AlertKind::kOverdue, due->instant)) {
      wrong = "an alert of " + code + " leg " + std::to_string(leg) + ", due " +
              FormatZonedTime(*due) + ", was never raised";
    }
  };
  for (const auto& [code, line] : history.lines()) {
    if (!line.clock_runs() || line.newer || line.nonsense) continue;
    look(code, line, 0, line.due, line.due_soon);
    for (std::size_t i = 0; i < line.legs.size(); ++i) {
      const LegLine& leg = line.legs[i];
      if (leg.running()) look(code, line, static_cast<std::uint8_t>(i + 1), leg.due, leg.due_soon);
    }
  }
  return wrong;
}

}  // namespace motcua::simulation
