// motcua-routing: the routing service as a process of its own, over Apache Kafka.
#include <iostream>

#include "services/platform/process/service_process.h"
#include "services/routing/module.h"

int main(int argc, char** argv) {
  return motcua::process::RunService(argc, argv, motcua::routing::kSummary,
                                     motcua::routing::MakeModule(), std::cout);
}
