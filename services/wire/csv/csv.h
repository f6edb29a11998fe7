// CSV (RFC 4180) read as a stream; csv_writer.h writes it. What is wrong with one record is
// told with that record, and reading goes on with the next: a register of ten years has a few
// broken rows, and they must neither hide nor shift the others.
//
//   CsvReader reader;
//   CsvRecord record;                       // reused, so that its strings keep their memory
//   while (ReadChunk(chunk)) {
//     reader.Feed(chunk);
//     while (reader.Next(record)) Take(record);
//   }
//   reader.Finish();
//   while (reader.Next(record)) Take(record);
//
// Pure; one thread at a time.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/base/status.h"

namespace motcua::wire {

inline constexpr std::size_t kCsvFieldBytesMax = 64 * 1024;
inline constexpr std::size_t kCsvRecordBytesMax = 1024 * 1024;
inline constexpr std::size_t kCsvFieldsMax = 1024;

struct CsvRecord {
  std::size_t line = 0;             // of the file, from 1, on which the record begins
  std::vector<std::string> fields;  // without quotes; empty when there is a problem
  std::optional<Status> problem;    // FILE_INVALID, metadata "line" (limits: LIMIT_EXCEEDED)

  // An empty line: one field, empty.
  bool blank() const { return !problem && fields.size() == 1 && fields[0].empty(); }
};

// LF and CRLF end a record, also inside one file; a byte order mark at the start is skipped. Fields
// in quotes may hold separators, line ends and doubled quotes. A record's problem is one of: bytes
// that are not UTF-8, a quote that is never closed or closed too early, a quote inside a field that
// does not begin with one, or a limit. After a quote that is never closed, or text after a closing
// one, reading resumes on the line after the one on which the record began, for the quote may have
// swallowed good records.
class CsvReader {
 public:
  explicit CsvReader(char separator = ',') : separator_(separator) {}

  // Adds input; the bytes are copied. Not after Finish.
  void Feed(std::string_view chunk);
  // There is no more input; the last record need not end with a line end.
  void Finish() { finished_ = true; }
  // Whether a record was taken. When not: Feed more, or after Finish the input is over.
  bool Next(CsvRecord& record);

 private:
  enum class State { kFieldStart, kPlain, kQuoted, kAfterQuote, kAfterReturn };
  enum class Outcome { kMore, kRecord, kStrayText, kNeverClosed, kTooLong };

  Outcome FindEnd();
  Outcome FindQuotedEnd();
  bool TakeRecord(CsvRecord& record);
  bool TakeBroken(Outcome outcome, CsvRecord& record);
  bool SkipRestOfLine();
  void SkipByteOrderMark();
  void StartRecordAt(std::size_t position);
  std::optional<Status> Split(std::string_view text, CsvRecord& record) const;
  std::optional<Status> SplitQuoted(std::string_view text, CsvRecord& record) const;

  char separator_;
  bool finished_ = false;
  bool at_start_ = true;   // nothing read yet: a byte order mark may come
  bool skipping_ = false;  // inside a record that was too long
  std::string buffer_;
  std::size_t begin_ = 0;                           // of the present record, in buffer_
  std::size_t scan_ = 0;                            // where looking for its end goes on
  std::size_t end_ = 0;                             // of its text, once found
  std::size_t next_ = 0;                            // of the next record, once found
  std::size_t first_line_end_ = std::string::npos;  // the first LF inside the present record
  std::size_t extra_lines_ = 0;                     // line ends inside its quotes
  State state_ = State::kFieldStart;
  bool quotes_ = false;  // whether the present record has any
  std::size_t line_ = 1;
};

// Column names of a file, from its header record. Nameless columns, which spreadsheets leave at the
// end, are none.
class CsvHeader {
 public:
  // FILE_INVALID naming the places of two columns of one name, or the first of `required` that is
  // missing. The names of the file are not repeated: without its header, they may be people's.
  static Result<CsvHeader> Make(const CsvRecord& record,
                                const std::vector<std::string_view>& required);

  std::size_t size() const { return names_.size(); }
  // The index of the column, if there is one.
  std::optional<std::size_t> Find(std::string_view name) const;
  // The field of the column; empty when the file has no such column or the record is too short.
  std::string_view Get(const CsvRecord& record, std::string_view name) const;

 private:
  std::vector<std::string> names_;
};

}  // namespace motcua::wire
