#include "services/domain/postal/shipment.h"

#include <algorithm>

namespace motcua::postal {
namespace {

Status Forbidden(const Shipment& shipment, std::string_view verb) {
  const std::string name(Name(shipment.state));
  return Status(Reason::kStateForbids,
                "the shipment is " + name + " and cannot be " + std::string(verb),
                {{"state", name}});
}

}  // namespace

bool IsLateReport(const Shipment& shipment, Instant occurred) {
  return shipment.reported && occurred < *shipment.reported;
}

void Reported(Shipment& shipment, ShipmentState state, Instant occurred) {
  if (IsLateReport(shipment, occurred)) return;
  shipment.state = state;
  shipment.reported = occurred;
}

void NoteAttempt(Shipment& shipment, const ZonedTime& occurred) {
  if (shipment.attempts.size() >= kAttemptsMax) return;
  const auto after = std::upper_bound(
      shipment.attempts.begin(), shipment.attempts.end(), occurred,
      [](const ZonedTime& a, const ZonedTime& b) { return a.instant < b.instant; });
  shipment.attempts.insert(after, occurred);
}

bool IsSameAttempt(const Shipment& shipment, const ZonedTime& occurred,
                   const calendar::Calendar* calendar) {
  const auto next_from = [&](CivilDate day) {
    if (calendar != nullptr && calendar->Covers(day)) {
      if (const auto next = calendar->WorkingDayAfter(day, kAttemptsApartDays)) return *next;
    }
    return day + kAttemptsApartDays;
  };
  return std::any_of(shipment.attempts.begin(), shipment.attempts.end(),
                     [&](const ZonedTime& attempt) {
                       const auto [first, second] = std::minmax({attempt.date(), occurred.date()});
                       return second < next_from(first);
                     });
}

bool IsAfterHandOver(const Shipment& shipment, Instant occurred) {
  if (!shipment.handed_over) return true;
  const auto minute = [](Instant at) { return at.micros / kReportGrain.count(); };
  return minute(occurred) >= minute(shipment.handed_over->instant);
}

CivilDate ItemFreeFrom(CivilDate given) {
  constexpr int kMonthsInYear = 12;
  const YearMonthDay day = Split(given);
  const int months = day.year * kMonthsInYear + (day.month - 1) + kItemReuseMonths;
  const int year = months / kMonthsInYear;
  const int month = months % kMonthsInYear + 1;
  return MakeDate(year, month, std::min(day.day, DaysInMonth(year, month)));
}

Status CanHandOver(const Shipment& shipment) {
  return shipment.state == ShipmentState::kRegistered ? OkStatus()
                                                      : Forbidden(shipment, "handed over");
}

Status CanReport(const Shipment& shipment) {
  return shipment.with_carrier() ? OkStatus() : Forbidden(shipment, "reported on");
}

Status CanTrack(const Shipment& shipment, ShipmentState next, Instant occurred) {
  if (next != ShipmentState::kInTransit && next != ShipmentState::kOutForDelivery &&
      next != ShipmentState::kReturning) {
    return FieldError("state", "must be IN_TRANSIT, OUT_FOR_DELIVERY or RETURNING");
  }
  const bool turns = shipment.state == ShipmentState::kReturning &&
                     next != ShipmentState::kReturning && !IsLateReport(shipment, occurred);
  return shipment.with_carrier() && !turns
             ? OkStatus()
             : Forbidden(shipment, "tracked as " + std::string(Name(next)));
}

Status CanFail(const Shipment& shipment, Instant occurred, bool same_attempt) {
  const bool turns =
      shipment.state == ShipmentState::kReturning && !IsLateReport(shipment, occurred);
  if (!shipment.with_carrier() || turns) {
    return Forbidden(shipment, "recorded as a failed delivery");
  }
  return same_attempt || shipment.attempts.size() < kAttemptsMax
             ? OkStatus()
             : Forbidden(shipment, "tried again");
}

Status CanDeliver(const Shipment& shipment) {
  return shipment.with_carrier() && shipment.state != ShipmentState::kReturning
             ? OkStatus()
             : Forbidden(shipment, "delivered");
}

Status CanReturn(const Shipment& shipment) {
  return shipment.with_carrier() ? OkStatus() : Forbidden(shipment, "returned to the agency");
}

}  // namespace motcua::postal
