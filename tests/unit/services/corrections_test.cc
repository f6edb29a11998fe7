// Goal: what services list and count of a dossier whose mistake was corrected is what they list and
// count of one that never had it: open alerts, open shipments and item numbers, work lists, the
// cells of reports.
// Method: the same random walk twice, once with a random mistake and its correction put in; the
// index rows of every service are compared after each step.
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>

#include "services/deadline/rules.h"
#include "services/intake/rules.h"
#include "services/postal/rules.h"
#include "services/reporting/rules.h"
#include "services/routing/rules.h"
#include "services/rules/dossier_rules.h"
#include "tests/support/memory_store.h"
#include "tests/unit/cases/walk.h"

namespace motcua {
namespace {

using testing::Life;
using testing_support::MemoryIndex;
using testing_support::MemoryStore;

constexpr std::size_t kIndexed = 5;

// A dossier, and what each service indexes of it.
class Indexed {
 public:
  Indexed() {
    life.on_event = [this](const cases::Dossier* before, const cases::Dossier& after,
                           const cases::CaseEvent& event) { Index(before, after, event); };
  }

  // Without what tells the history of alerts: an alert that was raised is never forgotten, and its
  // row says by where its event lies in the log.
  MemoryStore::Rows RowsOf(std::size_t service) const {
    MemoryStore::Rows rows = stores_.at(service).rows();
    std::erase_if(rows, [](const auto& row) { return row.first.starts_with("XA"); });
    return rows;
  }
  std::string_view NameOf(std::size_t service) const { return rules_.at(service)->name(); }

  Life life;
  std::array<int, kIndexed> changed_by_corrections{};

 private:
  void Index(const cases::Dossier* before, const cases::Dossier& after,
             const cases::CaseEvent& event) {
    const engine::Position position{0, ++offset_, life.now()};
    for (std::size_t i = 0; i < kIndexed; ++i) {
      const MemoryStore::Rows old = stores_.at(i).rows();
      MemoryIndex sink(stores_.at(i));
      rules_.at(i)->Index(position, before, after, event, sink);
      if (HoldsLeaf<cases::EventTakenBack>(event.payload) && old != stores_.at(i).rows()) {
        ++changed_by_corrections.at(i);
      }
    }
  }

  intake::IntakeRules intake_;
  routing::RoutingRules routing_;
  deadline::DeadlineRules deadline_;
  postal::PostalRules postal_;
  reporting::ReportingRules reporting_;
  std::array<const rules::DossierRules*, kIndexed> rules_ = {&intake_, &routing_, &deadline_,
                                                             &postal_, &reporting_};
  std::array<MemoryStore, kIndexed> stores_;
  engine::Offset offset_ = 0;
};

TEST(Corrections, WhatServicesListAndCountIsAsWithoutTheMistake) {
  const std::vector<cases::Action> actions = cases::Everything();
  constexpr unsigned kWalks = 200;
  constexpr int kSteps = 30;
  std::array<int, kIndexed> changed{};
  for (unsigned seed = 0; seed < kWalks; ++seed) {
    std::mt19937 random(seed);
    const auto any = [&] { return actions[random() % actions.size()]; };
    Indexed right;
    Indexed wrong;
    const auto procedure = seed % 2 == 0 ? testing::kPlain : testing::kHorizontal;
    const auto way = seed % 3 == 0 ? cases::ReturnMode::kCounter : cases::ReturnMode::kPostal;
    const cases::ReceiveDossier receive{testing::kWard, procedure, cases::Channel::kDirect, way};
    ASSERT_TRUE(right.life.Do(receive).ok() && wrong.life.Do(receive).ok());
    for (int step = 0; step < kSteps; ++step) {
      const std::chrono::minutes pass(random() % 2000);
      right.life.Pass(pass);
      wrong.life.Pass(pass);
      cases::RaiseAlerts(right.life);
      cases::RaiseAlerts(wrong.life);
      const cases::Version mistake = wrong.life.dossier().head.version + 1;
      const cases::Action mistaken = any();
      // To be reminded changes nothing that could be taken back.
      if (!HoldsLeaf<cases::RemindLeg>(mistaken) && cases::Act(wrong.life, mistaken).ok()) {
        ASSERT_TRUE(cases::Act(wrong.life, cases::CorrectEvent{mistake}).ok());
        ASSERT_TRUE(cases::React(right.life).ok());
      }
      const cases::Action next = any();
      ASSERT_EQ(cases::Act(right.life, next).ok(), cases::Act(wrong.life, next).ok());
      for (std::size_t i = 0; i < kIndexed; ++i) {
        ASSERT_EQ(right.RowsOf(i), wrong.RowsOf(i))
            << right.NameOf(i) << ", walk " << seed << " step " << step;
      }
    }
    for (std::size_t i = 0; i < kIndexed; ++i) changed.at(i) += wrong.changed_by_corrections.at(i);
  }
  // Of intake nothing is listed but by code.
  for (std::size_t i = 1; i < kIndexed; ++i) {
    EXPECT_GT(changed.at(i), 20) << "no correction changes what service " << i << " lists";
  }
}

}  // namespace
}  // namespace motcua
