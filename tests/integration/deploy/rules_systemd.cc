// What units name has to be there and to fit: credentials, folders, ports that do not clash; and
// what hardening.conf promises.
#include <algorithm>
#include <set>

#include "tests/integration/deploy/documents.h"
#include "tests/integration/deploy/processes.h"

namespace motcua::deploy {
namespace {

constexpr std::string_view kHardening = "deploy/systemd/motcua-.service.d/hardening.conf";

std::vector<std::string> ValuesOf(const File& file, std::string_view key) {
  std::vector<std::string> values;
  for (const Line& line : LinesOf(file)) {
    if (line.key == key) values.push_back(line.value);
  }
  return values;
}

std::vector<const File*> Units(const Tree& tree) {
  std::vector<const File*> units;
  for (const File& file : tree.files) {
    if (tidy::IsUnder(file.path, kSystemd) && tidy::IsKind(file.path, {".service"})) {
      units.push_back(&file);
    }
  }
  return units;
}

// `%d/NAME` is a credential, which a LoadCredential has to bring, and the other way round.
void CheckCredentials(const File& unit, Findings& findings) {
  std::set<std::string> loaded;
  for (const std::string& value : ValuesOf(unit, "LoadCredential")) {
    loaded.insert(Split(value, ':').front());
  }
  std::set<std::string> used;
  for (const std::string& value : ValuesOf(unit, "Environment")) {
    const std::size_t at = value.find("=%d/");
    if (at != std::string::npos) used.insert(value.substr(at + std::string_view("=%d/").size()));
  }
  if (loaded != used) findings.push_back({unit.path, 0, "credentials loaded are not those named"});
}

// Where the process writes is the one folder that the unit gives it.
bool OwnsItsData(const File& unit) {
  const std::vector<std::string> folders = ValuesOf(unit, "StateDirectory");
  if (folders.size() != 1) return false;
  const std::string folder = "%S/" + folders.front();
  const std::vector<std::string> commands = ValuesOf(unit, "ExecStart");
  return Contains(ValuesOf(unit, "Environment"), "MOTCUA_DATA=" + folder) ||
         (commands.size() == 1 && Contains(Split(commands.front(), ' '), folder));
}

constexpr std::array<std::string_view, 16> kPromises = {"DynamicUser=yes",
                                                        "NoNewPrivileges=yes",
                                                        "CapabilityBoundingSet=",
                                                        "ProtectSystem=strict",
                                                        "ProtectHome=yes",
                                                        "PrivateTmp=yes",
                                                        "PrivateDevices=yes",
                                                        "ProtectKernelTunables=yes",
                                                        "ProtectControlGroups=yes",
                                                        "RestrictNamespaces=yes",
                                                        "RestrictSUIDSGID=yes",
                                                        "MemoryDenyWriteExecute=yes",
                                                        "SystemCallFilter=@system-service",
                                                        "Restart=on-failure",
                                                        "TimeoutStopSec=30",
                                                        "WantedBy=motcua.target"};

}  // namespace

Findings CheckSystemdUnits(const Tree& tree) {
  Findings findings;
  std::set<int> ports;
  for (const Process& process : SystemdProcesses(tree)) {
    const auto config = LoadProcess(process);
    if (!config.ok()) continue;
    for (const std::string& address : {config->listen, config->metrics.listen}) {
      if (ports.insert(PortOf(address)).second) continue;
      findings.push_back({process.path, 0, address + " is another unit's port"});
    }
    if (config->tls.certificate.empty()) findings.push_back({process.path, 0, "speaks no TLS"});
  }
  const std::vector<const File*> units = Units(tree);
  for (const File* const unit : units) {
    CheckCredentials(*unit, findings);
    if (!OwnsItsData(*unit)) {
      findings.push_back({unit->path, 0, "its data are not in its StateDirectory"});
    }
    const std::vector<std::string> commands = ValuesOf(*unit, "ExecStart");
    const std::string program = commands.empty() ? "" : Split(commands.front(), ' ').front();
    const bool service = !ServiceOf(tidy::NameOf(unit->path)).empty();
    if (program != "/usr/bin/motcua" && !(service && program.starts_with("/usr/bin/motcua-"))) {
      findings.push_back({unit->path, 0, program + " is no program of the image"});
    }
  }
  return findings;
}

Findings CheckSystemdHardening(const Tree& tree) {
  Findings findings;
  const File* const hardening = tree.Find(kHardening);
  if (hardening == nullptr) return {{std::string(kHardening), 0, "is missing"}};
  const std::vector<std::string_view> lines = tidy::Lines(hardening->text);
  for (const std::string_view promise : kPromises) {
    if (std::find(lines.begin(), lines.end(), promise) != lines.end()) continue;
    findings.push_back({hardening->path, 0, "does not say " + std::string(promise)});
  }
  // A unit that says it again could say it differently.
  for (const File* const unit : Units(tree)) {
    for (const Line& line : LinesOf(*unit)) {
      if (ValuesOf(*hardening, line.key).empty()) continue;
      findings.push_back({unit->path, line.number, line.key + " belongs to hardening.conf alone"});
    }
    if (!tidy::NameOf(unit->path).starts_with("motcua-")) {
      findings.push_back({unit->path, 0, "hardening.conf is not for a unit of this name"});
    }
  }
  return findings;
}

}  // namespace motcua::deploy
