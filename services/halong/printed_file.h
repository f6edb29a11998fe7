// The bytes of halong-2020.json, a part of the program.
#pragma once

#include <string_view>

namespace motcua::halong {

std::string_view PrintedFile();

}  // namespace motcua::halong
