#include "services/cli/progress.h"

#include <algorithm>
#include <cmath>
#include <ostream>

#include "services/cli/text_width.h"

namespace motcua::cli {
namespace {

constexpr int kBarWidth = 20;
constexpr double kMinute = 60;

// "3 s", "2 phút 05 s"
std::string FormatDuration(double seconds) {
  const auto whole = static_cast<long long>(std::ceil(seconds));
  if (whole < static_cast<long long>(kMinute)) return std::to_string(whole) + " s";
  const std::string rest = std::to_string(whole % 60);
  return FormatCount(whole / 60) + " phút " + (rest.size() == 1 ? "0" : "") + rest + " s";
}

}  // namespace

std::string RenderProgress(const ProgressReading& reading) {
  const double fraction = std::clamp(reading.fraction, 0.0, 1.0);
  const auto filled = static_cast<std::size_t>(fraction * kBarWidth);
  std::string line = "[" + std::string(filled, '#') + std::string(kBarWidth - filled, '-') + "] ";
  line += PadLeft(std::to_string(static_cast<int>(fraction * 100)) + "%", 4);
  if (!reading.note.empty()) line += "  " + std::string(reading.note);
  const std::string unit = " " + std::string(reading.unit);
  line += "  " + FormatCount(static_cast<long long>(reading.rows)) + unit;
  if (reading.seconds > 0) {
    const double rate = static_cast<double>(reading.rows) / reading.seconds;
    line += "  " + FormatCount(std::llround(rate)) + unit + "/s";
  }
  if (fraction >= 1) {
    line += "  trong " + FormatDuration(reading.seconds);
  } else if (fraction > reading.begun && reading.seconds > 0) {
    line +=
        "  còn " + FormatDuration(reading.seconds * (1 - fraction) / (fraction - reading.begun));
  }
  return line;
}

void ProgressBar::Update(double fraction, std::uint64_t rows, Clock::time_point now,
                         std::string_view note) {
  const Clock::duration every = terminal_ ? Clock::duration(kRedrawEvery) : kLineEvery;
  if (now - shown_ >= every) Show(fraction, rows, now, note);
}

void ProgressBar::Finish(double fraction, std::uint64_t rows, Clock::time_point now) {
  Show(fraction, rows, now, {});
  if (terminal_) out_ << '\n';
  out_.flush();
}

void ProgressBar::Show(double fraction, std::uint64_t rows, Clock::time_point now,
                       std::string_view note) {
  shown_ = now;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const std::string line = RenderProgress({fraction, rows, seconds, unit_, note, begun_});
  if (terminal_) {
    out_ << '\r' << line << "\x1b[K";
  } else {
    out_ << line << '\n';
  }
  out_.flush();
}

}  // namespace motcua::cli
