#include "services/admin/dump_state.h"

#include <algorithm>
#include <ostream>
#include <string>
#include <string_view>

#include "services/admin/snapshot.h"
#include "services/base/bytes.h"
#include "services/domain/cases/aggregates.h"
#include "services/domain/cases/dossier.h"
#include "services/engine/keys.h"
#include "services/wire/codec.h"

namespace motcua::admin {
namespace {

// Kinds of rows that are more than hex (engine/keys.h).
constexpr char kDossierRow = 'D';
constexpr char kPartitionRow = 'M';

std::string Hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const char c : bytes) {
    text.push_back(kDigits[static_cast<std::uint8_t>(c) >> 4U]);
    text.push_back(kDigits[static_cast<std::uint8_t>(c) & 0xfU]);
  }
  return text.empty() ? "-" : text;
}

// The lines of a print as one.
std::string OneLine(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  std::string line;
  for (const char c : text) {
    if (c == '\n') {
      line += " | ";
    } else {
      line.push_back(c);
    }
  }
  return line;
}

Result<std::string> LineOf(const engine::Codec& codec, std::string_view key,
                           std::string_view value) {
  const char kind = key.empty() ? '-' : key[0];
  const std::string_view rest = key.substr(std::min<std::size_t>(1, key.size()));
  std::string line = std::string(1, kind) + " ";
  if (cases::FindKind(kind) != nullptr) {
    MOTCUA_ASSIGN_OR_RETURN(const cases::AggregateState state,
                            codec.DecodeRow(cases::AggregateId::FromPath(key), value));
    return line + OneLine(cases::Print(state));
  }
  if (kind == kPartitionRow) {
    constexpr std::size_t kOffsetBytes = 8;
    const auto effective = static_cast<std::int64_t>(
        ReadLittleEndian(value.substr(std::min(kOffsetBytes, value.size()))));
    return line + "partition=" + std::to_string(ReadBigEndian(rest)) +
           " next_offset=" + std::to_string(ReadLittleEndian(value)) +
           " effective=" + FormatInstant(Instant{effective});
  }
  return line + Hex(rest) + " " + Hex(value);
}

}  // namespace

Status DumpState(const rocks::StoreView& store, DumpedRows rows, std::ostream& out) {
  const wire::WireCodec codec;
  MOTCUA_RETURN_IF_ERROR(FormatOfThisProgram(store.format(), codec).status());
  Status failed;
  const Status scanned = store.Scan([&](std::string_view key, std::string_view value) {
    if (rows == DumpedRows::kDossiers && !key.starts_with(kDossierRow)) return true;
    const Result<std::string> line = LineOf(codec, key, value);
    if (!line.ok()) {
      failed = line.status();
      return false;
    }
    out << *line << '\n';
    return true;
  });
  return failed.ok() ? scanned : failed;
}

}  // namespace motcua::admin
