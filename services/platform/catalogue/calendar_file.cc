// calendars/*.toml.
#include <algorithm>
#include <charconv>

#include "services/base/text.h"
#include "services/domain/calendar/labour_code.h"
#include "services/domain/calendar/office_hours.h"
#include "services/platform/catalogue/catalogue_files.h"
#include "services/platform/catalogue/toml_reader.h"

namespace motcua::catalogue {
namespace {

using calendar::CalendarSpec;
using calendar::OfficeSpan;
using calendar::Zone;

constexpr int kDecember = 12;
constexpr int kDaysOfDecember = 31;
constexpr int kDaysPerYear = 365;

Result<std::vector<OfficeSpan>> ReadSpans(const TomlReader& reader, const toml::table& table,
                                          std::string_view key) {
  MOTCUA_ASSIGN_OR_RETURN(const std::vector<std::string> texts, reader.Texts(table, key));
  if (texts.empty()) return reader.Error(table, "\"" + std::string(key) + "\" is missing");
  std::vector<OfficeSpan> spans;
  for (const std::string& text : texts) {
    const auto span = calendar::ParseOfficeSpan(text);
    if (!span) {
      return reader.Error(*table.get(key),
                          "\"" + text + "\" is not a span of hours like 07:30-11:30");
    }
    spans.push_back(*span);
  }
  return spans;
}

// "+07:00".
std::optional<UtcOffset> OffsetOf(std::string_view text) {
  const Result<ZonedTime> time = ParseZonedTime("2000-01-01T00:00" + std::string(text));
  if (!time.ok()) return std::nullopt;
  return time->offset;
}

// zone = "+07:00", or [[zone_transitions]] with `from` in UTC and `offset`.
Result<Zone> ReadZone(const TomlReader& reader) {
  const toml::table& root = reader.root();
  MOTCUA_ASSIGN_OR_RETURN(const auto fixed, reader.MaybeText(root, "zone"));
  MOTCUA_ASSIGN_OR_RETURN(const auto rows, reader.Tables(root, "zone_transitions"));
  if (fixed.has_value() != rows.empty()) {
    return reader.Error(root, R"(either "zone" or "zone_transitions" must be given)");
  }
  if (fixed) {
    const auto offset = OffsetOf(*fixed);
    if (!offset) return reader.Error(*root.get("zone"), "\"zone\" is not an offset like +07:00");
    return Zone::Fixed(*offset);
  }
  std::vector<Zone::Transition> transitions;
  for (const toml::table* row : rows) {
    MOTCUA_RETURN_IF_ERROR(reader.CheckKeys(*row, {"from", "offset"}));
    MOTCUA_ASSIGN_OR_RETURN(const std::string from, reader.Text(*row, "from"));
    MOTCUA_ASSIGN_OR_RETURN(const std::string offset_text, reader.Text(*row, "offset"));
    const Result<ZonedTime> instant = ParseZonedTime(from);
    const auto offset = OffsetOf(offset_text);
    if (!instant.ok() || !offset) {
      return reader.Error(*row,
                          "a transition is like { from = \"2020-03-08T07:00:00Z\", offset = "
                          "\"-04:00\" }");
    }
    transitions.push_back({instant->instant, *offset});
  }
  Result<Zone> zone = Zone::Make(std::move(transitions));
  if (!zone.ok()) return reader.Error(*root.get("zone_transitions"), zone.status().message());
  return zone;
}

// A list of { date, name }; names go to spec.day_names.
Result<std::vector<CivilDate>> ReadDays(const TomlReader& reader, std::string_view key,
                                        CalendarSpec& spec) {
  MOTCUA_ASSIGN_OR_RETURN(const auto rows, reader.Tables(reader.root(), key));
  std::vector<CivilDate> days;
  for (const toml::table* row : rows) {
    MOTCUA_RETURN_IF_ERROR(reader.CheckKeys(*row, {"date", "name"}));
    MOTCUA_ASSIGN_OR_RETURN(const CivilDate date, reader.Date(*row, "date"));
    MOTCUA_ASSIGN_OR_RETURN(auto name, reader.MaybeText(*row, "name"));
    days.push_back(date);
    if (name) spec.day_names.emplace_back(date, *std::move(name));
  }
  return days;
}

Status ReadHalfDays(const TomlReader& reader, CalendarSpec& spec) {
  MOTCUA_ASSIGN_OR_RETURN(const auto rows, reader.Tables(reader.root(), "half_days"));
  for (const toml::table* row : rows) {
    MOTCUA_RETURN_IF_ERROR(reader.CheckKeys(*row, {"date", "name", "hours"}));
    MOTCUA_ASSIGN_OR_RETURN(const CivilDate date, reader.Date(*row, "date"));
    MOTCUA_ASSIGN_OR_RETURN(auto spans, ReadSpans(reader, *row, "hours"));
    MOTCUA_ASSIGN_OR_RETURN(auto name, reader.MaybeText(*row, "name"));
    if (name) spec.day_names.emplace_back(date, *std::move(name));
    spec.half_days.emplace_back(date, std::move(spans));
  }
  return OkStatus();
}

Result<calendar::DayPeriod> ReadPeriod(const TomlReader& reader, const toml::table& row) {
  MOTCUA_RETURN_IF_ERROR(
      reader.CheckKeys(row, {"first", "last", "status", "document", "decided_on"}));
  calendar::DayPeriod period;
  MOTCUA_ASSIGN_OR_RETURN(period.first, reader.Date(row, "first"));
  MOTCUA_ASSIGN_OR_RETURN(period.last, reader.Date(row, "last"));
  MOTCUA_ASSIGN_OR_RETURN(const std::string status, reader.Text(row, "status"));
  if (status != "decided" && status != "provisional") {
    return reader.Error(
        *row.get("status"),
        "\"status\" is neither decided nor provisional (a proposal is provisional)");
  }
  if (status == "provisional") period.status = calendar::DayStatus::kProvisional;
  MOTCUA_ASSIGN_OR_RETURN(auto document, reader.MaybeText(row, "document"));
  period.document = std::move(document).value_or("");
  if (row.contains("decided_on")) {
    MOTCUA_ASSIGN_OR_RETURN(period.decided_on, reader.Date(row, "decided_on"));
  }
  return period;
}

// Until which day the Labour Code goes on where the file's own days end. A file that does not say
// is of before this could be said, or written by someone who did not think of next year.
Result<CivilDate> ProvisionalUntil(const TomlReader& reader, const CalendarSpec& spec) {
  const toml::table& root = reader.root();
  const CivilDate known = MakeDate(calendar::kLunarYearLast, kDecember, kDaysOfDecember);
  if (!root.contains("provisional_until")) {
    const CivilDate longest = spec.first + calendar::kCalendarYearsMax * kDaysPerYear;
    return std::max(spec.last, std::min(longest, known));
  }
  MOTCUA_ASSIGN_OR_RETURN(const CivilDate until, reader.Date(root, "provisional_until"));
  const auto error = [&](const std::string& what) {
    return reader.Error(*root.get("provisional_until"), "\"provisional_until\" " + what);
  };
  if (until < spec.last) return error("lies before \"last\"; give it the same day for none");
  if (until > known) {
    return error("lies after " + std::to_string(calendar::kLunarYearLast) +
                 ", the last year whose lunar days are known");
  }
  return until;
}

// The node that a field path of Calendar::Make ("days_off[3]: …") speaks of.
const toml::node& NodeOf(const TomlReader& reader, const Status& status) {
  const toml::table& root = reader.root();
  for (const auto& [key, value] : status.metadata()) {
    if (key != "field") continue;
    const std::size_t bracket = value.find('[');
    const toml::node* const node = root.get(value.substr(0, bracket));
    if (node == nullptr) break;
    std::size_t index = 0;
    const toml::array* const array = node->as_array();
    if (bracket == std::string::npos || array == nullptr ||
        std::from_chars(value.data() + bracket + 1, value.data() + value.size(), index).ec !=
            std::errc() ||
        index >= array->size()) {
      return *node;
    }
    return *array->get(index);
  }
  return root;
}

}  // namespace

Result<std::shared_ptr<const calendar::Calendar>> ParseCalendar(const CatalogueFile& file) {
  constexpr std::int64_t kVersionMax = 1'000'000;
  MOTCUA_ASSIGN_OR_RETURN(const TomlReader reader, TomlReader::Parse(file.path, file.text));
  const toml::table& root = reader.root();
  MOTCUA_RETURN_IF_ERROR(reader.CheckKeys(
      root,
      {"id", "version", "zone", "zone_transitions", "first", "last", "office_hours", "days_off",
       "worked_days_off", "half_days", "periods", "provisional_until", "employers"}));
  CalendarSpec spec;
  MOTCUA_ASSIGN_OR_RETURN(const std::string id, reader.Text(root, "id"));
  MOTCUA_ASSIGN_OR_RETURN(const std::int64_t version, reader.Integer(root, "version", 1));
  if (version < 1 || version > kVersionMax) {
    return reader.Error(*root.get("version"), "\"version\" counts from 1");
  }
  spec.id = calendar::CalendarId(id);
  spec.version = calendar::CalendarVersion(static_cast<std::uint32_t>(version));
  MOTCUA_ASSIGN_OR_RETURN(spec.zone, ReadZone(reader));
  MOTCUA_ASSIGN_OR_RETURN(spec.first, reader.Date(root, "first"));
  MOTCUA_ASSIGN_OR_RETURN(spec.last, reader.Date(root, "last"));
  MOTCUA_ASSIGN_OR_RETURN(spec.office_hours, ReadSpans(reader, root, "office_hours"));
  MOTCUA_ASSIGN_OR_RETURN(spec.days_off, ReadDays(reader, "days_off", spec));
  MOTCUA_ASSIGN_OR_RETURN(spec.worked_days_off, ReadDays(reader, "worked_days_off", spec));
  MOTCUA_RETURN_IF_ERROR(ReadHalfDays(reader, spec));
  MOTCUA_ASSIGN_OR_RETURN(const auto periods, reader.Tables(root, "periods"));
  for (const toml::table* row : periods) {
    MOTCUA_ASSIGN_OR_RETURN(calendar::DayPeriod period, ReadPeriod(reader, *row));
    spec.periods.push_back(std::move(period));
  }
  MOTCUA_ASSIGN_OR_RETURN(auto employers, reader.MaybeText(root, "employers"));
  spec.employers = std::move(employers).value_or("");
  // First what the file itself says, so that a mistake in it is not laid at the provisional days.
  Result<std::shared_ptr<const calendar::Calendar>> made = calendar::Calendar::Make(spec);
  if (!made.ok()) return reader.Error(NodeOf(reader, made.status()), made.status().message());
  MOTCUA_ASSIGN_OR_RETURN(const CivilDate until, ProvisionalUntil(reader, spec));
  if (until == spec.last) return made;
  calendar::ExtendByLabourCode(spec, until);
  made = calendar::Calendar::Make(std::move(spec));
  if (!made.ok()) {
    return reader.Error(*root.get("provisional_until"), made.status().message());
  }
  return made;
}

}  // namespace motcua::catalogue
