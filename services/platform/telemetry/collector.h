// What a scrape says, put together from the sources' atomics. Internal to this folder.
#pragma once

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include <mutex>
#include <vector>

#include "services/platform/telemetry/exporter.h"

namespace motcua::telemetry {

class Exporter::Collector final : public prometheus::Collectable {
 public:
  void AddService(ServiceSource source);
  void AddCalls(const CallMeter& calls);
  void AddCalendars(CalendarSource source);
  // One family per row of kMetrics, in its order, also where there are no samples yet.
  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  mutable std::mutex mutex_;
  std::vector<ServiceSource> services_;
  std::vector<const CallMeter*> calls_;
  std::vector<CalendarSource> calendars_;
};

}  // namespace motcua::telemetry
