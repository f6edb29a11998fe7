#include "services/base/overloaded.h"
#include "tests/support/samples.h"

namespace motcua::testing {
namespace {

using namespace cases;  // NOLINT(google-build-using-namespace): a list of its types

void Fill(Random& r, ShipmentTracked& e) { e = {AnyEnum<postal::ShipmentState>(r), AnyTime(r)}; }
void Fill(Random& r, DeliveryFailed& e) {
  e = {AnyEnum<postal::FailureReason>(r), AnyTime(r), Coin(r)};
}
void Fill(Random& r, ShipmentDelivered& e) {
  e = {AnyEnum<postal::ProofKind>(r), AnyText(r), AnyTime(r)};
}

}  // namespace

void Randomise(Random& r, cases::PostalPayload& payload) {
  std::visit(Overloaded{
                 [](cases::ShipmentRegistered&) {},
                 [&](cases::ShipmentHandedOver& e) { e = {"EX123456785VN", AnyText(r)}; },
                 [&](cases::ShipmentTracked& e) { Fill(r, e); },
                 [&](cases::DeliveryFailed& e) { Fill(r, e); },
                 [&](cases::ShipmentDelivered& e) { Fill(r, e); },
                 [](cases::ShipmentReturned&) {},
             },
             payload);
}

}  // namespace motcua::testing
