// Goal: a running service tells the exporter the truth about itself: commands, offsets, the size of
// its store, how long commands took.
// Method: intake on a real log and a real store; one command that is taken, one that is refused;
// what its source says after both were answered.
#include <gtest/gtest.h>

#include <future>
#include <numeric>

#include "services/intake/rules.h"
#include "services/platform/catalogue/catalogue_files.h"
#include "services/platform/host/service_host.h"
#include "services/platform/rocksdb/local_log.h"
#include "services/platform/runtime/clocks.h"
#include "services/wire/codec.h"
#include "tests/support/temp_dir.h"

namespace motcua::host {
namespace {

// Only a failing test waits for it.
constexpr std::chrono::seconds kPatience{30};

class HostMetricsTest : public ::testing::Test {
 protected:
  HostMetricsTest() {
    Result<std::unique_ptr<rocks::LocalLog>> log =
        rocks::LocalLog::Open(folder_ / "log", 1, codec_, {});
    EXPECT_TRUE(log.ok()) << log.status().ToString();
    log_ = std::move(*log);
    HostOptions options;
    options.directory = folder_ / "intake";
    options.log_id = log_->id();
    Result<std::unique_ptr<ServiceHost>> host =
        ServiceHost::Open({*log_, clock_, codec_, *catalogue_, rules_}, std::move(options));
    EXPECT_TRUE(host.ok()) << host.status().ToString();
    host_ = std::move(*host);
    host_->Start();
    EXPECT_TRUE(host_->AwaitCaughtUp().ok());
  }

  Result<engine::Answer> Receive(const std::string& id, const char* procedure) {
    cases::Command command;
    command.request_id = cases::DeriveRequestId(id);
    command.digest = 1;
    command.actor = cases::ActorId("officer:1");
    command.action =
        cases::ReceiveDossier{cases::UnitCode("000.23.10.H49"), cases::ProcedureCode(procedure)};
    std::promise<Result<engine::Answer>> answered;
    std::future<Result<engine::Answer>> answer = answered.get_future();
    host_->sink().Submit(
        std::move(command), engine::kNoDeadline,
        [&answered](Result<engine::Answer> got) { answered.set_value(std::move(got)); });
    if (answer.wait_for(kPatience) == std::future_status::ready) return answer.get();
    // The reply must not come any more once the promise is gone.
    host_->Stop();
    return answer.get();
  }

  testing::TempDir folder_;
  wire::WireCodec codec_;
  runtime::SystemClock clock_;
  intake::IntakeRules rules_;
  std::shared_ptr<const catalogue::Catalogue> catalogue_ = catalogue::BuiltinCatalogue();
  std::unique_ptr<rocks::LocalLog> log_;
  std::unique_ptr<ServiceHost> host_;
};

std::uint64_t CountOf(const telemetry::LatencyHistogram& histogram) {
  const auto counts = histogram.Read().counts;
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

TEST_F(HostMetricsTest, ItsSourceSaysWhatHappened) {
  const Result<engine::Answer> taken = Receive("1", "1.000656");
  ASSERT_TRUE(taken.ok()) << taken.status().ToString();
  const Result<engine::Answer> refused = Receive("2", "no such procedure");
  ASSERT_EQ(refused.status().reason(), Reason::kProcedureUnknown);
  // The loop publishes where it is at the end of a round; after Stop there is no round left.
  host_->Stop();

  const telemetry::ServiceSource source = host_->MetricsSource();
  EXPECT_EQ(source.name, "intake");
  EXPECT_EQ(source.metrics.commands, 2U);
  EXPECT_EQ(source.metrics.answered, 1U);
  EXPECT_EQ(source.metrics.refused.at(static_cast<std::size_t>(Reason::kProcedureUnknown)), 1U);
  EXPECT_EQ(CountOf(source.commands.answered), 1U);
  EXPECT_EQ(CountOf(source.commands.refused), 1U);
  EXPECT_GT(source.commands.answered.Read().sum.count(), 0);
  const std::vector<engine::PartitionReading> partitions = source.partitions();
  ASSERT_EQ(partitions.size(), 1U);
  EXPECT_EQ(partitions[0].next, 1U);
  EXPECT_EQ(partitions[0].end, 1U);
  EXPECT_GT(source.store_bytes(), 0U);
}

}  // namespace
}  // namespace motcua::host
