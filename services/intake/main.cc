// motcua-intake: the intake service as a process of its own, over Apache Kafka.
#include <iostream>

#include "services/intake/module.h"
#include "services/platform/process/service_process.h"

int main(int argc, char** argv) {
  return motcua::process::RunService(argc, argv, motcua::intake::kSummary,
                                     motcua::intake::MakeModule(), std::cout);
}
