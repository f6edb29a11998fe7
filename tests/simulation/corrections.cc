// Corrections in a simulated world: what the log may say, and what a line is without the events
// that were taken back. By a model of its own, as history.h: it undoes nothing, but writes the line
// anew from the events that are left, and asks whether each of them is still lawful.
#include <algorithm>

#include "tests/simulation/rules.h"

namespace motcua::simulation {
namespace {

using cases::Version;

// The rule says: of so many events that can be taken back, the latest.
constexpr std::size_t kLatest = 8;

template <typename P>
bool Is(const Accepted& accepted) {
  return HoldsLeaf<P>(accepted.event.payload);
}

// What nobody here understands cannot be taken back, nor what is about no dossier.
Amending AmendingOf(const Accepted& accepted) {
  return std::visit(
      Overloaded{[](const cases::UnknownPayload&) { return Amending{.can_be_taken_back = false}; },
                 [](const auto& of_topic) { return simulation::AmendingOf(of_topic); }},
      accepted.event.payload);
}

std::set<Version> Taken(const cases::EventTakenBack& e) {
  std::set<Version> taken(e.with.begin(), e.with.end());
  taken.insert(e.version);
  return taken;
}

std::string Called(const Accepted& accepted) {
  return std::string(cases::PayloadName(accepted.event.payload)) + " of version " +
         std::to_string(accepted.event.version());
}

// Whether somebody decided `version`, or it followed from `after` or from something later.
std::string JudgeOne(const Line& line, Version version, Version after) {
  if (std::find(line.corrigible.begin(), line.corrigible.end(), version) == line.corrigible.end()) {
    return "takes back version " + std::to_string(version) + ", which cannot be taken back";
  }
  const Accepted& accepted = *line.events[version - 1];
  if (accepted.event.StepOn(cases::AggregateKind::kManifest) != nullptr) {
    return "takes back " + Called(accepted) + ", for which the carrier has signed";
  }
  const bool by_itself = accepted.event.cause != 0;
  if (by_itself != (after != 0) || accepted.event.cause < after) {
    return "takes back " + Called(accepted) + " in the wrong way";
  }
  return {};
}

}  // namespace

std::string JudgeTakenBack(const catalogue::Catalogue& catalogue, const cases::EventTakenBack& e,
                           const Line& line) {
  std::string wrong = JudgeOne(line, e.version, 0);
  Version before = e.version;
  for (const Version version : e.with) {
    if (wrong.empty() && version <= before) wrong = "names what goes with it out of order";
    if (wrong.empty()) wrong = JudgeOne(line, version, e.version);
    before = version;
  }
  if (!wrong.empty()) return wrong;
  const std::set<Version> taken = Taken(e);
  Line left;
  left.taken_back = line.taken_back;
  left.taken_back.insert(taken.begin(), taken.end());
  for (const Accepted* accepted : line.events) {
    const Version version = accepted->event.version();
    const bool counts = !left.taken_back.contains(version) && !Is<cases::EventTakenBack>(*accepted);
    const bool with = taken.contains(version) && version != e.version;
    if (counts && !AmendingOf(*accepted).is_fact) {
      const std::string unlawful = JudgeEvent(catalogue, *accepted, left);
      if (!unlawful.empty()) return "leaves " + Called(*accepted) + ": " + unlawful;
    }
    // How the result is handed back is nothing that a line notes.
    if (with && !Is<cases::ShipmentRegistered>(*accepted) &&
        JudgeEvent(catalogue, *accepted, left).empty()) {
      return "takes " + Called(*accepted) + " with it, which could stay";
    }
    if (counts) Note(*accepted, left);
    left.events.push_back(accepted);
  }
  return {};
}

void NoteCorrigible(const Accepted& accepted, Line& line) {
  if (accepted.event.dossier.empty() || !AmendingOf(accepted).can_be_taken_back) return;
  line.corrigible.push_back(accepted.event.version());
  if (line.corrigible.size() > kLatest) line.corrigible.erase(line.corrigible.begin());
}

void NoteTakenBack(const cases::EventTakenBack& e, Line& line) {
  const std::set<Version> taken = Taken(e);
  Line left;
  for (const Accepted* accepted : line.events) {
    const Version version = accepted->event.version();
    const bool counts = !taken.contains(version) && !line.taken_back.contains(version) &&
                        !Is<cases::EventTakenBack>(*accepted);
    if (counts) Note(*accepted, left);
  }
  left.corrigible = line.corrigible;
  std::erase_if(left.corrigible, [&](Version version) { return taken.contains(version); });
  left.taken_back = line.taken_back;
  left.taken_back.insert(taken.begin(), taken.end());
  left.events = line.events;
  left.tip = line.tip;
  left.nonsense = left.nonsense || line.nonsense;
  line = std::move(left);
}

}  // namespace motcua::simulation
