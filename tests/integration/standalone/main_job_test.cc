// Goal: the real half-year passes through the five services, and the on-time rates are the
// city's own.
//
// Method: the real program, the whole file, the city's verdicts row by row; the same file
// again; an import killed half-way and started again, beside one that was not.
#include "tests/integration/standalone/running.h"

namespace motcua::testing {
namespace {

const std::string kRegister =
    std::string(MOTCUA_SOURCE_DIR) + "/tests/data/boston311-2015h1.csv.gz";
const std::vector<std::string> kQuery = {"--from",     "2015-01-01", "--to",
                                         "2016-01-12", "--as-of",    "2016-01-13T00:00:00-05:00",
                                         "--verdict",  "instant"};

std::vector<std::string> With(std::vector<std::string> words,
                              const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}
nlohmann::json Import(const std::string& address) {
  const Ran ran = Motcua(
      address, {"import", "register", kRegister, "--mapping", "boston311", "--format", "json"});
  EXPECT_EQ(ran.exit_code, 0);
  return Json(ran);
}
std::string Report(const std::string& address, const std::string& by) {
  const Ran ran = Motcua(address, With({"report", "06a", "--by", by, "--format", "json"}, kQuery));
  EXPECT_EQ(ran.exit_code, 0);
  // The numbers alone: up to when they are true differs from answer to answer.
  nlohmann::json report = Json(ran);
  report.erase("position");
  return report.dump();
}

// Asked at once, and again after each of many small changes.
TEST(MainJob, Faults_T8_WhatTheSameCallerWasAnsweredIsInTheReportItAsksNext) {
  const TempDir temp;
  Services services(temp.path() / "data");
  ASSERT_FALSE(services.address().empty()) << services.log();
  const nlohmann::json imported = Import(services.address());
  const nlohmann::json report = nlohmann::json::parse(Report(services.address(), "unit"));
  EXPECT_EQ(report["total"]["received"]["total"], 58119);
  const Ran with_position =
      Motcua(services.address(), With({"report", "06a", "--format", "json", "--at-least",
                                       imported["position"].get<std::string>()},
                                      kQuery));
  EXPECT_EQ(Json(with_position)["total"]["received"]["total"], 58119);
  EXPECT_GE(Json(with_position)["position"]["lag"], 0);
}

TEST(MainJob, AgreesWithTheCityRowByRow) {
  const TempDir temp;
  Services services(temp.path() / "data");
  ASSERT_FALSE(services.address().empty()) << services.log();

  nlohmann::json imported = Import(services.address());
  EXPECT_EQ(imported["read"], 58119);
  EXPECT_EQ(imported["imported"], 58119);
  EXPECT_EQ(imported["already_there"], 0);
  EXPECT_EQ(imported["refused"], 0);
  EXPECT_EQ(imported["doubtful"], 84);

  const Ran compared = Motcua(services.address(),
                              With({"report", "verdicts", kRegister, "--format", "json"}, kQuery));
  EXPECT_EQ(compared.exit_code, 0);
  const nlohmann::json total = Json(compared)["total"];
  EXPECT_EQ(total["rows"], 58119);
  EXPECT_EQ(total["with_verdict"], 58119 - 102);
  EXPECT_EQ(total["agree"], total["with_verdict"]);
  EXPECT_EQ(total["without_verdict_late"], 102);
  EXPECT_EQ(total["without_verdict_on_time"], 0);

  const nlohmann::json report = nlohmann::json::parse(Report(services.address(), "unit"));
  EXPECT_EQ(report["total"]["resolved"]["late"], 9962 + 63);
  EXPECT_EQ(report["total"]["open"]["late"], 5662 + 39);
  for (const nlohmann::json& row : report["rows"]) {
    EXPECT_EQ(row["received"]["total"], row["resolved"]["total"].get<std::int64_t>() +
                                            row["open"]["total"].get<std::int64_t>())
        << row;
  }

  const std::string before = Report(services.address(), "procedure");
  imported = Import(services.address());
  EXPECT_EQ(imported["imported"], 0);
  EXPECT_EQ(imported["already_there"], 58119);
  EXPECT_EQ(Report(services.address(), "procedure"), before);
  services.process().Signal(SIGTERM);
  EXPECT_EQ(services.process().Wait(), 0);
}

TEST(MainJob, EndsTheSameWhenTheImportWasKilledHalfWay) {
  const TempDir temp;
  Services whole(temp.path() / "whole");
  Services killed(temp.path() / "killed");
  ASSERT_FALSE(whole.address().empty()) << whole.log();
  ASSERT_FALSE(killed.address().empty()) << killed.log();
  Import(whole.address());

  // Killed when the services know some of the rows.
  runtime::Child import({kMotcua, "import", "register", kRegister, "--mapping", "boston311",
                         "--server", killed.address()},
                        "/dev/null");
  while (import.running()) {
    const Ran some = Motcua(killed.address(), With({"report", "06a", "--format", "json"}, kQuery));
    if (Json(some)["total"]["received"]["total"].get<std::int64_t>() > 5000) break;
  }
  import.Kill();
  const nlohmann::json again = Import(killed.address());
  EXPECT_EQ(again["imported"].get<std::int64_t>() + again["already_there"].get<std::int64_t>(),
            58119);
  for (const char* by : {"unit", "field", "procedure", "channel"}) {
    EXPECT_EQ(Report(killed.address(), by), Report(whole.address(), by));
  }
}

}  // namespace
}  // namespace motcua::testing
