// The rules of manifests of the post, which have a history of their own, and what must be true of
// them at the end.
#include <algorithm>
#include <utility>

#include "services/engine/reader.h"
#include "tests/simulation/rules.h"
#include "tests/simulation/workload.h"

namespace motcua::simulation {
namespace {

using cases::ManifestItemState;

// The rule says: so many a manifest may hold.
constexpr std::size_t kItemsMax = 500;

ManifestItemLine* Listed(ManifestLine& line, const std::string& dossier) {
  const auto found =
      std::find_if(line.items.begin(), line.items.end(),
                   [&](const ManifestItemLine& item) { return item.dossier == dossier; });
  return found == line.items.end() ? nullptr : &*found;
}

std::string LawfulForManifest(bool lawful) {
  return lawful ? std::string() : "the manifest before does not allow it";
}

std::string JudgeOpened(const Accepted& accepted, const cases::ManifestOpened& e,
                        const ManifestLine& line, std::uint32_t last) {
  if (!line.events.empty()) return "was there before";
  if (e.year != Split(accepted.event.at.date()).year || e.number != last + 1) {
    return "takes number " + std::to_string(e.number) + " after " + std::to_string(last);
  }
  const std::string_view name = accepted.event.about().name();
  const std::string number = std::to_string(e.number);
  const std::string key = std::to_string(e.year) + "-" +
                          std::string(4 - std::min<std::size_t>(4, number.size()), '0') + number;
  return name.ends_with("/" + key) ? std::string() : "is not called by its number";
}

std::string JudgeAdded(const Accepted& accepted, const cases::ManifestItemAdded& e,
                       const ManifestLine& line) {
  if (UnitPart(e.dossier.value()) != accepted.event.about().unit().value()) {
    return "takes a dossier of another unit";
  }
  const bool twice =
      std::any_of(line.items.begin(), line.items.end(), [&](const ManifestItemLine& item) {
        return item.dossier == e.dossier.value() || item.item == e.item_number;
      });
  if (twice) return "takes the same twice";
  return LawfulForManifest(!line.closed && line.items.size() < kItemsMax);
}

}  // namespace

// ---- What the log may say ----------------------------------------------------------------------

const ManifestItemLine* ManifestLine::Find(const std::string& dossier) const {
  const auto found = std::find_if(items.begin(), items.end(), [&](const ManifestItemLine& item) {
    return item.dossier == dossier;
  });
  return found == items.end() ? nullptr : &*found;
}

std::string JudgeManifest(const Accepted& accepted, const ManifestLine& line, std::uint32_t last) {
  const cases::CaseEvent& event = accepted.event;
  const bool opens = HoldsLeaf<cases::ManifestOpened>(event.payload);
  if (!opens && line.events.empty()) return "is about a manifest that nobody opened";
  if (event.cause != 0 && (event.cause > line.events.size() ||
                           event.trace != TraceAfter(line.events[event.cause - 1]->event))) {
    return "does not go on with the trace of version " + std::to_string(event.cause);
  }
  const auto is_listed = [&](const std::string& dossier) {
    const ManifestItemLine* const item = line.Find(dossier);
    return line.handed_over && item != nullptr && item->state == ManifestItemState::kListed;
  };
  if (const auto* e = LeafIf<cases::ShipmentHandedOver>(event.payload)) {
    const std::string& dossier = event.dossier.value();
    return LawfulForManifest(is_listed(dossier) && line.Find(dossier)->item == e->item_number &&
                             e->carrier == line.carrier);
  }
  const auto* payload = std::get_if<cases::ManifestPayload>(&event.payload);
  if (payload == nullptr) return "is no event of a manifest";
  return std::visit(
      Overloaded{
          [&](const cases::ManifestOpened& e) { return JudgeOpened(accepted, e, line, last); },
          [&](const cases::ManifestItemAdded& e) { return JudgeAdded(accepted, e, line); },
          [&](const cases::ManifestClosed&) {
            return LawfulForManifest(!line.closed && !line.items.empty());
          },
          [&](const cases::ManifestHandedOver&) {
            return LawfulForManifest(line.closed && !line.handed_over);
          },
          [&](const cases::ManifestItemSkipped& e) {
            return LawfulForManifest(is_listed(e.dossier.value()));
          },
      },
      *payload);
}

void NoteManifest(const Accepted& accepted, ManifestLine& line) {
  const auto settle = [&](const std::string& dossier, ManifestItemState state) {
    if (ManifestItemLine* const item = Listed(line, dossier)) item->state = state;
  };
  const cases::CaseEvent& event = accepted.event;
  if (HoldsLeaf<cases::ShipmentHandedOver>(event.payload)) {
    settle(event.dossier.value(), ManifestItemState::kFollowed);
  }
  const auto* payload = std::get_if<cases::ManifestPayload>(&event.payload);
  if (payload == nullptr) return;
  std::visit(
      Overloaded{
          [&](const cases::ManifestOpened& e) { line.carrier = e.carrier; },
          [&](const cases::ManifestItemAdded& e) {
            line.items.push_back({e.dossier.value(), e.item_number, ManifestItemState::kListed});
          },
          [&](const cases::ManifestClosed&) { line.closed = true; },
          [&](const cases::ManifestHandedOver&) { line.handed_over = true; },
          [&](const cases::ManifestItemSkipped& e) {
            settle(e.dossier.value(), ManifestItemState::kSkipped);
          },
      },
      *payload);
}

// None of them is about a dossier; a stranger's may be, and says nothing of it.
std::string Judge(const Judging&, const cases::ManifestPayload&) { return Lawful(false); }
void Note(const Accepted&, const cases::ManifestPayload&, Line&) {}
Amending AmendingOf(const cases::ManifestPayload&) { return {}; }

const std::vector<const Accepted*>& History::EventsOf(const cases::CaseEvent& event) const {
  return event.dossier.empty() ? manifests_.at(event.about().path()).events
                               : lines_.at(event.dossier.value()).events;
}

bool History::IsBlocked(const ManifestLine& manifest) const {
  for (const ManifestItemLine& item : manifest.items) {
    if (item.state != ManifestItemState::kListed) continue;
    const auto line = lines_.find(item.dossier);
    return line != lines_.end() && line->second.newer;
  }
  return false;
}

std::string JudgeManifests(const History& history) {
  // Hand-overs by manifest, of each dossier with each item number.
  std::map<std::pair<std::string, std::string>, int> followed;
  for (const Accepted& accepted : history.accepted()) {
    const auto* const e = LeafIf<cases::ShipmentHandedOver>(accepted.event.payload);
    const cases::Step* const step = accepted.event.StepOn(cases::AggregateKind::kManifest);
    if (e == nullptr || step == nullptr) continue;
    ++followed[{step->id.path(), accepted.event.dossier.value() + " " + e->item_number}];
  }
  for (const auto& [path, manifest] : history.manifests()) {
    for (const ManifestItemLine& item : manifest.items) {
      const auto found = followed.find({path, item.dossier + " " + item.item});
      const int times = found == followed.end() ? 0 : found->second;
      if (times != (item.state == ManifestItemState::kFollowed ? 1 : 0)) {
        return item.dossier + " was handed over " + std::to_string(times) + " times by " + path;
      }
      if (manifest.handed_over && item.state == ManifestItemState::kListed &&
          !history.IsBlocked(manifest)) {
        return item.dossier + " neither followed " + path + " nor was skipped";
      }
    }
  }
  return {};
}

// ---- What is asked -----------------------------------------------------------------------------

std::string_view LeadsTo(const cases::ManifestAction& action) {
  using cases::kPayloadName;
  return std::visit(
      Overloaded{
          [](const cases::OpenManifest&) { return kPayloadName<cases::ManifestOpened>; },
          [](const cases::AddManifestItem&) { return kPayloadName<cases::ManifestItemAdded>; },
          [](const cases::CloseManifest&) { return kPayloadName<cases::ManifestClosed>; },
          [](const cases::HandOverManifest&) { return kPayloadName<cases::ManifestHandedOver>; },
          [](const cases::FollowManifest&) { return kPayloadName<cases::ShipmentHandedOver>; },
      },
      action);
}

std::optional<cases::Manifest> Workload::LookAt(const cases::AggregateId& manifest) {
  Process* process = world_.pick(kPostal);
  if (process == nullptr || !process->serving()) return std::nullopt;
  const auto row = process->store().rows().find(manifest.path());
  if (row == process->store().rows().end()) return std::nullopt;
  const auto state = world_.surroundings.codec.DecodeRow(manifest, row->second);
  const auto* const found = state.ok() ? std::get_if<cases::Manifest>(&*state) : nullptr;
  return found == nullptr ? std::nullopt : std::optional(*found);
}

std::vector<cases::DossierCode> Workload::WaitingForCarrier(const cases::UnitCode& unit) {
  std::vector<cases::DossierCode> waiting;
  Process* process = world_.pick(kIntake);
  if (process == nullptr || !process->serving()) return waiting;
  const engine::StateReader reader(process->store(), world_.surroundings.codec);
  for (const cases::DossierCode& code : dossiers_) {
    if (!unit.empty() && cases::UnitOf(code) != unit) continue;
    const Result<cases::Dossier> dossier = reader.GetDossier(code);
    if (dossier.ok() && dossier->shipment.state == postal::ShipmentState::kRegistered) {
      waiting.push_back(code);
    }
  }
  return waiting;
}

// Mostly one that waits for the carrier.
cases::AddManifestItem Workload::DrawAddition(const cases::AggregateId& manifest) {
  const std::vector<cases::DossierCode> waiting = WaitingForCarrier(manifest.unit());
  const bool any = waiting.empty() || random_.Chance(60);
  return {random_.Pick(any ? dossiers_ : waiting), DrawItem()};
}

std::vector<std::pair<std::size_t, cases::Command>> Workload::ComposeManifest() {
  std::vector<std::pair<std::size_t, cases::Command>> commands;
  cases::AggregateId id;
  const auto add = [&](cases::Action action) {
    cases::Command command;
    command.action = std::move(action);
    command.about = id;
    commands.emplace_back(kPostal, std::move(command));
  };
  if (manifests_.empty() || random_.Chance(120)) {
    const std::vector<cases::DossierCode> waiting = WaitingForCarrier({});
    for (std::int64_t i = random_.Chance(300) ? 2 : 1; i > 0; --i) {
      const cases::DossierCode& dossier = random_.Pick(waiting.empty() ? dossiers_ : waiting);
      add(cases::OpenManifest{cases::UnitOf(dossier), "vnpost"});
    }
    return commands;
  }
  const std::size_t recent = std::min<std::size_t>(manifests_.size(), 4);
  id = manifests_[manifests_.size() - 1 - random_.Below(recent)];
  const std::optional<cases::Manifest> manifest = LookAt(id);
  const bool open = !manifest || manifest->state == cases::ManifestState::kOpen;
  if (open || random_.Chance(50)) {
    for (std::int64_t i = random_.Between(1, 4); i > 0; --i) add(DrawAddition(id));
    if (random_.Chance(450)) {
      add(cases::CloseManifest{});
      if (random_.Chance(700)) add(cases::HandOverManifest{});
    }
    return commands;
  }
  add(cases::HandOverManifest{});
  if (random_.Chance(300)) commands.back().second.expected_version = manifest->head.version;
  return commands;
}

}  // namespace motcua::simulation
