#include "tests/integration/deploy/documents.h"

#include <algorithm>
#include <charconv>

namespace motcua::deploy {
namespace {

YAML::Node Resolve(const YAML::Node& node) {
  if (node.IsSequence()) {
    YAML::Node list(YAML::NodeType::Sequence);
    for (const YAML::Node& item : node) list.push_back(Resolve(item));
    return list;
  }
  if (!node.IsMap()) return node;
  YAML::Node map(YAML::NodeType::Map);
  for (const auto& pair : node) {
    const auto key = pair.first.as<std::string>();
    if (key != "<<") map[key] = Resolve(pair.second);
  }
  const YAML::Node merged = node["<<"];
  if (!merged.IsDefined()) return map;
  for (const auto& pair : Resolve(merged)) {
    const auto key = pair.first.as<std::string>();
    if (!map[key].IsDefined()) map[key] = pair.second;
  }
  return map;
}

}  // namespace

std::vector<YAML::Node> ParseDocuments(const std::string& text) {
  std::vector<YAML::Node> documents;
  for (const YAML::Node& document : YAML::LoadAll(text)) documents.push_back(Resolve(document));
  return documents;
}

std::vector<YAML::Node> DocumentsOf(const Tree& tree, std::string_view path) {
  const File* const file = tree.Find(path);
  if (file == nullptr) return {};
  static std::map<std::string, std::vector<YAML::Node>> parsed;
  const auto known = parsed.find(file->text);
  if (known != parsed.end()) return known->second;
  try {
    return parsed[file->text] = ParseDocuments(file->text);
  } catch (const YAML::Exception&) {
    return {};
  }
}

YAML::Node At(const YAML::Node& node, std::initializer_list<std::string_view> keys) {
  YAML::Node at = node;
  for (const std::string_view key : keys) {
    if (!at.IsDefined() || !at.IsMap()) return YAML::Node(YAML::NodeType::Undefined);
    const YAML::Node& fixed = at;
    const YAML::Node next = fixed[std::string(key)];
    if (!next.IsDefined()) return YAML::Node(YAML::NodeType::Undefined);
    at.reset(next);
  }
  return at;
}

std::string Text(const YAML::Node& node) {
  return node.IsDefined() && node.IsScalar() ? node.Scalar() : std::string();
}

std::string TextAt(const YAML::Node& node, std::initializer_list<std::string_view> keys) {
  return Text(At(node, keys));
}

std::vector<std::string> Names(const YAML::Node& node) {
  std::vector<std::string> names;
  if (!node.IsDefined()) return names;
  if (node.IsMap()) {
    for (const auto& pair : node) names.push_back(Text(pair.first));
  } else if (node.IsSequence()) {
    for (const YAML::Node& item : node) names.push_back(Text(item));
  }
  return names;
}

bool Contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::map<std::string, std::string> Pairs(const YAML::Node& map) {
  std::map<std::string, std::string> pairs;
  if (!map.IsDefined() || !map.IsMap()) return pairs;
  for (const auto& pair : map) pairs[Text(pair.first)] = Text(pair.second);
  return pairs;
}

std::vector<std::string> Split(std::string_view text, char at) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = text.find(at);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

int NumberOf(std::string_view text) {
  int number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : -1;
}

int PortOf(std::string_view address) { return NumberOf(address.substr(address.rfind(':') + 1)); }

std::string HostOf(std::string_view address) {
  return std::string(address.substr(0, address.rfind(':')));
}

std::vector<Object> KubernetesObjects(const Tree& tree) {
  std::vector<Object> objects;
  for (const File& file : tree.files) {
    const bool manifest =
        tidy::IsUnder(file.path, kKubernetes) && tidy::IsKind(file.path, {".yaml"});
    if (!manifest || tidy::NameOf(file.path) == "kustomization.yaml") continue;
    for (const YAML::Node& node : DocumentsOf(tree, file.path)) {
      objects.push_back(
          {file.path, TextAt(node, {"kind"}), TextAt(node, {"metadata", "name"}), node});
    }
  }
  return objects;
}

std::vector<Object> ObjectsOf(const Tree& tree, std::string_view kind) {
  // Never moved in place: an assignment to a YAML::Node changes the tree that it stands in.
  std::vector<Object> objects;
  for (const Object& object : KubernetesObjects(tree)) {
    if (object.kind == kind) objects.push_back(object);
  }
  return objects;
}

}  // namespace motcua::deploy
