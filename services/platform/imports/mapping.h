// A mapping says how the register of another system is read: which column is what, in which format
// and zone, and how units, procedures and channels are named. It is a TOML file, described in
// deploy/mappings/README.md; some are built into the program.
//
// Immutable once made; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/base/status.h"
#include "services/base/time.h"
#include "services/domain/cases/codes.h"
#include "services/platform/imports/encoding.h"
#include "services/platform/imports/time_format.h"
#include "services/platform/imports/zones.h"

namespace motcua::imports {

inline constexpr std::size_t kMappingBytesMax = 1024 * 1024;
inline constexpr std::size_t kSourceBytesMax = 64;
inline constexpr std::size_t kSourceIdBytesMax = 64;
inline constexpr std::size_t kNameBytesMax = 256;  // of a field or unit; intake's limit
// Real procedures have names this long; beyond kNameBytesMax the name is cut, and the key has a
// hash of all of it.
inline constexpr std::size_t kProcedureNameBytesMax = 2000;

// Other words for a column: the first that the file has counts. Empty: the mapping does not use it.
struct ColumnNames {
  std::vector<std::string> names;
  bool required = true;

  bool mapped() const { return !names.empty(); }
};

struct TimeColumn {
  ColumnNames column;
  std::vector<TimeFormat> formats;
  Micros time_when_absent{0};  // of a cell that names a day only
};

struct NamedUnit {
  cases::UnitCode code;
  std::string name;
};

enum class UnitFrom { kTable, kCode, kDossierCode };

struct UnitRule {
  UnitFrom from = UnitFrom::kTable;
  ColumnNames column;                                    // not for kDossierCode
  ColumnNames name_column;                               // optional
  std::map<std::string, NamedUnit, std::less<>> table;   // by cell, or by code
  std::map<std::string, NamedUnit, std::less<>> folded;  // by FoldWord of the cell
  std::optional<NamedUnit> otherwise;                    // for cells that the table does not have
};

// How a recorded dossier ended; kNone: it is open.
using Ending = codes::Outcome;

// Looked up by the cell as it stands and then as FoldWord makes it, so that capitals, NFD and
// blanks make no other word.
template <typename Value>
struct WordTable {
  ColumnNames column;
  std::map<std::string, Value, std::less<>> table;   // by cell
  std::map<std::string, Value, std::less<>> folded;  // by FoldWord of the cell
  std::optional<Value> otherwise;
};

struct Mapping {
  std::string source;  // name of the register, part of each row's identity
  std::string title;
  std::optional<char> delimiter;              // tried first; the others are tried in any case
  Encoding encoding = Encoding::kUtf8;        // of a file that does not say by a mark
  std::size_t header_rows_max = 1;            // the header is looked for in so many records
  bool numbering_row = false;                 // "(1) (2) (3) …" may follow the header
  std::vector<std::string> personal_columns;  // never read; then refusals quote no cell at all
  std::vector<std::string> empty_words;       // cells that mean "nothing", beside the empty one
  std::optional<TimeZone> zone;               // always there in a mapping that was parsed

  ColumnNames id;
  TimeColumn opened;
  TimeColumn due;
  TimeColumn closed;
  UnitRule unit;
  std::vector<ColumnNames> procedure_key;  // joined by " / "
  std::vector<ColumnNames> procedure_name;
  std::string procedure_otherwise;
  ColumnNames field;
  std::string field_otherwise;
  WordTable<cases::Channel> channel;
  WordTable<Ending> outcome;
  ColumnNames dossier_code;
  ColumnNames register_number;
};

// FILE_INVALID with file, line and what is wrong. `file` is for messages only.
Result<Mapping> ParseMapping(std::string_view file, std::string_view text);

// A built-in mapping by its name, else a file. Knows the built-in names in its errors.
Result<Mapping> LoadMapping(const std::string& file_or_name);

// From deploy/mappings, put into the program when it is built.
struct BuiltInMapping {
  std::string_view name;
  std::string_view text;
};
const std::vector<BuiltInMapping>& BuiltInMappings();

}  // namespace motcua::imports
