#include "services/intake/import.h"

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "services/platform/grpc/convert.h"
#include "services/platform/grpc/fields.h"
#include "services/platform/grpc/position.h"

namespace motcua::intake {
namespace {

std::string RowPath(std::size_t row) { return "rows[" + std::to_string(row) + "]"; }

// A word of the register that must be there.
Status CheckWord(std::string_view text, std::string_view field) {
  if (text.empty()) return FieldError(field, "is missing");
  return rpc::CheckText(text, kImportIdBytesMax, field);
}

Status CheckTexts(const v1::ImportRow& row) {
  MOTCUA_RETURN_IF_ERROR(CheckWord(row.procedure(), "procedure"));
  MOTCUA_RETURN_IF_ERROR(CheckWord(row.source(), "source"));
  MOTCUA_RETURN_IF_ERROR(CheckWord(row.source_id(), "source_id"));
  MOTCUA_RETURN_IF_ERROR(
      rpc::CheckText(row.procedure_name(), kImportNameBytesMax, "procedure_name"));
  MOTCUA_RETURN_IF_ERROR(rpc::CheckText(row.field(), kImportNameBytesMax, "field"));
  return rpc::CheckText(row.unit_name(), kImportNameBytesMax, "unit_name");
}

Status CheckRegister(const v1::ImportRow& row) {
  constexpr std::int32_t kYearMin = 1900;
  constexpr std::int32_t kYearMax = 2199;
  if (row.register_year() != 0 &&
      (row.register_year() < kYearMin || row.register_year() > kYearMax)) {
    return FieldError("register_year", "must be 0 or 1900 to 2199");
  }
  if (row.register_number() != 0 && row.register_year() == 0) {
    return FieldError("register_year", "is missing beside register_number");
  }
  return OkStatus();
}

Status ParseTimes(const v1::ImportRow& row, cases::DossierImported& recorded) {
  if (!row.has_opened()) return FieldError("opened", "is missing");
  MOTCUA_ASSIGN_OR_RETURN(recorded.opened, rpc::ParseZoned(row.opened(), "opened"));
  if (row.has_due()) {
    MOTCUA_ASSIGN_OR_RETURN(recorded.due, rpc::ParseZoned(row.due(), "due"));
  }
  if (row.has_closed()) {
    MOTCUA_ASSIGN_OR_RETURN(recorded.closed, rpc::ParseZoned(row.closed(), "closed"));
  }
  MOTCUA_ASSIGN_OR_RETURN(recorded.outcome,
                          rpc::ParseCode<cases::Outcome>(row.outcome(), "outcome"));
  if (!recorded.closed && recorded.outcome != cases::Outcome::kNone) {
    return FieldError("outcome", "is given for a case that has not ended");
  }
  if (recorded.closed && recorded.outcome == cases::Outcome::kNone) {
    recorded.outcome = cases::Outcome::kGranted;
  }
  return OkStatus();
}

// What only the reader of the file can tell; the rest is for the decision to find.
Result<cases::Doubts> ParseDoubts(const v1::ImportRow& row) {
  constexpr unsigned kOfReader = static_cast<unsigned>(cases::Doubt::kDatesMixed) |
                                 static_cast<unsigned>(cases::Doubt::kChannelUnknown) |
                                 static_cast<unsigned>(cases::Doubt::kNameDamaged);
  if ((row.doubts() & ~kOfReader) != 0) {
    return FieldError("doubts", "has bits other than " + std::to_string(kOfReader));
  }
  return static_cast<cases::Doubts>(row.doubts());
}

Result<cases::ImportDossier> ParseAction(const v1::ImportRow& row) {
  cases::ImportDossier import;
  MOTCUA_ASSIGN_OR_RETURN(import.unit, rpc::ParseUnit(row.unit(), "unit"));
  if (!row.dossier().empty()) {
    MOTCUA_ASSIGN_OR_RETURN(import.code, rpc::ParseDossier(row.dossier(), "dossier"));
    if (cases::UnitOf(*import.code) != import.unit) {
      return FieldError("dossier", "is the code of another unit's register");
    }
  }
  MOTCUA_RETURN_IF_ERROR(CheckTexts(row));
  MOTCUA_RETURN_IF_ERROR(CheckRegister(row));
  cases::DossierImported& recorded = import.recorded;
  MOTCUA_ASSIGN_OR_RETURN(recorded.channel,
                          rpc::ParseCode<cases::Channel>(row.channel(), "channel"));
  MOTCUA_RETURN_IF_ERROR(ParseTimes(row, recorded));
  recorded.procedure = cases::ProcedureCode(row.procedure());
  recorded.procedure_name = row.procedure_name();
  recorded.field = row.field();
  recorded.unit_name = row.unit_name();
  recorded.register_year = row.register_year();
  recorded.register_number = row.register_number();
  recorded.source = row.source();
  recorded.line = row.line();
  recorded.source_id = row.source_id();
  MOTCUA_ASSIGN_OR_RETURN(recorded.doubts, ParseDoubts(row));
  return import;
}

std::uint64_t RowDigest(const v1::ImportRow& row) {
  v1::ImportRow content = row;
  content.clear_line();
  content.clear_doubts();  // those of dates depend on the other rows of the file
  content.clear_request_id();
  return rpc::DigestOfWhole(content);
}

// A call that waits for all of its rows. Answers are kept here and not in the response: it is gone
// when the call was cancelled, and late answers still come.
class ImportCall final : public rpc::PendingCall {
 public:
  ImportCall(std::size_t rows, v1::ImportDossiersResponse& response)
      : response_(response), answers_(rows), missing_(rows) {}

  // Each row once, from any thread.
  void Answer(std::size_t row, Result<engine::Answer> answer) {
    answers_[row] = std::move(answer);
    if (missing_.fetch_sub(1, std::memory_order_acq_rel) != 1 || !Claim()) return;
    response_.mutable_results()->Reserve(static_cast<int>(answers_.size()));
    engine::Readings read;
    for (const auto& each : answers_) {
      FillImportResult(*each, *response_.add_results());
      if (each->ok()) read.push_back((*each)->read);
    }
    rpc::FillPosition(read, *response_.mutable_position());
    Finish(grpc::Status());
  }

 private:
  ~ImportCall() override = default;

  v1::ImportDossiersResponse& response_;
  std::vector<std::optional<Result<engine::Answer>>> answers_;
  std::atomic<std::size_t> missing_;
};

}  // namespace

Result<cases::Command> ParseImportRow(const v1::ImportRow& row, const cases::ActorId& actor) {
  cases::Command command;
  MOTCUA_ASSIGN_OR_RETURN(command.request_id, cases::ParseRequestId(row.request_id()));
  MOTCUA_ASSIGN_OR_RETURN(cases::ImportDossier import, ParseAction(row));
  command.action = std::move(import);
  command.actor = actor;
  command.digest = RowDigest(row);
  return command;
}

void FillImportResult(const Result<engine::Answer>& answer, v1::ImportResult& result) {
  if (answer.ok()) {
    // The first event of a dossier is its import; what a row makes of a later one is an update.
    result.set_outcome(answer->repeated      ? v1::IMPORT_OUTCOME_ALREADY_THERE
                       : answer->version > 1 ? v1::IMPORT_OUTCOME_UPDATED
                                             : v1::IMPORT_OUTCOME_IMPORTED);
    result.set_dossier(answer->dossier.value());
    result.set_doubts(answer->doubts);
    return;
  }
  const Status status = answer.status();
  result.set_outcome(DescribeReason(status.reason()).retryable ? v1::IMPORT_OUTCOME_TRY_AGAIN
                                                               : v1::IMPORT_OUTCOME_REFUSED);
  rpc::FillErrorInfo(status, *result.mutable_error());
  result.set_message(status.message());
}

grpc::ServerUnaryReactor* SubmitImport(grpc::CallbackServerContext& context, const rpc::Door& door,
                                       const v1::ImportDossiersRequest& request,
                                       v1::ImportDossiersResponse& response) {
  if (const Status fits = rpc::CheckMetadata(context); !fits.ok()) {
    return rpc::FinishNow(context, fits);
  }
  const Result<rpc::Caller> caller = rpc::ParseContext(request.context());
  if (!caller.ok()) return rpc::FinishNow(context, caller.status());
  if (request.rows_size() > kImportRowsMax) {
    return rpc::FinishNow(context,
                          Status(Reason::kLimitExceeded,
                                 "rows: at most " + std::to_string(kImportRowsMax) + " at a time",
                                 {{"field", "rows"}, {"limit", std::to_string(kImportRowsMax)}}));
  }
  if (request.rows().empty()) return rpc::FinishNow(context, OkStatus());
  const Micros deadline = rpc::CallDeadline(context, door.clock);
  const auto rows = static_cast<std::size_t>(request.rows_size());
  auto* call = new ImportCall(rows, response);
  const rpc::PendingCall::Ref ref(call);
  for (std::size_t i = 0; i < rows; ++i) {
    Result<cases::Command> command =
        ParseImportRow(request.rows(static_cast<int>(i)), caller->actor);
    if (!command.ok()) {
      call->Answer(i, rpc::UnderField(command.status(), RowPath(i)));
      continue;
    }
    door.sink.Submit(std::move(*command), deadline, [ref, i](Result<engine::Answer> answer) {
      static_cast<ImportCall*>(ref.operator->())->Answer(i, std::move(answer));
    });
  }
  return call;
}

}  // namespace motcua::intake
