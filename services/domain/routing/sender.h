// Which leg of a route hands another one over. Pure.
#pragma once

#include <cstddef>

#include "services/domain/routing/route.h"

namespace motcua::routing {

// The leg (from 1) whose unit hands leg `number` over: the lead of the stage before, else the first
// of it. 0: there is none, and the receiving unit does.
std::size_t SenderLegOf(const Route& route, std::size_t number);

}  // namespace motcua::routing
