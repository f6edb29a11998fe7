// Goal: over the real program, lateness that has happened stays in report 06a whatever is asked
//       or paused afterwards, and one procedure is one row however it is spelled.
// Method: small histories under a scenario clock, by the words that people type.
#include <chrono>
#include <fstream>

#include "tests/integration/standalone/running.h"
#include "tests/support/await.h"

namespace motcua::testing {
namespace {

using nlohmann::json;

constexpr std::chrono::seconds kPatience{30};

class LatenessTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_FALSE(services_.address().empty()) << services_.log(); }

  void Do(const std::vector<std::string>& words) {
    EXPECT_EQ(Motcua(services_.address(), words).exit_code, 0) << ::testing::PrintToString(words);
  }
  std::string Receive() {
    const Ran ran =
        Motcua(services_.address(), {"dossier", "receive", "--unit", "000.23.10.H49", "--procedure",
                                     "1.000893", "--channel", "direct", "--format", "json"});
    EXPECT_EQ(Json(ran)["due_time"], "2020-03-09T10:00:00Z");
    return Json(ran)["dossier"];
  }
  json Report(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words = {"report", "06a",        "--from",   "2020-01-01",
                                      "--to",   "2020-04-30", "--format", "json"};
    words.insert(words.end(), more.begin(), more.end());
    return Json(Motcua(services_.address(), words));
  }
  // What the report comes to say; the last one if it does not.
  json ReportWhere(const json& counts, std::string_view group,
                   const std::vector<std::string>& more = {}) {
    json report;
    Await(
        [&] {
          report = Report(more);
          json part = report["total"][std::string(group)];
          for (const auto& [key, value] : counts.items()) {
            if (part[key] != value) return false;
          }
          return true;
        },
        kPatience);
    return report["total"][std::string(group)];
  }

  const TempDir temp_;
  const Services services_{temp_.path() / "data", {"--scenario", "2020-03-02T09:00:00+07:00"}};
};

TEST_F(LatenessTest, C4_ASupplementAskedAfterTheTermLeavesItLate) {
  const std::string code = Receive();
  Do({"scenario", "set", "2020-04-20T09:00:00+07:00"});
  Do({"dossier", "supplement", "request", code, "--papers", "1"});
  Do({"scenario", "set", "2020-04-21T09:00:00+07:00"});
  Do({"dossier", "supplement", "receive", code});
  Do({"dossier", "result", code});
  const json late = {{"late", 1}, {"early", 0}, {"stopped_after_term", 1}};
  const json resolved = ReportWhere(late, "resolved");
  for (const auto& [key, value] : late.items()) EXPECT_EQ(resolved[key], value) << key;
  const json shown =
      Json(Motcua(services_.address(), {"dossier", "show", code, "--format", "json"}));
  EXPECT_EQ(shown["dossier"]["missed_due"], "2020-03-09T17:00:00+07:00") << shown;
}

TEST_F(LatenessTest, C5_FourOverdueAreFourLateThoughThreeOfThemWait) {
  std::vector<std::string> codes;
  for (int i = 0; i < 4; ++i) codes.push_back(Receive());
  Do({"scenario", "set", "2020-04-20T09:00:00+07:00"});
  Do({"dossier", "supplement", "request", codes[0], "--papers", "1"});
  Do({"dossier", "supplement", "request", codes[1], "--papers", "1"});
  Do({"deadline", "pause", codes[2], "--reason", "other_agency"});
  const json counts = {{"late", 4}, {"paused", 0}, {"in_term", 0}, {"stopped_after_term", 3}};
  const std::vector<std::string> next_day = {"--as-of", "2020-04-21T09:00:00+07:00"};
  for (const std::vector<std::string>& more : {std::vector<std::string>(), next_day}) {
    const json open = ReportWhere(counts, "open", more);
    for (const auto& [key, value] : counts.items()) EXPECT_EQ(open[key], value) << key;
  }
}

TEST_F(LatenessTest, F7_OneProcedureIsOneRow) {
  const std::string path = (temp_.path() / "book.csv").string();
  std::ofstream(path) << "Mã hồ sơ,Tên TTHC,Nhận hồ sơ,Hẹn trả kết quả,Trả kết quả\n"
                         "000.23.10.H49-200120-0001,C\u1EA5p \u0110\u1EB7t,20/01/2020 14:40,,\n"
                         "000.23.10.H49-200120-0002,Ca\u0302\u0301p \u0110a\u0323\u0306t,"
                         "20/01/2020 14:40,,\n"
                         "000.23.10.H49-200120-0003,C\u1EA5p  \u0110\u1EB7t,20/01/2020 14:40,,\n"
                         "000.23.10.H49-200120-0004,C\u1EA5p \u00D0\u1EB7t,20/01/2020 14:40,,\n";
  Do({"import", "register", path, "--mapping", "mau06"});
  json report;
  EXPECT_TRUE(Await(
      [&] {
        report = Report({"--by", "procedure"});
        return report["total"]["received"]["total"] == 4;
      },
      kPatience))
      << report;
  ASSERT_EQ(report["rows"].size(), 1U) << report;
  EXPECT_EQ(report["rows"][0]["name"], "Cấp Đặt");
}

}  // namespace
}  // namespace motcua::testing
