// A variant of variants, read as one flat list of its leaves. Lists of many alternatives are kept
// by topic that way: the list of a topic lies with the topic, and a visit by topic handles each
// topic's leaves together.
//
//   using Payload = std::variant<Unknown, IntakePayload, RoutingPayload>;   // nested once
//   Payload payload = DossierReceived{};                                    // a leaf converts
//   VisitLeaf(Overloaded{[](const DossierReceived&) {…}, …}, payload);
//   const auto* received = LeafIf<DossierReceived>(payload);
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>
#include <variant>

#include "services/base/check.h"

namespace motcua {
namespace nested_internal {

template <typename T>
struct Leaves {
  static constexpr std::size_t kCount = 1;
};
template <typename... Ts>
struct Leaves<std::variant<Ts...>> {
  static constexpr std::size_t kCount = (Leaves<Ts>::kCount + ...);
};

template <typename Leaf, typename T>
inline constexpr bool kHolds = std::is_same_v<Leaf, T>;
template <typename Leaf, typename... Ts>
inline constexpr bool kHolds<Leaf, std::variant<Ts...>> = (kHolds<Leaf, Ts> || ...);

template <typename T>
inline constexpr bool kIsVariant = false;
template <typename... Ts>
inline constexpr bool kIsVariant<std::variant<Ts...>> = true;

// The alternative of a variant that is the leaf, or holds it.
template <typename Leaf, typename Variant>
struct Branch;
template <typename Leaf, typename First, typename... Rest>
struct Branch<Leaf, std::variant<First, Rest...>> {
  using type = typename std::conditional_t<kHolds<Leaf, First>, std::type_identity<First>,
                                           Branch<Leaf, std::variant<Rest...>>>::type;
};
template <typename Leaf>
struct Branch<Leaf, std::variant<>> {
  using type = void;
};

template <typename T, typename Function>
constexpr void ForEach(std::type_identity<T>, Function& function) {
  function(std::type_identity<T>());
}
template <typename... Ts, typename Function>
constexpr void ForEach(std::type_identity<std::variant<Ts...>>, Function& function) {
  (ForEach(std::type_identity<Ts>(), function), ...);
}

}  // namespace nested_internal

template <typename Variant>
inline constexpr std::size_t kLeafCount = nested_internal::Leaves<Variant>::kCount;

// Null: it holds another leaf. A type that is none of its leaves does not compile.
template <typename Leaf, typename Variant>
constexpr auto* LeafIf(Variant& variant) {
  using Branch = typename nested_internal::Branch<Leaf, std::remove_const_t<Variant>>::type;
  static_assert(!std::is_void_v<Branch>, "no leaf of that variant");
  auto* const branch = std::get_if<Branch>(&variant);
  if constexpr (std::is_same_v<Branch, Leaf>) {
    return branch;
  } else {
    return branch == nullptr ? nullptr : LeafIf<Leaf>(*branch);
  }
}

template <typename Leaf, typename... Ts>
constexpr bool HoldsLeaf(const std::variant<Ts...>& variant) {
  return LeafIf<Leaf>(variant) != nullptr;
}

// The leaf, which it must hold.
template <typename Leaf, typename Variant>
constexpr auto& LeafOf(Variant& variant) {
  auto* const leaf = LeafIf<Leaf>(variant);
  MOTCUA_CHECK(leaf != nullptr, "the variant holds another leaf");
  return *leaf;
}

// As std::visit, on the leaf.
template <typename Visitor, typename Variant>
constexpr decltype(auto) VisitLeaf(Visitor&& visitor, Variant&& variant) {
  return std::visit(
      [&]<typename T>(T&& alternative) -> decltype(auto) {
        if constexpr (nested_internal::kIsVariant<std::remove_cvref_t<T>>) {
          return VisitLeaf(visitor, std::forward<T>(alternative));
        } else {
          return visitor(std::forward<T>(alternative));
        }
      },
      std::forward<Variant>(variant));
}

// Calls `function(std::type_identity<Leaf>())` for each leaf, in the order of the lists.
template <typename Variant, typename Function>
constexpr void ForEachLeaf(Function function) {
  nested_internal::ForEach(std::type_identity<Variant>(), function);
}

}  // namespace motcua
