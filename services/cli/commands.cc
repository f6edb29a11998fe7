#include "services/cli/commands.h"

namespace motcua::cli {
namespace {

constexpr GroupRow kGroups[] = {
    {"dossier", "Dossiers at the counter (hồ sơ): receive, show, finish"},
    {"dossier supplement", "Ask for missing papers and take them (bổ sung hồ sơ)"},
    {"route", "The way of a dossier between units (liên thông), leg by leg"},
    {"deadline", "The clock of a dossier (thời hạn): show, stop, go on"},
    {"alerts", "Alerts about due dates (cảnh báo): list, watch"},
    {"shipment", "Results on their way by post (bưu chính công ích)"},
    {"shipment manifest", "Shipments that go to the carrier together (bản kê bàn giao bưu gửi)"},
    {"party", "People (người nộp, chủ hồ sơ, người được ủy quyền, tổ chức); each look is recorded"},
    {"report", "Reports (báo cáo) and the dossiers behind a number"},
    {"import", "Take over dossiers from other systems"},
    {"catalogue",
     "Procedures, units and calendars (danh mục): check, look up, post; needs no server"},
    {"scenario", "The clock of a replayed history; of services that run with --scenario"},
    {"cluster", "The services as processes of their own over Kafka: up, status"},
};

}  // namespace

std::span<const GroupRow> CommandGroups() { return kGroups; }

std::vector<const CommandRow*> AllCommands() {
  std::vector<const CommandRow*> rows;
  for (const auto table : {DossierCommands(), RouteCommands(), DeadlineCommands(), AlertCommands(),
                           ShipmentCommands(), PartyCommands(), ReportCommands(), ImportCommands(),
                           CatalogueCommands(), ScenarioCommands(), ClusterCommands()}) {
    for (const CommandRow& row : table) rows.push_back(&row);
  }
  return rows;
}

}  // namespace motcua::cli
