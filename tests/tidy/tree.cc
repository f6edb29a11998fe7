#include "tests/tidy/tree.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

namespace motcua::tidy {
namespace {

namespace fs = std::filesystem;

// What .gitignore leaves out; a clone has none of it.
bool IsLeftOut(const fs::path& relative) {
  const std::string name = relative.filename().string();
  const bool at_top = !relative.has_parent_path();
  return name == ".git" || name == "__pycache__" || name.ends_with(".swp") ||
         name == "compile_commands.json" ||
         (at_top && (name.starts_with("build") || name == ".cache"));
}

File ReadFile(const fs::path& path, const fs::path& relative) {
  std::ifstream stream(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  const fs::perms perms = fs::status(path).permissions();
  return {relative.generic_string(), std::move(text),
          (perms & fs::perms::owner_exec) != fs::perms::none};
}

}  // namespace

const File* Tree::Find(std::string_view path) const {
  const auto found = std::lower_bound(
      files.begin(), files.end(), path,
      [](const File& file, std::string_view wanted) { return file.path < wanted; });
  return found != files.end() && found->path == path ? &*found : nullptr;
}

Tree ReadTree(const fs::path& root) {
  Tree tree;
  for (auto entry = fs::recursive_directory_iterator(root);
       entry != fs::recursive_directory_iterator(); ++entry) {
    const fs::path relative = entry->path().lexically_relative(root);
    if (IsLeftOut(relative)) {
      entry.disable_recursion_pending();
    } else if (entry->is_regular_file()) {
      tree.files.push_back(ReadFile(entry->path(), relative));
    }
  }
  std::sort(tree.files.begin(), tree.files.end(),
            [](const File& a, const File& b) { return a.path < b.path; });
  return tree;
}

std::string_view FolderOf(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::string_view NameOf(std::string_view path) {
  return path.substr(path.rfind('/') + 1);  // npos + 1 is 0
}

bool IsUnder(std::string_view path, std::string_view folder) {
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

bool IsKind(std::string_view path, const std::vector<std::string_view>& endings) {
  const std::string_view name = NameOf(path);
  return std::any_of(endings.begin(), endings.end(), [name](std::string_view ending) {
    return ending.starts_with('.') ? name.ends_with(ending) : name == ending;
  });
}

std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

}  // namespace motcua::tidy
