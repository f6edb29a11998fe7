// Goal: manifests of the post hold under everything that an engine does with commands: an event of
// two kinds is accepted as a whole or not at all; numbers, requests and items are never doubled.
// Method: partitions by hand over a log that lets records land one by one.
#include "services/engine/reader.h"
#include "services/postal/rules.h"
#include "tests/unit/engine/partition_fixture.h"

namespace motcua::engine {
namespace {

using cases::ManifestItemState;
using cases::ManifestState;

const cases::UnitCode kUnit("000.23.10.H49");

cases::Command Open(int id) { return Ask(id, cases::OpenManifest{kUnit, "vnpost"}); }
cases::Command On(int id, const cases::AggregateId& manifest, cases::Action action) {
  cases::Command command = Ask(id, std::move(action));
  command.about = manifest;
  return command;
}
cases::AggregateId Numbered(std::uint32_t number) {
  return {cases::AggregateKind::kManifest, kUnit, cases::ManifestKey(2026, number)};
}

class ManifestTest : public ::testing::Test {
 protected:
  // Until nobody has anything to say.
  void Settle() {
    for (int i = 0; i < 8; ++i) {
      intake_.LandAllAndRun();
      post_.LandAllAndRun();
    }
  }
  Answer Done(const Instance::Place& place) {
    Settle();
    EXPECT_TRUE(place->has_value() && (**place).ok())
        << (place->has_value() ? (**place).status().ToString() : "no answer");
    return place->has_value() && (**place).ok() ? ***place : Answer();
  }
  // A dossier whose result waits for the carrier.
  cases::DossierCode Ready(int id) {
    cases::Command receive = Receive(1000 + id);
    LeafOf<cases::ReceiveDossier>(receive.action).return_mode = cases::ReturnMode::kPostal;
    const cases::DossierCode code = Done(intake_.Ask(receive)).dossier;
    Done(intake_.Ask(Ask(2000 + id, cases::RecordResult{}, code)));
    return code;
  }
  cases::Manifest ManifestAt(const Instance& instance, const cases::AggregateId& id) {
    const auto row = instance.store.rows().find(id.path());
    if (row == instance.store.rows().end()) return {};
    const auto state = log_.codec.DecodeRow(id, row->second);
    return state.ok() ? std::get<cases::Manifest>(*state) : cases::Manifest();
  }
  std::vector<std::string> Payloads() {
    std::vector<std::string> names;
    for (const std::string& record : log_.landed) {
      names.emplace_back(cases::PayloadName(log_.codec.DecodeEvent(record)->payload));
    }
    return names;
  }

  HandClock clock_;
  HandLog log_;
  intake::IntakeRules intake_rules_;
  postal::PostalRules rules_;
  Instance intake_{log_, clock_, intake_rules_};
  Instance post_{log_, clock_, rules_};
};

TEST_F(ManifestTest, ShipmentsFollowAHandedOverManifestOneByOne) {
  const cases::DossierCode first = Ready(1);
  const cases::DossierCode second = Ready(2);
  const cases::DossierCode third = Ready(3);
  const cases::AggregateId id = Done(post_.Ask(Open(1))).about;
  EXPECT_EQ(id.name(), "000.23.10.H49/2026-0001");
  EXPECT_EQ(Say(post_.Ask(On(2, id, cases::CloseManifest{}))), "STATE_FORBIDS") << "it is empty";
  Done(post_.Ask(On(3, id, cases::AddManifestItem{first, "EX123456785VN"})));
  Done(post_.Ask(On(4, id, cases::AddManifestItem{second, "EX123456794VN"})));
  Done(post_.Ask(On(5, id, cases::AddManifestItem{third, "EX123456803VN"})));
  EXPECT_EQ(Say(post_.Ask(On(6, id, cases::AddManifestItem{first, "EX100000005VN"}))),
            "ON_MANIFEST_ALREADY");
  EXPECT_EQ(Say(post_.Ask(On(7, id, cases::AddManifestItem{FirstDossier(), "EX123456785VN"}))),
            "ON_MANIFEST_ALREADY");
  EXPECT_EQ(Say(post_.Ask(On(8, id, cases::HandOverManifest{}))), "STATE_FORBIDS");
  Done(post_.Ask(On(9, id, cases::CloseManifest{})));
  EXPECT_EQ(Say(post_.Ask(On(10, id, cases::AddManifestItem{third, "EX100000005VN"}))),
            "STATE_FORBIDS");
  // One was handed over by itself meanwhile.
  Done(post_.Ask(Ask(11, cases::HandOverShipment{"EX100000005VN", "vnpost"}, second)));
  Done(post_.Ask(On(12, id, cases::HandOverManifest{})));
  Settle();

  const cases::Manifest manifest = ManifestAt(post_, id);
  EXPECT_EQ(manifest.state, ManifestState::kHandedOver);
  EXPECT_EQ(manifest.carrier, "vnpost");
  ASSERT_EQ(manifest.items.size(), 3U);
  EXPECT_EQ(manifest.items[0].state, ManifestItemState::kFollowed);
  EXPECT_EQ(manifest.items[1].state, ManifestItemState::kSkipped);
  EXPECT_EQ(manifest.items[2].state, ManifestItemState::kFollowed);
  EXPECT_EQ(manifest.head.version, 9U);  // opened, 3 added, closed, handed over, 3 settled
  const StateReader reader(post_.store, log_.codec);
  EXPECT_EQ(reader.GetDossier(first)->shipment.item_number, "EX123456785VN");
  EXPECT_EQ(reader.GetDossier(second)->shipment.item_number, "EX100000005VN");
  EXPECT_EQ(reader.GetDossier(third)->shipment.state, postal::ShipmentState::kHandedOver);

  // Others follow its versions and keep nothing else of it.
  const cases::Manifest at_intake = ManifestAt(intake_, id);
  EXPECT_EQ(at_intake.head, manifest.head);
  EXPECT_TRUE(at_intake.items.empty());
  // Read again from the log it is the same.
  Instance later(log_, clock_, rules_);
  EXPECT_EQ(later.store.rows(), post_.store.rows());
  EXPECT_TRUE(later.partition().Idle());
}

TEST_F(ManifestTest, WhatIsNotThereIsNamed) {
  EXPECT_EQ(Say(post_.Ask(On(1, Numbered(7), cases::CloseManifest{}))), "MANIFEST_NOT_FOUND");
  const cases::AggregateId id = Done(post_.Ask(Open(2))).about;
  EXPECT_EQ(Say(post_.Ask(On(3, id, cases::AddManifestItem{FirstDossier(), "EX123456785VN"}))),
            "DOSSIER_NOT_FOUND");
  const cases::DossierCode elsewhere("000.01.10.H49-260105-0001");
  EXPECT_EQ(Say(post_.Ask(On(4, id, cases::AddManifestItem{elsewhere, "EX123456785VN"}))),
            "FIELD_INVALID");
  cases::Command close = On(5, id, cases::CloseManifest{});
  close.expected_version = 3;
  EXPECT_EQ(Say(post_.Ask(close)), "VERSION_MISMATCH");
}

TEST_F(ManifestTest, TwoAreOpenedAtOnceAndHaveTwoNumbers) {
  Instance rival(log_, clock_, rules_);
  const auto one = post_.Ask(Open(1));
  const auto other = rival.Ask(Open(2));
  ASSERT_EQ(log_.held.size(), 2U);
  log_.LandNext();
  log_.LandNext();
  for (int i = 0; i < 4; ++i) {
    post_.LandAllAndRun();
    rival.LandAllAndRun();
  }
  EXPECT_EQ(Say(one), "v1");
  EXPECT_EQ(Say(other), "v1");
  EXPECT_EQ((**one)->about, Numbered(1));
  EXPECT_EQ((**other)->about, Numbered(2));
}

TEST_F(ManifestTest, TheSameRequestOfTwoInstancesIsOneManifest) {
  Instance rival(log_, clock_, rules_, {.incarnation = 1});
  const auto one = post_.Ask(Open(1));
  const auto other = rival.Ask(Open(1));
  log_.LandNext();
  log_.LandNext();
  for (int i = 0; i < 4; ++i) {
    post_.LandAllAndRun();
    rival.LandAllAndRun();
  }
  EXPECT_EQ((**one)->about, Numbered(1));
  EXPECT_EQ((**other)->about, Numbered(1));
  EXPECT_EQ(Say(other), "v1 again");
  // Permanently: long after the book has forgotten it, and by an instance that folds the log.
  for (int id = 10; id < 40; ++id) Done(post_.Ask(Open(id)));
  Instance later(log_, clock_, rules_);
  EXPECT_EQ(Say(later.Ask(Open(1))), "v1 again");
  cases::Command reused = Open(1);
  reused.digest = 99;
  EXPECT_EQ(Say(later.Ask(reused)), "REQUEST_ID_REUSED");
  EXPECT_EQ(Done(post_.Ask(Open(41))).about, Numbered(32));
}

TEST_F(ManifestTest, AnItemFollowsOnceWhoeverProposesIt) {
  const cases::DossierCode dossier = Ready(1);
  const cases::AggregateId id = Done(post_.Ask(Open(1))).about;
  Done(post_.Ask(On(2, id, cases::AddManifestItem{dossier, "EX123456785VN"})));
  Done(post_.Ask(On(3, id, cases::CloseManifest{})));
  Instance rival(log_, clock_, rules_);
  post_.Ask(On(4, id, cases::HandOverManifest{}));
  log_.LandNext();
  post_.Run();
  rival.Run();
  ASSERT_EQ(log_.held.size(), 2U) << "both propose it";
  log_.LandNext();
  log_.LandNext();
  for (int i = 0; i < 4; ++i) {
    post_.LandAllAndRun();
    rival.LandAllAndRun();
  }
  std::size_t handed_over = 0;
  for (const std::string& name : Payloads()) handed_over += name == "ShipmentHandedOver" ? 1U : 0U;
  EXPECT_EQ(handed_over, 2U) << "one of them counts for nobody";
  EXPECT_EQ(ManifestAt(post_, id).items.front().state, ManifestItemState::kFollowed);
  const StateReader reader(rival.store, log_.codec);
  EXPECT_EQ(reader.GetDossier(dossier)->head.version, 4U);
}

// The steps of one event stand or fall together.
TEST_F(ManifestTest, AnEventThatFitsOneOfItsAggregatesAloneDoesNotCount) {
  const cases::DossierCode dossier = Ready(1);
  const cases::AggregateId id = Done(post_.Ask(Open(1))).about;
  Done(post_.Ask(On(2, id, cases::AddManifestItem{dossier, "EX123456785VN"})));
  Done(post_.Ask(On(3, id, cases::CloseManifest{})));
  Instance rival(log_, clock_, rules_);
  Done(post_.Ask(On(4, id, cases::HandOverManifest{})));
  const cases::Manifest before = ManifestAt(post_, id);
  cases::CaseEvent event = *log_.codec.DecodeEvent(log_.landed.back());
  ASSERT_EQ(event.steps.size(), 2U);
  // The manifest's step fits, the dossier's is of another history.
  event.dossier = Ready(2);
  event.steps[0] = {cases::AggregateId(event.dossier), 4, cases::Tip(1)};
  event.steps[1] = {id, before.head.version + 1, before.head.tip};
  event.request_id = cases::DeriveRequestId("a stranger");
  log_.Land({log_.codec.EncodeEvent(event)});
  post_.Run();
  EXPECT_EQ(ManifestAt(post_, id), before);
}

// A program of the schema before manifests.
TEST_F(ManifestTest, AnOlderProgramFollowsTheVersionsAndDecidesNothing) {
  const auto older =
      std::make_shared<wire::WireCodec>(wire::KnownEvents{.schema = 3, .unknown_fields = {}});
  const cases::AggregateId id = Done(post_.Ask(Open(1))).about;
  Instance old(log_, clock_, rules_, {}, older);
  const cases::Manifest seen = ManifestAt(old, id);
  EXPECT_EQ(seen.head, ManifestAt(post_, id).head);
  EXPECT_FALSE(seen.understood);
  EXPECT_EQ(Say(old.Ask(On(2, id, cases::CloseManifest{}))), "NEWER_SCHEMA");
  EXPECT_EQ(Say(old.Ask(Open(3))), "NEWER_SCHEMA") << "its book is not understood either";
}

}  // namespace
}  // namespace motcua::engine
