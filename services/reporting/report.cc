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
    if (row.received_total() == 0) continue;
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

// What a group of cells is called in the rows of a report.
class GroupKeys {
 public:
  GroupKeys(const engine::StateStore& store, Dimension by) : store_(store), by_(by) {}

  Result<std::string> Find(const cases::UnitCode& unit, const std::string& group) {
    if (by_ == Dimension::kUnit) return unit.value();
    if (by_ == Dimension::kChannel) {
      return std::string(Key(static_cast<cases::Channel>(group.front())));
    }
    if (const auto found = keys_.find(group); found != keys_.end()) return found->second;
    MOTCUA_ASSIGN_OR_RETURN(const FieldAndProcedure names, ReadGroup(store_, group));
    std::string key = by_ == Dimension::kField ? names.field : names.procedure;
    if (key.empty()) key = kNoKey;
    keys_.emplace(group, key);
    return key;
  }

 private:
  const engine::StateStore& store_;
  const Dimension by_;
  std::unordered_map<std::string, std::string> keys_;
};

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
        if (const auto channel = codes::FromKey<cases::Channel>(key)) {
          return std::string(Label(*channel));
        }
        return key;
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
  std::vector<cases::UnitCode> units;
  if (query.unit) {
    units.push_back(*query.unit);
  } else {
    MOTCUA_ASSIGN_OR_RETURN(units, UnitsWithCells(store));
  }
  const bool by_channel = query.by == Dimension::kUnit || query.by == Dimension::kChannel;
  GroupKeys keys(store, query.by);
  RowMap rows;
  for (const cases::UnitCode& unit : units) {
    if (wanted && !wanted()) return NobodyWaits();
    MOTCUA_ASSIGN_OR_RETURN(const GroupSums groups,
                            ReadCells(store, unit, by_channel ? Cut::kChannel : Cut::kProcedure,
                                      {query.from_date, query.to_date}));
    for (const auto& [group, sums] : groups) {
      MOTCUA_ASSIGN_OR_RETURN(const std::string key, keys.Find(unit, group));
      AddToRow(sums, query, RowOf(rows, key));
    }
  }
  return Finish(std::move(rows));
}

Result<StatusReport> ScanDossiers(const engine::StateReader& reader, const StatusQuery& query,
                                  const StillWanted& wanted) {
  MOTCUA_RETURN_IF_ERROR(CheckQuery(query));
  RowMap rows;
  Patience patience(wanted);
  MOTCUA_RETURN_IF_ERROR(
      reader.ScanDossiers(CodePrefix(query), "", [&](const cases::Dossier& dossier) {
        if (const auto found = Classify(dossier, query)) {
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

Result<DossierPage> ListDossiers(const engine::StateReader& reader_of_now, const ListQuery& query,
                                 const StillWanted& wanted) {
  MOTCUA_RETURN_IF_ERROR(CheckQuery(query.status));
  if (query.page_size < 1 || query.page_size > kListPageMax) {
    return FieldError("page_size", "is not 1.." + std::to_string(kListPageMax));
  }
  MOTCUA_ASSIGN_OR_RETURN(const engine::StateReader reader, reader_of_now.AtOneMoment());
  DossierPage page;
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
        const auto found = Classify(dossier, query.status);
        if (!found || !found->In(query.column)) return true;
        if (page.dossiers.size() == query.page_size) {
          page.next = dossier.code;
          return false;
        }
        page.dossiers.push_back({dossier, *found});
        return true;
      }));
  MOTCUA_RETURN_IF_ERROR(patience.status());
  return page;
}

}  // namespace motcua::reporting
