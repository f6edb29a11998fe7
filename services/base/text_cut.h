// The head of a text that is too long to be shown whole. Pure; any thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace motcua {

// At most `bytes_max` bytes of `text`, cut between letters: the head of well-formed UTF-8 is
// well-formed, as messages have to be.
std::string_view CutText(std::string_view text, std::size_t bytes_max);

}  // namespace motcua
