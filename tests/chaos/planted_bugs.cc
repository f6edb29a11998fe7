// Plants the bug that CHAOS_BUG names ("acks-one") into the program that this file is linked into,
// before its main begins. Only the programs of build/tests/planted/ have it, and with it the copies
// of the engine and of the log's writer that can have a bug. A name that is not known ends the
// program: a test that plants nothing would prove nothing.
#include <array>
#include <cstdlib>
#include <string_view>

#include "services/base/check.h"
#include "services/engine/plant.h"

namespace motcua::chaos {
namespace {

using engine::Bug;

struct Named {
  std::string_view name;
  Bug bug;
};
constexpr std::array<Named, 4> kBugs = {{{"reply-before-read-back", Bug::kReplyBeforeReadBack},
                                         {"offset-off-by-one", Bug::kOffsetOffByOne},
                                         {"offset-not-stored", Bug::kOffsetNotStored},
                                         {"acks-one", Bug::kAcksOne}}};

Bug BugOfEnvironment() {
  const char* const name = std::getenv("CHAOS_BUG");  // NOLINT(concurrency-mt-unsafe)
  if (name == nullptr) return Bug::kNone;
  for (const Named& named : kBugs) {
    if (named.name == name) return named.bug;
  }
  MOTCUA_CHECK(false, "CHAOS_BUG names a bug that there is not");
  return Bug::kNone;
}

[[maybe_unused]] const Bug kPlanted = engine::planted_bug = BugOfEnvironment();

}  // namespace
}  // namespace motcua::chaos
