// In which order the dates of a register were written, seen over the whole file. A spreadsheet of
// another locale that opened the book and saved it again turns day and month around in the cells
// that it could read so (03/02 became 02/03) and leaves the others: afterwards no single cell shows
// it, but the column does. Such a column is doubted as a whole.
//
// One thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "services/base/time.h"
#include "services/platform/imports/day_first.h"
#include "services/platform/imports/time_format.h"

namespace motcua::imports {

enum class DateColumn : std::uint8_t { kOpened = 0, kDue = 1, kClosed = 2 };
inline constexpr std::size_t kDateColumns = 3;

// A column with dates that the mapping's order does not explain.
struct MixedDates {
  DateColumn column = DateColumn::kOpened;
  std::string name;             // of the mapping
  std::uint64_t day_first = 0;  // rows that can only be read so
  std::uint64_t month_first = 0;
  DateOrder expected = DateOrder::kDayFirst;

  friend bool operator==(const MixedDates&, const MixedDates&) = default;
};

class DateSurvey {
 public:
  // Dates of `column` are read in `order` by the mapping.
  void Expect(DateColumn column, std::string name, DateOrder order);
  bool Expects(DateColumn column) const { return Of(column).order.has_value(); }
  // Whether any column is looked at.
  bool wanted() const;

  // `coded`: the day that the row's dossier code names, which tells what the figures do not.
  void Add(DateColumn column, const OrderSeen& order, std::optional<CivilDate> coded);

  // The columns to doubt: with rows that can only be read in the other order than the mapping's.
  std::vector<MixedDates> Mixed() const;

 private:
  struct Seen {
    std::optional<DateOrder> order;
    std::string name;
    std::uint64_t day_first = 0;
    std::uint64_t month_first = 0;
  };
  const Seen& Of(DateColumn column) const { return seen_.at(static_cast<std::size_t>(column)); }
  Seen& Of(DateColumn column) { return seen_.at(static_cast<std::size_t>(column)); }

  std::array<Seen, kDateColumns> seen_;
};

}  // namespace motcua::imports
