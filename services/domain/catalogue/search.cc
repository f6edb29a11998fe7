#include "services/domain/catalogue/search.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "services/base/text.h"
#include "services/base/text_fold.h"
#include "services/base/text_order.h"

namespace motcua::catalogue {
namespace {

struct Word {
  std::string folded;
  std::string exact;
};

// Signs of ASCII part words, as blanks do, but for those of codes.
bool PartsWords(char c) {
  constexpr std::string_view kSigns = "!\"#$%&'()*+,/:;<=>?@[\\]^_`{|}~";
  return kSigns.find(c) != std::string_view::npos;
}

std::vector<Word> WordsOf(std::string_view text) {
  std::string spaced = CanonicalName(text);
  std::replace_if(spaced.begin(), spaced.end(), PartsWords, ' ');
  const std::string folded = FoldForSearch(spaced);
  const std::string exact = ToneLast(spaced);
  const auto of_folded = SplitText(folded, ' ');
  const auto of_exact = SplitText(exact, ' ');
  std::vector<Word> words;
  for (std::size_t i = 0; i < of_folded.size() && i < of_exact.size(); ++i) {
    if (!of_folded[i].empty()) {
      words.push_back({std::string(of_folded[i]), std::string(of_exact[i])});
    }
  }
  return words;
}

bool AnyBegins(const std::vector<Word>& words, const std::string& asked) {
  return std::any_of(words.begin(), words.end(),
                     [&](const Word& word) { return word.folded.starts_with(asked); });
}

bool AnyIs(const std::vector<Word>& words, const std::string& asked) {
  return std::any_of(words.begin(), words.end(),
                     [&](const Word& word) { return word.exact == asked; });
}

// Counts by key; what is counted first stands first.
class Counts {
 public:
  explicit Counts(std::string_view group) : group_(group) {}

  void Add(std::string_view key, std::string_view label) {
    for (CoverageRow& row : rows_) {
      if (row.key != key) continue;
      ++row.count;
      return;
    }
    rows_.push_back({group_, std::string(key), std::string(label), 1});
  }
  // The most first.
  void Sort() {
    std::stable_sort(rows_.begin(), rows_.end(),
                     [](const CoverageRow& a, const CoverageRow& b) { return a.count > b.count; });
  }
  void MoveTo(std::vector<CoverageRow>& all) {
    std::move(rows_.begin(), rows_.end(), std::back_inserter(all));
  }

 private:
  std::string_view group_;
  std::vector<CoverageRow> rows_;
};

template <codes::Code E>
void CountCode(std::string_view group, const std::vector<const Procedure*>& procedures,
               E Procedure::* member, std::vector<CoverageRow>& all) {
  Counts counts(group);
  for (const Procedure* p : procedures) counts.Add(Key(p->*member), Label(p->*member));
  counts.Sort();
  counts.MoveTo(all);
}

// Whether a fact is there, over all procedures.
template <typename Known>
void CountKnown(std::string_view key, std::string_view label,
                const std::vector<const Procedure*>& procedures, Known known,
                std::vector<CoverageRow>& all) {
  const auto count = std::count_if(procedures.begin(), procedures.end(),
                                   [&](const Procedure* p) { return known(*p); });
  all.push_back({"known", std::string(key), std::string(label), static_cast<std::size_t>(count)});
}

void CountFacts(const Catalogue& catalogue, const std::vector<const Procedure*>& procedures,
                std::vector<CoverageRow>& all) {
  const auto sheet = [&](const Procedure& p) -> const ProcedureSheet& {
    return catalogue.SheetOf(p);
  };
  CountKnown(
      "term_text", "Có nguyên văn thời hạn", procedures,
      [&](const Procedure& p) { return !sheet(p).term_text.empty(); }, all);
  CountKnown(
      "statutory_term", "Có thời hạn theo luật bên cạnh thời hạn đã cắt giảm", procedures,
      [&](const Procedure& p) { return sheet(p).statutory_term.has_value(); }, all);
  CountKnown(
      "papers", "Có thành phần hồ sơ", procedures,
      [&](const Procedure& p) { return !sheet(p).papers.empty(); }, all);
  CountKnown(
      "fee", "Có mức phí, lệ phí", procedures,
      [&](const Procedure& p) { return sheet(p).fee_vnd.has_value(); }, all);
  CountKnown(
      "result", "Có kết quả", procedures,
      [&](const Procedure& p) { return !sheet(p).result.empty(); }, all);
  CountKnown(
      "document", "Có văn bản căn cứ", procedures,
      [&](const Procedure& p) { return !sheet(p).document.empty(); }, all);
  CountKnown(
      "route", "Có quy trình liên thông", procedures,
      [](const Procedure& p) { return !p.route.empty(); }, all);
}

}  // namespace

std::vector<const Procedure*> ProceduresOn(const Catalogue& catalogue,
                                           std::optional<CivilDate> on) {
  std::vector<const Procedure*> procedures;
  for (const Procedure& procedure : catalogue.procedures()) {
    const Procedure* const chosen =
        on ? catalogue.FindProcedure(procedure.code, *on) : catalogue.FindProcedure(procedure.code);
    if (chosen == &procedure) procedures.push_back(chosen);
  }
  return procedures;
}

Result<std::vector<Hit>> Search(const std::vector<const Procedure*>& procedures,
                                std::string_view text) {
  if (text.size() > kSearchBytesMax) {
    return FieldError(
        "text", "has more than " + std::to_string(kSearchBytesMax) + " bytes (kSearchBytesMax)");
  }
  const std::vector<Word> asked = WordsOf(text);
  if (asked.empty()) return FieldError("text", "has no word to look for");
  std::vector<std::pair<std::string, Hit>> hits;  // by order key
  for (const Procedure* procedure : procedures) {
    const std::vector<Word> words =
        WordsOf(procedure->code.value() + " " + procedure->name + " " + procedure->field);
    const auto all = [&](const auto& fits) {
      return std::all_of(asked.begin(), asked.end(), fits);
    };
    if (!all([&](const Word& word) { return AnyBegins(words, word.folded); })) continue;
    const bool with_marks = all([&](const Word& word) { return AnyIs(words, word.exact); });
    hits.emplace_back(OrderKey(procedure->name), Hit{procedure, with_marks});
  }
  std::stable_sort(hits.begin(), hits.end(), [](const auto& a, const auto& b) {
    return std::tuple(!a.second.with_marks, std::string_view(a.first)) <
           std::tuple(!b.second.with_marks, std::string_view(b.first));
  });
  std::vector<Hit> found;
  found.reserve(hits.size());
  for (const auto& [key, hit] : hits) found.push_back(hit);
  return found;
}

std::vector<CoverageRow> Coverage(const Catalogue& catalogue,
                                  const std::vector<const Procedure*>& procedures) {
  std::vector<CoverageRow> all = {{"all", "all", "Tất cả thủ tục", procedures.size()}};
  CountCode("tier", procedures, &Procedure::tier, all);
  CountCode("interconnection", procedures, &Procedure::interconnection, all);
  Counts online("online");
  Counts terms("term_unit");
  Counts statuses("status");
  Counts certainty("certainty");
  Counts fields("field");
  for (const Procedure* p : procedures) {
    const ProcedureSheet& sheet = catalogue.SheetOf(*p);
    const auto& level = RowOf(OnlineLevels(), sheet.online);
    online.Add(level.key.empty() ? "-" : level.key, level.label);
    terms.Add(p->term.milli == 0 ? "same_day" : Key(p->term.unit),
              p->term.milli == 0 ? "trong ngày" : Label(p->term.unit));
    const auto& status = RowOf(LawStatuses(), sheet.status);
    statuses.Add(status.key.empty() ? "-" : status.key, status.label);
    if (!sheet.certainty.empty()) certainty.Add(sheet.certainty, sheet.certainty);
    fields.Add(p->field, p->field);
  }
  for (Counts* counts : {&online, &terms, &statuses, &certainty, &fields}) counts->Sort();
  online.MoveTo(all);
  terms.MoveTo(all);
  CountFacts(catalogue, procedures, all);
  statuses.MoveTo(all);
  certainty.MoveTo(all);
  fields.MoveTo(all);
  return all;
}

}  // namespace motcua::catalogue
