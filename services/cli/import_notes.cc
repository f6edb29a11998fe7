#include "services/cli/import_notes.h"

#include <array>
#include <ostream>
#include <utility>

namespace motcua::cli {
namespace {

using imports::Encoding;
using imports::MixedDates;

// Words are listed on standard error so far; JSON has all that are kept.
constexpr std::size_t kWordsListedMax = 20;

void ListMixed(const MixedDates& mixed, std::ostream& out) {
  out << "doubtful: column \"" << mixed.name << "\": ";
  if (mixed.day_first > 0 && mixed.month_first > 0) {
    out << mixed.day_first << " rows are written day first and " << mixed.month_first
        << " month first: the file went through a spreadsheet of another locale";
  } else {
    const bool day_first = mixed.day_first > 0;
    out << (day_first ? mixed.day_first : mixed.month_first) << " rows are written "
        << (day_first ? "day" : "month") << " first, which the mapping reads "
        << (day_first ? "month" : "day") << " first";
  }
  out << "; every row with a date in it is doubtful, take the file from its source again\n";
}

}  // namespace

std::string DoubtText(unsigned doubts) {
  std::string text;
  for (const auto& [bit, words] :
       {std::pair{codes::Doubt::kClosedBeforeOpened, "closed before opened"},
        std::pair{codes::Doubt::kDueBeforeOpened, "due before opened"},
        std::pair{codes::Doubt::kInFuture, "in the future"},
        std::pair{codes::Doubt::kNumberBeyond, "a number that cannot be counted on from"},
        std::pair{codes::Doubt::kCodeOfAnotherDay, "the code names another day"},
        std::pair{codes::Doubt::kDatesMixed, "a column of dates day first and month first"},
        std::pair{codes::Doubt::kChannelUnknown, "unknown word for the channel"},
        std::pair{codes::Doubt::kNameDamaged, "a name lost letters"}}) {
    if ((doubts & imports::BitOf(bit)) != 0)
      text += (text.empty() ? "" : ", ") + std::string(words);
  }
  return text;
}

void ListNotes(const imports::RegisterNotes& notes, std::ostream& out) {
  for (const MixedDates& mixed : notes.mixed_dates) ListMixed(mixed, out);
  std::size_t listed = 0;
  std::uint64_t more = notes.unknown_words_more;
  for (const auto& [unknown, rows] : notes.unknown_words) {
    if (listed++ >= kWordsListedMax) {
      more += rows;
      continue;
    }
    out << "unknown word: column \"" << unknown.column << "\": \"" << unknown.word << "\" in "
        << rows << " rows, read as the mapping's default\n";
  }
  if (more > 0) out << "unknown word: other words in " << more << " rows\n";
  if (notes.old_letters == Encoding::kTcvn3) {
    out << "note: TCVN3 has no capital letters with tones; names set in a font like .VnTimeH are "
           "read in small letters\n";
  }
}

nlohmann::ordered_json NotesJson(const imports::RegisterNotes& notes) {
  nlohmann::ordered_json json;
  json["mixed_dates"] = nlohmann::ordered_json::array();
  for (const MixedDates& mixed : notes.mixed_dates) {
    json["mixed_dates"].push_back({{"column", mixed.name},
                                   {"day_first", mixed.day_first},
                                   {"month_first", mixed.month_first}});
  }
  json["unknown_words"] = nlohmann::ordered_json::array();
  for (const auto& [unknown, rows] : notes.unknown_words) {
    json["unknown_words"].push_back(
        {{"column", unknown.column}, {"word", unknown.word}, {"rows", rows}});
  }
  json["unknown_words_more"] = notes.unknown_words_more;
  json["encoding"] = imports::EncodingName(notes.old_letters.value_or(Encoding::kUtf8));
  json["capitals_lost"] = notes.old_letters == Encoding::kTcvn3;
  return json;
}

}  // namespace motcua::cli
