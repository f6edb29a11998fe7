// The commands below `motcua admin`, and `motcua report verify`: one function each, and what they
// share.
#pragma once

#include <functional>
#include <string>

#include "services/base/status.h"
#include "services/cli/context.h"
#include "services/cli/progress.h"
#include "services/platform/kafka/client.h"
#include "services/platform/kafka/topics.h"

namespace CLI {
class App;  // NOLINT(readability-identifier-naming): the library's
}

namespace motcua::admin {

void AddTopicsCommand(CLI::App& admin, cli::Context& context);
void AddSnapshotCommands(CLI::App& admin, cli::Context& context);
void AddMoveLogCommand(CLI::App& admin, cli::Context& context);
void AddDumpCommands(CLI::App& admin, cli::Context& context);
void AddExportCommand(CLI::App& admin, cli::Context& context);
void AddVerifyCommand(CLI::App& report, cli::Context& context);

// Runs `run` when the command is parsed; an error becomes one line and the exit status.
void SetRun(CLI::App& command, cli::Context& context, std::function<Status()> run);

// Where the brokers are and how they are spoken to. The flags have the names of the services'
// settings, and secrets come from a file or the environment, not from the line.
struct KafkaFlags {
  std::string brokers;
  std::string topic = kafka::TopicNames().case_events;
  std::string protocol = "plaintext";
  std::string ca_file;
  std::string certificate_file;
  std::string key_file;
  std::string key_password_file;
  std::string sasl_mechanism;
  std::string sasl_username;
  std::string sasl_password_file;
};
void AddKafkaFlags(CLI::App& command, KafkaFlags& flags);
// FIELD_INVALID or FILE_UNREADABLE names the flag or the file.
Result<kafka::KafkaConnection> ToConnection(const KafkaFlags& flags);

// --format
enum class OutputFormat { kTable, kJson };
void AddFormatFlag(CLI::App& command, OutputFormat& format);

// A path without a slash at its end, so that its last name is one.
std::string WithoutSlash(std::string path);

}  // namespace motcua::admin
