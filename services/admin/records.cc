#include "services/admin/records.h"

#include <cstdint>

namespace motcua::admin {

std::uint64_t CountOf(const RecordSource& source, engine::PartitionId partition) {
  return source.end(partition) - source.begin();
}

std::uint64_t CountOf(const RecordSource& source) {
  std::uint64_t records = 0;
  for (engine::PartitionId p = 0; p < source.partitions(); ++p) records += CountOf(source, p);
  return records;
}

}  // namespace motcua::admin
