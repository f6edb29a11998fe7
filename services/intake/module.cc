#include "services/intake/module.h"

#include "services/intake/rules.h"
#include "services/intake/service.h"

namespace motcua::intake {

std::unique_ptr<process::ServiceModule> MakeModule() {
  return std::make_unique<process::PlainModule<IntakeRules, v1::IntakeService, IntakeService>>();
}

}  // namespace motcua::intake
