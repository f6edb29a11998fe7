// The rules of intake: dossiers are received, imported, supplemented, end, and are corrected; they
// take the numbers of their unit's register.
#include <algorithm>
#include <utility>

#include "tests/simulation/master_data.h"
#include "tests/simulation/rules.h"
#include "tests/simulation/workload.h"

namespace motcua::simulation {
namespace {

using cases::Stage;

std::string JudgeReceived(const Judging& judging, const cases::DossierReceived& e) {
  const ZonedTime& at = judging.event().at;
  if (e.clock_start != at) return "the term is not counted from the receipt";
  const auto* calendar = judging.catalogue.FindCalendar(e.calendar, e.calendar_version);
  if (calendar == nullptr) return "names no calendar";
  return DueIs({*calendar, at, e.term.unit, e.due_soon_lead_minutes}, e.clock, e.term,
               e.due_policy);
}

// Only what a register said may be changed by what it says later: nothing that was done here.
std::string JudgeUpdated(const Line& line, const cases::RecordUpdated& e) {
  if (line.closed && !e.closed) return "opens again what was closed";
  if (line.closed == e.closed && line.outcome == e.outcome && line.due == e.due) {
    return "says nothing new";
  }
  return Lawful(line.imported &&
                std::all_of(line.events.begin(), line.events.end(), [&](const Accepted* before) {
                  const cases::Payload& payload = before->event.payload;
                  return line.taken_back.contains(before->event.version()) ||
                         HoldsLeaf<cases::EventTakenBack>(payload) ||
                         HoldsLeaf<cases::DossierImported>(payload) ||
                         HoldsLeaf<cases::RecordUpdated>(payload) ||
                         HoldsLeaf<cases::AlertRaised>(payload) ||
                         HoldsLeaf<cases::AlertAcknowledged>(payload);
                }));
}

std::string JudgeClosed(const Line& line, const cases::DossierClosed& e) {
  const bool posted = e.way == cases::ReturnMode::kPostal;
  return Lawful(
      line.stage == Stage::kResultReady &&
      (posted ? line.shipment == postal::ShipmentState::kDelivered : !IsShipmentOpen(line)));
}

void NoteReceived(const cases::DossierReceived& e, Line& line) {
  line.stage = Stage::kProcessing;
  line.due = e.clock.due;
  line.due_soon = e.clock.due_soon;
  line.term = e.term;
  line.policy = e.due_policy;
  line.supplement = e.supplement;
  line.lead_minutes = e.due_soon_lead_minutes;
  line.calendar = e.calendar;
  line.alerts_from = e.clock_start.instant;
  line.counted_from = e.clock_start;
  for (const routing::Leg& leg : e.legs) {
    LegLine& made = line.legs.emplace_back();
    made.unit = leg.unit;
    made.stage = leg.stage;
    made.term = leg.term;
  }
}

void NoteImported(const Accepted& accepted, const cases::DossierImported& e, Line& line) {
  line.imported = true;
  line.stage = e.closed ? Stage::kClosed : Stage::kProcessing;
  line.closed = e.closed;
  line.outcome = e.outcome;
  line.due = e.due;
  line.recorded_due = e.due;
  line.calendar = e.calendar;
  line.alerts_from = accepted.effective;
}

void NoteUpdated(const cases::RecordUpdated& e, Line& line) {
  line.stage = e.closed ? Stage::kClosed : Stage::kProcessing;
  line.closed = e.closed;
  line.outcome = e.outcome;
  line.due = e.due;
  line.recorded_due = e.due;
  line.due_soon.reset();
}

void NoteReleased(Line& line) {
  line.shipment = postal::ShipmentState::kNone;
  line.handed_over.reset();
  line.reported.reset();
  line.attempts.clear();
}

// A recorded register number that its year goes on after: eight digits, of the year of the receipt
// or one beside it, and no more than a year ahead.
bool IsCountable(const cases::DossierImported& e, const ZonedTime& written) {
  const std::int32_t opened = Split(e.opened.date()).year;
  return e.register_number <= 99'999'999 && e.register_year >= opened - 1 &&
         e.register_year <= opened + 1 && e.register_year <= Split(written.date()).year + 1;
}

}  // namespace

// ---- What the log may say ----------------------------------------------------------------------

std::string Judge(const Judging& judging, const cases::IntakePayload& payload) {
  const Line& line = judging.line;
  return std::visit(
      Overloaded{
          [&](const cases::DossierReceived& e) { return JudgeReceived(judging, e); },
          [](const cases::DossierRefused&) { return std::string(); },
          [](const cases::DossierImported&) { return std::string(); },
          [&](const cases::RecordUpdated& e) { return JudgeUpdated(line, e); },
          [&](const cases::SupplementRequested&) {
            return Lawful(line.stage == Stage::kProcessing);
          },
          [&](const cases::ResultRecorded&) {
            return Lawful(line.stage == Stage::kProcessing && line.current_stage() == 0);
          },
          [&](const cases::ResultReleasedToPost&) {
            return Lawful(line.stage == Stage::kResultReady && !IsShipmentOpen(line));
          },
          [&](const cases::DossierClosed& e) { return JudgeClosed(line, e); },
          [&](const cases::DossierWithdrawn&) { return Lawful(line.open()); },
          [&](const cases::EventTakenBack& e) {
            return JudgeTakenBack(judging.catalogue, e, line);
          },
      },
      payload);
}

void Note(const Accepted& accepted, const cases::IntakePayload& payload, Line& line) {
  std::visit(Overloaded{
                 [&](const cases::DossierReceived& e) { NoteReceived(e, line); },
                 [&](const cases::DossierRefused&) { line.stage = Stage::kRefused; },
                 [&](const cases::DossierImported& e) { NoteImported(accepted, e, line); },
                 [&](const cases::RecordUpdated& e) { NoteUpdated(e, line); },
                 [&](const cases::SupplementRequested&) {
                   line.Stand(Stage::kSupplement, CountedAt(accepted));
                 },
                 [&](const cases::ResultRecorded&) { line.End(Stage::kResultReady); },
                 [&](const cases::ResultReleasedToPost&) { NoteReleased(line); },
                 [&](const cases::DossierClosed&) { line.End(Stage::kClosed); },
                 [&](const cases::DossierWithdrawn&) { line.End(Stage::kWithdrawn); },
                 [&](const cases::EventTakenBack& e) { NoteTakenBack(e, line); },
             },
             payload);
}

// All but what gave a number, and what a register says.
Amending AmendingOf(const cases::IntakePayload& payload) {
  static constexpr Amending kNever{.can_be_taken_back = false};
  return std::visit(Overloaded{
                        [](const cases::DossierReceived&) { return kNever; },
                        [](const cases::DossierRefused&) { return kNever; },
                        [](const cases::DossierImported&) { return kNever; },
                        [](const cases::RecordUpdated&) { return kNever; },
                        [](const cases::SupplementRequested&) { return Amending{}; },
                        [](const cases::ResultRecorded&) { return Amending{}; },
                        [](const cases::ResultReleasedToPost&) { return Amending{}; },
                        [](const cases::DossierClosed&) { return Amending{}; },
                        [](const cases::DossierWithdrawn&) { return Amending{}; },
                        [](const cases::EventTakenBack&) { return kNever; },
                    },
                    payload);
}

std::string JudgeNumbers(const Accepted& accepted, RegisterBook& book) {
  const std::string& code = accepted.event.dossier.value();
  const cases::DossierNumber number = cases::NumberOf(accepted.event.dossier);
  std::uint32_t& on_day = book.last_on_day[number.day];
  std::string wrong;
  const bool recorded = HoldsLeaf<cases::DossierImported>(accepted.event.payload) &&
                        number.sequence >= kRecordedSequenceMin;
  std::set<std::uint32_t>& beyond = book.beyond_on_day[number.day];
  std::uint32_t next = on_day + 1;
  while (beyond.contains(next)) ++next;
  if (number.sequence != next && !recorded) {
    wrong = "takes number " + std::to_string(number.sequence) + " of its day after " +
            std::to_string(on_day);
  }
  const auto* received = LeafIf<cases::DossierReceived>(accepted.event.payload);
  if (received != nullptr) {
    const std::int32_t year = Split(accepted.event.at.date()).year;
    std::uint32_t& in_year = book.last_in_year[year];
    if (received->register_year != year || received->register_number != in_year + 1) {
      wrong = "takes register number " + std::to_string(received->register_number) + " after " +
              std::to_string(in_year);
    }
    in_year = std::max(in_year, received->register_number);
    const CivilDate day = accepted.event.at.date();
    if (number.day != day) wrong = code + " names another day than " + FormatDate(day);
  } else if (const auto* e = LeafIf<cases::DossierImported>(accepted.event.payload)) {
    if (IsCountable(*e, accepted.event.at)) {
      std::uint32_t& in_year = book.last_in_year[e->register_year];
      in_year = std::max(in_year, e->register_number);
    }
  }
  // What a register recorded beyond six digits moves nothing, unless it is just the next.
  if (recorded && number.sequence > 999'999 && number.sequence != on_day + 1) {
    beyond.insert(number.sequence);
    return wrong;
  }
  on_day = std::max(on_day, number.sequence);
  return wrong;
}

// ---- What is asked -----------------------------------------------------------------------------

std::string_view LeadsTo(const cases::IntakeAction& action) {
  using cases::kPayloadName;
  return std::visit(
      Overloaded{
          [](const cases::ReceiveDossier&) { return kPayloadName<cases::DossierReceived>; },
          [](const cases::RefuseDossier&) { return kPayloadName<cases::DossierRefused>; },
          [](const cases::ImportDossier&) { return kPayloadName<cases::DossierImported>; },
          [](const cases::RequestSupplement&) { return kPayloadName<cases::SupplementRequested>; },
          [](const cases::ReceiveSupplement&) { return kPayloadName<cases::ClockResumed>; },
          [](const cases::RecordResult&) { return kPayloadName<cases::ResultRecorded>; },
          [](const cases::ReturnResult& a) {
            return a.way == cases::ReturnMode::kPostal ? kPayloadName<cases::ResultReleasedToPost>
                                                       : kPayloadName<cases::DossierClosed>;
          },
          [](const cases::WithdrawDossier&) { return kPayloadName<cases::DossierWithdrawn>; },
          [](const cases::CloseDelivered&) { return kPayloadName<cases::DossierClosed>; },
          [](const cases::CorrectEvent&) { return kPayloadName<cases::EventTakenBack>; },
      },
      action);
}

std::vector<std::pair<std::size_t, cases::Command>> Workload::ComposeNew() {
  const auto& units = ReceivingUnits();
  // The last unit is known to registers only.
  const cases::UnitCode& unit = units[random_.Below(units.size() - 1)];
  const auto& procedures = world_.surroundings.catalogue.procedures();
  const auto channel = [&] { return static_cast<cases::Channel>(random_.Between(1, 3)); };
  std::vector<std::pair<std::size_t, cases::Command>> commands;
  const std::int64_t count = random_.Chance(300) ? random_.Between(2, 5) : 1;
  for (std::int64_t i = 0; i < count; ++i) {
    cases::Command command;
    if (random_.Chance(160)) {
      const bool later = !rows_.empty() && random_.Chance(350);
      rows_.push_back(later ? LaterRow() : Import(random_.Pick(units)));
      command.action = rows_.back();
    } else if (random_.Chance(60)) {
      command.action = cases::RefuseDossier{unit, random_.Pick(procedures).code, channel(),
                                            cases::RefusalReason::kPapersMissing};
    } else {
      command.action = cases::ReceiveDossier{
          unit,
          random_.Chance(20) ? cases::ProcedureCode("9.999999") : random_.Pick(procedures).code,
          channel(), DrawReturnMode()};
    }
    commands.emplace_back(kIntake, std::move(command));
  }
  return commands;
}

// In a world of manifests most results go by post.
cases::ReturnMode Workload::DrawReturnMode() {
  if (options_.manifests > 0 && random_.Chance(800)) return cases::ReturnMode::kPostal;
  return static_cast<cases::ReturnMode>(random_.Between(1, 2));
}

// Rows of a register, plausible or not.
cases::ImportDossier Workload::Import(const cases::UnitCode& unit) {
  cases::ImportDossier import;
  cases::DossierImported& row = import.recorded;
  const Instant now = timeline_.now();
  const auto near = [&] {
    return ZonedTime{now + random_.Between(Micros(-5 * kDay), 2 * kDay), UtcOffset{7 * 60}};
  };
  row.opened = near();
  if (random_.Chance(100)) row.opened = {Instant{0} + random_.Between(11'000, 20'000) * kDay, {}};
  if (random_.Chance(700)) row.due = near();
  if (random_.Chance(500)) row.closed = near();
  if (row.closed) row.outcome = static_cast<cases::Outcome>(random_.Between(1, 3));
  row.procedure = cases::ProcedureCode("Old words");
  row.procedure_name = "Old words";
  row.field = random_.Chance(500) ? "land" : "";
  row.unit_name = "Some office";
  row.channel = static_cast<cases::Channel>(random_.Between(1, 3));
  row.source = "old-register";
  row.line = static_cast<std::uint32_t>(random_.Below(1000)) + 1;
  row.source_id = std::to_string(row.line);
  import.unit = unit;
  // Of a unit that nobody knows, in the other form of codes.
  if (random_.Chance(40)) import.unit = cases::UnitCode("Y99.1.22.333.4");
  DrawNumbers(import);
  return import;
}

// Numbers as registers have them: of this year or the next, of another age, and beyond all
// counting.
void Workload::DrawNumbers(cases::ImportDossier& import) {
  const std::vector<std::uint32_t> wild_numbers = {99'999'998, 99'999'999, 100'000'000, 999'999'999,
                                                   UINT32_MAX};
  const std::vector<std::uint32_t> wild_sequences = {999'998,   999'999,   1'000'000,
                                                     1'000'001, 9'999'999, 999'999'999};
  cases::DossierImported& row = import.recorded;
  if (random_.Chance(400)) {
    const std::int32_t year = Split(row.opened.date()).year;
    row.register_year = static_cast<std::int32_t>(
        random_.Chance(800) ? year + random_.Between(-1, 1) : random_.Between(1900, 2199));
    row.register_number = random_.Chance(850) ? static_cast<std::uint32_t>(random_.Between(1, 50))
                                              : random_.Pick(wild_numbers);
  }
  if (!random_.Chance(300)) return;
  const auto usual = kRecordedSequenceMin + static_cast<std::uint32_t>(random_.Below(40));
  import.code = cases::MakeDossierCode(
      random_.Chance(800) ? import.unit : random_.Pick(ReceivingUnits()), row.opened.date(),
      random_.Chance(800) ? usual : random_.Pick(wild_sequences));
}

// The register is read again: the same row elsewhere in it, a later state, or an older copy.
cases::ImportDossier Workload::LaterRow() {
  cases::ImportDossier import = random_.Pick(rows_);
  cases::DossierImported& row = import.recorded;
  row.line += static_cast<std::uint32_t>(random_.Below(3));
  if (random_.Chance(200) && import.code) row.source = "another-register";
  const ZonedTime then{timeline_.now() - random_.Between(Micros(0), 2 * kDay), UtcOffset{7 * 60}};
  switch (random_.Below(4)) {
    case 0:
      row.closed = then;
      row.outcome = static_cast<cases::Outcome>(random_.Between(1, 3));
      break;
    case 1:
      row.due = ZonedTime{then.instant + random_.Between(Micros(0), 4 * kDay), then.offset};
      break;
    case 2:
      row.closed.reset();
      row.outcome = cases::Outcome::kNone;
      break;
    default:
      break;
  }
  return import;
}

std::optional<cases::Action> Workload::FittingIntake(const cases::Dossier& dossier) {
  if (!dossier.open() || !random_.Chance(30)) return std::nullopt;
  return cases::WithdrawDossier{};
}

}  // namespace motcua::simulation
