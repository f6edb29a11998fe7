// Strong types: a value that knows what it means, so that two of them cannot be swapped.
//
//   using UnitCode = Strong<std::string, struct UnitCodeTag>;
//
// Immutable but for assignment; ordered and hashed as the value it holds.
#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace motcua {

template <typename T, typename Tag>
class Strong {
 public:
  using Value = T;

  Strong() = default;
  explicit Strong(T value) : value_(std::move(value)) {}
  template <typename U = T>
    requires std::is_same_v<U, std::string>
  explicit Strong(std::string_view value) : value_(value) {}
  template <typename U = T>
    requires std::is_same_v<U, std::string>
  explicit Strong(const char* value) : value_(value) {}

  const T& value() const { return value_; }
  bool empty() const
    requires std::is_same_v<T, std::string>
  {
    return value_.empty();
  }

  friend bool operator==(const Strong&, const Strong&) = default;
  friend auto operator<=>(const Strong&, const Strong&) = default;

 private:
  T value_{};
};

}  // namespace motcua

template <typename T, typename Tag>
struct std::hash<motcua::Strong<T, Tag>> {
  // Not noexcept, so that libstdc++'s tables keep the hash beside the key: else every step along a
  // bucket hashes the whole text again.
  std::size_t operator()(const motcua::Strong<T, Tag>& strong) const {
    return std::hash<T>{}(strong.value());
  }
};
