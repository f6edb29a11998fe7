// Cluster file: where the instances of each service listen, for clients and operators. TOML:
//
//   partitions = 12
//   [services]
//   intake = ["10.0.0.1:7101", "10.0.0.2:7101"]     # by ordinal
//   routing = […]
//
// Pure values; any thread.
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "services/base/status.h"
#include "services/engine/ports.h"

namespace motcua::cluster {

inline constexpr std::array<std::string_view, 5> kServices = {"intake", "routing", "deadline",
                                                              "postal", "reporting"};
inline constexpr std::size_t kInstancesMax = 256;
inline constexpr engine::PartitionId kClusterPartitionsMax = 4096;

struct ClusterFile {
  engine::PartitionId partitions = 1;
  // By name of the service; an address per instance, in the order of ordinals.
  std::map<std::string, std::vector<std::string>, std::less<>> services;
};

// FILE_UNREADABLE, or FILE_INVALID with file, line and reason.
Result<ClusterFile> ReadClusterFile(const std::filesystem::path& path);
Result<ClusterFile> ParseClusterFile(std::string_view text, const std::string& name);
std::string FormatClusterFile(const ClusterFile& file);

}  // namespace motcua::cluster
