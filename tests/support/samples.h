// What sample events are drawn with (sample_events.h). Each topic draws its own payloads.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>

#include "services/domain/cases/dossier.h"
#include "tests/support/sample_events.h"

namespace motcua::testing {

using cases::ClockSetting;
using cases::DossierCode;
using cases::RequestId;

// Fills the fields of the payload that it holds; each field takes each form.
void Randomise(Random& random, cases::IntakePayload& payload);
void Randomise(Random& random, cases::RoutingPayload& payload);
void Randomise(Random& random, cases::DeadlinePayload& payload);
void Randomise(Random& random, cases::PostalPayload& payload);
void Randomise(Random& random, cases::ManifestPayload& payload);

template <typename Int>
Int Between(Random& random, Int low, Int high) {
  return static_cast<Int>(std::uniform_int_distribution<std::int64_t>(
      static_cast<std::int64_t>(low), static_cast<std::int64_t>(high))(random));
}
inline bool Coin(Random& random) { return Between(random, 0, 1) == 1; }

template <codes::Code E>
E AnyEnumOrNone(Random& random) {
  constexpr const auto& kValues = codes::CodeList<E>::kValues;
  return kValues[Between<std::size_t>(random, 0, kValues.size() - 1)];
}
template <codes::Code E>
E AnyEnum(Random& random) {
  constexpr const auto& kValues = codes::CodeList<E>::kValues;
  constexpr std::size_t kFirst = static_cast<int>(kValues[0]) == 0 ? 1 : 0;
  return kValues[Between<std::size_t>(random, kFirst, kValues.size() - 1)];
}

inline TraceContext MaybeTrace(Random& random) {
  TraceContext trace;
  if (Between(random, 0, 2) != 0) return trace;
  for (auto& byte : trace.trace_id) byte = static_cast<std::uint8_t>(Between(random, 1, 255));
  for (auto& byte : trace.parent_id) byte = static_cast<std::uint8_t>(Between(random, 0, 255));
  trace.sampled = Coin(random);
  return trace;
}

inline ZonedTime AnyTime(Random& random) {
  // 2000 to 2040, half of them whole seconds, any quarter hour of offset.
  auto micros = Between<std::int64_t>(random, 946'684'800'000'000, 2'208'988'800'000'000);
  if (Coin(random)) micros -= micros % 1'000'000;
  return {Instant{micros}, UtcOffset{static_cast<std::int16_t>(Between(random, -48, 56) * 15)}};
}
inline std::optional<ZonedTime> MaybeTime(Random& random) {
  return Coin(random) ? std::optional(AnyTime(random)) : std::nullopt;
}
inline std::optional<Instant> MaybeInstant(Random& random) {
  return Coin(random) ? std::optional(AnyTime(random).instant) : std::nullopt;
}
inline RequestId AnyId(Random& random) {
  RequestId id;
  for (auto& byte : id.bytes) byte = static_cast<std::uint8_t>(Between(random, 1, 255));
  return id;
}
inline std::string AnyText(Random& random) {
  static constexpr const char* kTexts[] = {"", "Hộ tịch", "Đất đai", "vn-state", "PWDx", "x"};
  return kTexts[Between(random, 0, 5)];
}
inline DossierCode AnyCode(Random& random) {
  return cases::MakeDossierCode(cases::UnitCode("000.23.10.H49"),
                                MakeDate(2020, 10, Between(random, 1, 31)),
                                Between<std::uint32_t>(random, 1, 20'000));
}
inline ClockSetting AnySetting(Random& random) {
  return {MaybeTime(random), MaybeInstant(random), Coin(random)};
}
inline cases::CalendarUsed MaybeCalendar(Random& random) {
  if (Coin(random)) return {};
  return {calendar::CalendarId("vn-state"),
          calendar::CalendarVersion(Between<std::uint32_t>(random, 1, 9))};
}
inline std::uint8_t AnyLeg(Random& random) { return Between<std::uint8_t>(random, 1, 32); }

}  // namespace motcua::testing
