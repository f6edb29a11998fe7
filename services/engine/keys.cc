#include "services/engine/keys.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "services/engine/plant.h"

namespace motcua::engine {
namespace {

constexpr std::size_t kPartitionKeyBytes = 1 + 2;  // the kind of row, the partition
constexpr int kInstantBytes = 8;
// Flipped, so that instants before 1970 sort first.
constexpr std::uint64_t kSignBit = std::uint64_t{1} << 63U;

std::string OfPartition(char kind, PartitionId partition) {
  std::string key(1, kind);
  AppendBigEndian(key, partition, 2);
  return key;
}

// "motcua-state-5/events-3/…" in its parts.
struct FormatParts {
  std::string_view rows;
  std::uint32_t schema = 0;
  std::string_view rest;
};
constexpr std::string_view kSchemaPart = "/events-";

std::optional<FormatParts> PartsOf(std::string_view format) {
  const std::size_t at = format.find(kSchemaPart);
  if (at == std::string_view::npos) return std::nullopt;
  FormatParts parts;
  parts.rows = format.substr(0, at);
  const std::string_view number = format.substr(at + kSchemaPart.size());
  const auto parsed = std::from_chars(number.data(), number.data() + number.size(), parts.schema);
  if (parsed.ec != std::errc()) return std::nullopt;
  parts.rest = number.substr(static_cast<std::size_t>(parsed.ptr - number.data()));
  return parts;
}

}  // namespace

std::string StateFormatOf(const Codec& codec) {
  std::string format(kStateFormat);
  if (MOTCUA_PLANTED(kFormatWithoutSchema)) return format;
  return format.append(kSchemaPart).append(std::to_string(codec.event_schema()));
}

Result<bool> MayAdoptRows(std::string_view stored, std::string_view own, const StateStore& store) {
  const std::optional<FormatParts> before = PartsOf(stored);
  const std::optional<FormatParts> now = PartsOf(own);
  if (!before || !now || before->rows != now->rows || before->rest != now->rest ||
      before->schema >= now->schema) {
    return false;
  }
  bool all_understood = true;
  const std::string first = NotUnderstoodKey({});
  MOTCUA_RETURN_IF_ERROR(store.Scan(first, PrefixEnd(first), [&](auto, auto) {
    all_understood = false;
    return false;
  }));
  return all_understood;
}

std::string TimersOf(PartitionId partition) { return OfPartition('T', partition); }

std::string TimerKey(PartitionId partition, Instant at, const cases::AggregateId& id) {
  std::string key = TimersOf(partition);
  AppendBigEndian(key, static_cast<std::uint64_t>(at.micros) ^ kSignBit, kInstantBytes);
  key.append(id.path());
  return key;
}

TimerPlace TimerPlaceOf(std::string_view key) {
  key.remove_prefix(std::min(key.size(), kPartitionKeyBytes));
  const std::string_view instant = key.substr(0, kInstantBytes);
  return {Instant{static_cast<std::int64_t>(ReadBigEndian(instant) ^ kSignBit)},
          cases::AggregateId::FromPath(key.substr(instant.size()))};
}

std::string OwedPrefix(PartitionId partition) { return OfPartition('O', partition); }

std::string OwedKey(PartitionId partition, const cases::AggregateId& id) {
  return OwedPrefix(partition).append(id.path());
}

cases::AggregateId OwedOf(std::string_view key) {
  return cases::AggregateId::FromPath(key.substr(std::min(key.size(), kPartitionKeyBytes)));
}

std::string NotUnderstoodKey(std::string_view path) { return std::string(1, 'Q').append(path); }

std::string PartitionKey(PartitionId partition) { return OfPartition('M', partition); }

std::string PrefixEnd(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && static_cast<std::uint8_t>(end.back()) == 0xFF) end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(static_cast<std::uint8_t>(end.back()) + 1);
  return end;
}

}  // namespace motcua::engine
