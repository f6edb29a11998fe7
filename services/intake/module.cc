#include "services/intake/module.h"

#include "services/intake/party_service.h"
#include "services/intake/rules.h"
#include "services/intake/service.h"

namespace motcua::intake {
namespace {

// The counter: dossiers, and the people they are of.
class IntakeModule final : public process::ServiceModule {
 public:
  const engine::ServiceRules& rules() const override { return rules_; }
  std::string service_name() const override { return v1::IntakeService::service_full_name(); }
  bool keeps_people() const override { return true; }
  grpc::Service& MakeGrpcService(const process::FacePorts& ports) override {
    face_ = std::make_unique<IntakeService>(ports.sink, ports.reader, ports.clock, ports.workers);
    if (ports.people != nullptr) {
      people_ = std::make_unique<PartyService>(*ports.people, ports.clock, ports.workers);
    }
    return *face_;
  }
  std::vector<rpc::ServedService> MoreServices() override {
    if (!people_) return {};
    return {{people_.get(), parties::v1::PartyService::service_full_name()}};
  }

 private:
  const IntakeRules rules_;
  std::unique_ptr<IntakeService> face_;
  std::unique_ptr<PartyService> people_;
};

}  // namespace

std::unique_ptr<process::ServiceModule> MakeModule() { return std::make_unique<IntakeModule>(); }

}  // namespace motcua::intake
