// DossierRules: the rules of a service that looks at dossiers. It takes the dossiers out of what
// the engine shows (ServiceRules), which is of any kind; a service that has to do with another kind
// overrides those too and passes on what is not its own. DecidingRules: of one that decides
// commands.
#pragma once

#include <optional>
#include <string_view>

#include "services/engine/service.h"

namespace motcua::rules {

class DossierRules : public engine::ServiceRules {
 public:
  // Owed as long as the dossier is in this state.
  virtual std::optional<cases::Action> Owed(const cases::Dossier& /*dossier*/) const {
    return std::nullopt;
  }
  virtual std::optional<Timer> NextTimer(const cases::Dossier& /*dossier*/, Instant /*now*/) const {
    return std::nullopt;
  }
  // Whether it keeps index rows of dossiers.
  virtual bool keeps_index() const { return false; }
  // `before` is null for a dossier's first event.
  virtual void Index(const engine::Position& /*position*/, const cases::Dossier* /*before*/,
                     const cases::Dossier& /*after*/, const cases::CaseEvent& /*event*/,
                     engine::IndexSink& /*sink*/) const {}

  std::optional<cases::Action> Owed(const cases::AggregateState& state) const override;
  std::optional<Timer> NextTimer(const cases::AggregateState& state, Instant now) const override;
  bool keeps_index(cases::AggregateKind kind) const override;
  void Index(const engine::Position& position, const cases::AggregateState& before,
             const cases::AggregateState& after, const cases::CaseEvent& event,
             engine::IndexSink& sink) const override;
};

// The rules of a service that decides commands: which, and what it must keep for that, is read from
// the table of commands (command_row.h).
class DecidingRules : public DossierRules {
 public:
  std::string_view name() const override { return cases::NameOf(owner_); }
  cases::Parts parts() const override { return parts_; }
  bool Decides(const cases::Action& action) const override {
    return cases::RowOf(action).owner == owner_;
  }

 protected:
  explicit DecidingRules(cases::Owner owner) : owner_(owner), parts_(cases::PartsOf(owner)) {}

 private:
  cases::Owner owner_;
  cases::Parts parts_;
};

}  // namespace motcua::rules
