#include "services/domain/catalogue/changes.h"

#include <algorithm>
#include <functional>
#include <set>

namespace motcua::catalogue {
namespace {

// The codes of both, each once; `same(code)` says whether a code that both have means the same.
template <typename Has, typename Same>
ChangedCodes CompareCodes(const std::vector<std::string>& before,
                          const std::vector<std::string>& after, Has before_has, Has after_has,
                          Same same) {
  ChangedCodes codes;
  std::set<std::string> seen;
  for (const std::string& code : after) {
    if (!seen.insert(code).second) continue;
    if (!before_has(code)) {
      codes.added.push_back(code);
    } else if (!same(code)) {
      codes.changed.push_back(code);
    }
  }
  seen.clear();
  for (const std::string& code : before) {
    if (seen.insert(code).second && !after_has(code)) codes.removed.push_back(code);
  }
  return codes;
}

template <typename Entries, typename Name>
std::vector<std::string> NamesOf(const Entries& entries, Name name) {
  std::vector<std::string> names;
  for (const auto& entry : entries) names.push_back(name(entry));
  return names;
}

std::string CodeOf(const Unit& unit) { return unit.code.value(); }
std::string ProcedureCodeOf(const Procedure& procedure) { return procedure.code.value(); }
std::string CalendarNameOf(const CalendarPtr& calendar) {
  return calendar->id().value() + " version " + std::to_string(calendar->version().value());
}

bool IsSameProcedure(const Catalogue& before, const Catalogue& after,
                     const cases::ProcedureCode& code) {
  const auto old = before.VersionsOf(code);
  const auto now = after.VersionsOf(code);
  return std::equal(old.begin(), old.end(), now.begin(), now.end(),
                    [&](const Procedure* a, const Procedure* b) {
                      return *a == *b && before.SheetOf(*a) == after.SheetOf(*b);
                    });
}

bool IsSamePeriod(const calendar::DayPeriod& a, const calendar::DayPeriod& b) {
  return a.first == b.first && a.last == b.last && a.status == b.status &&
         a.document == b.document && a.decided_on == b.decided_on;
}

// Calendars never change under their version: one with other days must have another number.
bool IsSameCalendar(const Catalogue& before, const Catalogue& after, const std::string& name) {
  const auto find = [&](const Catalogue& catalogue) {
    const auto& list = catalogue.calendars();
    return *std::find_if(list.begin(), list.end(),
                         [&](const CalendarPtr& c) { return CalendarNameOf(c) == name; });
  };
  const calendar::CalendarSpec& a = find(before)->spec();
  const calendar::CalendarSpec& b = find(after)->spec();
  return a.first == b.first && a.last == b.last && a.office_hours == b.office_hours &&
         a.days_off == b.days_off && a.worked_days_off == b.worked_days_off &&
         a.half_days == b.half_days && a.day_names == b.day_names && a.employers == b.employers &&
         std::equal(a.periods.begin(), a.periods.end(), b.periods.begin(), b.periods.end(),
                    IsSamePeriod);
}

}  // namespace

Changes Compare(const Catalogue& before, const Catalogue& after) {
  Changes changes;
  using Has = std::function<bool(const std::string&)>;
  const auto has_unit = [](const Catalogue& c) -> Has {
    return [&c](const std::string& code) { return c.FindUnit(cases::UnitCode(code)) != nullptr; };
  };
  changes.units = CompareCodes(NamesOf(before.units(), CodeOf), NamesOf(after.units(), CodeOf),
                               has_unit(before), has_unit(after), [&](const std::string& code) {
                                 return *before.FindUnit(cases::UnitCode(code)) ==
                                        *after.FindUnit(cases::UnitCode(code));
                               });
  const auto has_procedure = [](const Catalogue& c) -> Has {
    return [&c](const std::string& code) {
      return c.FindProcedure(cases::ProcedureCode(code)) != nullptr;
    };
  };
  changes.procedures = CompareCodes(
      NamesOf(before.procedures(), ProcedureCodeOf), NamesOf(after.procedures(), ProcedureCodeOf),
      has_procedure(before), has_procedure(after), [&](const std::string& code) {
        return IsSameProcedure(before, after, cases::ProcedureCode(code));
      });
  const auto has_calendar = [](const Catalogue& c) -> Has {
    return [&c](const std::string& name) {
      return std::any_of(c.calendars().begin(), c.calendars().end(),
                         [&](const CalendarPtr& at) { return CalendarNameOf(at) == name; });
    };
  };
  changes.calendars = CompareCodes(
      NamesOf(before.calendars(), CalendarNameOf), NamesOf(after.calendars(), CalendarNameOf),
      has_calendar(before), has_calendar(after),
      [&](const std::string& name) { return IsSameCalendar(before, after, name); });
  return changes;
}

}  // namespace motcua::catalogue
