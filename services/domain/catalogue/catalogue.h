// Catalogue (danh mục): units, procedures with their routes and terms, calendars. Versioned master
// data, loaded from files by platform/catalogue and checked there with file, line and reason.
//
// Immutable after Make; shared by every service of a process. `Decide` reads it, `Apply` never
// does (architecture.md §1.4): events carry the versions used and all that folds need.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "services/base/status.h"
#include "services/base/strong.h"
#include "services/domain/calendar/calendar.h"
#include "services/domain/cases/codes.h"
#include "services/domain/deadline/term.h"

namespace motcua::catalogue {

struct Unit {
  cases::UnitCode code;  // "000.23.10.H49"
  std::string name;      // tên đơn vị, with diacritics, NFC
  calendar::CalendarId calendar;
};

// One leg of a route template. Legs of one `stage` run in parallel, stages one after the other; the
// stage after parallel legs is the join. Empty `unit` = the unit that receives the dossier.
struct LegTemplate {
  int stage = 1;  // from 1, no gaps
  std::optional<cases::UnitCode> unit;
  bool lead = false;  // cơ quan chủ trì
  deadline::Term term;
};

struct Procedure {
  cases::ProcedureCode code;  // "1.001193"
  std::uint32_t version = 1;
  std::string name;
  std::string field;                      // lĩnh vực, the key of reports by field
  codes::Tier tier = codes::Tier::kNone;  // the level that is competent
  codes::Interconnection interconnection = codes::Interconnection::kNotSaid;
  deadline::Term term;  // direct channel
  std::optional<deadline::Term> term_online;
  std::optional<deadline::Term> term_postal;
  deadline::DuePolicy due;
  deadline::SupplementPolicy supplement = deadline::SupplementPolicy::kRestart;
  // Before due, for the due-soon alert: working hours, or working days of the receiving unit's own
  // length. Eight hours are hours and stand for no day: where the office day has 7.5 hours they
  // ring half an hour before the closing of the day before. Of terms in clock hours: hours by the
  // clock.
  deadline::Term due_soon_lead{8'000, deadline::TermUnit::kWorkingHours};
  std::vector<LegTemplate> route;  // empty: handled by the receiving unit alone

  const deadline::Term& TermFor(cases::Channel channel) const;
};

// FIELD_INVALID when the route of `procedure` cannot be what a process says: stages with gaps or
// out of order, no lead or two different ones, or legs that together (the longest of each stage)
// take longer than the whole term (domain.md §8.5: published processes do not always add up).
// Working hours are compared with working days by `office_day`, the office time of a full day:
// units of one route may differ in it, so give the longest, which refuses only what fits nowhere.
// Clock hours are compared with calendar days by 24 hours. Office time and wall-clock time, and
// months and anything else, are not compared: which is longer depends on the date.
Status CheckRoute(const Procedure& procedure, Micros office_day);

class Catalogue {
 public:
  // FIELD_INVALID naming the entry that is double, refers to nothing, or has stages with gaps.
  static Result<std::shared_ptr<const Catalogue>> Make(
      std::vector<Unit> units, std::vector<Procedure> procedures,
      std::vector<std::shared_ptr<const calendar::Calendar>> calendars);

  // Null when unknown.
  const Unit* FindUnit(const cases::UnitCode& code) const;
  const Procedure* FindProcedure(const cases::ProcedureCode& code) const;
  // The highest version of a calendar.
  const calendar::Calendar* FindCalendar(const calendar::CalendarId& id) const;
  // The given version; events name it.
  const calendar::Calendar* FindCalendar(const calendar::CalendarId& id,
                                         calendar::CalendarVersion version) const;

  const std::vector<Unit>& units() const { return units_; }
  const std::vector<Procedure>& procedures() const { return procedures_; }
  // By id, then by version, ascending.
  const std::vector<std::shared_ptr<const calendar::Calendar>>& calendars() const {
    return calendars_;
  }

 private:
  Catalogue() = default;
  std::vector<Unit> units_;
  std::vector<Procedure> procedures_;
  std::vector<std::shared_ptr<const calendar::Calendar>> calendars_;
  std::unordered_map<cases::UnitCode, std::size_t> unit_index_;
  std::unordered_map<cases::ProcedureCode, std::size_t> procedure_index_;
};

}  // namespace motcua::catalogue
