// A whole file as text. Internal.
#pragma once

#include <filesystem>
#include <string>

#include "services/base/status.h"

namespace motcua::catalogue {

// FILE_UNREADABLE, also for what is larger than kCatalogueFileBytesMax.
Result<std::string> ReadFile(const std::filesystem::path& path);

}  // namespace motcua::catalogue
