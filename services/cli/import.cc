#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <ostream>

#include "motcua/intake/v1/intake.pb.h"
#include "services/cli/command.h"
#include "services/cli/commands.h"
#include "services/cli/import_lanes.h"
#include "services/cli/import_notes.h"
#include "services/cli/progress.h"
#include "services/cli/text_width.h"
#include "services/platform/cluster/directory.h"
#include "services/platform/grpc/methods.h"
#include "services/platform/imports/register_file.h"
#include "services/wire/csv/csv_writer.h"

namespace motcua::cli {
namespace {

using imports::RefusedRow;
using imports::RegisterRow;
using intake::v1::ImportDossiersRequest;
using intake::v1::ImportDossiersResponse;

// Of each list, how many stand on standard error; --refused and --doubtful keep all in a file, and
// then the first few are enough here.
constexpr std::size_t kListedMax = 1000;
constexpr std::size_t kListedBesideFileMax = 10;
constexpr std::chrono::seconds kCallTimeout{30};

struct ImportOptions {
  std::string file;
  std::string mapping;
  std::string refused_file;
  std::string doubtful_file;
  double patience_seconds = 0;
};

void FillTime(const ZonedTime& time, common::v1::ZonedTime& out) {
  out.set_unix_micros(time.instant.micros);
  out.set_utc_offset_minutes(time.offset.minutes);
}

void FillRow(const RegisterRow& row, intake::v1::ImportRow& out) {
  out.set_request_id(cases::FormatRequestId(row.request_id));
  out.set_unit(row.unit.value());
  if (row.dossier) out.set_dossier(row.dossier->value());
  out.set_procedure(row.procedure);
  out.set_procedure_name(row.procedure_name);
  out.set_field(row.field);
  out.set_unit_name(row.unit_name);
  out.set_channel(static_cast<common::v1::Channel>(row.channel));
  out.set_register_year(row.register_year);
  out.set_register_number(row.register_number);
  FillTime(row.opened, *out.mutable_opened());
  if (row.due) FillTime(*row.due, *out.mutable_due());
  if (row.closed) FillTime(*row.closed, *out.mutable_closed());
  out.set_outcome(static_cast<common::v1::Outcome>(row.outcome));
  out.set_source(row.source);
  out.set_line(row.line);
  out.set_source_id(row.source_id);
  out.set_doubts(row.doubts & imports::kDoubtsOfReader);
}

RowAnswer ToAnswer(const intake::v1::ImportResult& result) {
  RowAnswer answer;
  switch (result.outcome()) {
    case intake::v1::IMPORT_OUTCOME_IMPORTED:
      answer.outcome = RowOutcome::kImported;
      break;
    case intake::v1::IMPORT_OUTCOME_UPDATED:
      answer.outcome = RowOutcome::kUpdated;
      break;
    case intake::v1::IMPORT_OUTCOME_ALREADY_THERE:
      answer.outcome = RowOutcome::kAlreadyThere;
      break;
    case intake::v1::IMPORT_OUTCOME_REFUSED:
      answer.outcome = RowOutcome::kRefused;
      break;
    default:
      answer.outcome = RowOutcome::kTryAgain;
      break;
  }
  answer.dossier = result.dossier();
  answer.doubts = result.doubts();
  answer.reason = result.error().reason();
  answer.message = result.message();
  for (const auto& entry : result.error().metadata()) {
    // "rows[3].opened" of the call is "opened" of the row.
    if (entry.key() == "field") answer.field = entry.value().substr(entry.value().find('.') + 1);
  }
  return answer;
}

// What the service had read when it answered, over all calls. Any thread.
class Seen {
 public:
  void Note(const std::string& token) {
    const std::lock_guard lock(mutex_);
    token_ = JoinPositions(token_, token);
  }
  std::string token() const {
    const std::lock_guard lock(mutex_);
    return token_;
  }

 private:
  mutable std::mutex mutex_;
  std::string token_;
};

ImportLanes::Send MakeSend(const Session& session, const std::string& actor, Seen& seen) {
  rpc::CallPolicy policy;
  policy.deadline = kCallTimeout;
  policy.try_deadline = kCallTimeout;
  policy.tries_max = 1;  // the lanes try again
  return [&directory = session.directory(), actor, policy,
          &seen](const ImportLanes::Rows& rows) -> Result<std::vector<RowAnswer>> {
    ImportDossiersRequest request;
    request.mutable_context()->set_request_id(NewRequestId());
    request.mutable_context()->set_actor(actor);
    for (const RegisterRow& row : rows) FillRow(row, *request.add_rows());
    ImportDossiersResponse response;
    MOTCUA_RETURN_IF_ERROR(directory.Call(request, response, policy));
    seen.Note(response.position().token());
    std::vector<RowAnswer> answers;
    for (const auto& result : response.results()) answers.push_back(ToAnswer(result));
    return answers;
  };
}

// Rows worth a second look: all into a file, where one is asked for, the first ones kept for
// standard error.
class Findings {
 public:
  explicit Findings(std::vector<std::string> columns) : columns_(std::move(columns)) {}

  Status Open(const std::string& path, const wire::CsvDialect& dialect) {
    if (path.empty()) return OkStatus();
    path_ = path;
    dialect_ = dialect;
    file_.open(path, std::ios::binary | std::ios::trunc);
    file_ << wire::CsvPreamble(dialect_);
    return WriteLine(columns_);
  }
  // `cells` begin with the line.
  void Add(std::size_t line, std::vector<std::string> cells, std::string sentence) {
    ++count_;
    if (listed_.size() < kListedMax) listed_.emplace_back(line, std::move(sentence));
    cells.insert(cells.begin(), std::to_string(line));
    const Status status = WriteLine(cells);
    if (problem_.ok()) problem_ = status;
  }
  // By line: answers come in any order.
  void List(std::ostream& out, std::string_view word) {
    std::stable_sort(listed_.begin(), listed_.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    const std::size_t shown =
        path_.empty() ? listed_.size() : std::min(listed_.size(), kListedBesideFileMax);
    for (std::size_t i = 0; i < shown; ++i) {
      out << word << ": line " << listed_[i].first << ": " << listed_[i].second << '\n';
    }
    if (count_ == shown) return;
    out << word << ": and " << count_ - shown << " more; "
        << (path_.empty() ? "--" + std::string(word) + " FILE.csv keeps all" : path_ + " has all")
        << '\n';
  }
  std::uint64_t count() const { return count_; }
  // Whether the file could be written.
  Status Close() {
    if (path_.empty()) return OkStatus();
    file_.close();
    return file_.fail() && problem_.ok() ? Unwritable() : problem_;
  }

 private:
  Status Unwritable() const {
    return Status(Reason::kFileUnreadable, path_ + ": cannot be written", {{"file", path_}});
  }
  Status WriteLine(const std::vector<std::string>& cells) {
    if (path_.empty()) return OkStatus();
    std::string line;
    wire::AppendCsvRow(line, cells, dialect_);
    file_ << line;
    return file_.good() ? OkStatus() : Unwritable();
  }

  const std::vector<std::string> columns_;
  std::string path_;
  wire::CsvDialect dialect_;
  std::ofstream file_;
  Status problem_;
  std::uint64_t count_ = 0;
  std::vector<std::pair<std::size_t, std::string>> listed_;
};

// What became of the file so far. Add… calls come one at a time (see ImportLanes).
class Tally {
 public:
  // The files are for people, who open them in a spreadsheet whatever is asked of standard output.
  Status Open(const ImportOptions& options, const wire::CsvDialect& asked) {
    const wire::CsvDialect& dialect = asked.for_spreadsheets ? asked : wire::kCsvForPeople;
    MOTCUA_RETURN_IF_ERROR(refused_.Open(options.refused_file, dialect));
    return doubtful_.Open(options.doubtful_file, dialect);
  }

  void AddRefused(const RefusedRow& row) {
    const std::string word(DescribeReason(row.reason).word);
    AddRefusal(row.line, row.source_id, row.column, word, row.message);
  }
  void AddAnswer(const RegisterRow& row, const RowAnswer& answer) {
    const std::lock_guard lock(mutex_);
    ++answered_;
    if (answer.outcome == RowOutcome::kImported) ++imported_;
    if (answer.outcome == RowOutcome::kUpdated) ++updated_;
    if (answer.outcome == RowOutcome::kAlreadyThere) ++already_there_;
    if (answer.outcome == RowOutcome::kRefused) {
      return WriteRefusal(row.line, row.source_id, answer.field, answer.reason, answer.message);
    }
    const unsigned doubts = row.doubts | answer.doubts;
    if (doubts == 0) return;
    const std::string text = DoubtText(doubts);
    doubtful_.Add(row.line, {row.source_id, answer.dossier, text}, row.source_id + ": " + text);
  }
  void AddRead() {
    const std::lock_guard lock(mutex_);
    ++read_;
  }

  std::uint64_t answered() {
    const std::lock_guard lock(mutex_);
    return answered_;
  }
  // After the last answer.
  Status Close() {
    MOTCUA_RETURN_IF_ERROR(refused_.Close());
    return doubtful_.Close();
  }
  void List(std::ostream& out) {
    refused_.List(out, "refused");
    doubtful_.List(out, "doubtful");
  }
  nlohmann::ordered_json ToJson() const {
    return {{"read", read_},
            {"imported", imported_},
            {"updated", updated_},
            {"already_there", already_there_},
            {"refused", refused_.count()},
            {"doubtful", doubtful_.count()}};
  }

 private:
  void AddRefusal(std::size_t line, const std::string& source_id, const std::string& column,
                  const std::string& reason, const std::string& message) {
    const std::lock_guard lock(mutex_);
    ++answered_;
    WriteRefusal(line, source_id, column, reason, message);
  }
  void WriteRefusal(std::size_t line, const std::string& source_id, const std::string& column,
                    const std::string& reason, const std::string& message) {
    std::string sentence = column.empty() ? "" : "column \"" + column + "\": ";
    sentence += reason + ": " + message;
    refused_.Add(line, {source_id, column, reason, message}, std::move(sentence));
  }

  std::mutex mutex_;
  std::uint64_t read_ = 0;
  std::uint64_t answered_ = 0;
  std::uint64_t imported_ = 0;
  std::uint64_t updated_ = 0;
  std::uint64_t already_there_ = 0;
  Findings refused_{{"line", "source_id", "column", "reason", "message"}};
  Findings doubtful_{{"line", "source_id", "dossier", "doubts"}};
};

// Reads to the end; the first error that ends the import.
Status ReadAll(imports::RegisterFile& file, ImportLanes& lanes, Tally& tally,
               const std::function<void()>& show) {
  while (true) {
    MOTCUA_ASSIGN_OR_RETURN(std::optional<imports::Conversion> next, file.Next());
    if (!next) return OkStatus();
    tally.AddRead();
    if (const auto* const refused = std::get_if<RefusedRow>(&*next)) {
      tally.AddRefused(*refused);
    } else {
      MOTCUA_RETURN_IF_ERROR(lanes.Push(std::get<RegisterRow>(*std::move(next))));
    }
    show();
  }
}

void PrintTally(Context& context, const Tally& tally, const imports::RegisterNotes& notes,
                double seconds, const std::string& position) {
  nlohmann::ordered_json json = tally.ToJson();
  if (context.options.format == Format::kJson) {
    json["seconds"] = seconds;
    json["position"] = position;
    json.update(NotesJson(notes));
    context.terminal.out << json.dump() << '\n';
    return;
  }
  if (context.options.format == Format::kCsv) {
    std::vector<std::string> names;
    std::vector<std::string> cells;
    for (const auto& [name, value] : json.items()) {
      names.push_back(name);
      cells.push_back(value.dump());
    }
    PrintCsvRow(context, names);
    return PrintCsvRow(context, cells);
  }
  constexpr std::array kRows = {
      std::pair{"Đã đọc", "read"},         std::pair{"Đã nhập", "imported"},
      std::pair{"Đã cập nhật", "updated"}, std::pair{"Đã có từ trước", "already_there"},
      std::pair{"Từ chối", "refused"},     std::pair{"Nghi vấn", "doubtful"}};
  for (const auto& [heading, key] : kRows) {
    context.terminal.out << PadRight(heading, 14) << "  "
                         << PadLeft(FormatCount(json[key].get<long long>()), 9) << '\n';
  }
}

}  // namespace

Status ImportRegister(const Invocation& invocation, const Session& session) {
  Context& context = invocation.context();
  const ImportOptions options{.file = invocation.Text("file"),
                              .mapping = invocation.Text("--mapping"),
                              .refused_file = invocation.Text("--refused"),
                              .doubtful_file = invocation.Text("--doubtful"),
                              .patience_seconds = invocation.Number("--patience")};
  MOTCUA_ASSIGN_OR_RETURN(const imports::Mapping mapping, imports::LoadMapping(options.mapping));
  MOTCUA_ASSIGN_OR_RETURN(imports::RegisterFile file,
                          imports::RegisterFile::Open(options.file, mapping));
  // Later a server that is gone is waited for; one that was never there is most often a wrong
  // address.
  if (!session.directory().AwaitConnection(MethodOf(invocation.row()).service,
                                           session.policy().deadline)) {
    return Status(Reason::kNotServing, "there is no connection to any instance of intake");
  }
  Tally tally;
  MOTCUA_RETURN_IF_ERROR(tally.Open(options, context.options.csv_dialect));
  const auto start = std::chrono::steady_clock::now();
  ProgressBar bar(context.terminal.err, context.terminal.err_is_terminal, start);
  // The file runs ahead of the answers; what counts as done is what was answered.
  const auto fraction = [&] {
    const double read = file.bytes_total() == 0 ? 1.0
                                                : static_cast<double>(file.bytes_read()) /
                                                      static_cast<double>(file.bytes_total());
    const double rows = static_cast<double>(std::max<std::uint64_t>(file.rows(), 1));
    return read * static_cast<double>(tally.answered()) / rows;
  };
  const auto show = [&] {
    bar.Update(fraction(), tally.answered(), std::chrono::steady_clock::now());
  };
  ImportLanes::Options lane_options;
  lane_options.patience =
      std::chrono::milliseconds(static_cast<std::int64_t>(options.patience_seconds * 1000));
  lane_options.on_wait = show;
  lane_options.partitions = session.directory().partitions();
  lane_options.lanes = std::clamp<std::size_t>(lane_options.partitions, kLanes, kLanesMax);
  Seen seen;
  ImportLanes lanes(
      lane_options, MakeSend(session, context.options.actor, seen),
      [&](const RegisterRow& row, const RowAnswer& answer) { tally.AddAnswer(row, answer); });
  Status status = ReadAll(file, lanes, tally, show);
  // What was read is sent also where the file breaks off.
  const Status sent = lanes.Finish();
  if (status.ok()) status = sent;
  const auto end = std::chrono::steady_clock::now();
  bar.Finish(status.ok() ? 1.0 : fraction(), tally.answered(), end);
  tally.List(context.terminal.err);
  ListNotes(file.notes(), context.terminal.err);
  const Status closed = tally.Close();
  PrintTally(context, tally, file.notes(), std::chrono::duration<double>(end - start).count(),
             seen.token());
  return status.ok() ? closed : status;
}

std::string BuiltInMappingNames() {
  std::string names;
  for (const imports::BuiltInMapping& mapping : imports::BuiltInMappings()) {
    names += (names.empty() ? "" : ", ") + std::string(mapping.name);
  }
  return names;
}

}  // namespace motcua::cli
