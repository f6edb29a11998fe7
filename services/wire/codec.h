// WireCodec: the bytes of events and rows (engine::Codec).
//
// Events are protobuf, motcua.events.v1.CaseEvent: a public contract that is permanent. Decoding is
// total: bytes that are no event give RECORD_INVALID; an event of a newer program that says in any
// place something which this one does not know (payload, field, enum value, schema_version) is
// decoded with UnknownPayload.
// Rows are private and disposable (rows.h): a change of their format raises engine::kStateFormat.
//
// Stateless; any thread.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "services/engine/ports.h"
#include "services/wire/event_schema.h"

namespace motcua::wire {

// What a reader must know to understand `event`: the schema of the newest thing that it says.
std::uint32_t SchemaOf(const cases::CaseEvent& event);

// What a program knows of events. Production takes the default, which is all; a test makes an older
// program of this one by it.
struct KnownEvents {
  std::uint32_t schema = kEventSchema;
  std::vector<int> unknown_fields;  // of CaseEvent: numbers that its parser does not know
};

class WireCodec : public engine::Codec {
 public:
  explicit WireCodec(KnownEvents known = {}) : known_(std::move(known)) {}

  std::uint32_t event_schema() const override { return known_.schema; }
  std::string EncodeEvent(const cases::CaseEvent& event) const override;
  Result<cases::CaseEvent> DecodeEvent(std::string_view bytes) const override;
  std::string_view KeyOf(std::string_view bytes) const override;
  std::string EncodeRow(const cases::AggregateState& state) const override;
  Result<cases::AggregateState> DecodeRow(const cases::AggregateId& id,
                                          std::string_view bytes) const override;
  // The same of one kind.
  std::string EncodeDossier(const cases::Dossier& dossier) const;
  Result<cases::Dossier> DecodeDossier(const cases::DossierCode& code,
                                       std::string_view bytes) const;
  std::string EncodeBook(const cases::Book& book) const;
  Result<cases::Book> DecodeBook(std::string_view bytes) const;
  std::string EncodeManifest(const cases::Manifest& manifest) const;
  Result<cases::Manifest> DecodeManifest(std::string_view bytes) const;

 private:
  const KnownEvents known_;
};

}  // namespace motcua::wire
