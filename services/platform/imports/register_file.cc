#include "services/platform/imports/register_file.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "services/base/text.h"
#include "services/platform/imports/find_heading.h"

namespace motcua::imports {
namespace {

// "1,2,3" or "(1),(2),(3)": the numbers that forms print under their headings.
bool IsNumberingRow(const wire::CsvRecord& record) {
  return !record.problem &&
         std::all_of(record.fields.begin(), record.fields.end(), [](const std::string& field) {
           const std::string_view cell = Trim(field);
           return cell.size() <= 4 &&
                  cell.find_first_not_of("()0123456789") == std::string_view::npos;
         });
}

}  // namespace

Result<RegisterFile> RegisterFile::Open(const std::string& path, const Mapping& mapping) {
  MOTCUA_ASSIGN_OR_RETURN(TextFile text, TextFile::Open(path, mapping.encoding));
  RegisterFile file(std::move(text));
  MOTCUA_RETURN_IF_ERROR(file.FindHeading(mapping));
  MOTCUA_RETURN_IF_ERROR(file.SurveyDates());
  return file;
}

Status RegisterFile::FindHeading(const Mapping& mapping) {
  std::string head;
  MOTCUA_ASSIGN_OR_RETURN(const bool some, file_.Read(head));
  std::string more;
  Result<bool> goes_on = some ? file_.Read(more) : Result<bool>(false);
  // A file that breaks off after its heading still gives the rows before.
  const bool whole = goes_on.ok() && !*goes_on;
  Result<FoundHeading> found = imports::FindHeading(mapping, head, whole);
  if (!found.ok()) {
    const Status& problem = found.status();
    if (!some) {
      return Status(Reason::kFileInvalid, file_.path() + ":1: the file is empty",
                    {{"file", file_.path()}, {"line", "1"}});
    }
    Status::Metadata metadata = problem.metadata();
    metadata.emplace_back("file", file_.path());
    return Status(problem.reason(), file_.path() + ": " + problem.message(), std::move(metadata));
  }
  if (file_.uses_letters_of_named()) notes_.old_letters = mapping.encoding;
  delimiter_ = found->delimiter;
  heading_records_ = found->records;
  numbering_row_ = mapping.numbering_row;
  converter_ = std::make_unique<Converter>(std::move(found->converter));
  return StartRows();
}

Status RegisterFile::StartRows() {
  MOTCUA_RETURN_IF_ERROR(file_.Rewind());
  reader_ = wire::CsvReader(delimiter_);
  ended_ = false;
  numbering_row_due_ = numbering_row_;
  for (std::size_t i = 0; i < heading_records_; ++i) {
    MOTCUA_ASSIGN_OR_RETURN(const bool found, NextRecord());
    if (!found) break;
  }
  return OkStatus();
}

Status RegisterFile::SurveyDates() {
  DateSurvey survey = converter_->NewSurvey();
  if (!survey.wanted()) return OkStatus();
  while (true) {
    const Result<bool> found = NextRecord();
    // Where the file breaks off, the rows before are read and then the error is told.
    if (!found.ok() || !*found) break;
    if (IsRow()) converter_->Survey(record_, survey);
  }
  converter_->DoubtDates(survey);
  notes_.mixed_dates = survey.Mixed();
  return StartRows();
}

Result<bool> RegisterFile::NextRecord() {
  while (!reader_.Next(record_)) {
    if (ended_) return false;
    MOTCUA_ASSIGN_OR_RETURN(const bool some, file_.Read(chunk_));
    if (some) {
      reader_.Feed(chunk_);
    } else {
      ended_ = true;
      reader_.Finish();
    }
  }
  return true;
}

bool RegisterFile::IsRow() {
  if (IsBlank(record_)) return false;
  return !(std::exchange(numbering_row_due_, false) && IsNumberingRow(record_));
}

Result<std::optional<Conversion>> RegisterFile::Next() {
  while (true) {
    MOTCUA_ASSIGN_OR_RETURN(const bool found, NextRecord());
    if (!found) return std::optional<Conversion>();
    if (!IsRow()) continue;
    ++rows_;
    Conversion conversion = converter_->Convert(record_);
    NoteWords(conversion);
    return std::optional<Conversion>(std::move(conversion));
  }
}

void RegisterFile::NoteWords(const Conversion& conversion) {
  const auto* const row = std::get_if<RegisterRow>(&conversion);
  if (row == nullptr) return;
  for (const UnknownWord& unknown : row->unknown) {
    const auto found = notes_.unknown_words.find(unknown);
    if (found != notes_.unknown_words.end()) {
      ++found->second;
    } else if (notes_.unknown_words.size() < kUnknownWordsMax) {
      notes_.unknown_words.emplace(unknown, 1);
    } else {
      ++notes_.unknown_words_more;
    }
  }
}

}  // namespace motcua::imports
