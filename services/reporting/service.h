// The gRPC face of reporting (báo cáo): checks requests in gRPC's thread, reads the state store in
// a worker's, since a report at an instant looks at every dossier. Holds no state of its own. Any
// thread.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>

#include "motcua/reporting/v1/reporting.grpc.pb.h"
#include "services/domain/catalogue/catalogue.h"
#include "services/engine/reader.h"
#include "services/platform/runtime/worker_pool.h"

namespace motcua::reporting {

class ReportingService final : public v1::ReportingService::CallbackService {
 public:
  // Reader and pool must outlive the server that it is registered with; the pool's destructor,
  // which runs what was accepted, must run before the reader's.
  ReportingService(const engine::StateReader& reader,
                   std::shared_ptr<const catalogue::Catalogue> catalogue, runtime::WorkerPool& pool)
      : reader_(reader), catalogue_(std::move(catalogue)), pool_(pool) {}

  using Context = grpc::CallbackServerContext;
  using Reactor = grpc::ServerUnaryReactor;

  Reactor* GetStatusReport(Context* context, const v1::GetStatusReportRequest* request,
                           v1::GetStatusReportResponse* response) override;
  Reactor* ListStatusDossiers(Context* context, const v1::ListStatusDossiersRequest* request,
                              v1::ListStatusDossiersResponse* response) override;
  Reactor* GetLatenessReport(Context* context, const v1::GetLatenessReportRequest* request,
                             v1::GetLatenessReportResponse* response) override;

 private:
  const engine::StateReader& reader_;
  const std::shared_ptr<const catalogue::Catalogue> catalogue_;
  runtime::WorkerPool& pool_;
};

}  // namespace motcua::reporting
