// Catalogue files (deploy/catalogue): read, checked with file, line and reason, and made into the
// Catalogue and Calendar of the domain. One copy of the sample is built into the binary.
//
// Errors are FILE_UNREADABLE (metadata "file") and FILE_INVALID (metadata "file", "line").
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string_view>

#include "services/base/status.h"
#include "services/domain/calendar/calendar.h"
#include "services/domain/catalogue/catalogue.h"

namespace motcua::catalogue {

inline constexpr std::uintmax_t kCatalogueFileBytesMax = 64ULL * 1024 * 1024;

// A file with its path relative to the catalogue's folder: "units.csv", "calendars/vn-state.toml".
struct CatalogueFile {
  std::string_view path;
  std::string_view text;
};

// units.csv and procedures.csv, at least one file in calendars/, and where wanted
// procedure_papers.csv, routes.toml and policies.toml. Anything else in the folder is left alone.
// An empty path: BuiltinCatalogue(). Refused as a whole for one row that cannot stay (check_files.h
// names all of them).
// The name of a catalogue that is built in stands for it; a folder of that name is ./NAME.
Result<std::shared_ptr<const Catalogue>> LoadCatalogue(const std::filesystem::path& folder);
// The same from memory.
Result<std::shared_ptr<const Catalogue>> ParseCatalogue(std::span<const CatalogueFile> files);

Result<std::shared_ptr<const calendar::Calendar>> LoadCalendarFile(
    const std::filesystem::path& file);
Result<std::shared_ptr<const calendar::Calendar>> ParseCalendar(const CatalogueFile& file);

// The catalogues that are built in, by name, as they were when the program was built; they need no
// file at run time.
inline constexpr std::string_view kHaLong2020 = "halong-2020";         // deploy/catalogue
inline constexpr std::string_view kQuangNinh2026 = "quang-ninh-2026";  // deploy/catalogue-…
// Its files, to be written out as a beginning of one's own; none when there is no such one.
std::span<const CatalogueFile> BuiltinCatalogueFiles(std::string_view name = kHaLong2020);
// Hạ Long 2020. The same object at each call; any thread.
std::shared_ptr<const Catalogue> BuiltinCatalogue();

}  // namespace motcua::catalogue
