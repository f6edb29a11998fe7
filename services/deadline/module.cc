#include "services/deadline/module.h"

#include "services/deadline/rules.h"
#include "services/deadline/service.h"

namespace motcua::deadline {
namespace {

// Its streams hear of new alerts after each commit, and end before the server does.
class DeadlineModule final : public process::ServiceModule {
 public:
  const engine::ServiceRules& rules() const override { return rules_; }
  std::string service_name() const override { return v1::DeadlineService::service_full_name(); }
  grpc::Service& MakeGrpcService(const process::FacePorts& ports) override {
    catalogue_ = ports.catalogue;
    face_ = std::make_unique<DeadlineService>(ports.sink, ports.reader, ports.clock, *catalogue_,
                                              ports.workers);
    return *face_;
  }
  void OnCommit() override { face_->alerts().Notify(); }
  void BeforeShutdown() override { face_->alerts().EndStreams(); }

 private:
  const DeadlineRules rules_;
  std::shared_ptr<const catalogue::Catalogue> catalogue_;
  std::unique_ptr<DeadlineService> face_;
};

}  // namespace

std::unique_ptr<process::ServiceModule> MakeModule() { return std::make_unique<DeadlineModule>(); }

}  // namespace motcua::deadline
