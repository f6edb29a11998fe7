// TraceContext: which trace something belongs to, and what caused it (W3C Trace Context, level 1).
// It is carried from the client's `traceparent` through command and event to what follows from the
// event, and decides nothing.
//
//   traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace motcua {

struct TraceContext {
  std::array<std::uint8_t, 16> trace_id{};  // all zero: there is no trace
  std::array<std::uint8_t, 8> parent_id{};  // the span that caused what carries this
  bool sampled = false;

  bool empty() const { return trace_id == std::array<std::uint8_t, 16>{}; }
  friend bool operator==(const TraceContext&, const TraceContext&) = default;
};

// None for what the recommendation calls invalid. A version above 00 is read by its first four
// fields, as the recommendation asks. Flags other than `sampled` are dropped.
std::optional<TraceContext> ParseTraceparent(std::string_view text);
// Version 00. Of no trace: empty.
std::string FormatTraceparent(const TraceContext& trace);
// 32 hexadecimal digits, for logs and errors. Of no trace: empty.
std::string FormatTraceId(const TraceContext& trace);

// The context that is handed on by the span which carries `trace` and is called `name` within it:
// the same trace, caused by that span. Its id follows from both, so every process finds the same
// one. Of no trace: none.
TraceContext HandedOn(const TraceContext& trace, std::string_view name);

}  // namespace motcua
