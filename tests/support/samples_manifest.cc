#include "services/base/overloaded.h"
#include "tests/support/samples.h"

namespace motcua::testing {
namespace {

using namespace cases;  // NOLINT(google-build-using-namespace): a list of its types

void Fill(Random& r, ManifestOpened& e) {
  e = {AnyText(r), Between(r, 2018, 2030), Between<std::uint32_t>(r, 1, 20'000)};
}
void Fill(Random& r, ManifestItemSkipped& e) {
  e = {AnyCode(r), AnyEnumOrNone<postal::ShipmentState>(r)};
}

}  // namespace

void Randomise(Random& r, cases::ManifestPayload& payload) {
  std::visit(Overloaded{
                 [&](cases::ManifestOpened& e) { Fill(r, e); },
                 [&](cases::ManifestItemAdded& e) { e = {AnyCode(r), "EX123456785VN"}; },
                 [](cases::ManifestClosed&) {},
                 [](cases::ManifestHandedOver&) {},
                 [&](cases::ManifestItemSkipped& e) { Fill(r, e); },
             },
             payload);
}

}  // namespace motcua::testing
