#include "services/platform/runtime/thread_name.h"

#include <pthread.h>

#include <cstddef>
#include <string>

namespace motcua::runtime {
namespace {

constexpr std::size_t kNameBytesMax = 15;  // longer ones are refused as a whole

}  // namespace

void NameThread(std::string_view name) {
  pthread_setname_np(pthread_self(), std::string(name.substr(0, kNameBytesMax)).c_str());
}

}  // namespace motcua::runtime
