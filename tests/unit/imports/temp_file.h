// A file that lives as long as the test that wrote it.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace motcua::imports {

class TempFile {
 public:
  explicit TempFile(const std::string& content) {
    std::string name = "/tmp/motcua-register-XXXXXX";
    const int descriptor = mkstemp(name.data());
    close(descriptor);
    path_ = name;
    std::ofstream(path_, std::ios::binary) << content;
  }
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;
  ~TempFile() { std::filesystem::remove(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace motcua::imports
