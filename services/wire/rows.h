// RowWriter and RowReader: the compact, private encoding of state rows. Integers are varints,
// signed ones zigzag, texts have a length before them; absent parts cost one bit or byte.
//
// A reader never reads beyond its bytes: after the first fault it gives defaults and ok() is false.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "services/base/time.h"

namespace motcua::wire {

// Rows hold times of the years 1685 to 2255; events out of them are not decoded.
inline constexpr std::int64_t kRowInstantMax = 9'000'000'000'000'000;

class RowWriter {
 public:
  RowWriter() { bytes_.reserve(kUsualBytes); }

  void Unsigned(std::uint64_t value) {
    if (value < 0x80) return bytes_.push_back(static_cast<char>(value));
    std::array<char, 10> bytes;  // 64 bits, seven a byte
    std::size_t count = 0;
    for (; value >= 0x80; value >>= 7U) bytes[count++] = static_cast<char>(value | 0x80U);
    bytes[count++] = static_cast<char>(value);
    bytes_.append(bytes.data(), count);
  }
  void Signed(std::int64_t value) {
    Unsigned((static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63));
  }
  void Fixed(std::uint64_t value) {
    std::array<char, sizeof value> bytes;
    for (char& byte : bytes) {
      byte = static_cast<char>(value);
      value >>= 8U;
    }
    bytes_.append(bytes.data(), bytes.size());
  }
  void Text(std::string_view text) {
    Unsigned(text.size());
    bytes_.append(text);
  }
  void Raw(std::string_view bytes) { bytes_.append(bytes); }
  // Relative to `base`, so that times near each other are short; whole seconds shorter still. Both
  // lie within kRowInstantMax.
  void Time(Instant instant, Instant base) {
    const std::int64_t delta = instant.micros - base.micros;
    constexpr std::int64_t kSecond = 1'000'000;
    if (delta % kSecond == 0) {
      Signed(delta / kSecond * 2);
    } else {
      Signed(delta * 2 + 1);
    }
  }
  void Zoned(const ZonedTime& time, const ZonedTime& base) {
    Time(time.instant, base.instant);
    Signed(time.offset.minutes - base.offset.minutes);
  }
  void MaybeZoned(const std::optional<ZonedTime>& time, const ZonedTime& base) {
    Unsigned(time ? 1 : 0);
    if (time) Zoned(*time, base);
  }
  void MaybeTime(const std::optional<Instant>& time, Instant base) {
    Unsigned(time ? 1 : 0);
    if (time) Time(*time, base);
  }

  std::string Take() { return std::move(bytes_); }

 private:
  static constexpr std::size_t kUsualBytes = 256;

  std::string bytes_;
};

class RowReader {
 public:
  explicit RowReader(std::string_view bytes) : rest_(bytes) {}

  std::uint64_t Unsigned() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) return Fail();
      const auto byte = static_cast<std::uint8_t>(rest_.front());
      rest_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
      if ((byte & 0x80U) == 0) return value;
    }
    return Fail();
  }
  std::int64_t Signed() {
    const std::uint64_t value = Unsigned();
    return static_cast<std::int64_t>(value >> 1U) ^ -static_cast<std::int64_t>(value & 1U);
  }
  std::uint64_t Fixed() {
    constexpr std::size_t kBytes = 8;
    const std::string_view bytes = Raw(kBytes);
    std::uint64_t value = 0;
    for (std::size_t i = bytes.size(); i-- > 0;) {
      value = value << 8U | static_cast<std::uint8_t>(bytes[i]);
    }
    return value;
  }
  std::string_view Raw(std::size_t size) {
    if (size > rest_.size()) {
      Fail();
      return {};
    }
    const std::string_view bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return bytes;
  }
  std::string Text() { return std::string(Raw(static_cast<std::size_t>(Unsigned()))); }
  // A count of things that take at least a byte each, so it cannot exceed what is left; and never
  // more than `most`.
  std::size_t Count(std::size_t most = SIZE_MAX) {
    const std::uint64_t count = Unsigned();
    return count > std::min(most, rest_.size()) ? static_cast<std::size_t>(Fail())
                                                : static_cast<std::size_t>(count);
  }
  Instant Time(Instant base) {
    const auto value = static_cast<std::uint64_t>(Signed());
    const std::int64_t half = static_cast<std::int64_t>(value) >> 1;
    // Wrapping arithmetic: damaged bytes must not be undefined behaviour.
    const std::uint64_t delta = (value & 1U) != 0 ? static_cast<std::uint64_t>(half)
                                                  : static_cast<std::uint64_t>(half) * 1'000'000U;
    const auto micros = static_cast<std::int64_t>(static_cast<std::uint64_t>(base.micros) + delta);
    if (micros < -kRowInstantMax || micros > kRowInstantMax) Fail();
    return Instant{ok_ ? micros : 0};
  }
  ZonedTime Zoned(const ZonedTime& base) {
    const Instant instant = Time(base.instant);
    const std::int64_t minutes = Signed();
    return {instant, UtcOffset{static_cast<std::int16_t>(base.offset.minutes + minutes % 4096)}};
  }
  std::optional<ZonedTime> MaybeZoned(const ZonedTime& base) {
    return Unsigned() != 0 ? std::optional(Zoned(base)) : std::nullopt;
  }
  std::optional<Instant> MaybeTime(Instant base) {
    return Unsigned() != 0 ? std::optional(Time(base)) : std::nullopt;
  }

  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }

 private:
  std::uint64_t Fail() {
    ok_ = false;
    rest_ = {};
    return 0;
  }

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace motcua::wire
