// The wire form as text: one line for every number that is permanent. tests/vectors/wire.txt keeps
// it.
#pragma once

#include <google/protobuf/descriptor.h>

#include <string>
#include <vector>

namespace motcua::proto_lint {

// "motcua.common.v1.Date.year = 1 int32", "motcua.common.v1.Channel.CHANNEL_DIRECT = 1",
// "motcua.intake.v1.IntakeService.GetDossier = GetDossierRequest returns GetDossierResponse",
// "motcua.x.v1.M reserved 4"; sorted.
std::vector<std::string> WireLines(
    const std::vector<const google::protobuf::FileDescriptor*>& files);

// What may not be: lines of `frozen` that `present` lacks, unless the number was reserved. A line
// that is only in `present` is an addition.
struct WireDifference {
  std::vector<std::string> broken;
  std::vector<std::string> added;
};
WireDifference CompareWire(const std::vector<std::string>& frozen,
                           const std::vector<std::string>& present);

}  // namespace motcua::proto_lint
