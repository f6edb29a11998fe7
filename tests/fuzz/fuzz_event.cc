// Goal: bytes from the log are an event or are refused; what is read can be written and read again.
#include <cstdint>
#include <string_view>

#include "services/wire/codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const motcua::wire::WireCodec kCodec;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto event = kCodec.DecodeEvent(bytes);
  if (!event.ok()) return 0;
  const auto again = kCodec.DecodeEvent(kCodec.EncodeEvent(*event));
  MOTCUA_CHECK(again.ok() && *again == *event, "an event that was read cannot be written");
  return 0;
}
