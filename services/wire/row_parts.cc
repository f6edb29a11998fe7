#include "services/wire/row_parts.h"

namespace motcua::wire {
void Write(RowWriter& row, const deadline::Term& term) {
  row.Signed(term.milli);
  row.Unsigned(Number(term.unit));
}
deadline::Term ReadTerm(RowReader& row) {
  const auto milli = static_cast<std::int32_t>(row.Signed());
  return {milli, ToEnum<deadline::TermUnit>(row.Unsigned())};
}

void WriteMissed(RowWriter& row, const cases::MissedDue& missed, const ZonedTime& base) {
  row.Zoned(missed.due, base);
  row.Zoned(missed.from, missed.due);
}
cases::MissedDue ReadMissed(RowReader& row, const ZonedTime& base) {
  cases::MissedDue missed;
  missed.due = row.Zoned(base);
  missed.from = row.Zoned(missed.due);
  return missed;
}

void WriteLeg(RowWriter& row, const routing::Leg& leg, const ZonedTime& base) {
  row.Text(leg.unit.value());
  row.Unsigned(std::uint64_t{leg.stage} << 2U | (leg.provisional ? 2U : 0U) | (leg.lead ? 1U : 0U));
  Write(row, leg.term);
  row.Unsigned(Number(leg.state));
  row.MaybeZoned(leg.sent, base);
  row.MaybeZoned(leg.acknowledged, base);
  row.MaybeZoned(leg.counted_from, leg.acknowledged.value_or(base));
  row.MaybeZoned(leg.due, base);
  row.MaybeTime(leg.due_soon, base.instant);
  row.Text(leg.calendar.id.value());
  row.Unsigned(leg.calendar.version.value());
  row.MaybeZoned(leg.completed, base);
  row.Unsigned(Number(leg.outcome));
  row.Unsigned(leg.returns);
}
routing::Leg ReadLeg(RowReader& row, const ZonedTime& base) {
  routing::Leg leg;
  leg.unit = cases::UnitCode(row.Text());
  const std::uint64_t stage = row.Unsigned();
  leg.stage = static_cast<std::uint8_t>(stage >> 2U);
  leg.provisional = (stage & 2U) != 0;
  leg.lead = (stage & 1U) != 0;
  leg.term = ReadTerm(row);
  leg.state = ToEnum<routing::LegState>(row.Unsigned());
  leg.sent = row.MaybeZoned(base);
  leg.acknowledged = row.MaybeZoned(base);
  leg.counted_from = row.MaybeZoned(leg.acknowledged.value_or(base));
  leg.due = row.MaybeZoned(base);
  leg.due_soon = row.MaybeTime(base.instant);
  leg.calendar.id = calendar::CalendarId(row.Text());
  leg.calendar.version = calendar::CalendarVersion(static_cast<std::uint32_t>(row.Unsigned()));
  leg.completed = row.MaybeZoned(base);
  leg.outcome = ToEnum<routing::LegOutcome>(row.Unsigned());
  leg.returns = static_cast<std::uint8_t>(row.Unsigned());
  return leg;
}

void WriteShipment(RowWriter& row, const postal::Shipment& shipment, const ZonedTime& base) {
  row.Unsigned(Number(shipment.state));
  row.Text(shipment.item_number);
  row.Text(shipment.carrier);
  row.Unsigned(shipment.attempts.size());
  for (const ZonedTime& attempt : shipment.attempts) row.Zoned(attempt, base);
  row.MaybeTime(shipment.reported, base.instant);
  row.MaybeZoned(shipment.handed_over, base);
  row.MaybeZoned(shipment.delivered, base);
  row.MaybeZoned(shipment.returned, base);
}
postal::Shipment ReadShipment(RowReader& row, const ZonedTime& base) {
  postal::Shipment shipment;
  shipment.state = ToEnum<postal::ShipmentState>(row.Unsigned());
  shipment.item_number = row.Text();
  shipment.carrier = row.Text();
  shipment.attempts.resize(row.Count());
  for (ZonedTime& attempt : shipment.attempts) attempt = row.Zoned(base);
  shipment.reported = row.MaybeTime(base.instant);
  shipment.handed_over = row.MaybeZoned(base);
  shipment.delivered = row.MaybeZoned(base);
  shipment.returned = row.MaybeZoned(base);
  return shipment;
}

namespace {

void WriteClockBefore(RowWriter& row, const cases::ClockBefore& before, const ZonedTime& base) {
  row.MaybeZoned(before.now.due, base);
  row.MaybeTime(before.now.due_soon, base.instant);
  row.Unsigned((before.now.provisional ? 1U : 0U) | (before.missed ? 2U : 0U) |
               (before.missed_by_date ? 4U : 0U));
  row.Text(before.calendar.id.value());
  row.Unsigned(before.calendar.version.value());
  row.Zoned(before.start, base);
  if (before.missed) WriteMissed(row, *before.missed, base);
  if (before.missed_by_date) WriteMissed(row, *before.missed_by_date, base);
  row.Unsigned(before.pauses);
  row.MaybeZoned(before.ended, base);
}
cases::ClockBefore ReadClockBefore(RowReader& row, const ZonedTime& base) {
  cases::ClockBefore before;
  before.now.due = row.MaybeZoned(base);
  before.now.due_soon = row.MaybeTime(base.instant);
  const std::uint64_t flags = row.Unsigned();
  before.now.provisional = (flags & 1U) != 0;
  before.calendar.id = calendar::CalendarId(row.Text());
  before.calendar.version = calendar::CalendarVersion(static_cast<std::uint32_t>(row.Unsigned()));
  before.start = row.Zoned(base);
  if ((flags & 2U) != 0) before.missed = ReadMissed(row, base);
  if ((flags & 4U) != 0) before.missed_by_date = ReadMissed(row, base);
  before.pauses = static_cast<std::uint32_t>(row.Unsigned());
  before.ended = row.MaybeZoned(base);
  return before;
}

}  // namespace

void WriteUndo(RowWriter& row, const cases::Undo& undo, const ZonedTime& base) {
  row.Unsigned(undo.version);
  row.Unsigned(undo.event);
  row.Unsigned(undo.cause);
  row.Zoned(undo.at, base);
  row.Unsigned(Number(undo.stage));
  row.Unsigned(Number(undo.outcome));
  row.Unsigned(Number(undo.return_mode) << 4U | (undo.manifest.empty() ? 0U : 8U) |
               (undo.took_up ? 4U : 0U) | (undo.resolved ? 2U : 0U) | (undo.closed ? 1U : 0U));
  if (undo.resolved) row.Zoned(*undo.resolved, base);
  if (undo.closed) row.Zoned(*undo.closed, base);
  if (!undo.manifest.empty()) row.Text(undo.manifest);
  row.Unsigned(undo.clock.size());
  for (const cases::ClockBefore& clock : undo.clock) WriteClockBefore(row, clock, base);
  row.Unsigned(undo.legs.size());
  for (const cases::LegBefore& before : undo.legs) {
    row.Unsigned(before.number);
    WriteLeg(row, before.leg, base);
  }
  row.Unsigned(undo.shipment.size());
  for (const postal::Shipment& shipment : undo.shipment) WriteShipment(row, shipment, base);
  row.Unsigned(undo.alerts.size());
  for (const cases::AlertKey& alert : undo.alerts) {
    row.Unsigned(Number(alert.kind));
    row.Unsigned(alert.leg);
    row.Time(alert.due, base.instant);
  }
}
cases::Undo ReadUndo(RowReader& row, const ZonedTime& base) {
  cases::Undo undo;
  undo.version = static_cast<cases::Version>(row.Unsigned());
  undo.event = static_cast<std::uint8_t>(row.Unsigned());
  undo.cause = static_cast<cases::Version>(row.Unsigned());
  undo.at = row.Zoned(base);
  undo.stage = ToEnum<cases::Stage>(row.Unsigned());
  undo.outcome = ToEnum<cases::Outcome>(row.Unsigned());
  const std::uint64_t flags = row.Unsigned();
  undo.return_mode = ToEnum<cases::ReturnMode>(flags >> 4U);
  undo.took_up = (flags & 4U) != 0;
  if ((flags & 2U) != 0) undo.resolved = row.Zoned(base);
  if ((flags & 1U) != 0) undo.closed = row.Zoned(base);
  if ((flags & 8U) != 0) undo.manifest = row.Text();
  for (std::size_t left = row.Count(1); left > 0; --left) {
    undo.clock.push_back(ReadClockBefore(row, base));
  }
  for (std::size_t left = row.Count(); left > 0; --left) {
    const auto number = static_cast<std::uint8_t>(row.Unsigned());
    undo.legs.push_back({number, ReadLeg(row, base)});
  }
  for (std::size_t left = row.Count(1); left > 0; --left) {
    undo.shipment.push_back(ReadShipment(row, base));
  }
  undo.alerts.resize(row.Count());
  for (cases::AlertKey& alert : undo.alerts) {
    alert.kind = ToEnum<cases::AlertKind>(row.Unsigned());
    alert.leg = static_cast<std::uint8_t>(row.Unsigned());
    alert.due = row.Time(base.instant);
  }
  return undo;
}

}  // namespace motcua::wire
