#include "services/postal/module.h"

#include "services/postal/rules.h"
#include "services/postal/service.h"

namespace motcua::postal {

std::unique_ptr<process::ServiceModule> MakeModule() {
  return std::make_unique<process::PlainModule<PostalRules, v1::PostalService, PostalService>>();
}

}  // namespace motcua::postal
