// From a record of a register's CSV to a row that can be imported, by a mapping. A register is
// evidence: what can be read is taken as recorded, what is implausible is taken and marked, and
// what cannot be read is refused alone with line, column and reason.
//
//   MOTCUA_ASSIGN_OR_RETURN(const Converter converter, Converter::Make(mapping, header));
//   const Conversion conversion = converter.Convert(record);
//
// No I/O; const calls from any thread.
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "services/base/status.h"
#include "services/platform/imports/date_survey.h"
#include "services/platform/imports/heading.h"
#include "services/platform/imports/mapping.h"
#include "services/platform/imports/row.h"
#include "services/wire/csv/csv.h"

namespace motcua::imports {

class Converter {
 public:
  // FILE_INVALID with the line when a column that the mapping needs is missing or stands twice. The
  // error names headings of the mapping alone: what stands in the file may be a person's name.
  static Result<Converter> Make(Mapping mapping, const Heading& heading);
  static Result<Converter> Make(Mapping mapping, const wire::CsvRecord& header);
  // How many of the mapping's columns `heading` has, one counted once.
  static std::size_t CountColumns(const Mapping& mapping, const Heading& heading);

  Conversion Convert(const wire::CsvRecord& record) const;
  const Mapping& mapping() const { return mapping_; }

  // What the dates of a row say about the order of day and month (see DateSurvey).
  DateSurvey NewSurvey() const;
  void Survey(const wire::CsvRecord& record, DateSurvey& survey) const;
  // From here on each row with a date in a column that the survey doubts is doubtful.
  void DoubtDates(const DateSurvey& survey);

 private:
  static constexpr std::size_t kNoColumn = std::numeric_limits<std::size_t>::max();
  class Attempt;  // one row's conversion

  // Index of each mapped column in the file; kNoColumn where an optional one is not there.
  struct Columns {
    std::size_t id = kNoColumn;
    std::size_t opened = kNoColumn;
    std::size_t due = kNoColumn;
    std::size_t closed = kNoColumn;
    std::size_t unit = kNoColumn;
    std::size_t unit_name = kNoColumn;
    std::size_t field = kNoColumn;
    std::size_t channel = kNoColumn;
    std::size_t outcome = kNoColumn;
    std::size_t dossier_code = kNoColumn;
    std::size_t register_number = kNoColumn;
    std::vector<std::size_t> procedure_key;
    std::vector<std::size_t> procedure_name;
  };

  explicit Converter(Mapping mapping) : mapping_(std::move(mapping)) {}
  // Calls `bind` with each of the mapping's columns and the place of its index.
  template <typename Bind>
  static void ForEachColumn(const Mapping& mapping, Columns& columns, const Bind& bind);
  Status BindAll(const Heading& heading);
  std::string_view CellOf(const wire::CsvRecord& record, std::size_t column) const;

  Mapping mapping_;
  Columns columns_;
  std::size_t width_ = 0;
  std::vector<std::string> names_;  // of each column the mapping's name; empty where it has none
  bool doubt_opened_ = false;
  bool doubt_due_ = false;
  bool doubt_closed_ = false;
};

}  // namespace motcua::imports
