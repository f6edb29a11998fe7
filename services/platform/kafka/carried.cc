#include "services/platform/kafka/carried.h"

#include <charconv>
#include <cstdint>

namespace motcua::kafka {
namespace {

constexpr Instant kNever{0};
constexpr std::int64_t kMicrosPerMilli = 1000;
constexpr std::int64_t kMillisMax = 253'402'300'799'999;  // the end of the year 9999

std::optional<Instant> ParseCarried(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::int64_t micros = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), micros);
  const bool whole = parsed.ec == std::errc() && parsed.ptr == text.data() + text.size();
  const bool possible = micros >= 0 && micros / kMicrosPerMilli <= kMillisMax;
  return whole && possible ? Instant{micros} : kNever;
}

}  // namespace

std::string FormatCarried(std::optional<Instant> appended) {
  return appended ? std::to_string(appended->micros) : std::string();
}

std::optional<Instant> TakenAt(const rd_kafka_message_t& message) {
  rd_kafka_headers_t* headers = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  if (rd_kafka_message_headers(&message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR &&
      rd_kafka_header_get_last(headers, kCarriedHeader.data(), &value, &size) ==
          RD_KAFKA_RESP_ERR_NO_ERROR) {
    return ParseCarried(value == nullptr ? std::string_view()
                                         : std::string_view(static_cast<const char*>(value), size));
  }
  rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
  const std::int64_t millis = rd_kafka_message_timestamp(&message, &type);
  if (type != RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME || millis < 0 || millis > kMillisMax) {
    return kNever;
  }
  return Instant{millis * kMicrosPerMilli};
}

}  // namespace motcua::kafka
