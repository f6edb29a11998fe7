#include "services/base/trace.h"

#include <algorithm>
#include <cstddef>
#include <span>

#include "services/base/hash.h"

namespace motcua {
namespace {

constexpr std::size_t kTraceIdDigits = 32;
constexpr std::size_t kParentIdDigits = 16;
// "00-" trace id "-" parent id "-" flags
constexpr std::size_t kTraceIdAt = 3;
constexpr std::size_t kParentIdAt = kTraceIdAt + kTraceIdDigits + 1;
constexpr std::size_t kFlagsAt = kParentIdAt + kParentIdDigits + 1;
constexpr std::size_t kBytes = kFlagsAt + 2;
constexpr std::uint8_t kSampled = 1;

// Lower case only: the recommendation takes no other.
int DigitOf(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// Fills `bytes` from twice as many digits; false when one of them is none.
bool ReadHex(std::string_view digits, std::span<std::uint8_t> bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const int high = DigitOf(digits[2 * i]);
    const int low = DigitOf(digits[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return true;
}

void AppendHex(std::string& text, std::span<const std::uint8_t> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (const std::uint8_t byte : bytes) {
    text.push_back(kDigits[byte >> 4U]);
    text.push_back(kDigits[byte & 0xFU]);
  }
}

bool AllZero(std::span<const std::uint8_t> bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

}  // namespace

std::optional<TraceContext> ParseTraceparent(std::string_view text) {
  if (text.size() < kBytes) return std::nullopt;
  std::array<std::uint8_t, 1> version{};
  std::array<std::uint8_t, 1> flags{};
  TraceContext trace;
  if (!ReadHex(text.substr(0, 2), version) ||
      !ReadHex(text.substr(kTraceIdAt, kTraceIdDigits), trace.trace_id) ||
      !ReadHex(text.substr(kParentIdAt, kParentIdDigits), trace.parent_id) ||
      !ReadHex(text.substr(kFlagsAt, 2), flags)) {
    return std::nullopt;
  }
  if (text[kTraceIdAt - 1] != '-' || text[kParentIdAt - 1] != '-' || text[kFlagsAt - 1] != '-') {
    return std::nullopt;
  }
  constexpr std::uint8_t kVersionInvalid = 0xFF;
  const bool longer = text.size() > kBytes;
  if (version[0] == kVersionInvalid || (longer && (version[0] == 0 || text[kBytes] != '-'))) {
    return std::nullopt;
  }
  if (AllZero(trace.trace_id) || AllZero(trace.parent_id)) return std::nullopt;
  trace.sampled = (flags[0] & kSampled) != 0;
  return trace;
}

std::string FormatTraceparent(const TraceContext& trace) {
  if (trace.empty()) return {};
  std::string text = "00-";
  AppendHex(text, trace.trace_id);
  text.push_back('-');
  AppendHex(text, trace.parent_id);
  return text.append(trace.sampled ? "-01" : "-00");
}

std::string FormatTraceId(const TraceContext& trace) {
  std::string text;
  if (!trace.empty()) AppendHex(text, trace.trace_id);
  return text;
}

TraceContext HandedOn(const TraceContext& trace, std::string_view name) {
  if (trace.empty()) return {};
  TraceContext next = trace;
  std::uint64_t seed = 0;
  for (const std::uint8_t byte : trace.parent_id) seed = seed << 8U | byte;
  // No span id is zero.
  const std::uint64_t span = std::max<std::uint64_t>(1, HashBytes(name, seed));
  for (std::size_t i = 0; i < next.parent_id.size(); ++i) {
    next.parent_id.at(i) = static_cast<std::uint8_t>(span >> (8 * i));
  }
  return next;
}

}  // namespace motcua
