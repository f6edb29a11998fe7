#include "services/reporting/messages.h"

#include "services/base/text_fold.h"
#include "services/platform/grpc/convert.h"
#include "services/platform/grpc/fields.h"

namespace motcua::reporting {
namespace {

constexpr std::size_t kKeyBytesMax = 512;

static_assert(kColumns == v1::Column_ARRAYSIZE, "a column of the contract has no row");

Result<CivilDate> ParseDay(const common::v1::Date& date, std::string_view path) {
  constexpr int kYearMin = 1900;
  constexpr int kYearMax = 2199;
  if (date.year() < kYearMin || date.year() > kYearMax) {
    return FieldError(path, "has no year of 1900 to 2199");
  }
  if (date.month() < 1 || date.month() > 12 || date.day() < 1 ||
      date.day() > DaysInMonth(date.year(), date.month())) {
    return FieldError(path, "is no day of the calendar");
  }
  return MakeDate(date.year(), date.month(), date.day());
}

Status ParsePeriod(const v1::StatusQuery& proto, StatusQuery& query) {
  if (!proto.has_from_date()) return FieldError("query.from_date", "is missing");
  if (!proto.has_to_date()) return FieldError("query.to_date", "is missing");
  MOTCUA_ASSIGN_OR_RETURN(query.from_date, ParseDay(proto.from_date(), "query.from_date"));
  MOTCUA_ASSIGN_OR_RETURN(query.to_date, ParseDay(proto.to_date(), "query.to_date"));
  if (query.from_date > query.to_date) return FieldError("query.from_date", "is after to_date");
  if (proto.has_as_of_time()) {
    MOTCUA_ASSIGN_OR_RETURN(query.as_of,
                            rpc::ParseTimestamp(proto.as_of_time(), "query.as_of_time"));
  }
  return OkStatus();
}

// Values of the contract and of the domain are the same.
template <typename Value, typename Proto>
Result<Value> ParseValue(Proto proto, Value fallback, std::string_view path) {
  if (proto == Proto{}) return fallback;
  const auto* type = google::protobuf::GetEnumDescriptor<Proto>();
  if (type->FindValueByNumber(proto) == nullptr) return FieldError(path, "is not a known value");
  return static_cast<Value>(proto);
}

Result<StatusQuery> ParseStatusQuery(const v1::StatusQuery& proto) {
  StatusQuery query;
  MOTCUA_RETURN_IF_ERROR(ParsePeriod(proto, query));
  if (!proto.unit().empty()) {
    MOTCUA_ASSIGN_OR_RETURN(query.unit, rpc::ParseUnit(proto.unit(), "query.unit"));
  }
  MOTCUA_ASSIGN_OR_RETURN(query.verdict,
                          ParseValue(proto.verdict(), Verdict::kDate, "query.verdict"));
  MOTCUA_ASSIGN_OR_RETURN(query.by, ParseValue(proto.by(), Dimension::kUnit, "query.by"));
  query.merge_withdrawn = proto.merge_withdrawn();
  return query;
}

Result<std::optional<LatePlace>> ParseLatePlace(const v1::ListStatusDossiersRequest& request) {
  std::optional<LatePlace> late;
  if (request.late_in() == v1::TIME_PART_UNSPECIFIED) {
    if (request.late_leg() == 0 && request.late_unit().empty()) return late;
    return FieldError("late_in", "is missing, and a leg or unit of it is named");
  }
  late.emplace();
  MOTCUA_ASSIGN_OR_RETURN(late->part, ParseValue(request.late_in(), TimePart{}, "late_in"));
  MOTCUA_ASSIGN_OR_RETURN(late->leg, rpc::ParseLegOrDossier(request.late_leg(), "late_leg"));
  if (!request.late_unit().empty()) {
    MOTCUA_ASSIGN_OR_RETURN(late->unit, rpc::ParseUnit(request.late_unit(), "late_unit"));
  }
  return late;
}

// What the pages of one list have in common.
std::string ListArguments(v1::ListStatusDossiersRequest request) {
  request.clear_page_size();
  request.clear_page_token();
  return "ListStatusDossiers|" + request.SerializeAsString();
}

// Sets the number at `path` ("resolved.late"); a test looks that each path is one.
void SetCount(google::protobuf::Message& message, std::string_view path, std::int64_t count) {
  const std::size_t dot = path.find('.');
  const auto& reflection = *message.GetReflection();
  const auto* field = message.GetDescriptor()->FindFieldByName(std::string(path.substr(0, dot)));
  MOTCUA_CHECK(field != nullptr, "a column names no field of the contract");
  if (dot == std::string_view::npos) return reflection.SetInt64(&message, field, count);
  SetCount(*reflection.MutableMessage(&message, field), path.substr(dot + 1), count);
}

void FillRow(const StatusRow& row, v1::StatusRow& proto) {
  proto.set_key(row.key);
  proto.set_name(row.name);
  for (const ColumnRow& column : kColumnTable) SetCount(proto, column.field, row[column.column]);
  for (const GroupRow& group : kGroupTable) SetCount(proto, group.total, row.total(group.group));
  for (const RateRow& definition : RateTable()) {
    const Rate rate = OnTimeRate(row, definition.definition);
    v1::Rate& filled = *proto.add_rates();
    filled.set_definition(static_cast<v1::RateDefinition>(rate.definition));
    filled.set_part(rate.part);
    filled.set_whole(rate.whole);
  }
}

void FillDossier(const ListedDossier& listed, v1::StatusDossier& proto) {
  const cases::Dossier& dossier = listed.dossier;
  proto.set_dossier(dossier.code.value());
  proto.set_procedure(dossier.procedure.value());
  proto.set_field(dossier.field);
  proto.set_channel(rpc::ToProto(dossier.channel));
  rpc::ToProto(dossier.received, *proto.mutable_received());
  if (listed.classification.due) {
    rpc::ToProto(*listed.classification.due, *proto.mutable_due());
  }
  // What the query's instant does not see is not told.
  const Column state = listed.classification.state;
  if (state < Column::kOpenInTerm) {
    rpc::ToProto(*dossier.resolved, *proto.mutable_resolved());
    proto.set_outcome(rpc::ToProto(dossier.outcome));
  }
  proto.set_received_column(static_cast<v1::Column>(listed.classification.received));
  proto.set_state_column(static_cast<v1::Column>(state));
  if (dossier.origin) proto.set_source_id(dossier.origin->source_id);
  if (listed.classification.missed) {
    rpc::ToProto(*listed.classification.missed, *proto.mutable_missed_due());
  }
  proto.set_supplement_requests(
      static_cast<std::uint32_t>(listed.classification.supplement_requests));
}

}  // namespace

Result<StatusQuery> ParseQuery(const v1::GetStatusReportRequest& request) {
  return ParseStatusQuery(request.query());
}

Result<ListQuery> ParseListQuery(const v1::ListStatusDossiersRequest& request) {
  ListQuery query;
  MOTCUA_ASSIGN_OR_RETURN(query.status, ParseStatusQuery(request.query()));
  MOTCUA_RETURN_IF_ERROR(rpc::CheckText(request.key(), kKeyBytesMax, "key"));
  // Fields and procedures that have names for codes are kept in this form.
  query.key = CanonicalName(request.key());
  MOTCUA_ASSIGN_OR_RETURN(query.column, ParseValue(request.column(), Column::kNone, "column"));
  MOTCUA_ASSIGN_OR_RETURN(query.late, ParseLatePlace(request));
  MOTCUA_ASSIGN_OR_RETURN(query.page_size, rpc::ParsePageSize(request.page_size()));
  MOTCUA_ASSIGN_OR_RETURN(const std::string from,
                          rpc::ParsePageToken(ListArguments(request), request.page_token()));
  if (!from.empty()) query.from = cases::DossierCode(from);
  return query;
}

void FillReport(const StatusReport& report, v1::GetStatusReportResponse& response) {
  response.mutable_rows()->Reserve(static_cast<int>(report.rows.size()));
  for (const StatusRow& row : report.rows) FillRow(row, *response.add_rows());
  FillRow(report.total, *response.mutable_total());
}

Result<StatusQuery> ParseQuery(const v1::GetLatenessReportRequest& request) {
  return ParseStatusQuery(request.query());
}

void FillLateness(const LatenessReport& report, v1::GetLatenessReportResponse& response) {
  for (const LatenessRow& row : report.rows) {
    v1::LatenessRow& proto = *response.add_rows();
    proto.set_part(static_cast<v1::TimePart>(row.holder.part));
    proto.set_party(static_cast<v1::Party>(PartyOf(row.holder.part)));
    proto.set_leg(row.holder.leg);
    proto.set_unit(row.holder.unit.value());
    proto.set_name(row.name);
    proto.set_dossiers(row.counts.dossiers);
    proto.set_time_micros(row.counts.time);
    proto.set_overdue_micros(row.counts.overdue);
  }
  response.set_dossiers(report.all.dossiers);
  response.set_returned(report.all.returned);
  response.set_time_micros(report.all.time);
  response.set_overdue_micros(report.all.overdue);
}

void FillPage(const v1::ListStatusDossiersRequest& request, const DossierPage& page,
              v1::ListStatusDossiersResponse& response) {
  for (const ListedDossier& listed : page.dossiers) FillDossier(listed, *response.add_dossiers());
  if (page.next) {
    response.set_next_page_token(rpc::MakePageToken(ListArguments(request), page.next->value()));
  }
}

}  // namespace motcua::reporting
