// CallMeter: how long RPCs took, by method and code. Knows only the methods that it was told of, so
// that nobody can make a server grow series by calling names of their own.
//
// AddMethod: before the server starts. Find, Add of what it gives, and readings: any thread then.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "services/base/status.h"
#include "services/platform/telemetry/latency.h"

namespace motcua::telemetry {

// Those of StatusCode.
inline constexpr std::size_t kStatusCodes = static_cast<std::size_t>(StatusCode::kDataLoss) + 1;

class MethodMeter {
 public:
  // A code that is none of ours counts as UNKNOWN.
  void Add(int code, std::chrono::nanoseconds took) {
    constexpr int kUnknown = static_cast<int>(StatusCode::kUnknown);
    const bool known = code >= 0 && code < static_cast<int>(kStatusCodes);
    by_code_[static_cast<std::size_t>(known ? code : kUnknown)].Add(took);
  }
  const std::array<LatencyHistogram, kStatusCodes>& by_code() const { return by_code_; }

 private:
  std::array<LatencyHistogram, kStatusCodes> by_code_;
};

class CallMeter {
 public:
  // "/motcua.intake.v1.IntakeService/ReceiveDossier", as gRPC names it.
  void AddMethod(const std::string& path) { methods_.try_emplace(path); }
  // Null: no such method.
  MethodMeter* Find(std::string_view path) {
    const auto found = methods_.find(path);
    return found == methods_.end() ? nullptr : &found->second;
  }
  const std::map<std::string, MethodMeter, std::less<>>& methods() const { return methods_; }

 private:
  std::map<std::string, MethodMeter, std::less<>> methods_;
};

}  // namespace motcua::telemetry
