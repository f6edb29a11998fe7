// What a thread is called where an operator looks: `top -H`, perf, a debugger.
#pragma once

#include <string_view>

namespace motcua::runtime {

// Of the calling thread; Linux shows the first 15 bytes.
void NameThread(std::string_view name);

}  // namespace motcua::runtime
