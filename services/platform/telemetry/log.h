// The process's log: one line per entry on standard error, as text for people or as one JSON object
// per line for machines. An entry is a sentence that stays the same and fields that change:
//
//   LogInfo("serving", {{"address", server->address()}, {"partitions", 8}});
//
//   2026-11-24T08:00:00.123+0700 info serving address=127.0.0.1:7070 partitions=8
//   {"time":"2026-11-24T08:00:00.123+0700","level":"info","message":"serving","address":…}
//
// No personal data: callers log codes, counts and reasons, never the content of a request. Keys are
// snake_case words of the caller, never input, and none of time, level, message.
//
// ConfigureLog: main's thread, before the others. The rest: any thread. spdlog behind it; nothing
// else of the project includes spdlog.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "services/base/status.h"

namespace motcua::telemetry {

enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarning, kError };
inline constexpr std::array<std::string_view, 4> kLogLevelNames = {"debug", "info", "warning",
                                                                   "error"};
enum class LogFormat : std::uint8_t { kText, kJson };
inline constexpr std::array<std::string_view, 2> kLogFormatNames = {"text", "json"};

struct LogOptions {
  LogLevel level = LogLevel::kInfo;  // the least that is logged
  LogFormat format = LogFormat::kText;
};

using LogValue = std::variant<std::string, std::int64_t, std::uint64_t, double, bool>;

struct LogField {
  LogField(std::string_view field_key, std::string_view text)
      : key(field_key), value(std::string(text)) {}
  LogField(std::string_view field_key, const char* text)
      : LogField(field_key, std::string_view(text)) {}
  LogField(std::string_view field_key, const std::string& text)
      : LogField(field_key, std::string_view(text)) {}
  LogField(std::string_view field_key, bool flag) : key(field_key), value(flag) {}
  LogField(std::string_view field_key, double number) : key(field_key), value(number) {}
  template <std::signed_integral Number>
  LogField(std::string_view field_key, Number number)
      : key(field_key), value(std::int64_t{number}) {}
  template <std::unsigned_integral Number>
  LogField(std::string_view field_key, Number number)
      : key(field_key), value(std::uint64_t{number}) {}

  std::string key;
  LogValue value;
};
using LogFields = std::initializer_list<LogField>;

// `always` stand in every entry from now on: which service, which instance.
void ConfigureLog(const LogOptions& options, LogFields always = {});

void LogDebug(std::string_view message, LogFields fields = {});
void LogInfo(std::string_view message, LogFields fields = {});
void LogWarning(std::string_view message, LogFields fields = {});
void LogError(std::string_view message, LogFields fields = {});
// A warning with code, reason, the status's metadata (`detail_…`) and what the operator should do.
void LogStatus(const Status& status);

// An entry without time and level, as ConfigureLog's format writes it; for tests.
std::string FormatEntry(LogFormat format, std::string_view message,
                        std::span<const LogField> fields);

}  // namespace motcua::telemetry
