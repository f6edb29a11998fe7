// History: what the log says, by a model of its own. It reads raw records, decides by its own rule
// which of them count, and keeps a few plain fields of each dossier. Written apart from the engine
// and from Dossier; it shares only the codec, the values of events and the hash with them.
//
// Each counted event is judged by what was true before it (rules.h): numbers, due dates, alerts,
// and whether the step was lawful at all.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/domain/cases/dossier.h"
#include "services/domain/cases/manifest.h"
#include "services/domain/catalogue/catalogue.h"
#include "services/engine/ports.h"
#include "tests/simulation/memory_log.h"

namespace motcua::simulation {

struct Accepted {
  engine::PartitionId partition = 0;
  engine::Offset offset = 0;
  Instant effective;       // the instant that counts
  Instant written;         // when it stood in the log, by the world's time
  bool late_copy = false;  // a copy of it had landed before, and did not count
  bool by_older = false;   // an older program wrote it
  std::uint64_t tip = 0;   // what the next event of the dossier must say that it follows
  cases::CaseEvent event;
};

struct LegLine {
  cases::UnitCode unit;
  int stage = 1;
  deadline::Term term;
  routing::LegState state = routing::LegState::kWaiting;
  ZonedTime counted_from;
  std::optional<ZonedTime> due;
  std::optional<Instant> due_soon;
  bool running() const {
    return state == routing::LegState::kAcknowledged || state == routing::LegState::kAccepted;
  }
};

// A dossier as a clerk would note it down.
struct Line {
  std::vector<const Accepted*> events;
  std::uint64_t tip = 0;
  bool newer = false;     // something in it is understood by nobody here
  bool nonsense = false;  // a stranger wrote what no rule allows: it counts, and is judged no more
  cases::Stage stage = cases::Stage::kNone;
  bool imported = false;
  std::optional<ZonedTime> closed;  // as a register recorded it
  cases::Outcome outcome = cases::Outcome::kNone;
  std::optional<ZonedTime> due;
  std::optional<Instant> due_soon;
  deadline::Term term;
  deadline::DuePolicy policy;
  deadline::SupplementPolicy supplement = deadline::SupplementPolicy::kPause;
  std::int32_t lead_minutes = 0;
  calendar::CalendarId calendar;
  ZonedTime counted_from;
  std::optional<ZonedTime> recorded_due;  // of a register, before anything moved it
  bool standing = false;
  ZonedTime standing_from;
  std::vector<deadline::Pause> pauses;  // that are over
  Instant alerts_from;
  std::set<cases::AlertKey> alerts;
  std::vector<LegLine> legs;
  postal::ShipmentState shipment = postal::ShipmentState::kNone;
  std::optional<Instant> handed_over;
  std::optional<Instant> reported;         // latest by the carrier's clock
  std::vector<ZonedTime> attempts;         // failed, each counted once
  std::vector<cases::Version> corrigible;  // the latest that can be taken back, ascending
  std::set<cases::Version> taken_back;     // these count no more

  // A report that says an earlier moment than an earlier one.
  bool late(const ZonedTime& occurred) const { return reported && occurred.instant < *reported; }
  bool open() const {
    return stage == cases::Stage::kProcessing || stage == cases::Stage::kSupplement ||
           stage == cases::Stage::kPaused;
  }
  bool clock_runs() const { return stage == cases::Stage::kProcessing && !standing; }
  void Stand(cases::Stage in, const ZonedTime& from);
  void End(cases::Stage in);
  int current_stage() const;  // of the route; 0 when there is none or it is finished
};

struct RegisterBook {
  std::uint64_t tip = 0;
  std::vector<cases::RequestId> requests;  // one for each version
  std::map<std::int32_t, std::uint32_t> last_in_year;
  std::map<CivilDate, std::uint32_t> last_on_day;
  std::map<CivilDate, std::set<std::uint32_t>> beyond_on_day;  // recorded, and not counted on from
};

// A manifest of the post as a clerk would note it down.
struct ManifestItemLine {
  std::string dossier;
  std::string item;
  cases::ManifestItemState state = cases::ManifestItemState::kListed;
};
struct ManifestLine {
  std::vector<const Accepted*> events;
  std::string carrier;
  bool closed = false;
  bool handed_over = false;
  std::vector<ManifestItemLine> items;

  const ManifestItemLine* Find(const std::string& dossier) const;
};

// An aggregate that is neither a dossier nor its book: what its next event must fit.
struct Chain {
  std::uint64_t tip = 0;
  std::vector<cases::RequestId> requests;  // one for each version
};

// Who signs well-formed nonsense.
inline constexpr std::string_view kNonsense = "system:nonsense";

// Recorded codes of imported dossiers, as the workload makes them, begin here; what the decision
// numbers itself stays below.
inline constexpr std::uint32_t kRecordedSequenceMin = 5000;

class History {
 public:
  History(const catalogue::Catalogue& catalogue, engine::PartitionId partitions);

  // The next record of a partition, in order. Empty, or what is wrong with it.
  std::string Take(engine::PartitionId partition, const MemoryLog::Record& record, bool by_older);

  const std::deque<Accepted>& accepted() const { return accepted_; }
  const std::map<std::string, Line>& lines() const { return lines_; }
  const std::map<std::string, RegisterBook>& books() const { return books_; }
  // By path.
  const std::map<std::string, ManifestLine>& manifests() const { return manifests_; }
  // The events of what this one is about.
  const std::vector<const Accepted*>& EventsOf(const cases::CaseEvent& event) const;
  // Whether a manifest waits for a dossier that nobody here understands.
  bool IsBlocked(const ManifestLine& manifest) const;
  Instant effective(engine::PartitionId partition) const { return effective_[partition]; }
  engine::PartitionId PartitionOfUnit(std::string_view unit) const;
  // Events that were read and did not count.
  std::uint64_t ignored() const { return ignored_; }

 private:
  bool Counts(const cases::CaseEvent& event) const;
  bool CountsOnDossier(const cases::CaseEvent& event) const;
  bool Fits(const cases::Step& step, const cases::RequestId& request) const;

  const catalogue::Catalogue& catalogue_;
  std::deque<Accepted> accepted_;  // in the order in which they landed; stable addresses
  std::map<std::string, Line> lines_;
  std::map<std::string, RegisterBook> books_;
  std::map<std::string, ManifestLine> manifests_;
  std::map<std::string, Chain> chains_;
  // Of each unit, by year: the last number of its manifests.
  std::map<std::pair<std::string, std::int32_t>, std::uint32_t> last_manifest_;
  std::vector<Instant> effective_;
  std::uint64_t ignored_ = 0;
  std::set<std::uint64_t> ignored_hashes_;
};

// Whether the event was written by a clock that agreed with the log's: at most a minute ahead, at
// most three behind.
bool TimeAgrees(const cases::CaseEvent& event, const MemoryLog::Record& record);
// The unit that a dossier code begins with: all before the last two hyphens.
std::string UnitPart(const std::string& code);
// Judges one event that counts against the line as it was before. Empty, or what is wrong.
std::string JudgeEvent(const catalogue::Catalogue& catalogue, const Accepted& accepted,
                       const Line& line);
// Judges and notes the numbers that a first event takes.
std::string JudgeNumbers(const Accepted& accepted, RegisterBook& book);
// The same of what an event says about a manifest; `last` is the last number of its year.
std::string JudgeManifest(const Accepted& accepted, const ManifestLine& line, std::uint32_t last);
void NoteManifest(const Accepted& accepted, ManifestLine& line);
// At the end: what was handed over has followed, once, or was skipped.
std::string JudgeManifests(const History& history);
// The same of a correction: what it leaves must be lawful without what it takes back.
std::string JudgeTakenBack(const catalogue::Catalogue& catalogue, const cases::EventTakenBack& e,
                           const Line& line);
// Writes the line anew without what the correction takes back.
void NoteTakenBack(const cases::EventTakenBack& e, Line& line);
void NoteCorrigible(const Accepted& accepted, Line& line);
// Notes the event down.
void Note(const Accepted& accepted, Line& line);

}  // namespace motcua::simulation
