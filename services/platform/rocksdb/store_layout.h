// What lies in the folder of a RocksStore, for those who open it. On disk: do not change.
#pragma once

#include <filesystem>
#include <string_view>

namespace motcua::rocks {

// Rows of the store's own lie after all rows of the service.
inline constexpr std::string_view kReservedFrom = "\xff\xff";
inline constexpr std::string_view kFormatKey =
    "\xff\xff"
    "format";
// Stands there only between a close and the next opening.
inline constexpr std::string_view kCleanFile = "CLEAN";
inline constexpr std::string_view kCleanContent = "motcua-store closed\n";
// Stands there when damage was seen; the next opening begins an empty store.
inline constexpr std::string_view kDamagedFile = "DAMAGED";

// Whether the mark stands there, whole.
bool IsCleanlyClosed(const std::filesystem::path& directory);

}  // namespace motcua::rocks
