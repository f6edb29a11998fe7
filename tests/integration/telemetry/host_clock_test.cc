// Goal: a service whose machine's clock is wrong says so in its health and to who watches it, and
//       is well again by itself when the clock is right (fault C10).
// Method: intake on a real log and a real store, by a clock that is set while it runs; the log has
//         the machine's own.
#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "services/intake/rules.h"
#include "services/platform/catalogue/catalogue_files.h"
#include "services/platform/host/service_host.h"
#include "services/platform/rocksdb/local_log.h"
#include "services/platform/runtime/clocks.h"
#include "services/wire/codec.h"
#include "tests/support/await.h"
#include "tests/support/temp_dir.h"

namespace motcua::host {
namespace {

using std::chrono::hours;
constexpr std::chrono::seconds kPatience{30};

// The machine's, and so much ahead.
class WrongClock final : public engine::Clock {
 public:
  Instant Now() const override { return right_.Now() + Micros(ahead_.load()); }
  Micros Passed() const override { return right_.Passed(); }
  void Set(Micros ahead) { ahead_ = ahead.count(); }

 private:
  const runtime::SystemClock right_;
  std::atomic<std::int64_t> ahead_ = 0;
};

Reason Receive(ServiceHost& host, const std::string& id) {
  cases::Command command;
  command.request_id = cases::DeriveRequestId(id);
  command.digest = 1;
  command.actor = cases::ActorId("officer:1");
  command.action =
      cases::ReceiveDossier{cases::UnitCode("000.23.10.H49"), cases::ProcedureCode("1.000656")};
  auto answered = std::make_shared<std::promise<Reason>>();
  std::future<Reason> answer = answered->get_future();
  host.sink().Submit(std::move(command), engine::kNoDeadline,
                     [answered](const Result<engine::Answer>& got) {
                       answered->set_value(got.status().reason());
                     });
  return answer.get();
}

TEST(HostClock, Faults_C10_AWrongClockIsSaidInHealthAndMetricAndHeals) {
  const testing::TempDir folder;
  const wire::WireCodec codec;
  const intake::IntakeRules rules;
  const auto catalogue = catalogue::BuiltinCatalogue();
  WrongClock clock;
  auto log = rocks::LocalLog::Open(folder / "log", 1, codec, {});
  ASSERT_TRUE(log.ok()) << log.status().ToString();
  HostOptions options;
  options.directory = folder / "intake";
  options.log_id = (*log)->id();
  auto host = ServiceHost::Open({**log, clock, codec, *catalogue, rules}, std::move(options));
  ASSERT_TRUE(host.ok()) << host.status().ToString();
  (*host)->Start();
  ASSERT_TRUE((*host)->AwaitCaughtUp().ok());
  EXPECT_EQ(Receive(**host, "1"), Reason::kNone);
  EXPECT_TRUE((*host)->failure().ok()) << (*host)->failure().ToString();

  clock.Set(hours(24 * 30));
  EXPECT_EQ(Receive(**host, "2"), Reason::kClockDisagrees);
  EXPECT_TRUE(testing::Await([&] { return (*host)->failure().reason() == Reason::kClockDisagrees; },
                             kPatience));
  const auto partitions = (*host)->MetricsSource().partitions();
  ASSERT_EQ(partitions.size(), 1U);
  EXPECT_GT(partitions[0].clock_offset, hours(24 * 29));

  clock.Set(Micros(0));
  EXPECT_TRUE(testing::Await([&] { return (*host)->failure().ok(); }, kPatience))
      << (*host)->failure().ToString();
  EXPECT_EQ(Receive(**host, "2"), Reason::kNone);
  (*host)->Stop();
}

}  // namespace
}  // namespace motcua::host
