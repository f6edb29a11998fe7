// Goal: a call is finished exactly once, whatever ends it, and every error carries its ErrorInfo.
// Method: the intake service on a sink that the test answers for: at once, late, never, twice over,
// after the cancellation, or by dropping the reply.

#include <grpcpp/generic/generic_stub.h>

#include <future>
#include <thread>

#include "services/intake/service.h"
#include "services/platform/grpc/client.h"
#include "tests/integration/grpc/grpc_test_support.h"

namespace motcua {
namespace {

using intake::v1::ReceiveDossierRequest;
using intake::v1::ReceiveDossierResponse;
using testing_support::AnswerOk;
using testing_support::CallOnce;
using testing_support::ErrorText;
using testing_support::kPatience;
using testing_support::SetDeadline;
using IntakeStub = intake::v1::IntakeService::Stub;

ReceiveDossierRequest GoodRequest() {
  ReceiveDossierRequest request;
  testing_support::FillContext(*request.mutable_context());
  request.set_unit(testing_support::kUnit);
  request.set_procedure("1.001193");
  request.set_channel(common::v1::CHANNEL_DIRECT);
  return request;
}

class CallsTest : public ::testing::Test {
 protected:
  testing_support::World world_;
  intake::IntakeService service_{world_.sink, world_.reader, world_.clock, world_.workers};
  std::unique_ptr<rpc::Server> server_ =
      testing_support::StartServer(service_, intake::v1::IntakeService::service_full_name());
  std::unique_ptr<IntakeStub> stub_ =
      intake::v1::IntakeService::NewStub(server_->InProcessChannel());
};

TEST(ErrorDetails, EveryReasonCrossesTheWireUnchanged) {
  for (int i = 1; i <= static_cast<int>(Reason::kInternal); ++i) {
    const Status status(static_cast<Reason>(i), "what is wrong: thiếu giấy tờ",
                        {{"zeta", "2"}, {"field", "rows[3].opened"}});
    const grpc::Status sent = rpc::ToGrpc(status);
    EXPECT_EQ(static_cast<int>(sent.error_code()), static_cast<int>(status.code()));
    EXPECT_EQ(ErrorText(sent),
              std::string(DescribeReason(status.reason()).word) + " field=rows[3].opened zeta=2");
    const Status back = rpc::FromGrpc(sent);
    EXPECT_EQ(back.reason(), status.reason());
    EXPECT_EQ(back.message(), status.message());
    EXPECT_EQ(back.metadata().size(), 2U);
  }
  EXPECT_TRUE(rpc::ToGrpc(OkStatus()).ok());
  EXPECT_TRUE(rpc::FromGrpc(grpc::Status()).ok());
}

TEST(ErrorDetails, LongTextsAreCutBetweenCharacters) {
  std::string text;
  while (text.size() < 3000) text += "ệ";  // three bytes each
  const grpc::Status sent = rpc::ToGrpc(Status(Reason::kFieldInvalid, text, {{"field", text}}));
  EXPECT_EQ(sent.error_message().size(), 1023U);
  EXPECT_LT(sent.error_details().size(), 3000U);
}

TEST(ErrorDetails, ErrorsOfOthersGetTheReasonThatSaysTheSame) {
  const auto reason = [](grpc::StatusCode code) {
    return rpc::FromGrpc(grpc::Status(code, "x")).reason();
  };
  EXPECT_EQ(reason(grpc::StatusCode::UNAVAILABLE), Reason::kNotServing);
  EXPECT_EQ(reason(grpc::StatusCode::DEADLINE_EXCEEDED), Reason::kOutcomeUnknown);
  EXPECT_EQ(reason(grpc::StatusCode::CANCELLED), Reason::kOutcomeUnknown);
  EXPECT_EQ(reason(grpc::StatusCode::RESOURCE_EXHAUSTED), Reason::kOverloaded);
  EXPECT_EQ(reason(grpc::StatusCode::UNIMPLEMENTED), Reason::kInternal);
  EXPECT_EQ(rpc::FromGrpc(grpc::Status(grpc::StatusCode::ABORTED, "x", "garbage\xFF")).reason(),
            Reason::kContention);
}

TEST_F(CallsTest, TheTraceOfACallIsThatOfItsCommand) {
  world_.sink.AnswerBy(AnswerOk);
  const auto trace_of = [&](const std::vector<std::string>& sent) {
    grpc::ClientContext context;
    SetDeadline(context, kPatience);
    for (const std::string& value : sent) context.AddMetadata("traceparent", value);
    ReceiveDossierResponse response;
    EXPECT_TRUE(stub_->ReceiveDossier(&context, GoodRequest(), &response).ok());
    return FormatTraceparent(world_.sink.last().trace);
  };
  const std::string good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  EXPECT_EQ(trace_of({good}), good);
  EXPECT_EQ(trace_of({}), "");
  // Malformed, or more than one: a new one is begun, the same for each try of a request.
  const std::string begun = trace_of({"00-zz"});
  EXPECT_TRUE(ParseTraceparent(begun).has_value()) << begun;
  EXPECT_EQ(trace_of({good, good}), begun);
}

TEST_F(CallsTest, TheClientSendsItsTrace) {
  world_.sink.AnswerBy(AnswerOk);
  rpc::CallPolicy policy;
  policy.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
  const auto answer = rpc::Call<ReceiveDossierResponse>(
      *stub_,
      static_cast<grpc::Status (IntakeStub::*)(grpc::ClientContext*, const ReceiveDossierRequest&,
                                               ReceiveDossierResponse*)>(
          &IntakeStub::ReceiveDossier),
      GoodRequest(), policy);
  ASSERT_TRUE(answer.ok()) << answer.status().ToString();
  EXPECT_EQ(FormatTraceparent(world_.sink.last().trace), policy.traceparent);
}

TEST_F(CallsTest, AnAnswerFillsTheResponse) {
  world_.sink.AnswerBy(AnswerOk);
  ReceiveDossierResponse response;
  ASSERT_TRUE(CallOnce(*stub_, &IntakeStub::ReceiveDossier, GoodRequest(), &response).ok());
  EXPECT_EQ(response.ShortDebugString(),
            "dossier: \"000.23.10.H49-201031-0001\" version: 1 register_year: 2020 "
            "register_number: 31 receive_time { seconds: 1604109600 } due_time { seconds: "
            "1604570400 } due_date { year: 2020 month: 11 day: 5 } "
            "position { token: \"AQAA\" as_of_time { } }");
  const cases::Command command = world_.sink.last();
  EXPECT_EQ(cases::FormatRequestId(command.request_id), testing_support::kRequestId);
  EXPECT_EQ(command.actor.value(), "officer:0142");
  EXPECT_NE(command.digest, 0U);
  const auto& action = LeafOf<cases::ReceiveDossier>(command.action);
  EXPECT_EQ(action.unit.value(), testing_support::kUnit);
  EXPECT_EQ(action.return_mode, cases::ReturnMode::kCounter);
}

TEST_F(CallsTest, ARefusalKeepsItsReason) {
  world_.sink.AnswerBy([](const cases::Command&) -> Result<engine::Answer> {
    return Status(Reason::kVersionMismatch, "has version 4, not 3",
                  {{"expected", "3"}, {"actual", "4"}});
  });
  const grpc::Status status = CallOnce(*stub_, &IntakeStub::ReceiveDossier, GoodRequest());
  EXPECT_EQ(status.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(ErrorText(status), "VERSION_MISMATCH actual=4 expected=3");
}

TEST_F(CallsTest, BadInputNeverReachesTheSink) {
  world_.sink.AnswerBy(AnswerOk);
  const auto refused = [&](auto change) {
    ReceiveDossierRequest request = GoodRequest();
    change(request);
    const grpc::Status status = CallOnce(*stub_, &IntakeStub::ReceiveDossier, request);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    return ErrorText(status);
  };
  using R = ReceiveDossierRequest;
  EXPECT_EQ(refused([](R& r) { r.clear_context(); }), "FIELD_INVALID field=context.request_id");
  EXPECT_EQ(refused([](R& r) { r.mutable_context()->clear_actor(); }),
            "FIELD_INVALID field=context.actor");
  EXPECT_EQ(refused([](R& r) { r.set_unit(""); }), "FIELD_INVALID field=unit");
  EXPECT_EQ(refused([](R& r) { r.set_unit("Hanoi"); }), "FIELD_INVALID field=unit");
  EXPECT_EQ(refused([](R& r) { r.set_procedure("x"); }), "FIELD_INVALID field=procedure");
  EXPECT_EQ(refused([](R& r) { r.clear_channel(); }), "FIELD_INVALID field=channel");
  // Numbers that no name stands for.
  const auto set = [](R& r, const char* field, int value) {
    r.GetReflection()->SetEnumValue(&r, r.GetDescriptor()->FindFieldByName(field), value);
  };
  EXPECT_EQ(refused([&](R& r) { set(r, "channel", 9); }), "FIELD_INVALID field=channel");
  EXPECT_EQ(refused([&](R& r) { set(r, "return_mode", -2); }), "FIELD_INVALID field=return_mode");
  EXPECT_EQ(world_.sink.count(), 0U);
}

TEST_F(CallsTest, BytesThatAreNoMessageAreBadInput) {
  grpc::GenericStub generic(server_->InProcessChannel());
  const std::string path =
      std::string("/") + intake::v1::IntakeService::service_full_name() + "/ReceiveDossier";
  for (const std::string& bytes : {std::string("\xFF\xFF\xFF"), std::string("\x12\x02\xC3\x28")}) {
    grpc::Slice slice(bytes);
    const grpc::ByteBuffer request(&slice, 1);
    grpc::ByteBuffer response;
    grpc::ClientContext context;
    SetDeadline(context, kPatience);
    std::promise<grpc::Status> done;
    generic.UnaryCall(&context, path, {}, &request, &response,
                      [&](grpc::Status status) { done.set_value(std::move(status)); });
    const grpc::Status status = done.get_future().get();
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_EQ(ErrorText(status), "FIELD_INVALID field=request");
  }
  EXPECT_EQ(world_.sink.count(), 0U);
}

TEST_F(CallsTest, TheDeadlineIsTheCallersOrTheDefault) {
  world_.sink.AnswerBy(AnswerOk);
  const auto remaining = [&](std::optional<std::chrono::milliseconds> deadline) {
    grpc::ClientContext context;
    if (deadline) SetDeadline(context, *deadline);
    ReceiveDossierResponse response;
    EXPECT_TRUE(stub_->ReceiveDossier(&context, GoodRequest(), &response).ok());
    return world_.sink.last_deadline() - world_.clock.Passed();
  };
  EXPECT_EQ(remaining({}), Micros(rpc::kCallDeadlineDefault));
  EXPECT_EQ(remaining(std::chrono::hours(5)),
            Micros(rpc::kCallDeadlineMax) - Micros(rpc::kCallDeadlineMargin));
  // The wire rounds a deadline a little up.
  EXPECT_LT(remaining(std::chrono::seconds(10)),
            std::chrono::seconds(10) - Micros(rpc::kCallDeadlineMargin) / 2);
  const Micros some = remaining(std::chrono::seconds(20));
  EXPECT_LT(some, std::chrono::seconds(20));
  EXPECT_GT(some, std::chrono::seconds(1));
}

TEST_F(CallsTest, ALateAnswerFromAnotherThreadFinishesTheCall) {
  std::thread loop([&] {
    ASSERT_TRUE(world_.sink.WaitFor(1));
    const engine::Reply reply = world_.sink.TakePending();
    reply(AnswerOk(world_.sink.last()));
    // A second answer would be a defect of the sink; it must not become one of memory.
    reply(AnswerOk(world_.sink.last()));
  });
  EXPECT_TRUE(CallOnce(*stub_, &IntakeStub::ReceiveDossier, GoodRequest()).ok());
  loop.join();
}

TEST_F(CallsTest, ACancelledCallIsFinishedAndItsLateAnswerDoesNothing) {
  grpc::ClientContext context;
  SetDeadline(context, kPatience);
  ReceiveDossierResponse response;
  std::promise<grpc::Status> done;
  const ReceiveDossierRequest request = GoodRequest();
  stub_->async()->ReceiveDossier(&context, &request, &response,
                                 [&](grpc::Status status) { done.set_value(std::move(status)); });
  ASSERT_TRUE(world_.sink.WaitFor(1));
  context.TryCancel();
  EXPECT_EQ(done.get_future().get().error_code(), grpc::StatusCode::CANCELLED);
  // The server's side ends by itself: nothing is left to wait for.
  const auto begin = std::chrono::steady_clock::now();
  server_->Shutdown(kPatience);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, kPatience);
  world_.sink.TakePending()(AnswerOk(world_.sink.last()));
}

TEST_F(CallsTest, ShutdownWithAPendingCommandReturnsWithinItsDeadline) {
  grpc::ClientContext context;
  SetDeadline(context, kPatience);
  ReceiveDossierResponse response;
  std::promise<grpc::Status> done;
  const ReceiveDossierRequest request = GoodRequest();
  stub_->async()->ReceiveDossier(&context, &request, &response,
                                 [&](grpc::Status status) { done.set_value(std::move(status)); });
  ASSERT_TRUE(world_.sink.WaitFor(1));
  const auto begin = std::chrono::steady_clock::now();
  server_->Shutdown(std::chrono::milliseconds(200));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
  EXPECT_FALSE(done.get_future().get().ok());
  world_.sink.TakePending()(AnswerOk(world_.sink.last()));
}

TEST_F(CallsTest, ADroppedReplyIsAnErrorAndNoSilence) {
  std::thread loop([&] {
    ASSERT_TRUE(world_.sink.WaitFor(1));
    world_.sink.TakePending();
  });
  EXPECT_EQ(ErrorText(CallOnce(*stub_, &IntakeStub::ReceiveDossier, GoodRequest())), "INTERNAL");
  loop.join();
}

TEST_F(CallsTest, UnavailableIsTriedAgainWithTheSameRequest) {
  int answers = 0;
  world_.sink.AnswerBy([&](const cases::Command& command) -> Result<engine::Answer> {
    if (++answers < 3) return Status(Reason::kLogUnavailable, "no broker");
    return AnswerOk(command);
  });
  std::vector<std::chrono::milliseconds> waits;
  rpc::CallPolicy policy;
  policy.pause = [&](std::chrono::milliseconds pause) { waits.push_back(pause); };
  const auto answer =
      rpc::Call<ReceiveDossierResponse>(*stub_, &IntakeStub::ReceiveDossier, GoodRequest(), policy);
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->version(), 1U);
  ASSERT_EQ(waits.size(), 2U);
  EXPECT_GE(waits[0], policy.backoff_first / 2);
  EXPECT_LE(waits[0], policy.backoff_first);
  EXPECT_LE(waits[1], policy.backoff_first * 2);
}

TEST_F(CallsTest, TriesEndAndOtherErrorsAreNotTriedAgain) {
  Reason reason = Reason::kLogUnavailable;
  world_.sink.AnswerBy(
      [&](const cases::Command&) -> Result<engine::Answer> { return Status(reason, "no"); });
  rpc::CallPolicy policy;
  policy.tries_max = 4;
  int waits = 0;
  policy.pause = [&](std::chrono::milliseconds) { ++waits; };
  std::vector<rpc::FailedTry> failed;
  policy.failed_tries = &failed;
  const auto call = [&] {
    return rpc::Call<ReceiveDossierResponse>(*stub_, &IntakeStub::ReceiveDossier, GoodRequest(),
                                             policy)
        .status()
        .reason();
  };
  EXPECT_EQ(call(), Reason::kLogUnavailable);
  EXPECT_EQ(waits, 3);
  ASSERT_EQ(failed.size(), 4U);
  for (const rpc::FailedTry& attempt : failed) EXPECT_EQ(attempt.why.reason(), reason);
  for (const Reason other : {Reason::kOverloaded, Reason::kContention, Reason::kStateForbids}) {
    waits = 0;
    reason = other;
    EXPECT_EQ(call(), other);
    EXPECT_EQ(waits, 0);
  }
}

}  // namespace
}  // namespace motcua
