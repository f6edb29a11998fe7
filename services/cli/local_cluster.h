// LocalCluster: the services as processes of their own on this machine, several instances of each,
// over a Kafka that runs already. For `motcua cluster up` and for tests that break things.
//
//   MOTCUA_ASSIGN_OR_RETURN(auto cluster, LocalCluster::Start(options));
//   cluster->Kill("intake", 0);
//   MOTCUA_RETURN_IF_ERROR(cluster->StartAgain("intake", 0));   // same address, same store
//
// In the folder `data`: cluster.toml for clients, <service>-<ordinal>/ with the state store, and
// log/<service>-<ordinal>.log.
//
// One thread. The destructor ends every process, cleanly where it can.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "services/base/status.h"
#include "services/platform/cluster/cluster_file.h"
#include "services/platform/runtime/child.h"

namespace motcua::cli {

// A clean end; then it is killed.
inline constexpr std::chrono::seconds kInstanceStopMax{15};

struct LocalClusterOptions {
  std::filesystem::path data;
  // Either the folder of motcua-intake and the others, or the program that is all of them.
  std::filesystem::path programs;
  std::filesystem::path motcua;
  std::string brokers;
  engine::PartitionId partitions = 1;  // as the topic has them
  int instances = 2;
  std::vector<std::string> flags;  // more of them, for every instance
  // What one instance has in its environment beside this process's, "NAME=value"; may be empty.
  std::function<std::vector<std::string>(const std::string& service, int ordinal)> environment;
  // Called when an instance starts to serve, "intake-0 127.0.0.1:41234"; may be empty.
  std::function<void(const std::string&)> say;
};

class LocalCluster {
 public:
  // All at once; waits until each serves. An instance that ends instead: INTERNAL with its log's
  // last line, FILE_UNREADABLE when its program is not there.
  static Result<std::unique_ptr<LocalCluster>> Start(LocalClusterOptions options);
  ~LocalCluster();
  LocalCluster(const LocalCluster&) = delete;
  LocalCluster& operator=(const LocalCluster&) = delete;

  std::filesystem::path cluster_file() const { return options_.data / "cluster.toml"; }
  const cluster::ClusterFile& addresses() const { return file_; }
  std::filesystem::path store(const std::string& service, int ordinal) const;
  std::filesystem::path log(const std::string& service, int ordinal) const;

  // Whether all run; what does not is said as "intake-0".
  std::vector<std::pair<std::string, int>> Dead();
  pid_t Pid(const std::string& service, int ordinal);
  void Signal(const std::string& service, int ordinal, int signal);
  void Kill(const std::string& service, int ordinal);
  // A clean end: SIGTERM.
  void Stop(const std::string& service, int ordinal);
  // One that has ended, on the address it had. `more` flags come last and win.
  Status StartAgain(const std::string& service, int ordinal,
                    const std::vector<std::string>& more = {});
  // The same without waiting until it serves.
  void Launch(const std::string& service, int ordinal, const std::vector<std::string>& more = {});
  Status AwaitReady(const std::string& service, int ordinal);

 private:
  struct Instance {
    std::unique_ptr<runtime::Child> child;
    std::string address = "127.0.0.1:0";
  };

  explicit LocalCluster(LocalClusterOptions options) : options_(std::move(options)) {}
  Status Run();
  std::filesystem::path ProgramOf(const std::string& service) const;
  Instance& At(const std::string& service, int ordinal);

  const LocalClusterOptions options_;
  std::map<std::pair<std::string, int>, Instance> instances_;
  cluster::ClusterFile file_;
};

}  // namespace motcua::cli
