// From a changing request to the domain's command; the same for every service. Pure.
//
//   MakeCommand(request, [](const auto& r) -> Result<cases::Action> { … });
#pragma once

#include <utility>

#include "services/base/status.h"
#include "services/domain/cases/actions.h"
#include "services/platform/grpc/convert.h"
#include "services/platform/grpc/fields.h"

namespace motcua::rpc {

// Checks context, dossier or manifest, and expected_version (where the request has them), then
// `parse`, which answers with the action. Nothing is stored when anything is wrong.
template <typename Request, typename Parse>
Result<cases::Command> MakeCommand(const Request& request, const Parse& parse) {
  MOTCUA_ASSIGN_OR_RETURN(Caller caller, ParseContext(request.context()));
  cases::Command command;
  command.request_id = caller.request_id;
  command.actor = std::move(caller.actor);
  if constexpr (requires { request.manifest(); }) {
    MOTCUA_ASSIGN_OR_RETURN(command.about, ParseManifest(request.manifest(), "manifest"));
    command.expected_version = request.expected_version();
  } else if constexpr (requires { request.expected_version(); }) {
    MOTCUA_ASSIGN_OR_RETURN(command.dossier, ParseDossier(request.dossier(), "dossier"));
    command.expected_version = request.expected_version();
  }
  Result<cases::Action> action = parse(request);
  if (!action.ok()) return action.status();
  command.action = std::move(*action);
  command.digest = DigestOf(request);
  return command;
}

}  // namespace motcua::rpc
