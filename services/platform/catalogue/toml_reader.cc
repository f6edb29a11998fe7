#include "services/platform/catalogue/toml_reader.h"

#include <algorithm>

#include "services/base/text_cut.h"

namespace motcua::catalogue {

std::string Quoted(std::string_view text) {
  constexpr std::size_t kShownBytesMax = 80;
  const std::string_view shown = CutText(text, kShownBytesMax);
  return "\"" + std::string(shown) + (shown.size() < text.size() ? "…\"" : "\"");
}

Status FileError(std::string_view file, std::size_t line, std::string_view what) {
  std::string number = std::to_string(line);
  std::string message = std::string(file) + ":" + number + ": " + std::string(what);
  return Status(Reason::kFileInvalid, std::move(message),
                {{"file", std::string(file)}, {"line", std::move(number)}});
}

Result<TomlReader> TomlReader::Parse(std::string_view file, std::string_view text) {
  TomlReader reader;
  reader.file_ = std::string(file);
  try {
    reader.root_ = toml::parse(text, file);
  } catch (const toml::parse_error& error) {
    return FileError(file, error.source().begin.line, error.description());
  }
  return reader;
}

Status TomlReader::Error(const toml::node& node, std::string_view what) const {
  return FileError(file_, std::max<std::size_t>(node.source().begin.line, 1), what);
}

Status TomlReader::CheckKeys(const toml::table& table,
                             std::initializer_list<std::string_view> known) const {
  for (const auto& [key, node] : table) {
    if (std::find(known.begin(), known.end(), key.str()) == known.end()) {
      return Error(node, "the key " + Quoted(key.str()) + " is unknown");
    }
  }
  return OkStatus();
}

Result<std::string> TomlReader::Text(const toml::table& table, std::string_view key) const {
  MOTCUA_ASSIGN_OR_RETURN(std::optional<std::string> text, MaybeText(table, key));
  if (!text) return Error(table, Quoted(key) + " is missing");
  return *std::move(text);
}

Result<std::optional<std::string>> TomlReader::MaybeText(const toml::table& table,
                                                         std::string_view key) const {
  const toml::node* const node = table.get(key);
  if (node == nullptr) return std::optional<std::string>();
  std::optional<std::string> text = node->value_exact<std::string>();
  if (!text) return Error(*node, Quoted(key) + " is not a text");
  return text;
}

Result<std::int64_t> TomlReader::Integer(const toml::table& table, std::string_view key,
                                         std::int64_t absent) const {
  const toml::node* const node = table.get(key);
  if (node == nullptr) return absent;
  const auto number = node->value_exact<std::int64_t>();
  if (!number) return Error(*node, Quoted(key) + " is not a whole number");
  return *number;
}

Result<CivilDate> TomlReader::Date(const toml::table& table, std::string_view key) const {
  const toml::node* const node = table.get(key);
  if (node == nullptr) return Error(table, Quoted(key) + " is missing");
  const auto date = node->value_exact<toml::date>();
  if (!date) return Error(*node, Quoted(key) + " is not a date like 2020-01-31");
  return MakeDate(date->year, date->month, date->day);
}

Result<std::vector<std::string>> TomlReader::Texts(const toml::table& table,
                                                   std::string_view key) const {
  std::vector<std::string> texts;
  const toml::node* const node = table.get(key);
  if (node == nullptr) return texts;
  const toml::array* const array = node->as_array();
  if (array == nullptr) return Error(*node, Quoted(key) + " is not a list of texts");
  for (const toml::node& item : *array) {
    const auto text = item.value_exact<std::string>();
    if (!text) return Error(item, Quoted(key) + " holds something that is not a text");
    texts.push_back(*text);
  }
  return texts;
}

Result<std::vector<std::uint32_t>> TomlReader::Counts(const toml::table& table,
                                                      std::string_view key) const {
  constexpr std::int64_t kCountMax = 999'999'999;
  std::vector<std::uint32_t> counts;
  const toml::node* const node = table.get(key);
  if (node == nullptr) return counts;
  const toml::array* const array = node->as_array();
  if (array == nullptr) return Error(*node, Quoted(key) + " is not a list of numbers");
  for (const toml::node& item : *array) {
    const auto number = item.value_exact<std::int64_t>();
    if (!number || *number < 1 || *number > kCountMax) {
      return Error(item, Quoted(key) + " holds something that is not a number from 1");
    }
    counts.push_back(static_cast<std::uint32_t>(*number));
  }
  return counts;
}

Result<std::vector<const toml::table*>> TomlReader::Tables(const toml::table& table,
                                                           std::string_view key) const {
  std::vector<const toml::table*> tables;
  const toml::node* const node = table.get(key);
  if (node == nullptr) return tables;
  const toml::array* const array = node->as_array();
  if (array == nullptr) return Error(*node, Quoted(key) + " is not a list of tables");
  for (const toml::node& item : *array) {
    const toml::table* const row = item.as_table();
    if (row == nullptr) return Error(item, Quoted(key) + " holds something that is not a table");
    tables.push_back(row);
  }
  return tables;
}

}  // namespace motcua::catalogue
