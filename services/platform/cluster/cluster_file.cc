#include "services/platform/cluster/cluster_file.h"

#include <toml++/toml.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>

namespace motcua::cluster {
namespace {

Status FileError(const std::string& name, const toml::source_region& where,
                 const std::string& what) {
  const std::string line = std::to_string(where.begin.line);
  return Status(Reason::kFileInvalid, name + ":" + line + ": " + what,
                {{"file", name}, {"line", line}});
}

Status ReadService(const toml::key& key, const toml::node& node, const std::string& name,
                   ClusterFile& file) {
  if (std::find(kServices.begin(), kServices.end(), key.str()) == kServices.end()) {
    return FileError(name, key.source(),
                     "services." + std::string(key.str()) + ": there is no such service");
  }
  const toml::array* const list = node.as_array();
  std::vector<std::string>& addresses = file.services[std::string(key.str())];
  if (list != nullptr) {
    for (const toml::node& item : *list) {
      const auto address = item.value<std::string>();
      if (!address || address->find(':') == std::string::npos) {
        return FileError(name, item.source(), "an address is \"HOST:PORT\"");
      }
      addresses.push_back(*address);
    }
  }
  if (addresses.empty() || addresses.size() > kInstancesMax) {
    return FileError(name, node.source(),
                     "services." + std::string(key.str()) + ": 1 to " +
                         std::to_string(kInstancesMax) + " addresses in [\"HOST:PORT\"]");
  }
  return OkStatus();
}

}  // namespace

Result<ClusterFile> ParseClusterFile(std::string_view text, const std::string& name) {
  toml::table table;
  try {
    table = toml::parse(text, name);
  } catch (const toml::parse_error& error) {
    return FileError(name, error.source(), std::string(error.description()));
  }
  ClusterFile file;
  for (const auto& [key, node] : table) {
    if (key.str() == "partitions") {
      const auto partitions = node.value<std::int64_t>();
      if (!partitions || *partitions < 1 || *partitions > kClusterPartitionsMax) {
        return FileError(
            name, node.source(),
            "partitions: a whole number from 1 to " + std::to_string(kClusterPartitionsMax));
      }
      file.partitions = static_cast<engine::PartitionId>(*partitions);
    } else if (key.str() == "services" && node.is_table()) {
      for (const auto& [service, addresses] : *node.as_table()) {
        MOTCUA_RETURN_IF_ERROR(ReadService(service, addresses, name, file));
      }
    } else {
      return FileError(name, key.source(),
                       std::string(key.str()) + ": only partitions and [services] are known");
    }
  }
  if (file.services.empty()) {
    return FileError(name, table.source(), "services: names no instance");
  }
  return file;
}

Result<ClusterFile> ReadClusterFile(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream.is_open()) {
    return Status(Reason::kFileUnreadable, "cannot read " + path.string(),
                  {{"file", path.string()}});
  }
  const std::string text((std::istreambuf_iterator<char>(stream)), {});
  return ParseClusterFile(text, path.string());
}

std::string FormatClusterFile(const ClusterFile& file) {
  std::string text = "partitions = " + std::to_string(file.partitions) + "\n\n[services]\n";
  for (const auto& [service, addresses] : file.services) {
    text += service + " = [";
    for (const std::string& address : addresses) {
      text += (text.back() == '[' ? "\"" : ", \"") + address + '"';
    }
    text += "]\n";
  }
  return text;
}

}  // namespace motcua::cluster
