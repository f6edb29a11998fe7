// Checker: holds the clients' books against the log itself, the folds of all instances against each
// other, and the report against both. Every sentence that it returns is a broken promise.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "services/cli/local_cluster.h"
#include "services/platform/cluster/directory.h"
#include "tests/chaos/books.h"
#include "tests/chaos/log_model.h"

namespace motcua::chaos {

struct Losses {
  std::size_t lost = 0;
  std::size_t doubled = 0;
};

struct Verdict {
  std::vector<std::string> findings;
  std::map<std::size_t, Losses> by_phase;
  // Refused after a try that got no answer, and taken all the same: the wire kept a copy of that
  // try until the state allowed it. A service cannot know of it; no broken promise, but worth a
  // look.
  std::size_t late_copies = 0;
};

// Answered = accepted exactly once, as it was answered; refused at the first try = never; nobody
// else's commands.
void CheckBooks(const Books& books, const LogModel& log, Verdict& verdict);
// The services are stopped. Per service the same rows in all instances, read up to the log's end.
void CheckFolds(const cli::LocalCluster& cluster, int instances,
                const std::vector<Partition>& partitions, const LogModel& log, Verdict& verdict);
// The services run. Biểu 06a of every reporting instance: what was received and resolved, by unit.
void CheckReports(const cluster::Directory& directory, const Books& books, const LogModel& log,
                  Verdict& verdict);

}  // namespace motcua::chaos
