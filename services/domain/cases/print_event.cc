// Canonical text of an event (Print in dossier.h).
#include <string>

#include "services/base/overloaded.h"
#include "services/domain/cases/topics/topic.h"

namespace motcua::cases {
namespace {

std::string StepText(const Step* step) {
  if (step == nullptr) return "-";
  return std::to_string(step->version) + "<" + std::to_string(step->follows.value());
}
std::string Fields(const Payload& payload) {
  return std::visit(Overloaded{
                        [](const UnknownPayload&) { return std::string(); },
                        [](const auto& topic) { return Text(topic); },
                    },
                    payload);
}

// Steps on a dossier and its book as they have always been printed, all others by their paths.
std::string StepsText(const CaseEvent& event) {
  std::string text = " step=" + StepText(event.StepOn(AggregateKind::kDossier)) +
                     " book=" + StepText(event.StepOn(AggregateKind::kBook));
  for (const Step& step : event.steps) {
    const AggregateKind kind = step.id.kind();
    if (kind == AggregateKind::kDossier || kind == AggregateKind::kBook) continue;
    text += " " + step.id.path() + "=" + StepText(&step);
  }
  return text;
}

}  // namespace

std::string Print(const CaseEvent& event) {
  return std::string(PayloadName(event.payload)) + " " + event.dossier.value() + StepsText(event) +
         " request=" + FormatRequestId(event.request_id) +
         " digest=" + std::to_string(event.request_digest) +
         " correlation=" + FormatRequestId(event.correlation_id) +
         " cause=" + std::to_string(event.cause) + " actor=" + event.actor.value() +
         " at=" + FormatZonedTime(event.at) +
         " trace=" + (event.trace.empty() ? "-" : FormatTraceparent(event.trace)) +
         Fields(event.payload);
}

}  // namespace motcua::cases
