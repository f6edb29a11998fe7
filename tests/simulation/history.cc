#include "tests/simulation/history.h"

#include <algorithm>

#include "services/base/hash.h"

namespace motcua::simulation {
namespace {

// The rule says: the request ids of a dossier's latest sixteen events are remembered.
constexpr std::size_t kRemembered = 16;

// What the next event of a dossier must say that it follows: hash and instant of the last one.
std::uint64_t TipOf(std::string_view bytes, Instant effective) {
  std::string instant;
  for (unsigned shift = 0; shift < 64; shift += 8) {
    instant.push_back(static_cast<char>(static_cast<std::uint64_t>(effective.micros) >> shift));
  }
  return HashBytes(instant, HashBytes(bytes));
}

}  // namespace

bool TimeAgrees(const cases::CaseEvent& event, const MemoryLog::Record& record) {
  constexpr std::int64_t kSecond = 1'000'000;
  const std::int64_t ahead = event.at.instant.micros - record.entry.appended->micros;
  return ahead <= 60 * kSecond && ahead >= -180 * kSecond;
}

std::string UnitPart(const std::string& code) {
  const std::size_t second = code.rfind('-');
  return code.substr(0, code.rfind('-', second - 1));
}

int Line::current_stage() const {
  int least = 0;
  for (const LegLine& leg : legs) {
    if (leg.state != routing::LegState::kCompleted && (least == 0 || leg.stage < least)) {
      least = leg.stage;
    }
  }
  return least;
}

void Line::Stand(cases::Stage in, const ZonedTime& from) {
  stage = in;
  standing = true;
  standing_from = from;
}

void Line::End(cases::Stage in) {
  stage = in;
  standing = false;
}

History::History(const catalogue::Catalogue& catalogue, engine::PartitionId partitions)
    : catalogue_(catalogue), effective_(partitions, Instant{0}) {}

engine::PartitionId History::PartitionOfUnit(std::string_view unit) const {
  return static_cast<engine::PartitionId>(HashBytes(unit) % effective_.size());
}

// Each step fits, or the event does not count at all.
bool History::Counts(const cases::CaseEvent& event) const {
  if (event.steps.empty()) return false;
  const std::string unit = event.about().unit().value();
  std::size_t books = 0;
  for (const cases::Step& step : event.steps) {
    if (step.id.unit().value() != unit) return false;
    const cases::AggregateKind kind = step.id.kind();
    if (kind == cases::AggregateKind::kPostBook) ++books;
    const bool other =
        kind != cases::AggregateKind::kDossier && kind != cases::AggregateKind::kBook;
    if (other && !Fits(step, event.request_id)) return false;
  }
  if (!event.dossier.empty()) return CountsOnDossier(event);
  // The first event of a manifest takes a number.
  return books == (event.version() == 1 ? 1U : 0U);
}

bool History::Fits(const cases::Step& step, const cases::RequestId& request) const {
  const auto found = chains_.find(step.id.path());
  const Chain chain = found == chains_.end() ? Chain() : found->second;
  if (step.version != chain.requests.size() + 1 || step.follows.value() != chain.tip) return false;
  const std::size_t known = std::min(kRemembered, chain.requests.size());
  return std::find(chain.requests.end() - static_cast<std::ptrdiff_t>(known), chain.requests.end(),
                   request) == chain.requests.end();
}

bool History::CountsOnDossier(const cases::CaseEvent& event) const {
  const auto line = lines_.find(event.dossier.value());
  const bool first = line == lines_.end();
  const std::size_t versions = first ? 0 : line->second.events.size();
  const cases::Step& step = event.steps.front();
  if (step.version != versions + 1) return false;
  if (step.follows.value() != (first ? 0 : line->second.tip)) return false;
  const bool takes_number = event.StepOn(cases::AggregateKind::kBook) != nullptr;
  if (takes_number != first) return false;
  if (!first) {
    const auto& events = line->second.events;
    const std::size_t from = versions > kRemembered ? versions - kRemembered : 0;
    return std::none_of(events.begin() + static_cast<std::ptrdiff_t>(from), events.end(),
                        [&](const Accepted* e) { return e->event.request_id == event.request_id; });
  }
  const auto found = books_.find(UnitPart(event.dossier.value()));
  const RegisterBook book = found == books_.end() ? RegisterBook() : found->second;
  const cases::Step& taken = event.steps[1];
  return taken.id == cases::AggregateId::Book(cases::UnitCode(UnitPart(event.dossier.value()))) &&
         taken.version == book.requests.size() + 1 && taken.follows.value() == book.tip &&
         std::find(book.requests.end() -
                       static_cast<std::ptrdiff_t>(std::min(kRemembered, book.requests.size())),
                   book.requests.end(), event.request_id) == book.requests.end();
}

std::string History::Take(engine::PartitionId partition, const MemoryLog::Record& record,
                          bool by_older) {
  const std::string& bytes = record.bytes;
  const engine::Offset offset = record.entry.offset;
  const std::optional<cases::CaseEvent>& event = record.entry.event;
  if (!event || !TimeAgrees(*event, record) ||
      PartitionOfUnit(event->about().unit().value()) != partition || !Counts(*event)) {
    ++ignored_;
    ignored_hashes_.insert(HashBytes(bytes));
    return {};
  }
  effective_[partition] = std::max(effective_[partition], event->at.instant);
  const Accepted& accepted =
      accepted_.emplace_back(Accepted{partition, offset, effective_[partition], record.written,
                                      ignored_hashes_.contains(HashBytes(bytes)), by_older,
                                      TipOf(bytes, effective_[partition]), *event});
  std::string of_manifest;
  for (const cases::Step& step : event->steps) {
    const cases::AggregateKind kind = step.id.kind();
    if (kind == cases::AggregateKind::kDossier || kind == cases::AggregateKind::kBook) continue;
    Chain& chain = chains_[step.id.path()];
    chain.tip = HashBytes(bytes);
    chain.requests.push_back(event->request_id);
    if (kind != cases::AggregateKind::kManifest) continue;
    ManifestLine& manifest = manifests_[step.id.path()];
    const std::int32_t year = Split(event->at.date()).year;
    std::uint32_t& last = last_manifest_[{step.id.unit().value(), year}];
    of_manifest = JudgeManifest(accepted, manifest, last);
    manifest.events.push_back(&accepted);
    NoteManifest(accepted, manifest);
    if (HoldsLeaf<cases::ManifestOpened>(event->payload)) ++last;
  }
  if (event->dossier.empty()) {
    if (of_manifest.empty()) return {};
    return std::string(cases::PayloadName(event->payload)) + " of " +
           std::string(event->about().name()) + ": " + of_manifest;
  }
  Line& line = lines_[event->dossier.value()];
  RegisterBook& book = books_[UnitPart(event->dossier.value())];
  std::string wrong = of_manifest.empty() ? JudgeEvent(catalogue_, accepted, line) : of_manifest;
  if (event->StepOn(cases::AggregateKind::kBook) != nullptr) {
    if (std::string number = JudgeNumbers(accepted, book); wrong.empty()) wrong = number;
    book.tip = HashBytes(bytes);
    book.requests.push_back(event->request_id);
  }
  line.events.push_back(&accepted);
  line.tip = accepted.tip;
  Note(accepted, line);
  if (wrong.empty()) return {};
  return "partition " + std::to_string(partition) + " offset " + std::to_string(offset) + ", " +
         std::string(cases::PayloadName(event->payload)) + " of " + event->dossier.value() +
         " version " + std::to_string(event->version()) + ": " + wrong;
}

}  // namespace motcua::simulation
