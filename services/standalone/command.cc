#include "services/standalone/command.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <string>

#include "services/platform/runtime/signals.h"
#include "services/platform/telemetry/log.h"
#include "services/standalone/standalone.h"

namespace motcua::standalone {
namespace {

struct Flags {
  std::string data;
  std::string listen = "127.0.0.1:7070";
  std::string catalogue;
  std::string scenario;
  std::string certificate;
  std::string key;
  std::string client_authority;
  bool insecure_public = false;
  bool trust_clock = false;
  unsigned partitions = 0;
  std::string master_key;
  std::string metrics;
};

Result<StandaloneOptions> ToOptions(const Flags& flags) {
  StandaloneOptions options;
  options.data = flags.data;
  options.catalogue = flags.catalogue;
  options.partitions = static_cast<engine::PartitionId>(flags.partitions);
  options.metrics_listen = flags.metrics;
  options.trust_clock = flags.trust_clock;
  options.master_key = flags.master_key;
  options.server.listen = flags.listen;
  options.server.insecure_public = flags.insecure_public;
  options.server.certificate_file = flags.certificate;
  options.server.key_file = flags.key;
  options.server.client_authority_file = flags.client_authority;
  if (!flags.scenario.empty()) {
    const Result<ZonedTime> start = ParseZonedTime(flags.scenario);
    if (!start.ok()) return FieldError("--scenario", start.status().message());
    options.scenario_start = start->instant;
  }
  return options;
}

// Blocks signals → opens, recovers, listens → says so → waits → the same in reverse.
Status Serve(const Flags& flags) {
  runtime::BlockSignals();
  runtime::SignalWaiter stop;
  MOTCUA_ASSIGN_OR_RETURN(StandaloneOptions options, ToOptions(flags));
  telemetry::LogInfo("opening", {{"data", flags.data}});
  MOTCUA_ASSIGN_OR_RETURN(std::unique_ptr<Standalone> standalone,
                          Standalone::Start(std::move(options)));
  std::cout << "ready " << standalone->address() << '\n' << std::flush;
  telemetry::LogInfo("serving", {{"address", standalone->address()}});
  stop.Wait();
  telemetry::LogInfo("stopping");
  standalone.reset();
  telemetry::LogInfo("stopped");
  return OkStatus();
}

}  // namespace

void AddStandaloneCommand(CLI::App& app, int& exit_code) {
  CLI::App& command = *app.add_subcommand(
      "standalone", "Run all five services in one process, on a log of its own");
  const auto flags = std::make_shared<Flags>();
  command.add_option("--data", flags->data, "folder of the log and the state stores")->required();
  command
      .add_option("--listen", flags->listen,
                  "HOST:PORT; port 0 = any free one; another host than loopback needs TLS or "
                  "--insecure-public")
      ->capture_default_str();
  command.add_option("--catalogue", flags->catalogue,
                     "folder of units, procedures, routes and calendars, or halong-2020 (when not "
                     "said) or quang-ninh-2026, which are built in");
  command
      .add_option("--partitions", flags->partitions,
                  "partitions of a new log (default 1); an existing log keeps its own")
      ->check(CLI::Range(1, 256));
  command.add_option("--scenario", flags->scenario,
                     "run by a clock that `motcua scenario set` moves, from this instant on "
                     "(2020-10-30T08:00:00+07:00)");
  command.add_flag("--trust-clock", flags->trust_clock,
                   "believe this machine's clock, though the log's last record is from later, or "
                   "from more than a year before");
  command.add_option("--master-key", flags->master_key,
                     "file of the key that all records of people rest on, mode 600 (default: "
                     "people/master.key in the folder, made at the first start)");
  command.add_option("--tls-cert", flags->certificate, "PEM file of the server's certificate");
  command.add_option("--tls-key", flags->key, "PEM file of its key");
  command.add_option("--tls-client-ca", flags->client_authority,
                     "PEM file: callers need a certificate of this authority");
  command.add_option("--metrics-listen", flags->metrics,
                     "HOST:PORT of Prometheus' exporter; without: none");
  command.add_flag("--insecure-public", flags->insecure_public,
                   "listen on a public address without TLS");
  command.footer(
      "Prints `ready HOST:PORT` once it serves; logs to standard error; ends cleanly on "
      "SIGTERM or Ctrl-C.\nExample: motcua standalone --data /tmp/motcua");
  command.callback([flags, &exit_code] {
    const Status served = Serve(*flags);
    if (served.ok()) return;
    telemetry::LogStatus(served);
    exit_code = 1;
  });
}

}  // namespace motcua::standalone
