#include "services/replay/kinds.h"

#include "services/wire/csv/csv.h"

namespace motcua::replay {

Result<Kinds> ReadKinds(std::string_view procedures_csv) {
  wire::CsvReader reader;
  reader.Feed(procedures_csv);
  reader.Finish();
  wire::CsvRecord record;
  if (!reader.Next(record)) return Status(Reason::kFileInvalid, "procedures.csv is empty");
  MOTCUA_ASSIGN_OR_RETURN(const wire::CsvHeader header,
                          wire::CsvHeader::Make(record, {"code", "tier", "online"}));
  Kinds kinds;
  while (reader.Next(record)) {
    if (record.problem) return *record.problem;
    if (record.blank()) continue;
    kinds[cases::ProcedureCode(header.Get(record, "code"))] = {
        std::string(header.Get(record, "tier")), header.Get(record, "online") != "none"};
  }
  return kinds;
}

}  // namespace motcua::replay
