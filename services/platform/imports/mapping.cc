#include "services/platform/imports/mapping.h"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <utility>

#include "services/base/text.h"
#include "services/platform/imports/words.h"

namespace motcua::imports {
namespace {

constexpr std::size_t kHeaderRowsMax = 100;

Status FileError(std::string_view file, std::size_t line, std::string_view what) {
  std::string number = std::to_string(std::max<std::size_t>(line, 1));
  std::string message = std::string(file) + ":" + number + ": " + std::string(what);
  return Status(Reason::kFileInvalid, std::move(message),
                {{"file", std::string(file)}, {"line", std::move(number)}});
}

std::string Quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

// One table of the file and what may be read from it. Every refusal names file and line.
class Section {
 public:
  Section(std::string_view file, const toml::table& table) : file_(file), table_(&table) {}

  Status Error(const toml::node& node, std::string_view what) const {
    return FileError(file_, node.source().begin.line, what);
  }
  Status Error(std::string_view what) const { return Error(*table_, what); }

  // An unknown key is most often a misspelt one.
  Status CheckKeys(std::initializer_list<std::string_view> known) const {
    for (const auto& [key, node] : *table_) {
      if (std::find(known.begin(), known.end(), key.str()) == known.end()) {
        return Error(node, "the key " + Quoted(key.str()) + " is unknown");
      }
    }
    return OkStatus();
  }

  const toml::node* Find(std::string_view key) const { return table_->get(key); }

  Result<std::optional<std::string>> Text(std::string_view key) const {
    const toml::node* const node = Find(key);
    if (node == nullptr) return std::optional<std::string>();
    const std::optional<std::string> text = node->value_exact<std::string>();
    if (!text) return Error(*node, Quoted(key) + " is not a text");
    return text;
  }

  Result<std::string> NeededText(std::string_view key) const {
    MOTCUA_ASSIGN_OR_RETURN(const std::optional<std::string> text, Text(key));
    if (!text || text->empty()) return Error(Quoted(key) + " is missing");
    return *text;
  }

  // A text or a list of texts; empty when absent.
  Result<std::vector<std::string>> Texts(std::string_view key) const {
    const toml::node* const node = Find(key);
    if (node == nullptr) return std::vector<std::string>();
    if (const auto text = node->value_exact<std::string>()) return std::vector{*text};
    const toml::array* const array = node->as_array();
    if (array == nullptr) return Error(*node, Quoted(key) + " is not a text or a list of texts");
    std::vector<std::string> texts;
    for (const toml::node& item : *array) {
      const auto text = item.value_exact<std::string>();
      if (!text) return Error(item, Quoted(key) + " holds something that is not a text");
      texts.push_back(*text);
    }
    return texts;
  }

  Result<bool> Flag(std::string_view key) const {
    const toml::node* const node = Find(key);
    if (node == nullptr) return false;
    const std::optional<bool> flag = node->value_exact<bool>();
    if (!flag) return Error(*node, Quoted(key) + " is not true or false");
    return *flag;
  }

  // The table `key`; nothing when absent.
  Result<std::optional<Section>> Table(std::string_view key) const {
    const toml::node* const node = Find(key);
    if (node == nullptr) return std::optional<Section>();
    if (node->as_table() == nullptr) return Error(*node, "[" + std::string(key) + "] is no table");
    return std::optional<Section>(Section(file_, *node->as_table()));
  }

  Result<Section> NeededTable(std::string_view key) const {
    MOTCUA_ASSIGN_OR_RETURN(const std::optional<Section> section, Table(key));
    if (!section) return Error("[" + std::string(key) + "] is missing");
    return *section;
  }

  // Column names under `key`; the file must have one of them unless `optional = true`.
  Result<ColumnNames> Columns(std::string_view key) const {
    ColumnNames columns;
    MOTCUA_ASSIGN_OR_RETURN(columns.names, Texts(key));
    MOTCUA_ASSIGN_OR_RETURN(const bool optional, Flag("optional"));
    columns.required = !optional;
    for (std::string& name : columns.names) {
      name = std::string(Trim(name));
      if (name.empty()) return Error(*Find(key), Quoted(key) + " names a column without a name");
    }
    return columns;
  }

  Result<ColumnNames> NeededColumns(std::string_view key) const {
    MOTCUA_ASSIGN_OR_RETURN(ColumnNames columns, Columns(key));
    if (!columns.mapped()) return Error(Quoted(key) + " is missing");
    return columns;
  }

  const toml::table& table() const { return *table_; }

 private:
  std::string_view file_;
  const toml::table* table_;
};

Result<Micros> ParseTimeOfDay(const Section& section, const std::string& text) {
  const Result<CivilTime> civil = ParseCivilTime("2000-01-01T" + text);
  if (!civil.ok()) {
    return section.Error(*section.Find("time_when_absent"),
                         R"("time_when_absent" is not a time like "17:00")");
  }
  return civil->time_of_day;
}

Result<TimeColumn> ReadTime(const Section& parent, std::string_view key, bool needed) {
  TimeColumn column;
  MOTCUA_ASSIGN_OR_RETURN(const std::optional<Section> section, parent.Table(key));
  if (!section) {
    if (needed) return parent.Error("[" + std::string(key) + "] is missing");
    return column;
  }
  MOTCUA_RETURN_IF_ERROR(section->CheckKeys({"column", "formats", "time_when_absent", "optional"}));
  MOTCUA_ASSIGN_OR_RETURN(column.column, section->NeededColumns("column"));
  MOTCUA_ASSIGN_OR_RETURN(std::vector<std::string> patterns, section->Texts("formats"));
  if (patterns.empty()) patterns.emplace_back("iso");
  for (const std::string& pattern : patterns) {
    Result<TimeFormat> format = TimeFormat::Make(pattern);
    if (!format.ok()) return section->Error(*section->Find("formats"), format.status().message());
    column.formats.push_back(std::move(format).value());
  }
  MOTCUA_ASSIGN_OR_RETURN(const std::optional<std::string> time, section->Text("time_when_absent"));
  if (time) {
    MOTCUA_ASSIGN_OR_RETURN(column.time_when_absent, ParseTimeOfDay(*section, *time));
  }
  return column;
}

Result<NamedUnit> ReadNamedUnit(const Section& section) {
  MOTCUA_RETURN_IF_ERROR(section.CheckKeys({"code", "name"}));
  MOTCUA_ASSIGN_OR_RETURN(const std::string text, section.NeededText("code"));
  Result<cases::UnitCode> code = cases::ParseUnitCode(text);
  if (!code.ok()) return section.Error(*section.Find("code"), code.status().message());
  MOTCUA_ASSIGN_OR_RETURN(const std::optional<std::string> name, section.Text("name"));
  return NamedUnit{std::move(code).value(), name.value_or(text)};
}

Result<UnitFrom> ReadUnitFrom(const Section& section) {
  MOTCUA_ASSIGN_OR_RETURN(const std::optional<std::string> from, section.Text("from"));
  if (!from || *from == "table") return UnitFrom::kTable;
  if (*from == "code") return UnitFrom::kCode;
  if (*from == "dossier_code") return UnitFrom::kDossierCode;
  return section.Error(*section.Find("from"), R"("from" is "table", "code" or "dossier_code")");
}

Result<UnitRule> ReadUnit(const Section& root) {
  UnitRule rule;
  MOTCUA_ASSIGN_OR_RETURN(const Section section, root.NeededTable("unit"));
  MOTCUA_RETURN_IF_ERROR(
      section.CheckKeys({"from", "column", "name", "optional", "table", "default"}));
  MOTCUA_ASSIGN_OR_RETURN(rule.from, ReadUnitFrom(section));
  MOTCUA_ASSIGN_OR_RETURN(rule.column, section.Columns("column"));
  MOTCUA_ASSIGN_OR_RETURN(rule.name_column, section.Columns("name"));
  MOTCUA_ASSIGN_OR_RETURN(const std::optional<Section> table, section.Table("table"));
  MOTCUA_ASSIGN_OR_RETURN(const std::optional<Section> otherwise, section.Table("default"));
  if (table) {
    for (const auto& [key, node] : table->table()) {
      MOTCUA_ASSIGN_OR_RETURN(const Section row, table->NeededTable(key.str()));
      MOTCUA_ASSIGN_OR_RETURN(NamedUnit unit, ReadNamedUnit(row));
      rule.folded.emplace(FoldWord(key.str()), unit);
      rule.table.emplace(std::string(key.str()), std::move(unit));
    }
  }
  if (otherwise) {
    MOTCUA_ASSIGN_OR_RETURN(rule.otherwise, ReadNamedUnit(*otherwise));
  }
  const bool needs_column = rule.from != UnitFrom::kDossierCode;
  if (needs_column && !rule.column.mapped() && !rule.otherwise) {
    return section.Error(R"([unit] needs a "column" or a "default")");
  }
  return rule;
}

Status ReadProcedure(const Section& root, Mapping& mapping) {
  MOTCUA_ASSIGN_OR_RETURN(const Section section, root.NeededTable("procedure"));
  MOTCUA_RETURN_IF_ERROR(section.CheckKeys({"key", "name", "default"}));
  MOTCUA_ASSIGN_OR_RETURN(const std::optional<std::string> otherwise, section.Text("default"));
  mapping.procedure_otherwise = otherwise.value_or("");
  // Each item of the list is one column; here a list means "joined", not "or".
  for (auto [key, target] :
       {std::pair{"key", &mapping.procedure_key}, std::pair{"name", &mapping.procedure_name}}) {
    MOTCUA_ASSIGN_OR_RETURN(const std::vector<std::string> names, section.Texts(key));
    for (const std::string& name : names) {
      ColumnNames columns;
      for (const std::string_view word : SplitText(name, '|')) {
        columns.names.emplace_back(Trim(word));
      }
      target->push_back(std::move(columns));
    }
  }
  if (mapping.procedure_key.empty()) return section.Error("\"key\" is missing");
  return OkStatus();
}

template <typename Value, std::size_t kSize>
Result<Value> WordValue(const Section& section, const toml::node& node,
                        const std::array<std::pair<std::string_view, Value>, kSize>& words) {
  const std::optional<std::string> text = node.value_exact<std::string>();
  std::string known;
  for (const auto& [word, value] : words) {
    if (text && *text == word) return value;
    known += (known.empty() ? "" : ", ") + std::string(word);
  }
  return section.Error(node, Quoted(text.value_or("")) + " is not one of " + known);
}

template <typename Value, std::size_t kSize>
Status ReadWords(const Section& root, std::string_view key,
                 const std::array<std::pair<std::string_view, Value>, kSize>& words,
                 WordTable<Value>& out) {
  MOTCUA_ASSIGN_OR_RETURN(const std::optional<Section> section, root.Table(key));
  if (!section) return OkStatus();
  MOTCUA_RETURN_IF_ERROR(section->CheckKeys({"column", "optional", "table", "default"}));
  MOTCUA_ASSIGN_OR_RETURN(out.column, section->Columns("column"));
  if (const toml::node* const node = section->Find("default")) {
    MOTCUA_ASSIGN_OR_RETURN(out.otherwise, WordValue(*section, *node, words));
  }
  MOTCUA_ASSIGN_OR_RETURN(const std::optional<Section> table, section->Table("table"));
  if (!table) return OkStatus();
  for (const auto& [word, node] : table->table()) {
    MOTCUA_ASSIGN_OR_RETURN(const Value value, WordValue(*table, node, words));
    out.table.emplace(std::string(word.str()), value);
    const auto [same, added] = out.folded.emplace(FoldWord(word.str()), value);
    if (!added && same->second != value) {
      return table->Error(node, Quoted(word.str()) +
                                    " is the same word as one above but for capitals or marks, and "
                                    "means something else");
    }
  }
  return OkStatus();
}

Status ReadGeneral(const Section& root, Mapping& mapping) {
  MOTCUA_ASSIGN_OR_RETURN(mapping.source, root.NeededText("source"));
  if (mapping.source.size() > kSourceBytesMax || !IsPrintable(mapping.source)) {
    return root.Error(*root.Find("source"), "\"source\" is longer than 64 bytes");
  }
  MOTCUA_ASSIGN_OR_RETURN(const std::optional<std::string> title, root.Text("title"));
  mapping.title = title.value_or(mapping.source);
  MOTCUA_ASSIGN_OR_RETURN(const std::optional<std::string> delimiter, root.Text("delimiter"));
  if (delimiter) {
    if (delimiter->size() != 1 || *delimiter == "\"" || *delimiter == "\n") {
      return root.Error(*root.Find("delimiter"), "\"delimiter\" is not one character");
    }
    mapping.delimiter = delimiter->front();
  }
  MOTCUA_ASSIGN_OR_RETURN(const std::optional<std::string> encoding, root.Text("encoding"));
  if (encoding) {
    const Result<Encoding> known = ParseEncoding(*encoding);
    if (!known.ok()) return root.Error(*root.Find("encoding"), known.status().message());
    mapping.encoding = *known;
  }
  MOTCUA_ASSIGN_OR_RETURN(const std::string zone, root.NeededText("zone"));
  Result<TimeZone> found = TimeZone::Find(zone);
  if (!found.ok()) return root.Error(*root.Find("zone"), found.status().message());
  mapping.zone = std::move(found).value();
  MOTCUA_ASSIGN_OR_RETURN(mapping.numbering_row, root.Flag("numbering_row"));
  MOTCUA_ASSIGN_OR_RETURN(mapping.personal_columns, root.Texts("personal_columns"));
  MOTCUA_ASSIGN_OR_RETURN(mapping.empty_words, root.Texts("empty_words"));
  if (const toml::node* const node = root.Find("header_rows_max")) {
    const std::optional<std::int64_t> rows = node->value_exact<std::int64_t>();
    if (!rows || *rows < 1 || *rows > static_cast<std::int64_t>(kHeaderRowsMax)) {
      return root.Error(*node, "\"header_rows_max\" is not from 1 to 100");
    }
    mapping.header_rows_max = static_cast<std::size_t>(*rows);
  }
  return OkStatus();
}

// `[key] column = …`, a table of its own so that more can be said about it later.
Status ReadColumn(const Section& root, std::string_view key, ColumnNames& out) {
  MOTCUA_ASSIGN_OR_RETURN(const std::optional<Section> section, root.Table(key));
  if (!section) return OkStatus();
  MOTCUA_RETURN_IF_ERROR(section->CheckKeys({"column", "optional", "default"}));
  MOTCUA_ASSIGN_OR_RETURN(out, section->Columns("column"));
  return OkStatus();
}

// What the contract calls the values of a list.
template <codes::Code E>
auto WordsOf() {
  constexpr const auto& kValues = codes::CodeList<E>::kValues;
  std::array<std::pair<std::string_view, E>, kValues.size()> words;
  std::transform(kValues.begin(), kValues.end(), words.begin(),
                 [](E value) { return std::pair(Key(value), value); });
  return words;
}

Status ReadColumns(const Section& root, Mapping& mapping) {
  MOTCUA_RETURN_IF_ERROR(ReadColumn(root, "id", mapping.id));
  if (!mapping.id.mapped()) return root.Error("[id] with its \"column\" is missing");
  MOTCUA_ASSIGN_OR_RETURN(mapping.opened, ReadTime(root, "opened", true));
  MOTCUA_ASSIGN_OR_RETURN(mapping.due, ReadTime(root, "due", false));
  MOTCUA_ASSIGN_OR_RETURN(mapping.closed, ReadTime(root, "closed", false));
  MOTCUA_ASSIGN_OR_RETURN(mapping.unit, ReadUnit(root));
  MOTCUA_RETURN_IF_ERROR(ReadProcedure(root, mapping));
  MOTCUA_RETURN_IF_ERROR(ReadColumn(root, "field", mapping.field));
  MOTCUA_ASSIGN_OR_RETURN(const std::optional<Section> field, root.Table("field"));
  if (field) {
    MOTCUA_ASSIGN_OR_RETURN(const std::optional<std::string> otherwise, field->Text("default"));
    mapping.field_otherwise = otherwise.value_or("");
  }
  MOTCUA_RETURN_IF_ERROR(ReadWords(root, "channel", WordsOf<cases::Channel>(), mapping.channel));
  auto endings = WordsOf<Ending>();
  endings.front().first = "open";  // the contract calls it NONE
  MOTCUA_RETURN_IF_ERROR(ReadWords(root, "outcome", endings, mapping.outcome));
  MOTCUA_RETURN_IF_ERROR(ReadColumn(root, "dossier_code", mapping.dossier_code));
  MOTCUA_RETURN_IF_ERROR(ReadColumn(root, "register_number", mapping.register_number));
  if (mapping.unit.from == UnitFrom::kDossierCode && !mapping.dossier_code.mapped()) {
    return root.Error("[unit] takes the unit from the dossier code, but [dossier_code] is missing");
  }
  return OkStatus();
}

// A personal column that is mapped would be read after all.
Status CheckPersonal(const Section& root, const Mapping& mapping) {
  std::vector<const ColumnNames*> used = {&mapping.id,
                                          &mapping.opened.column,
                                          &mapping.due.column,
                                          &mapping.closed.column,
                                          &mapping.unit.column,
                                          &mapping.unit.name_column,
                                          &mapping.field,
                                          &mapping.channel.column,
                                          &mapping.outcome.column,
                                          &mapping.dossier_code,
                                          &mapping.register_number};
  for (const ColumnNames& columns : mapping.procedure_key) used.push_back(&columns);
  for (const ColumnNames& columns : mapping.procedure_name) used.push_back(&columns);
  for (const ColumnNames* columns : used) {
    for (const std::string& name : columns->names) {
      const auto& personal = mapping.personal_columns;
      const bool is_personal =
          std::any_of(personal.begin(), personal.end(),
                      [&](const std::string& each) { return FoldWord(each) == FoldWord(name); });
      if (is_personal) {
        return root.Error(*root.Find("personal_columns"),
                          Quoted(name) + " is a personal column and is mapped as well");
      }
    }
  }
  return OkStatus();
}

Result<Mapping> ReadMapping(const Section& root) {
  Mapping mapping;
  MOTCUA_RETURN_IF_ERROR(root.CheckKeys(
      {"source",          "title",         "delimiter",        "encoding",     "zone",
       "header_rows_max", "numbering_row", "personal_columns", "empty_words",  "id",
       "opened",          "due",           "closed",           "unit",         "procedure",
       "field",           "channel",       "outcome",          "dossier_code", "register_number"}));
  MOTCUA_RETURN_IF_ERROR(ReadGeneral(root, mapping));
  MOTCUA_RETURN_IF_ERROR(ReadColumns(root, mapping));
  MOTCUA_RETURN_IF_ERROR(CheckPersonal(root, mapping));
  return mapping;
}

}  // namespace

Result<Mapping> ParseMapping(std::string_view file, std::string_view text) {
  try {
    const toml::table table = toml::parse(text, file);
    return ReadMapping(Section(file, table));
  } catch (const toml::parse_error& error) {
    return FileError(file, error.source().begin.line, error.description());
  }
}

Result<Mapping> LoadMapping(const std::string& file_or_name) {
  std::string names;
  for (const BuiltInMapping& built_in : BuiltInMappings()) {
    if (built_in.name == file_or_name) {
      return ParseMapping(std::string(built_in.name) + ".toml", built_in.text);
    }
    names += (names.empty() ? "" : ", ") + std::string(built_in.name);
  }
  std::ifstream file(file_or_name, std::ios::binary);
  std::string text;
  if (file) {
    text.resize(kMappingBytesMax + 1);
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
  }
  if (!file.is_open() || file.bad()) {
    return Status(Reason::kFileUnreadable,
                  "the mapping " + Quoted(file_or_name) +
                      " is neither a file that can be read nor built in (" + names + ")",
                  {{"file", file_or_name}});
  }
  if (text.size() > kMappingBytesMax) return FileError(file_or_name, 1, "is larger than 1 MiB");
  return ParseMapping(file_or_name, text);
}

}  // namespace motcua::imports
