#include "services/reporting/module.h"

#include "services/platform/runtime/worker_pool.h"
#include "services/reporting/rules.h"
#include "services/reporting/service.h"

namespace motcua::reporting {
namespace {

constexpr std::size_t kReportWorkers = 2;
constexpr std::size_t kReportsQueuedMax = 64;

// Reports read long: they run in workers of their own, which end before the store is closed.
class ReportingModule final : public process::ServiceModule {
 public:
  const engine::ServiceRules& rules() const override { return rules_; }
  std::string service_name() const override { return v1::ReportingService::service_full_name(); }
  grpc::Service& MakeGrpcService(const process::FacePorts& ports) override {
    pool_ = std::make_unique<runtime::WorkerPool>(kReportWorkers, kReportsQueuedMax);
    face_ = std::make_unique<ReportingService>(ports.reader, ports.catalogue, *pool_);
    return *face_;
  }
  void AfterShutdown() override { pool_.reset(); }

 private:
  const ReportingRules rules_;
  std::unique_ptr<runtime::WorkerPool> pool_;
  std::unique_ptr<ReportingService> face_;
};

}  // namespace

std::unique_ptr<process::ServiceModule> MakeModule() { return std::make_unique<ReportingModule>(); }

}  // namespace motcua::reporting
