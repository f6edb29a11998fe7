// Goal: a variant of variants reads as one flat list of its leaves.
// Method: a small nested variant; each way of making and reading one.

#include "services/base/nested.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "services/base/overloaded.h"
#include "tests/support/make_leaf.h"

namespace motcua {
namespace {

struct None {};
struct Apple {
  int weight = 1;
};
struct Pear {
  int weight = 2;
};
struct Leek {
  std::string origin = "Hạ Long";
};
using Fruit = std::variant<Apple, Pear>;
using Vegetable = std::variant<Leek>;
using Food = std::variant<None, Fruit, Vegetable>;

std::string NameOf(const Food& food) {
  return VisitLeaf(Overloaded{
                       [](const None&) { return std::string("none"); },
                       [](const Apple& a) { return "apple " + std::to_string(a.weight); },
                       [](const Pear& p) { return "pear " + std::to_string(p.weight); },
                       [](const Leek& l) { return "leek of " + l.origin; },
                   },
                   food);
}

TEST(Nested, ALeafConverts) {
  EXPECT_EQ(NameOf({}), "none");
  EXPECT_EQ(NameOf(Pear{5}), "pear 5");
  Food food = Leek{};
  EXPECT_EQ(NameOf(food), "leek of Hạ Long");
  food = Apple{3};
  EXPECT_EQ(NameOf(food), "apple 3");
}

TEST(Nested, ALeafIsFoundWhereItIs) {
  Food food = Pear{5};
  EXPECT_EQ(LeafIf<Apple>(food), nullptr);
  EXPECT_EQ(LeafIf<Leek>(food), nullptr);
  EXPECT_EQ(LeafIf<None>(food), nullptr);
  ASSERT_NE(LeafIf<Pear>(food), nullptr);
  LeafOf<Pear>(food).weight = 7;
  EXPECT_EQ(LeafIf<Pear>(std::as_const(food))->weight, 7);
  EXPECT_TRUE(HoldsLeaf<Pear>(food));
  EXPECT_FALSE(HoldsLeaf<Apple>(food));
  EXPECT_TRUE(HoldsLeaf<None>(Food{}));
  EXPECT_DEATH(LeafOf<Apple>(food), "another leaf");
}

TEST(Nested, LeavesAreListedInOrder) {
  EXPECT_EQ(kLeafCount<Food>, 4U);
  std::vector<std::string> made;
  for (std::size_t i = 0; i < kLeafCount<Food>; ++i)
    made.push_back(NameOf(testing::MakeLeaf<Food>(i)));
  EXPECT_EQ(made, (std::vector<std::string>{"none", "apple 1", "pear 2", "leek of Hạ Long"}));
  std::size_t visited = 0;
  ForEachLeaf<Food>([&]<typename Leaf>(std::type_identity<Leaf>) {
    EXPECT_TRUE(HoldsLeaf<Leaf>(testing::MakeLeaf<Food>(visited)));
    ++visited;
  });
  EXPECT_EQ(visited, kLeafCount<Food>);
  EXPECT_DEATH(testing::MakeLeaf<Food>(kLeafCount<Food>), "no leaf");
}

}  // namespace
}  // namespace motcua
