// Who answers for the reports that `motcua report verify` compares with the log: a running service,
// or the store of a stopped one. One thread.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "motcua/reporting/v1/reporting.pb.h"
#include "services/admin/records.h"
#include "services/admin/recount.h"
#include "services/base/status.h"
#include "services/cli/session.h"
#include "services/engine/memory_rows.h"

namespace motcua::admin {

class ReportSource {
 public:
  virtual ~ReportSource() = default;

  // BEHIND as CheckReadAll, or what the service says.
  virtual Status Answer(const reporting::v1::GetStatusReportRequest& request,
                        reporting::v1::GetStatusReportResponse& response) = 0;
  virtual Status Answer(const reporting::v1::GetLatenessReportRequest& request,
                        reporting::v1::GetLatenessReportResponse& response) = 0;
};

class ServiceReports final : public ReportSource {
 public:
  ServiceReports(cli::Session session, LogExtent log)
      : session_(std::move(session)), log_(std::move(log)) {}

  Status Answer(const reporting::v1::GetStatusReportRequest& request,
                reporting::v1::GetStatusReportResponse& response) override;
  Status Answer(const reporting::v1::GetLatenessReportRequest& request,
                reporting::v1::GetLatenessReportResponse& response) override;

 private:
  template <typename Request, typename Response>
  Status Ask(const Request& request, Response& response);

  const cli::Session session_;
  const LogExtent log_;
};

class StoredReports final : public ReportSource {
 public:
  // What its dossiers' time was compared with, by the way.
  struct TimesCompared {
    std::size_t dossiers = 0;
    std::size_t differing = 0;
    std::vector<std::string> lines;  // of the first that differ
  };
  // Called now and then with how many dossiers were looked at.
  using Progress = std::function<void(std::uint64_t dossiers)>;

  // Of the store of reporting in `folder`. BEHIND as CheckReadAll; FILE_INVALID: it was folded from
  // another log, or by another program; else as StoreView::Open.
  static Result<std::unique_ptr<StoredReports>> Open(const std::filesystem::path& folder,
                                                     const LogExtent& log, const Recount& recount,
                                                     const Progress& progress);

  const TimesCompared& times() const { return times_; }
  Status Answer(const reporting::v1::GetStatusReportRequest& request,
                reporting::v1::GetStatusReportResponse& response) override;
  Status Answer(const reporting::v1::GetLatenessReportRequest& request,
                reporting::v1::GetLatenessReportResponse& response) override;

 private:
  StoredReports() = default;

  engine::MemoryRows counters_;
  TimesCompared times_;
};

// Its numbers by name, in the form of a recount's: of each dimension and of lateness.
Result<Tables> AskTables(ReportSource& source, const RecountQuery& query);

}  // namespace motcua::admin
