// Keys of a service's state store. The first byte says what the row is. The format is private and
// disposable: a store of another kStateFormat is rebuilt from the log.
//
//   an aggregate's path           its state; the letter says the kind (cases/aggregates.h)
//   'N' …, 'R' …                  notes beside aggregates (cases/notes.h)
//   'T' partition (2 BE) instant (8 BE) path   timer
//   'O' partition (2 BE) path     a reaction is owed
//   'Q' path                      the aggregate is not understood (cases::AggregateCore)
//   'M' partition (2 BE)          next offset (8 LE) and time (8 LE) of a partition
//   'X' …                         index rows of the service
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "services/base/bytes.h"
#include "services/base/time.h"
#include "services/domain/cases/aggregate.h"
#include "services/engine/ports.h"

namespace motcua::engine {

// Raised with every change of a key or row format.
inline constexpr std::string_view kStateFormat = "motcua-state-8";
// Format of rows that `codec` has folded: also what it understands of events is part of it, so that
// a newer program folds anew what an older one had to leave out, and an older one what it cannot
// read.
std::string StateFormatOf(const Codec& codec);
// Whether `store`, whose rows have the format `stored`, holds what a program of the format `own`
// would have folded: it was written by a program that knew fewer event schemas and met nothing that
// it did not understand. Formats begin as StateFormatOf's; what follows must be the same.
Result<bool> MayAdoptRows(std::string_view stored, std::string_view own, const StateStore& store);
inline constexpr char kIndexPrefix = 'X';

// Timers and what is owed begin with the partition: each one reads its own rows alone.
std::string TimerKey(PartitionId partition, Instant at, const cases::AggregateId& id);
// What all timers of the partition begin with.
std::string TimersOf(PartitionId partition);
struct TimerPlace {
  Instant at;
  cases::AggregateId id;
  friend auto operator<=>(const TimerPlace&, const TimerPlace&) = default;
  friend bool operator==(const TimerPlace&, const TimerPlace&) = default;
};
// Of a key that TimerKey made.
TimerPlace TimerPlaceOf(std::string_view key);
std::string OwedKey(PartitionId partition, const cases::AggregateId& id);
// What all owed rows of the partition begin with.
std::string OwedPrefix(PartitionId partition);
cases::AggregateId OwedOf(std::string_view key);
// Of an aggregate, or of the first part of its path.
std::string NotUnderstoodKey(std::string_view path);
std::string PartitionKey(PartitionId partition);

// The least key after all keys that begin with `prefix`.
std::string PrefixEnd(std::string_view prefix);

}  // namespace motcua::engine
