#include "services/admin/report_source.h"

#include <google/protobuf/message.h>

#include "services/admin/snapshot.h"
#include "services/cli/fields.h"
#include "services/domain/cases/aggregates.h"
#include "services/engine/keys.h"
#include "services/platform/grpc/convert.h"
#include "services/platform/grpc/position.h"
#include "services/platform/rocksdb/store_view.h"
#include "services/reporting/messages.h"
#include "services/reporting/report.h"
#include "services/wire/codec.h"

namespace motcua::admin {
namespace {

namespace fs = std::filesystem;
namespace contract = reporting::v1;

constexpr std::size_t kTimeLinesMax = 20;
constexpr std::size_t kDossiersPerLook = 1000;

// Adds the numbers of `message` that are not 0, as "received.online" and "rates.of_all.part".
void AddCells(const google::protobuf::Message& message, const std::string& path, Cells& cells) {
  using Field = google::protobuf::FieldDescriptor;
  const auto& type = *message.GetDescriptor();
  const auto& reflection = *message.GetReflection();
  for (int i = 0; i < type.field_count(); ++i) {
    const Field& field = *type.field(i);
    if (field.is_repeated()) continue;
    if (field.cpp_type() == Field::CPPTYPE_MESSAGE) {
      AddCells(reflection.GetMessage(message, &field), path + field.name() + ".", cells);
    } else if (field.cpp_type() == Field::CPPTYPE_INT64) {
      const std::int64_t count = reflection.GetInt64(message, &field);
      if (count != 0) cells[path + field.name()] = count;
    }
  }
}

void AddRow(const contract::StatusRow& row, Cells& cells) {
  AddCells(row, "", cells);
  const auto& definitions = *contract::RateDefinition_descriptor();
  for (const contract::Rate& rate : row.rates()) {
    const auto* const definition = definitions.FindValueByNumber(rate.definition());
    const std::string name =
        definition == nullptr ? std::to_string(rate.definition()) : cli::ShortName(*definition);
    AddCells(rate, "rates." + name + ".", cells);
  }
}

std::string NameOf(const contract::LatenessRow& row) {
  const auto* const part = contract::TimePart_descriptor()->FindValueByNumber(row.part());
  const std::string name = part == nullptr ? std::to_string(row.part()) : cli::ShortName(*part);
  return NameOf(Who{name, row.leg(), row.unit()});
}

contract::StatusQuery ToProto(const RecountQuery& query) {
  contract::StatusQuery proto;
  rpc::ToProto(query.from, *proto.mutable_from_date());
  rpc::ToProto(query.to, *proto.mutable_to_date());
  proto.set_verdict(query.by_instant ? contract::VERDICT_INSTANT : contract::VERDICT_DATE);
  return proto;
}

Spell SpellOf(const reporting::Stretch& stretch) {
  return {stretch.from,
          stretch.to,
          {Key(stretch.holder.part), stretch.holder.leg, stretch.holder.unit.value()}};
}

std::string Describe(const std::vector<Spell>& spells) {
  std::string text;
  for (const Spell& spell : spells) {
    if (!text.empty()) text += ", ";
    text +=
        NameOf(spell.who) + " from " + FormatInstant(spell.from) + " to " + FormatInstant(spell.to);
  }
  return text.empty() ? "nobody's" : text;
}

// Whether the time of a dossier is divided as the log says.
void CompareTime(const cases::Dossier& dossier, const Recount& recount,
                 StoredReports::TimesCompared& times) {
  std::vector<Spell> service;
  for (const reporting::Stretch& stretch : reporting::TimeOf(dossier, recount.last())) {
    service.push_back(SpellOf(stretch));
  }
  const std::vector<Spell> log = recount.SpellsOf(dossier.code.value(), recount.last());
  ++times.dossiers;
  if (service == log) return;
  if (++times.differing > kTimeLinesMax) return;
  times.lines.push_back("time of " + dossier.code.value() + ": log " + Describe(log) +
                        "; service " + Describe(service));
}

}  // namespace

// ---- A running service -------------------------------------------------------------------------

template <typename Request, typename Response>
Status ServiceReports::Ask(const Request& request, Response& response) {
  MOTCUA_RETURN_IF_ERROR(session_.Call(request, response));
  MOTCUA_ASSIGN_OR_RETURN(const engine::Offsets read,
                          rpc::DecodePosition(response.position().token()));
  return CheckReadAll(log_, read);
}

Status ServiceReports::Answer(const contract::GetStatusReportRequest& request,
                              contract::GetStatusReportResponse& response) {
  return Ask(request, response);
}

Status ServiceReports::Answer(const contract::GetLatenessReportRequest& request,
                              contract::GetLatenessReportResponse& response) {
  return Ask(request, response);
}

// ---- The store of a stopped one ----------------------------------------------------------------

Result<std::unique_ptr<StoredReports>> StoredReports::Open(const fs::path& folder,
                                                           const LogExtent& log,
                                                           const Recount& recount,
                                                           const Progress& progress) {
  MOTCUA_ASSIGN_OR_RETURN(const auto view, rocks::StoreView::Open(folder));
  const wire::WireCodec codec;
  MOTCUA_ASSIGN_OR_RETURN(const host::StoreFormat format,
                          FormatOfThisProgram(view->format(), codec));
  if (format.log_id != log.id) {
    return Status(
        Reason::kFileInvalid,
        folder.string() + " was folded from log " + format.log_id + ", not from " + log.id,
        {{"file", folder.string()}});
  }
  engine::Offsets read;
  for (const auto& [partition, end] : log.ends) {
    MOTCUA_ASSIGN_OR_RETURN(const std::optional<std::string> row,
                            view->Get(engine::PartitionKey(partition)));
    read[partition] = row ? ReadLittleEndian(*row) : 0;
  }
  MOTCUA_RETURN_IF_ERROR(CheckReadAll(log, read));

  std::unique_ptr<StoredReports> reports(new StoredReports());
  std::vector<engine::StoreWrite> counters;
  Status wrong;
  MOTCUA_RETURN_IF_ERROR(view->Scan([&](std::string_view key, std::string_view value) {
    if (key.starts_with(engine::kIndexPrefix)) {
      counters.push_back({std::string(key), std::string(value)});
    } else if (key.starts_with(cases::kDossierLetter)) {
      const auto dossier = codec.DecodeDossier(cases::DossierCode(key.substr(1)), value);
      wrong = dossier.status();
      if (wrong.ok() && !dossier->understood) {
        wrong = Status(Reason::kNewerSchema, dossier->code.value() + " is not understood here");
      }
      if (!wrong.ok()) return false;
      if (reporting::Counts(*dossier)) CompareTime(*dossier, recount, reports->times_);
      if (reports->times_.dossiers % kDossiersPerLook == 0) progress(reports->times_.dossiers);
    }
    return true;
  }));
  MOTCUA_RETURN_IF_ERROR(wrong);
  MOTCUA_RETURN_IF_ERROR(reports->counters_.Write(counters));
  return reports;
}

Status StoredReports::Answer(const contract::GetStatusReportRequest& request,
                             contract::GetStatusReportResponse& response) {
  MOTCUA_ASSIGN_OR_RETURN(const reporting::StatusQuery query, reporting::ParseQuery(request));
  MOTCUA_ASSIGN_OR_RETURN(const reporting::StatusReport report,
                          reporting::SumCells(counters_, query));
  reporting::FillReport(report, response);
  return OkStatus();
}

Status StoredReports::Answer(const contract::GetLatenessReportRequest& request,
                             contract::GetLatenessReportResponse& response) {
  MOTCUA_ASSIGN_OR_RETURN(const reporting::StatusQuery query, reporting::ParseQuery(request));
  MOTCUA_ASSIGN_OR_RETURN(const reporting::LatenessReport report,
                          reporting::SumLateness(counters_, query));
  reporting::FillLateness(report, response);
  return OkStatus();
}

// ---- Tables ------------------------------------------------------------------------------------

Result<Tables> AskTables(ReportSource& source, const RecountQuery& query) {
  Tables tables;
  const auto& dimensions = *contract::Dimension_descriptor();
  for (int i = 0; i < dimensions.value_count(); ++i) {
    const int number = dimensions.value(i)->number();
    if (number == 0) continue;
    contract::GetStatusReportRequest request;
    *request.mutable_query() = ToProto(query);
    request.mutable_query()->set_by(static_cast<contract::Dimension>(number));
    contract::GetStatusReportResponse response;
    MOTCUA_RETURN_IF_ERROR(source.Answer(request, response));
    auto& rows = tables[cli::ShortName(*dimensions.value(i))];
    for (const contract::StatusRow& row : response.rows()) AddRow(row, rows[row.key()]);
    AddRow(response.total(), rows[std::string(kSumRow)]);
  }
  contract::GetLatenessReportRequest request;
  *request.mutable_query() = ToProto(query);
  contract::GetLatenessReportResponse response;
  MOTCUA_RETURN_IF_ERROR(source.Answer(request, response));
  auto& rows = tables[std::string(kLatenessTable)];
  for (const contract::LatenessRow& row : response.rows()) AddCells(row, "", rows[NameOf(row)]);
  response.clear_position();
  AddCells(response, "", rows[std::string(kSumRow)]);
  return tables;
}

}  // namespace motcua::admin
