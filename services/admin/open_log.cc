#include "services/admin/open_log.h"

#include <CLI/CLI.hpp>
#include <filesystem>

#include "services/admin/kafka_records.h"
#include "services/admin/local_records.h"

namespace motcua::admin {

void AddLogFlags(CLI::App& command, LogFlags& flags) {
  command.add_option("--data", flags.data, "data folder of a stopped `motcua standalone`");
  AddKafkaFlags(command, flags.kafka);
}

Result<std::unique_ptr<RecordSource>> OpenLog(const LogFlags& flags) {
  if (flags.data.empty() == flags.kafka.brokers.empty()) {
    return FieldError("--data", "give either --data or --brokers");
  }
  if (!flags.data.empty()) {
    MOTCUA_ASSIGN_OR_RETURN(auto log,
                            LocalRecords::Open(std::filesystem::path(flags.data) / "log"));
    return std::unique_ptr<RecordSource>(std::move(log));
  }
  MOTCUA_ASSIGN_OR_RETURN(const kafka::KafkaConnection connection, ToConnection(flags.kafka));
  MOTCUA_ASSIGN_OR_RETURN(auto log, KafkaRecords::Open(connection, flags.kafka.topic));
  return std::unique_ptr<RecordSource>(std::move(log));
}

}  // namespace motcua::admin
