// Goal: every reader of a topic sees when the broker took a record, or when the log that it came
//       from did; a topic that carries its writers' time is refused, and what was written to one
//       counts for nobody (fault C10).
// Method: topics on a real broker, changed behind the log's back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <optional>
#include <string>
#include <vector>

#include "services/engine/clock_check.h"
#include "services/platform/kafka/carried.h"
#include "services/platform/kafka/kafka_log.h"
#include "services/platform/kafka/topics.h"
#include "tests/integration/kafka_log/kafka_testing.h"
#include "tests/integration/rocksdb/fake_codec.h"
#include "tests/support/event_log_testing.h"
#include "tests/support/kafka.h"

namespace motcua::kafka {
namespace {

using testing::FakeRecord;
using ::testing::HasSubstr;
using Instants = std::vector<std::optional<Instant>>;

constexpr Instant kLongAgo{1'500'000'000'123'456};

class KafkaClockTest : public testing::KafkaTopicTest {
 protected:
  std::unique_ptr<KafkaLog> MakeAndOpen() {
    const auto made = Create(1);
    EXPECT_TRUE(made.ok()) << made.status().ToString();
    auto log = Open();
    EXPECT_TRUE(log.ok()) << log.status().ToString();
    return log.ok() ? std::move(log).value() : nullptr;
  }
  std::unique_ptr<KafkaLog> OpenForScenario() {
    KafkaLogOptions options = testing::OptionsOf(brokers_, names_.case_events);
    options.scenario = true;
    auto log = KafkaLog::Open(std::move(options), codec_);
    EXPECT_TRUE(log.ok()) << log.status().ToString();
    return log.ok() ? std::move(log).value() : nullptr;
  }
  static void Append(KafkaLog& log, std::uint32_t version) {
    const auto answer = testing::StartAppend(log, 0, {FakeRecord("A", version)}).get();
    ASSERT_EQ(answer.outcome, engine::AppendOutcome::kAppended) << answer.status.ToString();
  }
  // When the log took each record, as a reader of its own sees it.
  Instants Read() {
    const auto log = Open();
    EXPECT_TRUE(log.ok()) << log.status().ToString();
    return log.ok() ? ReadFrom(**log) : Instants();
  }
  static Instants ReadFrom(KafkaLog& log) {
    Instants instants;
    const Result<engine::Offset> end = testing::EndOf(log, 0);
    EXPECT_TRUE(end.ok());
    testing::Waker waker(log);
    for (engine::Offset next = 0; next < end.value();) {
      const auto chunk = log.Read(0, next);
      EXPECT_TRUE(chunk.ok()) << chunk.status().ToString();
      if (!chunk.ok()) break;
      for (const engine::LogEntry& entry : (*chunk)->entries) instants.push_back(entry.appended);
      const bool some = (*chunk)->next > next;
      next = (*chunk)->next;
      if (!some && !waker.Wait()) break;
    }
    return instants;
  }
};

TEST_F(KafkaClockTest, Faults_C10_EveryReaderSeesWhenTheBrokerTookARecord) {
  const auto log = MakeAndOpen();
  ASSERT_TRUE(log);
  for (std::uint32_t version = 1; version <= 3; ++version) Append(*log, version);
  const Instants seen = Read();
  ASSERT_EQ(seen.size(), 3U);
  for (const auto& instant : seen) {
    ASSERT_TRUE(instant);
    EXPECT_GT(*instant, kLongAgo);
  }
  EXPECT_EQ(Read(), seen);
}

TEST_F(KafkaClockTest, ACarriedRecordKeepsTheInstantOfItsOrigin) {
  const auto log = MakeAndOpen();
  ASSERT_TRUE(log);
  std::promise<engine::AppendOutcome> done;
  log->AppendCarried(
      0, {{FakeRecord("A", 1), kLongAgo}, {FakeRecord("A", 2), std::nullopt}},
      [&done](engine::AppendOutcome outcome, const Status&) { done.set_value(outcome); });
  ASSERT_EQ(done.get_future().get(), engine::AppendOutcome::kAppended);
  EXPECT_EQ(Read(), (Instants{kLongAgo, std::nullopt}));
}

TEST_F(KafkaClockTest, Faults_C10_ATopicOfItsWritersTimeIsRefusedAndSaysSo) {
  ASSERT_TRUE(MakeAndOpen());
  admin_->Set(names_.case_events, "message.timestamp.type", "CreateTime");
  const Status refused = Open().status();
  EXPECT_EQ(refused.reason(), Reason::kFileInvalid);
  EXPECT_THAT(refused.message(), HasSubstr("message.timestamp.type is CreateTime"));
  EXPECT_THAT(refused.message(), HasSubstr("set it to LogAppendTime"));
  const auto findings = CheckTopics(connection_, names_);
  ASSERT_TRUE(findings.ok());
  EXPECT_THAT(*findings, ::testing::Contains(::testing::Field(&TopicFinding::useless, true)));
}

// Somebody changes the topic while services run.
TEST_F(KafkaClockTest, WhatCarriesItsWritersTimeCountsForNobody) {
  const auto log = MakeAndOpen();
  ASSERT_TRUE(log);
  admin_->Set(names_.case_events, "message.timestamp.type", "CreateTime");
  Append(*log, 1);
  admin_->Set(names_.case_events, "message.timestamp.type", "LogAppendTime");
  Append(*log, 2);
  const Instants seen = Read();
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0], Instant{0});
  EXPECT_GT(*seen[1], kLongAgo);
}

// What counted when nobody looked at instants goes on counting.
TEST_F(KafkaClockTest, ALogOfTheFirstProgramsIsTrustedAndSaysSo) {
  admin_->CreateBare(names_.case_events, 1);
  admin_->Set(names_.case_events, "message.timestamp.type", "LogAppendTime");
  const Genesis first{1, std::string(32, 'a'), 0, false};
  admin_->Produce(names_.case_events, 0, std::string(kGenesisKey), FormatGenesis(first));
  KafkaLogOptions options = testing::OptionsOf(brokers_, names_.case_events);
  std::vector<std::string> warnings;
  options.warn = [&warnings](const Status& status) { warnings.push_back(status.message()); };
  const auto log = KafkaLog::Open(options, codec_);
  ASSERT_TRUE(log.ok()) << log.status().ToString();
  EXPECT_THAT(warnings, ::testing::Contains(HasSubstr("a wrong clock is not noticed")));
  Append(**log, 1);
  EXPECT_EQ(ReadFrom(**log), Instants{std::nullopt});
  // Nor would a scenario notice that it is not alone there.
  KafkaLogOptions of_scenario = testing::OptionsOf(brokers_, names_.case_events);
  of_scenario.scenario = true;
  const Status refused = KafkaLog::Open(std::move(of_scenario), codec_).status();
  EXPECT_EQ(refused.reason(), Reason::kFileInvalid) << refused.ToString();
  EXPECT_THAT(refused.message(), HasSubstr("need a topic of their own"));
}

// Others who read the topic (an operator's tools, a process without the setting) see the same.
TEST_F(KafkaClockTest, WhatWasWrittenByAScenariosClockIsTrustedByEveryReader) {
  ASSERT_TRUE(MakeAndOpen());
  const auto scenario = OpenForScenario();
  ASSERT_TRUE(scenario);
  Append(*scenario, 1);
  Append(*scenario, 2);
  EXPECT_EQ(Read(), (Instants{std::nullopt, std::nullopt}));
  EXPECT_EQ(ReadFrom(*scenario), (Instants{std::nullopt, std::nullopt}));
}

// Its events would count there, for all.
TEST_F(KafkaClockTest, AScenarioIsKeptFromATopicOfTheMachinesClock) {
  const auto log = MakeAndOpen();
  ASSERT_TRUE(log);
  Append(*log, 1);
  const auto scenario = OpenForScenario();
  ASSERT_TRUE(scenario);
  testing::Waker waker(*scenario);
  Status read;
  do {
    read = scenario->Read(0, kGenesisOffset).status();
  } while (read.ok() && waker.Wait());
  EXPECT_EQ(read.reason(), Reason::kLogDamaged) << read.ToString();
  EXPECT_THAT(read.message(), HasSubstr("need a topic of their own"));
  const auto refused = testing::StartAppend(*scenario, 0, {FakeRecord("A", 2)}).get();
  EXPECT_EQ(refused.outcome, engine::AppendOutcome::kNotAppended);
  EXPECT_TRUE(log->health().ok());
}

TEST(KafkaCarried, IsWrittenInDigits) {
  EXPECT_EQ(FormatCarried(kLongAgo), "1500000000123456");
  EXPECT_EQ(FormatCarried(std::nullopt), "");
}

}  // namespace
}  // namespace motcua::kafka
