// Goal: logs and stores that older programs wrote are carried over: what was true stays true.
// Method: a folder that `motcua standalone` of commit d5875c1 left (part of Boston's register, and
//         six dossiers of its own: supplement, pause, result, return, withdrawal, post), with what
//         that program said about it. This program opens it and is asked the same.
#include <fstream>

#include "tests/integration/standalone/running.h"

namespace motcua::testing {
namespace {

const std::filesystem::path kData = std::filesystem::path(MOTCUA_SOURCE_DIR) / "tests/data";

// Whether `now` says all that `then` did; what came since may be there beside it.
void ExpectSaid(const nlohmann::json& then, const nlohmann::json& now, const std::string& where) {
  if (then.is_object()) {
    for (const auto& [key, value] : then.items()) {
      ASSERT_TRUE(now.contains(key)) << where << " has no " << key;
      ExpectSaid(value, now[key], where + "." + key);
    }
  } else if (then.is_array()) {
    ASSERT_EQ(then.size(), now.size()) << where;
    for (std::size_t i = 0; i < then.size(); ++i) {
      ExpectSaid(then[i], now[i], where + "[" + std::to_string(i) + "]");
    }
  } else {
    EXPECT_EQ(then, now) << where;
  }
}

TEST(FrozenStore, WhatTheProgramOfD5875c1LeftIsFoldedToTheSameFigures) {
  const TempDir temp;
  const std::filesystem::path data = temp.path() / "data";
  std::filesystem::create_directory(data);
  runtime::Child tar({"/usr/bin/env", "tar", "xzf",
                      (kData / "frozen-d5875c1-store.tar.gz").string(), "-C", data.string()},
                     (temp.path() / "tar.log").string());
  ASSERT_EQ(tar.Wait(), 0);
  std::ifstream file(kData / "frozen-d5875c1-answers.json");
  const nlohmann::json then = nlohmann::json::parse(file);

  // The log is as old as the day on which this test runs makes it.
  const Services services(data, {"--trust-clock"});
  ASSERT_FALSE(services.address().empty()) << services.log();
  const auto ask = [&services](std::vector<std::string> words) {
    words.insert(words.end(), {"--format", "json"});
    return Json(Motcua(services.address(), words));
  };
  ExpectSaid(then["report_2015"],
             ask({"report", "06a", "--from", "2015-01-01", "--to", "2016-01-12", "--as-of",
                  "2016-01-13T00:00:00-05:00", "--verdict", "instant", "--by", "unit"}),
             "report of 2015");
  ExpectSaid(then["report_2026"],
             ask({"report", "06a", "--from", "2026-11-01", "--to", "2026-11-30", "--by", "unit",
                  "--as-of", "2026-11-28T12:00:00+07:00"}),
             "report of 2026");
  // Time goes on: alerts may have been raised since, and a version more with each.
  for (const auto& [code, dossier] : then["dossiers"].items()) {
    nlohmann::json said = dossier;
    said.erase("version");
    ExpectSaid(said, ask({"dossier", "show", code})["dossier"], code);
  }
  for (const auto& [code, deadline] : then["deadlines"].items()) {
    nlohmann::json said = deadline;
    for (const char* moving : {"version", "alerts", "explanation", "position"}) said.erase(moving);
    ExpectSaid(said, ask({"deadline", "show", code}), code);
  }
}

}  // namespace
}  // namespace motcua::testing
