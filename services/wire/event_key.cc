// The log's key of an encoded event, read off the wire form without decoding the rest (codec.h).
#include <cstdint>
#include <optional>

#include "services/wire/codec.h"

namespace motcua::wire {
namespace {

// Of motcua.events.v1.CaseEvent: numbers are permanent.
constexpr std::uint64_t kDossierField = 2;
constexpr std::uint64_t kStepsField = 13;
// Of motcua.events.v1.AggregateStep.
constexpr std::uint64_t kUnitField = 2;
constexpr std::uint64_t kTypeBits = 3;

enum WireType : std::uint8_t { kVarint = 0, kFixed64 = 1, kDelimited = 2, kFixed32 = 5 };

// Takes a base-128 number off the front.
std::optional<std::uint64_t> TakeVarint(std::string_view& bytes) {
  constexpr std::size_t kVarintBytesMax = 10;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < kVarintBytesMax && i < bytes.size(); ++i) {
    const auto byte = static_cast<std::uint8_t>(bytes[i]);
    value |= static_cast<std::uint64_t>(byte & 0x7fU) << (7 * i);
    if ((byte & 0x80U) == 0) {
      bytes.remove_prefix(i + 1);
      return value;
    }
  }
  return std::nullopt;
}

// Takes a field's content off the front; empty content for a number. None: not protobuf.
std::optional<std::string_view> TakeContent(std::string_view& bytes, std::uint64_t wire_type) {
  std::uint64_t size = 0;
  if (wire_type == kVarint)
    return TakeVarint(bytes) ? std::optional<std::string_view>("") : std::nullopt;
  if (wire_type == kFixed64) size = 8;
  if (wire_type == kFixed32) size = 4;
  if (wire_type == kDelimited) {
    const auto told = TakeVarint(bytes);
    if (!told) return std::nullopt;
    size = *told;
  } else if (size == 0) {
    return std::nullopt;
  }
  if (size > bytes.size()) return std::nullopt;
  const std::string_view content = bytes.substr(0, size);
  bytes.remove_prefix(size);
  return content;
}

// "000.23.10.H49" of "000.23.10.H49-201031-0001".
std::string_view UnitPart(std::string_view dossier) {
  const std::size_t second = dossier.rfind('-');
  if (second == std::string_view::npos || second == 0) return {};
  const std::size_t first = dossier.rfind('-', second - 1);
  return first == std::string_view::npos ? std::string_view() : dossier.substr(0, first);
}

// The content of the first field of one of these numbers; its number too. None: there is none.
struct Found {
  std::uint64_t number = 0;
  std::string_view content;
};
std::optional<Found> FindFirst(std::string_view bytes, std::uint64_t one, std::uint64_t other) {
  while (!bytes.empty()) {
    const auto tag = TakeVarint(bytes);
    if (!tag) return std::nullopt;
    const std::uint64_t wire_type = *tag & 7U;
    const auto content = TakeContent(bytes, wire_type);
    if (!content) return std::nullopt;
    const std::uint64_t number = *tag >> kTypeBits;
    if (wire_type == kDelimited && (number == one || number == other)) {
      return Found{number, *content};
    }
  }
  return std::nullopt;
}

}  // namespace

std::string_view WireCodec::KeyOf(std::string_view bytes) const {
  const std::optional<Found> found = FindFirst(bytes, kDossierField, kStepsField);
  if (!found) return {};
  if (found->number == kDossierField) return UnitPart(found->content);
  const std::optional<Found> unit = FindFirst(found->content, kUnitField, kUnitField);
  return unit ? unit->content : std::string_view();
}

}  // namespace motcua::wire
