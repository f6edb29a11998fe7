// The file of a register, CSV or gzipped CSV, read as a stream: a few hundred kilobytes are in
// memory, however long it is. Delimiter, encoding and heading are found in its beginning. A
// register with dates of figures is read twice, for the order of day and month is known from all of
// them.
//
//   MOTCUA_ASSIGN_OR_RETURN(RegisterFile file, RegisterFile::Open(path, mapping));
//   while (true) {
//     MOTCUA_ASSIGN_OR_RETURN(const std::optional<Conversion> next, file.Next());
//     if (!next) break;
//     …
//   }
//
// One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "services/base/status.h"
#include "services/platform/imports/convert.h"
#include "services/platform/imports/row.h"
#include "services/platform/imports/text_file.h"
#include "services/wire/csv/csv.h"

namespace motcua::imports {

// Of unknown words, so many different ones are counted apart; a register has a handful.
inline constexpr std::size_t kUnknownWordsMax = 200;

// What is to be said about a file as a whole.
struct RegisterNotes {
  std::vector<MixedDates> mixed_dates;
  std::map<UnknownWord, std::uint64_t> unknown_words;  // how many rows have them
  std::uint64_t unknown_words_more = 0;                // rows with words beyond kUnknownWordsMax
  // The old letters that were read; nothing for Unicode.
  std::optional<Encoding> old_letters;
};

class RegisterFile {
 public:
  // Reads as far as the heading, or once through. FILE_UNREADABLE, or FILE_INVALID where no heading
  // fits the mapping, or where the file is no CSV.
  static Result<RegisterFile> Open(const std::string& path, const Mapping& mapping);

  // The next row; nothing at the end. An error (a broken archive, a bad disk) ends the reading.
  // Empty lines and rows of empty cells are no rows.
  Result<std::optional<Conversion>> Next();

  std::uint64_t rows() const { return rows_; }
  std::uint64_t bytes_read() const { return file_.bytes_read(); }
  std::uint64_t bytes_total() const { return file_.bytes_total(); }
  // The dates are known from the beginning, the words of the rows read so far.
  const RegisterNotes& notes() const { return notes_; }

 private:
  explicit RegisterFile(TextFile file) : file_(std::move(file)) {}
  Status FindHeading(const Mapping& mapping);
  Status SurveyDates();
  // Behind the heading.
  Status StartRows();
  Result<bool> NextRecord();
  // Whether the record is a row; blank lines and numbering rows are none.
  bool IsRow();
  void NoteWords(const Conversion& conversion);

  TextFile file_;
  char delimiter_ = ',';
  std::size_t heading_records_ = 0;  // so many records of the file are before the rows
  bool numbering_row_ = false;       // may follow the heading
  std::uint64_t rows_ = 0;
  bool ended_ = false;
  bool numbering_row_due_ = false;
  std::string chunk_;
  wire::CsvReader reader_;
  wire::CsvRecord record_;
  std::unique_ptr<Converter> converter_;
  RegisterNotes notes_;
};

}  // namespace motcua::imports
