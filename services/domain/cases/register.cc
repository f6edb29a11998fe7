#include "services/domain/cases/register.h"

#include <cstdlib>
#include <string>

namespace motcua::cases {

bool RecordedCountsOnDay(std::uint32_t sequence, std::uint32_t last) {
  return sequence <= kSequenceRecordedMax || (sequence == last + 1 && sequence <= kSequenceMax);
}

bool CountsOnDay(const CaseEvent& event, std::uint32_t last) {
  // An imported dossier has a recorded code or the next one: the event does not say which, and the
  // next one always counts.
  return !HoldsLeaf<DossierImported>(event.payload) ||
         RecordedCountsOnDay(NumberOf(event.dossier).sequence, last);
}

bool CountsInYear(const DossierImported& recorded, const ZonedTime& written) {
  if (recorded.register_number == 0 || recorded.register_number > kRegisterNumberRecordedMax) {
    return false;
  }
  const std::int32_t apart = recorded.register_year - Split(recorded.opened.date()).year;
  return std::abs(apart) <= kRegisterYearsApartMax &&
         recorded.register_year <= Split(written.date()).year + kRegisterYearsApartMax;
}

RequestId RecordId(std::string_view source, std::string_view source_id) {
  return DeriveRequestId("import/" + std::string(source) + "/" + std::string(source_id));
}

}  // namespace motcua::cases
