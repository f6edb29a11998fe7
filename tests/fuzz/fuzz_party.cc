// Goal: bytes are a party's record or are refused; what is one is encoded as bytes that mean the
//       same.
#include <cstdint>
#include <string_view>

#include "services/base/check.h"
#include "services/wire/party_codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace motcua;  // NOLINT(google-build-using-namespace)
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto record = wire::DecodeParty(bytes);
  if (!record.ok()) return 0;
  const auto again = wire::DecodeParty(wire::EncodeParty(*record));
  MOTCUA_CHECK(again.ok() && *again == *record, "a party changes when it is encoded");
  return 0;
}
