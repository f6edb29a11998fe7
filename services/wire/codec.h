// WireCodec: the bytes of events and rows (engine::Codec).
//
// Events are protobuf, motcua.events.v1.CaseEvent: a public contract, kept for ever. Decoding is
// total: bytes that are no event give RECORD_INVALID; an event of a newer program whose payload or
// whose enum values this one does not know is decoded with UnknownPayload.
// Rows are private and disposable (rows.h): a change of their format raises engine::kStateFormat.
//
// Stateless; any thread.
#pragma once

#include "services/engine/ports.h"

namespace motcua::wire {

class WireCodec final : public engine::Codec {
 public:
  std::string EncodeEvent(const cases::CaseEvent& event) const override;
  Result<cases::CaseEvent> DecodeEvent(std::string_view bytes) const override;
  std::string_view KeyOf(std::string_view bytes) const override;
  std::string EncodeDossier(const cases::Dossier& dossier) const override;
  Result<cases::Dossier> DecodeDossier(const cases::DossierCode& code,
                                       std::string_view bytes) const override;
  std::string EncodeBook(const cases::Book& book) const override;
  Result<cases::Book> DecodeBook(std::string_view bytes) const override;
};

}  // namespace motcua::wire
