// Catalogue (danh mục): units, procedures with their routes and terms, calendars. Versioned master
// data, loaded from files by platform/catalogue and checked there with file, line and reason.
//
// Immutable after Make; shared by every service of a process. `Decide` reads it, `Apply` never
// does (architecture.md §1.4): events carry the versions used and all that folds need.
#pragma once

#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

#include "services/base/status.h"
#include "services/domain/catalogue/check.h"
#include "services/domain/catalogue/entries.h"

namespace motcua::catalogue {

class Catalogue {
 public:
  // FIELD_INVALID naming the first entry with a problem (check.h). `sheets` are those of the
  // procedures, in their order, or none.
  static Result<std::shared_ptr<const Catalogue>> Make(std::vector<Unit> units,
                                                       std::vector<Procedure> procedures,
                                                       std::vector<CalendarPtr> calendars,
                                                       std::vector<ProcedureSheet> sheets = {});

  // Null when unknown.
  const Unit* FindUnit(const cases::UnitCode& code) const;
  // The newest version of a procedure, whether it is in force or not: for its name and field.
  const Procedure* FindProcedure(const cases::ProcedureCode& code) const;
  // The version for a dossier that is received on `day`; null also when no version is in force.
  const Procedure* FindProcedure(const cases::ProcedureCode& code, CivilDate day) const;
  // All versions of a procedure, by validity, ascending.
  std::vector<const Procedure*> VersionsOf(const cases::ProcedureCode& code) const;
  // The sheet of one of `procedures()`; an empty one where none was given.
  const ProcedureSheet& SheetOf(const Procedure& procedure) const;
  // The highest version of a calendar.
  const calendar::Calendar* FindCalendar(const calendar::CalendarId& id) const;
  // The given version; events name it.
  const calendar::Calendar* FindCalendar(const calendar::CalendarId& id,
                                         calendar::CalendarVersion version) const;

  const std::vector<Unit>& units() const { return units_; }
  const std::vector<Procedure>& procedures() const { return procedures_; }
  // By id, then by version, ascending.
  const std::vector<CalendarPtr>& calendars() const { return calendars_; }

 private:
  Catalogue() = default;
  std::span<const std::size_t> IndicesOf(const cases::ProcedureCode& code) const;

  std::vector<Unit> units_;
  std::vector<Procedure> procedures_;
  std::vector<ProcedureSheet> sheets_;
  std::vector<CalendarPtr> calendars_;
  std::unordered_map<cases::UnitCode, std::size_t> unit_index_;
  // The versions of each code in `procedures_`, by validity, ascending.
  std::unordered_map<cases::ProcedureCode, std::vector<std::size_t>> procedure_index_;
};

}  // namespace motcua::catalogue
