#include "services/platform/imports/row.h"

#include <array>
#include <string>

namespace motcua::imports {
namespace {

std::string Text(const std::optional<ZonedTime>& time) {
  return time ? FormatZonedTime(*time) : std::string();
}

}  // namespace

cases::RequestId RowRequestId(const RegisterRow& row) {
  const std::array parts = {row.source,
                            row.source_id,
                            row.unit.value(),
                            row.unit_name,
                            row.dossier ? row.dossier->value() : std::string(),
                            row.procedure,
                            row.procedure_name,
                            row.field,
                            std::to_string(static_cast<int>(row.channel)),
                            std::to_string(row.register_year),
                            std::to_string(row.register_number),
                            Text(row.opened),
                            Text(row.due),
                            Text(row.closed),
                            std::to_string(static_cast<int>(row.outcome))};
  std::string name = "import row";
  for (const std::string& part : parts) {
    // With its length, so that no two rows run together to the same words.
    name += "/" + std::to_string(part.size()) + ":" + part;
  }
  return cases::DeriveRequestId(name);
}

}  // namespace motcua::imports
