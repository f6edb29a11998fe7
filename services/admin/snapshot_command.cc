// motcua admin snapshot, motcua admin restore
#include <CLI/CLI.hpp>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <memory>
#include <ostream>
#include <string>
#include <system_error>

#include "services/admin/commands.h"
#include "services/admin/fetch_snapshot.h"
#include "services/admin/kafka_records.h"
#include "services/admin/local_records.h"
#include "services/admin/snapshot.h"
#include "services/cli/cli.h"
#include "services/cli/session.h"
#include "services/platform/cluster/directory.h"

namespace motcua::admin {
namespace {

namespace fs = std::filesystem;

struct SnapshotFlags {
  std::string data;
  std::string instance;
  std::string to;
};

struct RestoreFlags {
  std::string from;
  std::string data;
  std::string log;
  std::string log_id;
  bool replace = false;
  KafkaFlags kafka;
};

void Say(std::ostream& out, std::string_view what, const SnapshotManifest& manifest) {
  std::uint64_t bytes = 0;
  for (const SnapshotFile& file : manifest.files) bytes += file.bytes;
  out << what << ": " << manifest.format.service << " of log " << manifest.format.log_id << ", "
      << manifest.files.size() << " files, " << bytes << " bytes, next offsets";
  for (const engine::Offset offset : manifest.offsets) out << ' ' << offset;
  out << '\n';
}

ExpectedLog Describe(const RecordSource& log) {
  ExpectedLog expected{log.log_id(), log.partitions(), {}};
  for (engine::PartitionId p = 0; p < log.partitions(); ++p) expected.ends.push_back(log.end(p));
  return expected;
}

// The log that the store will go on with: as told, else the embedded one beside the store.
Result<ExpectedLog> FindLog(const RestoreFlags& flags, const fs::path& store) {
  if (!flags.log_id.empty()) return ExpectedLog{flags.log_id, 0, {}};
  if (!flags.kafka.brokers.empty()) {
    MOTCUA_ASSIGN_OR_RETURN(const kafka::KafkaConnection connection, ToConnection(flags.kafka));
    MOTCUA_ASSIGN_OR_RETURN(const auto log, KafkaRecords::Open(connection, flags.kafka.topic));
    return Describe(*log);
  }
  const fs::path embedded = flags.log.empty() ? store.parent_path() / "log" : fs::path(flags.log);
  std::error_code error;
  if (flags.log.empty() && !fs::exists(embedded, error)) {
    return FieldError("--brokers", "say which log the service reads: --brokers, --log or --log-id");
  }
  MOTCUA_ASSIGN_OR_RETURN(const auto log, LocalRecords::Open(embedded));
  return Describe(*log);
}

// Says now and then how much has come.
class Received {
 public:
  explicit Received(std::ostream& out) : out_(out), shown_(Clock::now()) {}
  void Show(std::uint64_t bytes) {
    constexpr std::uint64_t kMebibyte = 1024 * 1024;
    if (Clock::now() - shown_ < kEvery) return;
    shown_ = Clock::now();
    out_ << "received " << bytes / kMebibyte << " MiB\n" << std::flush;
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds kEvery{2};
  std::ostream& out_;
  Clock::time_point shown_;
};

// "intake-1", or "intake" for its first instance.
struct InstanceName {
  std::string service;
  int ordinal = 0;
};
Result<InstanceName> ParseInstance(const std::string& text) {
  const std::size_t dash = text.find('-');
  InstanceName name{text.substr(0, dash)};
  if (dash == std::string::npos) return name;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data() + dash + 1, end, name.ordinal);
  if (parsed.ec == std::errc() && parsed.ptr == end && name.ordinal >= 0) return name;
  return FieldError("--instance",
                    "must be a service and the number of its instance, like intake-1");
}

Result<SnapshotManifest> FetchFrom(const std::string& instance, const std::string& to,
                                   cli::Context& context) {
  MOTCUA_ASSIGN_OR_RETURN(const InstanceName name, ParseInstance(instance));
  MOTCUA_ASSIGN_OR_RETURN(const cli::Session session, cli::Session::Open(context));
  for (const cluster::Directory::Instance* known : session.directory().instances()) {
    // The one process of --server has no name: it says itself what it has.
    const bool anonymous = known->service.empty();
    if (!anonymous && (known->service != name.service || known->ordinal != name.ordinal)) continue;
    const auto stub = v1::InstanceService::NewStub(known->channel);
    Received received(context.terminal.err);
    return FetchSnapshot(*stub, name.service, to,
                         [&received](std::uint64_t bytes) { received.Show(bytes); });
  }
  return FieldError("--instance", "is none of the cluster; see `motcua cluster status`");
}

Status Snapshot(const SnapshotFlags& flags, cli::Context& context) {
  if (flags.data.empty() == flags.instance.empty()) {
    return FieldError("--instance", "is to be given, or --data: one of the two");
  }
  const std::string to = WithoutSlash(flags.to);
  MOTCUA_ASSIGN_OR_RETURN(const SnapshotManifest manifest,
                          flags.data.empty() ? FetchFrom(flags.instance, to, context)
                                             : TakeSnapshot(WithoutSlash(flags.data), to));
  Say(context.terminal.out, "taken", manifest);
  return OkStatus();
}

Status Restore(const RestoreFlags& flags, cli::Context& context) {
  const fs::path store = WithoutSlash(flags.data);
  MOTCUA_ASSIGN_OR_RETURN(const ExpectedLog log, FindLog(flags, store));
  MOTCUA_ASSIGN_OR_RETURN(const SnapshotManifest manifest,
                          RestoreSnapshot(WithoutSlash(flags.from), store, log, flags.replace));
  Say(context.terminal.out, "restored", manifest);
  return OkStatus();
}

}  // namespace

void AddSnapshotCommands(CLI::App& admin, cli::Context& context) {
  CLI::App& take = cli::AddCommand(
      admin, context, "snapshot",
      "Copy the state store of a service that runs, or of a stopped one on this machine, so that "
      "another machine goes on from there",
      "motcua admin snapshot --cluster /tmp/motcua/cluster.toml --instance intake-1 --to "
      "/tmp/intake-1");
  const auto taken = std::make_shared<SnapshotFlags>();
  take.add_option("--instance", taken->instance,
                  "which running one: of the cluster's (intake-1), or of --server's services "
                  "(intake); it serves on")
      ->type_name("NAME");
  take.add_option("--data", taken->data, "folder of a stopped one's state store, DATA/intake")
      ->type_name("DIR");
  take.add_option("--to", taken->to, "new folder of the snapshot")->type_name("DIR")->required();
  SetRun(take, context, [taken, &context] { return Snapshot(*taken, context); });

  CLI::App& restore = *admin.add_subcommand(
      "restore", "Make a state store from a snapshot; the service reads the log from there on");
  const auto flags = std::make_shared<RestoreFlags>();
  restore.add_option("--from", flags->from, "folder of the snapshot")->required();
  restore.add_option("--data", flags->data, "folder of the state store, DATA/intake")->required();
  restore.add_flag("--replace", flags->replace, "replace a store that is there");
  restore.add_option("--log", flags->log,
                     "folder of the embedded log that the service reads (default: DATA/log)");
  restore.add_option("--log-id", flags->log_id,
                     "id of the log that the service reads, where neither it nor brokers can be "
                     "reached from here");
  AddKafkaFlags(restore, flags->kafka);
  restore.footer(
      "Example: motcua admin restore --from /tmp/intake-1 --data /var/lib/motcua/intake "
      "--brokers kafka-1:9092");
  SetRun(restore, context, [flags, &context] { return Restore(*flags, context); });
}

}  // namespace motcua::admin
