#include "services/replay/caller.h"

#include <array>
#include <utility>

#include "services/domain/cases/codes.h"
#include "services/engine/partition.h"
#include "services/platform/grpc/convert.h"

namespace motcua::replay {
namespace {

namespace common = common::v1;
using intake::v1::IntakeService;
using postal::v1::PostalService;

constexpr const char* kActor = "officer:replay";
constexpr const char* kCarrier = "vnpost";

// What a number of the plan chooses. The rejected are few; so are the other rare ones.
template <typename T, std::size_t kCount>
T By(std::uint8_t detail, const std::array<T, kCount>& values) {
  return values[detail % kCount];
}
constexpr int kRejectedOneIn = 30;

// A call under way; deletes itself when it is answered.
template <typename Request, typename Response>
struct CallOf {
  grpc::ClientContext context;
  Request request;
  Response response;
};

template <typename Response, typename Request, typename Begin, typename Fill>
void Start(Request request, OnAnswer done, const Begin& begin, const Fill& fill) {
  auto* const call = new CallOf<Request, Response>;
  call->request = std::move(request);
  call->context.set_deadline(gpr_time_from_seconds(kCallSeconds, GPR_TIMESPAN));
  begin(&call->context, &call->request, &call->response,
        [call, done = std::move(done), fill](grpc::Status status) {
          Answer answer;
          answer.status = std::move(status);
          if (answer.status.ok()) fill(call->response, answer);
          delete call;
          done(answer);
        });
}

constexpr auto kNothing = [](const auto& /*response*/, Answer& /*answer*/) {};

void FillReceipt(const intake::v1::ReceiveDossierResponse& response, Answer& answer) {
  answer.dossier = response.dossier();
  const Result<Instant> received = rpc::ParseTimestamp(response.receive_time(), "receive_time");
  if (received.ok()) answer.received = *received;
  const Result<Instant> due = rpc::ParseTimestamp(response.due_time(), "due_time");
  if (due.ok()) answer.due = *due;
}

// "EX123456785VN": eight digits of the dossier's number, and the check digit of S10.
std::string ItemNumber(std::uint32_t dossier) {
  constexpr std::array<std::uint32_t, 8> kWeights = {8, 6, 4, 2, 3, 5, 9, 7};
  constexpr std::uint32_t kModulus = 11;
  constexpr std::size_t kDigits = 8;
  std::string digits = std::to_string(dossier + 1);
  digits.insert(0, kDigits - digits.size(), '0');
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < kDigits; ++i) {
    sum += kWeights.at(i) * static_cast<std::uint32_t>(digits[i] - '0');
  }
  std::uint32_t check = kModulus - sum % kModulus;
  if (check == 10) check = 0;
  if (check == kModulus) check = 5;
  return "EX" + digits + std::to_string(check) + "VN";
}

// By ordinal; one process that serves everything has no service's name.
template <typename Service>
Status OpenStubs(const cluster::Directory& directory, std::string_view name,
                 std::vector<std::unique_ptr<typename Service::Stub>>& stubs) {
  for (const cluster::Directory::Instance* instance : directory.instances()) {
    const bool serves = instance->service.empty() || instance->service == name;
    if (serves) stubs.push_back(Service::NewStub(instance->channel));
  }
  if (!stubs.empty()) return OkStatus();
  return FieldError("cluster", "has no instance of " + std::string(Service::service_full_name()));
}

}  // namespace

Result<std::unique_ptr<Caller>> Caller::Make(const cluster::Directory& directory,
                                             const catalogue::Catalogue& catalogue,
                                             const Plan& plan) {
  std::unique_ptr<Caller> caller(new Caller(directory, catalogue, plan));
  MOTCUA_RETURN_IF_ERROR(OpenStubs<IntakeService>(directory, "intake", caller->intake_));
  MOTCUA_RETURN_IF_ERROR(
      OpenStubs<routing::v1::RoutingService>(directory, "routing", caller->routing_));
  MOTCUA_RETURN_IF_ERROR(
      OpenStubs<deadline::v1::DeadlineService>(directory, "deadline", caller->deadline_));
  MOTCUA_RETURN_IF_ERROR(OpenStubs<PostalService>(directory, "postal", caller->postal_));
  return caller;
}

std::size_t Caller::LineOf(const cases::UnitCode& unit) const {
  return engine::PartitionOf(unit, partitions_);
}

std::size_t Caller::LineOf(const Act& act) const {
  return LineOf(catalogue_.units()[plan_.dossiers[act.dossier].unit].code);
}

void Caller::FillContext(std::string_view name, common::RequestContext& context) const {
  std::string words = "replay halong-2020/" + std::to_string(plan_.options.seed) + "/" +
                      std::to_string(plan_.options.scale) + "/";
  words += name;
  context.set_request_id(cases::FormatRequestId(cases::DeriveRequestId(words)));
  context.set_actor(kActor);
}

template <typename Request>
Request Caller::RequestFor(const Act& act, const std::string& code) const {
  Request request;
  FillContext(std::to_string(act.dossier) + "/" + std::to_string(act.number),
              *request.mutable_context());
  if constexpr (requires { request.set_dossier(code); }) request.set_dossier(code);
  if constexpr (requires { request.set_leg(1); }) request.set_leg(act.leg);
  if constexpr (requires { request.set_procedure(code); }) {
    const Dossier& dossier = plan_.dossiers[act.dossier];
    request.set_unit(catalogue_.units()[dossier.unit].code.value());
    request.set_procedure(catalogue_.procedures()[dossier.procedure].code.value());
    request.set_channel(rpc::ToProto(dossier.channel));
  }
  return request;
}

void Caller::Send(const Act& act, const std::string& code, std::size_t turn, OnAnswer done) const {
  switch (act.kind) {
    case ActKind::kReceive:
    case ActKind::kRefuse:
    case ActKind::kRequestSupplement:
    case ActKind::kReceiveSupplement:
    case ActKind::kRecordResult:
    case ActKind::kAwaitResult:
    case ActKind::kReturnResult:
    case ActKind::kReleaseToPost:
    case ActKind::kWithdraw:
      return SendIntake(act, code, turn, std::move(done));
    case ActKind::kSendHandOver:
    case ActKind::kAcknowledgeHandOver:
    case ActKind::kAcceptLeg:
    case ActKind::kReturnLeg:
    case ActKind::kCompleteLeg:
      return SendRouting(act, code, turn, std::move(done));
    case ActKind::kPauseClock:
    case ActKind::kResumeClock:
      return SendDeadline(act, code, turn, std::move(done));
    case ActKind::kHandOverShipment:
    case ActKind::kTrackShipment:
    case ActKind::kFailDelivery:
    case ActKind::kDeliverShipment:
      return SendPostal(act, code, turn, std::move(done));
  }
}

void Caller::Recall(std::uint32_t dossier, std::size_t turn, OnAnswer done) const {
  SendIntake({dossier, plan_.dossiers[dossier].received, ActKind::kReceive, 0, 0, 0}, "", turn,
             std::move(done));
}

// Sends a request by the callback method of its name.
#define MOTCUA_START(Response, stub, Method, request, fill)                   \
  Start<Response>(                                                            \
      std::move(request), std::move(done),                                    \
      [&](auto* context, auto* sent, auto* response, auto answered) {         \
        (stub).async()->Method(context, sent, response, std::move(answered)); \
      },                                                                      \
      fill)

void Caller::SendIntake(const Act& act, const std::string& code, std::size_t turn,
                        OnAnswer done) const {
  using namespace intake::v1;
  auto& stub = *intake_[(LineOf(act) + turn) % intake_.size()];
  const Dossier& dossier = plan_.dossiers[act.dossier];
  if (act.kind == ActKind::kReceive) {
    auto request = RequestFor<ReceiveDossierRequest>(act, code);
    request.set_return_mode(dossier.asked_for_way ? rpc::ToProto(dossier.way)
                                                  : common::RETURN_MODE_COUNTER);
    MOTCUA_START(ReceiveDossierResponse, stub, ReceiveDossier, request, FillReceipt);
  } else if (act.kind == ActKind::kRefuse) {
    auto request = RequestFor<RefuseDossierRequest>(act, code);
    request.set_reason(By(act.detail, std::array{common::REFUSAL_REASON_PAPERS_MISSING,
                                                 common::REFUSAL_REASON_NOT_COMPETENT,
                                                 common::REFUSAL_REASON_NOT_ELIGIBLE}));
    MOTCUA_START(RefuseDossierResponse, stub, RefuseDossier, request, kNothing);
  } else if (act.kind == ActKind::kRequestSupplement) {
    auto request = RequestFor<RequestSupplementRequest>(act, code);
    constexpr std::uint32_t kPapers = 4;
    request.add_papers(1 + act.detail % kPapers);
    MOTCUA_START(RequestSupplementResponse, stub, RequestSupplement, request, kNothing);
  } else if (act.kind == ActKind::kReceiveSupplement) {
    auto request = RequestFor<ReceiveSupplementRequest>(act, code);
    MOTCUA_START(ReceiveSupplementResponse, stub, ReceiveSupplement, request, kNothing);
  } else if (act.kind == ActKind::kRecordResult) {
    auto request = RequestFor<RecordResultRequest>(act, code);
    request.set_outcome(act.detail % kRejectedOneIn == 0 ? common::OUTCOME_REJECTED
                                                         : common::OUTCOME_GRANTED);
    MOTCUA_START(RecordResultResponse, stub, RecordResult, request, kNothing);
  } else if (act.kind == ActKind::kAwaitResult) {
    GetDossierRequest request;
    request.set_dossier(code);
    MOTCUA_START(GetDossierResponse, stub, GetDossier, request,
                 ([](const GetDossierResponse& response, Answer& answer) {
                   answer.ready = response.dossier().has_resolved();
                 }));
  } else if (act.kind == ActKind::kWithdraw) {
    auto request = RequestFor<WithdrawDossierRequest>(act, code);
    MOTCUA_START(WithdrawDossierResponse, stub, WithdrawDossier, request, kNothing);
  } else {
    auto request = RequestFor<ReturnResultRequest>(act, code);
    request.set_way(act.kind == ActKind::kReleaseToPost ? common::RETURN_MODE_POSTAL
                                                        : common::RETURN_MODE_COUNTER);
    MOTCUA_START(ReturnResultResponse, stub, ReturnResult, request, kNothing);
  }
}

void Caller::SendRouting(const Act& act, const std::string& code, std::size_t turn,
                         OnAnswer done) const {
  using namespace routing::v1;
  auto& stub = *routing_[(LineOf(act) + turn) % routing_.size()];
  if (act.kind == ActKind::kSendHandOver) {
    auto request = RequestFor<SendHandOverRequest>(act, code);
    MOTCUA_START(SendHandOverResponse, stub, SendHandOver, request, kNothing);
  } else if (act.kind == ActKind::kAcknowledgeHandOver) {
    auto request = RequestFor<AcknowledgeHandOverRequest>(act, code);
    MOTCUA_START(AcknowledgeHandOverResponse, stub, AcknowledgeHandOver, request, kNothing);
  } else if (act.kind == ActKind::kAcceptLeg) {
    auto request = RequestFor<AcceptLegRequest>(act, code);
    MOTCUA_START(AcceptLegResponse, stub, AcceptLeg, request, kNothing);
  } else if (act.kind == ActKind::kReturnLeg) {
    auto request = RequestFor<ReturnLegRequest>(act, code);
    request.set_reason(By(act.detail, std::array{common::RETURN_REASON_PAPERS_MISSING,
                                                 common::RETURN_REASON_CONTENT_WRONG}));
    MOTCUA_START(ReturnLegResponse, stub, ReturnLeg, request, kNothing);
  } else {
    auto request = RequestFor<CompleteLegRequest>(act, code);
    MOTCUA_START(CompleteLegResponse, stub, CompleteLeg, request, kNothing);
  }
}

void Caller::SendDeadline(const Act& act, const std::string& code, std::size_t turn,
                          OnAnswer done) const {
  using namespace deadline::v1;
  auto& stub = *deadline_[(LineOf(act) + turn) % deadline_.size()];
  if (act.kind == ActKind::kPauseClock) {
    auto request = RequestFor<PauseClockRequest>(act, code);
    const bool duty = plan_.dossiers[act.dossier].standstill == Standstill::kFinancialDuty;
    request.set_reason(duty ? common::PAUSE_REASON_FINANCIAL_DUTY
                            : common::PAUSE_REASON_OTHER_AGENCY);
    MOTCUA_START(PauseClockResponse, stub, PauseClock, request, kNothing);
  } else {
    auto request = RequestFor<ResumeClockRequest>(act, code);
    MOTCUA_START(ResumeClockResponse, stub, ResumeClock, request, kNothing);
  }
}

void Caller::Send(const Note& note, std::size_t turn, OnAnswer done) const {
  using namespace deadline::v1;
  const Result<cases::DossierCode> code = cases::ParseDossierCode(note.dossier);
  auto& stub = deadline(turn + (code.ok() ? LineOf(cases::UnitOf(*code)) : 0));
  AcknowledgeAlertRequest request;
  FillContext("alert/" + note.token, *request.mutable_context());
  request.set_dossier(note.dossier);
  request.set_kind(note.kind);
  request.set_leg(note.leg);
  MOTCUA_START(AcknowledgeAlertResponse, stub, AcknowledgeAlert, request, kNothing);
}

void Caller::SendPostal(const Act& act, const std::string& code, std::size_t turn,
                        OnAnswer done) const {
  using namespace postal::v1;
  auto& stub = *postal_[(LineOf(act) + turn) % postal_.size()];
  if (act.kind == ActKind::kHandOverShipment) {
    auto request = RequestFor<HandOverShipmentRequest>(act, code);
    request.set_item_number(ItemNumber(act.dossier));
    request.set_carrier(kCarrier);
    MOTCUA_START(HandOverShipmentResponse, stub, HandOverShipment, request, kNothing);
  } else if (act.kind == ActKind::kTrackShipment) {
    auto request = RequestFor<TrackShipmentRequest>(act, code);
    request.set_state(common::SHIPMENT_STATE_OUT_FOR_DELIVERY);
    MOTCUA_START(TrackShipmentResponse, stub, TrackShipment, request, kNothing);
  } else if (act.kind == ActKind::kFailDelivery) {
    auto request = RequestFor<FailDeliveryRequest>(act, code);
    request.set_reason(
        By(act.detail, std::array{common::FAILURE_REASON_ABSENT, common::FAILURE_REASON_ABSENT,
                                  common::FAILURE_REASON_IDENTITY_NOT_PROVEN,
                                  common::FAILURE_REASON_ADDRESS_WRONG}));
    MOTCUA_START(FailDeliveryResponse, stub, FailDelivery, request, kNothing);
  } else {
    auto request = RequestFor<DeliverShipmentRequest>(act, code);
    request.set_proof(By(
        act.detail, std::array{common::PROOF_KIND_SIGNATURE,
                               common::PROOF_KIND_ELECTRONIC_SIGNATURE, common::PROOF_KIND_PHOTO}));
    request.set_proof_reference("BBGN-" + std::to_string(act.dossier + 1));
    MOTCUA_START(DeliverShipmentResponse, stub, DeliverShipment, request, kNothing);
  }
}

#undef MOTCUA_START

}  // namespace motcua::replay
