// motcua report verify
#include <google/protobuf/message.h>

#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "services/admin/commands.h"
#include "services/admin/memory_rows.h"
#include "services/admin/open_log.h"
#include "services/admin/recount.h"
#include "services/admin/replay.h"
#include "services/cli/fields.h"
#include "services/cli/session.h"
#include "services/engine/keys.h"
#include "services/platform/grpc/convert.h"
#include "services/platform/rocksdb/store_view.h"
#include "services/reporting/messages.h"
#include "services/reporting/report.h"
#include "services/wire/codec.h"

namespace motcua::admin {
namespace {

namespace fs = std::filesystem;
using reporting::v1::GetStatusReportRequest;
using reporting::v1::GetStatusReportResponse;
using reporting::v1::StatusRow;

constexpr std::string_view kReporting = "reporting";
constexpr std::size_t kLinesMax = 50;

struct VerifyFlags {
  LogFlags log;
  std::string from;
  std::string to;
};

// ---- The service's counts ----------------------------------------------------------------------

// The rows of a stopped service but for its dossiers, which a report by days does not read.
Result<MemoryRows> CounterRows(const fs::path& folder) {
  MOTCUA_ASSIGN_OR_RETURN(const auto view, rocks::StoreView::Open(folder));
  std::vector<engine::StoreWrite> counters;
  MOTCUA_RETURN_IF_ERROR(view->Scan([&](std::string_view key, std::string_view value) {
    if (key.starts_with(engine::kIndexPrefix))
      counters.push_back({std::string(key), std::string(value)});
    return true;
  }));
  MemoryRows rows;
  MOTCUA_RETURN_IF_ERROR(rows.Write(counters));
  return rows;
}

// Adds the numbers of `message` that are not 0, as "received.online". Totals and rates follow from
// the others.
void AddCells(const google::protobuf::Message& message, const std::string& path, Cells& cells) {
  using Field = google::protobuf::FieldDescriptor;
  const auto& type = *message.GetDescriptor();
  const auto& reflection = *message.GetReflection();
  for (int i = 0; i < type.field_count(); ++i) {
    const Field& field = *type.field(i);
    if (field.is_repeated() || field.name() == "total") continue;
    if (field.cpp_type() == Field::CPPTYPE_MESSAGE) {
      AddCells(reflection.GetMessage(message, &field), path + field.name() + ".", cells);
    } else if (field.cpp_type() == Field::CPPTYPE_INT64) {
      const std::int64_t count = reflection.GetInt64(message, &field);
      if (count != 0) cells[path + field.name()] = count;
    }
  }
}

using Answer = std::function<Status(const GetStatusReportRequest&, GetStatusReportResponse&)>;

Result<Tables> AskService(const Answer& answer, const GetStatusReportRequest& asked) {
  Tables tables;
  const auto& dimensions = *reporting::v1::Dimension_descriptor();
  for (int i = 0; i < dimensions.value_count(); ++i) {
    const int number = dimensions.value(i)->number();
    if (number == 0) continue;
    const auto by = static_cast<reporting::v1::Dimension>(number);
    GetStatusReportRequest request = asked;
    request.mutable_query()->set_by(by);
    GetStatusReportResponse response;
    MOTCUA_RETURN_IF_ERROR(answer(request, response));
    auto& rows = tables[cli::ShortName(*dimensions.value(i))];
    for (const StatusRow& row : response.rows()) AddCells(row, "", rows[row.key()]);
  }
  return tables;
}

// ---- The log's ---------------------------------------------------------------------------------

Status Read(RecordSource& log, Recount& recount) {
  const wire::WireCodec codec;
  for (engine::PartitionId partition = 0; partition < log.partitions(); ++partition) {
    Replay replay(partition, log.partitions(), codec);
    for (engine::Offset next = log.begin(); next < log.end(partition);) {
      MOTCUA_ASSIGN_OR_RETURN(const auto records, log.Read(partition, next));
      for (const engine::TakenRecord& taken : records) {
        MOTCUA_ASSIGN_OR_RETURN(const ReplayedRecord record, replay.Next(next++, taken));
        if (record.verdict == Verdict::kAccepted && record.entry.event) {
          recount.Take(*record.entry.event, record.effective);
        }
      }
    }
  }
  return OkStatus();
}

Status Compare(const VerifyFlags& flags, const Answer& answer, const Recount& recount,
               cli::Context& context) {
  MOTCUA_ASSIGN_OR_RETURN(const CivilDate from, ParseDate(flags.from));
  MOTCUA_ASSIGN_OR_RETURN(const CivilDate to, ParseDate(flags.to));
  std::size_t differing = 0;
  std::size_t cells = 0;
  for (const bool by_instant : {false, true}) {
    GetStatusReportRequest request;
    rpc::ToProto(from, *request.mutable_query()->mutable_from_date());
    rpc::ToProto(to, *request.mutable_query()->mutable_to_date());
    request.mutable_query()->set_verdict(by_instant ? reporting::v1::VERDICT_INSTANT
                                                    : reporting::v1::VERDICT_DATE);
    MOTCUA_ASSIGN_OR_RETURN(const Tables service, AskService(answer, request));
    const Tables log = recount.Count({from, to, by_instant});
    for (const auto& [dimension, rows] : log) {
      for (const auto& [key, columns] : rows) cells += columns.size();
    }
    for (const std::string& line : Differences(log, service)) {
      if (++differing <= kLinesMax) {
        context.terminal.out << (by_instant ? "by instant / " : "by date / ") << line << '\n';
      }
    }
  }
  if (differing != 0) {
    return Status(Reason::kStoreDamaged,
                  std::to_string(differing) + " numbers of the report are not what the log says");
  }
  context.terminal.out << "verified: " << cells << " numbers of " << recount.dossiers()
                       << " dossiers are what the log says\n";
  return OkStatus();
}

Status Run(const VerifyFlags& flags, cli::Context& context) {
  Recount recount;
  {
    // The embedded log is let go before its store is opened.
    MOTCUA_ASSIGN_OR_RETURN(const std::unique_ptr<RecordSource> log, OpenLog(flags.log));
    MOTCUA_RETURN_IF_ERROR(Read(*log, recount));
  }
  if (flags.log.data.empty()) {
    MOTCUA_ASSIGN_OR_RETURN(const cli::Session session, cli::Session::Open(context));
    return Compare(
        flags, [&](const auto& request, auto& response) { return session.Call(request, response); },
        recount, context);
  }
  MOTCUA_ASSIGN_OR_RETURN(const auto rows, CounterRows(fs::path(flags.log.data) / kReporting));
  return Compare(
      flags,
      [&](const GetStatusReportRequest& request, GetStatusReportResponse& response) -> Status {
        MOTCUA_ASSIGN_OR_RETURN(const reporting::StatusQuery query, reporting::ParseQuery(request));
        MOTCUA_ASSIGN_OR_RETURN(const reporting::StatusReport report,
                                reporting::SumCells(rows, query));
        reporting::FillReport(report, response);
        return OkStatus();
      },
      recount, context);
}

}  // namespace

void AddVerifyCommand(CLI::App& report, cli::Context& context) {
  CLI::App& command = *report.add_subcommand(
      "verify", "Counts Biểu II.06a from the log by code of its own, beside the service's report");
  const auto flags = std::make_shared<VerifyFlags>();
  AddLogFlags(command, flags->log);
  command.add_option("--from", flags->from, "first day of the period")->required();
  command.add_option("--to", flags->to, "last day of the period")->required();
  command.footer(
      "With --data the counters of the stopped service are looked at, else the service is asked\n"
      "(--server, --cluster). Each number that differs is named; exit status 1 if there is one.\n"
      "Example: motcua report verify --data /var/lib/motcua --from 2020-01-01 --to 2020-10-31");
  SetRun(command, context, [flags, &context] { return Run(*flags, context); });
}

}  // namespace motcua::admin
