// Prometheus asks every process, and no other; its rules are mounted where it looks for them.
#include <algorithm>
#include <set>

#include "tests/integration/deploy/documents.h"
#include "tests/integration/deploy/processes.h"

namespace motcua::deploy {
namespace {

constexpr std::string_view kAlerts = "deploy/prometheus/alerts.yml";
constexpr std::string_view kMetricTable = "services/platform/telemetry/metrics.h";
constexpr std::string_view kPrometheus = "deploy/prometheus/prometheus.yml";

std::set<std::string> TargetsOf(const YAML::Node& document) {
  std::set<std::string> targets;
  for (const YAML::Node& job : At(document, {"scrape_configs"})) {
    for (const YAML::Node& group : At(job, {"static_configs"})) {
      for (const std::string& target : Names(At(group, {"targets"}))) targets.insert(target);
    }
  }
  return targets;
}

// "intake-0:9464", from the ports that the processes are told.
std::set<std::string> AddressesOf(const Tree& tree) {
  std::set<std::string> addresses;
  for (const Process& process : ComposeProcesses(tree)) {
    const auto config = LoadProcess(process);
    if (!config.ok()) continue;
    addresses.insert(process.service + "-" + std::to_string(config->instance.ordinal) + ":" +
                     std::to_string(PortOf(config->metrics.listen)));
  }
  return addresses;
}

// Every "motcua_…" of a query, in the order of the text.
std::vector<std::string> MetricsOf(std::string_view query) {
  constexpr std::string_view kBegin = "motcua_";
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz_";
  std::vector<std::string> metrics;
  for (std::size_t at = 0; (at = query.find(kBegin, at)) != std::string_view::npos;) {
    const std::size_t end = std::min(query.find_first_not_of(kLetters, at), query.size());
    metrics.emplace_back(query.substr(at, end - at));
    at = end;
  }
  return metrics;
}

// A histogram is a table's row and three series.
bool IsInTable(std::string_view table, std::string_view metric) {
  for (const std::string_view ending : {"_count", "_sum", "_bucket"}) {
    if (metric.ends_with(ending)) metric.remove_suffix(ending.size());
  }
  const std::string quoted = std::string("\"").append(metric).append("\"");
  return table.find(quoted) != std::string_view::npos;
}

}  // namespace

// Alerts ask for metrics that processes have; each says what happened and what to do.
Findings CheckPrometheusMetrics(const Tree& tree) {
  Findings findings;
  const std::string path(kAlerts);
  const File* const table = tree.Find(kMetricTable);
  const std::string_view text = table == nullptr ? std::string_view() : table->text;
  std::size_t alerts = 0;
  for (const YAML::Node& document : DocumentsOf(tree, kAlerts)) {
    for (const YAML::Node& group : At(document, {"groups"})) {
      for (const YAML::Node& rule : At(group, {"rules"})) {
        ++alerts;
        const std::string name = TextAt(rule, {"alert"});
        for (const std::string& metric : MetricsOf(TextAt(rule, {"expr"}))) {
          if (IsInTable(text, metric)) continue;
          findings.push_back({path, 0, name + ": no process has " + metric});
        }
        for (const std::string_view key : {"summary", "action"}) {
          if (!TextAt(rule, {"annotations", key}).empty()) continue;
          findings.push_back({path, 0, name + " has no " + std::string(key)});
        }
      }
    }
  }
  if (alerts == 0) findings.push_back({path, 0, "has no alerts"});
  return findings;
}

Findings CheckPrometheusTargets(const Tree& tree) {
  Findings findings;
  const std::string path(kPrometheus);
  const std::set<std::string> addresses = AddressesOf(tree);
  for (const YAML::Node& document : DocumentsOf(tree, kPrometheus)) {
    const std::set<std::string> targets = TargetsOf(document);
    for (const std::string& target : targets) {
      if (!addresses.contains(target)) {
        findings.push_back({path, 0, target + " is no process of compose.yaml"});
      }
    }
    for (const std::string& address : addresses) {
      if (!targets.contains(address)) findings.push_back({path, 0, address + " is not asked"});
    }
    for (const std::string& rules : Names(At(document, {"rule_files"}))) {
      const std::string mount = "/etc/prometheus/" + rules + ":ro";
      const File* const compose = tree.Find(kCompose);
      if (tree.Find("deploy/prometheus/" + rules) == nullptr || compose == nullptr ||
          compose->text.find(mount) == std::string::npos) {
        findings.push_back({path, 0, rules + " is not mounted by compose.yaml"});
      }
    }
  }
  return findings;
}

}  // namespace motcua::deploy
