// ImportDossiers: every row of an older register is a command of its own; the call waits for all of
// them and answers each for itself. Any thread.
#pragma once

#include <grpcpp/grpcpp.h>

#include <cstddef>

#include "motcua/intake/v1/intake.pb.h"
#include "services/base/status.h"
#include "services/domain/cases/actions.h"
#include "services/platform/grpc/unary.h"

namespace motcua::intake {

inline constexpr int kImportRowsMax = 1000;
// Of names as a register writes them: procedure, field, unit.
inline constexpr std::size_t kImportNameBytesMax = 256;
// Of register and case ids.
inline constexpr std::size_t kImportIdBytesMax = 64;

// The command that a row is; `actor` is the call's. Fields of errors are relative to the row. The
// digest leaves out line and doubts, which are not part of what makes a row the same row.
Result<cases::Command> ParseImportRow(const v1::ImportRow& row, const cases::ActorId& actor);

// What an answer says about its row.
void FillImportResult(const Result<engine::Answer>& answer, v1::ImportResult& result);

grpc::ServerUnaryReactor* SubmitImport(grpc::CallbackServerContext& context, const rpc::Door& door,
                                       const v1::ImportDossiersRequest& request,
                                       v1::ImportDossiersResponse& response);

}  // namespace motcua::intake
