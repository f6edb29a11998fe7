#include "services/base/overloaded.h"
#include "tests/support/samples.h"

namespace motcua::testing {
namespace {

using namespace cases;  // NOLINT(google-build-using-namespace): a list of its types

deadline::Term AnyTerm(Random& random) {
  return {Between<std::int32_t>(random, 0, deadline::kTermMilliMax),
          AnyEnum<deadline::TermUnit>(random)};
}
routing::Leg AnyPlan(Random& random) {
  routing::Leg leg;
  leg.unit = UnitCode("000.01.10.H49");
  leg.stage = AnyLeg(random);
  leg.lead = Coin(random);
  leg.term = AnyTerm(random);
  return leg;
}
void Fill(Random& r, DossierReceived& e) {
  e.procedure = ProcedureCode("1.001193");
  e.procedure_version = Between<std::uint32_t>(r, 0, 9);
  e.field = AnyText(r);
  e.channel = AnyEnum<Channel>(r);
  e.return_mode = AnyEnum<ReturnMode>(r);
  e.register_year = Between(r, 2018, 2030);
  e.register_number = Between<std::uint32_t>(r, 0, 100'000);
  e.calendar = calendar::CalendarId(AnyText(r));
  e.calendar_version = calendar::CalendarVersion(Between<std::uint32_t>(r, 0, 9));
  e.term = AnyTerm(r);
  e.due_policy = {AnyEnum<deadline::DueMode>(r), AnyEnum<deadline::StartMode>(r)};
  e.supplement = AnyEnum<deadline::SupplementPolicy>(r);
  e.due_soon_lead_minutes = Between(r, 0, 5000);
  e.clock_start = AnyTime(r);
  e.clock = AnySetting(r);
  for (int legs = Between(r, 0, 4); legs > 0; --legs) e.legs.push_back(AnyPlan(r));
  e.tier = AnyEnumOrNone<Tier>(r);
  e.interconnection = AnyEnumOrNone<Interconnection>(r);
}
void Fill(Random& r, DossierRefused& e) {
  e = {ProcedureCode("1.001193"), AnyText(r), AnyEnum<Channel>(r), AnyEnum<RefusalReason>(r)};
}
void Fill(Random& r, DossierImported& e) {
  e.procedure = ProcedureCode("Street Light Outages");
  e.procedure_name = AnyText(r);
  e.field = AnyText(r);
  e.unit_name = AnyText(r);
  e.channel = AnyEnum<Channel>(r);
  e.register_year = Between(r, 0, 2030);
  e.register_number = Between<std::uint32_t>(r, 0, 100'000);
  e.opened = AnyTime(r);
  e.due = MaybeTime(r);
  e.closed = MaybeTime(r);
  e.outcome = AnyEnumOrNone<Outcome>(r);
  e.calendar = calendar::CalendarId(AnyText(r));
  e.calendar_version = calendar::CalendarVersion(Between<std::uint32_t>(r, 0, 9));
  e.source = "register";
  e.line = Between<std::uint32_t>(r, 1, 100'000);
  e.source_id = "101001240734";
  e.doubts = Between<Doubts>(r, 0, kDoubtsAll);
}
void Fill(Random& r, RecordUpdated& e) {
  e.due = MaybeTime(r);
  e.closed = MaybeTime(r);
  e.outcome = AnyEnumOrNone<Outcome>(r);
  e.source = "register";
  e.line = Between<std::uint32_t>(r, 1, 100'000);
  e.source_id = "101001240734";
  e.doubts = Between<Doubts>(r, 0, kDoubtsAll);
}
void Fill(Random& r, SupplementRequested& e) {
  for (int papers = Between(r, 0, 5); papers > 0; --papers) {
    e.papers.push_back(Between<std::uint32_t>(r, 1, 40));
  }
}
void Fill(Random& r, EventTakenBack& e) {
  e.version = Between<Version>(r, 1, 400);
  e.reason = AnyEnum<CorrectionReason>(r);
  for (auto with = Between<Version>(r, 0, 3); with > 0; --with) {
    e.with.push_back(e.version + 4U - with);
  }
}
void Fill(Random& r, ResultRecorded& e) {
  e.outcome = Coin(r) ? Outcome::kGranted : Outcome::kRejected;
}

}  // namespace

void Randomise(Random& r, cases::IntakePayload& payload) {
  std::visit(Overloaded{
                 [&](cases::DossierReceived& e) { Fill(r, e); },
                 [&](cases::DossierRefused& e) { Fill(r, e); },
                 [&](cases::DossierImported& e) { Fill(r, e); },
                 [&](cases::RecordUpdated& e) { Fill(r, e); },
                 [&](cases::SupplementRequested& e) { Fill(r, e); },
                 [&](cases::ResultRecorded& e) { Fill(r, e); },
                 [](cases::ResultReleasedToPost&) {},
                 [&](cases::DossierClosed& e) { e.way = AnyEnum<cases::ReturnMode>(r); },
                 [](cases::DossierWithdrawn&) {},
                 [&](cases::EventTakenBack& e) { Fill(r, e); },
             },
             payload);
}

}  // namespace motcua::testing
