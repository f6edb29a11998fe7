// motcua-postal: the postal service as a process of its own, over Apache Kafka.
#include <iostream>

#include "services/platform/process/service_process.h"
#include "services/postal/module.h"

int main(int argc, char** argv) {
  return motcua::process::RunService(argc, argv, motcua::postal::kSummary,
                                     motcua::postal::MakeModule(), std::cout);
}
