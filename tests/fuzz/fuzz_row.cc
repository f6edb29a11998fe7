// Goal: bytes of a state row are a dossier, a book or a manifest, or are damage; what is read can
// be written.
#include <cstdint>
#include <string_view>

#include "services/wire/codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const motcua::wire::WireCodec kCodec;
  static const motcua::cases::DossierCode kCode("000.23.10.H49-201031-0001");
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto dossier = kCodec.DecodeDossier(kCode, bytes); dossier.ok()) {
    const auto again = kCodec.DecodeDossier(kCode, kCodec.EncodeDossier(*dossier));
    MOTCUA_CHECK(again.ok() && *again == *dossier, "a row that was read cannot be written");
  }
  if (const auto book = kCodec.DecodeBook(bytes); book.ok()) {
    const auto again = kCodec.DecodeBook(kCodec.EncodeBook(*book));
    MOTCUA_CHECK(again.ok() && *again == *book, "a book that was read cannot be written");
  }
  if (const auto manifest = kCodec.DecodeManifest(bytes); manifest.ok()) {
    const auto again = kCodec.DecodeManifest(kCodec.EncodeManifest(*manifest));
    MOTCUA_CHECK(again.ok() && *again == *manifest, "a manifest that was read cannot be written");
  }
  return 0;
}
