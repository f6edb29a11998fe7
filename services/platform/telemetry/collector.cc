#include "services/platform/telemetry/collector.h"

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>

#include "services/engine/state_layer.h"
#include "services/platform/telemetry/metrics.h"

namespace motcua::telemetry {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using Labels = std::vector<ClientMetric::Label>;

prometheus::MetricType TypeOf(MetricKind kind) {
  switch (kind) {
    case MetricKind::kCounter:
      return prometheus::MetricType::Counter;
    case MetricKind::kGauge:
      return prometheus::MetricType::Gauge;
    case MetricKind::kHistogram:
      return prometheus::MetricType::Histogram;
  }
  return prometheus::MetricType::Untyped;
}

// The families of one scrape, in the order of kMetrics.
class Scrape {
 public:
  Scrape() {
    for (const MetricRow& row : kMetrics) {
      MetricFamily& family = families_.emplace_back();
      family.name = std::string(row.name);
      family.help = std::string(row.help);
      family.type = TypeOf(row.kind);
    }
  }

  // A counter or a gauge, by the row's kind.
  void Add(const MetricRow& row, Labels labels, std::uint64_t value) {
    ClientMetric& sample = Sample(row, std::move(labels));
    (row.kind == MetricKind::kCounter ? sample.counter.value : sample.gauge.value) =
        static_cast<double>(value);
  }
  void Add(const MetricRow& row, Labels labels, std::chrono::microseconds value) {
    Sample(row, std::move(labels)).gauge.value = std::chrono::duration<double>(value).count();
  }
  void Add(const MetricRow& row, Labels labels, const LatencyHistogram::Reading& reading) {
    ClientMetric::Histogram& histogram = Sample(row, std::move(labels)).histogram;
    std::uint64_t cumulative = 0;
    for (std::size_t i = 0; i < reading.counts.size(); ++i) {
      cumulative += reading.counts[i];
      const double bound = i < kLatencyBounds.size()
                               ? std::chrono::duration<double>(kLatencyBounds[i]).count()
                               : std::numeric_limits<double>::infinity();
      histogram.bucket.push_back({cumulative, bound});
    }
    histogram.sample_count = cumulative;
    histogram.sample_sum = std::chrono::duration<double>(reading.sum).count();
  }
  std::vector<MetricFamily> families() && { return std::move(families_); }

 private:
  ClientMetric& Sample(const MetricRow& row, Labels labels) {
    std::size_t at = 0;
    while (at < kMetrics.size() && kMetrics[at].name != row.name) ++at;
    MOTCUA_CHECK(at < kMetrics.size(), "a metric that is not in kMetrics");
    ClientMetric& sample = families_[at].metric.emplace_back();
    sample.label = std::move(labels);
    return sample;
  }

  std::vector<MetricFamily> families_;
};

void CollectCommands(const ServiceSource& source, Scrape& scrape) {
  const engine::Metrics& metrics = source.metrics;
  const Labels service = {{"service", source.name}};
  const auto with = [&](const char* name, std::string_view value) {
    return Labels{{"service", source.name}, {name, std::string(value)}};
  };
  scrape.Add(metric::kCommands, service, metrics.commands.load(std::memory_order_relaxed));
  scrape.Add(metric::kAnswered, service, metrics.answered.load(std::memory_order_relaxed));
  for (std::size_t i = 0; i < metrics.refused.size(); ++i) {
    const std::uint64_t count = metrics.refused[i].load(std::memory_order_relaxed);
    // A series for each reason that ever occurred: most never do.
    if (count == 0) continue;
    scrape.Add(metric::kRefused, with("reason", DescribeReason(static_cast<Reason>(i)).word),
               count);
  }
  scrape.Add(metric::kRedecided, service, metrics.redecided.load(std::memory_order_relaxed));
  scrape.Add(metric::kCommandSeconds, with("outcome", "answered"), source.commands.answered.Read());
  scrape.Add(metric::kCommandSeconds, with("outcome", "refused"), source.commands.refused.Read());
}

void CollectEvents(const ServiceSource& source, Scrape& scrape) {
  const engine::Metrics& metrics = source.metrics;
  const Labels service = {{"service", source.name}};
  scrape.Add(metric::kAppended, service, metrics.appended.load(std::memory_order_relaxed));
  for (std::size_t i = 0; i < metrics.events.size(); ++i) {
    const auto acceptance = static_cast<engine::Acceptance>(i);
    scrape.Add(
        metric::kEvents,
        {{"service", source.name}, {"acceptance", std::string(engine::AcceptanceName(acceptance))}},
        metrics.events[i].load(std::memory_order_relaxed));
  }
  scrape.Add(metric::kUnreadable, service, metrics.unreadable.load(std::memory_order_relaxed));
  scrape.Add(metric::kMisrouted, service, metrics.misrouted.load(std::memory_order_relaxed));
  scrape.Add(metric::kAlerts, service, metrics.alerts_raised.load(std::memory_order_relaxed));
}

void CollectState(const ServiceSource& source, Scrape& scrape) {
  for (const engine::PartitionReading& reading : source.partitions()) {
    const Labels labels = {{"service", source.name}, {"partition", std::to_string(reading.id)}};
    scrape.Add(metric::kNextOffset, labels, reading.next);
    scrape.Add(metric::kEndOffset, labels, reading.end);
    scrape.Add(metric::kLag, labels, reading.end - std::min(reading.end, reading.next));
    scrape.Add(metric::kClockOffset, labels, reading.clock_offset);
    scrape.Add(metric::kFailing, labels, reading.failure.ok() ? 0 : 1);
  }
  scrape.Add(metric::kStoreBytes, {{"service", source.name}}, source.store_bytes());
}

void CollectCalls(const CallMeter& calls, Scrape& scrape) {
  for (const auto& [path, method] : calls.methods()) {
    for (std::size_t code = 0; code < kStatusCodes; ++code) {
      const LatencyHistogram::Reading reading = method.by_code()[code].Read();
      if (reading.counts == decltype(reading.counts){}) continue;
      // Without the leading slash.
      scrape.Add(metric::kRpcSeconds,
                 {{"method", path.substr(1)},
                  {"code", std::string(StatusCodeName(static_cast<StatusCode>(code)))}},
                 reading);
    }
  }
}

}  // namespace

void Exporter::Collector::AddService(ServiceSource source) {
  const std::scoped_lock lock(mutex_);
  services_.push_back(std::move(source));
}

void Exporter::Collector::AddCalls(const CallMeter& calls) {
  const std::scoped_lock lock(mutex_);
  calls_.push_back(&calls);
}

void Exporter::Collector::AddCalendars(CalendarSource source) {
  const std::scoped_lock lock(mutex_);
  calendars_.push_back(std::move(source));
}

std::vector<MetricFamily> Exporter::Collector::Collect() const {
  Scrape scrape;
  const std::scoped_lock lock(mutex_);
  for (const ServiceSource& source : services_) {
    CollectCommands(source, scrape);
    CollectEvents(source, scrape);
    CollectState(source, scrape);
  }
  for (const CallMeter* calls : calls_) CollectCalls(*calls, scrape);
  for (const CalendarSource& calendars : calendars_) {
    for (const CalendarReading& reading : calendars()) {
      scrape.Add(metric::kCalendarDays, {{"calendar", reading.id}}, reading.decided_days);
    }
  }
  return std::move(scrape).families();
}

}  // namespace motcua::telemetry
