// Office hours as people write them, "07:30-11:30,13:30-17:00": in calendar files, on the command
// line, in explanations.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "services/base/status.h"
#include "services/domain/calendar/calendar.h"

namespace motcua::calendar {

// "07:30-11:30"; hours from 00:00 to 24:00. Nullopt for anything else.
std::optional<OfficeSpan> ParseOfficeSpan(std::string_view text);
// Spans with commas between them. FIELD_INVALID names what is not a span; whether the spans ascend
// is for Calendar::Make to say.
Result<std::vector<OfficeSpan>> ParseOfficeHours(std::string_view text);
std::string FormatOfficeHours(std::span<const OfficeSpan> spans);

}  // namespace motcua::calendar
