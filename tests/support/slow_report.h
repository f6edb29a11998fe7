// An independent model of status reports (Biểu II.06a): it knows no Dossier and no counters. For
// each dossier it replays the events that the query can see, in order, into a handful of fields,
// and compares days as text. Slow and obvious; for tests of services/domain/reporting and
// services/reporting.
#pragma once

#include <utility>
#include <vector>

#include "services/domain/cases/events.h"
#include "services/domain/reporting/status_report.h"

namespace motcua::testing_support {

// Events in the order of the log, each with the instant that counts.
using History = std::vector<std::pair<cases::CaseEvent, Instant>>;

// Rows by key, without names.
std::vector<reporting::StatusRow> SlowReport(const History& history,
                                             const reporting::StatusQuery& query);

}  // namespace motcua::testing_support
