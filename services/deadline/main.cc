// motcua-deadline: the deadline service as a process of its own, over Apache Kafka.
#include <iostream>

#include "services/deadline/module.h"
#include "services/platform/process/service_process.h"

int main(int argc, char** argv) {
  return motcua::process::RunService(argc, argv, motcua::deadline::kSummary,
                                     motcua::deadline::MakeModule(), std::cout);
}
