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
#include "services/platform/imports/mapping.h"
#include "services/platform/imports/row.h"
#include "services/wire/csv/csv.h"

namespace motcua::imports {

class Converter {
 public:
  // FILE_INVALID with the line when a column that the mapping needs is missing or stands twice.
  static Result<Converter> Make(Mapping mapping, const wire::CsvRecord& header);

  Conversion Convert(const wire::CsvRecord& record) const;
  const Mapping& mapping() const { return mapping_; }

 private:
  static constexpr std::size_t kNoColumn = std::numeric_limits<std::size_t>::max();
  class Attempt;  // one row's conversion

  explicit Converter(Mapping mapping) : mapping_(std::move(mapping)) {}
  Status Bind(const wire::CsvHeader& header, std::size_t line);

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

  Mapping mapping_;
  Columns columns_;
  std::vector<std::string> header_;  // names as the file has them
};

}  // namespace motcua::imports
