#include "tests/chaos/log_model.h"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace motcua::chaos {
namespace {

using events::v1::CaseEvent;

constexpr std::size_t kRememberedMax = 16;
constexpr std::string_view kGenesisKey = "motcua-log";

// "000.23.10.H49" and "201031-0001" of "000.23.10.H49-201031-0001".
std::pair<std::string, std::string> SplitCode(const std::string& dossier) {
  const std::size_t last = dossier.rfind('-');
  const std::size_t cut = last == std::string::npos ? last : dossier.rfind('-', last - 1);
  if (cut == std::string::npos) return {};
  return {dossier.substr(0, cut), dossier.substr(cut + 1)};
}

std::string UuidText(const std::string& bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text.push_back('-');
    const auto byte = static_cast<unsigned char>(bytes[i]);
    text.push_back(kDigits[byte >> 4U]);
    text.push_back(kDigits[byte & 0xfU]);
  }
  return text;
}

std::uint64_t DossierTip(std::uint64_t record, std::int64_t effective_micros) {
  std::array<char, 8> bytes{};
  auto value = static_cast<std::uint64_t>(effective_micros);
  for (char& byte : bytes) {
    byte = static_cast<char>(value & 0xffU);
    value >>= 8U;
  }
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), record);
}

}  // namespace

// At most a minute ahead of the broker, at most three behind.
bool LogModel::TimeAgrees(const CaseEvent& event, const Record& record) {
  constexpr std::int64_t kSecond = 1'000'000;
  if (!record.taken_micros) return true;
  const std::int64_t ahead = event.at().unix_micros() - *record.taken_micros;
  return ahead <= 60 * kSecond && ahead >= -180 * kSecond;
}

bool LogModel::Fits(const Aggregate& aggregate, const events::v1::Step& step,
                    const std::string& request) {
  return step.version() == aggregate.version + 1 && step.follows() == aggregate.tip &&
         std::find(aggregate.requests.begin(), aggregate.requests.end(), request) ==
             aggregate.requests.end();
}

void LogModel::Advance(Aggregate& aggregate, std::uint32_t version, std::uint64_t tip,
                       const std::string& request) {
  aggregate.version = version;
  aggregate.tip = tip;
  aggregate.requests.push_back(request);
  if (aggregate.requests.size() > kRememberedMax) aggregate.requests.pop_front();
}

bool LogModel::Accept(const CaseEvent& event) {
  if ((event.step().version() == 1) != event.has_book()) return false;
  const auto dossier = dossiers_.find(event.dossier());
  if (!Fits(dossier == dossiers_.end() ? Aggregate{} : dossier->second, event.step(),
            event.request_id())) {
    return false;
  }
  if (!event.has_book()) return true;
  const auto book = books_.find(SplitCode(event.dossier()).first);
  return Fits(book == books_.end() ? Aggregate{} : book->second, event.book(), event.request_id());
}

void LogModel::Take(const std::string& series, std::uint32_t number, const std::string& dossier) {
  const auto [taken, free] = series_[series].taken.emplace(number, dossier);
  if (free) return;
  findings_.push_back("number " + std::to_string(number) + " of " + series + " was given to " +
                      taken->second + " and to " + dossier);
}

void LogModel::Apply(const CaseEvent& event, const std::string& bytes,
                     std::int64_t effective_micros) {
  const std::uint64_t record = XXH3_64bits(bytes.data(), bytes.size());
  Advance(dossiers_[event.dossier()], event.step().version(), DossierTip(record, effective_micros),
          event.request_id());
  const auto [unit, number] = SplitCode(event.dossier());
  if (event.has_book()) {
    Advance(books_[unit], event.book().version(), record, event.request_id());
    const std::size_t dash = number.find('-');
    Take(unit + "-" + number.substr(0, dash),
         static_cast<std::uint32_t>(std::stoul(number.substr(dash + 1))), event.dossier());
  }
  if (event.has_dossier_received()) {
    const auto& received = event.dossier_received();
    Take(unit + " register " + std::to_string(received.register_year()), received.register_number(),
         event.dossier());
  }
  if (event.has_dossier_received() || event.has_dossier_imported()) ++received_[unit];
  if (event.has_result_recorded() ||
      (event.has_dossier_imported() && event.dossier_imported().has_closed())) {
    ++resolved_[unit];
  }
  accepted_[UuidText(event.request_id())].push_back(
      {event.dossier(), event.step().version(), event.actor()});
}

void LogModel::Fold(const Partition& partition) {
  std::int64_t effective = 0;
  std::int64_t expected = 0;
  for (const Record& record : partition) {
    if (record.offset != expected) {
      findings_.push_back("offset " + std::to_string(record.offset) + " where " +
                          std::to_string(expected) + " should be");
    }
    expected = record.offset + 1;
    if (record.key == kGenesisKey) continue;
    CaseEvent event;
    if (!event.ParseFromString(record.value) || SplitCode(event.dossier()).first != record.key) {
      findings_.push_back("a record that is no event at offset " + std::to_string(record.offset));
      continue;
    }
    if (!TimeAgrees(event, record) || !Accept(event)) {
      ++ignored_count_;
      continue;
    }
    ++accepted_count_;
    effective = std::max(effective, event.at().unix_micros());
    Apply(event, record.value, effective);
  }
}

std::vector<std::string> LogModel::Gaps() const {
  std::vector<std::string> gaps;
  for (const auto& [name, numbers] : series_) {
    if (numbers.taken.empty() || (numbers.taken.begin()->first == 1 &&
                                  numbers.taken.rbegin()->first == numbers.taken.size())) {
      continue;
    }
    gaps.push_back(name + " has " + std::to_string(numbers.taken.size()) + " numbers up to " +
                   std::to_string(numbers.taken.rbegin()->first));
  }
  return gaps;
}

}  // namespace motcua::chaos
