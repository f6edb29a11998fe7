#include "services/wire/csv/csv.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "services/base/check.h"
#include "services/base/text.h"

namespace motcua::wire {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

Status Broken(std::size_t line, std::string what) {
  std::string number = std::to_string(line);
  std::string message = "line " + number + ": " + std::move(what);
  return Status(Reason::kFileInvalid, std::move(message), {{"line", std::move(number)}});
}

Status TooMuch(std::size_t line, std::string_view limit, std::size_t value) {
  std::string number = std::to_string(line);
  std::string message =
      "line " + number + ": more than " + std::to_string(value) + " (" + std::string(limit) + ")";
  return Status(Reason::kLimitExceeded, std::move(message),
                {{"line", std::move(number)}, {"limit", std::string(limit)}});
}

// The position of `c` in [from, to) of `text`, or `to`.
std::size_t FindIn(std::string_view text, char c, std::size_t from, std::size_t to) {
  if (from >= to) return to;
  const void* found = std::memchr(text.data() + from, c, to - from);
  if (found == nullptr) return to;
  return static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

// The next field of `record` to write into, whose old memory is used again.
std::string& NextField(CsvRecord& record, std::size_t index) {
  if (index == record.fields.size()) record.fields.emplace_back();
  return record.fields[index];
}

}  // namespace

void CsvReader::Feed(std::string_view chunk) {
  MOTCUA_CHECK(!finished_, "Feed after Finish");
  if (begin_ > 0) {
    buffer_.erase(0, begin_);
    scan_ -= begin_;
    if (first_line_end_ != std::string::npos) first_line_end_ -= begin_;
    begin_ = 0;
  }
  buffer_.append(chunk);
}

bool CsvReader::Next(CsvRecord& record) {
  SkipByteOrderMark();
  if (at_start_ && !finished_) return false;
  if (skipping_ && !SkipRestOfLine()) return false;
  if (begin_ == buffer_.size()) return false;
  const Outcome outcome = FindEnd();
  switch (outcome) {
    case Outcome::kMore:
      return false;
    case Outcome::kRecord:
      return TakeRecord(record);
    case Outcome::kStrayText:
    case Outcome::kNeverClosed:
    case Outcome::kTooLong:
      break;
  }
  return TakeBroken(outcome, record);
}

void CsvReader::SkipByteOrderMark() {
  if (!at_start_) return;
  if (buffer_.size() < kByteOrderMark.size() && !finished_) return;
  at_start_ = false;
  if (buffer_.starts_with(kByteOrderMark)) StartRecordAt(kByteOrderMark.size());
}

bool CsvReader::SkipRestOfLine() {
  const std::size_t at = FindIn(buffer_, '\n', begin_, buffer_.size());
  if (at == buffer_.size()) {
    StartRecordAt(at);
    return false;
  }
  StartRecordAt(at + 1);
  ++line_;
  skipping_ = false;
  return true;
}

void CsvReader::StartRecordAt(std::size_t position) {
  begin_ = position;
  scan_ = position;
  first_line_end_ = std::string::npos;
  extra_lines_ = 0;
  state_ = State::kFieldStart;
  quotes_ = false;
}

// Most lines have no quotes: for them, one search for the line end and one for a quote is all.
CsvReader::Outcome CsvReader::FindEnd() {
  if (!quotes_) {
    const std::size_t size = buffer_.size();
    const std::size_t line_end = FindIn(buffer_, '\n', scan_, size);
    const bool ended = line_end < size || finished_;
    if (FindIn(buffer_, '"', scan_, line_end) == line_end) {
      if (!ended) {
        scan_ = size;
        return size - begin_ > kCsvRecordBytesMax ? Outcome::kTooLong : Outcome::kMore;
      }
      end_ = line_end;
      next_ = std::min(line_end + 1, size);
      return end_ - begin_ > kCsvRecordBytesMax ? Outcome::kTooLong : Outcome::kRecord;
    }
    quotes_ = true;
    scan_ = begin_;
  }
  return FindQuotedEnd();
}

// Walks the states of a record with quotes; goes on where the last call ended.
CsvReader::Outcome CsvReader::FindQuotedEnd() {
  const std::size_t size = buffer_.size();
  for (; scan_ < size && scan_ - begin_ <= kCsvRecordBytesMax; ++scan_) {
    const char c = buffer_[scan_];
    if (c == '\n' && first_line_end_ == std::string::npos) first_line_end_ = scan_;
    switch (state_) {
      case State::kQuoted:
        if (c == '"') state_ = State::kAfterQuote;
        if (c == '\n') ++extra_lines_;
        continue;
      case State::kAfterQuote:
        if (c == '"') {
          state_ = State::kQuoted;  // doubled: a quote inside the field
        } else if (c == separator_) {
          state_ = State::kFieldStart;
        } else if (c == '\r') {
          state_ = State::kAfterReturn;
        } else if (c != '\n') {
          return Outcome::kStrayText;
        }
        break;
      case State::kAfterReturn:
        if (c != '\n') return Outcome::kStrayText;
        break;
      case State::kFieldStart:
      case State::kPlain:
        if (c == '"' && state_ == State::kFieldStart) {
          state_ = State::kQuoted;
        } else {
          state_ = c == separator_ ? State::kFieldStart : State::kPlain;
        }
        break;
    }
    if (c == '\n') {
      end_ = scan_;
      next_ = scan_ + 1;
      return Outcome::kRecord;
    }
  }
  if (scan_ < size) return state_ == State::kQuoted ? Outcome::kNeverClosed : Outcome::kTooLong;
  if (!finished_) return Outcome::kMore;
  if (state_ == State::kQuoted) return Outcome::kNeverClosed;
  end_ = size;
  next_ = size;
  return Outcome::kRecord;
}

bool CsvReader::TakeRecord(CsvRecord& record) {
  record.line = line_;
  record.problem.reset();
  std::string_view text = std::string_view(buffer_).substr(begin_, end_ - begin_);
  if (text.ends_with('\r')) text.remove_suffix(1);
  if (!IsUtf8(text)) {
    record.problem = Broken(line_, "the bytes are not UTF-8");
  } else {
    record.problem = quotes_ ? SplitQuoted(text, record) : Split(text, record);
  }
  if (record.problem) record.fields.clear();
  line_ += extra_lines_ + 1;
  StartRecordAt(next_);
  return true;
}

bool CsvReader::TakeBroken(Outcome outcome, CsvRecord& record) {
  record.line = line_;
  record.fields.clear();
  if (outcome == Outcome::kStrayText) {
    record.problem = Broken(line_, "there is text after a closing quote");
  } else if (outcome == Outcome::kNeverClosed) {
    record.problem = Broken(line_, "a quote is never closed");
  } else {
    record.problem = TooMuch(line_, "kCsvRecordBytesMax", kCsvRecordBytesMax);
  }
  if (first_line_end_ != std::string::npos) {
    ++line_;
    StartRecordAt(first_line_end_ + 1);
    return true;
  }
  // The end of the line is still ahead, perhaps in a later chunk.
  skipping_ = true;
  StartRecordAt(scan_);
  return true;
}

std::optional<Status> CsvReader::Split(std::string_view text, CsvRecord& record) const {
  std::size_t count = 0;
  std::size_t from = 0;
  while (true) {
    const std::size_t to = FindIn(text, separator_, from, text.size());
    if (count == kCsvFieldsMax) return TooMuch(line_, "kCsvFieldsMax", kCsvFieldsMax);
    if (to - from > kCsvFieldBytesMax) {
      return TooMuch(line_, "kCsvFieldBytesMax", kCsvFieldBytesMax);
    }
    NextField(record, count++).assign(text, from, to - from);
    if (to == text.size()) break;
    from = to + 1;
  }
  record.fields.resize(count);
  return std::nullopt;
}

// `text` is well-formed as far as FindQuotedEnd looks.
std::optional<Status> CsvReader::SplitQuoted(std::string_view text, CsvRecord& record) const {
  std::size_t count = 0;
  std::size_t at = 0;
  while (true) {
    if (count == kCsvFieldsMax) return TooMuch(line_, "kCsvFieldsMax", kCsvFieldsMax);
    std::string& field = NextField(record, count++);
    field.clear();
    if (at < text.size() && text[at] == '"') {
      while (true) {
        const std::size_t quote = FindIn(text, '"', at + 1, text.size());
        field.append(text, at + 1, quote - at - 1);
        at = quote + 1;
        if (at >= text.size() || text[at] != '"') break;
        field.push_back('"');
      }
    } else {
      const std::size_t to = FindIn(text, separator_, at, text.size());
      if (FindIn(text, '"', at, to) != to) {
        return Broken(line_, "there is a quote inside a field that does not begin with one");
      }
      field.assign(text, at, to - at);
      at = to;
    }
    if (field.size() > kCsvFieldBytesMax) {
      return TooMuch(line_, "kCsvFieldBytesMax", kCsvFieldBytesMax);
    }
    if (at >= text.size()) break;
    ++at;  // the separator
  }
  record.fields.resize(count);
  return std::nullopt;
}

Result<CsvHeader> CsvHeader::Make(const CsvRecord& record,
                                  const std::vector<std::string_view>& required) {
  if (record.problem) return *record.problem;
  CsvHeader header;
  for (const std::string& field : record.fields) {
    const std::string_view name = Trim(field);
    if (const std::optional<std::size_t> first = header.Find(name)) {
      return Broken(record.line, "columns " + std::to_string(*first + 1) + " and " +
                                     std::to_string(header.names_.size() + 1) +
                                     " have the same name");
    }
    header.names_.emplace_back(name);
  }
  for (const std::string_view name : required) {
    if (!header.Find(name)) {
      return Broken(record.line, "the column \"" + std::string(name) + "\" is missing");
    }
  }
  return header;
}

std::optional<std::size_t> CsvHeader::Find(std::string_view name) const {
  if (name.empty()) return std::nullopt;  // a column without a name is none
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (names_[i] == name) return i;
  }
  return std::nullopt;
}

std::string_view CsvHeader::Get(const CsvRecord& record, std::string_view name) const {
  const std::optional<std::size_t> index = Find(name);
  if (!index || *index >= record.fields.size()) return {};
  return record.fields[*index];
}

}  // namespace motcua::wire
