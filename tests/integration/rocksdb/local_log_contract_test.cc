// Goal: LocalLog keeps the contract of engine::EventLog.
// Method: the tests that every log passes (event_log_contract.h), on files in a folder per test.
#include "services/base/check.h"
#include "services/platform/rocksdb/local_log.h"
#include "tests/support/event_log_contract.h"
#include "tests/support/temp_dir.h"

namespace motcua::testing {
namespace {

class LocalWorld final : public LogWorld {
 public:
  std::unique_ptr<engine::EventLog> Open(engine::PartitionId partitions) override {
    auto log = rocks::LocalLog::Open(temp_ / "log", partitions, codec, {});
    MOTCUA_CHECK(log.ok(), "the log does not open");
    return std::move(log).value();
  }

 private:
  TempDir temp_;
};

Result<std::unique_ptr<LogWorld>> MakeLocalWorld() {
  return std::unique_ptr<LogWorld>(std::make_unique<LocalWorld>());
}

INSTANTIATE_TEST_SUITE_P(LocalLog, EventLogContract, ::testing::Values(&MakeLocalWorld));

}  // namespace
}  // namespace motcua::testing
