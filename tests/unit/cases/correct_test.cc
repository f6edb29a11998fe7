// Goal: a dossier with a mistake that was corrected is the dossier without the mistake, but for its
// trace: versions, tip, requests. What a later decision rests on is not taken back.
// Method: the same walk of random commands twice, once with a random mistake and its correction put
// in at a random place, compared part by part; then the chains of reactions, one by one.
#include "services/domain/cases/correct.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "tests/unit/cases/walk.h"

namespace motcua::cases {
namespace {

using postal::ShipmentState;
using testing::Life;

// All but the trace of how it came about.
Dossier Substance(Dossier dossier) {
  dossier.head = {};
  dossier.requests.clear();
  for (Undo& undo : dossier.undo) undo.version = undo.cause = 0;
  return dossier;
}
std::string Text(const Dossier& dossier) { return Print(Substance(dossier)); }

class Correct : public ::testing::Test {
 protected:
  void Must(const Status& status) { ASSERT_TRUE(status.ok()) << status.ToString(); }
  void Receive(Life& life, const ProcedureCode& procedure, ReturnMode way) {
    Must(life.Do(ReceiveDossier{testing::kWard, procedure, Channel::kDirect, way}));
  }
  Life life_;
};

TEST_F(Correct, AHistoryWithACorrectedMistakeIsTheHistoryWithoutIt) {
  const std::vector<Action> actions = Everything();
  std::set<std::string_view> corrected;
  constexpr unsigned kWalks = 400;
  constexpr int kSteps = 30;
  for (unsigned seed = 0; seed < kWalks; ++seed) {
    std::mt19937 random(seed);
    const auto any = [&] { return actions[random() % actions.size()]; };
    Life right;
    Life wrong;
    const ProcedureCode& procedure = seed % 2 == 0 ? testing::kPlain : testing::kHorizontal;
    const ReturnMode way = seed % 3 == 0 ? ReturnMode::kPostal : ReturnMode::kCounter;
    Receive(right, procedure, way);
    Receive(wrong, procedure, way);
    for (int step = 0; step < kSteps; ++step) {
      const std::chrono::minutes pass(random() % 2000);
      right.Pass(pass);
      wrong.Pass(pass);
      RaiseAlerts(right);
      RaiseAlerts(wrong);
      if (random() % 3 == 0) {
        // In its middle, something else that does not rest on it.
        const Version version = wrong.dossier().head.version + 1;
        const Action mistake = any();
        // To be reminded changes nothing that could be taken back.
        if (!HoldsLeaf<RemindLeg>(mistake) && Act(wrong, mistake).ok()) {
          const std::string_view name = EventName(wrong.dossier().undo.back());
          const Action other = any();
          Life apart = right;
          const bool both = random() % 2 == 0 && apart.Do(other).ok() && wrong.Do(other).ok();
          if (both) right = apart;
          const Status status = wrong.Do(CorrectEvent{version, CorrectionReason::kOther});
          if (!status.ok()) {
            ASSERT_EQ(status.reason(), Reason::kStateForbids);
            ASSERT_TRUE(both) << status.ToString();
            break;  // it stays, and the two go apart
          }
          corrected.insert(name);
          Must(React(right));
          Must(React(wrong));
        }
      }
      ASSERT_EQ(Text(right.dossier()), Text(wrong.dossier())) << "walk " << seed;
      const Action next = any();
      ASSERT_EQ(Act(right, next).ok(), Act(wrong, next).ok()) << "walk " << seed;
      ASSERT_EQ(Text(right.dossier()), Text(wrong.dossier())) << "walk " << seed;
    }
  }
  EXPECT_GE(corrected.size(), 12U);
}

TEST_F(Correct, TakesTheReactionWithIt) {
  Receive(life_, testing::kPlain, ReturnMode::kPostal);
  Must(Act(life_, RecordResult{}));
  Must(Act(life_, HandOverShipment{kItem, "vnpost"}));
  const Dossier before = life_.dossier();
  Must(Act(life_, DeliverShipment{}));
  EXPECT_EQ(life_.dossier().stage, Stage::kClosed);
  const Version delivered = before.head.version + 1;
  // The closing goes with the delivery, never alone: it would be owed again at once.
  EXPECT_EQ(life_.Do(CorrectEvent{delivered + 1}).reason(), Reason::kStateForbids);
  Must(Act(life_, CorrectEvent{delivered, CorrectionReason::kWrongDossier}));
  EXPECT_EQ(LeafOf<EventTakenBack>(life_.last().payload).with, std::vector<Version>{delivered + 1});
  EXPECT_EQ(Text(life_.dossier()), Text(before));
  EXPECT_EQ(life_.dossier().head.version, delivered + 2) << "the history stays";
}

TEST_F(Correct, NamesWhatStandsInTheWay) {
  Receive(life_, testing::kPlain, ReturnMode::kPostal);
  Must(Act(life_, RecordResult{}));  // and registers the shipment
  Must(Act(life_, HandOverShipment{kItem, "vnpost"}));
  const Status status = life_.Do(CorrectEvent{2});
  EXPECT_EQ(status.reason(), Reason::kStateForbids);
  EXPECT_NE(status.message().find("ShipmentHandedOver (version 4, "), std::string::npos)
      << status.ToString();
  Must(Act(life_, CorrectEvent{4}));
  Must(Act(life_, CorrectEvent{2}));
  EXPECT_EQ(life_.dossier().stage, Stage::kProcessing);
  EXPECT_EQ(life_.dossier().shipment, postal::Shipment());
  EXPECT_EQ(life_.Do(CorrectEvent{1}).reason(), Reason::kStateForbids) << "a number was given";
  EXPECT_EQ(life_.Do(CorrectEvent{6}).reason(), Reason::kStateForbids) << "a correction itself";
  EXPECT_EQ(life_.Do(CorrectEvent{2}).reason(), Reason::kStateForbids) << "taken back already";
}

// What a reaction names as its cause may be a correction, which nobody can take back.
TEST_F(Correct, AReactionNamesTheDecisionThatItFollowed) {
  Receive(life_, testing::kHorizontal, ReturnMode::kCounter);
  const auto finish = [&](std::uint8_t leg) {
    static_cast<void>(life_.Do(SendHandOver{leg}));
    static_cast<void>(life_.Do(AcknowledgeHandOver{leg}));
    static_cast<void>(life_.Do(AcceptLeg{leg}));
    Must(Act(life_, CompleteLeg{leg}));
  };
  const auto legs = static_cast<std::uint8_t>(life_.dossier().route.legs.size());
  for (std::uint8_t leg = 1; leg < legs; ++leg) finish(leg);
  Must(life_.Do(PauseClock{PauseReason::kFinancialDuty}));
  const Version pause = life_.dossier().head.version;
  finish(legs);
  const Version completed = life_.dossier().head.version;
  EXPECT_EQ(life_.dossier().stage, Stage::kPaused);
  Must(Act(life_, CorrectEvent{pause}));
  EXPECT_EQ(life_.dossier().stage, Stage::kResultReady);
  const Version result = life_.dossier().head.version;
  const Status status = life_.Do(CorrectEvent{result});
  EXPECT_EQ(status.reason(), Reason::kStateForbids);
  EXPECT_NE(status.message().find("from version " + std::to_string(completed)), std::string::npos)
      << status.ToString();
  Must(life_.Do(CorrectEvent{completed}));
  EXPECT_EQ(life_.dossier().stage, Stage::kProcessing);
}

// Both have signed the manifest, so no one of them alone can say that it had not been.
TEST_F(Correct, WhatWentWithAManifestIsNotTakenBack) {
  Receive(life_, testing::kPlain, ReturnMode::kPostal);
  Must(Act(life_, RecordResult{}));  // and registers the shipment
  Dossier dossier = life_.dossier();
  CaseEvent event;
  event.dossier = dossier.code;
  event.steps = {{AggregateId(dossier.code), 4, dossier.head.tip},
                 {{AggregateKind::kManifest, testing::kWard, "2020-0001"}, 9, Tip(1)}};
  event.cause = 8;  // of the manifest
  event.at = dossier.received;
  event.payload = ShipmentHandedOver{kItem, "vnpost"};
  Apply(dossier, event, event.steps.front(), life_.now(), Tip(2), {.shipment = true});
  const auto named = [](const Status& status) {
    return status.message().find("ShipmentHandedOver (version 4, ") != std::string::npos &&
           status.message().find("manifest 2020-0001") != std::string::npos;
  };
  const Status itself = GoesWith(dossier, 4).status();
  EXPECT_EQ(itself.reason(), Reason::kStateForbids);
  EXPECT_TRUE(named(itself)) << itself.ToString();
  // Nor does it go as if it had followed by itself from the result.
  const Status result = GoesWith(dossier, 2).status();
  EXPECT_EQ(result.reason(), Reason::kStateForbids);
  EXPECT_TRUE(named(result)) << result.ToString();
}

TEST_F(Correct, AMissedDateOfAMistakenStopGoesWithIt) {
  Receive(life_, testing::kPlain, ReturnMode::kCounter);
  life_.Pass(std::chrono::hours(24 * 30));
  Must(life_.Do(RequestSupplement{{1}}));
  EXPECT_TRUE(life_.dossier().clock.missed);
  Must(life_.Do(CorrectEvent{2}));
  EXPECT_FALSE(life_.dossier().clock.missed);
  const auto next = NextAlert(life_.dossier(), life_.now());
  ASSERT_TRUE(next);
  EXPECT_EQ(next->key.kind, AlertKind::kOverdue) << "it runs on, and its date is over";
}

TEST_F(Correct, KeepsNoMoreThanTheLatest) {
  Receive(life_, testing::kPlain, ReturnMode::kCounter);
  for (std::size_t i = 0; i <= kUndoMax; ++i) {
    Must(life_.Do(PauseClock{PauseReason::kFinancialDuty}));
    life_.Pass(std::chrono::hours(1));
    Must(life_.Do(ResumeClock{}));
  }
  EXPECT_EQ(life_.dossier().undo.size(), kUndoMax);
  // One after the other, from the end.
  for (std::size_t i = 0; i < kUndoMax; ++i) {
    Must(life_.Do(CorrectEvent{life_.dossier().undo.back().version}));
  }
  EXPECT_TRUE(life_.dossier().undo.empty());
}

}  // namespace
}  // namespace motcua::cases
