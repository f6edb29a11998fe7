#include <toml++/toml.h>

#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

#include "services/platform/config/layers.h"
#include "services/platform/config/settings.h"

namespace motcua::config {
namespace {

Result<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file.is_open() || file.bad()) {
    return Status(Reason::kFileUnreadable, "cannot read " + path, {{"file", path}});
  }
  return text;
}

Result<toml::table> ParseToml(const std::string& path, const std::string& text) {
  try {
    return toml::parse(text, path);
  } catch (const toml::parse_error& error) {
    const std::string line = std::to_string(error.source().begin.line);
    return Status(Reason::kFileInvalid, path + ":" + line + ": " + std::string(error.description()),
                  {{"file", path}, {"line", line}});
  }
}

// The text of a value of the setting's own type; none if it is of another.
std::optional<std::string> TextOf(const toml::node& node, Kind kind) {
  if (kind == Kind::kFlag) {
    const auto flag = node.value_exact<bool>();
    return flag ? std::optional<std::string>(*flag ? "true" : "false") : std::nullopt;
  }
  const auto number = node.value_exact<std::int64_t>();
  if (number && (kind == Kind::kInteger || kind == Kind::kInstanceNumber)) {
    return std::to_string(*number);
  }
  return kind == Kind::kInteger ? std::nullopt : node.value_exact<std::string>();
}

class FileReader {
 public:
  explicit FileReader(std::string path) : path_(std::move(path)) {}

  Status Read(const toml::table& root) {
    for (const auto& [name, node] : root) {
      const toml::table* const section = node.as_table();
      if (section == nullptr) {
        MOTCUA_RETURN_IF_ERROR(Take(std::string(name.str()), name.source(), node));
        continue;
      }
      for (const auto& [inner_name, inner] : *section) {
        std::string key = std::string(name.str()) + "." + std::string(inner_name.str());
        MOTCUA_RETURN_IF_ERROR(Take(std::move(key), inner_name.source(), inner));
      }
    }
    return OkStatus();
  }
  Layer layer() && { return std::move(layer_); }

 private:
  Status Take(std::string key, const toml::source_region& place, const toml::node& node) {
    const std::string source = path_ + ":" + std::to_string(place.begin.line);
    const Setting* const setting = FindSetting(key);
    const bool is_file = setting == nullptr && IsSecretFile(key);
    if (setting == nullptr && !is_file) {
      return SettingError(key, source, "is no setting; see --help for their names");
    }
    std::optional<std::string> text = TextOf(node, is_file ? Kind::kText : setting->kind);
    if (!text) {
      return SettingError(key, source, "must be " + (is_file ? "a text" : RangeOf(*setting)));
    }
    layer_[std::move(key)] = {*std::move(text), source};
    return OkStatus();
  }

  const std::string path_;
  Layer layer_;
};

}  // namespace

bool IsSecretFile(std::string_view key) {
  for (const Setting& setting : Settings()) {
    if (setting.secret && key == FileKeyOf(setting.key)) return true;
  }
  return false;
}

Result<Layer> ReadFileLayer(const std::string& path) {
  MOTCUA_ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  MOTCUA_ASSIGN_OR_RETURN(const toml::table root, ParseToml(path, text));
  FileReader reader(path);
  MOTCUA_RETURN_IF_ERROR(reader.Read(root));
  Layer layer = std::move(reader).layer();
  MOTCUA_RETURN_IF_ERROR(ReadSecretFiles(layer));
  return layer;
}

Status ReadSecretFiles(Layer& layer) {
  for (const Setting& setting : Settings()) {
    const auto named = setting.secret ? layer.find(FileKeyOf(setting.key)) : layer.end();
    if (named == layer.end()) continue;
    const Given given = std::move(named->second);
    layer.erase(named);
    const std::string file_key = FileKeyOf(setting.key);
    if (layer.contains(setting.key)) {
      return SettingError(file_key, given.source,
                          "cannot be given together with " + std::string(setting.key));
    }
    const Result<std::string> text = ReadFile(given.text);
    if (!text.ok()) return SettingError(file_key, given.source, text.status().message());
    // Editors and `kubectl create secret` end a file with a newline that is no part of the secret.
    const std::string line = text->substr(0, text->find_first_of("\r\n"));
    if (line.empty()) return SettingError(file_key, given.source, given.text + " is empty");
    layer[std::string(setting.key)] = {line, given.source + ", in " + given.text};
  }
  return OkStatus();
}

}  // namespace motcua::config
