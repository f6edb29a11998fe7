#include "services/platform/imports/find_heading.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "services/platform/imports/words.h"

namespace motcua::imports {
namespace {

// What a spreadsheet may write into the first line to say the delimiter: "sep=;".
constexpr std::string_view kSeparatorLine = "sep=";

struct Candidate {
  wire::CsvRecord record;
  std::size_t records = 0;  // of the file up to its end
};

// The first records of `head` that are not empty, so many as may be a heading and one more.
std::vector<Candidate> Candidates(const Mapping& mapping, std::string_view head, bool whole,
                                  char delimiter) {
  wire::CsvReader reader(delimiter);
  reader.Feed(head);
  if (whole) reader.Finish();
  std::vector<Candidate> candidates;
  std::size_t records = 0;
  wire::CsvRecord record;
  while (candidates.size() <= mapping.header_rows_max && reader.Next(record)) {
    ++records;
    const bool separator =
        records == 1 && !record.fields.empty() && record.fields.front().starts_with(kSeparatorLine);
    if (!separator && !IsBlank(record)) candidates.push_back({record, records});
  }
  return candidates;
}

// The best of what was tried: the heading, or else the refusal of what came nearest.
class Best {
 public:
  explicit Best(const Mapping& mapping) : mapping_(mapping) {}

  // Whether `heading` has all that is needed.
  bool Try(const Heading& heading, char delimiter, std::size_t records) {
    Result<Converter> made = Converter::Make(mapping_, heading);
    if (made.ok()) {
      found_ = FoundHeading{std::move(made).value(), delimiter, records};
      return true;
    }
    Keep(made.status(), Converter::CountColumns(mapping_, heading));
    return false;
  }
  void Keep(const Status& problem, std::size_t columns) {
    if (problem_ && columns <= columns_) return;
    problem_ = problem;
    columns_ = columns;
  }
  std::optional<FoundHeading>& found() { return found_; }
  const std::optional<Status>& problem() const { return problem_; }

 private:
  const Mapping& mapping_;
  std::optional<FoundHeading> found_;
  std::optional<Status> problem_;
  std::size_t columns_ = 0;
};

bool TryDelimiter(const Mapping& mapping, const std::vector<Candidate>& candidates, char delimiter,
                  Best& best) {
  for (std::size_t i = 0; i < candidates.size() && i < mapping.header_rows_max; ++i) {
    const wire::CsvRecord& record = candidates[i].record;
    if (record.problem) {
      best.Keep(*record.problem, 0);
      continue;
    }
    const bool has_next = i + 1 < candidates.size() && !candidates[i + 1].record.problem;
    const Heading one = Heading::Of(record);
    if (has_next) {
      // Two rows when together they name more than the upper one, whose last name may stand for all
      // of it: a row of data names nothing.
      const Heading two = Heading::OfTwo(record, candidates[i + 1].record);
      const bool more =
          Converter::CountColumns(mapping, two) > Converter::CountColumns(mapping, one);
      if (more && best.Try(two, delimiter, candidates[i + 1].records)) return true;
    }
    if (best.Try(one, delimiter, candidates[i].records)) return true;
  }
  return false;
}

std::optional<FoundHeading> Search(const Mapping& mapping, std::string_view head, bool whole,
                                   Best& best) {
  std::string delimiters = mapping.delimiter ? std::string(1, *mapping.delimiter) : std::string();
  delimiters += ",;\t|";
  for (const char delimiter : delimiters) {
    const std::vector<Candidate> candidates = Candidates(mapping, head, whole, delimiter);
    if (TryDelimiter(mapping, candidates, delimiter, best)) return std::move(best.found());
  }
  return std::nullopt;
}

// The old letters with which a heading would fit, though the mapping does not name them.
std::optional<Encoding> FittingLetters(const Mapping& mapping, std::string_view head, bool whole) {
  for (const Encoding encoding : {Encoding::kTcvn3, Encoding::kVni, Encoding::kWindows1258}) {
    if (encoding == mapping.encoding) continue;
    TextDecoder decoder(encoding);
    std::string text;
    decoder.Feed(head, text);
    Best best(mapping);
    if (decoder.uses_letters_of_named() && Search(mapping, text, whole, best)) return encoding;
  }
  return std::nullopt;
}

}  // namespace

bool IsBlank(const wire::CsvRecord& record) {
  return !record.problem &&
         std::all_of(record.fields.begin(), record.fields.end(),
                     [](const std::string& field) { return TrimCell(field).empty(); });
}

// Books often begin with a title; so the first record that has the needed columns is the heading.
Result<FoundHeading> FindHeading(const Mapping& mapping, std::string_view head, bool whole) {
  Best best(mapping);
  if (std::optional<FoundHeading> found = Search(mapping, head, whole, best)) {
    return *std::move(found);
  }
  if (const std::optional<Encoding> letters = FittingLetters(mapping, head, whole)) {
    const std::string name(EncodingName(*letters));
    return Status(Reason::kFileInvalid,
                  "line 1: the heading fits when its letters are read as " + name +
                      "; write encoding = \"" + name + "\" into a copy of the mapping",
                  {{"line", "1"}});
  }
  if (best.problem()) return *best.problem();
  return Status(Reason::kFileInvalid, "line 1: the file is empty", {{"line", "1"}});
}

}  // namespace motcua::imports
