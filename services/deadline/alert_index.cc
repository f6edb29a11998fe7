#include "services/deadline/alert_index.h"

#include <algorithm>
#include <utility>

#include "services/base/bytes.h"
#include "services/engine/keys.h"

namespace motcua::deadline {
namespace {

using engine::Offset;
using engine::PartitionId;

constexpr std::size_t kPartitionBytes = 2;
constexpr std::size_t kOffsetBytes = 8;
constexpr std::size_t kRowFixedBytes = 8 + 8 + 1 + 1 + 1;
constexpr int kPartitionEnd = 1 << 16;

std::string IndexPrefix() { return std::string(1, engine::kIndexPrefix) + "A"; }

// The key before all rows of `partition`, which may be one after the last there can be.
std::string PartitionStart(int partition) {
  if (partition >= kPartitionEnd) return engine::PrefixEnd(IndexPrefix());
  return AlertRowKey(static_cast<PartitionId>(partition), 0);
}

struct RowPlace {
  PartitionId partition = 0;
  Offset offset = 0;
};

std::optional<RowPlace> ParseKey(std::string_view key) {
  key.remove_prefix(std::min(key.size(), IndexPrefix().size()));
  if (key.size() != kPartitionBytes + kOffsetBytes) return std::nullopt;
  return RowPlace{static_cast<PartitionId>(ReadBigEndian(key.substr(0, kPartitionBytes))),
                  ReadBigEndian(key.substr(kPartitionBytes))};
}

Status Damaged() { return Status(Reason::kStoreDamaged, "an alert row is unreadable"); }

// The first partition with rows from `partition` on.
Result<std::optional<PartitionId>> PartitionFrom(const engine::StateStore& store, int partition) {
  std::optional<PartitionId> found;
  bool damaged = false;
  MOTCUA_RETURN_IF_ERROR(store.Scan(PartitionStart(partition), PartitionStart(kPartitionEnd),
                                    [&](std::string_view key, std::string_view) {
                                      const std::optional<RowPlace> place = ParseKey(key);
                                      damaged = !place;
                                      if (place) found = place->partition;
                                      return false;
                                    }));
  if (damaged) return Damaged();
  return found;
}

struct Candidate {
  Offset offset = 0;
  AlertRow row;
};

// What one partition contributes to a read.
struct PartitionPart {
  PartitionId partition = 0;
  std::vector<Candidate> fitting;  // ascending by offset, and so by the instant of raising
  Offset scanned_to = 0;           // after the last row looked at
  Instant last_raised;             // of the last row looked at
  bool cut = false;                // there are more rows
  std::size_t taken = 0;
};

Result<PartitionPart> ReadPart(const engine::StateStore& store, PartitionId partition, Offset from,
                               const AlertQuery& query) {
  PartitionPart part;
  part.partition = partition;
  part.scanned_to = from;
  bool damaged = false;
  std::size_t rows = 0;
  const auto visit = [&](std::string_view key, std::string_view value) {
    if (rows >= query.rows_max || part.fitting.size() >= query.alerts_max) {
      part.cut = true;
      return false;
    }
    const std::optional<RowPlace> place = ParseKey(key);
    Result<AlertRow> row = DecodeAlertRow(value);
    damaged = !place || !row.ok();
    if (damaged) return false;
    ++rows;
    part.scanned_to = place->offset + 1;
    part.last_raised = row->raised;
    if (!query.unit || row->unit == *query.unit) {
      part.fitting.push_back({place->offset, std::move(*row)});
    }
    return true;
  };
  MOTCUA_RETURN_IF_ERROR(
      store.Scan(AlertRowKey(partition, from), PartitionStart(partition + 1), visit));
  if (damaged) return Damaged();
  return part;
}

Result<std::vector<PartitionPart>> ReadParts(const engine::StateStore& store,
                                             const AlertPositions& from, const AlertQuery& query) {
  std::vector<PartitionPart> parts;
  for (int partition = 0; partition < kPartitionEnd;) {
    MOTCUA_ASSIGN_OR_RETURN(const std::optional<PartitionId> found,
                            PartitionFrom(store, partition));
    if (!found) break;
    MOTCUA_ASSIGN_OR_RETURN(PartitionPart part, ReadPart(store, *found, from.of(*found), query));
    parts.push_back(std::move(part));
    partition = *found + 1;
  }
  return parts;
}

// The order of alerts: by instant, then by partition (and within it by offset).
using Rank = std::pair<Instant, PartitionId>;

// The part whose next candidate comes first; null when none is left up to `bound`.
PartitionPart* Earliest(std::vector<PartitionPart>& parts, const Rank& bound) {
  PartitionPart* best = nullptr;
  Rank least = bound;
  for (PartitionPart& part : parts) {
    if (part.taken >= part.fitting.size()) continue;
    const Rank rank(part.fitting[part.taken].row.raised, part.partition);
    if (rank > least) continue;
    best = &part;
    least = rank;
  }
  return best;
}

Result<bool> IsAcknowledged(const engine::StateReader& reader, const AlertRow& row) {
  MOTCUA_ASSIGN_OR_RETURN(const std::optional<cases::Dossier> dossier,
                          reader.FindDossier(row.dossier));
  const cases::Alert* alert = dossier ? dossier->FindAlert(row.key) : nullptr;
  return alert != nullptr && alert->acknowledged;
}

}  // namespace

AlertRow AlertRowOf(const cases::Dossier& dossier, const cases::Alert& alert) {
  AlertRow row{dossier.code, alert.key, alert.raised, cases::UnitOf(dossier.code)};
  if (alert.key.leg >= 1 && alert.key.leg <= dossier.route.legs.size()) {
    row.unit = dossier.route.legs[alert.key.leg - 1U].unit;
  }
  return row;
}

std::string AlertRowKey(PartitionId partition, Offset offset) {
  std::string key = IndexPrefix();
  AppendBigEndian(key, partition, static_cast<int>(kPartitionBytes));
  AppendBigEndian(key, offset, static_cast<int>(kOffsetBytes));
  return key;
}

std::string EncodeAlertRow(const AlertRow& row) {
  std::string bytes;
  AppendLittleEndian(bytes, static_cast<std::uint64_t>(row.raised.micros));
  AppendLittleEndian(bytes, static_cast<std::uint64_t>(row.key.due.micros));
  bytes.push_back(static_cast<char>(row.key.kind));
  bytes.push_back(static_cast<char>(row.key.leg));
  bytes.push_back(static_cast<char>(row.dossier.value().size()));
  return bytes.append(row.dossier.value()).append(row.unit.value());
}

Result<AlertRow> DecodeAlertRow(std::string_view bytes) {
  if (bytes.size() < kRowFixedBytes) return Damaged();
  const auto kind = static_cast<std::uint8_t>(bytes[16]);
  const auto code_bytes = static_cast<std::uint8_t>(bytes[18]);
  if (kind < 1 || kind > static_cast<int>(cases::AlertKind::kOverdue) ||
      bytes.size() < kRowFixedBytes + code_bytes) {
    return Damaged();
  }
  AlertRow row;
  row.raised.micros = static_cast<std::int64_t>(ReadLittleEndian(bytes.substr(0, 8)));
  row.key.due.micros = static_cast<std::int64_t>(ReadLittleEndian(bytes.substr(8, 8)));
  row.key.kind = static_cast<cases::AlertKind>(kind);
  row.key.leg = static_cast<std::uint8_t>(bytes[17]);
  row.dossier = cases::DossierCode(bytes.substr(kRowFixedBytes, code_bytes));
  row.unit = cases::UnitCode(bytes.substr(kRowFixedBytes + code_bytes));
  return row;
}

Offset AlertPositions::of(PartitionId partition) const {
  const auto found = next_.find(partition);
  return found == next_.end() ? 0 : found->second;
}

// "P.O" per partition, joined by hyphens, in hexadecimal: short, and safe in addresses.
std::string AlertPositions::Encode() const {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text;
  const auto append = [&](std::uint64_t number) {
    std::string digits;
    do {
      digits.push_back(kHex[number & 0xFU]);
      number >>= 4U;
    } while (number != 0);
    text.append(digits.rbegin(), digits.rend());
  };
  for (const auto& [partition, next] : next_) {
    if (!text.empty()) text.push_back('-');
    append(partition);
    text.push_back('.');
    append(next);
  }
  // "0" alone means: from the first.
  return text.empty() ? "0" : text;
}

Result<AlertPositions> AlertPositions::Decode(std::string_view token) {
  constexpr std::size_t kTokenBytesMax = 64 * 1024;
  const Status malformed(Reason::kFieldInvalid, "is not a token that this service gave");
  AlertPositions positions;
  if (token == "0") return positions;
  if (token.empty() || token.size() > kTokenBytesMax) return malformed;
  const auto number = [](std::string_view digits, std::size_t digits_max) {
    std::optional<std::uint64_t> value;
    if (digits.empty() || digits.size() > digits_max) return value;
    value = 0;
    for (const char c : digits) {
      const bool decimal = c >= '0' && c <= '9';
      if (!decimal && (c < 'a' || c > 'f')) return std::optional<std::uint64_t>();
      value = *value << 4U | static_cast<std::uint64_t>(decimal ? c - '0' : c - 'a' + 10);
    }
    return value;
  };
  while (true) {
    const std::size_t end = std::min(token.find('-'), token.size());
    const std::string_view pair = token.substr(0, end);
    const std::size_t dot = pair.find('.');
    if (dot == std::string_view::npos) return malformed;
    const auto partition = number(pair.substr(0, dot), 2 * kPartitionBytes);
    const auto next = number(pair.substr(dot + 1), 2 * kOffsetBytes);
    if (!partition || !next) return malformed;
    positions.Set(static_cast<PartitionId>(*partition), *next);
    if (end == token.size()) break;
    token.remove_prefix(end + 1);
  }
  return positions;
}

Result<AlertBatch> ReadAlerts(const engine::StateReader& reader, const AlertPositions& from,
                              const AlertQuery& query) {
  MOTCUA_CHECK(query.alerts_max > 0 && query.rows_max > 0, "a read without limits never advances");
  MOTCUA_RETURN_IF_ERROR(reader.CheckUnderstood());
  MOTCUA_ASSIGN_OR_RETURN(std::vector<PartitionPart> parts, ReadParts(reader.store(), from, query));
  // Behind what was cut off there may be alerts raised right after: nothing later than the first
  // such border may be given yet. The partition of that border always moves on.
  Rank bound(kInstantMax, static_cast<PartitionId>(kPartitionEnd - 1));
  for (const PartitionPart& part : parts) {
    if (part.cut) bound = std::min(bound, Rank(part.last_raised, part.partition));
  }
  AlertBatch batch;
  batch.next = from;
  while (batch.alerts.size() < query.alerts_max) {
    PartitionPart* part = Earliest(parts, bound);
    if (part == nullptr) break;
    Candidate& candidate = part->fitting[part->taken++];
    batch.next.Set(part->partition, candidate.offset + 1);
    MOTCUA_ASSIGN_OR_RETURN(const bool acknowledged, IsAcknowledged(reader, candidate.row));
    batch.alerts.push_back({std::move(candidate.row), acknowledged, batch.next});
  }
  for (const PartitionPart& part : parts) {
    const bool exhausted = part.taken == part.fitting.size();
    if (exhausted) batch.next.Set(part.partition, part.scanned_to);
    batch.more = batch.more || part.cut || !exhausted;
  }
  return batch;
}

Result<AlertPositions> EndOfAlerts(const engine::StateReader& reader) {
  AlertPositions positions;
  for (int partition = 0; partition < kPartitionEnd;) {
    MOTCUA_ASSIGN_OR_RETURN(const std::optional<PartitionId> found,
                            PartitionFrom(reader.store(), partition));
    if (!found) break;
    const auto visit = [&](std::string_view key, std::string_view) {
      if (const std::optional<RowPlace> place = ParseKey(key)) {
        positions.Set(place->partition, place->offset + 1);
      }
      return false;
    };
    MOTCUA_RETURN_IF_ERROR(
        reader.store().ScanBackward(AlertRowKey(*found, 0), PartitionStart(*found + 1), visit));
    partition = *found + 1;
  }
  return positions;
}

}  // namespace motcua::deadline
