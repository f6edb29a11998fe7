// Goal: what the parties' store costs with a province's people in it. Target with a million people:
// 99 of 100 searches below 5 ms.
// Method: LocalParties on a folder of its own, filled without syncs by people who do not exist,
// with family names as unevenly spread as real ones; then, opened anew and synced, puts, gets and
// searches of each kind, one after the other, each measured by itself. Looks are recorded as they
// always are. What the thread computed is told beside the wall's time: on a busy machine it is the
// fairer figure.
//
//   bench_people [--people=1000000] [--queries=5000] [--benchmark_out=FILE]
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "services/platform/people/local_parties.h"
#include "services/platform/rocksdb/directory.h"
#include "tests/support/sample_parties.h"

namespace motcua {
namespace {

namespace fs = std::filesystem;
using people::LocalParties;
using people::Party;

constexpr std::uint64_t kSeed = 20261128;
constexpr std::size_t kPutsMeasured = 2000;
constexpr std::size_t kErasures = 10;
constexpr std::size_t kFillers = 2;

// The first is had by four in ten, as in life.
const std::vector<std::string> kFamilies = {"Nguyễn", "Trần", "Lê",    "Phạm", "Hoàng", "Huỳnh",
                                            "Phan",   "Vũ",   "Võ",    "Đặng", "Bùi",   "Đỗ",
                                            "Hồ",     "Ngô",  "Dương", "Lý"};
const std::vector<double> kShares = {38.4, 11,  9.5, 7.1, 5.1, 5,   4.5, 3.9,
                                     3,    2.1, 2,   1.4, 1.3, 1.3, 1,   0.5};
const std::vector<std::string> kMiddles = {"Văn",   "Thị",  "Hữu",   "Đức",  "Minh",
                                           "Thanh", "Ngọc", "Quang", "Xuân", "Công"};
const std::vector<std::string> kGiven = {
    "An",     "Bình",  "Chi",  "Dũng", "Giang", "Hà",   "Hải",  "Hạnh",  "Hiếu", "Hoa",  "Hòa",
    "Hùng",   "Hương", "Khoa", "Lan",  "Lâm",   "Linh", "Long", "Mai",   "Nam",  "Nga",  "Phúc",
    "Phương", "Quân",  "Sơn",  "Tâm",  "Thảo",  "Thu",  "Thủy", "Trang", "Tú",   "Tuấn", "Yến"};

Party PersonOf(std::uint64_t number) {
  std::mt19937_64 random(kSeed + number);
  const auto one_of = [&random](const std::vector<std::string>& list) {
    return list[random() % list.size()];
  };
  std::discrete_distribution<std::size_t> family(kShares.begin(), kShares.end());
  Party party = testing::SampleParty(number);
  party.name = kFamilies[family(random)] + " " + one_of(kMiddles) + " " + one_of(kGiven);
  if (random() % 2 == 0) party.name += " " + one_of(kGiven);
  party.other_names.clear();
  party.authorisations.clear();
  std::array<char, 24> digits{};
  std::snprintf(digits.data(), digits.size(), "%012llu", static_cast<unsigned long long>(number));
  party.numbers[0].text = digits.data();
  std::snprintf(digits.data(), digits.size(), "%09llu", static_cast<unsigned long long>(number));
  party.numbers[1].text = digits.data();
  party.phones = {"0" + std::string(digits.data())};
  return party;
}

template <typename T>
T Must(Result<T> result) {
  if (result.ok()) return std::move(result).value();
  std::fprintf(stderr, "%s\n", result.status().ToString().c_str());
  std::exit(1);
}

double Now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// What this thread has computed: what others on the machine do does not count.
double Computed() {
  timespec at{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
  return static_cast<double>(at.tv_sec) + static_cast<double>(at.tv_nsec) * 1e-9;
}

double At(std::vector<double>& seconds, double share) {
  std::sort(seconds.begin(), seconds.end());
  return seconds[std::min(seconds.size() - 1,
                          static_cast<std::size_t>(share * static_cast<double>(seconds.size())))];
}

struct Figure {
  std::string name;
  std::vector<double> seconds;
  std::vector<double> computed;
};

Figure Measure(const std::string& name, std::size_t times,
               const std::function<void(std::size_t)>& work) {
  Figure figure{name, {}, {}};
  for (std::size_t i = 0; i < times; ++i) {
    const double begin = Now();
    const double before = Computed();
    work(i);
    figure.computed.push_back(Computed() - before);
    figure.seconds.push_back(Now() - begin);
  }
  std::printf("%-32s %6zu  p50 %8.3f  p99 %8.3f  max %9.3f ms; computed p50 %7.3f  p99 %7.3f ms\n",
              name.c_str(), times, At(figure.seconds, 0.5) * 1e3, At(figure.seconds, 0.99) * 1e3,
              At(figure.seconds, 1) * 1e3, At(figure.computed, 0.5) * 1e3,
              At(figure.computed, 0.99) * 1e3);
  std::fflush(stdout);
  return figure;
}

const people::Looker kOfficer{"officer:bench", "hs-0001", Instant{1'700'000'000'000'000}};

double Fill(const fs::path& folder, std::uint64_t count) {
  people::LocalPartiesOptions options;
  options.folder = folder;
  options.synced = false;
  const auto store = Must(LocalParties::Open(options));
  const double begin = Now();
  std::vector<std::thread> fillers;
  for (std::size_t f = 0; f < kFillers; ++f) {
    fillers.emplace_back([&, f] {
      for (std::uint64_t number = f + 1; number <= count; number += kFillers) {
        Must(store->Put(PersonOf(number), number, kOfficer));
      }
    });
  }
  for (std::thread& filler : fillers) filler.join();
  return Now() - begin;
}

std::vector<Figure> MeasureAll(LocalParties& store, std::uint64_t count, std::size_t queries) {
  std::mt19937_64 random(kSeed);
  const auto person = [&] { return PersonOf(random() % count + 1); };
  const auto find = [&](const Result<people::Query>& query) {
    Must(store.Find(Must(query), 20, kOfficer));
  };
  std::vector<Figure> figures;
  figures.push_back(Measure("put, a new person, synced", kPutsMeasured, [&](std::size_t i) {
    Must(store.Put(PersonOf(count + 1 + i), 1, kOfficer));
  }));
  figures.push_back(Measure("get, masked", queries, [&](std::size_t) {
    Must(store.Get(testing::PartyIdOf(random() % count + 1), people::LookKind::kMasked, kOfficer));
  }));
  figures.push_back(Measure("find, whole name with marks", queries,
                            [&](std::size_t) { find(people::QueryByName(person().name)); }));
  figures.push_back(Measure("find, two words without marks", queries, [&](std::size_t) {
    const std::string name = person().name;
    find(people::QueryByName(name.substr(0, name.find(' ')) + name.substr(name.rfind(' '))));
  }));
  figures.push_back(Measure("find, the commonest word", queries,
                            [&](std::size_t) { find(people::QueryByName("nguyen")); }));
  figures.push_back(Measure("find, a number", queries, [&](std::size_t) {
    find(people::QueryByNumber(person().numbers[1].text));
  }));
  figures.push_back(Measure("find, a phone", queries,
                            [&](std::size_t) { find(people::QueryByPhone(person().phones[0])); }));
  figures.push_back(Measure("find, nobody", queries,
                            [&](std::size_t) { find(people::QueryByName("khong co ai")); }));
  figures.push_back(Measure("erase", kErasures, [&](std::size_t) {
    const Status erased = store.Erase(testing::PartyIdOf(random() % count + 1), kOfficer);
    if (!erased.ok()) std::fprintf(stderr, "%s\n", erased.ToString().c_str());
  }));
  return figures;
}

std::string Argument(int argc, char** argv, const std::string& name) {
  for (int i = 1; i < argc; ++i) {
    const std::string text = argv[i];
    if (text.starts_with("--" + name + "=")) return text.substr(name.size() + 3);
  }
  return "";
}

void Write(const std::string& file, std::vector<Figure>& figures) {
  if (file.empty()) return;
  std::ofstream out(file);
  out << "{\"benchmarks\":[";
  for (std::size_t i = 0; i < figures.size(); ++i) {
    out << (i == 0 ? "" : ",") << "{\"name\":\"" << figures[i].name
        << "\",\"p50_ms\":" << At(figures[i].seconds, 0.5) * 1e3
        << ",\"p99_ms\":" << At(figures[i].seconds, 0.99) * 1e3
        << ",\"computed_p99_ms\":" << At(figures[i].computed, 0.99) * 1e3 << "}";
  }
  out << "]}\n";
}

int Main(int argc, char** argv) {
  const std::string people_text = Argument(argc, argv, "people");
  const std::string queries_text = Argument(argc, argv, "queries");
  const std::uint64_t count =
      people_text.empty() ? 1'000'000 : std::strtoull(people_text.c_str(), nullptr, 10);
  const std::size_t queries =
      queries_text.empty() ? 5'000 : std::strtoull(queries_text.c_str(), nullptr, 10);
  const fs::path folder =
      fs::temp_directory_path() / ("motcua-bench-people-" + std::to_string(getpid()));
  const double seconds = Fill(folder, count);
  std::printf("%llu people filled in %.0f s, %.0f a second, without syncs\n",
              static_cast<unsigned long long>(count), seconds,
              static_cast<double>(count) / seconds);
  people::LocalPartiesOptions options;
  options.folder = folder;
  const double begin = Now();
  auto store = Must(LocalParties::Open(options));
  std::printf("opened in %.0f ms; %.0f bytes a person on the disk\n", (Now() - begin) * 1e3,
              static_cast<double>(rocks::DirectoryBytes(folder)) / static_cast<double>(count));
  std::vector<Figure> figures = MeasureAll(*store, count, queries);
  Write(Argument(argc, argv, "benchmark_out"), figures);
  store.reset();
  std::error_code ignored;
  fs::remove_all(folder, ignored);
  return 0;
}

}  // namespace
}  // namespace motcua

int main(int argc, char** argv) { return motcua::Main(argc, argv); }
