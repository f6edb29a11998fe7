#include "services/admin/command.h"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <ostream>
#include <string_view>
#include <utility>

#include "services/admin/commands.h"
#include "services/base/text.h"
#include "services/cli/session.h"

namespace motcua::admin {
namespace {

// The file's content without its line end, else the environment's, else nothing.
Result<std::string> ReadSecret(const std::string& file, const char* variable) {
  if (file.empty()) {
    const char* const value = std::getenv(variable);
    return std::string(value == nullptr ? "" : value);
  }
  std::ifstream in(file, std::ios::binary);
  const std::string content((std::istreambuf_iterator<char>(in)), {});
  if (!in.is_open()) {
    return Status(Reason::kFileUnreadable, file + " cannot be read", {{"file", file}});
  }
  return std::string(Trim(content));
}

}  // namespace

void AddAdminCommand(CLI::App& app, cli::Context& context) {
  CLI::App& admin = *app.add_subcommand(
      "admin", "Topics, snapshots, moving, dumping and exporting of logs: for operators");
  admin.require_subcommand(1);
  AddTopicsCommand(admin, context);
  AddSnapshotCommands(admin, context);
  AddMoveLogCommand(admin, context);
  AddDumpCommands(admin, context);
  AddExportCommand(admin, context);
  // Beside the reports that it checks.
  AddVerifyCommand(*app.get_subcommand("report"), context);
}

void SetRun(CLI::App& command, cli::Context& context, std::function<Status()> run) {
  command.callback([&context, run = std::move(run)] {
    const Status status = run();
    if (status.ok()) return;
    context.exit_code = cli::ExitCodeOf(status);
    context.terminal.err << cli::ErrorLine(status) << '\n';
  });
}

void AddKafkaFlags(CLI::App& command, KafkaFlags& flags) {
  const std::string group = "Kafka";
  const auto add = [&](const char* names, std::string& value, const char* help) {
    return command.add_option(names, value, help)->group(group);
  };
  add("--brokers,--kafka-brokers", flags.brokers, "HOST:PORT of some brokers, with commas");
  add("--topic,--kafka-topic", flags.topic, "topic of the case events")->capture_default_str();
  add("--kafka-security-protocol", flags.protocol, "plaintext, ssl, sasl_plaintext or sasl_ssl")
      ->capture_default_str();
  add("--kafka-ca-file", flags.ca_file, "PEM file of the brokers' authority");
  add("--kafka-certificate-file", flags.certificate_file, "PEM file of our certificate");
  add("--kafka-key-file", flags.key_file, "PEM file of its key");
  add("--kafka-key-password-file", flags.key_password_file,
      "file that holds the key's password; or set MOTCUA_KAFKA_KEY_PASSWORD");
  add("--kafka-sasl-mechanism", flags.sasl_mechanism, "PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512");
  add("--kafka-sasl-username", flags.sasl_username, "user");
  add("--kafka-sasl-password-file", flags.sasl_password_file,
      "file that holds the password; or set MOTCUA_KAFKA_SASL_PASSWORD");
}

Result<kafka::KafkaConnection> ToConnection(const KafkaFlags& flags) {
  if (flags.brokers.empty()) return FieldError("--brokers", "is missing");
  kafka::KafkaConnection connection;
  connection.brokers = flags.brokers;
  kafka::KafkaSecurity& security = connection.security;
  MOTCUA_ASSIGN_OR_RETURN(security.protocol, kafka::ParseKafkaProtocol(flags.protocol));
  security.ca_file = flags.ca_file;
  security.certificate_file = flags.certificate_file;
  security.key_file = flags.key_file;
  security.sasl_mechanism = flags.sasl_mechanism;
  security.sasl_username = flags.sasl_username;
  MOTCUA_ASSIGN_OR_RETURN(security.key_password,
                          ReadSecret(flags.key_password_file, "MOTCUA_KAFKA_KEY_PASSWORD"));
  MOTCUA_ASSIGN_OR_RETURN(security.sasl_password,
                          ReadSecret(flags.sasl_password_file, "MOTCUA_KAFKA_SASL_PASSWORD"));
  return connection;
}

void AddFormatFlag(CLI::App& command, OutputFormat& format) {
  static const std::map<std::string, OutputFormat> kFormats = {{"table", OutputFormat::kTable},
                                                               {"json", OutputFormat::kJson}};
  command.add_option("--format", format, "table for people, json for scripts")
      ->transform(CLI::CheckedTransformer(kFormats).description(""))
      ->type_name("table|json")
      ->default_str("table");
}

std::string WithoutSlash(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

}  // namespace motcua::admin
