// TempDir: a folder of the test's own below the system's temporary folder, removed with all its
// content at the end of the scope. One thread.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>
#include <system_error>

#include "services/base/check.h"

namespace motcua::testing {

class TempDir {
 public:
  TempDir() {
    std::string name = (std::filesystem::temp_directory_path() / "motcua-test-XXXXXX").string();
    MOTCUA_CHECK(mkdtemp(name.data()) != nullptr, "no temporary folder can be made");
    path_ = name;
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

}  // namespace motcua::testing
