// Goal: what other people's scripts rely on stays as it is.
// Method: the real program: its words, its JSON, its exit statuses, its clean end.
#include <regex>

#include "tests/integration/standalone/running.h"

namespace motcua::testing {
namespace {

TEST(Command, SaysReadyAndEndsCleanly) {
  const TempDir temp;
  Services services(temp.path() / "data");
  ASSERT_TRUE(std::regex_match(services.address(), std::regex("127\\.0\\.0\\.1:[0-9]+")))
      << services.log();
  services.process().Signal(SIGTERM);
  EXPECT_EQ(services.process().Wait(), 0);
  EXPECT_NE(services.log().find("stopped"), std::string::npos);
}

TEST(Command, RefusesASecondProcessOnTheSameFolder) {
  const TempDir temp;
  const Services first(temp.path() / "data");
  ASSERT_FALSE(first.address().empty()) << first.log();
  Services second(temp.path() / "data");
  EXPECT_TRUE(second.address().empty());
  EXPECT_EQ(second.process().Wait(), 1);
  EXPECT_NE(second.log().find("STORE_IN_USE"), std::string::npos) << second.log();
}

TEST(Command, AnswersADueDateWithoutAServer) {
  const Ran ran =
      Motcua("", {"due", "--received", "2020-01-20T09:32", "--term", "5wd", "--format", "json"});
  EXPECT_EQ(ran.exit_code, 0);
  EXPECT_EQ(Json(ran)["due"], "2020-02-03T17:00:00+07:00");
}

TEST(Command, GivesDossierCodesWithoutGapsAndRefusesWhatDoesNotFit) {
  const TempDir temp;
  const Services services(temp.path() / "data", {"--scenario", "2020-10-31T09:00:00+07:00"});
  ASSERT_FALSE(services.address().empty()) << services.log();
  const std::vector<std::string> receive = {"dossier",     "receive",  "--unit",    "000.23.10.H49",
                                            "--procedure", "1.000893", "--channel", "direct",
                                            "--format",    "json"};
  EXPECT_EQ(Json(Motcua(services.address(), receive))["dossier"], "000.23.10.H49-201031-0001");
  EXPECT_EQ(Json(Motcua(services.address(), receive))["dossier"], "000.23.10.H49-201031-0002");
  const Ran refused =
      Motcua(services.address(), {"dossier", "return", "000.23.10.H49-201031-0001"});
  EXPECT_EQ(refused.exit_code, 1);
  const Ran missing = Motcua(services.address(), {"dossier", "show", "000.23.10.H49-201031-0009"});
  EXPECT_EQ(missing.exit_code, 1);
  EXPECT_EQ(
      Motcua("127.0.0.1:1", {"dossier", "show", "000.23.10.H49-201031-0001", "--timeout", "1"})
          .exit_code,
      3);
}

TEST(Command, SameRequestIdGivesTheSameAnswerAlsoAfterARestart) {
  const TempDir temp;
  const std::vector<std::string> receive = {
      "dossier",  "receive",   "--unit", "000.23.10.H49", "--procedure",
      "1.000893", "--channel", "direct", "--request-id",  "3f2b8c1e-5d0a-4c7b-9e11-0a1b2c3d4e5f",
      "--format", "json"};
  // But for how far the log was read: the route that follows from it may have come meanwhile.
  const auto answer = [&receive](const Services& services) {
    nlohmann::json json = Json(Motcua(services.address(), receive));
    json.erase("position");
    return json.dump();
  };
  std::string first;
  {
    Services services(temp.path() / "data");
    ASSERT_FALSE(services.address().empty()) << services.log();
    first = answer(services);
    EXPECT_EQ(answer(services), first);
    services.process().Kill();
  }
  const Services services(temp.path() / "data");
  ASSERT_FALSE(services.address().empty()) << services.log();
  EXPECT_EQ(answer(services), first);
  std::vector<std::string> other = receive;
  other[7] = "online";
  EXPECT_EQ(Motcua(services.address(), other).exit_code, 1);
}

TEST(Command, TourShowsEveryKindOfRouteToItsEnd) {
  const Ran tour = Motcua("", {"tour"});
  EXPECT_EQ(tour.exit_code, 0) << tour.out;
  for (const char* word : {"vertical, two levels", "vertical, three levels", "horizontal",
                           "by post", "overdue", "Quá hạn"}) {
    EXPECT_NE(tour.out.find(word), std::string::npos) << word;
  }
}

}  // namespace
}  // namespace motcua::testing
