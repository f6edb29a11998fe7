#include "services/base/overloaded.h"
#include "tests/support/samples.h"

namespace motcua::testing {
namespace {

using namespace cases;  // NOLINT(google-build-using-namespace): a list of its types

AlertKey AnyAlert(Random& random) {
  return {AnyEnum<AlertKind>(random), Between<std::uint8_t>(random, 0, 32),
          AnyTime(random).instant};
}
void Fill(Random& r, ClockResumed& e) {
  e.reason = AnyEnum<PauseReason>(r);
  e.restarted = Coin(r);
  e.paused_from = AnyTime(r);
  e.resumed = AnyTime(r);
  e.clock = AnySetting(r);
  for (int legs = Between(r, 0, 3); legs > 0; --legs) {
    e.legs.push_back({AnyLeg(r), AnySetting(r), MaybeCalendar(r)});
  }
  e.calendar = MaybeCalendar(r);
}

}  // namespace

void Randomise(Random& r, cases::DeadlinePayload& payload) {
  std::visit(Overloaded{
                 [&](cases::ClockPaused& e) { e.reason = AnyEnum<cases::PauseReason>(r); },
                 [&](cases::ClockResumed& e) { Fill(r, e); },
                 [&](cases::AlertRaised& e) { e.alert = AnyAlert(r); },
                 [&](cases::AlertAcknowledged& e) { e.alert = AnyAlert(r); },
             },
             payload);
}

}  // namespace motcua::testing
