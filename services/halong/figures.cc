#include "services/halong/figures.h"

#include <array>
#include <cmath>
#include <cstdlib>

#include "services/base/check.h"
#include "services/halong/printed_file.h"

namespace motcua::halong {
namespace {

using google::protobuf::Message;
using nlohmann::json;
using reporting::v1::Dimension;
using reporting::v1::GetStatusReportRequest;
using reporting::v1::GetStatusReportResponse;
using reporting::v1::Rate;
using reporting::v1::StatusRow;

constexpr std::string_view kCity = "city";
constexpr std::string_view kCentral = "central";

void Set(CivilDate day, common::v1::Date& date) {
  const YearMonthDay parts = Split(day);
  date.set_year(parts.year);
  date.set_month(parts.month);
  date.set_day(parts.day);
}

Status AskStatus(const Call& call, CivilDate from, CivilDate to, Dimension by,
                 GetStatusReportResponse& answer) {
  GetStatusReportRequest request;
  Set(from, *request.mutable_query()->mutable_from_date());
  Set(to, *request.mutable_query()->mutable_to_date());
  request.mutable_query()->set_by(by);
  return call(request, answer);
}

// ---- The figures -------------------------------------------------------------------------------

struct Value {
  std::int64_t part = 0;
  std::optional<std::int64_t> whole;
  std::string_view whole_label;
};

Value Total(std::int64_t count) { return {count, {}, ""}; }
Value OnTimeOf(const StatusRow& row) {
  const Rate rate = OnTime(row);
  return {rate.part(), rate.whole(), "đã giải quyết"};
}
Value LateOf(const StatusRow& row) {
  return {row.resolved().late(), OnTime(row).whole(), "đã giải quyết"};
}
Value OnlineOf(const StatusRow& row) {
  return {row.received().online(), ReceivedInPeriod(row), "tiếp nhận"};
}

struct FigureRow {
  std::string_view id;
  std::string_view label;
  Value (*value)(const StatusRow& all, const StatusRow& city, const StatusRow& central);
  std::optional<int> decimals;  // of a rate
  std::string_view slip;
  std::string_view note;
};

// In the order in which the page shows them.
using Row = const StatusRow&;
constexpr FigureRow kFigures[] = {
    {"dossiers.received",
     "Hồ sơ tiếp nhận, luân chuyển",
     [](Row all, Row, Row) { return Total(ReceivedInPeriod(all)); },
     {},
     "",
     ""},
    {"dossiers.on_time_percent", "Tỷ lệ trước và đúng hạn, chung",
     [](Row all, Row, Row) { return OnTimeOf(all); }, 2, "", ""},
    {"dossiers.city.received",
     "Thành phố: hồ sơ tiếp nhận trong kỳ",
     [](Row, Row city, Row) { return Total(ReceivedInPeriod(city)); },
     {},
     "",
     ""},
    {"dossiers.city.resolved_on_time_or_early",
     "Thành phố: giải quyết trước và đúng hạn",
     [](Row, Row city, Row) { return OnTimeOf(city); },
     {},
     "",
     ""},
    {"dossiers.city.resolved_as_printed",
     "Thành phố: đã giải quyết, như bản in",
     [](Row, Row city, Row) { return Total(city.resolved().total()); },
     {},
     "misprint",
     "Lỗi in 45/964: dấu gạch chéo thay cho dấu chấm của 45.964; cả hai tỷ lệ đã in đều tính trên "
     "45.964."},
    {"dossiers.city.resolved",
     "Thành phố: đã giải quyết",
     [](Row, Row city, Row) { return Total(city.resolved().total()); },
     {},
     "",
     ""},
    {"dossiers.city.on_time_percent", "Thành phố: tỷ lệ trước và đúng hạn",
     [](Row, Row city, Row) { return OnTimeOf(city); }, 2, "", ""},
    {"dossiers.city.overdue_percent", "Thành phố: tỷ lệ quá hạn",
     [](Row, Row city, Row) { return LateOf(city); }, 2, "", ""},
    {"dossiers.city.in_progress",
     "Thành phố: đang giải quyết",
     [](Row, Row city, Row) {
       return Value{city.open().total(), city.received().total(), "tiếp nhận, chuyển sang"};
     },
     {},
     "carried_over",
     "270 hồ sơ kỳ trước chuyển sang: bản in cộng 45.964 đã giải quyết và 2.537 đang giải quyết "
     "thành 48.501, hơn 48.231 tiếp nhận trong kỳ đúng 270 hồ sơ mà bản in không nêu."},
    {"dossiers.city.online",
     "Thành phố: nộp trực tuyến",
     [](Row, Row city, Row) { return OnlineOf(city); },
     {},
     "",
     ""},
    {"dossiers.central.received",
     "Cơ quan ngành dọc: hồ sơ tiếp nhận",
     [](Row, Row, Row central) { return Total(ReceivedInPeriod(central)); },
     {},
     "",
     ""},
    {"dossiers.central.on_time_percent", "Cơ quan ngành dọc: tỷ lệ trước và đúng hạn",
     [](Row, Row, Row central) { return OnTimeOf(central); }, 1, "", ""},
    {"dossiers.central.online",
     "Cơ quan ngành dọc: nộp trực tuyến",
     [](Row, Row, Row central) { return OnlineOf(central); },
     {},
     "",
     ""},
    {"dossiers.postal.received_by_post",
     "Tiếp nhận qua bưu chính",
     [](Row all, Row, Row) {
       return Value{all.received().postal(), ReceivedInPeriod(all), "tiếp nhận"};
     },
     {},
     "",
     ""},
    {"dossiers.postal.results_returned_by_post",
     "Trả kết quả qua bưu chính",
     [](Row all, Row, Row) {
       return Value{all.returned_postal(), all.resolved().total(), "đã giải quyết"};
     },
     {},
     "",
     ""},
};

// Rounded half up.
std::int64_t Rounded(std::int64_t part, std::int64_t whole, int decimals) {
  std::int64_t scale = 100;
  for (int i = 0; i < decimals; ++i) scale *= 10;
  return (2 * part * scale + whole) / (2 * whole);
}

double Power(int decimals) { return decimals == 0 ? 1 : 10 * Power(decimals - 1); }

}  // namespace

const Printed& PrintedReport() {
  static const Printed kPrinted = [] {
    const json file = json::parse(PrintedFile());
    Printed printed;
    printed.source = file.at("source").get<std::string>();
    const auto day = [&](const char* name) {
      return ParseDate(file.at("period").at(name).get<std::string>()).value();
    };
    printed.from = day("from");
    printed.to = day("to");
    for (const auto& [id, value] : file.at("figures").items()) printed.figures[id] = value;
    printed.chart_target_percent = file.at("chart_target_percent").get<int>();
    return printed;
  }();
  return kPrinted;
}

Result<Answers> Ask(const Call& call, const Printed& printed) {
  Answers answers;
  MOTCUA_RETURN_IF_ERROR(
      AskStatus(call, printed.from, printed.to, reporting::v1::DIMENSION_LEVEL, answers.by_level));
  MOTCUA_RETURN_IF_ERROR(
      AskStatus(call, printed.from, printed.to, reporting::v1::DIMENSION_UNIT, answers.by_unit));
  MOTCUA_RETURN_IF_ERROR(
      AskStatus(call, printed.from, printed.to, reporting::v1::DIMENSION_FIELD, answers.by_field));
  reporting::v1::GetLatenessReportRequest lateness;
  Set(printed.from, *lateness.mutable_query()->mutable_from_date());
  Set(printed.to, *lateness.mutable_query()->mutable_to_date());
  MOTCUA_RETURN_IF_ERROR(call(lateness, answers.lateness));
  for (CivilDate from = printed.from; from <= printed.to;) {
    const YearMonthDay parts = Split(from);
    Month month;
    month.from = from;
    month.to = std::min(printed.to,
                        MakeDate(parts.year, parts.month, DaysInMonth(parts.year, parts.month)));
    MOTCUA_RETURN_IF_ERROR(
        AskStatus(call, month.from, month.to, reporting::v1::DIMENSION_LEVEL, month.by_level));
    MOTCUA_RETURN_IF_ERROR(
        AskStatus(call, month.from, month.to, reporting::v1::DIMENSION_UNIT, month.by_unit));
    from = month.to + 1;
    answers.months.push_back(std::move(month));
  }
  return answers;
}

const StatusRow& RowOf(const GetStatusReportResponse& report, std::string_view key) {
  for (const StatusRow& row : report.rows()) {
    if (row.key() == key) return row;
  }
  return StatusRow::default_instance();
}

Rate OnTime(const StatusRow& row) {
  for (const Rate& rate : row.rates()) {
    if (rate.definition() == reporting::v1::RATE_DEFINITION_OF_RESOLVED) return rate;
  }
  return {};
}

std::int64_t ReceivedInPeriod(const StatusRow& row) {
  return row.received().total() - row.received().carried_over();
}

json Figure::computed() const {
  if (!decimals) return part;
  if (whole.value_or(0) == 0) return nullptr;
  return static_cast<double>(Rounded(part, *whole, *decimals)) / Power(*decimals);
}

std::vector<Figure> Compare(const Printed& printed, const Answers& answers) {
  const StatusRow& all = answers.by_level.total();
  const StatusRow& city = RowOf(answers.by_level, kCity);
  const StatusRow& central = RowOf(answers.by_level, kCentral);
  std::vector<Figure> figures;
  for (const FigureRow& row : kFigures) {
    const Value value = row.value(all, city, central);
    Figure figure;
    figure.id = row.id;
    figure.label = row.label;
    const auto found = printed.figures.find(row.id);
    MOTCUA_CHECK(found != printed.figures.end(), "a figure is not in halong-2020.json");
    figure.printed = found->second;
    figure.part = value.part;
    figure.whole = value.whole;
    figure.whole_label = value.whole_label;
    figure.decimals = row.decimals;
    figure.equal = figure.printed.is_number() && figure.computed() == figure.printed;
    figure.slip = row.slip;
    figure.note = row.note;
    figures.push_back(std::move(figure));
  }
  return figures;
}

std::string RenderJson(const std::vector<Figure>& figures) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Figure& figure : figures) {
    list.push_back({{"id", figure.id},
                    {"label", figure.label},
                    {"printed", figure.printed},
                    {"computed", figure.computed()},
                    {"denominator", figure.whole ? json(*figure.whole) : json(nullptr)},
                    {"equal", figure.equal},
                    {"slip", figure.slip.empty() ? json(nullptr) : json(figure.slip)}});
  }
  return list.dump(2) + "\n";
}

}  // namespace motcua::halong
