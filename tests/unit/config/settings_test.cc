// Goal: the table of settings is sound, the sample file in deploy/config is what it says, and what
// is printed can be read again.
// Method: names derived from every row and compared with each other; the sample generated and
// compared with the file (MOTCUA_UPDATE_CONFIG=1 writes it anew), then loaded with every line
// uncommented; the effective settings printed, loaded and printed again.
#include "services/platform/config/settings.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "services/platform/config/load.h"
#include "services/platform/config/print.h"
#include "tests/support/temp_dir.h"

namespace motcua::config {
namespace {

constexpr const char* kSamplePath = MOTCUA_SOURCE_DIR "/deploy/config/motcua.toml";

std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST(Settings, HaveNamesThatAreUniqueInEverySource) {
  std::set<std::string> names;
  for (const Setting& setting : Settings()) {
    for (const std::string& key : {std::string(setting.key), FileKeyOf(setting.key)}) {
      // A file of a secret is named like a setting, so it may not meet one.
      if (key != setting.key && !setting.secret) continue;
      EXPECT_TRUE(names.insert(FlagOf(key)).second) << key;
      EXPECT_TRUE(names.insert(EnvironmentOf(key)).second) << key;
    }
  }
  EXPECT_EQ(FlagOf("kafka.sasl_password"), "--kafka-sasl-password");
  EXPECT_EQ(EnvironmentOf("kafka.sasl_password"), "MOTCUA_KAFKA_SASL_PASSWORD");
}

TEST(Settings, HaveDefaultsInTheirRanges) {
  for (const Setting& setting : Settings()) {
    const Value value = setting.get({});
    std::string text = TomlOf(setting, value);
    if (text.front() == '"') text = text.substr(1, text.size() - 2);
    const Result<Value> parsed = ParseValue(setting, text, "");
    ASSERT_TRUE(parsed.ok()) << setting.key << ": " << parsed.status().message();
    EXPECT_EQ(*parsed, value) << setting.key;
    EXPECT_TRUE(setting.sentence.ends_with(".")) << setting.key;
  }
}

TEST(Settings, WriteTheSampleFile) {
  if (std::getenv("MOTCUA_UPDATE_CONFIG") != nullptr) std::ofstream(kSamplePath) << PrintSample();
  EXPECT_EQ(ReadAll(kSamplePath), PrintSample()) << "MOTCUA_UPDATE_CONFIG=1 writes it anew";
}

TEST(Settings, ReadTheSampleWithEveryLineUncommentedAsTheDefaults) {
  std::istringstream sample(PrintSample());
  std::string text;
  std::string line;
  std::size_t settings = 0;
  while (std::getline(sample, line)) {
    if (line.starts_with("# ") && line.find(" = ") != std::string::npos) {
      line = line.substr(2);
      ++settings;
    }
    if (line == "data = \"\"") line = "data = \"/var/lib/motcua\"";
    if (line == "brokers = \"\"") line = "brokers = \"kafka:9092\"";
    text += line + "\n";
  }
  EXPECT_EQ(settings, Settings().size());
  const testing::TempDir folder;
  std::ofstream(folder / "all.toml") << text;
  const Result<Loaded> loaded = Load({"motcua-x", "", {"--config", folder / "all.toml"}, {}, ""});
  ASSERT_TRUE(loaded.ok()) << loaded.status().ToString();
  for (const Setting& setting : Settings()) {
    if (setting.required) continue;
    EXPECT_EQ(setting.get(loaded->config), setting.get({})) << setting.key;
  }
}

TEST(Settings, PrintWhatReadsBackTheSame) {
  const Sources sources{"motcua-x",
                        "",
                        {"--print-config", "--data", R"(/a "b" \c)", "--log-format=json"},
                        {"MOTCUA_KAFKA_BROKERS=a:1,b:2", "MOTCUA_INSTANCE_REPLICAS=4"},
                        ""};
  const Result<Loaded> loaded = Load(sources);
  ASSERT_TRUE(loaded.ok()) << loaded.status().ToString();
  const testing::TempDir folder;
  std::ofstream(folder / "printed.toml") << loaded->print;
  const Result<Loaded> again =
      Load({"motcua-x", "", {"--config", folder / "printed.toml"}, {}, ""});
  ASSERT_TRUE(again.ok()) << again.status().ToString() << "\n" << loaded->print;
  for (const Setting& setting : Settings()) {
    EXPECT_EQ(setting.get(again->config), setting.get(loaded->config)) << setting.key;
  }
}

}  // namespace
}  // namespace motcua::config
