#include "services/wire/event_steps.h"

#include <limits>
#include <string>
#include <utility>

#include "services/domain/cases/aggregates.h"

namespace motcua::wire {
namespace {

namespace pb = motcua::events::v1;

Status NoSteps(std::string_view what) { return Status(Reason::kRecordInvalid, std::string(what)); }

void Fill(pb::Step* wire, const cases::Step& step) {
  wire->set_version(step.version);
  wire->set_follows(step.follows.value());
}

void FillOther(pb::AggregateStep* wire, const cases::Step& step) {
  wire->set_kind(static_cast<std::uint32_t>(step.id.kind()));
  wire->set_unit(step.id.unit().value());
  wire->set_key(std::string(step.id.key()));
  Fill(wire->mutable_step(), step);
}

}  // namespace

void FillSteps(const cases::CaseEvent& event, pb::CaseEvent* wire) {
  wire->set_dossier(event.dossier.value());
  for (const cases::Step& step : event.steps) {
    const cases::AggregateKind kind = step.id.kind();
    if (kind == cases::AggregateKind::kDossier && !wire->has_step()) {
      Fill(wire->mutable_step(), step);
    } else if (kind == cases::AggregateKind::kBook && !event.dossier.empty()) {
      Fill(wire->mutable_book(), step);
    } else {
      FillOther(wire->add_steps(), step);
    }
  }
}

Status TakeSteps(const pb::CaseEvent& wire, cases::CaseEvent& event) {
  const auto take = [&event](cases::AggregateId id, const pb::Step& step) {
    event.steps.push_back({std::move(id), step.version(), cases::Tip(step.follows())});
  };
  if (!wire.dossier().empty() || wire.steps().empty()) {
    MOTCUA_ASSIGN_OR_RETURN(event.dossier, cases::ParseDossierCode(wire.dossier()));
    take(cases::AggregateId(event.dossier), wire.step());
    if (wire.has_book()) {
      take(cases::AggregateId::Book(cases::UnitOf(event.dossier)), wire.book());
    }
  }
  if (event.steps.size() + static_cast<std::size_t>(wire.steps_size()) > cases::kStepsMax) {
    return NoSteps("it makes more steps than an event may");
  }
  for (const pb::AggregateStep& step : wire.steps()) {
    if (step.kind() == 0 || step.kind() > std::numeric_limits<std::uint8_t>::max()) {
      return NoSteps("a step is on no kind of aggregate");
    }
    MOTCUA_ASSIGN_OR_RETURN(const cases::UnitCode unit, cases::ParseUnitCode(step.unit()));
    if (step.key().size() > cases::kAggregateKeyBytesMax) return NoSteps("a key is too long");
    cases::AggregateId id(static_cast<cases::AggregateKind>(step.kind()), unit, step.key());
    MOTCUA_RETURN_IF_ERROR(cases::CheckId(id));
    if (event.steps.empty() && id.kind() == cases::AggregateKind::kDossier) {
      return NoSteps("what is about a dossier names it in the field for it");
    }
    take(std::move(id), step.step());
  }
  for (const cases::Step& step : event.steps) {
    if (step.version == 0) return NoSteps("the envelope is out of range");
  }
  return OkStatus();
}

}  // namespace motcua::wire
