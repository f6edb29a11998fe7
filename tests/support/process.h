// A child process of a test: see runtime/child.h.
#pragma once

#include "services/platform/runtime/child.h"

namespace motcua::testing {

using Process = runtime::Child;

}  // namespace motcua::testing
