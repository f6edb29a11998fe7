// Round: real brokers, processes of each service (two) and a load over them; faults, one after the
// other, each a phase of its own; at the end the account.
//
//   auto round = Round::Start({});
//   MOTCUA_REQUIRE_KAFKA(round);
//   (*round)->Run("intake killed", [&] { … });
//   (*round)->Finish();
//
// A fault or an end that goes wrong is a failure of the running test. One thread; everything has a
// bound.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "motcua/admin/v1/admin.pb.h"
#include "services/cli/local_cluster.h"
#include "tests/chaos/checker.h"
#include "tests/chaos/load.h"
#include "tests/support/kafka.h"
#include "tests/support/tcp_proxy.h"
#include "tests/support/temp_dir.h"

namespace motcua::chaos {

inline constexpr int kInstances = 2;
inline constexpr engine::PartitionId kPartitions = 4;
// Commands that are answered before a fault, so that it strikes under load, and after it, so that
// what it did to them is seen.
inline constexpr std::size_t kAnswersAround = 40;
// Within which clients must be served again, on a busy machine.
inline constexpr std::chrono::seconds kRecoveryMax{90};

// What a fault does. Its name stands in the table.
struct Fault {
  std::string name;
  std::function<void()> strike;
};

struct RoundOptions {
  int brokers = 3;
  // Proxies stand between services and brokers, and between clients and services.
  bool proxies = false;
  engine::PartitionId partitions = kPartitions;
  int instances = kInstances;  // of each service
  // The folder of the services' programs; empty: the product's.
  std::filesystem::path programs = {};
  // Within which clients must be served again, and all must be read at the end.
  std::chrono::seconds patience = kRecoveryMax;
  LoadOptions load = {};
  // Of one process of a service, as LocalCluster has it; may be empty.
  std::function<std::vector<std::string>(const std::string& service, int ordinal)> environment = {};
  // Of the brokers' processes, as KafkaCluster has it.
  std::string broker_environment = {};
};

// Of the running test.
inline void ExpectOk(const Status& status) { EXPECT_TRUE(status.ok()) << status.ToString(); }

class Round {
 public:
  // The seed is of the environment (MOTCUA_CHAOS_SEED) or of chance; it is printed.
  static Result<std::unique_ptr<Round>> Start(RoundOptions options = {});
  ~Round();
  Round(const Round&) = delete;
  Round& operator=(const Round&) = delete;

  testing::KafkaCluster& kafka() { return *kafka_; }
  cli::LocalCluster& cluster() { return *cluster_; }
  const cluster::Directory& directory() const { return *directory_; }
  Load::DirectoryPtr directory_pointer() const { return directory_; }
  Load& load() { return *load_; }
  std::uint64_t seed() const { return seed_; }
  // Where asked for: before each broker, in the order of nodes; before each process.
  using Proxies = std::vector<std::unique_ptr<testing::TcpProxy>>;
  const Proxies& broker_proxies() const { return broker_proxies_; }
  testing::TcpProxy& ProxyOf(const std::string& service, int ordinal) {
    return *service_proxies_.at({service, ordinal});
  }

  // Load, the fault under load, load again until all services answer.
  void Run(const Fault& fault);
  // All of them in an order by the seed; again in other orders until MOTCUA_CHAOS_ROUNDS faults
  // have struck, where that is more.
  void RunAll(std::vector<Fault> faults);
  // Whether commands of clients are answered, `more` of them.
  void AwaitAnswers(std::size_t more = kAnswersAround);
  // Until every copy in Kafka has what its leader has: else the next fault of a broker finds one
  // copy less than there are brokers, and the one before is still part of it.
  void AwaitCopies() const;
  // Lets a fault last, under load.
  static void Endure(std::chrono::milliseconds duration);
  // What one process says of itself; nothing if it does not answer.
  bool Ask(const std::string& service, int ordinal, admin::v1::GetInstanceResponse& answer) const;
  // Figures of the present phase.
  PhaseFigures Figures() const { return load_->books().Figures().back(); }

  // Ends the load, waits until all have read everything, and checks. Prints the table.
  Verdict Account();
  // The same; every finding is a failure of the test.
  void Finish();

 private:
  explicit Round(RoundOptions options) : options_(std::move(options)) {}
  Status Begin();
  Status BeginKafka();
  Status BeginServices();
  using Ends = std::map<std::uint32_t, std::uint64_t>;  // by partition
  Result<Ends> QuietEnds() const;
  Result<std::vector<Partition>> AwaitQuietTopic() const;
  void StopServices();
  void PrintTable(const Verdict& verdict) const;

  const RoundOptions options_;
  const testing::TempDir temp_;
  std::uint64_t seed_ = 0;
  bool finished_ = false;
  std::unique_ptr<testing::KafkaCluster> kafka_;
  Proxies broker_proxies_;
  std::unique_ptr<cli::LocalCluster> cluster_;
  std::map<std::pair<std::string, int>, std::unique_ptr<testing::TcpProxy>> service_proxies_;
  std::shared_ptr<const cluster::Directory> directory_;
  std::unique_ptr<Load> load_;
};

}  // namespace motcua::chaos
