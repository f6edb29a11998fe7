#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <future>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>

#include "motcua/admin/v1/admin.pb.h"
#include "services/cli/command.h"
#include "services/cli/commands.h"
#include "services/cli/local_cluster.h"
#include "services/cli/table.h"
#include "services/platform/cluster/directory.h"
#include "services/platform/grpc/calls.h"
#include "services/platform/kafka/topics.h"
#include "services/platform/runtime/scope_guard.h"
#include "services/platform/runtime/signals.h"

namespace motcua::cli {
namespace {

namespace fs = std::filesystem;
using admin::v1::GetInstanceRequest;
using admin::v1::GetInstanceResponse;
using admin::v1::ServiceInstance;
using cluster::Directory;

// ---- status ----------------------------------------------------------------------------------

constexpr std::chrono::milliseconds kStatusPatience{2'000};

// What one process says, or why it says nothing.
struct Report {
  const Directory::Instance* instance = nullptr;
  Result<GetInstanceResponse> answer;
};

Report AskInstance(const Directory::Instance& instance) {
  rpc::CallPolicy policy;
  policy.deadline = kStatusPatience;
  policy.tries_max = 1;
  GetInstanceResponse answer;
  const Status status = rpc::CallMethod(instance.channel, GetInstanceRequest(), answer, policy);
  if (!status.ok()) return {&instance, status};
  return {&instance, std::move(answer)};
}

std::vector<Report> AskAll(const Directory& directory) {
  std::vector<std::future<Report>> asked;
  for (const Directory::Instance* instance : directory.instances()) {
    asked.push_back(std::async(std::launch::async, [instance] { return AskInstance(*instance); }));
  }
  std::vector<Report> reports;
  reports.reserve(asked.size());
  for (std::future<Report>& report : asked) reports.push_back(report.get());
  return reports;
}

nlohmann::json JsonOf(const ServiceInstance& service, const std::string& address) {
  nlohmann::json json{{"service", service.service()},   {"ordinal", service.ordinal()},
                      {"replicas", service.replicas()}, {"address", address},
                      {"serving", service.serving()},   {"log_id", service.log_id()},
                      {"failure", service.failure()},   {"partitions", nlohmann::json::array()}};
  for (const auto& partition : service.partitions()) {
    json["partitions"].push_back({{"partition", partition.partition()},
                                  {"first_in_line", partition.first_in_line()},
                                  {"next_offset", partition.next_offset()},
                                  {"end_offset", partition.end_offset()},
                                  {"lag", partition.end_offset() - partition.next_offset()},
                                  {"events_in_flight", partition.events_in_flight()},
                                  {"failure", partition.failure()}});
  }
  return json;
}

std::vector<std::string> RowOf(const ServiceInstance& service, const std::string& address) {
  std::uint64_t read = 0;
  std::uint64_t lag = 0;
  std::uint64_t in_flight = 0;
  std::string first;
  std::string failure = service.failure();
  for (const auto& partition : service.partitions()) {
    if (!partition.failure().empty() && service.serving()) {
      failure += (failure.empty() ? "partition " : "; partition ") +
                 std::to_string(partition.partition()) + ": " + partition.failure();
    }
    read += partition.next_offset();
    lag += partition.end_offset() - partition.next_offset();
    in_flight += partition.events_in_flight();
    if (!partition.first_in_line()) continue;
    first += (first.empty() ? "" : " ") + std::to_string(partition.partition());
  }
  return {service.service() + "-" + std::to_string(service.ordinal()),
          address,
          service.serving() ? "SERVING" : "NOT_SERVING",
          std::to_string(read),
          std::to_string(lag),
          std::to_string(in_flight),
          first,
          failure};
}

// Not ok unless every instance answers and serves, and all fold the same log.
Status ShowStatus(Context& context, const Directory& directory) {
  Table table;
  table.AddColumn("Instance", Table::Align::kLeft, Table::Width::kFirm);
  table.AddColumn("Address", Table::Align::kLeft, Table::Width::kFirm);
  table.AddColumn("Health", Table::Align::kLeft, Table::Width::kFirm);
  table.AddColumn("Read", Table::Align::kRight, Table::Width::kFirm);
  table.AddColumn("Lag", Table::Align::kRight, Table::Width::kFirm);
  table.AddColumn("In flight", Table::Align::kRight, Table::Width::kFirm);
  table.AddColumn("First in line for");
  table.AddColumn("Why not");
  nlohmann::json json = nlohmann::json::array();
  std::map<std::string, int> logs;
  int away = 0;
  for (const Report& report : AskAll(directory)) {
    if (!report.answer.ok()) {
      ++away;
      const std::string name =
          report.instance->service + "-" + std::to_string(report.instance->ordinal);
      const std::string why = report.answer.status().ToString();
      table.AddRow({name, report.instance->address, "NO ANSWER", "", "", "", "", why});
      json.push_back({{"service", report.instance->service},
                      {"ordinal", report.instance->ordinal},
                      {"address", report.instance->address},
                      {"serving", false},
                      {"failure", why}});
      continue;
    }
    for (const ServiceInstance& service : report.answer->services()) {
      if (!service.serving()) ++away;
      ++logs[service.log_id()];
      table.AddRow(RowOf(service, report.instance->address));
      json.push_back(JsonOf(service, report.instance->address));
    }
  }
  if (context.options.format == Format::kJson) {
    context.terminal.out << json.dump() << '\n';
  } else {
    context.terminal.out << table.Render(context.terminal.width);
  }
  if (logs.size() > 1) {
    return Status(Reason::kLogDamaged, "the instances fold different logs");
  }
  if (away == 0) return OkStatus();
  return Status(Reason::kNotServing, std::to_string(away) + " of them do not serve");
}

// ---- up --------------------------------------------------------------------------------------

constexpr std::chrono::milliseconds kLookAtInstances{500};

struct UpOptions {
  std::string data;
  std::string brokers_at;  // empty: scripts/kafka starts some
  int brokers = 0;
  int instances = 0;
  unsigned partitions = 0;
};

// The script of the sources that this program was built from, or what the environment names.
std::string KafkaScript() {
  const char* const named = std::getenv("MOTCUA_KAFKA_SCRIPT");
  return named != nullptr ? named : MOTCUA_KAFKA_SCRIPT;
}

Result<std::string> StartKafka(const UpOptions& options) {
  const std::string script = KafkaScript();
  if (!fs::exists(script)) {
    return Status(Reason::kFileUnreadable,
                  "there is no " + script +
                      " to start Kafka with: name one by MOTCUA_KAFKA_SCRIPT, or a Kafka that runs "
                      "by --brokers-at",
                  {{"file", script}});
  }
  const std::string log = options.data + "/log/kafka.log";
  runtime::Child child({"/bin/bash", script, "start", "--brokers", std::to_string(options.brokers),
                        "--data", options.data + "/kafka"},
                       log);
  std::string line;
  constexpr std::string_view kReady = "ready ";
  do {
    line = child.ReadLine();
  } while (!line.empty() && !line.starts_with(kReady));
  child.ReadAll();
  if (child.Wait() != 0 || line.empty()) {
    return Status(Reason::kLogUnavailable, "Kafka did not start; see " + log);
  }
  return line.substr(kReady.size());
}

void StopKafka(const UpOptions& options) {
  runtime::Child child({"/bin/bash", KafkaScript(), "stop", "--data", options.data + "/kafka"},
                       options.data + "/log/kafka.log");
  child.ReadAll();
  child.Wait();
}

Status MakeTopics(const UpOptions& options, const std::string& brokers) {
  kafka::KafkaConnection connection;
  connection.brokers = brokers;
  kafka::TopicPlan plan;
  plan.partitions = static_cast<engine::PartitionId>(options.partitions);
  plan.replicas = std::min(options.brokers, 3);
  plan.in_sync_min = plan.replicas > 1 ? 2 : 1;
  return kafka::CreateTopics(connection, plan).status();
}

// What ends is started again, until told to stop. `scenario`: what its clock then says; may be
// empty.
void Watch(Context& context, LocalCluster& cluster, const std::string& scenario,
           runtime::SignalWaiter& stop) {
  while (!stop.WaitFor(kLookAtInstances)) {
    for (const auto& [service, ordinal] : cluster.Dead()) {
      context.terminal.err << service << '-' << ordinal << " ended; starting it again\n";
      const Status again = cluster.StartAgain(service, ordinal);
      if (!again.ok()) context.terminal.err << ErrorLine(again) << '\n';
      if (scenario.empty()) continue;
      context.terminal.err << "note: its clock says " << scenario
                           << "; a replay that runs sets it, else `motcua scenario set` does\n";
    }
  }
}

}  // namespace

Status ShowClusterStatus(const Invocation& invocation, const Session& session) {
  return ShowStatus(invocation.context(), session.directory());
}

Status RunCluster(const Invocation& invocation) {
  Context& context = invocation.context();
  UpOptions options;
  options.data = invocation.Text("--data");
  options.brokers_at = invocation.Text("--brokers-at");
  options.brokers = static_cast<int>(invocation.Whole("--brokers"));
  options.instances = static_cast<int>(invocation.Whole("--instances"));
  options.partitions = static_cast<unsigned>(invocation.Whole("--partitions"));
  if (options.brokers == 2) throw UsageError("--brokers", "2 not in {1,3}");
  const std::string scenario = invocation.Text("--scenario");
  if (const auto start = ParseZonedTime(scenario); !scenario.empty() && !start.ok()) {
    throw UsageError("--scenario", start.status().message());
  }
  runtime::BlockSignals();
  runtime::SignalWaiter stop;
  std::error_code error;
  options.data = fs::absolute(options.data).string();
  fs::create_directories(options.data + "/log", error);
  if (error) return FieldError("--data", "cannot be made: " + error.message());
  std::ostream& err = context.terminal.err;
  std::string brokers = options.brokers_at;
  const runtime::ScopeGuard stop_kafka([&] {
    if (options.brokers_at.empty()) StopKafka(options);
  });
  if (brokers.empty()) {
    err << "starting Kafka, " << options.brokers << (options.brokers == 1 ? " node" : " nodes")
        << "; the first time it is fetched\n";
    MOTCUA_ASSIGN_OR_RETURN(brokers, StartKafka(options));
  }
  err << "Kafka on " << brokers << '\n';
  MOTCUA_RETURN_IF_ERROR(MakeTopics(options, brokers));

  LocalClusterOptions cluster_options;
  cluster_options.data = options.data;
  // This very program: what the user has built is all that is needed.
  cluster_options.motcua = fs::read_symlink("/proc/self/exe");
  cluster_options.brokers = brokers;
  cluster_options.partitions = static_cast<engine::PartitionId>(options.partitions);
  cluster_options.instances = options.instances;
  if (options.brokers < 2) cluster_options.flags.emplace_back("--kafka-allow-unsafe=true");
  if (!scenario.empty()) cluster_options.flags.push_back("--scenario=" + scenario);
  cluster_options.say = [&err](const std::string& line) { err << line << '\n'; };
  MOTCUA_ASSIGN_OR_RETURN(const std::unique_ptr<LocalCluster> cluster,
                          LocalCluster::Start(std::move(cluster_options)));
  const std::string file = cluster->cluster_file().string();
  context.terminal.out << "ready " << file << '\n' << std::flush;
  err << "In another terminal:\n  export MOTCUA_CLUSTER=" << file
      << "\n  motcua cluster status\nCtrl-C ends it all; the data stays in " << options.data
      << '\n';
  Watch(context, *cluster, scenario, stop);
  err << "stopping\n";
  return OkStatus();
}

}  // namespace motcua::cli
