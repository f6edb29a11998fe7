#include "services/platform/grpc/position.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "services/platform/grpc/convert.h"
#include "services/platform/grpc/fields.h"

namespace motcua::rpc {
namespace {

constexpr char kFormat = 1;
constexpr unsigned kGroupBits = 7;
constexpr std::uint64_t kGroupMax = (1U << kGroupBits) - 1;
constexpr std::uint64_t kMoreGroups = 1U << kGroupBits;

Status NoToken() {
  return Status(Reason::kFieldInvalid, "is not a position that a service has given");
}

// Seven bits a byte, the lowest first, as protobuf does.
void AppendVarint(std::string& bytes, std::uint64_t value) {
  for (; value > kGroupMax; value >>= kGroupBits) {
    bytes.push_back(static_cast<char>((value & kGroupMax) | kMoreGroups));
  }
  bytes.push_back(static_cast<char>(value));
}

std::optional<std::uint64_t> TakeVarint(std::string_view& bytes) {
  constexpr unsigned kBits = 64;
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < kBits && !bytes.empty(); shift += kGroupBits) {
    const auto group = static_cast<std::uint8_t>(bytes.front());
    bytes.remove_prefix(1);
    value |= (group & kGroupMax) << shift;
    if ((group & kMoreGroups) == 0) return value;
  }
  return std::nullopt;
}

}  // namespace

std::string EncodePosition(const engine::Offsets& offsets) {
  if (offsets.empty()) return "";
  std::string bytes(1, kFormat);
  for (const auto& [partition, offset] : offsets) {
    AppendVarint(bytes, partition);
    AppendVarint(bytes, offset);
  }
  return EncodeBase64(bytes);
}

Result<engine::Offsets> DecodePosition(std::string_view token) {
  engine::Offsets offsets;
  if (token.empty()) return offsets;
  const Result<std::string> bytes = DecodeBase64(token);
  if (!bytes.ok() || bytes->front() != kFormat) return NoToken();
  std::string_view rest = std::string_view(*bytes).substr(1);
  while (!rest.empty()) {
    const auto partition = TakeVarint(rest);
    const auto offset = TakeVarint(rest);
    if (!partition || !offset || *partition > std::numeric_limits<engine::PartitionId>::max()) {
      return NoToken();
    }
    offsets[static_cast<engine::PartitionId>(*partition)] = *offset;
  }
  return EncodePosition(offsets) == token ? Result<engine::Offsets>(std::move(offsets)) : NoToken();
}

void MergeOffsets(const engine::Offsets& more, engine::Offsets& into) {
  for (const auto& [partition, offset] : more) {
    engine::Offset& at = into[partition];
    at = std::max(at, offset);
  }
}

void FillPosition(const engine::Readings& readings, common::v1::Position& position) {
  engine::Offsets offsets;
  engine::Offsets ends;
  Instant as_of{0};
  for (const engine::PartitionReading& reading : readings) {
    MergeOffsets({{reading.id, reading.next}}, offsets);
    MergeOffsets({{reading.id, reading.end}}, ends);
    as_of = std::max(as_of, reading.effective);
  }
  position.set_token(EncodePosition(offsets));
  ToProto(as_of, *position.mutable_as_of_time());
  engine::Offset lag = 0;
  for (const auto& [partition, end] : ends) lag += end - std::min(end, offsets[partition]);
  position.set_lag(static_cast<std::int64_t>(lag));
}

}  // namespace motcua::rpc
