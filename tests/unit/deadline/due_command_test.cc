// Goal: `motcua due` keeps the contract on which scripts rely: flags, output, exit status.
// Method: the command run in this process with its streams captured; table of bad input; batches.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "services/cli/due.h"

namespace motcua::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Ran {
  int status = -1;
  std::string out;
  std::string err;
};

Ran RunDue(std::vector<std::string> arguments, const std::string& input = "") {
  CLI::App app("motcua");
  Ran ran;
  std::istringstream in(input);
  std::ostringstream out;
  std::ostringstream err;
  AddDueCommand(app, ran.status, in, out, err);
  arguments.insert(arguments.begin(), "due");
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
  app.parse(arguments);
  ran.out = out.str();
  ran.err = err.str();
  return ran;
}

nlohmann::json Json(std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--format", "json"});
  const Ran ran = RunDue(std::move(arguments));
  EXPECT_EQ(ran.status, 0) << ran.err;
  return nlohmann::json::parse(ran.out);
}

TEST(DueCommand, AnswersAsJson) {
  const auto json = Json({"--received", "2020-01-20T09:32", "--term", "5wd"});
  EXPECT_EQ(json["due"], "2020-02-03T17:00:00+07:00");
  EXPECT_EQ(json["calendar"]["id"], "vn-state");
  EXPECT_EQ(Json({"--received", "2023-10-27T09:32", "--term", "5wd", "--mode", "keep_hour"})["due"],
            "2023-11-03T09:32:00+07:00");
  EXPECT_EQ(Json({"--received", "2020-10-30T09:00", "--term", "1wd", "--start", "at_once"})["due"],
            "2020-10-30T17:00:00+07:00");
  EXPECT_EQ(Json({"--received", "2020-01-20T02:32Z", "--term", "5wd"})["due"],
            "2020-02-03T17:00:00+07:00");
}

TEST(DueCommand, PausesAreCounted) {
  const auto json = Json({"--received", "2020-01-20T09:32", "--term", "5wd", "--pause",
                          "2020-01-21T10:00/2020-01-22T10:00", "--pause",
                          "2020-01-30T10:00/2020-01-30T10:15", "--explain"});
  EXPECT_EQ(json["due"], "2020-02-05T17:00:00+07:00");
  EXPECT_EQ(json["due_without_pauses"], "2020-02-03T17:00:00+07:00");
  EXPECT_EQ(json["pauses"].size(), 2U);
  EXPECT_EQ(json["skipped"][0]["name"], "Tết Nguyên đán");
}

TEST(DueCommand, IsReadableByDefault) {
  EXPECT_EQ(RunDue({"--received", "2020-01-20T09:32", "--term", "5wd"}).out,
            "2020-02-03T17:00:00+07:00\n");
  const Ran ran = RunDue({"--received", "2020-01-20T09:32", "--term", "5wd", "--explain"});
  EXPECT_THAT(ran.out, HasSubstr("Mon 2020-02-03T17:00:00+07:00"));
  EXPECT_THAT(ran.out, HasSubstr("vn-state version 2"));
  EXPECT_THAT(ran.out, HasSubstr("2020-01-25  weekend"));
}

TEST(DueCommand, Faults_C1_TheVectorsOf2026And2027) {
  const std::string rows[][3] = {
      {"2026-11-20", "3wd", "2026-11-26"}, {"2026-11-23", "1wd", "2026-11-25"},
      {"2026-12-31", "1wd", "2027-01-04"}, {"2027-02-01", "5wd", "2027-02-15"},
      {"2027-02-03", "1wd", "2027-02-11"}, {"2027-04-29", "1wd", "2027-05-04"},
      {"2027-08-31", "3wd", "2027-09-07"}, {"2026-11-09", "15d", "2026-11-25"},
      {"2027-01-25", "15d", "2027-02-11"}, {"2027-04-16", "15d", "2027-05-04"}};
  for (const auto& [received, term, due] : rows) {
    const Ran ran = RunDue({"--received", received + "T09:00", "--term", term});
    EXPECT_EQ(ran.out, due + "T17:00:00+07:00\n") << received << " " << term;
    EXPECT_EQ(ran.err, "") << "decided, so without a caution";
  }
}

TEST(DueCommand, SaysWhenTheCalendarIsProvisional) {
  const std::vector<std::string> later = {"--received", "2027-12-31T09:00", "--term", "1wd"};
  const Ran plain = RunDue(later);
  EXPECT_EQ(plain.status, 0);
  EXPECT_EQ(plain.out, "2028-01-04T17:00:00+07:00\n") << "1/1/2028 is a Saturday";
  EXPECT_THAT(plain.err, HasSubstr("provisional (lịch tạm tính)"));
  EXPECT_EQ(Json(later)["provisional"], true);
  EXPECT_EQ(Json({"--received", "2027-12-30T09:00", "--term", "1wd"})["provisional"], false);
  std::vector<std::string> explained = later;
  explained.emplace_back("--explain");
  const Ran ran = RunDue(explained);
  EXPECT_THAT(ran.out, HasSubstr("decided:     2026-11-23 to 2027-12-31, CV 10065/VPCP-KGVX of "
                                 "2026-10-02\n"));
  EXPECT_THAT(ran.out, HasSubstr("provisional: 2028-01-01 to 2050-12-31, Bộ luật Lao động 2019"));
  EXPECT_THAT(ran.out, HasSubstr("lịch tạm tính"));
  const auto json = Json(explained);
  EXPECT_EQ(json["periods"][1]["status"], "provisional");
  EXPECT_EQ(json["periods"][0]["decided_on"], "2026-10-02");
  EXPECT_EQ(RunDue({"--batch", "-"}, "received,term\n2027-12-31T09:00,1wd\n").err,
            "1 lines, 0 bad, 1 provisional\n");
}

TEST(Faults, C3_DueTakesClockHours) {
  EXPECT_EQ(RunDue({"--received", "2026-11-20T16:00", "--term", "12ch"}).out,
            "2026-11-21T04:00:00+07:00\n");
}

TEST(Faults, C6_DueAddsPausesUp) {
  std::vector<std::string> arguments = {"--received", "2020-03-02T09:00", "--term", "3wd",
                                        "--explain"};
  for (const std::string at : {"08:0", "09:0", "10:0", "14:0", "15:0"}) {
    arguments.insert(arguments.end(), {"--pause", "2020-03-03T" + at + "0/2020-03-03T" + at + "1"});
  }
  const auto json = Json(arguments);
  EXPECT_EQ(json["due"], "2020-03-06T17:00:00+07:00");
  EXPECT_EQ(json["pauses"][4]["seconds"], 60);
  EXPECT_EQ(json["pauses"][4]["seconds_together"], 300);
}

TEST(Faults, C9_DueTakesOfficeHours) {
  const std::vector<std::string> term = {"--received", "2026-11-26T07:30", "--term", "8h"};
  std::vector<std::string> eight = term;
  eight.insert(eight.end(), {"--office-hours", "07:30-11:30,13:00-17:00"});
  auto json = Json(eight);
  EXPECT_EQ(json["due"], "2026-11-26T17:00:00+07:00");
  EXPECT_EQ(json["office_day_minutes"], 480);
  EXPECT_EQ(json["office_hours"], "07:30-11:30,13:00-17:00");
  json = Json(term);
  EXPECT_EQ(json["due"], "2026-11-27T08:00:00+07:00");
  EXPECT_EQ(json["office_day_minutes"], 450);
  std::vector<std::string> explained = term;
  explained.emplace_back("--explain");
  EXPECT_THAT(RunDue(explained).out, HasSubstr("office day:  7.5 office hours"));
  EXPECT_EQ(RunDue({"--batch", "-", "--office-hours", "07:30-11:30,13:00-17:00"},
                   "received,term\n2026-11-26T07:30,8h\n")
                .out,
            "2026-11-26T17:00:00+07:00\n");
}

TEST(Faults, C11_ReceivedAtClosingSharp) {
  EXPECT_EQ(RunDue({"--received", "2020-03-02T17:00", "--term", "1wd"}).out,
            "2020-03-03T17:00:00+07:00\n");
  EXPECT_THAT(RunDue({"--received", "2020-03-02T17:00", "--term", "1wd", "--explain"}).out,
              HasSubstr("closing time sharp is still inside"));
}

TEST(DueCommand, TakesACalendarFile) {
  const std::string file =
      std::string(MOTCUA_SOURCE_DIR) + "/deploy/catalogue/calendars/vn-state.toml";
  EXPECT_EQ(Json({"--received", "2020-01-20T09:32", "--term", "5wd", "--calendar", file})["due"],
            "2020-02-03T17:00:00+07:00");
}

TEST(DueCommand, BadInputNamesFlagAndReason) {
  const std::vector<std::string> good = {"--received", "2020-01-20T09:32", "--term", "5wd"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), good.begin(), good.end());
    return more;
  };
  const std::pair<std::vector<std::string>, const char*> bad[] = {
      {{"--term", "5wd"}, "error: --received: is missing"},
      {{"--received", "2020-01-20T09:32"}, "error: --term: is missing"},
      {{"--received", "yesterday", "--term", "5wd"}, "error: --received: \"yesterday\" is not"},
      {{"--received", "2020-02-30T09:32", "--term", "5wd"}, "error: --received: "},
      {{"--received", "2020-01-20T09:32", "--term", "5"}, "error: --term: \"5\" is not a term"},
      {{"--received", "2051-01-20T09:32", "--term", "5wd"}, "error: --received, --term: "},
      {with({"--mode", "x"}), "error: --mode: "},
      {with({"--start", "x"}), "error: --start: "},
      {with({"--format", "xml"}), "error: --format: \"xml\" is neither text nor json"},
      {with({"--calendar", "x"}), "error: --calendar: \"x\" is neither"},
      {with({"--office-hours", "7-5"}),
       "error: --office-hours: office_hours: \"7-5\" is not a span"},
      {with({"--office-hours", "13:00-17:00,07:30-11:30"}),
       "error: --office-hours: office_hours: spans overlap"},
      {with({"--calendar", "/nowhere.toml"}), "error: --calendar: /nowhere.toml: "},
      {with({"--pause", "2020-01-21T10:00"}), "error: --pause: "},
      {with({"--pause", "2020-01-21T10:00/x"}), "error: --pause: \"x\" is not"},
      {with({"--pause", "2020-01-21T10:00/2020-01-20T10:00"}), "error: --pause: "},
      {with({"--pause", "2020-01-19T10:00/2020-01-21T10:00"}),
       "error: --pause: pauses[0]: begins before the receipt"},
      {with({"--batch", "x.csv"}), "error: --received: does not go with --batch"},
      {{"--batch", "/nowhere.csv"}, "error: --batch: \"/nowhere.csv\" cannot be read"},
      {{"--batch", "/tmp"}, "error: --batch: \"/tmp\" cannot be read"},
  };
  for (const auto& [arguments, message] : bad) {
    const Ran ran = RunDue(arguments);
    EXPECT_EQ(ran.status, 2) << message;
    EXPECT_THAT(ran.err, StartsWith(message));
    EXPECT_EQ(ran.out, "");
  }
}

TEST(DueBatch, OneAnswerPerLine) {
  const Ran ran = RunDue({"--batch", "-"},
                         "received,term,mode,start\n"
                         "2020-01-20T09:32,5wd,,\n"
                         "2023-10-27T09:32,5wd,keep_hour,\n"
                         "2020-10-30T09:00,1wd,,at_once\r\n"
                         "2020-10-30T09:00,0.25wd,,\n"
                         "\n"
                         "x,5wd,,\n"
                         "2020-10-30T09:00,5,,\n"
                         "2020-10-30T09:00,5wd,y,\n"
                         "2020-10-30T09:00,5wd,,z\n"
                         "2051-10-30T09:00,5wd,,\n"
                         "\"2020-10-30T09:00,5wd,,\n"
                         "2020-10-30T09:00\n"
                         "2020-10-30T09:00,5wd,,,,\n"
                         "2020-10-30T09:00:30,1h,,");
  EXPECT_EQ(ran.status, 0);
  EXPECT_EQ(ran.err, "14 lines, 9 bad\n");
  std::vector<std::string> lines;
  std::istringstream out(ran.out);
  for (std::string line; std::getline(out, line);) lines.push_back(line);
  ASSERT_EQ(lines.size(), 14U);
  EXPECT_EQ(lines[0], "2020-02-03T17:00:00+07:00");
  EXPECT_EQ(lines[1], "2023-11-03T09:32:00+07:00");
  EXPECT_EQ(lines[2], "2020-10-30T17:00:00+07:00");
  EXPECT_EQ(lines[3], "2020-11-02T09:22:30+07:00");
  EXPECT_EQ(lines[4], "error: received: the line is empty");
  for (std::size_t i = 4; i < 13; ++i) EXPECT_THAT(lines[i], StartsWith("error: ")) << i;
  EXPECT_EQ(lines[13], "2020-10-30T10:00:30+07:00");
}

TEST(DueBatch, ColumnsInAnyOrderAndDefaultsFromFlags) {
  const Ran ran = RunDue({"--batch", "-", "--mode", "keep_hour"},
                         "\xEF\xBB\xBFnote,term,received\nx,5wd,2023-10-27T09:32\n");
  EXPECT_EQ(ran.out, "2023-11-03T09:32:00+07:00\n");
}

TEST(DueBatch, AHeaderIsNeeded) {
  EXPECT_THAT(RunDue({"--batch", "-"}, "").err, HasSubstr("the file is empty"));
  const Ran ran = RunDue({"--batch", "-"}, "received\n2020-01-20T09:32\n");
  EXPECT_EQ(ran.status, 2);
  EXPECT_THAT(ran.err, HasSubstr("--batch: line 1: the column \"term\" is missing"));
}

TEST(DueBatch, AnswersAMillionLinesInTheirOrder) {
  constexpr int kLines = 1'000'000;
  std::string text = "received,term,mode,start\n";
  for (int i = 0; i < kLines; ++i) text += i % 2 == 0 ? "2020-01-20T09:32,5wd,,\n" : "2020,5wd,,\n";
  const Ran ran = RunDue({"--batch", "-"}, text);
  EXPECT_EQ(ran.err, "1000000 lines, 500000 bad\n");
  EXPECT_EQ(std::count(ran.out.begin(), ran.out.end(), '\n'), kLines);
}

}  // namespace
}  // namespace motcua::cli
