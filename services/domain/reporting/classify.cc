#include "services/domain/reporting/classify.h"

#include <algorithm>

namespace motcua::reporting {
namespace {

using cases::Dossier;

// The first standstill whose end is not seen; the due date before it is in force until then.
const cases::Pause* FirstNotEnded(const Dossier& dossier, const Horizon& horizon) {
  for (const cases::Pause& pause : dossier.clock.pauses) {
    if (!pause.to || !horizon.Sees(*pause.to)) return &pause;
  }
  return nullptr;
}

// The text before the code's last two hyphens; UnitOf without a copy.
std::string_view UnitPart(const cases::DossierCode& code) {
  const std::string_view text = code.value();
  const std::size_t second = text.rfind('-');
  if (second == std::string_view::npos || second == 0) return {};
  const std::size_t first = text.rfind('-', second - 1);
  return first == std::string_view::npos ? std::string_view() : text.substr(0, first);
}

Column OpenColumn(const OpenState& state, Verdict verdict) {
  const bool late = verdict == Verdict::kDate
                        ? state.due_late_by_date || state.missed_by_date
                        : state.due_late_by_instant || state.missed_by_instant;
  if (late) return Column::kOpenLate;
  return state.pause != nullptr ? Column::kOpenPaused : Column::kOpenInTerm;
}

std::size_t SupplementRequestsSeen(const Dossier& dossier, const Horizon& horizon) {
  const std::vector<cases::Pause>& pauses = dossier.clock.pauses;
  return static_cast<std::size_t>(
      std::count_if(pauses.begin(), pauses.end(), [&](const cases::Pause& pause) {
        return pause.reason == cases::PauseReason::kSupplement && horizon.Sees(pause.from);
      }));
}

std::string_view OrNoKey(std::string_view key) { return key.empty() ? kNoKey : key; }

}  // namespace

bool Classification::In(Column column) const {
  if (column == Column::kNone) return state != Column::kNone;
  return column == received || column == state || figures[IndexOf(column)];
}

void AddToRow(const Classification& found, StatusRow& row) {
  for (const ColumnRow& column : kColumnTable) {
    if (found.In(column.column)) ++row[column.column];
  }
}

const std::optional<cases::MissedDue>& MissedBy(const Dossier& dossier, Verdict verdict) {
  return verdict == Verdict::kDate ? dossier.clock.missed_by_date : dossier.clock.missed;
}

bool Counts(const Dossier& dossier) {
  return dossier.stage != cases::Stage::kNone && dossier.stage != cases::Stage::kRefused;
}

Column ReceivedColumn(cases::Channel channel) {
  switch (channel) {
    case cases::Channel::kDirect:
      return Column::kReceivedDirect;
    case cases::Channel::kOnline:
      return Column::kReceivedOnline;
    case cases::Channel::kPostal:
      return Column::kReceivedPostal;
  }
  return Column::kReceivedDirect;
}

Column ResolvedColumn(const Dossier& dossier, Verdict verdict) {
  MOTCUA_CHECK(dossier.resolved.has_value(), "the dossier is not resolved");
  if (dossier.outcome == cases::Outcome::kWithdrawn) return Column::kResolvedWithdrawn;
  if (MissedBy(dossier, verdict)) return Column::kResolvedLate;
  const std::optional<ZonedTime>& due = dossier.clock.now.due;
  if (!due) return Column::kResolvedOnTime;
  const CivilDate day = dossier.resolved->date();
  const CivilDate due_day = due->date();
  const bool late =
      verdict == Verdict::kDate ? day > due_day : dossier.resolved->instant > due->instant;
  if (late) return Column::kResolvedLate;
  return day < due_day ? Column::kResolvedEarly : Column::kResolvedOnTime;
}

CivilDate ResolvedDay(const Dossier& dossier) {
  MOTCUA_CHECK(dossier.resolved.has_value(), "the dossier is not resolved");
  return std::max(dossier.received.date(), dossier.resolved->date());
}

std::optional<CivilDate> DeliveredDay(const Dossier& dossier) {
  if (!dossier.closed || dossier.return_mode != cases::ReturnMode::kPostal) return std::nullopt;
  return dossier.closed->date();
}

OpenState OpenStateAt(const Dossier& dossier, const Horizon& horizon) {
  OpenState state;
  const cases::Clock& clock = dossier.clock;
  state.missed_by_date = clock.missed_by_date && horizon.Sees(clock.missed_by_date->from);
  state.missed_by_instant =
      state.missed_by_date || (clock.missed && horizon.Sees(clock.missed->from));
  state.supplement_requests = SupplementRequestsSeen(dossier, horizon);
  const cases::Pause* pause = FirstNotEnded(dossier, horizon);
  if (pause != nullptr && horizon.Sees(pause->from)) {
    state.pause = pause;
    return state;
  }
  const std::optional<ZonedTime>& due = pause == nullptr ? clock.now.due : pause->due_before;
  if (!due) return state;
  state.due_late_by_instant = horizon.Sees(*due);
  state.due_late_by_date = due->date() < horizon.LastDay(due->offset);
  return state;
}

ColumnSet FiguresOf(const Dossier& dossier, const OpenState* open, Verdict verdict) {
  ColumnSet figures;
  const auto put = [&](Column column, bool in) { figures.set(IndexOf(column), in); };
  const bool by_date = verdict == Verdict::kDate;
  if (open == nullptr) {
    put(Column::kResolvedStopped,
        MissedBy(dossier, verdict) && dossier.outcome != cases::Outcome::kWithdrawn);
    put(Column::kSupplementRepeated, dossier.supplement_requests() > kSupplementRequestsGranted);
    put(Column::kResolvedRejected, dossier.outcome == cases::Outcome::kRejected);
  } else {
    put(Column::kOpenStopped, by_date ? open->missed_by_date : open->missed_by_instant);
    put(Column::kSupplementRepeated, open->supplement_requests > kSupplementRequestsGranted);
  }
  return figures;
}

std::optional<Classification> Classify(const Dossier& dossier, const StatusQuery& query) {
  if (!Counts(dossier)) return std::nullopt;
  if (query.unit && UnitPart(dossier.code) != query.unit->value()) return std::nullopt;
  const Horizon horizon{query.to_date, query.as_of};
  const CivilDate received = dossier.received.date();
  if (received > query.to_date || !horizon.Sees(dossier.received)) return std::nullopt;
  const bool resolved = dossier.resolved && horizon.Sees(*dossier.resolved);

  const std::optional<CivilDate> delivered = DeliveredDay(dossier);
  const bool by_post = delivered && horizon.Sees(*dossier.closed) &&
                       *delivered >= query.from_date && *delivered <= query.to_date;
  Classification found;
  if (received >= query.from_date) {
    found.received = ReceivedColumn(dossier.channel);
  } else if (!resolved || ResolvedDay(dossier) >= query.from_date) {
    found.received = Column::kCarriedOver;
  } else {
    if (!by_post) return std::nullopt;
    found.due = dossier.clock.now.due;
    found.supplement_requests = dossier.supplement_requests();
    found.figures.set(IndexOf(Column::kReturnedPostal));
    return found;
  }
  if (resolved) {
    found.state = ResolvedColumn(dossier, query.verdict);
    if (query.merge_withdrawn && found.state == Column::kResolvedWithdrawn) {
      found.state = Column::kResolvedOnTime;
    }
    found.due = dossier.clock.now.due;
    found.supplement_requests = dossier.supplement_requests();
    found.figures = FiguresOf(dossier, nullptr, query.verdict);
  } else {
    const OpenState open = OpenStateAt(dossier, horizon);
    found.state = OpenColumn(open, query.verdict);
    found.supplement_requests = open.supplement_requests;
    const cases::Pause* pause = FirstNotEnded(dossier, horizon);
    found.due = pause == nullptr ? dossier.clock.now.due : pause->due_before;
    found.figures = FiguresOf(dossier, &open, query.verdict);
  }
  found.figures.set(IndexOf(Column::kReturnedPostal), by_post);
  if (found.In(Column::kResolvedStopped) || found.In(Column::kOpenStopped)) {
    found.missed = MissedBy(dossier, query.verdict)->due;
  }
  return found;
}

codes::Level LevelOf(codes::Tier tier) {
  switch (tier) {
    case codes::Tier::kNone:
      return codes::Level::kNone;
    case codes::Tier::kCity:
    case codes::Tier::kCommune:
      return codes::Level::kCity;
    case codes::Tier::kCentral:
      return codes::Level::kCentral;
  }
  return codes::Level::kNone;
}

std::string_view LevelKey(codes::Level level) {
  return level == codes::Level::kNone ? kNoKey : Key(level);
}
std::string_view InterconnectionKey(codes::Interconnection value) {
  return value == codes::Interconnection::kNotSaid ? kNoKey : Key(value);
}

std::string_view RowKey(const Dossier& dossier, Dimension by) {
  switch (by) {
    case Dimension::kUnit:
      return OrNoKey(UnitPart(dossier.code));
    case Dimension::kField:
      return OrNoKey(dossier.field);
    case Dimension::kProcedure:
      return OrNoKey(dossier.procedure.value());
    case Dimension::kChannel:
      return Key(dossier.channel);
    case Dimension::kLevel:
      return LevelKey(LevelOf(dossier.tier));
    case Dimension::kInterconnection:
      return InterconnectionKey(dossier.interconnection);
  }
  return kNoKey;
}

}  // namespace motcua::reporting
