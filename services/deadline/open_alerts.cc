// The open alerts: their rows, and pages of them in the order in which they were raised.
#include <algorithm>
#include <iterator>
#include <utility>

#include "services/base/bytes.h"
#include "services/deadline/alert_index.h"
#include "services/engine/keys.h"

namespace motcua::deadline {
namespace {

using engine::PartitionId;

constexpr int kPartitionBytes = 2;
constexpr int kInstantBytes = 8;
constexpr std::size_t kPrefixBytes = 2;
constexpr std::size_t kPlaceBytes = kPrefixBytes + kPartitionBytes + kInstantBytes;
constexpr std::size_t kTailBytesMin = 1 + 1 + kInstantBytes;  // kind, leg, due; then the code
constexpr int kPartitionEnd = 1 << 16;
constexpr char kPositionsEnd = '~';  // between the parts of a page's position
// Flipped, so that instants before 1970 sort first.
constexpr std::uint64_t kSignBit = std::uint64_t{1} << 63U;

std::string OpenPrefix() { return std::string(1, engine::kIndexPrefix) + "O"; }

void AppendInstant(std::string& key, Instant at) {
  AppendBigEndian(key, static_cast<std::uint64_t>(at.micros) ^ kSignBit, kInstantBytes);
}
Instant ReadInstant(std::string_view bytes) {
  return Instant{
      static_cast<std::int64_t>(ReadBigEndian(bytes.substr(0, kInstantBytes)) ^ kSignBit)};
}

std::string PartitionStart(int partition) {
  if (partition >= kPartitionEnd) return engine::PrefixEnd(OpenPrefix());
  std::string key = OpenPrefix();
  AppendBigEndian(key, static_cast<std::uint64_t>(partition), kPartitionBytes);
  return key;
}

// Among the alerts of all partitions, bytes that sort as they do: the instant of raising, the
// partition, the rest of the key.
std::string RankOf(std::string_view key) {
  std::string rank(key.substr(kPrefixBytes + kPartitionBytes, kInstantBytes));
  rank.append(key.substr(kPrefixBytes, kPartitionBytes));
  return rank.append(key.substr(std::min(key.size(), kPlaceBytes)));
}

// The first key of `partition` that ranks after `rank`.
std::string KeyBehind(std::string_view rank, PartitionId partition) {
  std::string key = PartitionStart(partition);
  if (rank.empty()) return key;
  const Instant raised = ReadInstant(rank);
  const auto last =
      static_cast<PartitionId>(ReadBigEndian(rank.substr(kInstantBytes, kPartitionBytes)));
  AppendInstant(key, partition < last ? raised + Micros(1) : raised);
  if (partition == last) {
    key.append(rank.substr(kInstantBytes + kPartitionBytes));
    key.push_back('\0');
  }
  return key;
}

Status Damaged() { return Status(Reason::kStoreDamaged, "a row of an open alert is unreadable"); }

Result<AlertRow> DecodeRow(std::string_view key, std::string_view value) {
  if (key.size() < kPlaceBytes + kTailBytesMin) return Damaged();
  AlertRow row;
  row.raised = ReadInstant(key.substr(kPrefixBytes + kPartitionBytes));
  const std::string_view tail = key.substr(kPlaceBytes);
  const auto kind = static_cast<std::uint8_t>(tail[0]);
  if (kind < 1 || kind > static_cast<int>(cases::AlertKind::kOverdue)) return Damaged();
  row.key.kind = static_cast<cases::AlertKind>(kind);
  row.key.leg = static_cast<std::uint8_t>(tail[1]);
  row.key.due = ReadInstant(tail.substr(2));
  row.dossier = cases::DossierCode(tail.substr(kTailBytesMin));
  row.unit = cases::UnitCode(value);
  return row;
}

struct Candidate {
  std::string rank;
  AlertRow row;
};

// What one partition contributes to a page.
struct Part {
  std::vector<Candidate> fitting;  // ascending by rank
  std::string looked_to;           // rank of the last row looked at
  bool cut = false;                // there are more rows
};

Result<Part> ReadPart(const engine::StateStore& store, PartitionId partition, std::string_view from,
                      const AlertQuery& query) {
  Part part;
  bool damaged = false;
  std::size_t rows = 0;
  const auto visit = [&](std::string_view key, std::string_view value) {
    if (rows >= query.rows_max || part.fitting.size() >= query.alerts_max) {
      part.cut = true;
      return false;
    }
    Result<AlertRow> row = DecodeRow(key, value);
    damaged = !row.ok();
    if (damaged) return false;
    ++rows;
    part.looked_to = RankOf(key);
    if (!query.unit || row->unit == *query.unit) {
      part.fitting.push_back({part.looked_to, std::move(*row)});
    }
    return true;
  };
  MOTCUA_RETURN_IF_ERROR(
      store.Scan(KeyBehind(from, partition), PartitionStart(partition + 1), visit));
  if (damaged) return Damaged();
  return part;
}

// The first partition with open alerts from `partition` on.
Result<std::optional<PartitionId>> PartitionFrom(const engine::StateStore& store, int partition) {
  std::optional<PartitionId> found;
  MOTCUA_RETURN_IF_ERROR(store.Scan(PartitionStart(partition), PartitionStart(kPartitionEnd),
                                    [&](std::string_view key, std::string_view) {
                                      found = static_cast<PartitionId>(
                                          ReadBigEndian(key.substr(kPrefixBytes, kPartitionBytes)));
                                      return false;
                                    }));
  return found;
}

// A page's position as text: where all alerts ended at the first page, and the last rank.
struct Position {
  std::string ends;
  std::string rank;
};

std::string EncodePosition(const Position& position) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text = position.ends + kPositionsEnd;
  for (const char c : position.rank) {
    const auto byte = static_cast<std::uint8_t>(c);
    text.push_back(kHex[byte >> 4U]);
    text.push_back(kHex[byte & 0xFU]);
  }
  return text;
}

Result<Position> DecodePosition(std::string_view text) {
  const Status malformed(Reason::kFieldInvalid, "is not a token that this service gave");
  const std::size_t end = text.find(kPositionsEnd);
  if (end == std::string_view::npos || (text.size() - end - 1) % 2 != 0) return malformed;
  Position position{std::string(text.substr(0, end)), {}};
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  };
  for (std::size_t at = end + 1; at < text.size(); at += 2) {
    const int high = digit(text[at]);
    const int low = digit(text[at + 1]);
    if (high < 0 || low < 0) return malformed;
    position.rank.push_back(static_cast<char>(high * 16 + low));
  }
  if (position.rank.size() < static_cast<std::size_t>(kInstantBytes + kPartitionBytes)) {
    return malformed;
  }
  return position;
}

Result<std::vector<Part>> ReadParts(const engine::StateStore& store, std::string_view from,
                                    const AlertQuery& query) {
  std::vector<Part> parts;
  for (int partition = 0; partition < kPartitionEnd;) {
    MOTCUA_ASSIGN_OR_RETURN(const std::optional<PartitionId> found,
                            PartitionFrom(store, partition));
    if (!found) break;
    MOTCUA_ASSIGN_OR_RETURN(parts.emplace_back(), ReadPart(store, *found, from, query));
    partition = *found + 1;
  }
  return parts;
}

}  // namespace

std::string OpenAlertKey(PartitionId partition, const AlertRow& row) {
  std::string key = PartitionStart(partition);
  AppendInstant(key, row.raised);
  key.push_back(static_cast<char>(row.key.kind));
  key.push_back(static_cast<char>(row.key.leg));
  AppendInstant(key, row.key.due);
  return key.append(row.dossier.value());
}

Result<OpenAlerts> ReadOpenAlerts(const engine::StateReader& reader, std::string_view from,
                                  const AlertQuery& query) {
  MOTCUA_CHECK(query.alerts_max > 0 && query.rows_max > 0, "a read without limits never advances");
  MOTCUA_RETURN_IF_ERROR(reader.CheckUnderstood());
  Position position;
  if (!from.empty()) {
    MOTCUA_ASSIGN_OR_RETURN(position, DecodePosition(from));
  }
  // Before the rows: what is raised meanwhile is behind it.
  MOTCUA_ASSIGN_OR_RETURN(const AlertPositions ends, from.empty()
                                                         ? EndOfAlerts(reader)
                                                         : AlertPositions::Decode(position.ends));
  position.ends = ends.Encode();
  MOTCUA_ASSIGN_OR_RETURN(std::vector<Part> parts, ReadParts(reader.store(), position.rank, query));
  std::vector<Candidate> candidates;
  std::optional<std::string> bound;  // after it, rows of a part that was cut may come first
  for (Part& part : parts) {
    std::move(part.fitting.begin(), part.fitting.end(), std::back_inserter(candidates));
    if (part.cut) bound = bound ? std::min(*bound, part.looked_to) : part.looked_to;
  }
  std::sort(candidates.begin(), candidates.end(),
            [](const Candidate& a, const Candidate& b) { return a.rank < b.rank; });
  OpenAlerts page;
  for (Candidate& candidate : candidates) {
    if (bound && candidate.rank > *bound) break;
    if (page.alerts.size() >= query.alerts_max) {
      bound = position.rank;
      break;
    }
    position.rank = std::move(candidate.rank);
    page.alerts.push_back({std::move(candidate.row), false, ends});
  }
  if (!bound) return page;
  position.rank = std::max(position.rank, *bound);
  page.next = EncodePosition(position);
  return page;
}

}  // namespace motcua::deadline
