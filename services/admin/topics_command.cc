// motcua admin topics
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "services/admin/commands.h"
#include "services/cli/text_width.h"
#include "services/platform/kafka/genesis.h"

namespace motcua::admin {
namespace {

// Kafka itself takes more; a unit is the smallest thing that a partition is for.
constexpr unsigned kPartitionsMax = 4096;
constexpr int kReplicasMax = 32;

struct TopicsFlags {
  KafkaFlags kafka;
  kafka::TopicPlan plan;
  bool check = false;
  bool allow_unsafe = false;
  OutputFormat format = OutputFormat::kTable;
};

Result<kafka::Genesis> ReadTopics(const kafka::KafkaConnection& connection,
                                  const kafka::TopicPlan& plan) {
  MOTCUA_ASSIGN_OR_RETURN(const kafka::ClientHandle control, kafka::MakeControlClient(connection));
  MOTCUA_ASSIGN_OR_RETURN(
      const kafka::TopicShape shape,
      kafka::DescribeTopic(*control, plan.names.case_events, kafka::kCallTimeout));
  if (!shape.exists) {
    return Status(Reason::kFileInvalid,
                  "topic " + plan.names.case_events +
                      " is missing; run `motcua admin topics` without --check",
                  {{"topic", plan.names.case_events}});
  }
  return kafka::ReadWholeGenesis(*control, plan.names.case_events, shape.partitions);
}

// One line each, whole: a sentence that is cut says nothing.
void PrintLines(const kafka::Genesis& log, const std::vector<kafka::TopicFinding>& findings,
                bool safe, std::ostream& out) {
  std::size_t width = 0;
  for (const kafka::TopicFinding& finding : findings) {
    width = std::max(width, finding.topic.size());
  }
  for (const kafka::TopicFinding& finding : findings) {
    out << (finding.unsafe ? "UNSAFE  " : "odd     ") << cli::PadRight(finding.topic, width) << "  "
        << finding.text << '\n';
  }
  out << "log " << log.id << ", " << log.partitions
      << " partitions: " << (safe ? "safe" : "records could be lost") << '\n';
}

void PrintJson(const kafka::Genesis& log, const std::vector<kafka::TopicFinding>& findings,
               bool safe, std::ostream& out) {
  nlohmann::ordered_json json = {{"log_id", log.id},
                                 {"partitions", log.partitions},
                                 {"safe", safe},
                                 {"findings", nlohmann::ordered_json::array()}};
  for (const kafka::TopicFinding& finding : findings) {
    json["findings"].push_back(
        {{"topic", finding.topic}, {"unsafe", finding.unsafe}, {"text", finding.text}});
  }
  out << json.dump() << '\n';
}

Status Run(const TopicsFlags& flags, cli::Context& context) {
  MOTCUA_ASSIGN_OR_RETURN(const kafka::KafkaConnection connection, ToConnection(flags.kafka));
  kafka::TopicPlan plan = flags.plan;
  plan.names.case_events = flags.kafka.topic;
  MOTCUA_ASSIGN_OR_RETURN(const kafka::Genesis log, flags.check
                                                        ? ReadTopics(connection, plan)
                                                        : kafka::CreateTopics(connection, plan));
  MOTCUA_ASSIGN_OR_RETURN(const std::vector<kafka::TopicFinding> findings,
                          kafka::CheckTopics(connection, plan.names));
  bool safe = true;
  for (const kafka::TopicFinding& finding : findings) safe = safe && !finding.unsafe;
  if (flags.format == OutputFormat::kJson) {
    PrintJson(log, findings, safe, context.terminal.out);
  } else {
    PrintLines(log, findings, safe, context.terminal.out);
  }
  if (!safe && !flags.allow_unsafe) context.exit_code = cli::kExitRefused;
  return OkStatus();
}

}  // namespace

void AddTopicsCommand(CLI::App& admin, cli::Context& context) {
  CLI::App& command = *admin.add_subcommand(
      "topics",
      "Make the topics that are missing, and say what is wrong with those that are there");
  const auto flags = std::make_shared<TopicsFlags>();
  AddKafkaFlags(command, flags->kafka);
  kafka::TopicPlan& plan = flags->plan;
  command.add_option("--partitions", plan.partitions, "of a new log; cannot change later")
      ->check(CLI::Range(1U, kPartitionsMax).description(""))
      ->capture_default_str();
  command.add_option("--replication", plan.replicas, "copies of each record")
      ->check(CLI::Range(1, kReplicasMax).description(""))
      ->capture_default_str();
  command
      .add_option("--min-in-sync", plan.in_sync_min,
                  "copies that must have a record before it counts")
      ->check(CLI::Range(1, kReplicasMax).description(""))
      ->capture_default_str();
  command.add_option("--parties-topic", plan.names.case_parties, "topic of the case parties")
      ->capture_default_str();
  command.add_option("--catalogue-topic", plan.names.catalogue, "topic of the catalogue")
      ->capture_default_str();
  command.add_flag("--check", flags->check, "make nothing, only look");
  command.add_flag("--allow-unsafe", flags->allow_unsafe,
                   "exit status 0 also where records could be lost");
  AddFormatFlag(command, flags->format);
  command.footer(
      "Exit status 1: records could be lost.\n"
      "A single broker at a desk: --replication 1 --min-in-sync 1 --allow-unsafe\n"
      "Example: motcua admin topics --brokers kafka-1:9092,kafka-2:9092,kafka-3:9092");
  SetRun(command, context, [flags, &context] { return Run(*flags, context); });
}

}  // namespace motcua::admin
