// The files of the catalogues that are built in, as they were when the program was built. Internal.
#pragma once

#include <span>

#include "services/platform/catalogue/catalogue_files.h"

namespace motcua::catalogue {

std::span<const CatalogueFile> HaLong2020Files();
std::span<const CatalogueFile> QuangNinh2026Files();

}  // namespace motcua::catalogue
