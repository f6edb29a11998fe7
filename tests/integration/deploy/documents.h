// YAML of the tree as the tools read it: merge keys (`<<`) resolved, several documents per file.
//
// One thread: what was parsed is kept, and nodes are only read. What does not parse is no document
// here: the rule Parses reports it.
#pragma once

#include <yaml-cpp/yaml.h>

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/integration/deploy/rules.h"

namespace motcua::deploy {

// Throws YAML::Exception.
std::vector<YAML::Node> ParseDocuments(const std::string& text);
std::vector<YAML::Node> DocumentsOf(const Tree& tree, std::string_view path);

// The node at a path of keys; undefined where there is none.
YAML::Node At(const YAML::Node& node, std::initializer_list<std::string_view> keys);
// Of a scalar; empty for what is none.
std::string Text(const YAML::Node& node);
std::string TextAt(const YAML::Node& node, std::initializer_list<std::string_view> keys);
// Of a list of scalars, or the keys of a map.
std::vector<std::string> Names(const YAML::Node& node);
bool Contains(const std::vector<std::string>& names, std::string_view name);
std::map<std::string, std::string> Pairs(const YAML::Node& map);

// "a,b" at commas, or at another character.
std::vector<std::string> Split(std::string_view text, char at);
// A whole number, or -1.
int NumberOf(std::string_view text);
// Of "HOST:PORT"; -1 where there is none.
int PortOf(std::string_view address);
std::string HostOf(std::string_view address);

// An object of Kubernetes and its file.
struct Object {
  std::string path;
  std::string kind;
  std::string name;
  YAML::Node node;
};
std::vector<Object> KubernetesObjects(const Tree& tree);
std::vector<Object> ObjectsOf(const Tree& tree, std::string_view kind);

}  // namespace motcua::deploy
