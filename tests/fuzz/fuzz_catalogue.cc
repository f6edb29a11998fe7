// Goal: every table of a catalogue is taken or its rows are put aside by line, whatever is in it,
// and a service is given exactly those of which nothing was put aside.
//
// The first byte says which table of a small catalogue the rest replaces.
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "services/base/text.h"
#include "services/domain/catalogue/search.h"
#include "services/platform/catalogue/check_files.h"

namespace {

using motcua::catalogue::CatalogueFile;

constexpr std::string_view kCalendar =
    "id = \"c\"\nzone = \"+07:00\"\nfirst = 2020-01-01\nlast = 2020-12-31\n"
    "provisional_until = 2020-12-31\noffice_hours = [\"07:30-11:30\", \"13:30-17:00\"]\n";
constexpr std::string_view kUnits = "code,name,calendar\n000.23.10.H49,a,c\n";
constexpr std::string_view kProcedures = "code,name,field,term\n1.000001,a,b,5wd\n";
constexpr std::string_view kRoutes =
    "[[route]]\ninterconnection = \"vertical2\"\nlegs = [\n"
    "  { stage = 1, unit = \"000.23.10.H49\", lead = true, share = 1.0 },\n]\n";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace motcua;  // NOLINT(google-build-using-namespace)
  if (size == 0) return 0;
  std::array<CatalogueFile, 6> files = {CatalogueFile{"calendars/c.toml", kCalendar},
                                        {"units.csv", kUnits},
                                        {"procedures.csv", kProcedures},
                                        {"procedure_papers.csv", "code,paper\n1.000001,a\n"},
                                        {"sheets/s.csv", "code,name,field,level,term_text\n"},
                                        {"routes.toml", kRoutes}};
  files.at(data[0] % files.size()).text =
      std::string_view(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto checked = catalogue::CheckCatalogue(files);
  MOTCUA_CHECK(checked.ok(), "all files that must be there are there");
  for (const auto& finding : checked->findings) {
    MOTCUA_CHECK(finding.line > 0 && !finding.reason.empty(), "a finding without place or reason");
    // Of a file that is no text at all it may quote what is none.
    MOTCUA_CHECK(IsUtf8(finding.reason) || !IsUtf8(files.at(data[0] % files.size()).text),
                 "a reason that cannot be shown");
  }
  const auto loaded = catalogue::ParseCatalogue(files);
  MOTCUA_CHECK(loaded.ok() == (checked->refused() == 0), "half a catalogue is given to a service");
  if (checked->catalogue != nullptr) {
    const auto all = catalogue::ProceduresOn(*checked->catalogue, std::nullopt);
    const auto hits =
        catalogue::Search(all, files.at(2).text.substr(0, catalogue::kSearchBytesMax));
    MOTCUA_CHECK(!hits.ok() || hits->size() <= all.size(), "found what is not there");
  }
  MOTCUA_CHECK(!loaded.ok() || checked->catalogue != nullptr, "nothing is wrong with nothing");
  return 0;
}
