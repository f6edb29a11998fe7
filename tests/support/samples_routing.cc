#include "services/base/overloaded.h"
#include "tests/support/samples.h"

namespace motcua::testing {
namespace {

using namespace cases;  // NOLINT(google-build-using-namespace): a list of its types

void Fill(Random& r, HandOverAcknowledged& e) { e = {AnyLeg(r), AnySetting(r), MaybeCalendar(r)}; }

}  // namespace

void Randomise(Random& r, cases::RoutingPayload& payload) {
  std::visit(Overloaded{
                 [&](cases::HandOverSent& e) { e = {AnyLeg(r), cases::UnitCode("000.01.10.H49")}; },
                 [&](cases::HandOverAcknowledged& e) { Fill(r, e); },
                 [&](cases::LegAccepted& e) { e.leg = AnyLeg(r); },
                 [&](cases::LegCompleted& e) { e = {AnyLeg(r), AnyEnum<routing::LegOutcome>(r)}; },
                 [&](cases::LegReturned& e) { e = {AnyLeg(r), AnyEnum<routing::ReturnReason>(r)}; },
                 [&](cases::LegReminded& e) { e.leg = AnyLeg(r); },
             },
             payload);
}

}  // namespace motcua::testing
