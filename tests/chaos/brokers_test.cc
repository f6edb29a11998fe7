// Goal: whatever happens to brokers, nothing that was answered is lost, doubled or contradicted;
// without a majority commands are refused in time, reads go on and health says so, and all
// continues by itself.
// Method: two instances of each service over three brokers, under load; kill -9 of one broker, of
// the active controller, of two of three, a broker that sleeps; each begins with all copies in
// sync, so that its row of the table is its own. The account is checker.h's.
#include <gtest/gtest.h>

#include "motcua/admin/v1/admin.grpc.pb.h"
#include "motcua/intake/v1/intake.grpc.pb.h"
#include "tests/chaos/round.h"
#include "tests/support/await.h"

namespace motcua::chaos {
namespace {

using intake::v1::IntakeService;

constexpr int kBrokers = 3;
// Longer than a broker's session and than the time in which a copy may lag.
constexpr std::chrono::seconds kSleepOfABroker{12};
// What a caller without patience gives a command, and what it may take beyond it.
constexpr std::chrono::seconds kHastyDeadline{5};
constexpr std::chrono::seconds kOverDeadlineMax{1};
constexpr std::chrono::seconds kLastAnswersWithin{2};
constexpr std::chrono::seconds kRefusedWithin{30};
constexpr std::chrono::seconds kSaidWithin{30};

int Controller(Round& round) {
  const Result<int> controller = round.kafka().Controller();
  EXPECT_TRUE(controller.ok()) << controller.status().ToString();
  return controller.ok() ? *controller : 1;
}

void KillBroker(Round& round, int node) {
  round.AwaitCopies();
  ExpectOk(round.kafka().KillBroker(node));
  round.AwaitAnswers();
  ExpectOk(round.kafka().StartBroker(node));
}

// One that leads partitions, perhaps, but not the cluster.
void KillAnyBroker(Round& round) { KillBroker(round, Controller(round) % kBrokers + 1); }

void KillController(Round& round) { KillBroker(round, Controller(round)); }

// It holds its connections open and says nothing.
void PauseBroker(Round& round) {
  round.AwaitCopies();
  const int node = Controller(round) % kBrokers + 1;
  ExpectOk(round.kafka().PauseBroker(node));
  Round::Endure(kSleepOfABroker);
  round.AwaitAnswers();
  ExpectOk(round.kafka().ResumeBroker(node));
}

intake::v1::ReceiveDossierRequest HastyRequest(std::size_t number) {
  intake::v1::ReceiveDossierRequest request;
  request.mutable_context()->set_request_id(
      cases::FormatRequestId(cases::DeriveRequestId("chaos/hasty/" + std::to_string(number))));
  request.mutable_context()->set_actor("officer:chaos");
  request.set_unit(Load::Units()[0]);
  request.set_procedure("1.000893");
  request.set_channel(common::v1::CHANNEL_DIRECT);
  return request;
}

// Whether one command of a caller without patience was refused with UNAVAILABLE; never may it take
// longer than its deadline. It stands in the books, and the end of the round asks it again: nobody
// knows whether it was taken.
bool IsRefusedInTime(Round& round, const cluster::Directory::Instance& intake) {
  static std::size_t next = 0;
  const auto request = HastyRequest(next++);
  const auto directory = round.directory_pointer();
  round.load().books().Open(
      {.kind = "receive",
       .lane = "",
       .unit = request.unit(),
       .ids = {request.context().request_id()},
       .ask = [directory, request](const rpc::CallPolicy& policy) -> Result<Answer> {
         const auto response =
             directory->Call<IntakeService>(&IntakeService::Stub::ReceiveDossier, request, policy);
         if (!response.ok()) return response.status();
         return Answer{{response->dossier()}, response->version()};
       }});
  grpc::ClientContext context;
  const auto begin = std::chrono::steady_clock::now();
  context.set_deadline(std::chrono::system_clock::now() + kHastyDeadline);
  intake::v1::ReceiveDossierResponse response;
  const grpc::Status status =
      IntakeService::NewStub(intake.channel)->ReceiveDossier(&context, request, &response);
  EXPECT_FALSE(status.ok()) << "taken without a majority";
  EXPECT_LT(std::chrono::steady_clock::now() - begin, kHastyDeadline + kOverDeadlineMax);
  return status.error_code() == grpc::StatusCode::UNAVAILABLE;
}

void ExpectReads(const cluster::Directory::Instance& intake) {
  const auto stub = IntakeService::NewStub(intake.channel);
  intake::v1::ListDossiersRequest request;
  request.set_unit(Load::Units()[0]);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kHastyDeadline);
  intake::v1::ListDossiersResponse response;
  const grpc::Status status = stub->ListDossiers(&context, request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_GT(response.dossiers_size(), 0);
}

bool Serves(Round& round, int ordinal) {
  admin::v1::GetInstanceResponse answer;
  return round.Ask("intake", ordinal, answer) && answer.services(0).serving();
}

// No majority: no write counts.
void KillTwoOfThree(Round& round) {
  round.AwaitCopies();
  const int first = Controller(round);
  const int second = first % kBrokers + 1;
  ExpectOk(round.kafka().KillBroker(first));
  ExpectOk(round.kafka().KillBroker(second));
  const cluster::Directory::Instance* intake =
      round.directory().Find(IntakeService::service_full_name(), "").front();
  // What the log had acknowledged may still come back for a moment.
  Round::Endure(kLastAnswersWithin);
  EXPECT_TRUE(testing::Await([&] { return IsRefusedInTime(round, *intake); }, kRefusedWithin));
  EXPECT_TRUE(testing::Await([&] { return !Serves(round, intake->ordinal); }, kSaidWithin));
  ExpectReads(*intake);
  ExpectOk(round.kafka().StartBroker(first));
  ExpectOk(round.kafka().StartBroker(second));
  EXPECT_TRUE(testing::Await([&] { return Serves(round, intake->ordinal); }, kRecoveryMax));
}

TEST(ChaosBrokers, NothingAnsweredIsLostOrDoubled) {
  const auto started = Round::Start();
  MOTCUA_REQUIRE_KAFKA(started);
  Round& round = **started;
  round.RunAll({{"broker killed", [&round] { KillAnyBroker(round); }},
                {"controller killed", [&round] { KillController(round); }},
                {"two of three brokers killed", [&round] { KillTwoOfThree(round); }},
                {"broker sleeps and wakes", [&round] { PauseBroker(round); }}});
  round.Finish();
}

}  // namespace
}  // namespace motcua::chaos
