// Parts of a dossier's row that it holds more than once: as they are, and as they were before an
// event that can be taken back. Internal to wire. Times are relative to `base`, the receipt.
#pragma once

#include <cstdint>

#include "services/domain/cases/dossier.h"
#include "services/wire/rows.h"

namespace motcua::wire {

template <typename E>
std::uint64_t Number(E value) {
  return static_cast<std::uint64_t>(value);
}
template <typename E>
E ToEnum(std::uint64_t number) {
  return static_cast<E>(number);
}

void Write(RowWriter& row, const deadline::Term& term);
deadline::Term ReadTerm(RowReader& row);

void WriteMissed(RowWriter& row, const cases::MissedDue& missed, const ZonedTime& base);
cases::MissedDue ReadMissed(RowReader& row, const ZonedTime& base);

void WriteLeg(RowWriter& row, const routing::Leg& leg, const ZonedTime& base);
routing::Leg ReadLeg(RowReader& row, const ZonedTime& base);

void WriteShipment(RowWriter& row, const postal::Shipment& shipment, const ZonedTime& base);
postal::Shipment ReadShipment(RowReader& row, const ZonedTime& base);

void WriteUndo(RowWriter& row, const cases::Undo& undo, const ZonedTime& base);
cases::Undo ReadUndo(RowReader& row, const ZonedTime& base);

}  // namespace motcua::wire
