// Exporter: `GET /metrics` for Prometheus, in its text format, and `GET /healthz`, which answers
// 200 as long as the process does (liveness; readiness is gRPC's health).
//
// It reads plain atomics at each scrape; nothing is pushed into it.
//
//   MOTCUA_ASSIGN_OR_RETURN(auto exporter, telemetry::Exporter::Start("0.0.0.0:9464"));
//   exporter->AddService({"intake", host->metrics(), …});
//
// Threads: two of its own. AddService and AddCalls: any thread. Everything added must outlive it,
// and its callbacks may be called from its threads until the destructor returns.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "services/base/status.h"
#include "services/engine/partition.h"
#include "services/engine/service_loop.h"
#include "services/platform/telemetry/call_meter.h"
#include "services/platform/telemetry/command_meter.h"

namespace motcua::telemetry {

// What one service instance lets be read. Callbacks: any thread, without waiting.
struct ServiceSource {
  std::string name;
  const engine::Metrics& metrics;
  const CommandMeter& commands;
  std::function<std::vector<engine::PartitionReading>()> partitions;
  std::function<std::uint64_t()> store_bytes;
};

// How far the decided days of a calendar reach: 0 when today is not decided.
struct CalendarReading {
  std::string id;
  std::uint64_t decided_days = 0;
};
using CalendarSource = std::function<std::vector<CalendarReading>()>;

class Exporter {
 public:
  // `listen`: HOST:PORT, port 0 = any free one. FIELD_INVALID naming metrics.listen. There is no
  // TLS and no password: listen where only Prometheus and probes come.
  static Result<std::unique_ptr<Exporter>> Start(const std::string& listen);
  ~Exporter();
  Exporter(const Exporter&) = delete;
  Exporter& operator=(const Exporter&) = delete;

  void AddService(ServiceSource source);
  void AddCalls(const CallMeter& calls);
  void AddCalendars(CalendarSource source);

  // The bound port.
  int port() const;

 private:
  class Collector;
  class Endpoint;

  Exporter();

  std::unique_ptr<Collector> collector_;
  std::unique_ptr<Endpoint> endpoint_;  // stops before what it serves goes
};

}  // namespace motcua::telemetry
