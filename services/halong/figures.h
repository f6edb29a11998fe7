// The figures of Hạ Long's printed report of 2020 (III.3.1, annex 5) beside those that reporting
// tells today. The printed ones are copied facts in halong-2020.json, which is a part of the
// program; a slip of the print has a name.
//
// Pure.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "motcua/reporting/v1/reporting.pb.h"
#include "services/base/status.h"
#include "services/base/time.h"

namespace motcua::halong {

// A slip of the print that no computed figure can equal.
inline constexpr std::string_view kMisprint = "misprint";

struct Printed {
  std::string source;
  CivilDate from;
  CivilDate to;  // counted in
  // By id, the path of the figure: a number, or the text of what is none.
  std::map<std::string, nlohmann::json, std::less<>> figures;
  int chart_target_percent = 0;  // not the report's: a line in the chart of rates
};
// A defect if the file is not what its test says.
const Printed& PrintedReport();

// Sends a request of ReportingService.
using Call = std::function<Status(const google::protobuf::Message&, google::protobuf::Message&)>;

// A month, or what of it lies in the period.
struct Month {
  CivilDate from;
  CivilDate to;
  reporting::v1::GetStatusReportResponse by_level;
  reporting::v1::GetStatusReportResponse by_unit;
};

// All that the report rests on.
struct Answers {
  reporting::v1::GetStatusReportResponse by_level;
  reporting::v1::GetStatusReportResponse by_unit;
  reporting::v1::GetStatusReportResponse by_field;
  reporting::v1::GetLatenessReportResponse lateness;
  std::vector<Month> months;
};
Result<Answers> Ask(const Call& call, const Printed& printed);

// The row of that key; an empty one where nothing is counted.
const reporting::v1::StatusRow& RowOf(const reporting::v1::GetStatusReportResponse& report,
                                      std::string_view key);
// The rate of Biểu II.06a, of the resolved.
reporting::v1::Rate OnTime(const reporting::v1::StatusRow& row);
std::int64_t ReceivedInPeriod(const reporting::v1::StatusRow& row);

struct Figure {
  std::string id;
  std::string label;
  nlohmann::json printed;
  std::int64_t part = 0;              // what was counted
  std::optional<std::int64_t> whole;  // what it is a part of; none of a total
  std::string whole_label;
  std::optional<int> decimals;  // of a rate in percent; none: `part` is the figure
  bool equal = false;
  std::string slip;  // name of the print's slip; mostly empty
  std::string note;  // what it is, in a sentence

  // The number: a count, or a rate rounded half up as it was printed; none of nothing.
  nlohmann::json computed() const;
};
std::vector<Figure> Compare(const Printed& printed, const Answers& answers);

// A list of {"id","label","printed","computed","denominator","equal","slip"}.
std::string RenderJson(const std::vector<Figure>& figures);
// Sentences, a table of at most `width` columns, and what is to be said of slips.
std::string RenderText(const Printed& printed, const Answers& answers,
                       const std::vector<Figure>& figures, std::size_t width);
// The same as a page with charts.
std::string RenderHtml(const Printed& printed, const Answers& answers,
                       const std::vector<Figure>& figures);

// What the page says before its tables, one sentence each.
std::vector<std::string> Sentences(const Answers& answers);
// "=", or the slip by its name.
std::string Mark(const Figure& figure);
// "31/10/2020"
std::string DayText(CivilDate day);
// A number as people write it: "288.805", "98,39%"; of a printed text the text.
std::string Shown(const nlohmann::json& number, const std::optional<int>& decimals);

}  // namespace motcua::halong
