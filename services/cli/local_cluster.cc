#include "services/cli/local_cluster.h"

#include <csignal>
#include <fstream>
#include <system_error>

#include "services/base/check.h"

namespace motcua::cli {
namespace {

namespace fs = std::filesystem;

std::string NameOf(const std::string& service, int ordinal) {
  return service + "-" + std::to_string(ordinal);
}

std::string LastLine(const fs::path& file) {
  std::ifstream stream(file);
  std::string last;
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty()) last = line;
  }
  return last;
}

Status MakeFolder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error) return OkStatus();
  return Status(Reason::kFileUnreadable,
                "cannot make the folder " + folder.string() + ": " + error.message(),
                {{"file", folder.string()}});
}

}  // namespace

Result<std::unique_ptr<LocalCluster>> LocalCluster::Start(LocalClusterOptions options) {
  std::unique_ptr<LocalCluster> cluster(new LocalCluster(std::move(options)));
  MOTCUA_RETURN_IF_ERROR(cluster->Run());
  return cluster;
}

Status LocalCluster::Run() {
  MOTCUA_RETURN_IF_ERROR(MakeFolder(options_.data / "log"));
  file_.partitions = options_.partitions;
  for (const std::string_view service : cluster::kServices) {
    for (int ordinal = 0; ordinal < options_.instances; ++ordinal) {
      Launch(std::string(service), ordinal);
    }
  }
  for (const std::string_view name : cluster::kServices) {
    const std::string service(name);
    for (int ordinal = 0; ordinal < options_.instances; ++ordinal) {
      MOTCUA_RETURN_IF_ERROR(AwaitReady(service, ordinal));
      file_.services[service].push_back(At(service, ordinal).address);
    }
  }
  std::ofstream stream(cluster_file(), std::ios::trunc);
  stream << cluster::FormatClusterFile(file_) << std::flush;
  if (stream.good()) return OkStatus();
  return Status(Reason::kFileUnreadable, "cannot write " + cluster_file().string(),
                {{"file", cluster_file().string()}});
}

void LocalCluster::Launch(const std::string& service, int ordinal,
                          const std::vector<std::string>& more) {
  Instance& instance = instances_[{service, ordinal}];
  std::vector<std::string> command = {ProgramOf(service).string()};
  if (!options_.motcua.empty()) command.insert(command.end(), {"service", service});
  for (const std::string& flag :
       {"--data=" + store(service, ordinal).parent_path().string(), "--listen=" + instance.address,
        "--instance-ordinal=" + std::to_string(ordinal),
        "--instance-replicas=" + std::to_string(options_.instances),
        "--kafka-brokers=" + options_.brokers}) {
    command.push_back(flag);
  }
  command.insert(command.end(), options_.flags.begin(), options_.flags.end());
  command.insert(command.end(), more.begin(), more.end());
  std::vector<std::string> environment;
  if (options_.environment) environment = options_.environment(service, ordinal);
  instance.child =
      std::make_unique<runtime::Child>(command, log(service, ordinal).string(), environment);
}

Status LocalCluster::AwaitReady(const std::string& service, int ordinal) {
  constexpr std::string_view kReady = "ready ";
  Instance& instance = At(service, ordinal);
  const std::string line = instance.child->ReadLine();
  if (const fs::path program = ProgramOf(service); line.empty() && !fs::exists(program)) {
    return Status(Reason::kFileUnreadable,
                  "there is no " + program.string() + "; scripts/build " +
                      program.filename().string() + " makes it",
                  {{"file", program.string()}});
  }
  if (!line.starts_with(kReady)) {
    return Status(Reason::kInternal,
                  NameOf(service, ordinal) + " did not start: " + LastLine(log(service, ordinal)));
  }
  instance.address = line.substr(kReady.size());
  if (options_.say) options_.say(NameOf(service, ordinal) + " " + instance.address);
  return OkStatus();
}

LocalCluster::~LocalCluster() {
  // All together, or each would take its time alone.
  for (auto& [name, instance] : instances_) {
    if (!instance.child) continue;
    instance.child->Signal(SIGCONT);
    instance.child->Signal(SIGTERM);
  }
  for (auto& [name, instance] : instances_) {
    if (instance.child) instance.child->WaitFor(kInstanceStopMax);
  }
}

fs::path LocalCluster::ProgramOf(const std::string& service) const {
  return options_.motcua.empty() ? options_.programs / ("motcua-" + service) : options_.motcua;
}

LocalCluster::Instance& LocalCluster::At(const std::string& service, int ordinal) {
  const auto found = instances_.find({service, ordinal});
  MOTCUA_CHECK(found != instances_.end(), "an instance that the cluster does not have");
  return found->second;
}

fs::path LocalCluster::store(const std::string& service, int ordinal) const {
  return options_.data / NameOf(service, ordinal) / service;
}

fs::path LocalCluster::log(const std::string& service, int ordinal) const {
  return options_.data / "log" / (NameOf(service, ordinal) + ".log");
}

std::vector<std::pair<std::string, int>> LocalCluster::Dead() {
  std::vector<std::pair<std::string, int>> dead;
  for (auto& [name, instance] : instances_) {
    if (!instance.child->running()) dead.push_back(name);
  }
  return dead;
}

pid_t LocalCluster::Pid(const std::string& service, int ordinal) {
  return At(service, ordinal).child->pid();
}

void LocalCluster::Signal(const std::string& service, int ordinal, int signal) {
  At(service, ordinal).child->Signal(signal);
}

void LocalCluster::Kill(const std::string& service, int ordinal) {
  At(service, ordinal).child->Kill();
}

void LocalCluster::Stop(const std::string& service, int ordinal) {
  At(service, ordinal).child->Signal(SIGTERM);
  At(service, ordinal).child->WaitFor(kInstanceStopMax);
}

Status LocalCluster::StartAgain(const std::string& service, int ordinal,
                                const std::vector<std::string>& more) {
  Launch(service, ordinal, more);
  return AwaitReady(service, ordinal);
}

}  // namespace motcua::cli
