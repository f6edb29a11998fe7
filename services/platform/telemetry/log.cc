#include "services/platform/telemetry/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

namespace motcua::telemetry {
namespace {

constexpr const char* kTextPattern = "%Y-%m-%dT%H:%M:%S.%e%z %l %v";
constexpr const char* kJsonPattern = R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l",%v})";

// spdlog's names of these levels are ours.
constexpr std::array kSpdlogLevels = {spdlog::level::debug, spdlog::level::info,
                                      spdlog::level::warn, spdlog::level::err};

spdlog::level::level_enum SpdlogLevel(LogLevel level) {
  return kSpdlogLevels.at(static_cast<std::size_t>(level));
}

struct ProcessLog {
  spdlog::logger logger{"motcua", std::make_shared<spdlog::sinks::stderr_sink_mt>()};
  LogFormat format = LogFormat::kText;
  std::vector<LogField> always;

  ProcessLog() {
    logger.set_pattern(kTextPattern);
    logger.flush_on(spdlog::level::debug);
  }
};

ProcessLog& TheLog() {
  // Never destroyed: threads may log until the very end of the process.
  static auto* const kLog = new ProcessLog();
  return *kLog;
}

// JSON of a text; bytes that are no UTF-8 become U+FFFD, for a log line must never be lost to them.
std::string JsonOf(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string JsonOf(const LogValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return JsonOf(std::string_view(*text));
  return std::visit([](const auto& plain) { return nlohmann::json(plain).dump(); }, value);
}

// As it is if that is one word, else as JSON quotes it: a value cannot end a line or look like
// another field.
std::string TextOf(const LogValue& value) {
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return JsonOf(value);
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:/,+@[]";
  const bool plain = !text->empty() && text->find_first_not_of(kPlain) == std::string::npos;
  return plain ? *text : JsonOf(value);
}

// Sentences stay readable: only what would break the line is escaped.
std::string OneLine(std::string_view message) {
  std::string line;
  for (const char c : message) {
    if (c == '\n') {
      line += "\\n";
    } else {
      line.push_back(c == '\r' || c == '\t' ? ' ' : c);
    }
  }
  return line;
}

void Log(LogLevel level, std::string_view message, std::span<const LogField> fields) {
  ProcessLog& log = TheLog();
  if (!log.logger.should_log(SpdlogLevel(level))) return;
  std::vector<LogField> all = log.always;
  all.insert(all.end(), fields.begin(), fields.end());
  log.logger.log(SpdlogLevel(level), "{}", FormatEntry(log.format, message, all));
}

}  // namespace

std::string FormatEntry(LogFormat format, std::string_view message,
                        std::span<const LogField> fields) {
  const bool json = format == LogFormat::kJson;
  std::string entry = json ? "\"message\":" + JsonOf(message) : OneLine(message);
  for (const LogField& field : fields) {
    if (json) {
      entry.append(",").append(JsonOf(std::string_view(field.key))).append(":");
      entry.append(JsonOf(field.value));
    } else {
      entry.append(" ").append(field.key).append("=").append(TextOf(field.value));
    }
  }
  return entry;
}

void ConfigureLog(const LogOptions& options, LogFields always) {
  ProcessLog& log = TheLog();
  log.format = options.format;
  log.always = always;
  log.logger.set_level(SpdlogLevel(options.level));
  log.logger.set_pattern(options.format == LogFormat::kJson ? kJsonPattern : kTextPattern);
}

void LogDebug(std::string_view message, LogFields fields) {
  Log(LogLevel::kDebug, message, fields);
}
void LogInfo(std::string_view message, LogFields fields) { Log(LogLevel::kInfo, message, fields); }
void LogWarning(std::string_view message, LogFields fields) {
  Log(LogLevel::kWarning, message, fields);
}
void LogError(std::string_view message, LogFields fields) {
  Log(LogLevel::kError, message, fields);
}

void LogStatus(const Status& status) {
  const ReasonRow& row = DescribeReason(status.reason());
  std::vector<LogField> fields = {{"code", StatusCodeName(status.code())}, {"reason", row.word}};
  for (const auto& [key, value] : status.metadata()) fields.emplace_back("detail_" + key, value);
  if (!row.guidance.empty()) fields.emplace_back("guidance", row.guidance);
  Log(LogLevel::kWarning, status.message(), fields);
}

}  // namespace motcua::telemetry
