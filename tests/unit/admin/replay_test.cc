// Goal: the replay says of each record what every service says when it reads it.
// Method: records made by hand, one for each verdict, on two dossiers of one register book.
#include "services/admin/replay.h"

#include <gtest/gtest.h>

#include <string>

#include "services/base/hash.h"
#include "services/engine/partition.h"
#include "services/wire/codec.h"

namespace motcua::admin {
namespace {

constexpr engine::PartitionId kPartitions = 3;
const cases::UnitCode kUnit("000.23.10.H49");
const wire::WireCodec kCodec;

// `book`: the head of the register book that it follows.
cases::CaseEvent Received(std::uint32_t number, cases::Head book, std::uint8_t request) {
  cases::CaseEvent event;
  event.dossier = cases::MakeDossierCode(kUnit, MakeDate(2020, 10, 31), number);
  event.SetSteps({}, book);
  event.request_id.bytes[0] = request;
  event.correlation_id = event.request_id;
  event.actor = cases::ActorId("officer:1");
  event.at = ParseZonedTime("2020-10-31T09:00:00+07:00").value();
  cases::DossierReceived received;
  received.procedure = cases::ProcedureCode("1.000893");
  received.procedure_version = 1;
  received.register_year = 2020;
  received.register_number = book.version + 1;
  received.calendar = calendar::CalendarId("vn-state");
  received.clock_start = event.at;
  event.payload = received;
  return event;
}

cases::Tip TipOf(const cases::CaseEvent& event) {
  return cases::Tip(HashBytes(kCodec.EncodeEvent(event)));
}

class ReplayTest : public ::testing::Test {
 protected:
  Verdict Next(const std::string& bytes, std::optional<Instant> appended = std::nullopt) {
    return replay_.Next(offset_++, {bytes, appended})->verdict;
  }
  Verdict Next(const cases::CaseEvent& event) { return Next(kCodec.EncodeEvent(event)); }

  Replay replay_{engine::PartitionOf(kUnit, kPartitions), kPartitions, kCodec};
  engine::Offset offset_ = 0;
};

TEST_F(ReplayTest, SaysWhatBecomesOfEachRecord) {
  const cases::CaseEvent first = Received(1, {0, cases::Tip()}, 1);
  EXPECT_EQ(Next(kCodec.EncodeEvent(first), first.at.instant + std::chrono::hours(2)),
            Verdict::kClockDisagrees);
  EXPECT_EQ(Next(kCodec.EncodeEvent(first), first.at.instant), Verdict::kAccepted);
  EXPECT_EQ(Next(first), Verdict::kStale);
  EXPECT_EQ(Next("\xff no event"), Verdict::kNotAnEvent);

  // Its place in the book is the next one, but after another first event.
  EXPECT_EQ(Next(Received(2, {1, cases::Tip(42)}, 2)), Verdict::kOtherHistory);
  EXPECT_EQ(Next(Received(2, {1, TipOf(first)}, 1)), Verdict::kRepeated);
  EXPECT_EQ(Next(Received(2, {2, TipOf(first)}, 2)), Verdict::kEarly);
  EXPECT_EQ(Next(Received(2, {1, TipOf(first)}, 2)), Verdict::kAccepted);

  cases::CaseEvent no_number = Received(3, {2, cases::Tip()}, 3);
  no_number.steps.pop_back();
  EXPECT_EQ(Next(no_number), Verdict::kMisplaced);
}

TEST_F(ReplayTest, ARecordInAnotherPartitionIsMisrouted) {
  const auto elsewhere =
      static_cast<engine::PartitionId>((engine::PartitionOf(kUnit, kPartitions) + 1) % kPartitions);
  Replay other(elsewhere, kPartitions, kCodec);
  const auto record = other.Next(0, {kCodec.EncodeEvent(Received(1, {0, cases::Tip()}, 1)), {}});
  ASSERT_TRUE(record.ok());
  EXPECT_EQ(record->verdict, Verdict::kMisrouted);
}

// More records than it keeps in memory as they are: what it has put away counts as well.
TEST_F(ReplayTest, RemembersAcrossItsCommits) {
  constexpr std::uint32_t kDossiers = 10'000;
  cases::Tip tip;
  cases::CaseEvent first;
  for (std::uint32_t number = 1; number <= kDossiers; ++number) {
    cases::CaseEvent event = Received(number, {number - 1, tip}, 1);
    for (std::size_t i = 0; i < 4; ++i) {
      event.request_id.bytes[4 + i] = static_cast<std::uint8_t>(number >> (8 * i));
    }
    if (number == 1) first = event;
    tip = TipOf(event);
    ASSERT_EQ(Next(event), Verdict::kAccepted) << number;
  }
  EXPECT_EQ(Next(first), Verdict::kStale);
}

TEST(VerdictName, IsAWordOfItsOwnForEach) {
  EXPECT_EQ(VerdictName(Verdict::kAccepted), "accepted");
  EXPECT_EQ(VerdictName(Verdict::kStale), "stale");
  EXPECT_EQ(VerdictName(Verdict::kClockDisagrees), "clock_disagrees");
  EXPECT_EQ(VerdictName(Verdict::kOtherHistory), "other_history");
  EXPECT_EQ(VerdictName(Verdict::kRepeated), "repeated");
  EXPECT_EQ(VerdictName(Verdict::kMisplaced), "misplaced");
  EXPECT_EQ(VerdictName(Verdict::kEarly), "early");
  EXPECT_EQ(VerdictName(Verdict::kMisrouted), "misrouted");
  EXPECT_EQ(VerdictName(Verdict::kNotAnEvent), "not_an_event");
}

}  // namespace
}  // namespace motcua::admin
