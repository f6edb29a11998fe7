// CommandMeter: how long commands took from submission to answer or refusal, and the sink that
// measures them on their way to another one.
//
// Any thread.
#pragma once

#include <chrono>
#include <utility>

#include "services/engine/service.h"
#include "services/platform/telemetry/latency.h"

namespace motcua::telemetry {

struct CommandMeter {
  LatencyHistogram answered;
  LatencyHistogram refused;
};

// `sink` and `meter` must outlive it and every reply.
class MeasuredSink final : public engine::CommandSink {
 public:
  MeasuredSink(engine::CommandSink& sink, CommandMeter& meter) : sink_(sink), meter_(meter) {}

  void Submit(cases::Command command, Micros deadline, engine::Reply reply) override {
    const auto begun = std::chrono::steady_clock::now();
    sink_.Submit(std::move(command), deadline,
                 [this, begun, reply = std::move(reply)](Result<engine::Answer> answer) {
                   LatencyHistogram& histogram = answer.ok() ? meter_.answered : meter_.refused;
                   histogram.Add(std::chrono::steady_clock::now() - begun);
                   reply(std::move(answer));
                 });
  }

 private:
  engine::CommandSink& sink_;
  CommandMeter& meter_;
};

}  // namespace motcua::telemetry
