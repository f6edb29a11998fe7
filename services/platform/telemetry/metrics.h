// Every metric of a service process: name, type, unit, labels and help, in one place. The exporter
// exports these and no others.
//
// Counters count since the process began. Labels are bounded: services, partitions, methods, codes
// and reasons; never a dossier, a unit or a person.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace motcua::telemetry {

enum class MetricKind : std::uint8_t { kCounter, kGauge, kHistogram };

struct MetricRow {
  std::string_view name;
  MetricKind kind = MetricKind::kCounter;
  std::string_view unit;
  std::string_view labels;  // with commas
  std::string_view help;
};

namespace metric {

using enum MetricKind;

inline constexpr MetricRow kCommands{"motcua_commands_total", kCounter, "commands", "service",
                                     "Commands that came in, also those refused at the door."};
inline constexpr MetricRow kAnswered{"motcua_commands_answered_total", kCounter, "commands",
                                     "service",
                                     "Commands answered after their event was read back."};
inline constexpr MetricRow kRefused{"motcua_commands_refused_total", kCounter, "commands",
                                    "service,reason", "Commands refused, by reason."};
inline constexpr MetricRow kRedecided{
    "motcua_commands_redecided_total", kCounter, "commands", "service",
    "Times a command was decided again because its event lost the race."};
inline constexpr MetricRow kCommandSeconds{
    "motcua_command_duration_seconds", kHistogram, "seconds", "service,outcome",
    "From the submission of a command to its answer or refusal."};
inline constexpr MetricRow kAppended{
    "motcua_events_appended_total", kCounter, "events", "service",
    "Events handed to the log, also those appended again after an unknown outcome."};
inline constexpr MetricRow kEvents{"motcua_events_read_total", kCounter, "events",
                                   "service,acceptance",
                                   "Events read from the log, by what Accept said to them."};
inline constexpr MetricRow kUnreadable{"motcua_records_unreadable_total", kCounter, "records",
                                       "service", "Records of the log that are no events."};
inline constexpr MetricRow kMisrouted{"motcua_records_misrouted_total", kCounter, "records",
                                      "service", "Events that stand in another's partition."};
inline constexpr MetricRow kAlerts{"motcua_alerts_raised_total", kCounter, "alerts", "service",
                                   "Alerts that this instance proposed and the log accepted."};
inline constexpr MetricRow kNextOffset{"motcua_partition_next_offset", kGauge, "records",
                                       "service,partition",
                                       "Offset of the record that is folded next."};
inline constexpr MetricRow kEndOffset{"motcua_partition_end_offset", kGauge, "records",
                                      "service,partition",
                                      "Offset behind the partition's last known record."};
inline constexpr MetricRow kLag{"motcua_partition_lag_records", kGauge, "records",
                                "service,partition", "Records that are not folded yet."};
inline constexpr MetricRow kClockOffset{
    "motcua_clock_offset_seconds", kGauge, "seconds", "service,partition",
    "How far the own clock is ahead of the log's, as far as its latest records prove it."};
inline constexpr MetricRow kFailing{"motcua_partition_failing", kGauge, "1", "service,partition",
                                    "1 while the partition cannot go on; the others may."};
inline constexpr MetricRow kStoreBytes{"motcua_store_bytes", kGauge, "bytes", "service",
                                       "Size of the state store's files."};
inline constexpr MetricRow kRpcSeconds{
    "motcua_rpc_duration_seconds", kHistogram, "seconds", "method,code",
    "From the receipt of a call to its status; of streams, too."};

inline constexpr MetricRow kCalendarDays{
    "motcua_calendar_decided_days", kGauge, "days", "calendar",
    "Days from today on that a decision covers, by the newest version of the calendar."};

}  // namespace metric

inline constexpr std::array kMetrics = {
    metric::kCommands,   metric::kAnswered,       metric::kRefused,
    metric::kRedecided,  metric::kCommandSeconds, metric::kAppended,
    metric::kEvents,     metric::kUnreadable,     metric::kMisrouted,
    metric::kAlerts,     metric::kNextOffset,     metric::kEndOffset,
    metric::kLag,        metric::kClockOffset,    metric::kFailing,
    metric::kStoreBytes, metric::kRpcSeconds,     metric::kCalendarDays};

}  // namespace motcua::telemetry
