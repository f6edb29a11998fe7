#include "services/platform/telemetry/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <string>

namespace motcua::telemetry {
namespace {

spdlog::logger& Logger() {
  // Never destroyed: threads may log until the very end of the process.
  static spdlog::logger* const logger = [] {
    auto* made = new spdlog::logger("motcua", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
    made->flush_on(spdlog::level::info);
    return made;
  }();
  return *logger;
}

}  // namespace

void LogInfo(std::string_view text) { Logger().info("{}", text); }
void LogWarning(std::string_view text) { Logger().warn("{}", text); }

void LogStatus(const Status& status) {
  std::string text = status.ToString();
  const std::string_view guidance = DescribeReason(status.reason()).guidance;
  if (!guidance.empty()) text.append(" (").append(guidance).append(")");
  LogWarning(text);
}

}  // namespace motcua::telemetry
