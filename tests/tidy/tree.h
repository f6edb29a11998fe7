// The repository as a list of files in memory, so that a rule can be tried on files that are not
// on the disk.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::tidy {

struct File {
  std::string path;  // from the root, "services/base/status.h"
  std::string text;
  bool executable = false;
};

// Files in the order of their paths.
struct Tree {
  std::vector<File> files;

  const File* Find(std::string_view path) const;
};

// Reads everything under `root` but build folders, caches and git's own.
Tree ReadTree(const std::filesystem::path& root);

// "services/base" of "services/base/status.h"; empty for a file of the top level.
std::string_view FolderOf(std::string_view path);
// "status.h" of "services/base/status.h".
std::string_view NameOf(std::string_view path);
// Whether `path` lies in `folder` or below it.
bool IsUnder(std::string_view path, std::string_view folder);
// Whether its name ends so or is one of those: IsKind(path, {".cc", "CMakeLists.txt"}).
bool IsKind(std::string_view path, const std::vector<std::string_view>& endings);

// The lines without their ends; a text that ends with one has no empty line after it.
std::vector<std::string_view> Lines(std::string_view text);

}  // namespace motcua::tidy
