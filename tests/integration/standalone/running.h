// `motcua standalone` and `motcua …` as processes.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "services/platform/runtime/child.h"
#include "tests/support/temp_dir.h"

namespace motcua::testing {

inline const std::string kMotcua = std::string(MOTCUA_BIN_DIR) + "/motcua";

inline std::string ReadText(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// Services on a free port; `address()` is empty if they did not start.
class Services {
 public:
  explicit Services(const std::filesystem::path& data, const std::vector<std::string>& more = {}) {
    std::vector<std::string> command = {kMotcua,       "standalone", "--data",
                                        data.string(), "--listen",   "127.0.0.1:0"};
    command.insert(command.end(), more.begin(), more.end());
    log_ = data.string() + ".log";
    process_ = std::make_unique<runtime::Child>(command, log_);
    const std::string line = process_->ReadLine();
    if (line.rfind("ready ", 0) == 0) address_ = line.substr(6);
  }
  const std::string& address() const { return address_; }
  runtime::Child& process() { return *process_; }
  std::string log() const { return ReadText(log_); }

 private:
  std::string log_;
  std::unique_ptr<runtime::Child> process_;
  std::string address_;
};

struct Ran {
  int exit_code = 0;
  std::string out;
};

// `motcua words… --server address`.
inline Ran Motcua(const std::string& address, std::vector<std::string> words,
                  const std::string& error_file = "/dev/null") {
  words.insert(words.begin(), kMotcua);
  if (!address.empty()) words.insert(words.end(), {"--server", address});
  runtime::Child process(words, error_file);
  Ran ran;
  ran.out = process.ReadAll();
  ran.exit_code = process.Wait();
  return ran;
}

inline nlohmann::json Json(const Ran& ran) {
  return nlohmann::json::parse(ran.out, nullptr, /*allow_exceptions=*/false);
}

}  // namespace motcua::testing
