// From a record's bytes to what a reader gets: the same for every log.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include "services/base/hash.h"
#include "services/engine/ports.h"

namespace motcua::engine {

inline LogEntry DecodeEntry(const Codec& codec, Offset offset, std::string_view bytes) {
  LogEntry entry;
  entry.offset = offset;
  entry.tip = cases::Tip(HashBytes(bytes));
  entry.bytes = static_cast<std::uint32_t>(bytes.size());
  // Bytes that are no event stay a counted gap: the log is never refused for one of them.
  Result<cases::CaseEvent> event = codec.DecodeEvent(bytes);
  if (event.ok()) entry.event = std::move(event).value();
  return entry;
}

}  // namespace motcua::engine
