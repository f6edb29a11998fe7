// Goal: no answer hides how far the log was read; a read waits, within bounds, until the service
// has come as far as its caller asks, and says so clearly when it does not.
// Method: intake over a gate that the test publishes by hand and a log that the test answers for;
// then two real instances over one real log.

#include "services/platform/grpc/position.h"

#include <future>

#include "services/intake/rules.h"
#include "services/intake/service.h"
#include "services/platform/catalogue/catalogue_files.h"
#include "services/platform/grpc/read.h"
#include "services/platform/host/service_host.h"
#include "services/platform/rocksdb/local_log.h"
#include "services/platform/runtime/clocks.h"
#include "tests/integration/grpc/grpc_test_support.h"
#include "tests/support/await.h"
#include "tests/support/temp_dir.h"

namespace motcua {
namespace {

using common::v1::CONSISTENCY_CURRENT;
using intake::v1::GetDossierResponse;
using testing_support::ErrorText;
using testing_support::kDossier;
using testing_support::kPatience;
using IntakeStub = intake::v1::IntakeService::Stub;

// A log of two partitions whose ends are told when the test says so.
class AskedLog final : public engine::EventLog {
 public:
  engine::PartitionId partitions() const override { return 2; }
  void Append(engine::PartitionId, std::vector<std::string>, AppendDone) override {}
  Result<std::shared_ptr<const engine::LogChunk>> Read(engine::PartitionId,
                                                       engine::Offset) override {
    return std::make_shared<const engine::LogChunk>();
  }
  void AskEnd(engine::PartitionId, EndDone done) override {
    const std::lock_guard lock(mutex_);
    asks_.push_back(std::move(done));
  }
  std::uint64_t Watch(std::function<void()>) override { return 0; }
  void Unwatch(std::uint64_t) override {}

  std::size_t asks() {
    const std::lock_guard lock(mutex_);
    return asks_.size();
  }
  void Tell(const Result<engine::Offset>& end) {
    std::vector<EndDone> asks;
    {
      const std::lock_guard lock(mutex_);
      asks.swap(asks_);
    }
    for (const EndDone& done : asks) done(end);
  }

 private:
  std::mutex mutex_;
  std::vector<EndDone> asks_;
};

class PositionTest : public ::testing::Test {
 protected:
  struct Answered {
    grpc::Status status;
    GetDossierResponse response;
  };

  PositionTest() { Publish(5); }
  // The service has folded so much of each partition, of 9 records.
  void Publish(engine::Offset next) { gate_.Publish({{0, next, 9}, {1, next, 9}}); }

  static common::v1::ReadOptions AtLeast(engine::Offsets offsets) {
    common::v1::ReadOptions read;
    read.set_at_least(rpc::EncodePosition(offsets));
    return read;
  }
  static common::v1::ReadOptions Current() {
    common::v1::ReadOptions read;
    read.set_consistency(CONSISTENCY_CURRENT);
    return read;
  }
  Answered Ask(const common::v1::ReadOptions& read,
               std::chrono::milliseconds deadline = kPatience) {
    intake::v1::GetDossierRequest request;
    request.set_dossier(kDossier);
    *request.mutable_read() = read;
    Answered answered;
    grpc::ClientContext context;
    testing_support::SetDeadline(context, deadline);
    answered.status = stub_->GetDossier(&context, request, &answered.response);
    return answered;
  }
  std::future<Answered> AskInBackground(const common::v1::ReadOptions& read) {
    return std::async(std::launch::async, [this, read] { return Ask(read); });
  }
  bool AwaitWaiting() {
    return testing::Await([this] { return gate_.waiting() == 1; }, kPatience);
  }

  testing_support::World world_;
  AskedLog log_;
  host::FoldGate gate_{log_};
  engine::StateReader reader_{world_.store, world_.codec, &gate_};
  intake::IntakeService service_{world_.sink, reader_, world_.clock, world_.workers};
  std::unique_ptr<rpc::Server> server_ =
      testing_support::StartServer(service_, intake::v1::IntakeService::service_full_name());
  std::unique_ptr<IntakeStub> stub_ =
      intake::v1::IntakeService::NewStub(server_->InProcessChannel());
};

TEST_F(PositionTest, Faults_T8_EveryAnswerSaysWhatItIsTrueForAndHowFarBehind) {
  world_.Put(testing_support::ProcessingDossier());
  gate_.Publish({{0, 5, 9, true, Instant{1'000'000}}, {1, 7, 7, true, Instant{3'000'000}}});
  const Answered answered = Ask({});
  ASSERT_TRUE(answered.status.ok()) << answered.status.error_message();
  const auto& position = answered.response.position();
  EXPECT_EQ(position.token(), rpc::EncodePosition({{0, 5}, {1, 7}}));
  EXPECT_EQ(position.lag(), 4);
  EXPECT_EQ(position.as_of_time().seconds(), 3);
}

TEST_F(PositionTest, Faults_T8_ACommandsAnswerIncludesItsOwnEvent) {
  world_.sink.AnswerBy([](const cases::Command& command) {
    Result<engine::Answer> answer = testing_support::AnswerOk(command);
    (*answer).read = {1, 8, 10};
    return answer;
  });
  intake::v1::WithdrawDossierRequest request;
  testing_support::FillContext(*request.mutable_context());
  request.set_dossier(kDossier);
  intake::v1::WithdrawDossierResponse response;
  ASSERT_TRUE(
      testing_support::CallOnce(*stub_, &IntakeStub::WithdrawDossier, request, &response).ok());
  EXPECT_EQ(response.position().token(), rpc::EncodePosition({{1, 8}}));
  EXPECT_EQ(response.position().lag(), 2);
}

TEST_F(PositionTest, Faults_T8_AReadWaitsForThePositionThatItIsGiven) {
  auto asked = AskInBackground(AtLeast({{1, 9}}));
  ASSERT_TRUE(AwaitWaiting());
  Publish(8);
  EXPECT_EQ(gate_.waiting(), 1U);
  world_.Put(testing_support::ProcessingDossier());
  Publish(9);
  const Answered answered = asked.get();
  ASSERT_TRUE(answered.status.ok()) << answered.status.error_message();
  EXPECT_EQ(answered.response.position().token(), rpc::EncodePosition({{0, 9}, {1, 9}}));
  EXPECT_EQ(answered.response.position().lag(), 0);
  EXPECT_TRUE(testing::Await([this] { return gate_.waiting() == 0; }, kPatience));
}

TEST_F(PositionTest, Faults_T8_AServiceThatStaysBehindSaysSoBeforeTheCallersTimeIsOver) {
  const std::chrono::milliseconds brief{1'000};
  EXPECT_EQ(ErrorText(Ask(AtLeast({{0, 9}, {1, 6}}), brief).status), "BEHIND missing=5");
  EXPECT_EQ(ErrorText(Ask(Current(), brief).status), "BEHIND");  // the log has not told its end
  // A wait is forgotten after its answer is on the way (read.cc).
  EXPECT_TRUE(testing::Await([this] { return gate_.waiting() == 0; }, kPatience));
  log_.Tell(engine::Offset{9});  // too late, for nobody
}

TEST_F(PositionTest, Faults_T8_CurrentIsAllThatStandsInTheLogWhenTheCallComes) {
  auto asked = AskInBackground(Current());
  ASSERT_TRUE(testing::Await([this] { return log_.asks() == 2; }, kPatience));
  Publish(9);
  EXPECT_EQ(gate_.waiting(), 1U);
  log_.Tell(engine::Offset{11});
  Publish(10);
  EXPECT_EQ(gate_.waiting(), 1U);
  world_.Put(testing_support::ProcessingDossier());
  Publish(11);
  EXPECT_TRUE(asked.get().status.ok());

  asked = AskInBackground(Current());
  ASSERT_TRUE(testing::Await([this] { return log_.asks() == 2; }, kPatience));
  log_.Tell(Status(Reason::kLogUnavailable, "no broker"));
  EXPECT_EQ(ErrorText(asked.get().status), "LOG_UNAVAILABLE");
}

TEST_F(PositionTest, WhatIsNoPositionIsRefused) {
  common::v1::ReadOptions read;
  for (const std::string& token :
       {std::string("nonsense"), std::string("AQ"), rpc::EncodePosition({{2, 1}}),
        rpc::EncodePosition({{0, 1}}) + "A"}) {
    read.set_at_least(token);
    // "AQ" says nothing, which is said by an empty text.
    EXPECT_EQ(ErrorText(Ask(read).status), "FIELD_INVALID field=read.at_least") << token;
  }
  read.clear_at_least();
  read.set_consistency(static_cast<common::v1::Consistency>(77));
  EXPECT_EQ(ErrorText(Ask(read).status), "FIELD_INVALID field=read.consistency");
}

TEST_F(PositionTest, TheStopOfAServiceEndsWhatWaits) {
  auto asked = AskInBackground(AtLeast({{0, 9}}));
  ASSERT_TRUE(AwaitWaiting());
  gate_.Close();
  EXPECT_EQ(gate_.waiting(), 0U);
  EXPECT_EQ(ErrorText(asked.get().status), "NOT_SERVING");
}

TEST_F(PositionTest, ACallerWhoLeavesIsNotWaitedFor) {
  const grpc::Status status = Ask(AtLeast({{0, 9}}), std::chrono::milliseconds(1)).status;
  EXPECT_FALSE(status.ok());
  EXPECT_TRUE(testing::Await([this] { return gate_.waiting() == 0; }, kPatience));
}

// Two instances of intake over one log. The second would rest for an hour between its rounds.
class TwoInstancesTest : public ::testing::Test {
 protected:
  TwoInstancesTest() {
    log_ = rocks::LocalLog::Open(folder_ / "log", 3, codec_, {}).value();
    for (int i = 0; i < 2; ++i) {
      host::HostOptions options;
      options.directory = folder_ / std::to_string(i);
      options.log_id = log_->id();
      options.ordinal = i;
      options.replicas = 2;
      if (i == 1) options.fold_pause = std::chrono::hours(1);
      hosts_.push_back(
          host::ServiceHost::Open({*log_, clock_, codec_, *catalogue_, rules_}, std::move(options))
              .value());
      hosts_.back()->Start();
      EXPECT_TRUE(hosts_.back()->AwaitCaughtUp().ok());
    }
  }
  engine::Answer Receive(int number) {
    cases::Command command;
    command.request_id = cases::DeriveRequestId(std::to_string(number));
    command.digest = 1;
    command.actor = cases::ActorId("officer:1");
    command.action = cases::ReceiveDossier{cases::UnitCode(testing_support::kUnit),
                                           cases::ProcedureCode("1.000656")};
    std::promise<Result<engine::Answer>> answered;
    hosts_[0]->sink().Submit(
        std::move(command), engine::kNoDeadline,
        [&answered](Result<engine::Answer> got) { answered.set_value(std::move(got)); });
    const Result<engine::Answer> answer = answered.get_future().get();
    EXPECT_TRUE(answer.ok()) << answer.status().ToString();
    return *answer;
  }
  static Status AwaitAt(const host::ServiceHost& host, const common::v1::ReadOptions& read) {
    std::promise<Status> reached;
    rpc::AwaitPosition(host.reader().progress(), read, std::chrono::system_clock::now() + kPatience,
                       [&reached](const auto& at) { reached.set_value(at.status()); });
    return reached.get_future().get();
  }

  testing::TempDir folder_;
  wire::WireCodec codec_;
  runtime::SystemClock clock_;
  intake::IntakeRules rules_;
  std::shared_ptr<const catalogue::Catalogue> catalogue_ = catalogue::BuiltinCatalogue();
  std::unique_ptr<rocks::LocalLog> log_;
  std::vector<std::unique_ptr<host::ServiceHost>> hosts_;
};

TEST_F(TwoInstancesTest, Faults_T8_WhatOneHasAnsweredTheOtherKnowsWhenAskedWithThePosition) {
  constexpr int kRounds = 200;
  for (int i = 0; i < kRounds; ++i) {
    const engine::Answer answer = Receive(i);
    common::v1::ReadOptions read;
    if (i % 2 == 0) {
      common::v1::Position position;
      rpc::FillPosition({answer.read}, position);
      read.set_at_least(position.token());
    } else {
      read.set_consistency(CONSISTENCY_CURRENT);
    }
    const Status reached = AwaitAt(*hosts_[1], read);
    ASSERT_TRUE(reached.ok()) << reached.ToString();
    ASSERT_TRUE(hosts_[1]->reader().GetDossier(answer.dossier).ok()) << i;
  }
}

TEST(Position, ATokenIsReadBackAndNothingElseIs) {
  for (const engine::Offsets& offsets :
       {engine::Offsets{{0, 0}}, engine::Offsets{{0, 127}, {1, 128}, {65'535, UINT64_MAX}}}) {
    const Result<engine::Offsets> read = rpc::DecodePosition(rpc::EncodePosition(offsets));
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(*read, offsets);
  }
  EXPECT_EQ(rpc::EncodePosition({}), "");
  EXPECT_TRUE(rpc::DecodePosition("")->empty());
}

}  // namespace
}  // namespace motcua
