// Keys of a service's state store. The first byte says what the row is. The format is private and
// disposable: a store of another kStateFormat is rebuilt from the log.
//
//   'D' code                      dossier
//   'B' unit                      register book: head and yearly number
//   'N' unit '|' day (4 BE)       last dossier number of a day
//   'R' unit '|' request id (16)  digest (8 LE) and code: the request that created a dossier, or
//                                 the register's case that it was imported from (cases::RecordId)
//                                 (in the service that decides such requests)
//   'T' partition (2 BE) instant (8 BE) code   timer
//   'O' partition (2 BE) code     a reaction is owed
//   'Q' code                      the dossier is not understood (cases::Dossier)
//   'M' partition (2 BE)          next offset (8 LE) and time (8 LE) of a partition
//   'X' …                         index rows of the service
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "services/base/time.h"
#include "services/domain/cases/codes.h"
#include "services/engine/ports.h"

namespace motcua::engine {

// Raised with every change of a key or row format.
inline constexpr std::string_view kStateFormat = "motcua-state-4";
// Format of rows that `codec` has folded: also what it understands of events is part of it, so that
// a newer program folds anew what an older one had to leave out, and an older one what it cannot
// read.
std::string StateFormatOf(const Codec& codec);
inline constexpr char kIndexPrefix = 'X';

std::string DossierKey(const cases::DossierCode& code);
std::string BookKey(const cases::UnitCode& unit);
std::string DayKey(const cases::UnitCode& unit, CivilDate day);
std::string RequestKey(const cases::UnitCode& book, const cases::RequestId& id);
// Timers and what is owed begin with the partition: each one reads its own rows alone.
std::string TimerKey(PartitionId partition, Instant at, const cases::DossierCode& code);
// What all timers of the partition begin with.
std::string TimersOf(PartitionId partition);
struct TimerPlace {
  Instant at;
  cases::DossierCode dossier;
  friend auto operator<=>(const TimerPlace&, const TimerPlace&) = default;
  friend bool operator==(const TimerPlace&, const TimerPlace&) = default;
};
// Of a key that TimerKey made.
TimerPlace TimerPlaceOf(std::string_view key);
std::string OwedKey(PartitionId partition, const cases::DossierCode& code);
// What all owed rows of the partition begin with.
std::string OwedPrefix(PartitionId partition);
cases::DossierCode OwedDossierOf(std::string_view key);
std::string NotUnderstoodKey(const cases::DossierCode& code);
std::string PartitionKey(PartitionId partition);

// Big endian, so that keys sort as numbers do.
void AppendBigEndian(std::string& key, std::uint64_t value, int bytes);
std::uint64_t ReadBigEndian(std::string_view bytes);
void AppendLittleEndian(std::string& value, std::uint64_t number);
std::uint64_t ReadLittleEndian(std::string_view bytes);  // of the first 8 bytes
// The least key behind all keys that begin with `prefix`.
std::string PrefixEnd(std::string_view prefix);

}  // namespace motcua::engine
