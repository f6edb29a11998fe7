// Goal: where a shipment stands is what the carrier said last by its own clock, whatever comes
// late, early or twice; and nothing is on the way before it was handed over.
// Method: the right values of the fault rows; then every state of a shipment, every report, every
// time relation, judged by a small model that shares nothing with the rules.
#include <gtest/gtest.h>

#include <functional>

#include "tests/unit/cases/life.h"

namespace motcua::cases {
namespace {

using postal::FailureReason;
using postal::ShipmentState;
using testing::Life;

constexpr const char* kItem = "EX123456785VN";

// 2020-10-26 was a Monday.
Instant On(int day, int hour, int minute = 0, int second = 0) {
  return StartOfDay(MakeDate(2020, 10, day), UtcOffset{7 * 60}) + std::chrono::hours(hour) +
         std::chrono::minutes(minute) + std::chrono::seconds(second);
}

class PostFaults : public ::testing::Test {
 protected:
  void Must(const Status& status) { ASSERT_TRUE(status.ok()) << status.ToString(); }
  void Ready(Life& life) {
    Must(life.Do(
        ReceiveDossier{testing::kCentre, testing::kPlain, Channel::kDirect, ReturnMode::kPostal}));
    Must(life.Do(RecordResult{}));
    Must(life.Do(RegisterShipment{}));
  }
  // Handed over on Monday at 12:00:30.
  void HandOver(Life& life) {
    Ready(life);
    life.SetNow("2020-10-26T12:00:30+07:00");
    Must(life.Do(HandOverShipment{kItem, "vnpost"}));
    life.SetNow("2020-10-30T17:00:00+07:00");
  }
  const postal::Shipment& shipment() const { return life_.dossier().shipment; }

  Life life_;
};

TEST_F(PostFaults, P1_TheStateIsTheLatestByTheCarriersClock) {
  HandOver(life_);
  Must(life_.Do(TrackShipment{ShipmentState::kOutForDelivery, On(27, 11)}));
  Must(life_.Do(TrackShipment{ShipmentState::kInTransit, On(27, 9)}));
  EXPECT_EQ(shipment().state, ShipmentState::kOutForDelivery);
  EXPECT_EQ(LeafOf<ShipmentTracked>(life_.last().payload).occurred.instant, On(27, 9)) << "kept";
  Must(life_.Do(TrackShipment{ShipmentState::kInTransit, On(27, 12)}));
  EXPECT_EQ(shipment().state, ShipmentState::kInTransit);
  EXPECT_EQ(shipment().reported, On(27, 12));
}

TEST_F(PostFaults, P2_OneAttemptReportedTwiceIsOne) {
  HandOver(life_);
  const FailDelivery absent{FailureReason::kAbsent, On(27, 9, 10)};
  Must(life_.Do(absent));
  EXPECT_FALSE(LeafOf<DeliveryFailed>(life_.last().payload).same_attempt);
  Must(life_.Do(absent));
  EXPECT_TRUE(LeafOf<DeliveryFailed>(life_.last().payload).same_attempt);
  // One working day later it is still the first invitation, two later the second.
  Must(life_.Do(FailDelivery{FailureReason::kAbsent, On(28, 9)}));
  EXPECT_EQ(shipment().attempts.size(), 1U);
  Must(life_.Do(FailDelivery{FailureReason::kAbsent, On(29, 8)}));
  EXPECT_EQ(shipment().attempts.size(), 2U);
  // Told late: the first one again.
  Must(life_.Do(FailDelivery{FailureReason::kAbsent, On(26, 16)}));
  EXPECT_EQ(shipment().attempts.size(), 2U);
}

TEST_F(PostFaults, P2_TwoDaysAreWorkingDays) {
  Ready(life_);
  life_.SetNow("2020-10-29T08:00:00+07:00");
  Must(life_.Do(HandOverShipment{kItem, "vnpost"}));
  life_.SetNow("2020-11-06T17:00:00+07:00");
  Must(life_.Do(FailDelivery{FailureReason::kAbsent, On(29, 9)}));  // a Thursday
  Must(life_.Do(FailDelivery{FailureReason::kAbsent, On(31, 9)}));
  EXPECT_EQ(shipment().attempts.size(), 1U) << "Friday is the only working day between";
  Must(life_.Do(FailDelivery{FailureReason::kAbsent, On(31, 9) + std::chrono::hours(48)}));
  EXPECT_EQ(shipment().attempts.size(), 2U) << "Monday";
}

TEST_F(PostFaults, P3_NothingHappensBeforeTheHandOver) {
  HandOver(life_);
  const Instant early = On(26, 11, 59);
  for (const Action& action : {Action(DeliverShipment{postal::ProofKind::kSignature, "", early}),
                               Action(TrackShipment{ShipmentState::kInTransit, early}),
                               Action(TrackShipment{ShipmentState::kReturning, early}),
                               Action(FailDelivery{FailureReason::kAbsent, early})}) {
    const Status status = life_.Do(action);
    EXPECT_EQ(status.reason(), Reason::kFieldInvalid);
    EXPECT_NE(status.message().find("before the hand-over"), std::string::npos);
    EXPECT_EQ(status.metadata().front().second, "occurred_time");
  }
  // Carriers tell minutes.
  Must(life_.Do(TrackShipment{ShipmentState::kInTransit, On(26, 12)}));
}

TEST_F(PostFaults, P3_AllMayHappenInOneMinute) {
  life_.SetNow("2020-10-26T12:00:20+07:00");
  Ready(life_);
  Must(life_.Do(HandOverShipment{kItem, "vnpost"}));
  life_.SetNow("2020-10-26T12:00:40+07:00");
  Must(life_.Do(DeliverShipment{postal::ProofKind::kSignature, "", On(26, 12)}));
}

TEST_F(PostFaults, P4_AnItemNumberIsOnOneShipment) {
  HandOver(life_);
  const DossierCode first = life_.dossier().code;
  Ready(life_);
  Status status = life_.Do(HandOverShipment{kItem, "vnpost"});
  EXPECT_EQ(status.reason(), Reason::kFieldInvalid);
  EXPECT_EQ(status.metadata(),
            (Status::Metadata{{"field", "item_number"}, {"dossier", first.value()}}));
  EXPECT_NE(status.message().find("has not ended"), std::string::npos) << status.message();
  const DossierCode second = life_.dossier().code;

  life_.Turn(first);
  Must(life_.Do(DeliverShipment{}));
  life_.Turn(second);
  life_.SetNow("2021-10-25T17:00:00+07:00");
  status = life_.Do(HandOverShipment{kItem, "vnpost"});
  EXPECT_NE(status.message().find("12 months"), std::string::npos) << status.message();
  life_.SetNow("2021-10-26T00:00:00+07:00");
  Must(life_.Do(HandOverShipment{kItem, "vnpost"}));
}

TEST_F(PostFaults, P4_AYearEndsOnADayThatThereIs) {
  EXPECT_EQ(postal::ItemFreeFrom(MakeDate(2024, 2, 29)), MakeDate(2025, 2, 28));
  EXPECT_EQ(postal::ItemFreeFrom(MakeDate(2023, 2, 28)), MakeDate(2024, 2, 28));
  EXPECT_EQ(postal::ItemFreeFrom(MakeDate(2023, 12, 31)), MakeDate(2024, 12, 31));
}

// ---- Every state, every report, every time -----------------------------------------------------

enum class When { kBeforeHandOver, kEarlier, kSame, kLater, kFuture };
constexpr std::array kWhens = {When::kBeforeHandOver, When::kEarlier, When::kSame, When::kLater,
                               When::kFuture};
enum class Report { kInTransit, kOut, kReturning, kFail, kDeliver };
constexpr std::array kReports = {Report::kInTransit, Report::kOut, Report::kReturning,
                                 Report::kFail, Report::kDeliver};
// How a shipment comes to each state that it may have; the latest report is of 27/10 at 10:00.
using Bring = std::vector<Action>;
std::vector<std::pair<ShipmentState, Bring>> States() {
  const Action hand_over = HandOverShipment{kItem, "vnpost"};
  const Instant then = On(27, 10);
  const auto track = [&](ShipmentState state) { return Action(TrackShipment{state, then}); };
  return {
      {ShipmentState::kRegistered, {}},
      {ShipmentState::kHandedOver, {hand_over}},
      {ShipmentState::kInTransit, {hand_over, track(ShipmentState::kInTransit)}},
      {ShipmentState::kOutForDelivery, {hand_over, track(ShipmentState::kOutForDelivery)}},
      {ShipmentState::kDeliveryFailed, {hand_over, FailDelivery{FailureReason::kAbsent, then}}},
      {ShipmentState::kReturning, {hand_over, track(ShipmentState::kReturning)}},
      {ShipmentState::kDelivered,
       {hand_over, DeliverShipment{postal::ProofKind::kPhoto, "p", then}}},
      {ShipmentState::kReturned, {hand_over, ReturnShipment{}}},
  };
}

Instant TimeOf(When when) {
  switch (when) {
    case When::kBeforeHandOver:
      return On(26, 11);
    case When::kEarlier:
      return On(26, 15);
    case When::kSame:
      return On(27, 10);
    case When::kLater:
      return On(29, 10);
    case When::kFuture:
      return On(31, 10);
  }
  return {};
}

Action ActionOf(Report report, Instant at) {
  switch (report) {
    case Report::kInTransit:
      return TrackShipment{ShipmentState::kInTransit, at};
    case Report::kOut:
      return TrackShipment{ShipmentState::kOutForDelivery, at};
    case Report::kReturning:
      return TrackShipment{ShipmentState::kReturning, at};
    case Report::kFail:
      return FailDelivery{FailureReason::kAbsent, at};
    case Report::kDeliver:
      break;
  }
  return DeliverShipment{postal::ProofKind::kSignature, "", at};
}

ShipmentState StateOf(Report report) {
  constexpr std::array kStates = {ShipmentState::kInTransit, ShipmentState::kOutForDelivery,
                                  ShipmentState::kReturning, ShipmentState::kDeliveryFailed,
                                  ShipmentState::kDelivered};
  return kStates.at(static_cast<std::size_t>(report));
}

// The model: the state that must follow; none where the report must be refused.
std::optional<ShipmentState> Expected(ShipmentState state, Report report, When when) {
  const bool with_carrier = state != ShipmentState::kRegistered &&
                            state != ShipmentState::kDelivered && state != ShipmentState::kReturned;
  if (!with_carrier || when == When::kBeforeHandOver || when == When::kFuture) return std::nullopt;
  const bool on_its_way_back = state == ShipmentState::kReturning;
  if (report == Report::kDeliver) {
    return on_its_way_back ? std::nullopt : std::optional(ShipmentState::kDelivered);
  }
  const bool late = state != ShipmentState::kHandedOver && when == When::kEarlier;
  if (late) return state;
  if (on_its_way_back && report != Report::kReturning) return std::nullopt;
  return StateOf(report);
}

TEST_F(PostFaults, P1_EveryStateEveryReportEveryTime) {
  int taken = 0;
  for (const auto& [state, actions] : States()) {
    for (const Report report : kReports) {
      for (const When when : kWhens) {
        SCOPED_TRACE(std::string(Name(state)) + " report " +
                     std::to_string(static_cast<int>(report)) + " time " +
                     std::to_string(static_cast<int>(when)));
        Life life;
        Ready(life);
        life.SetNow("2020-10-26T12:00:30+07:00");
        for (const Action& action : actions) {
          Must(life.Do(action));
          life.SetNow("2020-10-30T17:00:00+07:00");
        }
        ASSERT_EQ(life.dossier().shipment.state, state);
        const postal::Shipment before = life.dossier().shipment;
        const auto expected = Expected(state, report, when);
        // The report, and the very same again.
        for (int twice = 0; twice < 2; ++twice) {
          const Status status = life.Do(ActionOf(report, TimeOf(when)));
          const bool ended = twice == 1 && report == Report::kDeliver;
          ASSERT_EQ(status.ok(), expected.has_value() && !ended) << status.ToString();
        }
        const postal::Shipment& after = life.dossier().shipment;
        EXPECT_EQ(after.state, expected.value_or(before.state));
        if (!expected) {
          EXPECT_EQ(after, before);
          continue;
        }
        ++taken;
        // On 26 and 27 one attempt, on 29 another.
        const bool failed_before = state == ShipmentState::kDeliveryFailed;
        const bool counts = report == Report::kFail && (!failed_before || when == When::kLater);
        EXPECT_EQ(after.attempts.size(), before.attempts.size() + (counts ? 1U : 0U));
      }
    }
  }
  EXPECT_EQ(taken, 4 * 15 + 6) << "nearly all of what the carrier may say is taken";
}

}  // namespace
}  // namespace motcua::cases
