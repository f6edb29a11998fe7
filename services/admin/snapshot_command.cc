// motcua admin snapshot, motcua admin restore
#include <filesystem>
#include <memory>
#include <ostream>
#include <string>
#include <system_error>

#include "services/admin/commands.h"
#include "services/admin/kafka_records.h"
#include "services/admin/local_records.h"
#include "services/admin/snapshot.h"

namespace motcua::admin {
namespace {

namespace fs = std::filesystem;

struct SnapshotFlags {
  std::string data;
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

Status Snapshot(const SnapshotFlags& flags, Console console) {
  MOTCUA_ASSIGN_OR_RETURN(const SnapshotManifest manifest,
                          TakeSnapshot(WithoutSlash(flags.data), WithoutSlash(flags.to)));
  Say(console.terminal.out, "taken", manifest);
  return OkStatus();
}

Status Restore(const RestoreFlags& flags, Console console) {
  const fs::path store = WithoutSlash(flags.data);
  MOTCUA_ASSIGN_OR_RETURN(const ExpectedLog log, FindLog(flags, store));
  MOTCUA_ASSIGN_OR_RETURN(const SnapshotManifest manifest,
                          RestoreSnapshot(WithoutSlash(flags.from), store, log, flags.replace));
  Say(console.terminal.out, "restored", manifest);
  return OkStatus();
}

}  // namespace

void AddSnapshotCommands(CLI::App& admin, Console console) {
  CLI::App& take = *admin.add_subcommand(
      "snapshot", "Copy the state store of a stopped service, so that another machine goes on");
  const auto taken = std::make_shared<SnapshotFlags>();
  take.add_option("--data", taken->data, "folder of the state store, DATA/intake")->required();
  take.add_option("--to", taken->to, "new folder of the snapshot")->required();
  take.footer("Example: motcua admin snapshot --data /var/lib/motcua/intake --to /tmp/intake-1");
  SetRun(take, console, [taken, console] { return Snapshot(*taken, console); });

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
  SetRun(restore, console, [flags, console] { return Restore(*flags, console); });
}

}  // namespace motcua::admin
