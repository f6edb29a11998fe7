// Goal: a state that no rule leads to (a stranger wrote it, or a program with another limit) ends
//       no process: who decides on it is told so (review 4.13).
// Method: Decide over a dossier made by hand.
#include <gtest/gtest.h>

#include "tests/unit/cases/life.h"

namespace motcua::cases {
namespace {

class OneDossier final : public View {
 public:
  explicit OneDossier(Dossier dossier) : dossier_(std::move(dossier)) {}
  Result<const Dossier*> FindDossier(const DossierCode&) override { return &dossier_; }
  Result<const Book*> FindBook(const UnitCode&) override { return &book_; }
  Result<std::uint32_t> LastNumber(const UnitCode&, CivilDate) override { return 0U; }
  Result<std::optional<DossierCode>> DossierOfRecord(const UnitCode&, const RequestId&) override {
    return std::optional<DossierCode>();
  }
  Result<std::vector<ItemUse>> UsesOfItem(std::string_view) override {
    return std::vector<ItemUse>();
  }

 private:
  Dossier dossier_;
  Book book_;
};

TEST(Nonsense, Review_4_13_AStageThatWaitsWithoutAPauseIsInternal) {
  testing::Life life;
  ASSERT_TRUE(life.Do(ReceiveDossier{testing::kCentre, testing::kPlain}).ok());
  for (const Stage stage : {Stage::kPaused, Stage::kSupplement}) {
    Dossier dossier = life.dossier();
    dossier.stage = stage;
    OneDossier view(dossier);
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
