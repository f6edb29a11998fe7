// A data folder as a real `motcua standalone` leaves it: some dossiers in different states.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/integration/standalone/running.h"

namespace motcua::testing {

inline constexpr int kDossiersWritten = 6;

// Runs it, sends commands, ends it. False, with the failure told, where something did not work.
inline bool WriteLog(const std::filesystem::path& data, const std::string& partitions) {
  Services services(data, {"--scenario", "2020-10-31T09:00:00+07:00", "--partitions", partitions});
  EXPECT_FALSE(services.address().empty()) << services.log();
  bool sent = !services.address().empty();
  const auto send = [&](const std::vector<std::string>& words) {
    const Ran ran = Motcua(services.address(), words);
    EXPECT_EQ(ran.exit_code, 0) << words[1];
    sent = sent && ran.exit_code == 0;
    return Json(ran);
  };
  for (int i = 0; sent && i < kDossiersWritten; ++i) {
    const auto received =
        send({"dossier", "receive", "--unit", "000.23.10.H49", "--procedure", "1.000893",
              "--channel", i % 2 == 0 ? "direct" : "online", "--format", "json"});
    if ((i == 1 || i == 2) && sent) {
      const std::string code = received["dossier"].get<std::string>();
      send({"dossier", "withdraw", code, "--format", "json"});
      if (i == 2) {
        send({"dossier", "correct", code, "--version", "2", "--reason", "wrong_dossier", "--format",
              "json"});
      }
    }
  }
  services.process().Signal(SIGTERM);
  EXPECT_EQ(services.process().Wait(), 0);
  return sent;
}

// `motcua admin words…`
inline Ran Admin(std::vector<std::string> words, const std::string& error_file = "/dev/null") {
  words.insert(words.begin(), "admin");
  return Motcua("", std::move(words), error_file);
}

inline std::string ReadText(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace motcua::testing
