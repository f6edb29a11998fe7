// Goal: an entry is one line that a machine or a person can take apart, whatever is in its values,
// and only what is asked for is written.
// Method: entries with hostile values formatted in both forms, the JSON parsed back; the process's
// log written to a pipe in the place of standard error.
#include "services/platform/telemetry/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

namespace motcua::telemetry {
namespace {

using ::testing::MatchesRegex;

const std::vector<LogField> kFields = {{"address", "127.0.0.1:7070"},
                                       {"why", "two words \"quoted\"\nlevel=error"},
                                       {"bytes", "\xff\xfe"},
                                       {"left", 12},
                                       {"size", std::uint64_t{18'446'744'073'709'551'615U}},
                                       {"serving", true}};

TEST(Log, WritesValuesAsTextThatCannotLookLikeAnotherField) {
  EXPECT_EQ(FormatEntry(LogFormat::kText, "two\nlines", kFields),
            "two\\nlines address=127.0.0.1:7070 why=\"two words \\\"quoted\\\"\\nlevel=error\" "
            "bytes=\"\xef\xbf\xbd\xef\xbf\xbd\" left=12 size=18446744073709551615 serving=true");
}

TEST(Log, WritesValuesAsJsonThatKeepsTheirTypes) {
  const auto entry =
      nlohmann::json::parse("{" + FormatEntry(LogFormat::kJson, "đang chạy\n", kFields) + "}");
  EXPECT_EQ(entry["message"], "đang chạy\n");
  EXPECT_EQ(entry["why"], "two words \"quoted\"\nlevel=error");
  EXPECT_EQ(entry["left"], 12);
  EXPECT_EQ(entry["size"], std::uint64_t{18'446'744'073'709'551'615U});
  EXPECT_EQ(entry["serving"], true);
}

TEST(Log, WritesOneJsonObjectPerLineFromTheLevelOnThatIsAskedFor) {
  ::testing::internal::CaptureStderr();
  ConfigureLog({LogLevel::kWarning, LogFormat::kJson}, {{"service", "intake"}, {"instance", 2}});
  LogDebug("not this");
  LogInfo("nor this");
  LogWarning("slow", {{"left", 3}});
  LogStatus(FieldError("listen", "is taken"));
  LogError("gone");
  ConfigureLog({});
  LogInfo("text", {{"left", 3}});
  std::istringstream lines(::testing::internal::GetCapturedStderr());
  std::vector<std::string> all;
  for (std::string line; std::getline(lines, line);) all.push_back(line);
  ASSERT_EQ(all.size(), 4U);
  const auto slow = nlohmann::json::parse(all[0]);
  EXPECT_EQ(slow["level"], "warning");
  EXPECT_EQ(slow["message"], "slow");
  EXPECT_EQ(slow["service"], "intake");
  EXPECT_EQ(slow["instance"], 2);
  EXPECT_EQ(slow["left"], 3);
  const auto status = nlohmann::json::parse(all[1]);
  EXPECT_EQ(status["message"], "listen: is taken");
  EXPECT_EQ(status["code"], "INVALID_ARGUMENT");
  EXPECT_EQ(status["reason"], "FIELD_INVALID");
  EXPECT_EQ(status["detail_field"], "listen");
  EXPECT_EQ(nlohmann::json::parse(all[2])["level"], "error");
  EXPECT_THAT(all[3], MatchesRegex("[0-9]+-[0-9]+-[0-9]+T[0-9:.]+[+-][0-9:]+ info text left=3"));
}

}  // namespace
}  // namespace motcua::telemetry
