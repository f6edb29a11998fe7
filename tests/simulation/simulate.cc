// simulate: runs simulated worlds by seed.
//
//   simulate --seed 42 [--verbose]         one world, exactly as it always goes
//   simulate --seeds 2000 [--from 1]       many; exit status 1 at the first that is wrong
//   … --upgrade                            with a rolling upgrade in each world
//   … --nonsense                           with a stranger's well-formed nonsense
//   … --manifests                          with manifests of the post
//   … --corrections                        with mistakes that are taken back
#include <charconv>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string>

#include "tests/simulation/world.h"

namespace {

using motcua::simulation::Marks;
using motcua::simulation::Options;
using motcua::simulation::World;

struct Arguments {
  std::optional<std::uint64_t> seed;
  std::uint64_t from = 1;
  std::uint64_t seeds = 100;
  bool verbose = false;
  bool upgrade = false;
  bool nonsense = false;
  bool manifests = false;
  bool corrections = false;

  Options Draw(std::uint64_t number) const {
    if (nonsense) return Options::DrawNonsense(number);
    if (manifests) return Options::DrawManifests(number);
    if (corrections) return Options::DrawCorrections(number);
    return upgrade ? Options::DrawUpgrade(number) : Options::Draw(number);
  }
};

std::optional<Arguments> Parse(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--verbose") {
      arguments.verbose = true;
      continue;
    }
    if (word == "--upgrade") {
      arguments.upgrade = true;
      continue;
    }
    if (word == "--nonsense") {
      arguments.nonsense = true;
      continue;
    }
    if (word == "--manifests") {
      arguments.manifests = true;
      continue;
    }
    if (word == "--corrections") {
      arguments.corrections = true;
      continue;
    }
    std::uint64_t number = 0;
    if (++i >= argc) return std::nullopt;
    const char* end = argv[i] + std::strlen(argv[i]);
    if (std::from_chars(argv[i], end, number).ptr != end) return std::nullopt;
    if (word == "--seed") {
      arguments.seed = number;
    } else if (word == "--seeds") {
      arguments.seeds = number;
    } else if (word == "--from") {
      arguments.from = number;
    } else {
      return std::nullopt;
    }
  }
  return arguments;
}

int RunOne(const Arguments& arguments) {
  const Options options = arguments.Draw(*arguments.seed);
  std::printf("%s\n", options.Print().c_str());
  std::fflush(stdout);
  World world(options, arguments.verbose
                           ? [](const std::string& line) { std::printf("%s\n", line.c_str()); }
                           : std::function<void(const std::string&)>());
  const std::string wrong = world.Run();
  const Marks marks = world.marks();
  std::printf(
      "records=%llu accepted=%llu requests=%llu answered=%llu alerts=%llu deaths=%llu "
      "freezes=%llu items=%llu upgrades=%llu by_older=%llu beyond_older=%llu "
      "manifests=%llu followed=%llu skipped=%llu\n",
      static_cast<unsigned long long>(marks.records),
      static_cast<unsigned long long>(marks.accepted),
      static_cast<unsigned long long>(marks.requests),
      static_cast<unsigned long long>(marks.answered),
      static_cast<unsigned long long>(marks.alerts), static_cast<unsigned long long>(marks.deaths),
      static_cast<unsigned long long>(marks.freezes),
      static_cast<unsigned long long>(marks.timeline_items),
      static_cast<unsigned long long>(marks.upgrades),
      static_cast<unsigned long long>(marks.by_older),
      static_cast<unsigned long long>(marks.beyond_older),
      static_cast<unsigned long long>(marks.manifests),
      static_cast<unsigned long long>(marks.followed),
      static_cast<unsigned long long>(marks.skipped));
  std::printf("%s\n", wrong.empty() ? "ok" : wrong.c_str());
  return wrong.empty() ? 0 : 1;
}

int RunMany(const Arguments& arguments) {
  const std::uint64_t from = arguments.from;
  const std::uint64_t seeds = arguments.seeds;
  constexpr std::uint64_t kProgressEvery = 100;
  for (std::uint64_t seed = from; seed < from + seeds; ++seed) {
    World world(arguments.Draw(seed), {});
    const std::string wrong = world.Run();
    if (!wrong.empty()) {
      const auto number = static_cast<unsigned long long>(seed);
      std::printf("seed=%llu is wrong: %s\nreplay: simulate --seed %llu --verbose%s\n", number,
                  wrong.c_str(), number,
                  arguments.upgrade       ? " --upgrade"
                  : arguments.nonsense    ? " --nonsense"
                  : arguments.manifests   ? " --manifests"
                  : arguments.corrections ? " --corrections"
                                          : "");
      return 1;
    }
    const std::uint64_t done = seed - from + 1;
    if (done % kProgressEvery == 0) {
      std::printf("%llu of %llu seeds are right\n", static_cast<unsigned long long>(done),
                  static_cast<unsigned long long>(seeds));
      std::fflush(stdout);
    }
  }
  std::printf("seeds %llu to %llu: all right\n", static_cast<unsigned long long>(from),
              static_cast<unsigned long long>(from + seeds - 1));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::optional<Arguments> arguments = Parse(argc, argv);
  if (!arguments) {
    std::fprintf(
        stderr,
        "usage: simulate --seed N [--verbose] [KIND] | --seeds COUNT [--from SEED] [KIND]\n"
        "KIND: --upgrade|--nonsense|--manifests|--corrections\n");
    return 2;
  }
  return arguments->seed ? RunOne(*arguments) : RunMany(*arguments);
}
