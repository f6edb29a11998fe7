// Goal: a mapping that is wrong is refused with file, line and reason; the built-in ones are right.
// Method: one good mapping, broken in one place per case.
#include "services/platform/imports/mapping.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace motcua::imports {
namespace {

constexpr const char* kGood = R"(source = "test"
zone = "Asia/Ho_Chi_Minh"
[id]
column = "id"
[opened]
column = "opened"
[unit]
default = { code = "000.00.01.X11", name = "One" }
[procedure]
key = ["type"]
)";

std::string ErrorOf(const std::string& text) {
  const Result<Mapping> mapping = ParseMapping("m.toml", text);
  return mapping.ok() ? "ok" : mapping.status().message();
}

// kGood with `from` replaced.
std::string Broken(const std::string& from, const std::string& to) {
  std::string text = kGood;
  const std::size_t at = text.find(from);
  if (at == std::string::npos) return "bad test";
  return ErrorOf(text.replace(at, from.size(), to));
}

TEST(Mappings, TheSmallestOneIsEnough) {
  const Result<Mapping> mapping = ParseMapping("m.toml", kGood);
  ASSERT_TRUE(mapping.ok()) << mapping.status().message();
  EXPECT_EQ(mapping->source, "test");
  EXPECT_EQ(mapping->zone->name(), "Asia/Ho_Chi_Minh");
  ASSERT_EQ(mapping->opened.formats.size(), 1U);
  EXPECT_EQ(mapping->opened.formats[0].pattern(), "iso");
}

TEST(Mappings, ErrorsNameFileLineAndReason) {
  EXPECT_EQ(Broken("source = \"test\"", ""), "m.toml:1: \"source\" is missing");
  EXPECT_EQ(Broken("\"test\"", "7"), "m.toml:1: \"source\" is not a text");
  EXPECT_EQ(Broken("\"test\"", "\"" + std::string(65, 'x') + "\""),
            "m.toml:1: \"source\" is longer than 64 bytes");
  EXPECT_EQ(Broken("zone =", "zome ="), "m.toml:2: the key \"zome\" is unknown");
  EXPECT_NE(Broken("Ho_Chi_Minh", "Atlantis").find("m.toml:2: zone: \"Asia/Atlantis\""),
            std::string::npos);
  EXPECT_EQ(Broken("[id]\ncolumn = \"id\"", ""), "m.toml:1: [id] with its \"column\" is missing");
  EXPECT_EQ(Broken("[opened]\ncolumn = \"opened\"", "[opened]"), "m.toml:5: \"column\" is missing");
  EXPECT_NE(Broken("column = \"opened\"", "column = \"opened\"\nformats = [\"dd/MM/yy\"]")
                .find("m.toml:7: formats: the pattern \"yy\""),
            std::string::npos);
  EXPECT_EQ(Broken("column = \"opened\"", "column = \"opened\"\ntime_when_absent = \"25:00\""),
            "m.toml:7: \"time_when_absent\" is not a time like \"17:00\"");
  EXPECT_NE(Broken("000.00.01.X11", "X-11").find("m.toml:8: unit: \"X-11\""), std::string::npos);
  EXPECT_EQ(Broken("default = { code = \"000.00.01.X11\", name = \"One\" }", ""),
            "m.toml:7: [unit] needs a \"column\" or a \"default\"");
  EXPECT_EQ(Broken("key = [\"type\"]", ""), "m.toml:9: \"key\" is missing");
  EXPECT_EQ(Broken("key = [\"type\"]", "key = [1]"),
            "m.toml:10: \"key\" holds something that is not a text");
}

TEST(Mappings, WordsAreChecked) {
  const std::string text = std::string(kGood).append(
      "[channel]\ncolumn = \"c\"\n[channel.table]\n\"Web\" = \"internet\"\n");
  EXPECT_EQ(ErrorOf(text), "m.toml:14: \"internet\" is not one of direct, online, postal");
}

TEST(Mappings, ABrokenFileNamesTheLine) {
  const std::string error = ErrorOf("source = \"x\"\nzone = \n");
  EXPECT_EQ(error.rfind("m.toml:2: ", 0), 0U) << error;
}

TEST(Mappings, APersonalColumnCannotBeMapped) {
  const std::string text = "personal_columns = [\"opened\"]\n" + std::string(kGood);
  EXPECT_EQ(ErrorOf(text), "m.toml:1: \"opened\" is a personal column and is mapped as well");
}

TEST(Mappings, BuiltInOnesParseAndAreTheFilesOfDeploy) {
  ASSERT_EQ(BuiltInMappings().size(), 2U);
  for (const BuiltInMapping& built_in : BuiltInMappings()) {
    const Result<Mapping> mapping = LoadMapping(std::string(built_in.name));
    EXPECT_TRUE(mapping.ok()) << mapping.status().message();
    std::ifstream file(std::string(MOTCUA_SOURCE_DIR) + "/deploy/mappings/" +
                       std::string(built_in.name) + ".toml");
    std::ostringstream text;
    text << file.rdbuf();
    EXPECT_EQ(text.str(), built_in.text);
  }
}

TEST(Mappings, AnUnknownNameSaysWhichAreBuiltIn) {
  const Result<Mapping> mapping = LoadMapping("no-such");
  ASSERT_FALSE(mapping.ok());
  EXPECT_EQ(mapping.status().reason(), Reason::kFileUnreadable);
  EXPECT_NE(mapping.status().message().find("boston311, mau06"), std::string::npos);
}

}  // namespace
}  // namespace motcua::imports
