#include "services/domain/cases/decide.h"

#include "services/domain/cases/topics/topic.h"

namespace motcua::cases {

std::vector<AggregateId> AggregatesOf(const Decision& decision) {
  std::vector<AggregateId> ids;
  if (!decision.dossier.empty()) ids.emplace_back(decision.dossier);
  if (decision.takes_number) ids.push_back(AggregateId::Book(UnitOf(decision.dossier)));
  ids.insert(ids.end(), decision.others.begin(), decision.others.end());
  return ids;
}

Result<Decision> Decide(View& view, const catalogue::Catalogue& catalogue, Instant now,
                        const Command& command) {
  const Deciding deciding{view, catalogue, now, command};
  return std::visit([&](const auto& topic) { return Decide(deciding, topic); }, command.action);
}

}  // namespace motcua::cases
