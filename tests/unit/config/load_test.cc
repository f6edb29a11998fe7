// Goal: each setting comes from the source that it should come from, and what is wrong stops the
// start with key, source and reason.
// Method: files, variables and arguments handed in; a table of mistakes with the words that the
// refusal must have.
#include "services/platform/config/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "services/platform/config/settings.h"
#include "tests/support/temp_dir.h"

namespace motcua::config {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class LoadTest : public ::testing::Test {
 protected:
  LoadTest() {
    sources_.program = "motcua-test";
    sources_.arguments = {"--data", "/d", "--kafka-brokers", "k:9092"};
    sources_.environment = {"PATH=/bin", "HOME=/root"};
    sources_.host_name = "host";
  }

  std::string Write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }
  void File(const std::string& text) {
    sources_.arguments.insert(sources_.arguments.end(), {"--config", Write("motcua.toml", text)});
  }
  void Flag(const std::string& flag) { sources_.arguments.push_back(flag); }
  void Variable(const std::string& variable) { sources_.environment.push_back(variable); }

  ProcessConfig Loads() {
    Result<Loaded> loaded = Load(sources_);
    EXPECT_TRUE(loaded.ok()) << loaded.status().ToString();
    return loaded.ok() ? loaded->config : ProcessConfig();
  }
  // "field|source|message"
  std::string Refusal() {
    const Result<Loaded> loaded = Load(sources_);
    if (loaded.ok()) return "none";
    const Status status = loaded.status();
    EXPECT_EQ(status.reason(), Reason::kFieldInvalid) << status.ToString();
    return status.message();
  }

  testing::TempDir folder_;
  Sources sources_;
};

TEST_F(LoadTest, FlagsOverrideTheEnvironmentThatTheFileThatDefaults) {
  File("listen = \"file:1\"\ncatalogue = \"file\"\n[kafka]\ntopic = \"file\"\n");
  Variable("MOTCUA_CATALOGUE=environment");
  Variable("MOTCUA_KAFKA_TOPIC=environment");
  Flag("--kafka-topic=flag");
  const ProcessConfig config = Loads();
  EXPECT_EQ(config.listen, "file:1");
  EXPECT_EQ(config.catalogue, "environment");
  EXPECT_EQ(config.kafka.topic, "flag");
  EXPECT_EQ(config.instance.grace, std::chrono::milliseconds(1'000));
}

TEST_F(LoadTest, EverySettingArrivesInItsFieldFromEverySource) {
  for (const Setting& setting : Settings()) {
    // Another value than the default, of the setting's kind.
    std::string text = "other";
    if (setting.kind == Kind::kFlag) text = "true";
    if (setting.kind == Kind::kInteger || setting.kind == Kind::kInstanceNumber) text = "7";
    if (setting.kind == Kind::kWord) text = setting.words.back();
    const Value expected = *ParseValue(setting, text, "");
    ASSERT_NE(expected, setting.get({})) << setting.key;
    const bool quoted = setting.kind == Kind::kText || setting.kind == Kind::kWord;
    const std::string section(SectionOf(setting.key));
    const std::string file = Write("one.toml", (section.empty() ? "" : "[" + section + "]\n") +
                                                   std::string(NameOf(setting.key)) + " = " +
                                                   (quoted ? "\"" + text + "\"" : text) + "\n");
    for (const Sources& sources :
         {Sources{"", "", {"--config", file}, {}, ""},
          Sources{"", "", {}, {EnvironmentOf(setting.key) + "=" + text}, ""},
          Sources{"", "", {FlagOf(setting.key) + "=" + text}, {}, ""}}) {
      Sources printing = sources;
      printing.arguments.emplace_back("--print-config");
      const Result<Loaded> loaded = Load(printing);
      if (loaded.ok()) {
        EXPECT_EQ(setting.get(loaded->config), expected) << setting.key;
      } else {
        // It was taken, and a cross check wants others beside it.
        EXPECT_THAT(loaded.status().message(),
                    ::testing::AnyOf(HasSubstr("needed"), HasSubstr("must be below"),
                                     HasSubstr("is given")))
            << setting.key;
      }
    }
  }
}

TEST_F(LoadTest, TheFileMayBeNamedByTheEnvironmentAndTheFlagWins) {
  Variable("MOTCUA_CONFIG=" + Write("a.toml", "catalogue = \"a\"\n"));
  EXPECT_EQ(Loads().catalogue, "a");
  File("listen = \"b:1\"\n");
  const ProcessConfig config = Loads();
  EXPECT_EQ(config.catalogue, "");
  EXPECT_EQ(config.listen, "b:1");
}

TEST_F(LoadTest, TheOrdinalIsReadFromTheHostsName) {
  Flag("--instance-ordinal=auto");
  Flag("--instance-replicas=8");
  const std::vector<std::pair<std::string, int>> table = {{"motcua-intake-3", 3},
                                                          {"motcua-intake-3.motcua.svc", 3},
                                                          {"plain", 0},
                                                          {"a-b", 0},
                                                          {"a-", 0},
                                                          {"intake-07", 7}};
  for (const auto& [host, ordinal] : table) {
    sources_.host_name = host;
    EXPECT_EQ(Loads().instance.ordinal, ordinal) << host;
  }
  sources_.host_name = "intake-8";
  EXPECT_THAT(Refusal(), HasSubstr("must be below instance.replicas, which is 8"));
  sources_.host_name = "ip-10-0-0-99999999999999999999";
  EXPECT_THAT(Refusal(), HasSubstr("whole number from 0 to 255"));
}

TEST_F(LoadTest, ASecretMayBeTheFirstLineOfAFile) {
  Flag("--kafka-security-protocol=sasl_ssl");
  Flag("--kafka-sasl-mechanism=SCRAM-SHA-512");
  Flag("--kafka-sasl-username=u");
  Variable("MOTCUA_KAFKA_SASL_PASSWORD_FILE=" + Write("password", "s3cret\n"));
  EXPECT_EQ(Loads().kafka.sasl_password, "s3cret");
  Flag("--kafka-sasl-password=flag");
  EXPECT_EQ(Loads().kafka.sasl_password, "flag");  // a later source wins
  Variable("MOTCUA_KAFKA_SASL_PASSWORD=both");
  EXPECT_THAT(Refusal(), HasSubstr("cannot be given together with kafka.sasl_password"));
}

TEST_F(LoadTest, SecretsAreNeverPrinted) {
  Flag("--kafka-security-protocol=sasl_plaintext");
  Flag("--kafka-sasl-mechanism=PLAIN");
  Flag("--kafka-sasl-username=u");
  Flag("--kafka-sasl-password=s3cret");
  Flag("--print-config");
  const Result<Loaded> loaded = Load(sources_);
  ASSERT_TRUE(loaded.ok()) << loaded.status().ToString();
  EXPECT_THAT(loaded->print, HasSubstr("sasl_password = \"*****\"  # flag --kafka-sasl-password"));
  EXPECT_THAT(loaded->print, Not(HasSubstr("s3cret")));
  sources_.arguments.pop_back();
  sources_.arguments.back() = "--kafka-sasl-password=s3cret\x01";
  EXPECT_THAT(Refusal(), Not(HasSubstr("s3cret")));
}

TEST_F(LoadTest, HelpNamesEveryFlagWithItsSentenceAndDefault) {
  Flag("--help");
  const Result<Loaded> loaded = Load(sources_);
  ASSERT_TRUE(loaded.ok()) << loaded.status().ToString();
  for (const Setting& setting : Settings()) {
    EXPECT_THAT(loaded->print, HasSubstr(FlagOf(setting.key))) << setting.key;
    EXPECT_THAT(loaded->print, HasSubstr(std::string(setting.sentence))) << setting.key;
  }
  EXPECT_THAT(loaded->print, HasSubstr("Default \"motcua.case-events.v1\""));
}

TEST_F(LoadTest, WhatIsMissingIsSaidButPrintedAnyway) {
  sources_.arguments.clear();
  EXPECT_EQ(Refusal(), "data (given nowhere): is required: --data or MOTCUA_DATA");
  Flag("--print-config");
  const Result<Loaded> loaded = Load(sources_);
  ASSERT_TRUE(loaded.ok()) << loaded.status().ToString();
  EXPECT_THAT(loaded->print, HasSubstr("# data = \"\"  # required, and given nowhere"));
}

TEST_F(LoadTest, OtherVariablesAreLeftAlone) {
  for (const char* variable :
       {"MOTCUA_CHAOS_SEED=1", "MOTCUA_BENCH_KAFKA=b:1", "MOTCUA_KAFKA_SCRIPT=k",
        "MOTCUA_KAFKA_JARS=j", "MOTCUA_TLS=1", "MOTCUA_CA_FILE=c", "MOTCUA_SERVER=a:1",
        "MOTCUA_CLUSTER=b", "MOTCUA_JOBS=2", "MOTCUA_UPDATE_WIRE=1",
        "MOTCUA_INTAKE_SERVICE_HOST=10.0.0.1", "MOTCUA_INTAKE_SERVICE_PORT_GRPC=7070",
        "MOTCUA_INTAKE_PORT=tcp://10.0.0.1:7070", "MOTCUA_INTAKE_PORT_7070_TCP_ADDR=10.0.0.1"}) {
    Variable(variable);
  }
  Loads();
}

struct Mistake {
  std::string file;
  std::string variable;
  std::string flag;
  std::string refusal;  // its end; FILE stands for the file's path
};

TEST_F(LoadTest, EveryMistakeNamesKeySourceAndReason) {
  const std::vector<Mistake> mistakes = {
      {"[kafka]\ntopics = \"a\"\n", "", "", "kafka.topics (FILE:2): is no setting; see --help"},
      {"lisen = \"a\"\n", "", "", "lisen (FILE:1): is no setting"},
      {"[kafka.more]\na = 1\n", "", "", "kafka.more (FILE:1): is no setting"},
      {"\ndata = 3\n", "", "", "data (FILE:2): must be a text"},
      {"insecure_public = \"true\"\n", "", "", "insecure_public (FILE:1): must be true or false"},
      {"[instance]\nreplicas = \"2\"\n", "", "",
       "instance.replicas (FILE:2): must be a whole number from 1 to 256"},
      {"[instance]\nreplicas = 0\n", "", "",
       "instance.replicas (FILE:2): must be a whole number from 1 to 256"},
      {"[log]\nlevel = \"loud\"\n", "", "",
       "log.level (FILE:2): must be one of debug, info, warning, error"},
      {"", "MOTCUA_KAFKA_TOPICS=a", "",
       "MOTCUA_KAFKA_TOPICS (environment MOTCUA_KAFKA_TOPICS): is no setting"},
      {"", "MOTCUA_LISEN=a", "", "MOTCUA_LISEN (environment MOTCUA_LISEN): is no setting"},
      {"", "MOTCUA_INSTANCE_GRACE_MS=10001", "",
       "instance.grace_ms (environment MOTCUA_INSTANCE_GRACE_MS): must be a whole number from 0 to "
       "10000 (milliseconds)"},
      {"", "MOTCUA_INSTANCE_GRACE_MS= 5", "", "must be a whole number from 0 to 10000"},
      {"", "MOTCUA_INSECURE_PUBLIC=yes", "", "must be true or false"},
      {"", "", "--kafka-topics=a", "--kafka-topics (command line): is no flag"},
      {"", "", "stray", "stray (command line): is no flag"},
      {"", "", "--log-format=xml", "log.format (flag --log-format): must be one of text, json"},
      {"", "", "--data=again", "flags (command line): "},
      {"", "", "--kafka-sasl-password-file=/nowhere/x",
       "kafka.sasl_password_file (flag --kafka-sasl-password-file): cannot read /nowhere/x"},
      {"", "", "--tls-certificate=a", "tls.key (default): is needed beside tls.certificate"},
      {"", "", "--tls-key=a", "tls.certificate (default): is needed beside tls.key"},
      {"", "", "--tls-client-authority=a", "tls.certificate (default): is needed beside"},
      {"", "", "--instance-ordinal=1",
       "instance.ordinal (flag --instance-ordinal): is 1 and must be below instance.replicas"},
      {"", "", "--kafka-security-protocol=sasl_ssl", "kafka.sasl_mechanism (default): is needed"},
      {"[kafka]\nsecurity_protocol = \"sasl_ssl\"\nsasl_mechanism = \"PLAIN\"\n", "",
       "--kafka-sasl-password=x",
       "kafka.sasl_username (default): is needed, for kafka.security_protocol is sasl_ssl"},
      {"", "", "--kafka-sasl-username=u",
       "kafka.security_protocol (default): must be sasl_plaintext or sasl_ssl"},
      {"", "", "--kafka-ca-file=a", "kafka.security_protocol (default): must be ssl or sasl_ssl"},
      {"", "", "--kafka-certificate-file=a", "kafka.key_file (default): is needed beside"},
      {"", "", "--kafka-key-password=a", "kafka.key_file (default): is needed beside"},
  };
  const Sources clean = sources_;
  for (const Mistake& mistake : mistakes) {
    sources_ = clean;
    if (!mistake.file.empty()) File(mistake.file);
    if (!mistake.variable.empty()) Variable(mistake.variable);
    if (!mistake.flag.empty()) Flag(mistake.flag);
    std::string expected = mistake.refusal;
    if (const std::size_t at = expected.find("FILE:"); at != std::string::npos) {
      expected.replace(at, 4, (folder_ / "motcua.toml").string());
    }
    EXPECT_THAT(Refusal(), HasSubstr(expected));
  }
}

TEST_F(LoadTest, AFileThatIsNoTomlIsSaidWithItsLine) {
  File("data = \"a\"\nlisten = \n");
  const Status status = Load(sources_).status();
  EXPECT_EQ(status.reason(), Reason::kFileInvalid);
  EXPECT_THAT(status.message(), HasSubstr("motcua.toml:2: "));
  sources_.arguments.back() = "/nowhere/motcua.toml";
  EXPECT_EQ(Load(sources_).status().reason(), Reason::kFileUnreadable);
}

}  // namespace
}  // namespace motcua::config
