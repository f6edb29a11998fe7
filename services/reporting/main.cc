// motcua-reporting: the reporting service as a process of its own, over Apache Kafka.
#include <iostream>

#include "services/platform/process/service_process.h"
#include "services/reporting/module.h"

int main(int argc, char** argv) {
  return motcua::process::RunService(argc, argv, motcua::reporting::kSummary,
                                     motcua::reporting::MakeModule(), std::cout);
}
