// Goal: a bad wire loses, doubles and contradicts nothing that was answered, be it between services
// and brokers or between clients and services.
// Method: a proxy before each broker and each process; under load it delays, slows down, holds,
// cuts and resets. The account is checker.h's.
#include <gtest/gtest.h>

#include "tests/chaos/round.h"

namespace motcua::chaos {
namespace {

using testing::TcpProxy;

// Longer than the patience of a try, shorter than a client's whole deadline.
constexpr std::chrono::seconds kFaultLasts{5};
constexpr std::chrono::milliseconds kBrokerDelay{100};
constexpr std::chrono::milliseconds kClientDelay{300};
constexpr std::size_t kSlowBytesPerSecond = 32 * 1024;
constexpr int kResets = 5;

// For as long as a fault lasts; then the wire is as before.
void Trouble(const std::vector<TcpProxy*>& wires, const std::function<void(TcpProxy&)>& fault) {
  for (TcpProxy* wire : wires) fault(*wire);
  Round::Endure(kFaultLasts);
  for (TcpProxy* wire : wires) wire->Heal();
}

// Once a second, in the middle of whatever is on its way.
void ResetAgainAndAgain(const std::vector<TcpProxy*>& wires) {
  for (int i = 0; i < kResets; ++i) {
    for (TcpProxy* wire : wires) wire->Reset();
    Round::Endure(kFaultLasts / kResets);
  }
}

std::vector<Fault> FaultsOf(const std::string& where, const std::vector<TcpProxy*>& all,
                            std::chrono::milliseconds delay) {
  const std::vector<TcpProxy*> one = {all.front()};
  return {
      {where + " delayed",
       [=] { Trouble(all, [delay](TcpProxy& wire) { wire.SetDelay(delay); }); }},
      {where + " slowed down",
       [=] { Trouble(all, [](TcpProxy& wire) { wire.SetBytesPerSecond(kSlowBytesPerSecond); }); }},
      {"one " + where + " held", [=] { Trouble(one, [](TcpProxy& wire) { wire.Hold(); }); }},
      {"one " + where + " cut", [=] { Trouble(one, [](TcpProxy& wire) { wire.Cut(); }); }},
      {where + " reset", [=] { ResetAgainAndAgain(all); }},
  };
}

TEST(ChaosNetwork, NothingAnsweredIsLostOrDoubled) {
  const auto started = Round::Start({.proxies = true});
  MOTCUA_REQUIRE_KAFKA(started);
  Round& round = **started;
  std::vector<TcpProxy*> brokers;
  for (const auto& proxy : round.broker_proxies()) brokers.push_back(proxy.get());
  std::vector<TcpProxy*> services;
  for (const std::string_view service : cluster::kServices) {
    for (int ordinal = 0; ordinal < kInstances; ++ordinal) {
      services.push_back(&round.ProxyOf(std::string(service), ordinal));
    }
  }
  std::vector<Fault> faults = FaultsOf("wire to a broker", brokers, kBrokerDelay);
  for (Fault& fault : FaultsOf("wire to a service", services, kClientDelay)) {
    faults.push_back(std::move(fault));
  }
  round.RunAll(std::move(faults));
  round.Finish();
}

}  // namespace
}  // namespace motcua::chaos
