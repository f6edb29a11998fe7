// Caller: one officer of the load. Takes up a case, carries it to its end by the commands of four
// services, takes up the next. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>

#include "tests/chaos/load.h"

namespace motcua::chaos {

class Caller {
 public:
  Caller(Load& load, std::uint64_t seed) : load_(load), random_(seed) {}

  // Until the load stops.
  void Run();
  // A dossier for the counter of `unit`, and no more of it.
  void HandIn(const std::string& unit);
  // One call with rows of an old register.
  void ImportRows(int rows);

 private:
  // The counter: papers are missing, are brought, the result is given out.
  void CounterCase();
  // The result goes by post.
  void PostCase();
  // Through the hands of another agency and back.
  void RouteCase();

  // The code, if it was received.
  std::optional<std::string> Receive(const std::string& unit, const std::string& procedure,
                                     bool online, bool by_post);
  // A command about a dossier, which must succeed. Whether it did.
  template <typename Service, typename Request, typename Response>
  bool Do(const char* kind, Request request,
          grpc::Status (Service::Stub::*method)(grpc::ClientContext*, const Request&, Response*));
  // The same for what waits for another service's reaction: asked under new ids while the state
  // does not allow it yet.
  template <typename Service, typename Request, typename Response>
  bool DoOnceAllowed(const char* kind, const Request& request,
                     grpc::Status (Service::Stub::*method)(grpc::ClientContext*, const Request&,
                                                           Response*));
  template <typename Service, typename Request, typename Response>
  Command& Send(const char* kind, Request request, bool wanted,
                grpc::Status (Service::Stub::*method)(grpc::ClientContext*, const Request&,
                                                      Response*));
  std::string LaneOf(const char* service_name, const std::string& unit) const;
  std::string AnyUnit();
  std::string ItemNumber();

  Load& load_;
  std::mt19937_64 random_;
};

}  // namespace motcua::chaos
