#include "services/reporting/rules.h"

#include "services/reporting/cells.h"

namespace motcua::reporting {

std::string ReportingRules::index_format() const { return CellsFormat(); }

void ReportingRules::Index(const engine::Position& /*position*/, const cases::Dossier* before,
                           const cases::Dossier& after, const cases::CaseEvent& event,
                           engine::IndexSink& sink) const {
  IndexCells(before, after, sink);
  if (before == nullptr) IndexNames(event, sink);
}

}  // namespace motcua::reporting
