// A leaf of a nested variant by its number, for tests that try each of them.
#pragma once

#include <cstddef>
#include <optional>
#include <type_traits>
#include <utility>

#include "services/base/nested.h"

namespace motcua::testing {

// The variant with its leaf number `index` (from 0, in the order of the lists), default-made.
template <typename Variant>
Variant MakeLeaf(std::size_t index) {
  std::optional<Variant> made;
  std::size_t at = 0;
  ForEachLeaf<Variant>([&]<typename Leaf>(std::type_identity<Leaf>) {
    if (at++ == index) made.emplace(Leaf{});
  });
  MOTCUA_CHECK(made.has_value(), "there is no leaf of that number");
  return *std::move(made);
}

}  // namespace motcua::testing
