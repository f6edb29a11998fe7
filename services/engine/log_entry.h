// From a record's bytes to what a reader gets: the same for every log.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "services/base/hash.h"
#include "services/engine/ports.h"

namespace motcua::engine {

// A record as a log holds it, and when it took it.
struct TakenRecord {
  std::string bytes;
  std::optional<Instant> appended;  // as in LogEntry
  friend bool operator==(const TakenRecord&, const TakenRecord&) = default;
};

// Into a fresh entry where it stays: it is large to move.
inline void DecodeInto(LogEntry& entry, const Codec& codec, Offset offset, std::string_view bytes,
                       std::optional<Instant> appended) {
  entry.offset = offset;
  entry.tip = cases::Tip(HashBytes(bytes));
  entry.appended = appended;
  entry.bytes = static_cast<std::uint32_t>(bytes.size());
  // Bytes that are no event stay a counted gap: the log is never refused for one of them.
  Result<cases::CaseEvent> event = codec.DecodeEvent(bytes);
  if (event.ok()) entry.event.emplace(std::move(event).value());
}
inline LogEntry DecodeEntry(const Codec& codec, Offset offset, std::string_view bytes,
                            std::optional<Instant> appended) {
  LogEntry entry;
  DecodeInto(entry, codec, offset, bytes, appended);
  return entry;
}

}  // namespace motcua::engine
