// Register books (sổ): which numbers move their counters. The rules read an event alone, so every
// fold counts the same. Pure.
//
// What this system gives goes on without a gap. What an older register recorded is evidence and may
// be anything: it moves a counter only where the counter can be continued after it.
#pragma once

#include <cstdint>

#include "services/domain/cases/events.h"

namespace motcua::cases {

// The last number that a day can give: seven digits, the form of 2026 (QĐ 20/2020 codes).
inline constexpr std::uint32_t kSequenceMax = 9'999'999;
// Recorded numbers of a day count up to here. The rest of the seven digits is left for the day to
// go on with: nine million receptions at one unit.
inline constexpr std::uint32_t kSequenceRecordedMax = 999'999;
// Likewise for the yearly numbers of a register (TT 01/2018 Đ10: from 01 to the end of the year).
inline constexpr std::uint32_t kRegisterNumberMax = 999'999'999;
inline constexpr std::uint32_t kRegisterNumberRecordedMax = 99'999'999;
// A register's year is plausible when it is the year of the receipt or one beside it (a dossier of
// the last evening stands in the next book), and is not further ahead than the next year when the
// row is taken over.
inline constexpr std::int32_t kRegisterYearsApartMax = 1;
// Of so many years a book knows the last number; of more, of the latest. So years that are ahead
// cannot crowd out the present one: no more than one of them counts.
inline constexpr std::size_t kRegisterYearsMax = 64;

// Whether the number of a first event's code moves its day's counter, which is at `last`.
bool CountsOnDay(const CaseEvent& event, std::uint32_t last);
// The same of a code that a register recorded.
bool RecordedCountsOnDay(std::uint32_t sequence, std::uint32_t last);
// Whether a recorded register number, taken over at `written`, moves the counter of its year.
bool CountsInYear(const DossierImported& recorded, const ZonedTime& written);

// What tells a recorded case from every other of its register, as an id: for rows without a code.
RequestId RecordId(std::string_view source, std::string_view source_id);

}  // namespace motcua::cases
