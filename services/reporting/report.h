// Status reports and the dossiers behind them, read from the service's store at one moment: a
// report that is being read neither sees nor waits for what is committed meanwhile. Any thread.
//
// Without as_of a report is summed from day counters (cells.h): its cost does not depend on the
// number of dossiers. With as_of it classifies every dossier: exact at any instant, linear in
// dossiers. Both follow Classify (domain/reporting/classify.h) and agree where both apply.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "services/base/status.h"
#include "services/domain/catalogue/catalogue.h"
#include "services/domain/reporting/classify.h"
#include "services/domain/reporting/lateness.h"
#include "services/domain/reporting/status_report.h"
#include "services/engine/reader.h"

namespace motcua::reporting {

// FIELD_INVALID when the days do not follow each other; the same for each function below.
Status CheckQuery(const StatusQuery& query);

// Asked before each unit's sums and every kRowsBetweenLooks dossiers; false: nobody waits for the
// answer any more, so the reading stops with OUTCOME_UNKNOWN. Empty: it is read to its end.
using StillWanted = std::function<bool()>;
inline constexpr std::size_t kRowsBetweenLooks = 10'000;

// NEWER_SCHEMA when a dossier that it may be about is not understood: a total that may be wrong is
// not given (engine/reader.h).
Result<StatusReport> BuildReport(const engine::StateReader& reader,
                                 const catalogue::Catalogue& catalogue, const StatusQuery& query,
                                 const StillWanted& wanted = {});

// The two ways of BuildReport; for tests and benchmarks. Rows without names, of the moment of the
// store that they are given.
Result<StatusReport> SumCells(const engine::StateStore& store, const StatusQuery& query,
                              const StillWanted& wanted = {});
Result<StatusReport> ScanDossiers(const engine::StateReader& reader, const StatusQuery& query,
                                  const StillWanted& wanted = {});

// Where the late ones got late; of a query's unit, period, verdict and instant.
Result<LatenessReport> BuildLateness(const engine::StateReader& reader,
                                     const catalogue::Catalogue& catalogue,
                                     const StatusQuery& query, const StillWanted& wanted = {});
// Its two ways, as above.
Result<LatenessReport> SumLateness(const engine::StateStore& store, const StatusQuery& query,
                                   const StillWanted& wanted = {});
Result<LatenessReport> ScanLateness(const engine::StateReader& reader, const StatusQuery& query,
                                    const StillWanted& wanted = {});

// A row of the report of lateness.
struct LatePlace {
  TimePart part = TimePart::kReceiving;
  std::uint8_t leg = 0;                 // any when 0
  std::optional<cases::UnitCode> unit;  // any when none

  bool Has(const Holder& holder) const {
    return part == holder.part && (leg == 0 || leg == holder.leg) && (!unit || unit == holder.unit);
  }
};

struct ListQuery {
  StatusQuery status;
  std::string key;                         // of the row; empty: all rows
  Column column = Column::kNone;           // kNone: every dossier of the row
  std::optional<LatePlace> late;           // only those that got late there
  std::size_t page_size = 50;              // 1..kListPageMax
  std::optional<cases::DossierCode> from;  // where the page begins; none: the first page
};
inline constexpr std::size_t kListPageMax = 1000;
// A page that has looked at so many dossiers ends there, be it short or empty.
inline constexpr std::size_t kListScannedMax = 200'000;

struct ListedDossier {
  cases::Dossier dossier;
  Classification classification;
};
struct DossierPage {
  std::vector<ListedDossier> dossiers;     // by code
  std::optional<cases::DossierCode> next;  // where the next page begins; none: there is none
};
// As many dossiers, over all pages, as the report counts in that row and column, and of those that
// got late somewhere as the report of lateness counts there.
Result<DossierPage> ListDossiers(const engine::StateReader& reader, const ListQuery& query,
                                 const StillWanted& wanted = {});

}  // namespace motcua::reporting
