// Goal: every text from outside (codes, ids, times, terms) is taken or refused, and what is taken
// prints as a text that means the same.
#include <cstdint>
#include <string_view>

#include "services/domain/cases/codes.h"
#include "services/domain/deadline/term.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace motcua;  // NOLINT(google-build-using-namespace)
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto time = ParseZonedTime(text); time.ok()) {
    const auto again = ParseZonedTime(FormatZonedTime(*time));
    MOTCUA_CHECK(again.ok() && *again == *time, "a time changes when it is printed");
  }
  if (const auto date = ParseDate(text); date.ok()) {
    MOTCUA_CHECK(FormatDate(*date) == text, "a date changes when it is printed");
  }
  if (const auto term = deadline::ParseTerm(text); term.ok()) {
    const auto again = deadline::ParseTerm(deadline::FormatTerm(*term));
    MOTCUA_CHECK(again.ok() && *again == *term, "a term changes when it is printed");
  }
  if (const auto id = cases::ParseRequestId(text); id.ok()) {
    MOTCUA_CHECK(*cases::ParseRequestId(cases::FormatRequestId(*id)) == *id, "an id changes");
  }
  if (const auto code = cases::ParseDossierCode(text); code.ok()) {
    MOTCUA_CHECK(cases::ParseUnitCode(cases::UnitOf(*code).value()).ok(), "a code without unit");
    MOTCUA_CHECK(cases::NumberOf(*code).sequence > 0, "a code without number");
  }
  static_cast<void>(cases::ParseProcedureCode(text).ok());
  static_cast<void>(cases::ParseItemNumber(text).ok());
  static_cast<void>(ParseCivilTime(text).ok());
  return 0;
}
