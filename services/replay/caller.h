// Caller: an act of a plan as the rpc that it is, sent without waiting.
//
//   caller.Send(act, code, instance, [](const Answer& answer) { … });   // gRPC's thread calls back
//
// The request id follows from seed, scale, dossier and number of the act: the same act sent again,
// by another process too, is the same request. Any thread; must outlive its calls.
#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "motcua/deadline/v1/deadline.grpc.pb.h"
#include "motcua/intake/v1/intake.grpc.pb.h"
#include "motcua/postal/v1/postal.grpc.pb.h"
#include "motcua/routing/v1/routing.grpc.pb.h"
#include "services/platform/cluster/directory.h"
#include "services/replay/plan.h"

namespace motcua::replay {

inline constexpr int kCallSeconds = 20;

struct Answer {
  grpc::Status status;
  // Of what receives or refuses a dossier.
  std::string dossier;
  std::optional<Instant> received;
  std::optional<Instant> due;
  // Of kAwaitResult: whether the result is there.
  bool ready = false;
};
using OnAnswer = std::function<void(const Answer&)>;

// An alert that somebody takes note of.
struct Note {
  std::string dossier;
  common::v1::AlertKind kind = common::v1::ALERT_KIND_UNSPECIFIED;
  std::uint32_t leg = 0;
  std::string token;  // of the alert: what the request id is made of
};

class Caller {
 public:
  // All three outlive it. FIELD_INVALID when the directory has not all services.
  static Result<std::unique_ptr<Caller>> Make(const cluster::Directory& directory,
                                              const catalogue::Catalogue& catalogue,
                                              const Plan& plan);

  // `code` is the dossier's; not needed for receiving and refusing. `turn` chooses among the
  // instances of the service: 0 is the first in line for the dossier's unit.
  void Send(const Act& act, const std::string& code, std::size_t turn, OnAnswer done) const;
  void Send(const Note& note, std::size_t turn, OnAnswer done) const;
  // The receipt of a dossier that was received before, for its code.
  void Recall(std::uint32_t dossier, std::size_t turn, OnAnswer done) const;

  // The alerts from `token` on ("0": from the first); none by no instance.
  deadline::v1::DeadlineService::Stub& deadline(std::size_t turn) const {
    return *deadline_[turn % deadline_.size()];
  }

 private:
  Caller(const cluster::Directory& directory, const catalogue::Catalogue& catalogue,
         const Plan& plan)
      : partitions_(directory.partitions()), catalogue_(catalogue), plan_(plan) {}

  // Which instance is the first in line for a unit.
  std::size_t LineOf(const cases::UnitCode& unit) const;
  std::size_t LineOf(const Act& act) const;
  void FillContext(std::string_view name, common::v1::RequestContext& context) const;
  template <typename Request>
  Request RequestFor(const Act& act, const std::string& code) const;
  void SendIntake(const Act& act, const std::string& code, std::size_t turn, OnAnswer done) const;
  void SendRouting(const Act& act, const std::string& code, std::size_t turn, OnAnswer done) const;
  void SendDeadline(const Act& act, const std::string& code, std::size_t turn, OnAnswer done) const;
  void SendPostal(const Act& act, const std::string& code, std::size_t turn, OnAnswer done) const;

  const engine::PartitionId partitions_;
  const catalogue::Catalogue& catalogue_;
  const Plan& plan_;
  // By ordinal.
  std::vector<std::unique_ptr<intake::v1::IntakeService::Stub>> intake_;
  std::vector<std::unique_ptr<routing::v1::RoutingService::Stub>> routing_;
  std::vector<std::unique_ptr<deadline::v1::DeadlineService::Stub>> deadline_;
  std::vector<std::unique_ptr<postal::v1::PostalService::Stub>> postal_;
};

}  // namespace motcua::replay
