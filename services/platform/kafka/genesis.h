// The first record of each partition of the log's topic, written when the topic is made: how many
// partitions the log has (a topic can grow, and then units would change their partition), and which
// log it is (a topic can be deleted and made again).
//
// Frozen: key "motcua-log", value "motcua-log-2 <partitions> <id> <partition>". In a log that
// begins with "motcua-log-1", made by the first programs, nobody looked at when the brokers took a
// record, and nobody does: what counted then would else no longer count.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/base/status.h"
#include "services/engine/ports.h"
#include "services/platform/kafka/client.h"

namespace motcua::kafka {

inline constexpr std::string_view kGenesisKey = "motcua-log";
// Where it stands: a reader's records begin after it.
inline constexpr engine::Offset kGenesisOffset = 0;

struct Genesis {
  engine::PartitionId partitions = 0;
  std::string id;  // 32 hexadecimal digits, random
  engine::PartitionId partition = 0;
  bool keeps_instants = true;  // whether records carry when the log took them; not in motcua-log-1

  friend bool operator==(const Genesis&, const Genesis&) = default;
};

std::string FormatGenesis(const Genesis& genesis);
// None: other bytes.
std::optional<Genesis> ParseGenesis(std::string_view key, std::string_view value);

// A client that reads first records and asks for ends; it never holds more than a few kilobytes.
Result<ClientHandle> MakeControlClient(const KafkaConnection& connection);

// The genesis of partition `partition`; none when the partition is empty. LOG_DAMAGED when its
// beginning was removed or is another record.
Result<std::optional<Genesis>> ReadGenesis(rd_kafka_t& control, const std::string& topic,
                                           engine::PartitionId partition,
                                           std::chrono::milliseconds timeout = kCallTimeout);
// The genesis of partition 0 after checking that all partitions have the same and none is missing:
// else FILE_INVALID, with the way out, or LOG_DAMAGED.
Result<Genesis> ReadWholeGenesis(rd_kafka_t& control, const std::string& topic,
                                 engine::PartitionId partitions);
// The same of the partitions that somebody answers for.
struct PresentGenesis {
  Genesis genesis;
  std::map<engine::PartitionId, Status> away;  // the others, with the reason: LOG_UNAVAILABLE
};
// LOG_UNAVAILABLE when nobody answers for any. `shape` tells who leads them: those that nobody
// leads are not waited for, and of a broker that does not answer only the first is.
Result<PresentGenesis> ReadPresentGenesis(rd_kafka_t& control, const std::string& topic,
                                          const TopicShape& shape);
// Whether partition `partition` begins as one of the log of `genesis`; else FILE_INVALID, with the
// way out, or LOG_DAMAGED.
Status JudgeGenesis(const std::string& topic, engine::PartitionId partition,
                    const std::optional<Genesis>& found, const Genesis& genesis);
// Writes what is missing. Two that run at the same time agree on the id: the first record of
// partition 0 decides, then the others follow.
Result<Genesis> WriteGenesis(const KafkaConnection& connection, const std::string& topic,
                             engine::PartitionId partitions);

}  // namespace motcua::kafka
