// Where the heading of a register stands and what parts its cells: the delimiter is the one by
// which a heading fits the mapping. Pure.
#pragma once

#include <cstddef>
#include <string_view>

#include "services/base/status.h"
#include "services/platform/imports/convert.h"
#include "services/platform/imports/mapping.h"

namespace motcua::imports {

struct FoundHeading {
  Converter converter;
  char delimiter = ',';
  std::size_t records = 0;  // of the file up to the heading's end, blank ones included
};

// In `head`, the beginning of the file; `whole`: the file has no more. FILE_INVALID with what is
// missing under the delimiter that explains most, never with what stands in the file.
Result<FoundHeading> FindHeading(const Mapping& mapping, std::string_view head, bool whole);

// A row of empty cells.
bool IsBlank(const wire::CsvRecord& record);

}  // namespace motcua::imports
