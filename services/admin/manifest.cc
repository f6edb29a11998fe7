// The manifest of a snapshot (snapshot.h) as JSON.
#include <nlohmann/json.hpp>

#include "services/admin/snapshot.h"

namespace motcua::admin {
namespace {

using Json = nlohmann::json;

// Raised with every change of the layout.
constexpr std::string_view kSnapshotFormat = "motcua-snapshot-1";

Status Invalid(std::string_view what) {
  return Status(Reason::kFileInvalid, std::string(kManifestFile) + ": " + std::string(what),
                {{"file", std::string(kManifestFile)}});
}

// A name of a file in the folder itself, never a way out of it.
bool IsPlainName(const std::string& name) {
  return !name.empty() && name.front() != '.' && name.find('/') == std::string::npos &&
         name != kManifestFile;
}

Result<SnapshotFile> ParseFile(const Json& json) {
  const bool whole = json.is_object() && json.contains("name") && json["name"].is_string() &&
                     json.contains("bytes") && json["bytes"].is_number_unsigned() &&
                     json.contains("xxh3") && json["xxh3"].is_string();
  if (!whole) return Invalid("a file without name, bytes and xxh3");
  SnapshotFile file{json["name"].get<std::string>(), json["bytes"].get<std::uint64_t>(),
                    json["xxh3"].get<std::string>()};
  if (!IsPlainName(file.name)) return Invalid("\"" + file.name + "\" is no name of a file");
  return file;
}

}  // namespace

std::string ToJson(const SnapshotManifest& manifest) {
  Json json = {{"snapshot", kSnapshotFormat},        {"format", ToText(manifest.format)},
               {"service", manifest.format.service}, {"log_id", manifest.format.log_id},
               {"offsets", manifest.offsets},        {"files", Json::array()}};
  for (const SnapshotFile& file : manifest.files) {
    json["files"].push_back({{"name", file.name}, {"bytes", file.bytes}, {"xxh3", file.hash}});
  }
  constexpr int kIndent = 1;
  return json.dump(kIndent) + "\n";
}

Result<SnapshotManifest> ParseManifest(std::string_view text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return Invalid("is no JSON object");
  if (json.value("snapshot", Json()) != kSnapshotFormat) {
    return Invalid("is not of format " + std::string(kSnapshotFormat));
  }
  const Json format = json.value("format", Json());
  const auto parsed = host::ParseStoreFormat(format.is_string() ? format.get<std::string>() : "");
  if (!parsed) return Invalid("does not say the store's format");
  SnapshotManifest manifest{*parsed, {}, {}};
  for (const Json& offset : json.value("offsets", Json::array())) {
    if (!offset.is_number_unsigned()) return Invalid("an offset is no number");
    manifest.offsets.push_back(offset.get<engine::Offset>());
  }
  if (manifest.offsets.size() != manifest.format.partitions) {
    return Invalid("does not say the offset of each partition");
  }
  for (const Json& file : json.value("files", Json::array())) {
    MOTCUA_ASSIGN_OR_RETURN(SnapshotFile row, ParseFile(file));
    manifest.files.push_back(std::move(row));
  }
  if (manifest.files.empty()) return Invalid("names no files");
  return manifest;
}

}  // namespace motcua::admin
