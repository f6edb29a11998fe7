// Dirt of real procedure lists: what a row says that cannot be meant. Each rule was met in the
// national sheets (tests/data/procedures-dirty.csv). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/base/status.h"
#include "services/domain/codes/code_lists.h"
#include "services/domain/deadline/term.h"

namespace motcua::catalogue {

// A year is as long as anything at a counter takes; more was a slip of the keyboard.
inline constexpr int kMonthsPlausible = 12;
// Longer ones are days that somebody wrote in hours: 176 hours are 22 working days of 8.
inline constexpr int kHoursPlausible = 72;
// Longer ones exist, but most are the cases of one procedure added up.
inline constexpr int kDaysDoubtful = 120;
// No fee of Vietnam is less; 20 and 700 were written for 20.000 and 700.000.
inline constexpr std::int64_t kFeeLeast = 1000;

struct Dirt {
  bool refused = false;  // else it is taken, and doubtful
  std::string what = {};
};

// `name` as it was read, before it is brought into its one form.
std::vector<Dirt> DirtOfName(std::string_view name);
std::optional<Dirt> DirtOfTerm(const deadline::Term& term);
std::optional<Dirt> DirtOfFee(std::int64_t vnd);
// `in_force`: whether the procedure is in force after the districts were abolished.
std::vector<Dirt> DirtOfAgency(std::string_view agency, bool in_force);

// Of an agency in a national sheet, which is for all provinces.
std::vector<Dirt> DirtOfSheetAgency(std::string_view agency);

// A term as the national sheets give it: "DIRECT: 5 WORKING_DAY", "ONLINE: 20 ngày". FIELD_INVALID
// says why it is no term.
struct SheetTerm {
  codes::Channel channel;
  deadline::Term term;
};
Result<SheetTerm> ParseSheetTerm(std::string_view text);
// A fee as they give it: "2000 VNĐ (/trang)", "Không có thông tin"; 0 is none. FIELD_INVALID for an
// amount that is not in đồng or cannot be right.
Result<std::optional<std::int64_t>> ParseSheetFee(std::string_view text);
// "Cấp Xã", "Cấp Tỉnh", "Cấp Bộ/Trung ương". FIELD_INVALID where it says nothing.
Result<codes::Tier> ParseSheetLevel(std::string_view text);

}  // namespace motcua::catalogue
