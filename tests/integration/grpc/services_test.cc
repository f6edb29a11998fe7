// Goal: every changing RPC of the four services becomes the command that it says, and names the
// field that is wrong.
// Method: one server per service on a sink that answers at once; each request first whole, then
// with one field spoilt.

#include "services/intake/import.h"
#include "tests/integration/grpc/running_service.h"

namespace motcua {
namespace {

using testing_support::AnswerOk;
using testing_support::CallOnce;
using testing_support::Deadline;
using testing_support::ErrorText;
using testing_support::Intake;
using testing_support::kDossier;
using testing_support::kUnit;
using testing_support::Postal;
using testing_support::Routing;
using testing_support::World;

template <typename Request>
Request OnDossier() {
  Request request;
  testing_support::FillContext(*request.mutable_context());
  request.set_dossier(kDossier);
  request.set_expected_version(7);
  return request;
}

class ServicesTest : public ::testing::Test {
 protected:
  void SetUp() override { world_.sink.AnswerBy(AnswerOk); }

  // The call is refused, and nothing was submitted.
  template <typename Response, typename Stub, typename Request>
  std::string Refused(Stub& stub,
                      grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                      const Request& request) {
    const std::size_t before = world_.sink.count();
    const grpc::Status status = CallOnce(stub, method, request);
    EXPECT_EQ(world_.sink.count(), before) << request.ShortDebugString();
    return ErrorText(status);
  }
  // The call is taken; the action that was submitted.
  template <typename Action, typename Response, typename Stub, typename Request>
  Action Taken(Stub& stub,
               grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
               const Request& request) {
    Response response;
    const grpc::Status status = CallOnce(stub, method, request, &response);
    EXPECT_EQ(ErrorText(status), "OK") << request.ShortDebugString();
    EXPECT_EQ(response.version(), 8U);
    const cases::Command command = world_.sink.last();
    EXPECT_EQ(command.dossier.value(), kDossier);
    EXPECT_EQ(command.expected_version, 7U);
    EXPECT_TRUE(HoldsLeaf<Action>(command.action));
    return HoldsLeaf<Action>(command.action) ? LeafOf<Action>(command.action) : Action();
  }

  World world_;
};

TEST_F(ServicesTest, IntakeTakesEveryCommand) {
  Intake intake(world_);
  auto& stub = *intake.stub;
  using Stub = intake::v1::IntakeService::Stub;
  namespace v1 = intake::v1;

  auto supplement = OnDossier<v1::RequestSupplementRequest>();
  supplement.add_papers(3);
  EXPECT_EQ(Taken<cases::RequestSupplement>(stub, &Stub::RequestSupplement, supplement).papers,
            std::vector<std::uint32_t>{3});
  supplement.add_papers(0);
  EXPECT_EQ(Refused(stub, &Stub::RequestSupplement, supplement), "FIELD_INVALID field=papers[1]");
  supplement.mutable_papers()->Resize(65, 1);
  EXPECT_EQ(Refused(stub, &Stub::RequestSupplement, supplement), "FIELD_INVALID field=papers");

  Taken<cases::ReceiveSupplement>(stub, &Stub::ReceiveSupplement,
                                  OnDossier<v1::ReceiveSupplementRequest>());
  Taken<cases::WithdrawDossier>(stub, &Stub::WithdrawDossier,
                                OnDossier<v1::WithdrawDossierRequest>());

  auto result = OnDossier<v1::RecordResultRequest>();
  EXPECT_EQ(Taken<cases::RecordResult>(stub, &Stub::RecordResult, result).outcome,
            cases::Outcome::kGranted);
  result.set_outcome(common::v1::OUTCOME_REJECTED);
  EXPECT_EQ(Taken<cases::RecordResult>(stub, &Stub::RecordResult, result).outcome,
            cases::Outcome::kRejected);
  result.set_outcome(common::v1::OUTCOME_WITHDRAWN);
  EXPECT_EQ(Refused(stub, &Stub::RecordResult, result), "FIELD_INVALID field=outcome");

  auto back = OnDossier<v1::ReturnResultRequest>();
  EXPECT_EQ(Taken<cases::ReturnResult>(stub, &Stub::ReturnResult, back).way,
            cases::ReturnMode::kCounter);
  back.set_way(common::v1::RETURN_MODE_POSTAL);
  EXPECT_EQ(Taken<cases::ReturnResult>(stub, &Stub::ReturnResult, back).way,
            cases::ReturnMode::kPostal);
  back.set_dossier("000.23.10.H49-201331-0001");
  EXPECT_EQ(Refused(stub, &Stub::ReturnResult, back), "FIELD_INVALID field=dossier");

  auto correct = OnDossier<v1::CorrectEventRequest>();
  EXPECT_EQ(Refused(stub, &Stub::CorrectEvent, correct), "FIELD_INVALID field=version");
  correct.set_version(3);
  EXPECT_EQ(Refused(stub, &Stub::CorrectEvent, correct), "FIELD_INVALID field=reason");
  correct.set_reason(common::v1::CORRECTION_REASON_NOT_HAPPENED);
  const auto correction = Taken<cases::CorrectEvent>(stub, &Stub::CorrectEvent, correct);
  EXPECT_EQ(correction.version, 3U);
  EXPECT_EQ(correction.reason, cases::CorrectionReason::kNotHappened);

  v1::RefuseDossierRequest refuse;
  testing_support::FillContext(*refuse.mutable_context());
  refuse.set_unit(kUnit);
  refuse.set_procedure("1.001193");
  refuse.set_channel(common::v1::CHANNEL_ONLINE);
  EXPECT_EQ(Refused(stub, &Stub::RefuseDossier, refuse), "FIELD_INVALID field=reason");
  refuse.set_reason(common::v1::REFUSAL_REASON_PAPERS_MISSING);
  v1::RefuseDossierResponse refused;
  ASSERT_TRUE(CallOnce(stub, &Stub::RefuseDossier, refuse, &refused).ok());
  EXPECT_EQ(refused.dossier(), kDossier);
}

TEST_F(ServicesTest, RoutingTakesEveryCommand) {
  Routing routing(world_);
  auto& stub = *routing.stub;
  using Stub = routing::v1::RoutingService::Stub;
  namespace v1 = routing::v1;
  const auto check = [&]<typename Action, typename Request>(auto method, Action, Request request) {
    EXPECT_EQ(Refused(stub, method, request), "FIELD_INVALID field=leg");
    request.set_leg(33);
    EXPECT_EQ(Refused(stub, method, request), "FIELD_INVALID field=leg");
    request.set_leg(2);
    EXPECT_EQ(Taken<Action>(stub, method, request).leg, 2);
  };
  check(&Stub::SendHandOver, cases::SendHandOver(), OnDossier<v1::SendHandOverRequest>());
  check(&Stub::AcknowledgeHandOver, cases::AcknowledgeHandOver(),
        OnDossier<v1::AcknowledgeHandOverRequest>());
  check(&Stub::AcceptLeg, cases::AcceptLeg(), OnDossier<v1::AcceptLegRequest>());
  check(&Stub::CompleteLeg, cases::CompleteLeg(), OnDossier<v1::CompleteLegRequest>());
  check(&Stub::RemindLeg, cases::RemindLeg(), OnDossier<v1::RemindLegRequest>());

  auto back = OnDossier<v1::ReturnLegRequest>();
  back.set_leg(1);
  EXPECT_EQ(Refused(stub, &Stub::ReturnLeg, back), "FIELD_INVALID field=reason");
  back.set_reason(common::v1::RETURN_REASON_CONTENT_WRONG);
  EXPECT_EQ(Taken<cases::ReturnLeg>(stub, &Stub::ReturnLeg, back).reason,
            routing::ReturnReason::kContentWrong);
}

TEST_F(ServicesTest, DeadlineTakesEveryCommand) {
  const auto catalogue = catalogue::Catalogue::Make({}, {}, {});
  Deadline deadline(world_, **catalogue);
  auto& stub = *deadline.stub;
  using Stub = deadline::v1::DeadlineService::Stub;
  namespace v1 = deadline::v1;

  auto pause = OnDossier<v1::PauseClockRequest>();
  EXPECT_EQ(Refused(stub, &Stub::PauseClock, pause), "FIELD_INVALID field=reason");
  pause.set_reason(common::v1::PAUSE_REASON_SUPPLEMENT);
  EXPECT_EQ(Refused(stub, &Stub::PauseClock, pause), "FIELD_INVALID field=reason");
  pause.set_reason(common::v1::PAUSE_REASON_SECTOR_LAW);
  EXPECT_EQ(Taken<cases::PauseClock>(stub, &Stub::PauseClock, pause).reason,
            cases::PauseReason::kSectorLaw);
  Taken<cases::ResumeClock>(stub, &Stub::ResumeClock, OnDossier<v1::ResumeClockRequest>());

  auto acknowledge = OnDossier<v1::AcknowledgeAlertRequest>();
  EXPECT_EQ(Refused(stub, &Stub::AcknowledgeAlert, acknowledge), "FIELD_INVALID field=kind");
  acknowledge.set_kind(common::v1::ALERT_KIND_OVERDUE);
  acknowledge.set_leg(33);
  EXPECT_EQ(Refused(stub, &Stub::AcknowledgeAlert, acknowledge), "FIELD_INVALID field=leg");
  acknowledge.set_leg(0);
  EXPECT_EQ(Taken<cases::AcknowledgeAlert>(stub, &Stub::AcknowledgeAlert, acknowledge).kind,
            cases::AlertKind::kOverdue);
}

TEST_F(ServicesTest, PostalTakesEveryCommand) {
  Postal postal(world_);
  auto& stub = *postal.stub;
  using Stub = postal::v1::PostalService::Stub;
  namespace v1 = postal::v1;

  auto hand_over = OnDossier<v1::HandOverShipmentRequest>();
  EXPECT_EQ(Refused(stub, &Stub::HandOverShipment, hand_over), "FIELD_INVALID field=item_number");
  hand_over.set_item_number("RR473124829VN");
  EXPECT_EQ(Refused(stub, &Stub::HandOverShipment, hand_over), "FIELD_INVALID field=carrier");
  hand_over.set_carrier(std::string(33, 'v'));
  EXPECT_EQ(Refused(stub, &Stub::HandOverShipment, hand_over), "FIELD_INVALID field=carrier");
  hand_over.set_carrier("vnpost");
  EXPECT_EQ(Taken<cases::HandOverShipment>(stub, &Stub::HandOverShipment, hand_over).carrier,
            "vnpost");

  auto track = OnDossier<v1::TrackShipmentRequest>();
  EXPECT_EQ(Refused(stub, &Stub::TrackShipment, track), "FIELD_INVALID field=state");
  track.set_state(common::v1::SHIPMENT_STATE_DELIVERED);
  EXPECT_EQ(Refused(stub, &Stub::TrackShipment, track), "FIELD_INVALID field=state");
  track.set_state(common::v1::SHIPMENT_STATE_IN_TRANSIT);
  EXPECT_FALSE(Taken<cases::TrackShipment>(stub, &Stub::TrackShipment, track).occurred);
  track.mutable_occurred_time()->set_seconds(1'600'000'000);
  EXPECT_EQ(Taken<cases::TrackShipment>(stub, &Stub::TrackShipment, track).occurred,
            Instant{1'600'000'000'000'000});
  track.mutable_occurred_time()->set_nanos(-1);
  EXPECT_EQ(Refused(stub, &Stub::TrackShipment, track), "FIELD_INVALID field=occurred_time.nanos");

  auto fail = OnDossier<v1::FailDeliveryRequest>();
  EXPECT_EQ(Refused(stub, &Stub::FailDelivery, fail), "FIELD_INVALID field=reason");
  fail.set_reason(common::v1::FAILURE_REASON_ABSENT);
  Taken<cases::FailDelivery>(stub, &Stub::FailDelivery, fail);

  auto deliver = OnDossier<v1::DeliverShipmentRequest>();
  EXPECT_EQ(Refused(stub, &Stub::DeliverShipment, deliver), "FIELD_INVALID field=proof");
  deliver.set_proof(common::v1::PROOF_KIND_PHOTO);
  EXPECT_EQ(Refused(stub, &Stub::DeliverShipment, deliver), "FIELD_INVALID field=proof_reference");
  deliver.set_proof_reference("vnpost-2020-1");
  EXPECT_EQ(Taken<cases::DeliverShipment>(stub, &Stub::DeliverShipment, deliver).proof,
            postal::ProofKind::kPhoto);
  Taken<cases::ReturnShipment>(stub, &Stub::ReturnShipment, OnDossier<v1::ReturnShipmentRequest>());
}

// ---- Imports -----------------------------------------------------------------------------------

intake::v1::ImportRow GoodRow(int number) {
  intake::v1::ImportRow row;
  row.set_request_id(
      cases::FormatRequestId(cases::DeriveRequestId("row " + std::to_string(number))));
  row.set_unit(kUnit);
  row.set_procedure("Đăng ký khai sinh");
  row.set_channel(common::v1::CHANNEL_DIRECT);
  row.mutable_opened()->set_unix_micros(1'600'000'000'000'000);
  row.mutable_opened()->set_utc_offset_minutes(420);
  row.set_source("halong-2020");
  row.set_line(static_cast<std::uint32_t>(number + 1));
  row.set_source_id("hs-" + std::to_string(number));
  return row;
}

TEST_F(ServicesTest, EachRowOfAnImportIsAnsweredForItself) {
  Intake intake(world_);
  intake::v1::ImportDossiersRequest request;
  testing_support::FillContext(*request.mutable_context());
  for (int i = 0; i < 6; ++i) *request.add_rows() = GoodRow(i);
  request.mutable_rows(2)->mutable_opened()->set_utc_offset_minutes(5000);
  world_.sink.AnswerBy([](const cases::Command& command) -> Result<engine::Answer> {
    const auto& row = LeafOf<cases::ImportDossier>(command.action);
    engine::Answer answer = *AnswerOk(command);
    answer.doubts = 5;
    answer.repeated = row.recorded.line == 2;
    if (row.recorded.line == 6) answer.version = 4;
    if (row.recorded.line == 4) return Status(Reason::kRequestIdReused, "other content");
    if (row.recorded.line == 5) return Status(Reason::kOverloaded, "full");
    return answer;
  });
  intake::v1::ImportDossiersResponse response;
  ASSERT_TRUE(
      CallOnce(*intake.stub, &intake::v1::IntakeService::Stub::ImportDossiers, request, &response)
          .ok());
  std::string text;
  for (const intake::v1::ImportResult& result : response.results()) {
    text += intake::v1::ImportOutcome_Name(result.outcome()) + " " + result.dossier() + " " +
            std::to_string(result.doubts()) + " " + result.error().reason();
    for (const auto& entry : result.error().metadata()) text += " " + entry.value();
    text += "\n";
  }
  EXPECT_EQ(text,
            "IMPORT_OUTCOME_IMPORTED 000.23.10.H49-201031-0001 5 \n"
            "IMPORT_OUTCOME_ALREADY_THERE 000.23.10.H49-201031-0001 5 \n"
            "IMPORT_OUTCOME_REFUSED  0 FIELD_INVALID rows[2].opened.utc_offset_minutes\n"
            "IMPORT_OUTCOME_REFUSED  0 REQUEST_ID_REUSED\n"
            "IMPORT_OUTCOME_TRY_AGAIN  0 OVERLOADED\n"
            "IMPORT_OUTCOME_UPDATED 000.23.10.H49-201031-0001 5 \n");
}

TEST_F(ServicesTest, AnImportHasALimitAndMayBeEmpty) {
  Intake intake(world_);
  using Stub = intake::v1::IntakeService::Stub;
  intake::v1::ImportDossiersRequest request;
  EXPECT_EQ(Refused(*intake.stub, &Stub::ImportDossiers, request),
            "FIELD_INVALID field=context.request_id");
  testing_support::FillContext(*request.mutable_context());
  EXPECT_TRUE(CallOnce(*intake.stub, &Stub::ImportDossiers, request).ok());
  for (int i = 0; i < intake::kImportRowsMax; ++i) *request.add_rows() = GoodRow(i);
  intake::v1::ImportDossiersResponse response;
  EXPECT_TRUE(CallOnce(*intake.stub, &Stub::ImportDossiers, request, &response).ok());
  EXPECT_EQ(response.results_size(), intake::kImportRowsMax);
  *request.add_rows() = GoodRow(0);
  EXPECT_EQ(Refused(*intake.stub, &Stub::ImportDossiers, request),
            "LIMIT_EXCEEDED field=rows limit=1000");
}

TEST(ImportRow, EveryFieldIsCheckedAndNamed) {
  const auto error = [](auto change) {
    intake::v1::ImportRow row = GoodRow(0);
    change(row);
    const Status status = intake::ParseImportRow(row, cases::ActorId("import")).status();
    return status.metadata().empty() ? std::string("ok") : status.metadata()[0].second;
  };
  using Row = intake::v1::ImportRow;
  EXPECT_EQ(error([](Row&) {}), "ok");
  EXPECT_EQ(error([](Row& r) { r.clear_request_id(); }), "request_id");
  EXPECT_EQ(error([](Row& r) { r.set_unit("x"); }), "unit");
  EXPECT_EQ(error([](Row& r) { r.set_dossier("x"); }), "dossier");
  EXPECT_EQ(error([](Row& r) { r.set_dossier("000.24.10.H49-201031-0001"); }), "dossier");
  EXPECT_EQ(error([](Row& r) { r.set_dossier(kDossier); }), "ok");
  EXPECT_EQ(error([](Row& r) { r.clear_procedure(); }), "procedure");
  EXPECT_EQ(error([](Row& r) { r.set_procedure(std::string(65, 'p')); }), "procedure");
  EXPECT_EQ(error([](Row& r) { r.set_procedure("a\nb"); }), "procedure");
  EXPECT_EQ(error([](Row& r) { r.set_procedure_name("\xC3\x28"); }), "procedure_name");
  EXPECT_EQ(error([](Row& r) { r.set_field(std::string(257, 'f')); }), "field");
  EXPECT_EQ(error([](Row& r) { r.set_unit_name(std::string(257, 'u')); }), "unit_name");
  EXPECT_EQ(error([](Row& r) { r.clear_channel(); }), "channel");
  EXPECT_EQ(error([](Row& r) { r.set_register_year(1800); }), "register_year");
  EXPECT_EQ(error([](Row& r) { r.set_register_number(3); }), "register_year");
  EXPECT_EQ(error([](Row& r) { r.clear_opened(); }), "opened");
  EXPECT_EQ(error([](Row& r) { r.mutable_due()->set_unix_micros(INT64_MAX); }), "due.unix_micros");
  EXPECT_EQ(error([](Row& r) { r.mutable_closed()->set_utc_offset_minutes(9999); }),
            "closed.utc_offset_minutes");
  EXPECT_EQ(error([](Row& r) { r.set_outcome(common::v1::OUTCOME_GRANTED); }), "outcome");
  EXPECT_EQ(error([](Row& r) { r.clear_source(); }), "source");
  EXPECT_EQ(error([](Row& r) { r.set_source_id(std::string(65, 's')); }), "source_id");
  EXPECT_EQ(error([](Row& r) { r.set_doubts(1); }), "doubts") << "for the decision to find";
  EXPECT_EQ(error([](Row& r) { r.set_doubts(256); }), "doubts");
}

TEST(ImportRow, Faults_F2F6_WhatTheReaderDoubtsReachesTheEvent) {
  intake::v1::ImportRow row = GoodRow(0);
  const auto parsed = [&row] { return *intake::ParseImportRow(row, cases::ActorId("import")); };
  const std::uint64_t digest = parsed().digest;
  row.set_doubts(32 | 64 | 128);
  const cases::Command doubtful = parsed();
  EXPECT_EQ(LeafOf<cases::ImportDossier>(doubtful.action).recorded.doubts, 32 | 64 | 128);
  EXPECT_EQ(parsed().digest, digest) << "a better copy of the file has the same rows";
}

TEST(ImportRow, TheLineIsNotPartOfWhatMakesARowTheSameRow) {
  const auto digest = [](const intake::v1::ImportRow& row) {
    return intake::ParseImportRow(row, cases::ActorId("import"))->digest;
  };
  intake::v1::ImportRow row = GoodRow(0);
  const std::uint64_t first = digest(row);
  row.set_line(99);
  EXPECT_EQ(digest(row), first);
  row.mutable_closed()->set_unix_micros(1'600'000'001'000'000);
  EXPECT_NE(digest(row), first);
  const auto ended = intake::ParseImportRow(row, cases::ActorId("import"));
  EXPECT_EQ(LeafOf<cases::ImportDossier>(ended->action).recorded.outcome, cases::Outcome::kGranted)
      << "an ended case was granted when nothing is said";
}

}  // namespace
}  // namespace motcua
