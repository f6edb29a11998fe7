#include "tests/chaos/caller.h"

#include <array>
#include <utility>

#include "motcua/intake/v1/intake.grpc.pb.h"
#include "motcua/postal/v1/postal.grpc.pb.h"
#include "motcua/routing/v1/routing.grpc.pb.h"
#include "services/engine/partition.h"

namespace motcua::chaos {
namespace {

using intake::v1::IntakeService;
using postal::v1::PostalService;
using routing::v1::RoutingService;

constexpr const char* kActor = "officer:chaos";
constexpr const char* kSimpleProcedure = "1.000893";  // the receiving unit alone
constexpr const char* kRouteProcedure = "2.001023";   // three legs, one after the other
constexpr std::uint32_t kRouteLegs = 3;
constexpr int kImportRows = 5;
constexpr int kImportDays = 5;  // after which a case of the register has ended, at most
// How long a caller waits for another service's reaction before it leaves the case alone.
constexpr std::chrono::seconds kReactionPatience{60};
constexpr std::chrono::milliseconds kReactionPause{100};

template <typename Response>
concept TellsDossier = requires(const Response& response) { response.dossier(); };

// `dossier` is what the request was about, empty where it makes one.
template <typename Response>
Result<Answer> AnswerOf(const Response& response, const std::string& dossier) {
  if constexpr (TellsDossier<Response>) {
    return Answer{{response.dossier()}, response.version()};
  } else {
    return Answer{{dossier}, response.version()};
  }
}

// Rows that could not be decided now make the whole call one to be repeated.
Result<Answer> AnswerOf(const intake::v1::ImportDossiersResponse& response,
                        const std::string& /*dossier*/) {
  Answer answer{{}, 1};
  for (const intake::v1::ImportResult& row : response.results()) {
    if (row.outcome() == intake::v1::IMPORT_OUTCOME_TRY_AGAIN) {
      return Status(Reason::kOutcomeUnknown, row.message());
    }
    if (row.outcome() == intake::v1::IMPORT_OUTCOME_REFUSED) {
      return Status(Reason::kStateForbids, "a row was refused: " + row.message());
    }
    answer.dossiers.push_back(row.dossier());
  }
  return answer;
}

template <typename Request>
Request About(const std::string& dossier) {
  Request request;
  request.set_dossier(dossier);
  return request;
}

template <typename Request>
std::string DossierOf(const Request& request) {
  if constexpr (requires { request.dossier(); }) {
    return request.dossier();
  } else {
    return {};
  }
}

}  // namespace

std::string Caller::LaneOf(const char* service_name, const std::string& unit) const {
  const std::string name(service_name);  // "motcua.intake.v1.IntakeService"
  const std::size_t begin = name.find('.') + 1;
  const auto partition = engine::PartitionOf(cases::UnitCode(unit), load_.directory_->partitions());
  return name.substr(begin, name.find('.', begin) - begin) + "/" + std::to_string(partition);
}

std::string Caller::AnyUnit() { return Load::Units()[random_() % Load::Units().size()]; }

template <typename Service, typename Request, typename Response>
Command& Caller::Send(const char* kind, Request request, bool wanted,
                      grpc::Status (Service::Stub::*method)(grpc::ClientContext*, const Request&,
                                                            Response*)) {
  request.mutable_context()->set_request_id(load_.NewId());
  request.mutable_context()->set_actor(kActor);
  Command command;
  command.kind = kind;
  command.unit = rpc::UnitOf(request);
  command.lane = LaneOf(Service::service_full_name(), command.unit);
  command.wanted = wanted;
  const auto ask_for = [directory = load_.directory_, method](const Request& asked) {
    return [directory, method, asked](const rpc::CallPolicy& policy) -> Result<Answer> {
      const Result<Response> response =
          directory->template Call<Service, Request, Response>(method, asked, policy);
      if (!response.ok()) return response.status();
      Result<Answer> answer = AnswerOf(*response, DossierOf(asked));
      // To the client library an answer that puts rows off is an answer.
      if (!answer.ok() && policy.failed_tries != nullptr) {
        policy.failed_tries->push_back({answer.status(), std::chrono::milliseconds(0)});
      }
      return answer;
    };
  };
  if constexpr (requires { request.rows(); }) {
    for (auto& row : *request.mutable_rows()) command.ids.push_back(row.request_id());
  } else {
    command.ids = {request.context().request_id()};
  }
  command.ask = ask_for(request);
  if constexpr (std::is_same_v<Request, intake::v1::ReceiveDossierRequest>) {
    Request other = request;
    other.set_channel(common::v1::CHANNEL_POSTAL);
    command.ask_other = ask_for(other);
  }
  Command& open = load_.books_.Open(std::move(command));
  load_.Ask(open);
  static_cast<void>(load_.Pause(load_.options_.pause));
  return open;
}

template <typename Service, typename Request, typename Response>
bool Caller::Do(const char* kind, Request request,
                grpc::Status (Service::Stub::*method)(grpc::ClientContext*, const Request&,
                                                      Response*)) {
  return Send<Service>(kind, std::move(request), true, method).fate == Fate::kAnswered;
}

template <typename Service, typename Request, typename Response>
bool Caller::DoOnceAllowed(const char* kind, const Request& request,
                           grpc::Status (Service::Stub::*method)(grpc::ClientContext*,
                                                                 const Request&, Response*)) {
  const auto end = std::chrono::steady_clock::now() + kReactionPatience;
  while (std::chrono::steady_clock::now() < end) {
    const Command& command = Send<Service>(kind, request, false, method);
    if (command.fate != Fate::kRefused) return command.fate == Fate::kAnswered;
    if (command.refusal.reason() != Reason::kStateForbids) return false;
    if (!load_.Pause(kReactionPause)) return false;
  }
  return false;
}

std::optional<std::string> Caller::Receive(const std::string& unit, const std::string& procedure,
                                           bool online, bool by_post) {
  intake::v1::ReceiveDossierRequest request;
  request.set_unit(unit);
  request.set_procedure(procedure);
  request.set_channel(online ? common::v1::CHANNEL_ONLINE : common::v1::CHANNEL_DIRECT);
  if (by_post) request.set_return_mode(common::v1::RETURN_MODE_POSTAL);
  const Command& command = Send<IntakeService>("receive", std::move(request), true,
                                               &IntakeService::Stub::ReceiveDossier);
  if (command.fate != Fate::kAnswered) return std::nullopt;
  return command.answer.dossiers[0];
}

void Caller::HandIn(const std::string& unit) {
  static_cast<void>(Receive(unit, kSimpleProcedure, false, false));
}

void Caller::CounterCase() {
  const auto dossier = Receive(AnyUnit(), kSimpleProcedure, random_() % 2 == 0, false);
  if (!dossier) return;
  auto supplement = About<intake::v1::RequestSupplementRequest>(*dossier);
  supplement.add_papers(1);
  if (!Do<IntakeService>("ask for papers", supplement, &IntakeService::Stub::RequestSupplement) ||
      !Do<IntakeService>("take papers", About<intake::v1::ReceiveSupplementRequest>(*dossier),
                         &IntakeService::Stub::ReceiveSupplement) ||
      !Do<IntakeService>("result", About<intake::v1::RecordResultRequest>(*dossier),
                         &IntakeService::Stub::RecordResult)) {
    return;
  }
  Do<IntakeService>("return", About<intake::v1::ReturnResultRequest>(*dossier),
                    &IntakeService::Stub::ReturnResult);
}

void Caller::PostCase() {
  const auto dossier = Receive(AnyUnit(), kSimpleProcedure, false, true);
  if (!dossier) return;
  if (!Do<IntakeService>("result", About<intake::v1::RecordResultRequest>(*dossier),
                         &IntakeService::Stub::RecordResult)) {
    return;
  }
  auto hand_over = About<postal::v1::HandOverShipmentRequest>(*dossier);
  hand_over.set_item_number(ItemNumber());
  hand_over.set_carrier("vnpost");
  auto track = About<postal::v1::TrackShipmentRequest>(*dossier);
  track.set_state(common::v1::SHIPMENT_STATE_IN_TRANSIT);
  auto deliver = About<postal::v1::DeliverShipmentRequest>(*dossier);
  deliver.set_proof(common::v1::PROOF_KIND_SIGNATURE);
  deliver.set_proof_reference("pod-1");
  if (!DoOnceAllowed<PostalService>("to the post", hand_over,
                                    &PostalService::Stub::HandOverShipment) ||
      !Do<PostalService>("track", track, &PostalService::Stub::TrackShipment)) {
    return;
  }
  Do<PostalService>("deliver", deliver, &PostalService::Stub::DeliverShipment);
}

void Caller::RouteCase() {
  const auto dossier = Receive(AnyUnit(), kRouteProcedure, false, false);
  if (!dossier) return;
  const auto leg_of = [&dossier]<typename Request>(Request request, std::uint32_t leg) {
    request.set_dossier(*dossier);
    request.set_leg(leg);
    return request;
  };
  for (std::uint32_t leg = 1; leg <= kRouteLegs; ++leg) {
    if (!Do<RoutingService>("send leg", leg_of(routing::v1::SendHandOverRequest(), leg),
                            &RoutingService::Stub::SendHandOver) ||
        !Do<RoutingService>("acknowledge", leg_of(routing::v1::AcknowledgeHandOverRequest(), leg),
                            &RoutingService::Stub::AcknowledgeHandOver) ||
        !Do<RoutingService>("accept leg", leg_of(routing::v1::AcceptLegRequest(), leg),
                            &RoutingService::Stub::AcceptLeg) ||
        !Do<RoutingService>("complete leg", leg_of(routing::v1::CompleteLegRequest(), leg),
                            &RoutingService::Stub::CompleteLeg)) {
      return;
    }
  }
  DoOnceAllowed<IntakeService>("return", About<intake::v1::ReturnResultRequest>(*dossier),
                               &IntakeService::Stub::ReturnResult);
}

void Caller::ImportRows(int rows) {
  constexpr std::int64_t kOpenedMicros = 1'583'114'400'000'000;  // 2 March 2020, 09:00
  constexpr std::int64_t kDayMicros = 86'400'000'000;
  constexpr int kVietNamMinutes = 420;
  const std::string unit = AnyUnit();
  intake::v1::ImportDossiersRequest request;
  for (int i = 0; i < rows; ++i) {
    intake::v1::ImportRow& row = *request.add_rows();
    row.set_request_id(load_.NewId());
    row.set_unit(unit);
    row.set_procedure(kSimpleProcedure);
    row.set_channel(common::v1::CHANNEL_DIRECT);
    row.mutable_opened()->set_unix_micros(kOpenedMicros);
    row.mutable_opened()->set_utc_offset_minutes(kVietNamMinutes);
    row.mutable_closed()->set_unix_micros(kOpenedMicros + (i % kImportDays + 1) * kDayMicros);
    row.mutable_closed()->set_utc_offset_minutes(kVietNamMinutes);
    row.set_source("chaos");
    row.set_source_id(row.request_id());
    row.set_line(static_cast<std::uint32_t>(i + 1));
  }
  Do<IntakeService>("import", std::move(request), &IntakeService::Stub::ImportDossiers);
}

std::string Caller::ItemNumber() {
  // S10: eight digits and a check digit by weights.
  constexpr std::array<int, 8> kWeights = {8, 6, 4, 2, 3, 5, 9, 7};
  std::string digits;
  int sum = 0;
  for (const int weight : kWeights) {
    const int digit = static_cast<int>(random_() % 10);
    digits += std::to_string(digit);
    sum += weight * digit;
  }
  const int check = 11 - sum % 11;
  return "EX" + digits + std::to_string(check == 10 ? 0 : check == 11 ? 5 : check) + "VN";
}

void Caller::Run() {
  while (!load_.stopping()) {
    switch (random_() % 8) {
      case 0:
      case 1:
        PostCase();
        break;
      case 2:
        RouteCase();
        break;
      case 3:
        ImportRows(kImportRows);
        break;
      default:
        CounterCase();
    }
  }
}

}  // namespace motcua::chaos
