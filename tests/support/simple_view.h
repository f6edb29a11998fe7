// SimpleView: aggregates and notes in maps, for decisions without an engine.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "services/domain/cases/aggregates.h"
#include "services/domain/cases/notes.h"

namespace motcua::testing {

class SimpleView : public cases::View {
 public:
  Result<const cases::AggregateState*> Find(const cases::AggregateId& id) override {
    const auto found = states_.find(id);
    return found == states_.end() ? nullptr : &found->second;
  }
  Result<std::optional<std::string>> FindNote(const std::string& key) override {
    const auto found = notes_.find(key);
    return found == notes_.end() ? std::nullopt : std::optional(found->second);
  }
  Result<std::vector<cases::ItemUse>> UsesOfItem(std::string_view /*item_number*/) override {
    return std::vector<cases::ItemUse>();
  }

  void Put(cases::Dossier dossier) {
    const cases::AggregateId id(dossier.code);
    states_[id].emplace<cases::Dossier>(std::move(dossier));
  }
  void Put(const cases::UnitCode& unit, cases::Book book) {
    states_[cases::AggregateId::Book(unit)].emplace<cases::Book>(std::move(book));
  }
  void SetLastNumber(const cases::UnitCode& unit, CivilDate day, std::uint32_t number) {
    notes_[cases::DayKey(unit, day)] = cases::NumberNote(number);
  }

  // The head of what is there, or version 0.
  cases::Head HeadAt(const cases::AggregateId& id) const {
    const auto found = states_.find(id);
    return found == states_.end() ? cases::Head{} : cases::HeadOf(found->second);
  }
  // Folds an event as a service would that keeps `parts`.
  void Take(const cases::CaseEvent& event, Instant effective, cases::Tip tip,
            const cases::Parts& parts) {
    const auto notes = cases::NotesOf(*this, event, parts);
    for (const cases::Note& note : *notes) notes_[note.key] = note.value;
    for (const cases::Step& step : event.steps) {
      cases::Fold(states_[step.id], event, step, effective, tip, parts);
    }
  }

 protected:
  std::map<cases::AggregateId, cases::AggregateState> states_;
  std::map<std::string, std::string> notes_;
};

}  // namespace motcua::testing
