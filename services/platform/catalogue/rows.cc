// Rows of the catalogue's tables: cells of each kind, and what is wrong with them.
#include <algorithm>
#include <charconv>
#include <utility>

#include "services/base/text.h"
#include "services/base/text_fold.h"
#include "services/platform/catalogue/draft.h"
#include "services/platform/catalogue/toml_reader.h"
#include "services/wire/csv/csv_writer.h"

namespace motcua::catalogue {
namespace {

std::string RecordText(const wire::CsvRecord& record) {
  std::string text;
  wire::AppendCsvRow(text, record.fields);
  return std::string(Trim(text));
}

}  // namespace

TableCount& Draft::CountOf(std::string_view file) {
  const auto found = std::find_if(tables.begin(), tables.end(),
                                  [file](const TableCount& t) { return t.file == file; });
  if (found != tables.end()) return *found;
  tables.push_back({std::string(file), 0, 0});
  return tables.back();
}

bool Draft::KnowsUnit(const cases::UnitCode& code) const {
  return std::any_of(units.begin(), units.end(), [&](const Unit& u) { return u.code == code; });
}

std::optional<std::size_t> Draft::FindProcedure(const cases::ProcedureCode& code) const {
  std::optional<std::size_t> newest;
  for (std::size_t i = 0; i < procedures.size(); ++i) {
    if (procedures[i].code != code) continue;
    if (!newest || procedures[*newest].valid.from < procedures[i].valid.from) newest = i;
  }
  return newest;
}

Origin Row::origin() const { return {std::string(file_.path), record_.line, RecordText(record_)}; }

void Row::Count() {
  if (!std::exchange(refused_, true)) ++draft_.CountOf(file_.path).refused;
}

void Row::Refuse(std::string_view kind, std::string what) {
  Count();
  draft_.findings.push_back({std::string(file_.path), record_.line, true, std::string(kind), code_,
                             std::move(what), RecordText(record_)});
}

void Row::Doubt(std::string_view kind, std::string what) {
  draft_.findings.push_back({std::string(file_.path), record_.line, false, std::string(kind), code_,
                             std::move(what), RecordText(record_)});
}

void Row::RefuseFor(std::string_view file, std::size_t line, std::string_view kind,
                    std::string what) {
  Count();
  // A rule that fits many procedures is wrong once.
  const std::string place = std::string(file) + ":" + std::to_string(line) + ": " + what;
  if (!draft_.named_rules.insert(place).second) return;
  draft_.findings.push_back({std::string(file), line, true, std::string(kind), code_,
                             std::move(what), RecordText(record_)});
}

std::string Row::Name(std::string_view column, bool required) {
  const std::string_view name = Trim(Get(column));
  if (name.empty() && required) Refuse(kind::kValue, Quoted(column) + " is empty");
  if (!IsPrintable(name)) Refuse(kind::kName, Quoted(column) + " holds a control character");
  return CanonicalName(name);
}

std::optional<deadline::Term> Row::Term(std::string_view column) {
  const std::string_view text = Get(column);
  if (text.empty()) return std::nullopt;
  const auto parsed = deadline::ParseTerm(text);
  if (parsed.ok()) return *parsed;
  Refuse(kind::kTerm, std::string(column) + ": " + parsed.status().message());
  return std::nullopt;
}

std::optional<CivilDate> Row::Date(std::string_view column) {
  const std::string_view text = Get(column);
  if (text.empty()) return std::nullopt;
  const auto parsed = ParseDate(text);
  if (parsed.ok()) return *parsed;
  Refuse(kind::kValidity, std::string(column) + ": " + parsed.status().message());
  return std::nullopt;
}

std::optional<std::int64_t> Row::Whole(std::string_view column, std::int64_t least,
                                       std::int64_t most) {
  const std::string_view text = Get(column);
  if (text.empty()) return std::nullopt;
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc() && stop == end && number >= least && number <= most) return number;
  Refuse(kind::kValue, Quoted(column) + " is not a whole number from " + std::to_string(least) +
                           " to " + std::to_string(most));
  return std::nullopt;
}

Validity Row::ReadValidity() { return {Date("valid_from"), Date("valid_to")}; }

template <typename E>
E Row::Word(std::string_view column, std::span<const WordRow<E>> rows) {
  const std::string_view text = Get(column);
  if (const auto value = FromWord(rows, text)) return *value;
  std::string known;
  for (const WordRow<E>& row : rows) {
    if (!row.key.empty()) known += (known.empty() ? "" : ", ") + std::string(row.key);
  }
  Refuse(kind::kValue, std::string(column) + " " + Quoted(text) + " is none of " + known);
  return E{};
}
template UnitKind Row::Word(std::string_view, std::span<const WordRow<UnitKind>>);
template OnlineLevel Row::Word(std::string_view, std::span<const WordRow<OnlineLevel>>);
template LawStatus Row::Word(std::string_view, std::span<const WordRow<LawStatus>>);

}  // namespace motcua::catalogue
