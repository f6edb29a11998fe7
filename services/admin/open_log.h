// Which log a command reads: the embedded one of a stopped `motcua standalone`, or a topic. One
// thread.
#pragma once

#include <memory>
#include <string>

#include "services/admin/commands.h"
#include "services/admin/records.h"

namespace motcua::admin {

struct LogFlags {
  std::string data;
  KafkaFlags kafka;
};
void AddLogFlags(CLI::App& command, LogFlags& flags);
// FIELD_INVALID unless exactly one of both is given; else as the logs say.
Result<std::unique_ptr<RecordSource>> OpenLog(const LogFlags& flags);

}  // namespace motcua::admin
