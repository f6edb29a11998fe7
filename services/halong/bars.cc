// The charts of horizontal bars.
#include <algorithm>
#include <map>
#include <optional>

#include "services/cli/fields.h"
#include "services/cli/text_width.h"
#include "services/halong/charts.h"
#include "services/halong/svg.h"

namespace motcua::halong {
namespace {

using cli::FormatCount;
using cli::FormatShare;
using reporting::v1::LatenessRow;
using reporting::v1::StatusRow;

constexpr int kWidth = 720;
constexpr double kBarHeight = 14;
constexpr double kRowHeight = 21;
constexpr double kLabelWidth = 232;
constexpr double kLetterWidth = 7.4;
constexpr double kPartGap = 2;
constexpr std::string_view kOthers = "Khác";

std::string Share(std::int64_t part, std::int64_t whole) {
  return FormatShare(part, whole) + " (" + FormatCount(part) + " / " + FormatCount(whole) + ")";
}

// Left of a bar that begins at `x`.
void Label(Svg& svg, double x, double y, std::string_view text) {
  const auto letters = static_cast<std::size_t>((x - 8) / kLetterWidth);
  svg.Text(x - 8, y + kBarHeight - 2, cli::FitWidth(text, letters), "", Anchor::kEnd);
}

// Parts of one whole side by side, from `left` on.
void Stack(Svg& svg, double left, double y, double width,
           const std::vector<std::pair<std::int64_t, std::string_view>>& parts) {
  std::int64_t whole = 0;
  for (const auto& [count, type] : parts) whole += count;
  double x = left;
  for (const auto& [count, type] : parts) {
    if (count == 0) continue;
    const double size = width * static_cast<double>(count) / static_cast<double>(whole);
    svg.Rect(x, y, std::max(size - kPartGap, 0.5), kBarHeight, type);
    x += size;
  }
}

// One entry of the key of a chart; where the next one may begin.
double Key(Svg& svg, double x, std::string_view type, std::string_view text) {
  constexpr double kLetter = 7;
  svg.Rect(x, 4, 12, 12, type);
  svg.Text(x + 18, 14, text);
  return x + 34 + kLetter * static_cast<double>(cli::DisplayWidth(text));
}

}  // namespace

// ---- By field ----------------------------------------------------------------------------------

Chart VerdictsByField(const Answers& answers) {
  constexpr std::size_t kFieldsMax = 20;
  constexpr double kBarWidth = 300;
  constexpr double kTop = 26;
  struct Field {
    std::string name;
    std::int64_t early = 0;
    std::int64_t on_time = 0;
    std::int64_t late = 0;

    std::int64_t whole() const { return early + on_time + late; }
  };
  std::vector<Field> fields;
  for (const StatusRow& row : answers.by_field.rows()) {
    const Field field{row.name().empty() ? row.key() : row.name(), row.resolved().early(),
                      row.resolved().on_time(), row.resolved().late()};
    if (field.whole() != 0) fields.push_back(field);
  }
  // Those with few dossiers together, for a share of few says little.
  std::stable_sort(fields.begin(), fields.end(),
                   [](const Field& a, const Field& b) { return a.whole() > b.whole(); });
  std::optional<Field> others;
  if (fields.size() > kFieldsMax) {
    others = Field{std::to_string(fields.size() - kFieldsMax + 1) + " lĩnh vực khác", 0, 0, 0};
    for (std::size_t i = kFieldsMax - 1; i < fields.size(); ++i) {
      others->early += fields[i].early;
      others->on_time += fields[i].on_time;
      others->late += fields[i].late;
    }
    fields.resize(kFieldsMax - 1);
  }
  std::stable_sort(fields.begin(), fields.end(), [](const Field& a, const Field& b) {
    return a.late * b.whole() > b.late * a.whole();
  });
  Chart chart;
  if (!fields.empty()) {
    chart.sentence = "Tỷ lệ quá hạn cao nhất: " + fields.front().name + ", " +
                     Share(fields.front().late, fields.front().whole());
  }
  if (others) fields.push_back(*others);  // last: it is no field of its own
  Svg svg(kWidth, static_cast<int>(kTop + kRowHeight * static_cast<double>(fields.size()) + 2),
          chart.sentence);
  double x = Key(svg, kLabelWidth, "early", "trước hạn");
  x = Key(svg, x, "ontime", "đúng hạn");
  Key(svg, x, "late", "quá hạn");
  double y = kTop;
  for (const Field& field : fields) {
    Label(svg, kLabelWidth, y, field.name);
    Stack(svg, kLabelWidth, y, kBarWidth,
          {{field.early, "early"}, {field.on_time, "ontime"}, {field.late, "late"}});
    svg.Text(kLabelWidth + kBarWidth + 8, y + kBarHeight - 2,
             "quá hạn " + Share(field.late, field.whole()), "small");
    y += kRowHeight;
  }
  chart.svg = std::move(svg).Take();
  chart.note = "Mỗi thanh là 100% số đã giải quyết của lĩnh vực; xếp theo tỷ lệ quá hạn.";
  return chart;
}

// ---- The late ----------------------------------------------------------------------------------

namespace {

std::string TextOf(const LatenessRow& row) {
  const auto* part = reporting::v1::TimePart_descriptor()->FindValueByNumber(row.part());
  std::string text = part == nullptr ? std::string(kOthers) : cli::Label(*part);
  if (row.part() == reporting::v1::TIME_PART_LEG) text = "Chặng " + std::to_string(row.leg());
  // Without the city: all are in it.
  return row.name().empty() ? text : text + ", " + row.name().substr(0, row.name().find(','));
}

}  // namespace

Chart WhereLateGotLate(const Answers& answers) {
  constexpr std::size_t kRowsMax = 12;
  constexpr double kPlaceWidth = 350;
  constexpr double kBarWidth = 200;
  std::vector<std::pair<std::string, std::int64_t>> rows;
  for (const LatenessRow& row : answers.lateness.rows()) {
    if (row.dossiers() != 0) rows.emplace_back(TextOf(row), row.dossiers());
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  if (rows.size() > kRowsMax) {
    std::int64_t others = 0;
    for (std::size_t i = kRowsMax; i < rows.size(); ++i) others += rows[i].second;
    const std::size_t places = rows.size() - kRowsMax;
    rows.resize(kRowsMax);
    rows.emplace_back(std::to_string(places) + " nơi khác", others);
  }
  const std::int64_t whole = answers.lateness.dossiers();
  Chart chart;
  if (!rows.empty()) {
    chart.sentence = "Nhiều hồ sơ hết hạn nhất: " + rows.front().first + ", " +
                     Share(rows.front().second, whole);
  }
  std::int64_t most = 1;
  for (const auto& [text, count] : rows) most = std::max(most, count);
  Svg svg(kWidth, static_cast<int>(kRowHeight * static_cast<double>(rows.size()) + 4),
          chart.sentence);
  double y = 2;
  for (const auto& [text, count] : rows) {
    const double width = kBarWidth * static_cast<double>(count) / static_cast<double>(most);
    Label(svg, kPlaceWidth, y, text);
    svg.Rect(kPlaceWidth, y, width, kBarHeight, "late");
    svg.Text(kPlaceWidth + width + 6, y + kBarHeight - 2, Share(count, whole), "small");
    y += kRowHeight;
  }
  chart.svg = std::move(svg).Take();
  chart.note = "Hồ sơ quá hạn được tính cho nơi đang giữ nó khi hết hạn.";
  return chart;
}

Chart TimeOfTheLate(const Answers& answers) {
  constexpr std::int64_t kMicrosPerDay = 86'400'000'000;
  constexpr double kTop = 26;
  std::map<int, std::int64_t> time;
  for (const LatenessRow& row : answers.lateness.rows()) time[row.party()] += row.time_micros();
  const std::int64_t whole = answers.lateness.time_micros();
  // In seconds: a share of microseconds has no room in 64 bits.
  constexpr std::int64_t kMicrosPerSecond = 1'000'000;
  const auto of = [&](reporting::v1::Party party) { return time[party] / kMicrosPerSecond; };
  const std::int64_t seconds = whole / kMicrosPerSecond;
  const std::vector<std::pair<std::int64_t, std::string_view>> parts = {
      {of(reporting::v1::PARTY_AGENCY), "series"},
      {of(reporting::v1::PARTY_CITIZEN), "paused"},
      {of(reporting::v1::PARTY_CARRIER), "past"}};
  Chart chart;
  chart.sentence = "Trong " + FormatCount(whole / kMicrosPerDay) +
                   " ngày của các hồ sơ quá hạn, cơ quan giải quyết giữ " +
                   FormatShare(parts[0].first, seconds) + ", công dân " +
                   FormatShare(parts[1].first, seconds) + ", bưu chính " +
                   FormatShare(parts[2].first, seconds);
  Svg svg(kWidth, static_cast<int>(kTop + kRowHeight), chart.sentence);
  double x = Key(svg, 0, "series", "cơ quan giải quyết");
  x = Key(svg, x, "paused", "công dân: bổ sung, nộp tiền, chưa đến nhận");
  Key(svg, x, "past", "bưu chính");
  Stack(svg, 0, kTop, kWidth, parts);
  chart.svg = std::move(svg).Take();
  chart.note =
      "Ngày theo lịch, từ tiếp nhận đến khi công dân nhận kết quả; các phần cộng lại "
      "đúng bằng toàn bộ thời gian.";
  return chart;
}

// ---- Online and by post ------------------------------------------------------------------------

Chart OnlineAndPost(const Answers& answers) {
  constexpr double kBarWidth = 280;
  const StatusRow& all = answers.by_level.total();
  const StatusRow& city = RowOf(answers.by_level, "city");
  const StatusRow& central = RowOf(answers.by_level, "central");
  struct Bar {
    std::string_view text;
    std::int64_t part;
    std::int64_t whole;
    std::string_view type;
  };
  const Bar bars[] = {
      {"Trực tuyến, thành phố", city.received().online(), ReceivedInPeriod(city), "series"},
      {"Trực tuyến, ngành dọc", central.received().online(), ReceivedInPeriod(central), "series"},
      {"Trực tuyến, chung", all.received().online(), ReceivedInPeriod(all), "series"},
      {"Tiếp nhận qua bưu chính", all.received().postal(), ReceivedInPeriod(all), "past"},
      {"Trả kết quả qua bưu chính", all.returned_postal(), all.resolved().total(), "past"},
  };
  Chart chart;
  chart.sentence =
      "Trực tuyến " + Share(all.received().online(), ReceivedInPeriod(all)) + " hồ sơ tiếp nhận";
  Svg svg(kWidth, static_cast<int>(kRowHeight * static_cast<double>(std::size(bars)) + 4),
          chart.sentence);
  double y = 2;
  for (const Bar& bar : bars) {
    Label(svg, kLabelWidth, y, bar.text);
    svg.Rect(kLabelWidth, y, kBarWidth, kBarHeight, "track");
    if (bar.whole != 0) {
      svg.Rect(kLabelWidth, y,
               kBarWidth * static_cast<double>(bar.part) / static_cast<double>(bar.whole),
               kBarHeight, bar.type);
    }
    svg.Text(kLabelWidth + kBarWidth + 8, y + kBarHeight - 2, Share(bar.part, bar.whole), "small");
    y += kRowHeight;
  }
  chart.svg = std::move(svg).Take();
  chart.note =
      "Mẫu số của trả kết quả là số đã giải quyết trong kỳ, của các thanh khác là số tiếp "
      "nhận trong kỳ.";
  return chart;
}

}  // namespace motcua::halong
