// Goal: a watcher gets every alert once, in order, from where it says, also over a reconnection; a
// slow one costs bounded memory; cancellation, stop and the limit end a stream and nothing else.
// Method: the deadline service over an index that the test writes alerts into, Notify called as the
// loop does.

#include <thread>

#include "services/deadline/alert_index.h"
#include "services/deadline/service.h"
#include "services/platform/grpc/client.h"
#include "services/platform/grpc/fields.h"
#include "tests/integration/grpc/grpc_test_support.h"
#include "tests/support/await.h"
#include "tests/support/tcp_proxy.h"

namespace motcua {
namespace {

using deadline::v1::WatchAlertsRequest;
using deadline::v1::WatchAlertsResponse;
using testing_support::ErrorText;
using testing_support::kPatience;
using testing_support::SetDeadline;
using DeadlineStub = deadline::v1::DeadlineService::Stub;
using Clock = std::chrono::steady_clock;

// An open stream at the client's side.
class Watcher {
 public:
  Watcher(DeadlineStub& stub, const std::string& token, const std::string& unit = "") {
    WatchAlertsRequest request;
    request.set_resume_token(token);
    request.set_unit(unit);
    SetDeadline(context_, kPatience);
    reader_ = stub.WatchAlerts(&context_, request);
    reader_->WaitForInitialMetadata();
  }
  // The next message that brings a token alone; whether there is one before the next alert.
  bool NextToken() {
    WatchAlertsResponse response;
    if (!reader_->Read(&response)) return false;
    token_ = response.resume_token();
    return !response.has_alert();
  }
  // The number of the next alert's dossier; -1 at the end of the stream.
  int Next() {
    WatchAlertsResponse response;
    do {
      if (!reader_->Read(&response)) return -1;
      token_ = response.resume_token();
    } while (!response.has_alert());
    EXPECT_EQ(response.alert().resume_token(), token_);
    const std::string& code = response.alert().dossier();
    return std::stoi(code.substr(code.rfind('-') + 1)) - 1'000'000;
  }
  std::string End() {
    while (Next() >= 0) {
    }
    return ErrorText(reader_->Finish());
  }
  void Cancel() { context_.TryCancel(); }
  grpc::StatusCode Finish() { return reader_->Finish().error_code(); }
  const std::string& token() const { return token_; }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<WatchAlertsResponse>> reader_;
  std::string token_;
};

class WatchTest : public ::testing::Test {
 protected:
  WatchTest() {
    rpc::ServerOptions options;
    options.before_shutdown.emplace_back([this] { service_.alerts().EndStreams(); });
    server_ = testing_support::StartServer(
        service_, deadline::v1::DeadlineService::service_full_name(), options);
    stub_ = deadline::v1::DeadlineService::NewStub(server_->InProcessChannel());
  }
  // Raises alert `number`, in one of three partitions, and says so.
  void Raise(int number, const char* unit = "H49") {
    const deadline::AlertRow row{
        cases::DossierCode("H49-20260609-" + std::to_string(1'000'000 + number)),
        {cases::AlertKind::kOverdue, 0, Instant{number}},
        Instant{number},
        cases::UnitCode(unit)};
    world_.store.Put(deadline::AlertRowKey(static_cast<engine::PartitionId>(number % 3),
                                           static_cast<engine::Offset>(number)),
                     deadline::EncodeAlertRow(row));
    service_.alerts().Notify();
  }
  bool WaitForStreams(std::size_t count) {
    const auto end = Clock::now() + kPatience;
    while (service_.alerts().streams() != count) {
      if (Clock::now() > end) return false;
      std::this_thread::yield();
    }
    return true;
  }

  testing_support::World world_;
  std::shared_ptr<const catalogue::Catalogue> catalogue_ = *catalogue::Catalogue::Make({}, {}, {});
  deadline::DeadlineService service_{world_.sink, world_.reader, world_.clock, *catalogue_,
                                     world_.workers};
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<DeadlineStub> stub_;
};

TEST_F(WatchTest, WithoutATokenOnlyWhatIsRaisedFromNowOnComes) {
  Raise(1);
  Raise(2);
  Watcher watcher(*stub_, "");
  Raise(3);
  EXPECT_EQ(watcher.Next(), 3);
  Raise(4);
  Raise(5);
  EXPECT_EQ(watcher.Next(), 4);
  EXPECT_EQ(watcher.Next(), 5);
}

TEST_F(WatchTest, ATokenGoesOnWhereTheStreamBroke) {
  for (int i = 1; i <= 400; ++i) Raise(i);
  std::string token = "0";
  int seen = 0;
  while (seen < 400) {
    Watcher watcher(*stub_, token);
    for (int i = 0; i < 37 && seen < 400; ++i) ASSERT_EQ(watcher.Next(), ++seen);
    token = watcher.token();
    watcher.Cancel();
  }
  Watcher watcher(*stub_, token);
  Raise(401);
  EXPECT_EQ(watcher.Next(), 401);
}

TEST_F(WatchTest, WatchersOfAUnitGetItsAlertsOnly) {
  Watcher all(*stub_, "0");
  Watcher some(*stub_, "0", "H50");
  for (int i = 1; i <= 30; ++i) Raise(i, i % 10 == 0 ? "H50" : "H49");
  EXPECT_EQ(some.Next(), 10);
  EXPECT_EQ(some.Next(), 20);
  EXPECT_EQ(some.Next(), 30);
  for (int i = 1; i <= 30; ++i) EXPECT_EQ(all.Next(), i);
}

TEST_F(WatchTest, ASlowWatcherLosesNothing) {
  Watcher watcher(*stub_, "0");
  for (int i = 1; i <= 5000; ++i) Raise(i);
  for (int i = 1; i <= 5000; ++i) ASSERT_EQ(watcher.Next(), i);
}

TEST_F(WatchTest, Faults_T5_WhoWasCutBeforeItsFirstAlertGoesOnWithoutGapOrRepeat) {
  for (int i = 1; i <= 5; ++i) Raise(i);
  Watcher cut(*stub_, "");
  ASSERT_TRUE(cut.NextToken());
  const std::string token = cut.token();
  cut.Cancel();
  EXPECT_EQ(cut.Finish(), grpc::StatusCode::CANCELLED);
  for (int i = 6; i <= 8; ++i) Raise(i);
  Watcher again(*stub_, token);
  Raise(9);
  for (int i = 6; i <= 9; ++i) EXPECT_EQ(again.Next(), i);
}

TEST_F(WatchTest, Faults_T5_TheFirstTokenHoldsAlsoBeforeThereIsAnyAlert) {
  Watcher cut(*stub_, "");
  ASSERT_TRUE(cut.NextToken());
  cut.Cancel();
  Raise(1);
  EXPECT_EQ(Watcher(*stub_, cut.token()).Next(), 1);
}

TEST_F(WatchTest, Faults_T5_AnIdleStreamIsToldNowAndThenHowFarItHasCome) {
  constexpr std::chrono::milliseconds kOften{20};
  deadline::DeadlineService service{world_.sink, world_.reader,  world_.clock,
                                    *catalogue_, world_.workers, kOften};
  rpc::ServerOptions options;
  options.before_shutdown.emplace_back([&service] { service.alerts().EndStreams(); });
  const auto server = testing_support::StartServer(
      service, deadline::v1::DeadlineService::service_full_name(), options);
  const auto stub = deadline::v1::DeadlineService::NewStub(server->InProcessChannel());
  Watcher watcher(*stub, "", "H50");
  ASSERT_TRUE(watcher.NextToken());
  const std::string first = watcher.token();
  for (int i = 1; i <= 30; ++i) Raise(i, "H49");  // none concerns it
  service.alerts().Notify();
  while (watcher.token() == first) ASSERT_TRUE(watcher.NextToken());
  const std::string later = watcher.token();
  Raise(31, "H50");
  EXPECT_EQ(Watcher(*stub, later, "H50").Next(), 31);
}

// Waits for an alert of an idle stream over a proxy, with a client that pings by itself, until so
// many pings have passed; how the stream ended meanwhile, OK: not at all.
class PingTest : public WatchTest {
 protected:
  static constexpr std::chrono::milliseconds kPingEvery{40};
  static constexpr std::uint64_t kPings = 8;  // gRPC's servers put up with two that are too early
  static constexpr std::uint64_t kPingBytes = 17;

  void Listen(std::chrono::milliseconds ping_pause_min) {
    rpc::ServerOptions options;
    options.ping_pause_min = ping_pause_min;
    options.before_shutdown.emplace_back([this] { service_.alerts().EndStreams(); });
    listening_ = testing_support::StartServer(
        service_, deadline::v1::DeadlineService::service_full_name(), options);
    proxy_ = testing::TcpProxy::Start(listening_->address()).value();
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, static_cast<int>(kPingEvery.count()));
    arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
    pinging_ = deadline::v1::DeadlineService::NewStub(grpc::CreateCustomChannel(
        proxy_->address(), grpc::InsecureChannelCredentials(), arguments));
  }
  bool AwaitPings() {
    const std::uint64_t from = proxy_->bytes_up();
    return testing::Await([&] { return proxy_->bytes_up() >= from + kPings * kPingBytes; },
                          kPatience);
  }

  std::unique_ptr<rpc::Server> listening_;
  std::unique_ptr<testing::TcpProxy> proxy_;
  std::unique_ptr<DeadlineStub> pinging_;
};

TEST_F(PingTest, Faults_T4_AWatcherThatPingsOnAnIdleStreamLives) {
  Listen(kPingEvery / 2);  // as 5 s are to 10 s
  Watcher watcher(*pinging_, "");
  ASSERT_TRUE(AwaitPings());
  Raise(1);
  EXPECT_EQ(watcher.Next(), 1);
}

TEST_F(PingTest, WhoPingsMoreOftenThanAllowedIsCut) {
  Listen(std::chrono::minutes(5));
  Watcher watcher(*pinging_, "");
  EXPECT_EQ(watcher.Next(), -1);  // nothing was raised: it ends
  EXPECT_NE(watcher.Finish(), grpc::StatusCode::OK);
}

TEST(PingSettings, Faults_T4_TheUsualTenSecondsAreFarFromTheLimit) {
  EXPECT_LE(2 * rpc::kPingPauseMin, std::chrono::seconds(10));
}

TEST_F(WatchTest, BadArgumentsEndTheStreamAtOnce) {
  EXPECT_EQ(Watcher(*stub_, "nonsense").End(), "FIELD_INVALID field=resume_token");
  EXPECT_EQ(Watcher(*stub_, "0", "nowhere").End(), "FIELD_INVALID field=unit");
  EXPECT_TRUE(WaitForStreams(0));
}

TEST_F(WatchTest, ACancelledStreamGivesItsPlaceBack) {
  std::vector<std::unique_ptr<Watcher>> watchers(deadline::kAlertStreamsMax);
  for (auto& watcher : watchers) watcher = std::make_unique<Watcher>(*stub_, "");
  EXPECT_EQ(Watcher(*stub_, "").End(), "OVERLOADED limit=64");
  watchers.back()->Cancel();
  EXPECT_EQ(watchers.back()->Finish(), grpc::StatusCode::CANCELLED);
  ASSERT_TRUE(WaitForStreams(deadline::kAlertStreamsMax - 1));
  Watcher next(*stub_, "");
  Raise(1);
  EXPECT_EQ(next.Next(), 1);
}

TEST_F(WatchTest, TheStopEndsEveryStreamWithinItsDeadline) {
  // Over a socket: the in-process transport drops what its peer has not read when it closes.
  const auto channel = rpc::OpenChannel({.address = server_->address()});
  ASSERT_TRUE(channel.ok());
  const auto stub = deadline::v1::DeadlineService::NewStub(*channel);
  Watcher idle(*stub, "");
  Watcher slow(*stub, "0");
  for (int i = 1; i <= 300; ++i) Raise(i);
  const auto begin = Clock::now();
  std::thread stop([&] { server_->Shutdown(std::chrono::seconds(20)); });
  EXPECT_EQ(idle.End(), "NOT_SERVING");
  EXPECT_EQ(slow.End(), "NOT_SERVING");
  stop.join();
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(15));
  EXPECT_EQ(service_.alerts().streams(), 0U);
}

TEST_F(WatchTest, AWatcherThatNeverReadsDoesNotHoldTheStopUp) {
  Watcher stuck(*stub_, "0");
  for (int i = 1; i <= 5000; ++i) Raise(i);
  ASSERT_EQ(stuck.Next(), 1);
  const auto begin = Clock::now();
  server_->Shutdown(std::chrono::milliseconds(300));
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds(15));
}

TEST_F(WatchTest, AlertsAreListedInPagesWithTokensToWatchFrom) {
  for (int i = 1; i <= 25; ++i) Raise(i);
  deadline::v1::ListAlertsRequest request;
  request.set_page_size(7);
  int seen = 0;
  std::string behind_tenth;
  do {
    deadline::v1::ListAlertsResponse response;
    ASSERT_TRUE(
        testing_support::CallOnce(*stub_, &DeadlineStub::ListAlerts, request, &response).ok());
    EXPECT_LE(response.alerts_size(), 7);
    for (const auto& alert : response.alerts()) {
      EXPECT_EQ(alert.due_time().nanos(), ++seen * 1000);
      if (seen == 10) behind_tenth = alert.resume_token();
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(seen, 25);
  EXPECT_EQ(Watcher(*stub_, behind_tenth).Next(), 11);

  request.set_page_token("nonsense");
  EXPECT_EQ(ErrorText(testing_support::CallOnce(*stub_, &DeadlineStub::ListAlerts, request)),
            "FIELD_INVALID field=page_token");
  request.set_page_token(rpc::MakePageToken("ListAlerts||all", "nonsense"));
  EXPECT_EQ(ErrorText(testing_support::CallOnce(*stub_, &DeadlineStub::ListAlerts, request)),
            "FIELD_INVALID field=page_token");
}

}  // namespace
}  // namespace motcua
