#include "services/reporting/report.h"

#include <map>
#include <unordered_map>

#include "services/reporting/cells.h"

namespace motcua::reporting {
namespace {

using RowMap = std::map<std::string, StatusRow, std::less<>>;

StatusRow& RowOf(RowMap& rows, std::string_view key) {
  const auto found = rows.find(key);
  if (found != rows.end()) return found->second;
  StatusRow& row = rows.emplace(std::string(key), StatusRow()).first->second;
  row.key = key;
  return row;
}

StatusReport Finish(RowMap rows) {
  StatusReport report;
  for (auto& [key, row] : rows) {
    if (row.counts == decltype(row.counts){}) continue;
    report.total.Add(row);
    report.rows.push_back(std::move(row));
  }
  return report;
}

Status NobodyWaits() {
  return Status(Reason::kOutcomeUnknown, "nobody waits for the report any more");
}

// Looks now and then whether a long reading is still wanted.
class Patience {
 public:
  explicit Patience(const StillWanted& wanted) : wanted_(wanted) {}

  // Per row: whether to go on.
  bool GoesOn() {
    if (++rows_ % kRowsBetweenLooks == 0 && wanted_ && !wanted_()) gone_ = true;
    return !gone_;
  }
  Status status() const { return gone_ ? NobodyWaits() : OkStatus(); }

 private:
  const StillWanted& wanted_;
  std::size_t rows_ = 0;
  bool gone_ = false;
};

// The cut whose groups are summed.
Cut CutOf(Dimension by) {
  return by == Dimension::kField || by == Dimension::kProcedure ? Cut::kProcedure : Cut::kClass;
}

// The cut of all units that has the answer at once.
std::optional<WideCut> WideCutOf(const StatusQuery& query) {
  if (query.unit) return std::nullopt;
  if (query.by == Dimension::kUnit) return WideCut::kUnit;
  if (query.by == Dimension::kField) return WideCut::kField;
  return std::nullopt;
}

// What a group of cells is called in the rows of a report.
class GroupKeys {
 public:
  GroupKeys(const engine::StateStore& store, Dimension by) : store_(store), by_(by) {}

  Result<std::string> Find(const cases::UnitCode& unit, const std::string& group) {
    if (by_ == Dimension::kUnit) return unit.value();
    if (CutOf(by_) == Cut::kClass) return KeyOfClass(group);
    if (const auto found = keys_.find(group); found != keys_.end()) return found->second;
    MOTCUA_ASSIGN_OR_RETURN(const FieldAndProcedure names, ReadGroup(store_, group));
    std::string key = by_ == Dimension::kField ? names.field : names.procedure;
    if (key.empty()) key = kNoKey;
    keys_.emplace(group, key);
    return key;
  }

 private:
  Result<std::string> KeyOfClass(const std::string& group) const {
    MOTCUA_ASSIGN_OR_RETURN(const Classes classes, ReadClasses(group));
    if (by_ == Dimension::kLevel) return std::string(LevelKey(classes.level));
    if (by_ == Dimension::kInterconnection) {
      return std::string(InterconnectionKey(classes.interconnection));
    }
    return std::string(Key(classes.channel));
  }

  const engine::StateStore& store_;
  const Dimension by_;
  std::unordered_map<std::string, std::string> keys_;
};

// Of the value that rows call `key`; of none where it says nothing.
template <codes::Code E>
std::string LabelOf(const std::string& key) {
  if (const auto value = codes::FromKey<E>(key)) return std::string(Label(*value));
  return key == kNoKey ? std::string(Label(E{})) : key;
}

// What an imported register calls it, else the catalogue, else its key.
class Names {
 public:
  Names(const engine::StateStore& store, const catalogue::Catalogue& catalogue, Dimension by)
      : store_(store), catalogue_(catalogue), by_(by) {}

  Result<std::string> Find(const std::string& key) const {
    switch (by_) {
      case Dimension::kUnit: {
        MOTCUA_ASSIGN_OR_RETURN(std::string seen, UnitNameSeen(store_, key));
        if (!seen.empty()) return seen;
        const catalogue::Unit* unit = catalogue_.FindUnit(cases::UnitCode(key));
        return unit == nullptr ? key : unit->name;
      }
      case Dimension::kProcedure: {
        MOTCUA_ASSIGN_OR_RETURN(std::string seen, ProcedureNameSeen(store_, key));
        if (!seen.empty()) return seen;
        const catalogue::Procedure* procedure = catalogue_.FindProcedure(cases::ProcedureCode(key));
        return procedure == nullptr ? key : procedure->name;
      }
      case Dimension::kChannel:
        return LabelOf<cases::Channel>(key);
      case Dimension::kLevel:
        return LabelOf<codes::Level>(key);
      case Dimension::kInterconnection:
        return LabelOf<codes::Interconnection>(key);
      case Dimension::kField:
        return key;
    }
    return key;
  }

 private:
  const engine::StateStore& store_;
  const catalogue::Catalogue& catalogue_;
  const Dimension by_;
};

// A dossier as it was known at the query's instant: corrections that came later are not in what a
// report made then would have said. Valid until the next one is asked for.
class AsKnown {
 public:
  explicit AsKnown(const StatusQuery& query) : as_of_(query.as_of) {}

  const cases::Dossier& Find(const cases::Dossier& dossier) {
    if (!as_of_ || dossier.superseded.empty()) return dossier;
    return past_.emplace(cases::AsKnownAt(dossier, *as_of_));
  }

 private:
  const std::optional<Instant> as_of_;
  std::optional<cases::Dossier> past_;
};

LatenessReport FinishLateness(const LateRows& rows, const LateCounts& all) {
  LatenessReport report;
  report.all = all;
  for (const auto& [holder, counts] : rows) {
    if (counts == LateCounts{}) continue;
    report.rows.push_back({holder, {}, counts});
  }
  return report;
}

Result<std::vector<cases::UnitCode>> UnitsOf(const engine::StateStore& store,
                                             const StatusQuery& query) {
  if (query.unit) return std::vector<cases::UnitCode>{*query.unit};
  return UnitsWithCells(store);
}

// Whether it got late where the query asks for; true where it does not.
bool GotLateIn(const cases::Dossier& dossier, const Classification& found, const ListQuery& query) {
  if (!query.late) return true;
  // As of an instant after the period 06a counts results that came after it; lateness does not.
  const bool within =
      found.In(Column::kResolvedLate) && ResolvedDay(dossier) <= query.status.to_date;
  if (!within) return false;
  const std::optional<Holder> holder = GotLateAt(dossier, query.status.verdict);
  return holder && query.late->Has(*holder);
}

// Codes of a unit's dossiers begin so; Classify tells the rest.
std::string CodePrefix(const StatusQuery& query) {
  return query.unit ? query.unit->value() + "-" : std::string();
}

}  // namespace

Status CheckQuery(const StatusQuery& query) {
  if (query.from_date > query.to_date) {
    return FieldError("from_date", "is after to_date");
  }
  return OkStatus();
}

Result<StatusReport> SumCells(const engine::StateStore& store, const StatusQuery& query,
                              const StillWanted& wanted) {
  MOTCUA_CHECK(!query.as_of, "cells know days only");
  MOTCUA_RETURN_IF_ERROR(CheckQuery(query));
  const Period period{query.from_date, query.to_date};
  GroupKeys keys(store, query.by);
  RowMap rows;
  const auto add = [&](const cases::UnitCode& unit, const GroupSums::value_type& group) -> Status {
    MOTCUA_ASSIGN_OR_RETURN(const std::string key, keys.Find(unit, group.first));
    AddToRow(group.second, query, RowOf(rows, key));
    return OkStatus();
  };
  if (const auto cut = WideCutOf(query)) {
    MOTCUA_ASSIGN_OR_RETURN(const GroupSums groups, ReadWideCells(store, *cut, period));
    for (const auto& group : groups) {
      // The cut by unit has the unit as its group; that by field asks for none.
      MOTCUA_RETURN_IF_ERROR(add(cases::UnitCode(group.first), group));
    }
    return Finish(std::move(rows));
  }
  MOTCUA_ASSIGN_OR_RETURN(const std::vector<cases::UnitCode> units, UnitsOf(store, query));
  for (const cases::UnitCode& unit : units) {
    if (wanted && !wanted()) return NobodyWaits();
    MOTCUA_ASSIGN_OR_RETURN(const GroupSums groups,
                            ReadCells(store, unit, CutOf(query.by), period));
    for (const auto& group : groups) MOTCUA_RETURN_IF_ERROR(add(unit, group));
  }
  return Finish(std::move(rows));
}

Result<StatusReport> ScanDossiers(const engine::StateReader& reader, const StatusQuery& query,
                                  const StillWanted& wanted) {
  MOTCUA_RETURN_IF_ERROR(CheckQuery(query));
  RowMap rows;
  AsKnown known(query);
  Patience patience(wanted);
  MOTCUA_RETURN_IF_ERROR(
      reader.ScanDossiers(CodePrefix(query), "", [&](const cases::Dossier& dossier) {
        if (const auto found = Classify(known.Find(dossier), query)) {
          AddToRow(*found, RowOf(rows, RowKey(dossier, query.by)));
        }
        return patience.GoesOn();
      }));
  MOTCUA_RETURN_IF_ERROR(patience.status());
  return Finish(std::move(rows));
}

Result<StatusReport> BuildReport(const engine::StateReader& reader_of_now,
                                 const catalogue::Catalogue& catalogue, const StatusQuery& query,
                                 const StillWanted& wanted) {
  MOTCUA_ASSIGN_OR_RETURN(const engine::StateReader reader, reader_of_now.AtOneMoment());
  MOTCUA_RETURN_IF_ERROR(reader.CheckUnderstood(CodePrefix(query)));
  MOTCUA_ASSIGN_OR_RETURN(StatusReport report, query.as_of
                                                   ? ScanDossiers(reader, query, wanted)
                                                   : SumCells(reader.store(), query, wanted));
  const Names names(reader.store(), catalogue, query.by);
  for (StatusRow& row : report.rows) {
    MOTCUA_ASSIGN_OR_RETURN(row.name, names.Find(row.key));
  }
  report.total.name = "Tổng số";
  return report;
}

Result<LatenessReport> SumLateness(const engine::StateStore& store, const StatusQuery& query,
                                   const StillWanted& wanted) {
  MOTCUA_CHECK(!query.as_of, "cells know days only");
  MOTCUA_RETURN_IF_ERROR(CheckQuery(query));
  MOTCUA_ASSIGN_OR_RETURN(const std::vector<cases::UnitCode> units, UnitsOf(store, query));
  LateRows rows;
  LateCounts all;
  for (const cases::UnitCode& unit : units) {
    if (wanted && !wanted()) return NobodyWaits();
    MOTCUA_RETURN_IF_ERROR(
        ReadLateness(store, unit, query.verdict, {query.from_date, query.to_date}, rows, all));
  }
  return FinishLateness(rows, all);
}

Result<LatenessReport> ScanLateness(const engine::StateReader& reader, const StatusQuery& query,
                                    const StillWanted& wanted) {
  MOTCUA_RETURN_IF_ERROR(CheckQuery(query));
  const Horizon horizon{query.to_date, query.as_of};
  LateRows rows;
  LateCounts all;
  AsKnown known(query);
  Patience patience(wanted);
  MOTCUA_RETURN_IF_ERROR(
      reader.ScanDossiers(CodePrefix(query), "", [&](const cases::Dossier& found) {
        const cases::Dossier& dossier = known.Find(found);
        for (const LateAmount& amount : LateAmountsOf(dossier, query.verdict)) {
          const ZonedTime& when = amount.after_result ? *dossier.closed : *dossier.resolved;
          const bool within = amount.day >= query.from_date && amount.day <= query.to_date;
          if (!within || !horizon.Sees(when)) continue;
          (amount.holder ? rows[*amount.holder] : all).Add(amount.counts);
        }
        return patience.GoesOn();
      }));
  MOTCUA_RETURN_IF_ERROR(patience.status());
  return FinishLateness(rows, all);
}

Result<LatenessReport> BuildLateness(const engine::StateReader& reader_of_now,
                                     const catalogue::Catalogue& catalogue,
                                     const StatusQuery& query, const StillWanted& wanted) {
  MOTCUA_ASSIGN_OR_RETURN(const engine::StateReader reader, reader_of_now.AtOneMoment());
  MOTCUA_RETURN_IF_ERROR(reader.CheckUnderstood(CodePrefix(query)));
  MOTCUA_ASSIGN_OR_RETURN(LatenessReport report, query.as_of
                                                     ? ScanLateness(reader, query, wanted)
                                                     : SumLateness(reader.store(), query, wanted));
  const Names names(reader.store(), catalogue, Dimension::kUnit);
  for (LatenessRow& row : report.rows) {
    if (row.holder.unit.value().empty()) continue;
    MOTCUA_ASSIGN_OR_RETURN(row.name, names.Find(row.holder.unit.value()));
  }
  return report;
}

Result<DossierPage> ListDossiers(const engine::StateReader& reader_of_now, const ListQuery& query,
                                 const StillWanted& wanted) {
  MOTCUA_RETURN_IF_ERROR(CheckQuery(query.status));
  if (query.page_size < 1 || query.page_size > kListPageMax) {
    return FieldError("page_size", "is not 1.." + std::to_string(kListPageMax));
  }
  MOTCUA_ASSIGN_OR_RETURN(const engine::StateReader reader, reader_of_now.AtOneMoment());
  DossierPage page;
  AsKnown known(query.status);
  Patience patience(wanted);
  std::size_t scanned = 0;
  const std::string from = query.from ? query.from->value() : std::string();
  MOTCUA_RETURN_IF_ERROR(
      reader.ScanDossiers(CodePrefix(query.status), from, [&](const cases::Dossier& dossier) {
        if (!patience.GoesOn()) return false;
        if (scanned++ == kListScannedMax) {
          page.next = dossier.code;
          return false;
        }
        if (!query.key.empty() && RowKey(dossier, query.status.by) != query.key) return true;
        const cases::Dossier& shown = known.Find(dossier);
        const auto found = Classify(shown, query.status);
        if (!found || !found->In(query.column) || !GotLateIn(shown, *found, query)) return true;
        if (page.dossiers.size() == query.page_size) {
          page.next = dossier.code;
          return false;
        }
        page.dossiers.push_back({shown, *found});
        return true;
      }));
  MOTCUA_RETURN_IF_ERROR(patience.status());
  return page;
}

}  // namespace motcua::reporting
