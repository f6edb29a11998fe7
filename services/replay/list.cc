#include "services/replay/list.h"

#include <string_view>
#include <vector>

#include "services/wire/csv/csv_writer.h"

namespace motcua::replay {
namespace {

constexpr UtcOffset kCity{7 * 60};

std::string TextOf(Instant at) { return FormatZonedTime({at, kCity}); }

std::string_view NameOf(cases::Channel channel) {
  switch (channel) {
    case cases::Channel::kDirect:
      return "direct";
    case cases::Channel::kOnline:
      return "online";
    case cases::Channel::kPostal:
      return "postal";
  }
  return "";
}

std::string_view NameOf(codes::Tier tier) {
  switch (tier) {
    case codes::Tier::kNone:
      return "";
    case codes::Tier::kCity:
      return "city";
    case codes::Tier::kCommune:
      return "commune";
    case codes::Tier::kCentral:
      return "central";
  }
  return "";
}

std::string_view NameOf(Fate fate) {
  switch (fate) {
    case Fate::kInTime:
    case Fate::kLate:
      return "resolved";
    case Fate::kOpen:
      return "open";
    case Fate::kRefused:
      return "refused";
    case Fate::kWithdrawn:
      return "withdrawn";
  }
  return "";
}

std::string_view VerdictOf(const Dossier& dossier, const Timetable& table) {
  const CivilDate due = ZonedTime{dossier.due, kCity}.date();
  if (dossier.fate == Fate::kRefused || dossier.fate == Fate::kWithdrawn) return "";
  if (dossier.fate != Fate::kOpen) {
    const CivilDate resolved = table[dossier.resolved].date;
    if (resolved == due) return "on_time";
    return resolved < due ? "early" : "late";
  }
  const bool stands = dossier.stopped <= table.end() && dossier.resumed > table.end();
  if (dossier.stopped != kNever && stands) return "paused";
  return due < table.last_day() ? "late" : "in_term";
}

}  // namespace

std::string ListCsv(const Plan& plan, const catalogue::Catalogue& catalogue) {
  const Timetable& table = plan.timetable;
  const auto within = [&](Step step) {
    return step == kNever || step > table.end() ? std::string() : TextOf(table[step].at);
  };
  std::string csv;
  wire::AppendCsvRow(csv, {"number", "unit", "procedure", "field", "level", "channel", "return",
                           "received", "due", "resolved", "verdict", "closed", "fate"});
  for (std::size_t i = 0; i < plan.dossiers.size(); ++i) {
    const Dossier& dossier = plan.dossiers[i];
    const catalogue::Procedure& procedure = catalogue.procedures()[dossier.procedure];
    const bool received = dossier.fate != Fate::kRefused;
    wire::AppendCsvRow(
        csv, {std::to_string(i + 1), catalogue.units()[dossier.unit].code.value(),
              procedure.code.value(), procedure.field, std::string(NameOf(procedure.tier)),
              std::string(NameOf(dossier.channel)),
              dossier.way == cases::ReturnMode::kPostal ? "postal" : "counter",
              TextOf(table[dossier.received].at), received ? TextOf(dossier.due) : "",
              within(dossier.resolved), std::string(VerdictOf(dossier, table)),
              within(dossier.closed), std::string(NameOf(dossier.fate))});
  }
  return csv;
}

}  // namespace motcua::replay
