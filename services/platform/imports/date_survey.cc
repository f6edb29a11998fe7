#include "services/platform/imports/date_survey.h"

#include <algorithm>
#include <utility>

namespace motcua::imports {

void DateSurvey::Expect(DateColumn column, std::string name, DateOrder order) {
  Of(column) = Seen{order, std::move(name), 0, 0};
}

bool DateSurvey::wanted() const {
  return std::any_of(seen_.begin(), seen_.end(),
                     [](const Seen& seen) { return seen.order.has_value(); });
}

void DateSurvey::Add(DateColumn column, const OrderSeen& order, std::optional<CivilDate> coded) {
  Seen& seen = Of(column);
  if (!seen.order) return;
  bool day_first = order.evidence == OrderEvidence::kDayFirst;
  bool month_first = order.evidence == OrderEvidence::kMonthFirst;
  if (order.evidence == OrderEvidence::kEither && coded && order.day_first != order.month_first) {
    day_first = coded == order.day_first;
    month_first = coded == order.month_first;
  }
  seen.day_first += day_first ? 1 : 0;
  seen.month_first += month_first ? 1 : 0;
}

std::vector<MixedDates> DateSurvey::Mixed() const {
  std::vector<MixedDates> mixed;
  for (std::size_t i = 0; i < seen_.size(); ++i) {
    const Seen& seen = seen_.at(i);
    if (!seen.order) continue;
    const bool day_first = *seen.order == DateOrder::kDayFirst;
    if ((day_first ? seen.month_first : seen.day_first) == 0) continue;
    mixed.push_back(
        {static_cast<DateColumn>(i), seen.name, seen.day_first, seen.month_first, *seen.order});
  }
  return mixed;
}

}  // namespace motcua::imports
