#include "tests/simulation/options.h"

#include <chrono>

#include "tests/simulation/older.h"

namespace motcua::simulation {

Options Options::Draw(std::uint64_t seed) {
  Random random(seed ^ 0x6D6F74637561ULL);
  Options options;
  options.seed = seed;
  options.partitions = static_cast<engine::PartitionId>(random.Between(1, 3));
  for (int& replicas : options.replicas) replicas = static_cast<int>(random.Between(1, 3));
  options.clients = static_cast<int>(random.Between(1, 6));
  options.commands_per_client = static_cast<int>(random.Between(5, 120)) / options.clients + 3;
  // One world in five is calm, so that a quiet life is tested too.
  const bool calm = random.Chance(200);
  const auto chance = [&](int most) {
    return calm ? 0 : static_cast<int>(random.Between(0, most));
  };
  options.log.unknown = chance(150);
  options.log.refused = chance(60);
  options.log.duplicate = chance(150);
  options.log.read_error = chance(30);
  options.log.append_max = Micros(random.Between(1, 100) * 1000);
  options.log.lag_max = Micros(random.Chance(300) ? random.Between(1'000'000, 5'000'000)
                                                  : random.Between(1000, 50'000));
  options.fault = chance(150);
  options.stranger = chance(100);
  options.answer_lost = chance(200);
  constexpr std::int64_t kHour = 3'600'000'000;
  options.clock_error_max = calm ? Micros(0) : Micros(random.Chance(500) ? 40'000'000 : 2'000'000);
  if (!calm && random.Chance(600)) {
    // Minutes, hours, days, years.
    constexpr std::array<std::int64_t, 4> kWrong = {kHour / 6, 3 * kHour, 40 * 24 * kHour,
                                                    3 * 366 * 24 * kHour};
    options.clock_wrong_max = Micros(kWrong.at(random.Below(kWrong.size())));
    options.clock_wrong = static_cast<int>(random.Between(100, 500));
    options.log_clock_wrong = random.Chance(300) ? static_cast<int>(random.Between(100, 500)) : 0;
  }
  // Around the turn of the year, by day or right before midnight of Hanoi.
  const CivilDate day = MakeDate(2025, 12, 24) + static_cast<int>(random.Between(0, 14));
  const std::int64_t hour = random.Chance(250) ? 23 : random.Between(6, 18);
  options.start = StartOfDay(random.Chance(200) ? MakeDate(2025, 12, 31) : day, UtcOffset{7 * 60}) +
                  Micros(hour * kHour + random.Between(0, kHour - 1));
  return options;
}

Options Options::DrawUpgrade(std::uint64_t seed) {
  Options options = Draw(seed);
  Random random(seed ^ 0x757067726164ULL);
  options.upgrade = true;
  for (const int payload : kNewerCandidates) {
    if (random.Chance(250)) options.newer_payloads.push_back(payload);
  }
  options.traced = random.Chance(500) ? 0 : static_cast<int>(random.Between(5, 200));
  return options;
}

Options Options::DrawNonsense(std::uint64_t seed) {
  Options options = Draw(seed);
  options.nonsense = 100;
  return options;
}

Options Options::DrawManifests(std::uint64_t seed) {
  Options options = seed % 4 == 0 ? DrawUpgrade(seed) : Draw(seed);
  options.manifests = 300;
  return options;
}

Options Options::DrawCorrections(std::uint64_t seed) {
  Options options = seed % 4 == 0 ? DrawUpgrade(seed) : Draw(seed);
  if (seed % 3 == 0) options.manifests = 150;
  options.corrections = 250;
  options.reminders = 400;
  return options;
}

std::string Options::Print() const {
  std::string text =
      "seed=" + std::to_string(seed) + " partitions=" + std::to_string(partitions) + " replicas=";
  for (const int count : replicas) text += std::to_string(count) + ",";
  text.back() = ' ';
  text += "clients=" + std::to_string(clients) +
          " commands_per_client=" + std::to_string(commands_per_client) +
          " log_unknown=" + std::to_string(log.unknown) +
          " log_refused=" + std::to_string(log.refused) +
          " log_duplicate=" + std::to_string(log.duplicate) +
          " log_read_error=" + std::to_string(log.read_error) +
          " append_max_us=" + std::to_string(log.append_max.count()) +
          " lag_max_us=" + std::to_string(log.lag_max.count()) + " fault=" + std::to_string(fault) +
          " stranger=" + std::to_string(stranger) + " answer_lost=" + std::to_string(answer_lost) +
          " clock_error_max_us=" + std::to_string(clock_error_max.count()) +
          " clock_wrong_max_us=" + std::to_string(clock_wrong_max.count()) +
          " clock_wrong=" + std::to_string(clock_wrong) +
          " log_clock_wrong=" + std::to_string(log_clock_wrong) + " start=" + FormatInstant(start) +
          " traced=" + std::to_string(traced);
  if (nonsense > 0) text += " nonsense=" + std::to_string(nonsense);
  if (manifests > 0) text += " manifests=" + std::to_string(manifests);
  if (corrections > 0) text += " corrections=" + std::to_string(corrections);
  if (reminders > 0) text += " reminders=" + std::to_string(reminders);
  if (!upgrade) return text;
  text += " upgrade newer_payloads=";
  for (const int payload : newer_payloads) text += std::to_string(payload) + ",";
  return text;
}

}  // namespace motcua::simulation
