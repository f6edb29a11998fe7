#include "services/domain/reporting/status_report.h"

#include <initializer_list>

namespace motcua::reporting {

namespace {

ColumnSet SetOf(std::initializer_list<Column> columns) {
  ColumnSet set;
  for (const Column column : columns) set.set(IndexOf(column));
  return set;
}

ColumnSet SetOf(Group group) {
  ColumnSet set;
  for (const ColumnRow& row : kColumnTable) set.set(IndexOf(row.column), row.group == group);
  return set;
}

std::int64_t SumOf(const StatusRow& row, const ColumnSet& columns) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < kColumns; ++i) sum += columns[i] ? row.counts.at(i) : 0;
  return sum;
}

}  // namespace

std::int64_t StatusRow::total(Group group) const {
  std::int64_t sum = 0;
  for (const ColumnRow& row : kColumnTable) sum += row.group == group ? (*this)[row.column] : 0;
  return sum;
}

void StatusRow::Add(const StatusRow& other) {
  for (std::size_t i = 0; i < kColumns; ++i) counts[i] += other.counts[i];
}

const std::array<RateRow, 3>& RateTable() {
  using enum Column;
  static const std::array<RateRow, 3> kTable = {{
      {RateDefinition::kOfResolved, "(8+9)/(8+9+10)", SetOf({kResolvedEarly, kResolvedOnTime}),
       SetOf({kResolvedEarly, kResolvedOnTime, kResolvedLate})},
      {RateDefinition::kOfReceived, "(8+9)/(4+5)", SetOf({kResolvedEarly, kResolvedOnTime}),
       SetOf({kReceivedOnline, kReceivedDirect, kReceivedPostal})},
      {RateDefinition::kOfAll, "(8+9+12)/(3)",
       SetOf({kResolvedEarly, kResolvedOnTime, kOpenInTerm, kOpenPaused}), SetOf(Group::kReceived)},
  }};
  return kTable;
}

Rate OnTimeRate(const StatusRow& row, RateDefinition definition) {
  for (const RateRow& rate : RateTable()) {
    if (rate.definition != definition) continue;
    return {definition, SumOf(row, rate.part), SumOf(row, rate.whole)};
  }
  return {definition, 0, 0};
}

}  // namespace motcua::reporting
