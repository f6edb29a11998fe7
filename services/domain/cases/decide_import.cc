// Decisions on rows of older registers (decide.h).
#include <string>

#include "services/base/text_fold.h"
#include "services/domain/cases/decide.h"
#include "services/domain/cases/notes.h"
#include "services/domain/cases/register.h"

namespace motcua::cases {
namespace {

// Codes that older registers recorded beyond what counts may lie in a day's way.
constexpr int kCodesSkippedMax = 1000;

Status Exhausted(const std::string& of) {
  return Status(Reason::kStateForbids, "there are no more numbers for " + of,
                {{"state", "NUMBERS_EXHAUSTED"}});
}

unsigned Bit(Doubt doubt) { return static_cast<unsigned>(doubt); }

Doubts DoubtsOfTimes(const ZonedTime& opened, const std::optional<ZonedTime>& due,
                     const std::optional<ZonedTime>& closed, Instant now) {
  unsigned doubts = 0;
  if (closed && closed->instant < opened.instant) doubts |= Bit(Doubt::kClosedBeforeOpened);
  if (due && due->instant < opened.instant) doubts |= Bit(Doubt::kDueBeforeOpened);
  if (opened.instant > now || (closed && closed->instant > now)) doubts |= Bit(Doubt::kInFuture);
  return static_cast<Doubts>(doubts);
}

Status CannotBe(const Dossier& dossier, std::string_view what) {
  const std::string state(Name(dossier.stage));
  return Status(Reason::kStateForbids, "dossier " + dossier.code.value() + " " + std::string(what),
                {{"state", state}});
}

// What makes a row another case than the dossier of its code or id; empty when it is the same one.
std::string_view OtherCase(const Dossier& dossier, const DossierImported& row) {
  if (dossier.received != row.opened) return "opened";
  // What was imported before names had one form is held as its register wrote it.
  if (CanonicalName(dossier.procedure.value()) != row.procedure.value()) return "procedure";
  const bool numbered = dossier.register_number != 0 && row.register_number != 0;
  if (numbered && (dossier.register_year != row.register_year ||
                   dossier.register_number != row.register_number)) {
    return "register_number";
  }
  return {};
}

// Whether the row says what is known, or what was known once: a register that is read again in an
// older copy takes nothing back.
bool NothingNew(const Dossier& dossier, const DossierImported& row) {
  if (!row.closed && dossier.closed) return true;
  if (dossier.origin->taken_up && !row.closed && row.due == dossier.clock.first_due) return true;
  return dossier.clock.now.due == row.due && dossier.closed == row.closed &&
         dossier.outcome == row.outcome;
}

// A row about a case that is there.
Result<Decision> DecideUpdate(const Dossier& dossier, Instant now, const DossierImported& row) {
  if (!dossier.origin) {
    return CannotBe(dossier, "was received here and cannot be imported");
  }
  if (const std::string_view field = OtherCase(dossier, row); !field.empty()) {
    return Status(Reason::kFieldInvalid,
                  std::string(field) + ": differs from what was imported as " +
                      dossier.code.value() + " before: it is another case",
                  {{"field", std::string(field)}, {"dossier", dossier.code.value()}});
  }
  const ZonedTime at{now, row.opened.offset};
  if (NothingNew(dossier, row)) return Decision{dossier.code, false, at, {}, true};
  if (dossier.origin->taken_up) {
    return CannotBe(dossier,
                    "was worked on here since it was imported, and its register cannot change it");
  }
  RecordUpdated updated;
  updated.due = row.due;
  updated.closed = row.closed;
  updated.outcome = row.outcome;
  updated.source = row.source;
  updated.line = row.line;
  updated.source_id = row.source_id;
  updated.doubts = static_cast<Doubts>(
      row.doubts | DoubtsOfTimes(row.opened, row.due, row.closed, now) |
      (dossier.origin->doubts & (Bit(Doubt::kNumberBeyond) | Bit(Doubt::kCodeOfAnotherDay))));
  return Decision{dossier.code, false, at, std::move(updated)};
}

// By its code where the register has one, else by the register's own id.
Result<const Dossier*> FindRecorded(View& view, const ImportDossier& import) {
  if (import.code) return view.FindDossier(*import.code);
  const DossierImported& row = import.recorded;
  if (row.source_id.empty()) return nullptr;
  MOTCUA_ASSIGN_OR_RETURN(const std::optional<CreatedBy> created,
                          FindCreation(view, import.unit, RecordId(row.source, row.source_id)));
  if (!created) return nullptr;
  return view.FindDossier(DossierCode(created->id.name()));
}

}  // namespace

Result<std::optional<AggregateId>> FindSubject(View& view, const Command& command) {
  if (const auto* const import = LeafIf<ImportDossier>(command.action)) {
    MOTCUA_ASSIGN_OR_RETURN(const Dossier* recorded, FindRecorded(view, *import));
    if (recorded == nullptr) return std::optional<AggregateId>();
    return std::optional(AggregateId(recorded->code));
  }
  if (CreatingUnit(command) != nullptr) return std::optional<AggregateId>();
  AggregateId id = Subject(command);
  MOTCUA_ASSIGN_OR_RETURN(const AggregateState* state, view.Find(id));
  return state == nullptr ? std::optional<AggregateId>() : std::optional(std::move(id));
}

Result<DossierCode> NextCode(View& view, const UnitCode& unit, CivilDate day) {
  MOTCUA_ASSIGN_OR_RETURN(std::uint32_t number, LastNumber(view, unit, day));
  for (int skipped = 0; skipped < kCodesSkippedMax && number < kSequenceMax; ++skipped) {
    DossierCode code = MakeDossierCode(unit, day, ++number);
    if (number <= kSequenceRecordedMax) return code;
    // Here recorded codes may stand that did not count.
    MOTCUA_ASSIGN_OR_RETURN(const Dossier* present, view.FindDossier(code));
    if (present == nullptr) return code;
  }
  return Exhausted("dossiers of " + FormatDate(day) + " at unit " + unit.value());
}

Result<std::uint32_t> NextRegisterNumber(const Book& book, std::int32_t year) {
  const std::uint32_t last = book.LastOf(year);
  if (last >= kRegisterNumberMax) return Exhausted("the register of " + std::to_string(year));
  return last + 1;
}

Result<Decision> DecideImport(View& view, const catalogue::Catalogue& catalogue, Instant now,
                              const ImportDossier& action) {
  if (action.code && UnitOf(*action.code) != action.unit) {
    return FieldError("unit", "is not the unit of the recorded dossier code");
  }
  DossierImported imported = action.recorded;
  // What rows of reports are about, or are called by, has one form whatever the register wrote.
  imported.procedure = ProcedureCode(CanonicalName(imported.procedure.value()));
  imported.procedure_name = CanonicalName(imported.procedure_name);
  imported.field = CanonicalName(imported.field);
  imported.unit_name = CanonicalName(imported.unit_name);
  MOTCUA_ASSIGN_OR_RETURN(const Dossier* present, FindRecorded(view, action));
  if (present != nullptr) return DecideUpdate(*present, now, imported);

  // A register may name units that the catalogue does not: it is evidence, not a request. Then only
  // the recorded zone is known.
  if (const catalogue::Unit* unit = catalogue.FindUnit(action.unit)) {
    if (const calendar::Calendar* calendar = catalogue.FindCalendar(unit->calendar)) {
      imported.calendar = calendar->id();
      imported.calendar_version = calendar->version();
    }
  }
  const ZonedTime at{now, imported.opened.offset};
  unsigned doubts =
      imported.doubts | DoubtsOfTimes(imported.opened, imported.due, imported.closed, now);
  if (imported.register_number != 0 && !CountsInYear(imported, at)) {
    doubts |= Bit(Doubt::kNumberBeyond);
  }
  DossierCode code;
  if (action.code) {
    code = *action.code;
    const DossierNumber number = NumberOf(code);
    MOTCUA_ASSIGN_OR_RETURN(const std::uint32_t last, LastNumber(view, action.unit, number.day));
    if (!RecordedCountsOnDay(number.sequence, last)) doubts |= Bit(Doubt::kNumberBeyond);
    if (number.day != imported.opened.date()) doubts |= Bit(Doubt::kCodeOfAnotherDay);
  } else {
    MOTCUA_ASSIGN_OR_RETURN(code, NextCode(view, action.unit, imported.opened.date()));
  }
  imported.doubts = static_cast<Doubts>(doubts);
  return Decision{code, true, at, std::move(imported)};
}

}  // namespace motcua::cases
