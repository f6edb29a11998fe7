// The notes that register books keep (view.h), and their keys.
//
//   'N' unit '|' day (4 BE)       last dossier number of a day: 8 bytes, little endian
//   'R' unit '|' request id (16)  digest (8 LE) and path: the request that created an aggregate, or
//                                 the register's case that it was imported from (RecordId); kept by
//                                 the service that decides such requests (Parts::creations, and
//                                 Parts::manifests for those that open a manifest)
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "services/base/status.h"
#include "services/base/time.h"
#include "services/domain/cases/events.h"
#include "services/domain/cases/view.h"

namespace motcua::cases {

// Between a unit and what follows it in a key.
inline constexpr char kNoteSeparator = '|';
inline constexpr char kDayNoteLetter = 'N';
inline constexpr char kRequestNoteLetter = 'R';

std::string DayKey(const UnitCode& unit, CivilDate day);
std::string RequestKey(const UnitCode& unit, const RequestId& id);

std::string NumberNote(std::uint32_t number);

// The last number given to a dossier of `day` at `unit`; 0 if none.
Result<std::uint32_t> LastNumber(NoteView& notes, const UnitCode& unit, CivilDate day);

// The request that created an aggregate.
struct CreatedBy {
  std::uint64_t digest = 0;
  AggregateId id;
};
std::string CreationNote(const CreatedBy& created);
// What `id` created at `unit`. Known to the service that decides it; none elsewhere.
Result<std::optional<CreatedBy>> FindCreation(NoteView& notes, const UnitCode& unit,
                                              const RequestId& id);

}  // namespace motcua::cases
