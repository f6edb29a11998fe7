// The charts of the page: each a drawing under a sentence that says what it shows. Pure.
#pragma once

#include <string>

#include "services/halong/figures.h"

namespace motcua::halong {

struct Chart {
  std::string sentence;  // its title: the answer
  std::string svg;
  std::string note;  // how to read it; may be empty
};

Chart ReceivedAndResolved(const Answers& answers);
Chart RateByMonth(const Answers& answers, int target_percent);
Chart UnitsByMonth(const Answers& answers, int target_percent);
Chart VerdictsByField(const Answers& answers);
Chart WhereLateGotLate(const Answers& answers);
Chart TimeOfTheLate(const Answers& answers);
Chart OnlineAndPost(const Answers& answers);

}  // namespace motcua::halong
