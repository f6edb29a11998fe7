// Goal: a process whose clock is wrong decides nothing that counts, is told so, floods nothing, and
//       goes on by itself once its clock is right; what cannot be read stays nowhere (faults C10,
//       review 4.1, 4.5).
// Method: a partition by hand over a log with a clock of its own; the process's clock is set.
#include <gtest/gtest.h>

#include "tests/unit/engine/partition_fixture.h"

namespace motcua::engine {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class ClockCheckTest : public ::testing::Test {
 protected:
  ClockCheckTest() { log_.clock = &log_clock_; }

  // For the process and for the log.
  void Pass(Micros time) {
    clock_.Pass(time);
    log_clock_.Pass(time);
  }
  void SetClock(Micros ahead) { clock_.now = log_clock_.now + ahead; }
  std::uint64_t Untimely(const Instance& instance) {
    return instance.metrics.events[static_cast<std::size_t>(Acceptance::kClockDisagrees)];
  }

  HandLog log_;
  HandClock log_clock_;
  HandClock clock_;
  const intake::IntakeRules intake_rules_;
  const deadline::DeadlineRules deadline_rules_;
};

TEST_F(ClockCheckTest, Faults_C10_TwoHoursAheadForOneReceipt) {
  Instance intake(log_, clock_, intake_rules_);
  const auto right = intake.Ask(Receive(1));
  intake.LandAllAndRun();
  EXPECT_EQ(Say(right), "v1");
  EXPECT_EQ(intake.partition().clock_check().state(), ClockState::kAgrees);

  SetClock(hours(2));
  const auto wrong = intake.Ask(Receive(2));
  intake.LandAllAndRun();
  EXPECT_EQ(Say(wrong), "CLOCK_DISAGREES");
  EXPECT_EQ((*wrong)->status().metadata().front().second, "7200");
  EXPECT_EQ(Untimely(intake), 1U);
  EXPECT_EQ(intake.partition().clock_check().state(), ClockState::kDisagrees);
  EXPECT_EQ(intake.partition().effective(), log_clock_.now);

  // Told at once now, and nothing more is appended.
  const auto second = intake.Ask(Receive(3));
  EXPECT_EQ(Say(second), "CLOCK_DISAGREES");
  EXPECT_TRUE(log_.held.empty());
  // What was answered before is answered still.
  EXPECT_EQ(Say(intake.Ask(Receive(1))), "v1 again");

  SetClock(Micros(0));
  Pass(seconds(1));
  const auto again = intake.Ask(Receive(2));
  intake.LandAllAndRun();
  EXPECT_EQ(Say(again), "v1");
  EXPECT_EQ((*again)->value().dossier.value(), "000.23.10.H49-260105-0002");
  EXPECT_EQ((*again)->value().received.instant, log_clock_.now);
  EXPECT_EQ(intake.partition().clock_check().state(), ClockState::kAgrees);
}

TEST_F(ClockCheckTest, Faults_C10_TwoHoursBehindOnAQuietPartition) {
  SetClock(-hours(2));
  Instance intake(log_, clock_, intake_rules_);
  const auto wrong = intake.Ask(Receive(1));
  intake.LandAllAndRun();
  EXPECT_EQ(Say(wrong), "CLOCK_DISAGREES");
  EXPECT_EQ((*wrong)->status().metadata().front().second, "-7200");
}

// A deadline service that is 30 days ahead raises nothing, and tries it once.
TEST_F(ClockCheckTest, Faults_C10_ThirtyDaysAheadRaiseNoAlerts) {
  Instance intake(log_, clock_, intake_rules_);
  constexpr int kDossiers = 8;
  for (int i = 1; i <= kDossiers; ++i) intake.Ask(Receive(i));
  intake.LandAllAndRun();
  ASSERT_EQ(log_.landed.size(), static_cast<std::size_t>(kDossiers));
  Instance deadline(log_, clock_, deadline_rules_);
  ASSERT_TRUE(log_.held.empty());

  SetClock(hours(24 * 30));
  deadline.Run();
  EXPECT_EQ(log_.held_records(), 1U);
  deadline.LandAllAndRun();
  EXPECT_EQ(log_.landed.size(), kDossiers + 1U);
  EXPECT_EQ(deadline.metrics.alerts_raised, 0U);
  EXPECT_EQ(deadline.partition().clock_check().state(), ClockState::kDisagrees);
  EXPECT_GE(deadline.partition().NextWake(), seconds(1));
  // One more now and then, each time later: it may be the log's clock that is set right.
  for (int minute = 0; minute < 60; ++minute) {
    for (int second = 0; second < 60; second += 2) {
      Pass(seconds(2));
      deadline.LandAllAndRun();
    }
  }
  EXPECT_LE(log_.landed.size(), kDossiers + 80U);
  EXPECT_EQ(deadline.metrics.alerts_raised, 0U);

  SetClock(Micros(0));
  deadline.LandAllAndRun();
  EXPECT_EQ(deadline.metrics.alerts_raised, 0U);
  EXPECT_EQ(deadline.partition().clock_check().state(), ClockState::kUnsure);

  // And all of them when they are due.
  Pass(hours(24 * 60));
  for (int i = 0; i < kDossiers * 3; ++i) {
    deadline.LandAllAndRun();
    Pass(seconds(1));
  }
  EXPECT_GE(deadline.metrics.alerts_raised, static_cast<std::uint64_t>(kDossiers));
}

// A process that only reads knows it, too: by records that were not there a moment ago.
TEST_F(ClockCheckTest, AReaderLearnsItFromOthers) {
  HandClock other_clock;
  Instance intake(log_, clock_, intake_rules_);
  Instance deadline(log_, other_clock, deadline_rules_);
  other_clock.now = other_clock.now - hours(24 * 366);
  const auto received = intake.Ask(Receive(1));
  intake.LandAllAndRun();
  EXPECT_EQ(Say(received), "v1");
  deadline.Run();
  EXPECT_EQ(deadline.partition().clock_check().state(), ClockState::kDisagrees);
  EXPECT_LT(deadline.partition().clock_check().offset(), -hours(24 * 365));
}

// A machine that slept: its wall clock is right, its monotonic one stood still.
TEST_F(ClockCheckTest, AStepAloneRefusesNobody) {
  Instance intake(log_, clock_, intake_rules_);
  intake.Ask(Receive(1));
  intake.LandAllAndRun();
  log_clock_.Pass(hours(9));
  SetClock(Micros(0));
  const auto received = intake.Ask(Receive(2));
  intake.LandAllAndRun();
  EXPECT_EQ(Say(received), "v1");
  EXPECT_EQ(intake.partition().clock_check().state(), ClockState::kAgrees);
}

// It was the log's clock; nobody's own steps when that is set right.
TEST_F(ClockCheckTest, AWrongClockOfTheLogEndsByItself) {
  Instance intake(log_, clock_, intake_rules_);
  log_clock_.now = log_clock_.now + hours(5);
  const auto lost = intake.Ask(Receive(1));
  intake.LandAllAndRun();
  EXPECT_EQ(Say(lost), "CLOCK_DISAGREES");
  log_clock_.now = log_clock_.now - hours(5);
  EXPECT_EQ(Say(intake.Ask(Receive(1))), "CLOCK_DISAGREES");
  Pass(kClockProbeFirst);
  const auto received = intake.Ask(Receive(1));
  intake.LandAllAndRun();
  EXPECT_EQ(Say(received), "v1");
}

// A clock that NTP leads back slowly is right again without a step.
TEST_F(ClockCheckTest, AClockThatIsSlewedIsNoticed) {
  ClockCheck check;
  const Instant start = log_clock_.now;
  check.Look(start + minutes(2), Micros(0));
  check.Observe(start, Micros(0));
  EXPECT_EQ(check.state(), ClockState::kDisagrees);
  check.Look(start + seconds(1) + seconds(50), seconds(1));
  EXPECT_EQ(check.state(), ClockState::kUnsure);
}

// Records of a log that kept no instants are trusted.
TEST_F(ClockCheckTest, ALogWithoutInstantsIsTrusted) {
  log_.clock = nullptr;
  SetClock(hours(2));
  Instance intake(log_, clock_, intake_rules_);
  const auto received = intake.Ask(Receive(1));
  intake.LandAllAndRun();
  EXPECT_EQ(Say(received), "v1");
}

// A codec that writes what it cannot read, or reads no more what it wrote.
class SpoiltCodec final : public Codec {
 public:
  std::uint32_t event_schema() const override { return codec_.event_schema(); }
  std::string EncodeEvent(const cases::CaseEvent& event) const override {
    return (spoil ? "\xC3" : "") + codec_.EncodeEvent(event);
  }
  Result<cases::CaseEvent> DecodeEvent(std::string_view bytes) const override {
    if (blind) return Status(Reason::kRecordInvalid, "is not a case event");
    return codec_.DecodeEvent(bytes);
  }
  std::string_view KeyOf(std::string_view bytes) const override { return codec_.KeyOf(bytes); }
  std::string EncodeRow(const cases::AggregateState& state) const override {
    return codec_.EncodeRow(state);
  }
  Result<cases::AggregateState> DecodeRow(const cases::AggregateId& id,
                                          std::string_view bytes) const override {
    return codec_.DecodeRow(id, bytes);
  }

  bool spoil = false;
  bool blind = false;

 private:
  const wire::WireCodec codec_;
};

// What its own reader would not understand never reaches the log.
TEST_F(ClockCheckTest, Review_4_1_AnEventThatCannotBeReadBackIsInternal) {
  const auto codec = std::make_shared<SpoiltCodec>();
  Instance intake(log_, clock_, intake_rules_, {}, codec);
  codec->spoil = true;
  const auto refused = intake.Ask(Receive(1));
  EXPECT_EQ(Say(refused), "INTERNAL");
  EXPECT_TRUE(log_.held.empty());
  codec->spoil = false;
  const auto received = intake.Ask(Receive(1));
  intake.LandAllAndRun();
  EXPECT_EQ(Say(received), "v1");
}

TEST_F(ClockCheckTest, Review_4_1_AnOwnRecordThatIsUnreadableLaterStaysNowhere) {
  const auto codec = std::make_shared<SpoiltCodec>();
  Instance intake(log_, clock_, intake_rules_, {}, codec);
  const auto received = intake.Ask(Receive(1));
  codec->blind = true;
  intake.LandAllAndRun();
  EXPECT_EQ(Say(received), "INTERNAL");
  EXPECT_EQ(intake.partition().in_flight(), 0U);
  codec->blind = false;
  const auto again = intake.Ask(Receive(2));
  intake.LandAllAndRun();
  EXPECT_EQ(Say(again), "v1");
}

}  // namespace
}  // namespace motcua::engine
