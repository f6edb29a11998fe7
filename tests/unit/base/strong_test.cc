// Goal: strong types cannot be swapped for one another, and order and hash as what they hold.
// Method: what must not compile is asserted by type traits; the rest by use.
#include "services/base/strong.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <type_traits>
#include <unordered_set>
#include <variant>

#include "services/base/overloaded.h"

namespace motcua {
namespace {

using Apple = Strong<std::string, struct AppleTag>;
using Pear = Strong<std::string, struct PearTag>;
using Count = Strong<std::uint32_t, struct CountTag>;

static_assert(!std::is_convertible_v<std::string, Apple>);
static_assert(!std::is_convertible_v<Apple, Pear>);
static_assert(!std::is_constructible_v<Apple, Pear>);
static_assert(!std::is_convertible_v<std::uint32_t, Count>);

TEST(StrongTest, OrdersAndHashesAsItsValue) {
  EXPECT_EQ(Apple("a"), Apple(std::string("a")));
  EXPECT_LT(Apple("a"), Apple("b"));
  EXPECT_LT(Count(2), Count(10));
  EXPECT_TRUE(Apple().empty());
  EXPECT_FALSE(Apple("a").empty());
  const std::unordered_set<Apple> apples = {Apple("a"), Apple("b"), Apple("a")};
  EXPECT_EQ(apples.size(), 2U);
  EXPECT_EQ(std::hash<Apple>{}(Apple("a")), std::hash<std::string>{}("a"));
}

TEST(OverloadedTest, CallsTheOneThatFits) {
  const auto name = [](const std::variant<int, std::string>& value) {
    return std::visit(
        Overloaded{[](int) { return "number"; }, [](const std::string&) { return "text"; }}, value);
  };
  EXPECT_STREQ(name(1), "number");
  EXPECT_STREQ(name("one"), "text");
}

}  // namespace
}  // namespace motcua
