// What a due date costs: terms of 5 and 250 working days, hours and calendar days, and pauses, on
// a calendar of ten years; and reading CSV. Targets: under 100 ns for working days, over 100 MB/s.
#include <benchmark/benchmark.h>

#include <array>
#include <string>

#include "services/domain/deadline/due.h"
#include "services/wire/csv/csv.h"

namespace motcua {
namespace {

using deadline::DuePolicy;
using deadline::Term;

// 2018 to 2027 with a dozen weekdays off a year.
const calendar::Calendar& TenYears() {
  static const auto kMade = [] {
    calendar::CalendarSpec spec;
    spec.id = calendar::CalendarId("bench");
    spec.version = calendar::CalendarVersion(1);
    spec.first = MakeDate(2018, 1, 1);
    spec.last = MakeDate(2027, 12, 31);
    spec.office_hours = {{450, 690}, {810, 1020}};
    for (int year = 2018; year <= 2027; ++year) {
      for (int month = 1; month <= 12; ++month) {
        const CivilDate day = MakeDate(year, month, 1 + (year + month) % 20);
        if (IsoWeekday(day) < 6) spec.days_off.push_back(day);
      }
    }
    return calendar::Calendar::Make(std::move(spec)).value();
  }();
  return *kMade;
}

// Receipts spread over eight years, so that no branch is learnt by heart.
std::array<ZonedTime, 1024> Receipts() {
  std::array<ZonedTime, 1024> receipts{};
  std::uint64_t state = 88172645463325252ULL;
  for (ZonedTime& receipt : receipts) {
    state ^= state << 13U;
    state ^= state >> 7U;
    state ^= state << 17U;
    const auto day = static_cast<int>(state % 2900);
    const auto minute = static_cast<int>(state / 2900 % 1440);
    receipt = AtOffset({MakeDate(2018, 1, 1) + day, Micros(std::chrono::minutes(minute))},
                       UtcOffset{7 * 60});
  }
  return receipts;
}

void ComputeDueOf(benchmark::State& state, std::string_view text, DuePolicy policy) {
  const auto receipts = Receipts();
  const Term term = deadline::ParseTerm(text).value();
  std::size_t i = 0;
  for ([[maybe_unused]] auto _ : state) {
    benchmark::DoNotOptimize(
        deadline::ComputeDue(TenYears(), receipts[i++ % receipts.size()], term, policy));
  }
}
constexpr DuePolicy kKeep{deadline::DueMode::kKeepHour, deadline::StartMode::kNextDay};
BENCHMARK_CAPTURE(ComputeDueOf, 5wd, "5wd", DuePolicy{});
BENCHMARK_CAPTURE(ComputeDueOf, 250wd, "250wd", DuePolicy{});
BENCHMARK_CAPTURE(ComputeDueOf, 5wd_keep_hour, "5wd", kKeep);
BENCHMARK_CAPTURE(ComputeDueOf, 2_5wd, "2.5wd", DuePolicy{});
BENCHMARK_CAPTURE(ComputeDueOf, 15d, "15d", DuePolicy{});
BENCHMARK_CAPTURE(ComputeDueOf, 40h, "40h", DuePolicy{});
BENCHMARK_CAPTURE(ComputeDueOf, 1mo, "1mo", DuePolicy{});

void DueWithPauses(benchmark::State& state) {
  const auto receipts = Receipts();
  const Term term = deadline::ParseTerm("20wd").value();
  std::size_t i = 0;
  for ([[maybe_unused]] auto _ : state) {
    const ZonedTime& received = receipts[i++ % receipts.size()];
    const auto after = [&](int days) {
      return ZonedTime{received.instant + Micros(std::chrono::hours(24 * days)), received.offset};
    };
    const std::array<deadline::Pause, 2> pauses = {deadline::Pause{after(3), after(5)},
                                                   deadline::Pause{after(7), after(9)}};
    benchmark::DoNotOptimize(deadline::ComputeDue(TenYears(), received, term, DuePolicy{}, pauses));
  }
}
BENCHMARK(DueWithPauses);

void ReadCsv(benchmark::State& state, std::string_view row) {
  std::string text;
  while (text.size() < 4'000'000) text += row;
  for ([[maybe_unused]] auto _ : state) {
    wire::CsvReader reader;
    wire::CsvRecord record;
    constexpr std::size_t kChunk = 64 * 1024;
    for (std::size_t at = 0; at < text.size(); at += kChunk) {
      reader.Feed(std::string_view(text).substr(at, kChunk));
      while (reader.Next(record)) benchmark::DoNotOptimize(record.fields.data());
    }
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK_CAPTURE(
    ReadCsv, plain,
    "1.000656,Thủ tục đăng ký khai tử,Hộ tịch,commune,none,UBND cấp xã,0wd,,,,part\n");
BENCHMARK_CAPTURE(
    ReadCsv, quoted,
    "1.000656,\"Thủ tục đăng ký, khai tử\",\"Hộ \"\"tịch\"\"\",commune,none,,0wd,,,\n");

}  // namespace
}  // namespace motcua

BENCHMARK_MAIN();
