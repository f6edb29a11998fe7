// What all code lists of the field have in common. A list is an enum of the contract
// (proto/motcua): code_lists.h is made of it when the project is built, with Name(value)
// "HANDED_OVER", Key(value) "handed_over", the word for requests and settings, and, where people
// read them, Label(value) "Đã giao bưu điện" and Phrase(value), the same inside a sentence.
//
// Pure; any thread.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string_view>

namespace motcua::codes {

// kValues: all values of the list, ascending. A value 0 is among them where it says something.
template <typename E>
struct CodeList;

template <typename E>
concept Code = requires { CodeList<E>::kValues; };

// The value of that number, if the list has one.
template <Code E>
constexpr std::optional<E> FromNumber(std::int64_t number) {
  const auto& values = CodeList<E>::kValues;
  const auto* const found = std::find_if(values.begin(), values.end(), [&](E value) {
    return static_cast<std::int64_t>(value) == number;
  });
  return found == values.end() ? std::nullopt : std::optional<E>(*found);
}

// The value that requests and settings call `key`.
template <Code E>
std::optional<E> FromKey(std::string_view key) {
  const auto& values = CodeList<E>::kValues;
  const auto* const found =
      std::find_if(values.begin(), values.end(), [&](E value) { return Key(value) == key; });
  return found == values.end() ? std::nullopt : std::optional<E>(*found);
}

// Of a list whose values are bits.
template <Code E, std::unsigned_integral Bits>
constexpr Bits AllBits() {
  Bits bits = 0;
  for (const E value : CodeList<E>::kValues)
    bits = static_cast<Bits>(bits | static_cast<Bits>(value));
  return bits;
}

// Whether every value of the list can be written in so many bits.
template <Code E>
constexpr bool FitsBits(unsigned bits) {
  for (const E value : CodeList<E>::kValues) {
    if ((static_cast<unsigned>(value) >> bits) != 0) return false;
  }
  return true;
}

}  // namespace motcua::codes
