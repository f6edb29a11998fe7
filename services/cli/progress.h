// A progress bar on standard error: redrawn in place on a terminal, else a line every few seconds.
//
//   [########------------]  41%  23.950 dòng  9.812 dòng/s  còn 3 s
//
// RenderProgress is pure. ProgressBar belongs to one thread and writes nothing more after Finish.
#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

namespace motcua::cli {

struct ProgressReading {
  double fraction = 0;             // of the work, 0 to 1
  std::uint64_t rows = 0;          // since the start
  double seconds = 0;              // since the start
  std::string_view unit = "dòng";  // what is counted
  std::string_view note = {};      // what it is at, shown in front of the count
  double begun = 0;                // fraction that was done before the start
};

std::string RenderProgress(const ProgressReading& reading);

class ProgressBar {
 public:
  using Clock = std::chrono::steady_clock;

  ProgressBar(std::ostream& out, bool terminal, Clock::time_point start,
              std::string_view unit = ProgressReading{}.unit)
      : out_(out), terminal_(terminal), start_(start), unit_(unit), shown_(start) {}

  // What an earlier run had done of it.
  void GoOnFrom(double fraction) { begun_ = fraction; }
  // Shows it when it is time again.
  void Update(double fraction, std::uint64_t rows, Clock::time_point now,
              std::string_view note = {});
  // Shows the end, on a line of its own.
  void Finish(double fraction, std::uint64_t rows, Clock::time_point now);

 private:
  static constexpr std::chrono::milliseconds kRedrawEvery{100};
  static constexpr std::chrono::seconds kLineEvery{5};

  void Show(double fraction, std::uint64_t rows, Clock::time_point now, std::string_view note);

  std::ostream& out_;
  const bool terminal_;
  const Clock::time_point start_;
  const std::string_view unit_;
  Clock::time_point shown_;
  double begun_ = 0;
};

}  // namespace motcua::cli
