// Goal: a state that no rule leads to (a stranger wrote it, or a program with another limit) ends
//       no process: who decides on it is told so (review 4.13).
// Method: Decide over a dossier made by hand.
#include <gtest/gtest.h>

#include "tests/unit/cases/life.h"

namespace motcua::cases {
namespace {

TEST(Nonsense, Review_4_13_AStageThatWaitsWithoutAPauseIsInternal) {
  testing::Life life;
  ASSERT_TRUE(life.Do(ReceiveDossier{testing::kCentre, testing::kPlain}).ok());
  for (const Stage stage : {Stage::kPaused, Stage::kSupplement}) {
    Dossier dossier = life.dossier();
    dossier.stage = stage;
    testing::SimpleView view;
    view.Put(dossier);
    Command command;
    command.dossier = dossier.code;
    command.actor = ActorId("officer:test");
    if (stage == Stage::kPaused) {
      command.action = ResumeClock{};
    } else {
      command.action = ReceiveSupplement{};
    }
    const auto catalogue = catalogue::BuiltinCatalogue();
    const Result<Decision> decision = Decide(view, *catalogue, life.now(), command);
    EXPECT_EQ(decision.status().reason(), Reason::kInternal);
  }
}

}  // namespace
}  // namespace motcua::cases
