#include "services/platform/process/service_process.h"

#include <optional>
#include <ostream>
#include <thread>
#include <utility>
#include <vector>

#include "services/platform/catalogue/catalogue_files.h"
#include "services/platform/config/load.h"
#include "services/platform/kafka/kafka_log.h"
#include "services/platform/people/local_parties.h"
#include "services/platform/process/assembly.h"
#include "services/platform/runtime/clocks.h"
#include "services/platform/runtime/signals.h"
#include "services/platform/telemetry/log.h"
#include "services/wire/codec.h"

namespace motcua::process {
namespace {

// Between two tries to open the log while no broker answers.
constexpr std::chrono::milliseconds kLogRetryPause{1'000};

Result<kafka::KafkaLogOptions> LogOptionsOf(const config::ProcessConfig& config) {
  kafka::KafkaLogOptions options;
  options.brokers = config.kafka.brokers;
  options.topic = config.kafka.topic;
  options.allow_unsafe = config.kafka.allow_unsafe;
  options.scenario = !config.scenario.empty();
  MOTCUA_ASSIGN_OR_RETURN(options.security.protocol,
                          kafka::ParseKafkaProtocol(config.kafka.security_protocol));
  options.security.ca_file = config.kafka.ca_file;
  options.security.certificate_file = config.kafka.certificate_file;
  options.security.key_file = config.kafka.key_file;
  options.security.key_password = config.kafka.key_password;
  options.security.sasl_mechanism = config.kafka.sasl_mechanism;
  options.security.sasl_username = config.kafka.sasl_username;
  options.security.sasl_password = config.kafka.sasl_password;
  options.warn = telemetry::LogStatus;
  return options;
}

AssemblyOptions AssemblyOptionsOf(const config::ProcessConfig& config, const std::string& log_id) {
  AssemblyOptions options;
  options.data = config.data;
  options.log_id = log_id;
  options.ordinal = config.instance.ordinal;
  options.replicas = config.instance.replicas;
  options.grace = config.instance.grace;
  options.metrics_listen = config.metrics.listen;
  options.server.listen = config.listen;
  options.server.insecure_public = config.insecure_public;
  options.server.certificate_file = config.tls.certificate;
  options.server.key_file = config.tls.key;
  options.server.client_authority_file = config.tls.client_authority;
  return options;
}

// A service may be started before its brokers. None when it was told to stop meanwhile.
Result<std::unique_ptr<kafka::KafkaLog>> OpenLog(const config::ProcessConfig& config,
                                                 const engine::Codec& codec,
                                                 runtime::SignalWaiter& stop) {
  while (true) {
    MOTCUA_ASSIGN_OR_RETURN(kafka::KafkaLogOptions options, LogOptionsOf(config));
    auto log = kafka::KafkaLog::Open(std::move(options), codec);
    const Reason why = log.status().reason();
    // Brokers that are starting refuse what they take a moment later: too few replicas, no rights.
    if (why != Reason::kLogUnavailable && why != Reason::kLogRefused) return log;
    telemetry::LogStatus(log.status().Prefixed("waiting for the log"));
    if (stop.WaitFor(kLogRetryPause)) return std::unique_ptr<kafka::KafkaLog>();
  }
}

// What intake keeps of people on this machine; none where the setting is empty. A second instance
// would not see them, so there may be none.
Result<std::unique_ptr<people::LocalParties>> OpenPeople(const config::ProcessConfig& config,
                                                         const ServiceModule& module) {
  if (!module.keeps_people() || config.people.folder.empty()) {
    return std::unique_ptr<people::LocalParties>();
  }
  if (config.instance.replicas != 1) {
    return FieldError("people.folder",
                      "needs instance.replicas = 1: people in a folder are of one instance");
  }
  people::LocalPartiesOptions options;
  options.folder = config.people.folder;
  options.master_key = config.people.master_key;
  options.make_master_key = config.people.master_key.empty();
  return people::LocalParties::Open(options);
}

// The machine's clock, or the one of a history.
struct Clocks {
  runtime::SystemClock system;
  std::optional<runtime::ScenarioClock> scenario;

  const engine::Clock& used() const {
    return scenario ? static_cast<const engine::Clock&>(*scenario) : system;
  }
};

Status StartScenario(const config::ProcessConfig& config, Clocks& clocks) {
  if (config.scenario.empty()) return OkStatus();
  const Result<ZonedTime> start = ParseZonedTime(config.scenario);
  if (!start.ok()) return FieldError("scenario", start.status().message());
  clocks.scenario.emplace(start->instant);
  return OkStatus();
}

// Log → assembly → ready → until told to stop → the same in reverse.
Status Serve(const config::ProcessConfig& config, std::unique_ptr<ServiceModule> module,
             runtime::SignalWaiter& stop, std::ostream& out) {
  const wire::WireCodec codec;
  Clocks clocks;
  MOTCUA_RETURN_IF_ERROR(StartScenario(config, clocks));
  MOTCUA_ASSIGN_OR_RETURN(const std::shared_ptr<const catalogue::Catalogue> catalogue,
                          catalogue::LoadCatalogue(config.catalogue));
  // Before the log, for which it may wait long: what is wrong here is said at once.
  MOTCUA_ASSIGN_OR_RETURN(const std::unique_ptr<people::LocalParties> people,
                          OpenPeople(config, *module));
  MOTCUA_ASSIGN_OR_RETURN(const std::unique_ptr<kafka::KafkaLog> log, OpenLog(config, codec, stop));
  if (!log) return OkStatus();
  std::vector<std::unique_ptr<ServiceModule>> modules;
  modules.push_back(std::move(module));
  AssemblyOptions options = AssemblyOptionsOf(config, log->id());
  if (clocks.scenario) options.scenario = &*clocks.scenario;
  MOTCUA_ASSIGN_OR_RETURN(const std::unique_ptr<Assembly> assembly,
                          Assembly::Start({*log, clocks.used(), codec, catalogue, people.get()},
                                          std::move(modules), std::move(options)));
  telemetry::LogInfo("listening", {{"address", assembly->address()}});
  Status served;
  std::thread starter([&] {
    served = assembly->AwaitServing();
    if (served.ok()) {
      out << "ready " << assembly->address() << '\n' << std::flush;
    } else {
      stop.Wake();
    }
  });
  stop.Wait();
  telemetry::LogInfo("stopping");
  assembly->Interrupt();
  starter.join();
  return served.reason() == Reason::kNotServing ? OkStatus() : served;
}

}  // namespace

int RunService(int argc, const char* const* argv, std::string summary,
               std::unique_ptr<ServiceModule> module, std::ostream& out) {
  const Result<config::Loaded> loaded =
      config::Load(config::SourcesOfProcess(argc, argv, std::move(summary)));
  if (!loaded.ok()) {
    telemetry::LogStatus(loaded.status());
    return kExitSettings;
  }
  if (!loaded->print.empty()) {
    out << loaded->print << std::flush;
    return 0;
  }
  runtime::BlockSignals();
  runtime::SignalWaiter stop;
  const config::ProcessConfig& config = loaded->config;
  telemetry::ConfigureLog(
      config.log, {{"service", module->rules().name()}, {"instance", config.instance.ordinal}});
  const Status served = Serve(config, std::move(module), stop, out);
  if (!served.ok()) {
    telemetry::LogStatus(served);
    return kExitStart;
  }
  telemetry::LogInfo("stopped");
  return 0;
}

}  // namespace motcua::process
