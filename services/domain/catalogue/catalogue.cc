#include "services/domain/catalogue/catalogue.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace motcua::catalogue {
namespace {

using calendar::Calendar;
using calendar::CalendarId;
using calendar::CalendarVersion;

bool IsBefore(const CalendarPtr& a, const CalendarPtr& b) {
  return std::pair(a->id(), a->version()) < std::pair(b->id(), b->version());
}

// FIELD_INVALID for the first of `problems`.
template <typename Entry>
Status FirstProblem(std::string_view list, const std::vector<Entry>& entries,
                    const std::vector<Problem>& problems) {
  if (problems.empty()) return OkStatus();
  const Problem& first = problems.front();
  return FieldError(std::string(list) + "[" + entries[first.index].code.value() + "]" + first.field,
                    first.what);
}

}  // namespace

Result<std::shared_ptr<const Catalogue>> Catalogue::Make(std::vector<Unit> units,
                                                         std::vector<Procedure> procedures,
                                                         std::vector<CalendarPtr> calendars,
                                                         std::vector<ProcedureSheet> sheets) {
  MOTCUA_CHECK(sheets.empty() || sheets.size() == procedures.size(), "one sheet each, or none");
  std::shared_ptr<Catalogue> made(new Catalogue());
  std::sort(calendars.begin(), calendars.end(), IsBefore);
  for (std::size_t i = 1; i < calendars.size(); ++i) {
    if (IsBefore(calendars[i - 1], calendars[i])) continue;
    return FieldError(
        "calendars[" + calendars[i]->id().value() + "]",
        "version " + std::to_string(calendars[i]->version().value()) + " stands twice");
  }
  MOTCUA_RETURN_IF_ERROR(FirstProblem("units", units, CheckUnits(units, calendars)));
  MOTCUA_RETURN_IF_ERROR(
      FirstProblem("procedures", procedures, CheckProcedures(procedures, sheets, units)));
  made->calendars_ = std::move(calendars);
  made->units_ = std::move(units);
  made->procedures_ = std::move(procedures);
  made->sheets_ = std::move(sheets);
  for (std::size_t i = 0; i < made->units_.size(); ++i) {
    made->unit_index_.emplace(made->units_[i].code, i);
  }
  for (std::size_t i = 0; i < made->procedures_.size(); ++i) {
    made->procedure_index_[made->procedures_[i].code].push_back(i);
  }
  for (auto& [code, indices] : made->procedure_index_) {
    std::sort(indices.begin(), indices.end(), [&](std::size_t a, std::size_t b) {
      return made->procedures_[a].valid.from < made->procedures_[b].valid.from;  // open: first
    });
  }
  return std::shared_ptr<const Catalogue>(std::move(made));
}

const Unit* Catalogue::FindUnit(const cases::UnitCode& code) const {
  const auto found = unit_index_.find(code);
  return found == unit_index_.end() ? nullptr : &units_[found->second];
}

std::span<const std::size_t> Catalogue::IndicesOf(const cases::ProcedureCode& code) const {
  const auto found = procedure_index_.find(code);
  if (found == procedure_index_.end()) return {};
  return found->second;
}

const Procedure* Catalogue::FindProcedure(const cases::ProcedureCode& code) const {
  const auto indices = IndicesOf(code);
  return indices.empty() ? nullptr : &procedures_[indices.back()];
}

const Procedure* Catalogue::FindProcedure(const cases::ProcedureCode& code, CivilDate day) const {
  for (const std::size_t index : IndicesOf(code)) {
    if (procedures_[index].valid.Holds(day)) return &procedures_[index];
  }
  return nullptr;
}

std::vector<const Procedure*> Catalogue::VersionsOf(const cases::ProcedureCode& code) const {
  std::vector<const Procedure*> versions;
  for (const std::size_t index : IndicesOf(code)) versions.push_back(&procedures_[index]);
  return versions;
}

const ProcedureSheet& Catalogue::SheetOf(const Procedure& procedure) const {
  static const ProcedureSheet kEmpty;
  if (sheets_.empty()) return kEmpty;
  const auto index = static_cast<std::size_t>(&procedure - procedures_.data());
  MOTCUA_CHECK(index < sheets_.size(), "a procedure of another catalogue");
  return sheets_[index];
}

const Calendar* Catalogue::FindCalendar(const CalendarId& id) const {
  const auto after = std::upper_bound(
      calendars_.begin(), calendars_.end(), id,
      [](const CalendarId& wanted, const CalendarPtr& c) { return wanted < c->id(); });
  if (after == calendars_.begin() || (*std::prev(after))->id() != id) return nullptr;
  return std::prev(after)->get();
}

const Calendar* Catalogue::FindCalendar(const CalendarId& id, CalendarVersion version) const {
  for (const CalendarPtr& candidate : calendars_) {
    if (candidate->id() == id && candidate->version() == version) return candidate.get();
  }
  return nullptr;
}

}  // namespace motcua::catalogue
