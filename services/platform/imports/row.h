// A row of a register as it is taken over, or why it is not. Plain data.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "services/base/status.h"
#include "services/base/time.h"
#include "services/domain/cases/codes.h"
#include "services/platform/imports/mapping.h"

namespace motcua::imports {

// What is implausible, a bit each (codes::Doubt): what the reader of a file finds itself. The rest
// is told by the server, which has the clock and the counters.
constexpr unsigned BitOf(codes::Doubt doubt) { return static_cast<unsigned>(doubt); }
inline constexpr unsigned kDoubtClosedBeforeOpened = BitOf(codes::Doubt::kClosedBeforeOpened);
inline constexpr unsigned kDoubtDueBeforeOpened = BitOf(codes::Doubt::kDueBeforeOpened);
inline constexpr unsigned kDoubtDatesMixed = BitOf(codes::Doubt::kDatesMixed);
inline constexpr unsigned kDoubtChannelUnknown = BitOf(codes::Doubt::kChannelUnknown);
inline constexpr unsigned kDoubtNameDamaged = BitOf(codes::Doubt::kNameDamaged);
// What only the reader of the file can tell, and so tells the server.
inline constexpr unsigned kDoubtsOfReader =
    kDoubtDatesMixed | kDoubtChannelUnknown | kDoubtNameDamaged;

// A word that the mapping does not know, in whose place its default was taken.
struct UnknownWord {
  std::string column;
  std::string word;

  friend bool operator==(const UnknownWord&, const UnknownWord&) = default;
  friend auto operator<=>(const UnknownWord&, const UnknownWord&) = default;
};

// See motcua.intake.v1.ImportRow.
struct RegisterRow {
  cases::RequestId request_id;
  cases::UnitCode unit;
  std::string unit_name;
  std::optional<cases::DossierCode> dossier;
  std::string procedure;
  std::string procedure_name;
  std::string field;
  cases::Channel channel = cases::Channel::kDirect;
  std::int32_t register_year = 0;
  std::uint32_t register_number = 0;
  ZonedTime opened;
  std::optional<ZonedTime> due;
  std::optional<ZonedTime> closed;
  Ending outcome = Ending::kNone;
  std::string source;
  std::uint32_t line = 0;
  std::string source_id;
  unsigned doubts = 0;
  std::vector<UnknownWord> unknown;
};

// A row that cannot be read. Holds no cell of a personal column.
struct RefusedRow {
  std::size_t line = 0;
  std::string column;  // as the mapping calls it; empty: the row as a whole
  Reason reason = Reason::kFieldInvalid;
  std::string message;
  std::string source_id;  // where it could be read
};

using Conversion = std::variant<RegisterRow, RefusedRow>;

// The same row of the same register is the same request, wherever it stands in the file. A row that
// says something else of the same case is another one: a later state of it.
cases::RequestId RowRequestId(const RegisterRow& row);

// `text` as a key of at most 64 bytes: as it is where it fits, else its beginning and a hash of
// all.
std::string ShortenKey(std::string_view text);

}  // namespace motcua::imports
