#include "services/halong/charts.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "services/cli/text_width.h"
#include "services/halong/svg.h"

namespace motcua::halong {
namespace {

using cli::FormatCount;
using cli::FormatShare;
using reporting::v1::LatenessRow;
using reporting::v1::Rate;
using reporting::v1::StatusRow;

// Of the whole page, in units of the drawing.
constexpr int kWidth = 720;
constexpr double kHundred = 100;

std::string Share(const Rate& rate) {
  return FormatShare(rate.part(), rate.whole()) + " (" + FormatCount(rate.part()) + " / " +
         FormatCount(rate.whole()) + ")";
}

double Percent(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : kHundred * static_cast<double>(part) / static_cast<double>(whole);
}
double Percent(const Rate& rate) { return Percent(rate.part(), rate.whole()); }

std::string MonthText(const Month& month) {
  const int number = Split(month.from).month;
  return (number < 10 ? "0" : "") + std::to_string(number);
}
int MonthNumber(const Month& month) { return Split(month.from).month; }

// A round number that is no less than `most`, with few steps to it.
std::int64_t RoundUp(std::int64_t most) {
  std::int64_t power = 1;
  while (power * 10 < most) power *= 10;
  for (const std::int64_t step : {1, 2, 3, 4, 5, 6, 8, 10}) {
    if (step * power >= most) return step * power;
  }
  return 10 * power;
}

// The ten per cent below the least rate, where an axis of rates begins.
double AxisBegin(double least) {
  constexpr double kTen = 10;
  return std::max(0.0, std::floor((least - 1e-9) / kTen) * kTen);
}

// A line of rates over the months; a month without a denominator leaves a gap.
struct RateLine {
  std::vector<Rate> rates;

  const Rate* Worst() const {
    const Rate* worst = nullptr;
    for (const Rate& rate : rates) {
      if (rate.whole() == 0) continue;
      if (worst == nullptr || Percent(rate) < Percent(*worst)) worst = &rate;
    }
    return worst;
  }
  double Least() const { return Worst() == nullptr ? kHundred : Percent(*Worst()); }
};

struct Frame {
  double left = 0;
  double top = 0;
  double width = 0;
  double height = 0;
  double begin = 0;  // rate at the bottom; 100 % is at the top

  double X(std::size_t i, std::size_t count) const {
    return left + width * (static_cast<double>(i) + 0.5) / static_cast<double>(count);
  }
  double Y(double percent) const {
    return top + height * (kHundred - percent) / (kHundred - begin);
  }
};

void Draw(Svg& svg, const RateLine& line, const Frame& frame, std::string_view type) {
  std::vector<std::pair<double, double>> points;
  const auto flush = [&] {
    if (points.size() > 1) svg.Polyline(points, type);
    if (points.size() == 1) svg.Dot(points[0].first, points[0].second, type);
    points.clear();
  };
  for (std::size_t i = 0; i < line.rates.size(); ++i) {
    if (line.rates[i].whole() == 0) {
      flush();
    } else {
      points.emplace_back(frame.X(i, line.rates.size()), frame.Y(Percent(line.rates[i])));
    }
  }
  flush();
}

RateLine LineOf(const Answers& answers, bool by_unit, std::string_view key) {
  RateLine line;
  for (const Month& month : answers.months) {
    line.rates.push_back(OnTime(RowOf(by_unit ? month.by_unit : month.by_level, key)));
  }
  return line;
}

std::string NameOf(const StatusRow& row) { return row.name().empty() ? row.key() : row.name(); }

// Names of units say what kind they are and where; in a small tile the name alone has room.
std::string ShortName(const StatusRow& row) {
  std::string name = NameOf(row);
  name.resize(std::min(name.size(), name.find(',')));
  constexpr std::pair<std::string_view, std::string_view> kShort[] = {
      {"UBND phường ", "P. "},
      {"UBND xã ", "X. "},
      {"Ủy ban nhân dân phường ", "P. "},
      {"Ủy ban nhân dân xã ", "X. "},
      {"Trung tâm Hành chính công", "TT HCC"},
      {" thành phố Hạ Long", ""},
  };
  for (const auto& [whole, brief] : kShort) {
    const std::size_t at = name.find(whole);
    if (at != std::string::npos) name.replace(at, whole.size(), brief);
  }
  constexpr std::size_t kNameWidth = 17;
  return cli::FitWidth(name, kNameWidth);
}

}  // namespace

// ---- By month ----------------------------------------------------------------------------------

Chart ReceivedAndResolved(const Answers& answers) {
  constexpr int kHeight = 250;
  constexpr double kLeft = 56;
  constexpr double kTop = 34;
  constexpr double kBottom = 26;
  constexpr double kGap = 2;
  constexpr int kSteps = 4;
  Chart chart;
  std::int64_t most = 1;
  const Month* least = nullptr;
  const auto received = [](const Month& m) { return ReceivedInPeriod(m.by_level.total()); };
  for (const Month& month : answers.months) {
    const StatusRow& total = month.by_level.total();
    most = std::max({most, received(month), total.resolved().total()});
    if (least == nullptr || received(month) < received(*least)) least = &month;
  }
  if (least != nullptr) {
    chart.sentence = "Tháng " + std::to_string(MonthNumber(*least)) +
                     " tiếp nhận ít nhất: " + FormatCount(received(*least)) + " hồ sơ";
  }
  const std::int64_t top = RoundUp(most);
  const double height = kHeight - kTop - kBottom;
  const auto y = [&](std::int64_t count) {
    return kTop + height * (1 - static_cast<double>(count) / static_cast<double>(top));
  };
  Svg svg(kWidth, kHeight, chart.sentence);
  for (int step = 0; step <= kSteps; ++step) {
    const std::int64_t count = top * step / kSteps;
    svg.Line(kLeft, y(count), kWidth, y(count), "grid");
    svg.Text(kLeft - 6, y(count) + 4, FormatCount(count), "axis", Anchor::kEnd);
  }
  const double slot =
      (kWidth - kLeft) / static_cast<double>(std::max<std::size_t>(1, answers.months.size()));
  const double bar = slot * 0.36;
  for (std::size_t i = 0; i < answers.months.size(); ++i) {
    const Month& month = answers.months[i];
    const StatusRow& total = month.by_level.total();
    const double x = kLeft + slot * static_cast<double>(i) + slot * 0.13;
    const std::int64_t resolved = total.resolved().total();
    svg.Rect(x, y(received(month)), bar, kTop + height - y(received(month)), "series");
    svg.Rect(x + bar + kGap, y(resolved), bar, kTop + height - y(resolved), "ontime");
    const double carried = y(total.received().carried_over());
    svg.Line(x - 4, carried, x + bar, carried, "tick");
    svg.Text(x + bar / 2, y(received(month)) - 4, FormatCount(received(month)), "small",
             Anchor::kMiddle);
    svg.Text(x + bar, kHeight - 8, MonthText(month), "axis", Anchor::kMiddle);
  }
  svg.Rect(kLeft, 6, 12, 12, "series");
  svg.Text(kLeft + 18, 16, "tiếp nhận trong tháng");
  svg.Rect(kLeft + 180, 6, 12, 12, "ontime");
  svg.Text(kLeft + 198, 16, "đã giải quyết");
  svg.Line(kLeft + 310, 12, kLeft + 330, 12, "tick");
  svg.Text(kLeft + 336, 16, "tháng trước chuyển sang");
  chart.svg = std::move(svg).Take();
  return chart;
}

Chart RateByMonth(const Answers& answers, int target_percent) {
  constexpr int kHeight = 220;
  constexpr double kRight = 120;
  Chart chart;
  const std::array lines = {std::pair{LineOf(answers, false, "city"), "series"},
                            std::pair{LineOf(answers, false, "central"), "past"}};
  constexpr std::array kNames = {"Thành phố", "Ngành dọc"};
  double least = target_percent;
  for (const auto& [line, type] : lines) least = std::min(least, line.Least());
  const Frame frame{56, 14, kWidth - 56 - kRight, kHeight - 44, AxisBegin(least)};

  const RateLine& city = lines[0].first;
  if (const Rate* worst = city.Worst()) {
    const auto at = static_cast<std::size_t>(worst - city.rates.data());
    chart.sentence = "Thành phố có tỷ lệ đúng hạn thấp nhất vào tháng " +
                     std::to_string(MonthNumber(answers.months[at])) + ": " + Share(*worst);
  }
  Svg svg(kWidth, kHeight, chart.sentence);
  for (double percent = frame.begin; percent <= kHundred; percent += (kHundred - frame.begin) / 5) {
    svg.Line(frame.left, frame.Y(percent), frame.left + frame.width, frame.Y(percent), "grid");
    svg.Text(frame.left - 6, frame.Y(percent) + 4,
             FormatCount(static_cast<std::int64_t>(percent + 0.5)) + "%", "axis", Anchor::kEnd);
  }
  const double target = frame.Y(target_percent);
  svg.Line(frame.left, target, frame.left + frame.width, target, "target");
  // Labels stand beside the ends of their lines, apart from each other.
  constexpr double kLabelHeight = 16;
  std::vector<std::pair<double, std::string>> labels{
      {target, "Mức so sánh " + std::to_string(target_percent) + "%"}};
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto& [line, type] = lines.at(i);
    Draw(svg, line, frame, type);
    if (line.rates.empty() || line.rates.back().whole() == 0) continue;
    labels.emplace_back(frame.Y(Percent(line.rates.back())), kNames.at(i));
    if (const Rate* worst = line.Worst()) {
      const auto at = static_cast<std::size_t>(worst - line.rates.data());
      const double x = frame.X(at, line.rates.size());
      const double y = frame.Y(Percent(*worst));
      const RateLine& other = lines.at(1 - i).first;
      // Where the other line is not.
      const bool above = at < other.rates.size() && other.rates[at].whole() != 0 &&
                         Percent(other.rates[at]) < Percent(*worst);
      svg.Dot(x, y, type);
      svg.Text(x, above ? y - 8 : y + 18, FormatShare(worst->part(), worst->whole()), "small",
               Anchor::kMiddle);
    }
  }
  std::sort(labels.begin(), labels.end());
  double below = 0;
  for (const auto& [y, text] : labels) {
    below = std::max(y, below + kLabelHeight);
    svg.Text(frame.left + frame.width + 6, below + 4, text);
  }
  for (std::size_t i = 0; i < answers.months.size(); ++i) {
    svg.Text(frame.X(i, answers.months.size()), kHeight - 8, MonthText(answers.months[i]), "axis",
             Anchor::kMiddle);
  }
  chart.svg = std::move(svg).Take();
  chart.note = "Trục từ " + FormatCount(static_cast<std::int64_t>(frame.begin)) +
               "%. Tỷ lệ trước và đúng hạn trên số đã giải quyết trong tháng. Mức so sánh do người "
               "lập báo cáo đặt, không có trong bản in.";
  return chart;
}

// ---- The units ---------------------------------------------------------------------------------

Chart UnitsByMonth(const Answers& answers, int target_percent) {
  constexpr std::size_t kColumns = 7;
  constexpr double kTileWidth = 150;
  constexpr double kTileHeight = 108;
  constexpr std::size_t kWorst = 3;
  Chart chart;
  std::vector<std::pair<const StatusRow*, RateLine>> units;
  double least = target_percent;
  for (const StatusRow& row : answers.by_unit.rows()) {
    units.emplace_back(&row, LineOf(answers, true, row.key()));
    least = std::min(least, units.back().second.Least());
  }
  std::vector<double> rates;
  for (const auto& [row, line] : units) {
    if (OnTime(*row).whole() != 0) rates.push_back(Percent(OnTime(*row)));
  }
  std::sort(rates.begin(), rates.end());
  const double outlined = rates.size() >= kWorst ? rates[kWorst - 1] : -1;
  const auto worst = std::min_element(units.begin(), units.end(), [](const auto& a, const auto& b) {
    const auto rate = [](const StatusRow& row) {
      return OnTime(row).whole() == 0 ? kHundred : Percent(OnTime(row));
    };
    return rate(*a.first) < rate(*b.first);
  });
  if (worst != units.end()) {
    chart.sentence = NameOf(*worst->first) + " có tỷ lệ đúng hạn thấp nhất trong " +
                     FormatCount(static_cast<std::int64_t>(units.size())) +
                     " đơn vị: " + Share(OnTime(*worst->first));
  }
  const std::size_t rows = (units.size() + kColumns - 1) / kColumns;
  Svg svg(static_cast<int>(kColumns * kTileWidth),
          static_cast<int>(static_cast<double>(std::max<std::size_t>(rows, 1)) * kTileHeight),
          chart.sentence);
  const double begin = AxisBegin(least);
  for (std::size_t i = 0; i < units.size(); ++i) {
    const auto& [row, line] = units[i];
    const double x = static_cast<double>(i % kColumns) * kTileWidth;
    const double y = static_cast<double>(i / kColumns) * kTileHeight;
    const Frame frame{x + 6, y + 30, kTileWidth - 20, 46, begin};
    const Rate rate = OnTime(*row);
    const bool is_worst = rate.whole() != 0 && Percent(rate) <= outlined;
    svg.Rect(x + 1, y + 1, kTileWidth - 8, kTileHeight - 8, is_worst ? "tile worst" : "tile");
    svg.Text(x + 8, y + 20, ShortName(*row), "tilename");
    svg.Line(frame.left, frame.Y(target_percent), frame.left + frame.width, frame.Y(target_percent),
             "target");
    Draw(svg, line, frame, "series");
    svg.Text(x + 8, y + kTileHeight - 15,
             FormatShare(rate.part(), rate.whole()) + " / " + FormatCount(rate.whole()),
             "tiletext");
  }
  chart.svg = std::move(svg).Take();
  chart.note = "Mỗi ô một đơn vị, tỷ lệ trước và đúng hạn từng tháng; mọi ô chung một trục từ " +
               FormatCount(static_cast<std::int64_t>(begin)) + "% đến 100%, chấm là mức so sánh " +
               std::to_string(target_percent) + "%. Viền đậm là ba đơn vị thấp nhất cả kỳ.";
  return chart;
}

}  // namespace motcua::halong
