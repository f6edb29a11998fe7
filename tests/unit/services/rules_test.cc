// Goal: each service decides its own actions and no other's, owes exactly the reactions that carry
// a dossier on by itself, and keeps an index that names what is on a work list now.
// Method: tables over all actions, stages, return modes, shipment and leg states; every pair of leg
// states for the index.

#include "services/deadline/rules.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "services/deadline/alert_index.h"
#include "services/intake/rules.h"
#include "services/postal/rules.h"
#include "services/routing/rules.h"
#include "tests/support/memory_store.h"
#include "tests/unit/services/service_test_support.h"

namespace motcua {
namespace {

using cases::Outcome;
using cases::Stage;
using postal::ShipmentState;
using routing::LegState;
using testing_support::Day;
using testing_support::LegIn;
using testing_support::ProcessingDossier;
using testing_support::RecordingIndex;

struct Rules {
  intake::IntakeRules intake;
  routing::RoutingRules routing;
  deadline::DeadlineRules deadline;
  postal::PostalRules postal;
  std::vector<const engine::ServiceRules*> all() const {
    return {&intake, &routing, &deadline, &postal};
  }
};

TEST(ServiceRules, EveryActionIsDecidedByExactlyOneServiceAndThatKeepsWhatItReads) {
  const Rules rules;
  std::map<std::string, int> decided;
  ForEachLeaf<cases::Action>([&]<typename A>(std::type_identity<A>) {
    const cases::Action action{A{}};
    std::string deciders;
    for (const engine::ServiceRules* service : rules.all()) {
      if (!service->Decides(action)) continue;
      deciders += service->name();
      cases::Parts kept = service->parts();
      kept |= A::kRow.parts;
      EXPECT_EQ(kept, service->parts()) << A::kRow.name;
    }
    EXPECT_EQ(deciders, cases::NameOf(A::kRow.owner)) << A::kRow.name;
    EXPECT_FALSE(A::kRow.name.empty());
    ++decided[deciders];
  });
  EXPECT_EQ(decided.size(), rules.all().size()) << "each service decides something";
}

TEST(ServiceRules, TheNamesOfActionsAreUnique) {
  std::set<std::string_view> names;
  ForEachLeaf<cases::Action>([&]<typename A>(std::type_identity<A>) {
    EXPECT_TRUE(names.insert(A::kRow.name).second) << A::kRow.name;
    EXPECT_EQ(&cases::RowOf(A{}), &A::kRow);
  });
}

TEST(IntakeRules, AFinishedRouteOwesTheResultThatItsLastStageSays) {
  const intake::IntakeRules rules;
  for (int stage = 0; stage <= static_cast<int>(Stage::kWithdrawn); ++stage) {
    for (const LegState state : {LegState::kWaiting, LegState::kAccepted, LegState::kCompleted}) {
      for (const auto outcome : {routing::LegOutcome::kGranted, routing::LegOutcome::kRejected}) {
        cases::Dossier dossier = ProcessingDossier();
        dossier.stage = static_cast<Stage>(stage);
        dossier.route.legs = {LegIn("H49.1", LegState::kCompleted), LegIn("H49.2", state, 2)};
        dossier.route.legs[1].outcome = outcome;
        const std::optional<cases::Action> owed = rules.Owed(dossier);
        const bool expected = dossier.stage == Stage::kProcessing && state == LegState::kCompleted;
        ASSERT_EQ(owed.has_value(), expected) << stage;
        if (!owed) continue;
        EXPECT_EQ(
            LeafOf<cases::RecordResult>(*owed).outcome,
            outcome == routing::LegOutcome::kRejected ? Outcome::kRejected : Outcome::kGranted);
      }
    }
  }
}

TEST(IntakeRules, ADossierWithoutARouteOwesNoResult) {
  EXPECT_FALSE(intake::IntakeRules().Owed(ProcessingDossier()));
}

TEST(IntakeRules, ADeliveryOwesTheClosing) {
  for (int stage = 0; stage <= static_cast<int>(Stage::kWithdrawn); ++stage) {
    for (int state = 0; state <= static_cast<int>(ShipmentState::kReturned); ++state) {
      cases::Dossier dossier = ProcessingDossier();
      dossier.stage = static_cast<Stage>(stage);
      dossier.shipment.state = static_cast<ShipmentState>(state);
      const std::optional<cases::Action> owed = intake::IntakeRules().Owed(dossier);
      ASSERT_EQ(owed.has_value(), dossier.stage == Stage::kResultReady &&
                                      dossier.shipment.state == ShipmentState::kDelivered);
      EXPECT_TRUE(!owed || HoldsLeaf<cases::CloseDelivered>(*owed));
    }
  }
}

TEST(PostalRules, AReadyResultThatGoesByPostOwesAShipment) {
  for (int stage = 0; stage <= static_cast<int>(Stage::kWithdrawn); ++stage) {
    for (const auto mode : {cases::ReturnMode::kCounter, cases::ReturnMode::kPostal}) {
      for (int state = 0; state <= static_cast<int>(ShipmentState::kReturned); ++state) {
        cases::Dossier dossier = ProcessingDossier();
        dossier.stage = static_cast<Stage>(stage);
        dossier.return_mode = mode;
        dossier.shipment.state = static_cast<ShipmentState>(state);
        const std::optional<cases::Action> owed = postal::PostalRules().Owed(dossier);
        ASSERT_EQ(owed.has_value(), dossier.stage == Stage::kResultReady &&
                                        mode == cases::ReturnMode::kPostal &&
                                        dossier.shipment.state == ShipmentState::kNone);
        EXPECT_TRUE(!owed || HoldsLeaf<cases::RegisterShipment>(*owed));
      }
    }
  }
}

TEST(PostalRules, TheIndexHoldsOpenShipments) {
  const postal::PostalRules rules;
  for (int from = 0; from <= static_cast<int>(ShipmentState::kReturned); ++from) {
    for (int to = 0; to <= static_cast<int>(ShipmentState::kReturned); ++to) {
      cases::Dossier before = ProcessingDossier();
      before.shipment.state = static_cast<ShipmentState>(from);
      cases::Dossier after = before;
      after.shipment.state = static_cast<ShipmentState>(to);
      RecordingIndex index;
      rules.Index({}, &before, after, {}, index);
      std::string expected;
      if (before.shipment.open() != after.shipment.open()) {
        expected = (after.shipment.open() ? "+" : "-") + postal::OpenShipmentKey(after.code) + "\n";
      }
      EXPECT_EQ(index.log, expected) << from << " to " << to;
    }
  }
  EXPECT_EQ(postal::OpenShipmentKey(ProcessingDossier().code), "XS000.23.10.H49-201031-0001");
  EXPECT_EQ(postal::OpenShipmentPrefix(cases::UnitCode("000.23.10.H49")), "XS000.23.10.H49-");
}

TEST(PostalRules, TheIndexKnowsWhereAnItemNumberWasUsed) {
  const postal::PostalRules rules;
  testing_support::MemoryStore store;
  const auto index = [&](const cases::Dossier* before, const cases::Dossier& after) {
    RecordingIndex recorded;
    rules.Index({}, before, after, {}, recorded);
    for (const auto& [key, value] : recorded.rows) {
      ASSERT_TRUE(store.Write({engine::StoreWrite{key, value}}).ok());
    }
  };
  const auto given = *ParseZonedTime("2020-11-02T09:00:00+07:00");
  const cases::Dossier registered = ProcessingDossier();
  cases::Dossier handed_over = registered;
  handed_over.shipment.state = ShipmentState::kHandedOver;
  handed_over.shipment.item_number = "EX123456785VN";
  handed_over.shipment.handed_over = given;
  cases::Dossier other = handed_over;
  other.code = cases::DossierCode("000.23.10.H49-201031-0002");
  cases::Dossier delivered = handed_over;
  delivered.shipment.state = ShipmentState::kDelivered;

  using Uses = std::vector<cases::ItemUse>;
  EXPECT_EQ(*rules.UsesOfItem(store, "EX123456785VN"), Uses());
  index(&registered, handed_over);
  index(&registered, other);
  EXPECT_EQ(*rules.UsesOfItem(store, "EX123456785VN"),
            (Uses{{handed_over.code, given.instant, true}, {other.code, given.instant, true}}));
  EXPECT_EQ(*rules.UsesOfItem(store, "EX123456785V"), Uses());
  index(&handed_over, delivered);
  EXPECT_FALSE(rules.UsesOfItem(store, "EX123456785VN")->front().open);
  // Released anew, it goes with another number: the use stays known.
  cases::Dossier released = delivered;
  released.shipment = {};
  index(&delivered, released);
  EXPECT_EQ(rules.UsesOfItem(store, "EX123456785VN")->size(), 2U);
}

TEST(PostalRules, AHandOverThatIsTakenBackGaveNoNumber) {
  const postal::PostalRules rules;
  cases::Dossier handed_over = ProcessingDossier();
  handed_over.shipment.state = ShipmentState::kHandedOver;
  handed_over.shipment.item_number = "EX123456785VN";
  handed_over.shipment.handed_over = Day(101);
  cases::Dossier registered = ProcessingDossier();
  registered.shipment.state = ShipmentState::kRegistered;
  cases::CaseEvent correction;
  correction.payload = cases::EventTakenBack{2, cases::CorrectionReason::kOther, {}};
  RecordingIndex index;
  rules.Index({}, &handed_over, registered, correction, index);
  EXPECT_EQ(index.log, "-XIEX123456785VN|" + registered.code.value() + "\n");
}

TEST(RoutingRules, TheWorkListHoldsLegsThatAreSentOrInHand) {
  const routing::RoutingRules rules;
  const auto listed = [](LegState state) {
    return state == LegState::kSent || state == LegState::kAcknowledged ||
           state == LegState::kAccepted;
  };
  for (int from = 0; from <= static_cast<int>(LegState::kReturned); ++from) {
    for (int to = 0; to <= static_cast<int>(LegState::kReturned); ++to) {
      cases::Dossier before = ProcessingDossier();
      before.route.legs = {LegIn("H49.7", static_cast<LegState>(from))};
      cases::Dossier after = before;
      after.route.legs[0].state = static_cast<LegState>(to);
      RecordingIndex index;
      rules.Index({}, &before, after, {}, index);
      const bool was = listed(static_cast<LegState>(from));
      const bool is = listed(static_cast<LegState>(to));
      std::string expected;
      if (was != is) {
        expected =
            (is ? "+" : "-") + routing::WorkListKey(cases::UnitCode("H49.7"), after.code, 1) + "\n";
      }
      EXPECT_EQ(index.log, expected) << from << " to " << to;
    }
  }
}

TEST(RoutingRules, AWithdrawnDossierLeavesEveryWorkList) {
  cases::Dossier before = ProcessingDossier();
  before.route.legs = {LegIn("H49.7", LegState::kCompleted), LegIn("H49.8", LegState::kSent, 2),
                       LegIn("H49.9", LegState::kAccepted, 2)};
  cases::Dossier after = before;
  after.stage = Stage::kWithdrawn;
  RecordingIndex index;
  routing::RoutingRules().Index({}, &before, after, {}, index);
  EXPECT_EQ(index.log, "-" + routing::WorkListKey(cases::UnitCode("H49.8"), after.code, 2) + "\n-" +
                           routing::WorkListKey(cases::UnitCode("H49.9"), after.code, 3) + "\n");
}

TEST(RoutingRules, WorkListKeysOfOneUnitStandTogether) {
  const cases::DossierCode code("000.23.10.H49-201031-0001");
  const std::string key = routing::WorkListKey(cases::UnitCode("H49"), code, 3);
  const std::string prefix = routing::WorkListPrefix(cases::UnitCode("H49"));
  ASSERT_EQ(key.substr(0, prefix.size()), prefix);
  const auto row = routing::ParseWorkListRow(std::string_view(key).substr(prefix.size()));
  ASSERT_TRUE(row);
  EXPECT_EQ(row->dossier, code);
  EXPECT_EQ(row->leg, 3);
  // A unit whose code goes on after this one's is another unit.
  EXPECT_NE(routing::WorkListKey(cases::UnitCode("H49.1"), code, 3).substr(0, prefix.size()),
            prefix);
  EXPECT_FALSE(routing::ParseWorkListRow(""));
  EXPECT_FALSE(routing::ParseWorkListRow("ab"));
}

TEST(DeadlineRules, TheTimerIsTheNextAlert) {
  cases::Dossier dossier = ProcessingDossier();
  EXPECT_FALSE(deadline::DeadlineRules().NextTimer(dossier, kInstantMin));
  dossier.clock.now.due = Day(110);
  dossier.clock.now.due_soon = Day(109).instant;
  auto timer = deadline::DeadlineRules().NextTimer(dossier, kInstantMin);
  ASSERT_TRUE(timer);
  EXPECT_EQ(timer->at, Day(109).instant);
  const cases::AlertKey soon{cases::AlertKind::kDueSoon, 0, Day(110).instant};
  EXPECT_EQ(LeafOf<cases::RaiseAlert>(timer->action).alert, soon);

  dossier.alerts.push_back({soon, Day(109).instant, false});
  timer = deadline::DeadlineRules().NextTimer(dossier, kInstantMin);
  ASSERT_TRUE(timer);
  EXPECT_EQ(timer->at, Day(110).instant + Micros(1));

  // Once the due date has passed, or was said to have, nothing is due soon any more.
  dossier.alerts.clear();
  for (const bool said : {false, true}) {
    timer = deadline::DeadlineRules().NextTimer(dossier, Day(said ? 109 : 113).instant);
    const cases::AlertKey over{cases::AlertKind::kOverdue, 0, Day(110).instant};
    ASSERT_EQ(timer.has_value(), !said);
    if (timer) {
      EXPECT_EQ(LeafOf<cases::RaiseAlert>(timer->action).alert, over);
    }
    dossier.alerts.push_back({over, Day(113).instant, false});
  }
  dossier.alerts.clear();

  dossier.stage = Stage::kPaused;
  EXPECT_FALSE(deadline::DeadlineRules().NextTimer(dossier, kInstantMin));
}

TEST(DeadlineRules, TheIndexHoldsAlertsAtThePlaceOfTheirEvents) {
  cases::Dossier after = ProcessingDossier();
  after.route.legs = {LegIn("H49.7", LegState::kAccepted)};
  const engine::Position position{3, 77, Day(111).instant};
  cases::CaseEvent event;
  for (const std::uint8_t leg : {std::uint8_t{0}, std::uint8_t{1}}) {
    const cases::AlertKey key{cases::AlertKind::kOverdue, leg, Day(110).instant};
    event.payload = cases::AlertRaised{key};
    RecordingIndex index;
    deadline::DeadlineRules().Index(position, nullptr, after, event, index);
    ASSERT_EQ(index.rows.size(), 1U);
    EXPECT_EQ(index.rows.begin()->first, std::string("XA\0\3\0\0\0\0\0\0\0\x4D", 12));
    const Result<deadline::AlertRow> row = deadline::DecodeAlertRow(index.rows.begin()->second);
    ASSERT_TRUE(row.ok());
    EXPECT_EQ(*row, (deadline::AlertRow{after.code, key, Day(111).instant,
                                        cases::UnitCode(leg == 0 ? "000.23.10.H49" : "H49.7")}));
  }
  event.payload = cases::LegAccepted{1};
  RecordingIndex index;
  deadline::DeadlineRules().Index(position, nullptr, after, event, index);
  EXPECT_EQ(index.log, "");
}

}  // namespace
}  // namespace motcua
