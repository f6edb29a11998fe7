#include "services/routing/module.h"

#include "services/routing/rules.h"
#include "services/routing/service.h"

namespace motcua::routing {

std::unique_ptr<process::ServiceModule> MakeModule() {
  return std::make_unique<process::PlainModule<RoutingRules, v1::RoutingService, RoutingService>>();
}

}  // namespace motcua::routing
