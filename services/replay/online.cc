#include "services/replay/online.h"

#include "services/wire/csv/csv.h"

namespace motcua::replay {

Result<OnlineProcedures> ReadOnline(std::string_view procedures_csv) {
  wire::CsvReader reader;
  reader.Feed(procedures_csv);
  reader.Finish();
  wire::CsvRecord record;
  if (!reader.Next(record)) return Status(Reason::kFileInvalid, "procedures.csv is empty");
  MOTCUA_ASSIGN_OR_RETURN(const wire::CsvHeader header,
                          wire::CsvHeader::Make(record, {"code", "online"}));
  OnlineProcedures online;
  while (reader.Next(record)) {
    if (record.problem) return *record.problem;
    if (record.blank()) continue;
    if (header.Get(record, "online") == "none") continue;
    online.emplace(header.Get(record, "code"));
  }
  return online;
}

}  // namespace motcua::replay
