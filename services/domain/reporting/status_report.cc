#include "services/domain/reporting/status_report.h"

namespace motcua::reporting {

std::string_view ColumnName(Column column) {
  switch (column) {
    case Column::kNone:
      return "NONE";
    case Column::kCarriedOver:
      return "CARRIED_OVER";
    case Column::kReceivedDirect:
      return "RECEIVED_DIRECT";
    case Column::kReceivedOnline:
      return "RECEIVED_ONLINE";
    case Column::kReceivedPostal:
      return "RECEIVED_POSTAL";
    case Column::kResolvedEarly:
      return "RESOLVED_EARLY";
    case Column::kResolvedOnTime:
      return "RESOLVED_ON_TIME";
    case Column::kResolvedLate:
      return "RESOLVED_LATE";
    case Column::kResolvedWithdrawn:
      return "RESOLVED_WITHDRAWN";
    case Column::kOpenInTerm:
      return "OPEN_IN_TERM";
    case Column::kOpenLate:
      return "OPEN_LATE";
    case Column::kOpenPaused:
      return "OPEN_PAUSED";
    case Column::kResolvedStopped:
      return "RESOLVED_STOPPED";
    case Column::kOpenStopped:
      return "OPEN_STOPPED";
    case Column::kSupplementRepeated:
      return "SUPPLEMENT_REPEATED";
  }
  return "UNKNOWN";
}

std::int64_t StatusRow::received_total() const {
  return (*this)[Column::kCarriedOver] + (*this)[Column::kReceivedDirect] +
         (*this)[Column::kReceivedOnline] + (*this)[Column::kReceivedPostal];
}

std::int64_t StatusRow::resolved_total() const {
  return (*this)[Column::kResolvedEarly] + (*this)[Column::kResolvedOnTime] +
         (*this)[Column::kResolvedLate] + (*this)[Column::kResolvedWithdrawn];
}

std::int64_t StatusRow::open_total() const {
  return (*this)[Column::kOpenInTerm] + (*this)[Column::kOpenLate] + (*this)[Column::kOpenPaused];
}

void StatusRow::Add(const StatusRow& other) {
  for (std::size_t i = 0; i < kColumns; ++i) counts[i] += other.counts[i];
}

std::int64_t Rate::per_ten_thousand() const {
  constexpr std::int64_t kTenThousand = 10'000;
  return whole == 0 ? 0 : (2 * part * kTenThousand + whole) / (2 * whole);
}

Rate OnTimeRate(const StatusRow& row, bool withdrawn_on_time) {
  Rate rate;
  rate.part = row[Column::kResolvedEarly] + row[Column::kResolvedOnTime];
  if (withdrawn_on_time) rate.part += row[Column::kResolvedWithdrawn];
  rate.whole = rate.part + row[Column::kResolvedLate];
  return rate;
}

}  // namespace motcua::reporting
