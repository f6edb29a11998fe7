// motcua admin move-log
#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "services/admin/commands.h"
#include "services/admin/kafka_records.h"
#include "services/admin/local_records.h"
#include "services/admin/move_log.h"
#include "services/cli/table.h"
#include "services/platform/rocksdb/directory.h"

namespace motcua::admin {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kKafka = "kafka";
// Of the log below a data folder, as `motcua standalone` has it; and while it is being made.
constexpr std::string_view kLogFolder = "log";
constexpr std::string_view kPartialFolder = "log.partial";
// Between two looks at the clock.
constexpr std::uint64_t kRecordsPerLook = 256;

struct MoveFlags {
  std::string from;
  std::string to;
  bool allow_unsafe = false;
  KafkaFlags kafka;
};

std::string_view Words(MoveStep step) {
  switch (step) {
    case MoveStep::kCompare:
      return "comparing what is there already";
    case MoveStep::kAppend:
      return "appending";
    case MoveStep::kVerify:
      return "reading back and comparing";
  }
  return "";
}

// A bar for each step on standard error.
class Bars {
 public:
  explicit Bars(const cli::Terminal& terminal) : terminal_(terminal) {}

  void Update(MoveStep step, std::uint64_t done, std::uint64_t total) {
    const auto now = cli::ProgressBar::Clock::now();
    if (step_ != step) {
      step_ = step;
      terminal_.err << Words(step) << ": " << total << " records\n";
      bar_.emplace(terminal_.err, terminal_.err_is_terminal, now);
    }
    const double fraction = static_cast<double>(done) / static_cast<double>(total);
    if (done == total) {
      bar_->Finish(fraction, done, now);
    } else {
      bar_->Update(fraction, done, now);
    }
  }

  MoveProgress progress() {
    return [this](MoveStep step, std::uint64_t done, std::uint64_t total) {
      if (step == MoveStep::kAppend || done % kRecordsPerLook == 0 || done == total) {
        Update(step, done, total);
      }
    };
  }

 private:
  const cli::Terminal& terminal_;
  std::optional<MoveStep> step_;
  std::optional<cli::ProgressBar> bar_;
};

void Say(const std::vector<MovedPartition>& moved, const std::string& log_id,
         const cli::Terminal& terminal) {
  std::uint64_t records = 0;
  cli::Table table;
  table.AddColumn("Partition", cli::Table::Align::kRight);
  table.AddColumn("Records", cli::Table::Align::kRight);
  table.AddColumn("XXH3", cli::Table::Align::kRight);
  for (std::size_t p = 0; p < moved.size(); ++p) {
    records += moved[p].records;
    table.AddRow(
        {std::to_string(p), std::to_string(moved[p].records), std::to_string(moved[p].hash)});
  }
  terminal.out << table.Render(terminal.width) << "moved and compared: " << records
               << " records, now log " << log_id
               << "\nState stores are not moved: the services fold the new log from its "
                  "beginning.\n";
}

Status MoveIntoKafka(const MoveFlags& flags, const kafka::KafkaConnection& connection,
                     cli::Context& context) {
  MOTCUA_ASSIGN_OR_RETURN(const auto from, LocalRecords::Open(fs::path(flags.from) / kLogFolder));
  Bars bars(context.terminal);
  {
    const auto opened = KafkaRecords::Open(connection, flags.kafka.topic);
    if (opened.status().reason() == Reason::kFileInvalid) {
      return opened.status().Prefixed("the topic needs --partitions " +
                                      std::to_string(from->partitions()));
    }
    MOTCUA_RETURN_IF_ERROR(opened.status());
    KafkaRecords& before = **opened;
    MOTCUA_RETURN_IF_ERROR(ComparePrefix(*from, before, bars.progress()));
    MOTCUA_ASSIGN_OR_RETURN(const auto appender,
                            KafkaAppender::Open(connection, flags.kafka.topic, flags.allow_unsafe));
    const Status appended = AppendRest(*from, before, *appender, bars.progress());
    if (!appended.ok()) return appended.Prefixed("run the same again, it goes on from here");
  }
  MOTCUA_ASSIGN_OR_RETURN(const auto after, KafkaRecords::Open(connection, flags.kafka.topic));
  MOTCUA_ASSIGN_OR_RETURN(const std::vector<MovedPartition> moved,
                          Verify(*from, *after, bars.progress()));
  MOTCUA_RETURN_IF_ERROR(after->CheckUnchanged());
  Say(moved, after->log_id(), context.terminal);
  return OkStatus();
}

// Under a name of its own until it is whole: no service may begin on a half.
Status MoveOutOfKafka(const MoveFlags& flags, const kafka::KafkaConnection& connection,
                      cli::Context& context) {
  const fs::path folder = fs::path(flags.to) / kLogFolder;
  const fs::path partial = fs::path(flags.to) / kPartialFolder;
  std::error_code error;
  if (fs::exists(folder, error)) {
    return FieldError("--to", folder.string() + " is there already; give a new folder");
  }
  MOTCUA_ASSIGN_OR_RETURN(const auto from, KafkaRecords::Open(connection, flags.kafka.topic));
  Bars bars(context.terminal);
  {
    MOTCUA_ASSIGN_OR_RETURN(const auto to, LocalRecords::OpenOrCreate(partial, from->partitions()));
    MOTCUA_RETURN_IF_ERROR(ComparePrefix(*from, *to, bars.progress()));
    const Status appended = AppendRest(*from, *to, *to, bars.progress());
    if (!appended.ok()) return appended.Prefixed("run the same again, it goes on from here");
  }
  // Opened anew: what is compared is what the disk has.
  std::vector<MovedPartition> moved;
  std::string log_id;
  {
    MOTCUA_ASSIGN_OR_RETURN(const auto to, LocalRecords::Open(partial));
    MOTCUA_ASSIGN_OR_RETURN(moved, Verify(*from, *to, bars.progress()));
    MOTCUA_RETURN_IF_ERROR(from->CheckUnchanged());
    log_id = to->log_id();
  }
  MOTCUA_RETURN_IF_ERROR(rocks::RenameFolderDurably(partial, folder));
  Say(moved, log_id, context.terminal);
  return OkStatus();
}

Status Run(const MoveFlags& flags, cli::Context& context) {
  const bool from_kafka = flags.from == kKafka;
  const bool to_kafka = flags.to == kKafka;
  if (from_kafka == to_kafka) {
    return FieldError("--to", "one of --from and --to is `kafka`, the other a data folder");
  }
  MOTCUA_ASSIGN_OR_RETURN(const kafka::KafkaConnection connection, ToConnection(flags.kafka));
  return to_kafka ? MoveIntoKafka(flags, connection, context)
                  : MoveOutOfKafka(flags, connection, context);
}

}  // namespace

void AddMoveLogCommand(CLI::App& admin, cli::Context& context) {
  CLI::App& command = *admin.add_subcommand(
      "move-log", "Carry the log of `motcua standalone` into Kafka, or back, record by record");
  const auto flags = std::make_shared<MoveFlags>();
  command
      .add_option("--from", flags->from,
                  "`kafka`, or the data folder of a stopped `motcua standalone`")
      ->required();
  command.add_option("--to", flags->to, "`kafka`, or a data folder without a log")->required();
  command.add_flag("--allow-unsafe", flags->allow_unsafe,
                   "into a topic that could lose records: a single broker");
  AddKafkaFlags(command, flags->kafka);
  command.footer(
      "No service may run on either log meanwhile. Both have the same number of partitions.\n"
      "Interrupted, run it again: it goes on where it stopped.\n"
      "Example: motcua admin move-log --from /var/lib/motcua --to kafka --brokers kafka-1:9092");
  SetRun(command, context, [flags, &context] { return Run(*flags, context); });
}

}  // namespace motcua::admin
