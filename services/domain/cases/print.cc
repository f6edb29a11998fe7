// Canonical text of a dossier (Print in dossier.h).
#include <string>

#include "services/domain/cases/correct.h"
#include "services/domain/cases/topics/topic.h"

namespace motcua::cases {
namespace {

std::string Text(const std::optional<ZonedTime>& time) { return TimeText(time); }
std::string Text(const std::optional<Instant>& instant) {
  return instant ? FormatInstant(*instant) : "-";
}

void PrintMissed(std::string_view name, const std::optional<MissedDue>& missed, std::string& out) {
  if (!missed) return;
  out.append(name).append(" due=").append(FormatZonedTime(missed->due));
  out.append(" from=").append(FormatZonedTime(missed->from)).append("\n");
}

void PrintClock(const Clock& clock, std::string& out) {
  out += "clock calendar=" + clock.calendar.value() + "/" +
         std::to_string(clock.calendar_version.value()) + " term=" + FormatTerm(clock.term) +
         " policy=" + std::to_string(static_cast<int>(clock.policy.mode)) +
         std::to_string(static_cast<int>(clock.policy.start)) +
         std::to_string(static_cast<int>(clock.supplement)) +
         " lead=" + std::to_string(clock.due_soon_lead_minutes) +
         " start=" + FormatZonedTime(clock.start) + " first_due=" + Text(clock.first_due) +
         (clock.first_provisional ? " provisional" : "") + " due=" + Text(clock.now.due) +
         (clock.now.provisional ? " provisional" : "") + " due_soon=" + Text(clock.now.due_soon) +
         " alerts_from=" + FormatInstant(clock.alerts_from) + "\n";
  PrintMissed("missed", clock.missed, out);
  PrintMissed("missed_by_date", clock.missed_by_date, out);
  for (const Pause& pause : clock.pauses) {
    out += "pause reason=" + std::to_string(static_cast<int>(pause.reason)) +
           " from=" + FormatZonedTime(pause.from) + " to=" + Text(pause.to) +
           " due_before=" + Text(pause.due_before) + "\n";
  }
}

void PrintLeg(const routing::Leg& leg, std::string& out) {
  out += "leg unit=" + leg.unit.value() + " stage=" + std::to_string(leg.stage) +
         (leg.lead ? " lead" : "") + " term=" + FormatTerm(leg.term) +
         " state=" + std::string(Name(leg.state)) + " sent=" + Text(leg.sent) +
         " acknowledged=" + Text(leg.acknowledged) + " counted_from=" + Text(leg.counted_from) +
         " due=" + Text(leg.due) + (leg.provisional ? " provisional" : "") +
         (leg.calendar == CalendarUsed{} ? ""
                                         : " calendar=" + leg.calendar.id.value() + "/" +
                                               std::to_string(leg.calendar.version.value())) +
         " due_soon=" + Text(leg.due_soon) + " completed=" + Text(leg.completed) +
         " outcome=" + std::to_string(static_cast<int>(leg.outcome)) +
         " returns=" + std::to_string(leg.returns) + "\n";
}

}  // namespace

std::string PrintRequests(const std::vector<RememberedRequest>& requests) {
  std::string out;
  for (const RememberedRequest& request : requests) {
    out += "request " + FormatRequestId(request.id) +
           " version=" + std::to_string(request.version) +
           " digest=" + std::to_string(request.digest) + "\n";
  }
  return out;
}

std::string Print(const Dossier& dossier) {
  std::string out =
      "dossier " + dossier.code.value() + " version=" + std::to_string(dossier.head.version) +
      " tip=" + std::to_string(dossier.head.tip.value()) +
      " stage=" + std::string(Name(dossier.stage)) + (dossier.understood ? "" : " NOT UNDERSTOOD") +
      (dossier.trace.empty() ? "" : " trace=" + FormatTraceparent(dossier.trace)) + "\n";
  out += "case procedure=" + dossier.procedure.value() + " field=" + dossier.field +
         " channel=" + std::to_string(static_cast<int>(dossier.channel)) +
         " return=" + std::to_string(static_cast<int>(dossier.return_mode)) +
         " register=" + std::to_string(dossier.register_year) + "/" +
         std::to_string(dossier.register_number) +
         " received=" + FormatZonedTime(dossier.received) + " resolved=" + Text(dossier.resolved) +
         " outcome=" + std::to_string(static_cast<int>(dossier.outcome)) +
         " closed=" + Text(dossier.closed) +
         " tier=" + std::to_string(static_cast<int>(dossier.tier)) +
         " interconnection=" + std::to_string(static_cast<int>(dossier.interconnection)) + "\n";
  if (dossier.origin) {
    out += "origin " + dossier.origin->source + ":" + std::to_string(dossier.origin->line) +
           " id=" + dossier.origin->source_id +
           " doubts=" + std::to_string(dossier.origin->doubts) +
           (dossier.origin->taken_up ? " taken_up" : "") + "\n";
  }
  PrintClock(dossier.clock, out);
  for (const Alert& alert : dossier.alerts) {
    out += "alert kind=" + std::to_string(static_cast<int>(alert.key.kind)) +
           " leg=" + std::to_string(alert.key.leg) + " due=" + FormatInstant(alert.key.due) +
           " raised=" + FormatInstant(alert.raised) + (alert.acknowledged ? " acknowledged" : "") +
           "\n";
  }
  for (const routing::Leg& leg : dossier.route.legs) PrintLeg(leg, out);
  const postal::Shipment& shipment = dossier.shipment;
  out += "shipment " + std::string(Name(shipment.state)) + " item=" + shipment.item_number +
         " carrier=" + shipment.carrier + " attempts=" + std::to_string(shipment.attempts.size()) +
         " handed_over=" + Text(shipment.handed_over) + " reported=" + Text(shipment.reported) +
         " delivered=" + Text(shipment.delivered) + " returned=" + Text(shipment.returned) + "\n";
  for (const ZonedTime& attempt : shipment.attempts) {
    out += "attempt " + FormatZonedTime(attempt) + "\n";
  }
  for (const Undo& undo : dossier.undo) {
    out += "undo version=" + std::to_string(undo.version) + " " + std::string(EventName(undo)) +
           " cause=" + std::to_string(undo.cause) + " at=" + FormatZonedTime(undo.at) +
           (undo.manifest.empty() ? "" : " manifest=" + undo.manifest) + "\n";
  }
  return out + PrintRequests(dossier.requests);
}

std::string Print(const Book& book) {
  std::string out = "book version=" + std::to_string(book.head.version) +
                    " tip=" + std::to_string(book.head.tip.value()) +
                    (book.understood ? "" : " NOT UNDERSTOOD") + "\n";
  for (const YearNumber& known : book.numbers) {
    out += "year " + std::to_string(known.year) + " last=" + std::to_string(known.number) + "\n";
  }
  return out + PrintRequests(book.requests);
}

}  // namespace motcua::cases
