// motcua admin dump-state, motcua admin dump-log
#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "services/admin/commands.h"
#include "services/admin/dump_state.h"
#include "services/admin/open_log.h"
#include "services/admin/replay.h"
#include "services/platform/rocksdb/store_view.h"
#include "services/wire/codec.h"

namespace motcua::admin {
namespace {

using engine::Offset;
using engine::PartitionId;

struct StateFlags {
  std::string store;
  DumpedRows rows = DumpedRows::kAll;
};

struct DumpFlags {
  LogFlags log;
  std::optional<PartitionId> partition;
  OutputFormat format = OutputFormat::kTable;
};

std::string HexOf(std::uint64_t hash) {
  constexpr std::size_t kDigits = 16;
  std::array<char, kDigits + 1> text{};
  std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(hash));
  return text.data();
}

nlohmann::ordered_json JsonOf(const ReplayedRecord& record) {
  nlohmann::ordered_json json = {{"partition", record.partition},
                                 {"offset", record.entry.offset},
                                 {"verdict", VerdictName(record.verdict)},
                                 {"bytes", record.entry.bytes},
                                 {"hash", HexOf(record.entry.tip.value())}};
  if (record.entry.appended) json["appended"] = FormatInstant(*record.entry.appended);
  if (!record.entry.event) return json;
  const cases::CaseEvent& event = *record.entry.event;
  json["event"] = cases::PayloadName(event.payload);
  json["dossier"] = event.dossier.value();
  json["version"] = event.version();
  json["follows"] = HexOf(event.steps.front().follows.value());
  json["unit"] = event.about().unit().value();
  if (const cases::Step* book = event.StepOn(cases::AggregateKind::kBook)) {
    json["book_version"] = book->version;
  }
  json["request_id"] = cases::FormatRequestId(event.request_id);
  json["request_digest"] = HexOf(event.request_digest);
  json["cause"] = event.cause;
  json["actor"] = event.actor.value();
  json["at"] = FormatInstant(event.at.instant);
  json["effective"] = FormatInstant(record.effective);
  return json;
}

std::string LineOf(const ReplayedRecord& record) {
  std::string line = std::to_string(record.partition) + "/" + std::to_string(record.entry.offset) +
                     "  " + std::string(VerdictName(record.verdict));
  if (!record.entry.event) return line + "  " + std::to_string(record.entry.bytes) + " bytes";
  const cases::CaseEvent& event = *record.entry.event;
  return line + "  " + std::string(cases::PayloadName(event.payload)) + "  " +
         std::string(event.about().name()) + "  version " + std::to_string(event.version()) +
         "  request " + cases::FormatRequestId(event.request_id);
}

using Counts = std::map<std::string_view, std::uint64_t>;

Status DumpPartition(RecordSource& log, PartitionId partition, OutputFormat format,
                     const cli::Terminal& terminal, Counts& counts) {
  const wire::WireCodec codec;
  Replay replay(partition, log.partitions(), codec);
  for (Offset next = log.begin(); next < log.end(partition);) {
    MOTCUA_ASSIGN_OR_RETURN(const std::vector<engine::TakenRecord> records,
                            log.Read(partition, next));
    for (const engine::TakenRecord& taken : records) {
      MOTCUA_ASSIGN_OR_RETURN(const ReplayedRecord record, replay.Next(next++, taken));
      ++counts[VerdictName(record.verdict)];
      terminal.out << (format == OutputFormat::kJson ? JsonOf(record).dump() : LineOf(record))
                   << '\n';
    }
  }
  return OkStatus();
}

Status DumpLog(const DumpFlags& flags, cli::Context& context) {
  MOTCUA_ASSIGN_OR_RETURN(const std::unique_ptr<RecordSource> log, OpenLog(flags.log));
  if (flags.partition && *flags.partition >= log->partitions()) {
    return FieldError("--partition",
                      "the log has " + std::to_string(log->partitions()) + " partitions, from 0");
  }
  Counts counts;
  for (PartitionId p = 0; p < log->partitions(); ++p) {
    if (flags.partition && *flags.partition != p) continue;
    MOTCUA_RETURN_IF_ERROR(DumpPartition(*log, p, flags.format, context.terminal, counts));
  }
  context.terminal.out.flush();
  context.terminal.err << log->name() << ", log " << log->log_id() << ":";
  for (const auto& [verdict, count] : counts)
    context.terminal.err << ' ' << verdict << ' ' << count;
  context.terminal.err << '\n';
  return OkStatus();
}

Status Dump(const StateFlags& flags, cli::Context& context) {
  MOTCUA_ASSIGN_OR_RETURN(const auto store, rocks::StoreView::Open(WithoutSlash(flags.store)));
  return DumpState(*store, flags.rows, context.terminal.out);
}

void AddDumpState(CLI::App& admin, cli::Context& context) {
  static const std::map<std::string, DumpedRows> kRows = {{"all", DumpedRows::kAll},
                                                          {"dossiers", DumpedRows::kDossiers}};
  CLI::App& command = *admin.add_subcommand(
      "dump-state", "Every row of a stopped service's state store as text, to be compared");
  const auto flags = std::make_shared<StateFlags>();
  command.add_option("store", flags->store, "folder of the state store, DATA/intake")->required();
  command.add_option("--kind", flags->rows, "which rows")
      ->transform(CLI::CheckedTransformer(kRows).description(""))
      ->type_name("dossiers|all")
      ->default_str("all");
  command.footer("Example: motcua admin dump-state /var/lib/motcua/intake | sha256sum");
  SetRun(command, context, [flags, &context] { return Dump(*flags, context); });
}

void AddDumpLog(CLI::App& admin, cli::Context& context) {
  CLI::App& command = *admin.add_subcommand(
      "dump-log", "Every record of a log, and what the services say to it when they read it");
  const auto flags = std::make_shared<DumpFlags>();
  command.add_option("--partition", flags->partition, "this one only, from 0");
  AddFormatFlag(command, flags->format);
  AddLogFlags(command, flags->log);
  command.footer(
      "With --format json one object a line. Reads as far as the log went when it began.\n"
      "Example: motcua admin dump-log --brokers kafka-1:9092 --format json");
  SetRun(command, context, [flags, &context] { return DumpLog(*flags, context); });
}

}  // namespace

void AddDumpCommands(CLI::App& admin, cli::Context& context) {
  AddDumpState(admin, context);
  AddDumpLog(admin, context);
}

}  // namespace motcua::admin
