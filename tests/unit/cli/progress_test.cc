// Goal: the bar says how far, how fast and how long still; it redraws on terminals only.
// Method: golden texts; a clock that the test moves.
#include "services/cli/progress.h"

#include <gtest/gtest.h>

#include <chrono>
#include <sstream>

namespace motcua::cli {
namespace {

using namespace std::chrono_literals;

TEST(Progress, SaysHowFarHowFastAndHowLongStill) {
  EXPECT_EQ(RenderProgress({0, 0, 0}), "[--------------------]   0%  0 dòng");
  EXPECT_EQ(RenderProgress({0.41, 23950, 2.5}),
            "[########------------]  41%  23.950 dòng  9.580 dòng/s  còn 4 s");
  EXPECT_EQ(RenderProgress({0.01, 1000, 1.5}),
            "[--------------------]   1%  1.000 dòng  667 dòng/s  còn 2 phút 29 s");
  EXPECT_EQ(RenderProgress({1, 58119, 6.1}),
            "[####################] 100%  58.119 dòng  9.528 dòng/s  trong 7 s");
  // An earlier run had done 80 % of it.
  EXPECT_EQ(RenderProgress({.fraction = 0.9, .rows = 1000, .seconds = 10, .begun = 0.8}),
            "[##################--]  90%  1.000 dòng  100 dòng/s  còn 10 s");
}

TEST(Progress, ATerminalIsRedrawnInPlace) {
  std::ostringstream out;
  const ProgressBar::Clock::time_point start{};
  ProgressBar bar(out, true, start);
  bar.Update(0.1, 10, start + 50ms);  // too soon
  EXPECT_EQ(out.str(), "");
  bar.Update(0.5, 10, start + 1s);
  EXPECT_EQ(out.str(), "\r[##########----------]  50%  10 dòng  10 dòng/s  còn 1 s\x1b[K");
  bar.Finish(1, 20, start + 2s);
  EXPECT_EQ(out.str().back(), '\n');
}

TEST(Progress, AFileGetsALineEveryFewSeconds) {
  std::ostringstream out;
  const ProgressBar::Clock::time_point start{};
  ProgressBar bar(out, false, start);
  for (int second = 1; second <= 11; ++second) {
    bar.Update(0.05 * second, 100, start + std::chrono::seconds(second));
  }
  const std::string text = out.str();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
  EXPECT_EQ(text.find('\r'), std::string::npos);
}

}  // namespace
}  // namespace motcua::cli
