#include "services/reporting/cells.h"

#include <array>
#include <bit>
#include <optional>

#include "services/base/bytes.h"
#include "services/base/hash.h"
#include "services/engine/keys.h"
#include "services/engine/plant.h"

namespace motcua::reporting {
namespace {

using engine::kIndexPrefix;
using engine::StateStore;

// Measured: see README.md. Values are stored.
enum class Size : char { kDay = 0, kMonth = 1, kYear = 2 };
constexpr std::array kSizes = {Size::kDay, Size::kMonth, Size::kYear};
constexpr int kBlockBytes = 4;
constexpr int kMonthsPerYear = 12;
constexpr char kUnitEnd = '|';  // no unit code has one
constexpr char kNameEnd = '\0';

std::string Key(char kind) { return {kIndexPrefix, kind}; }

// Days before 1970 sort first.
std::uint32_t OrderedBlock(std::int32_t block) {
  constexpr std::uint32_t kSignBit = 1U << 31U;
  return static_cast<std::uint32_t>(block) ^ kSignBit;
}

std::string CellPrefix(std::string_view unit, Cut cut) {
  std::string key = Key('C');
  key.append(unit);
  key.push_back(kUnitEnd);
  key.push_back(static_cast<char>(cut));
  return key;
}

constexpr std::int32_t YearOf(std::int32_t month) {
  return month / kMonthsPerYear - (month % kMonthsPerYear < 0 ? 1 : 0);
}
// Months are counted from January of the year 0.
std::int32_t MonthOf(const YearMonthDay& day) { return day.year * kMonthsPerYear + day.month - 1; }
CivilDate FirstDay(std::int32_t month) {
  const std::int32_t year = YearOf(month);
  return MakeDate(year, month - year * kMonthsPerYear + 1, 1);
}

std::string BlockKey(std::string_view prefix, Size size, std::int32_t block) {
  std::string key(prefix);
  key.push_back(static_cast<char>(size));
  AppendBigEndian(key, OrderedBlock(block), kBlockBytes);
  return key;
}

std::string WidePrefix(WideCut cut) { return Key('A') + static_cast<char>(cut); }

std::string GroupText(const cases::Dossier& dossier) {
  std::string text = dossier.field;
  text.push_back(kNameEnd);
  return text.append(dossier.procedure.value());
}

std::string GroupOf(std::string_view text) {
  std::string group;
  AppendBigEndian(group, HashBytes(text), 8);
  return group;
}

// Channel, level and interconnection of a dossier, or 0 in the bits of what it does not say.
constexpr unsigned kChannelBits = 2;
constexpr unsigned kLevelBits = 2;
static_assert(codes::FitsBits<cases::Channel>(kChannelBits) &&
              codes::FitsBits<codes::Level>(kLevelBits) &&
              codes::FitsBits<codes::Interconnection>(8 - kChannelBits - kLevelBits));
char PackClasses(const cases::Dossier& dossier) {
  auto packed = static_cast<unsigned>(dossier.interconnection);
  packed = packed << kLevelBits | static_cast<unsigned>(LevelOf(dossier.tier));
  packed = packed << kChannelBits | static_cast<unsigned>(dossier.channel);
  return static_cast<char>(packed);
}

// Writes one dossier's cells in one cut. Its key is made once: of cell to cell only size, block and
// measure differ, and each event writes many.
class CellWriter {
 public:
  CellWriter(std::string prefix, std::string_view group, engine::IndexSink& sink)
      : key_(std::move(prefix)), size_at_(key_.size()), sink_(sink) {
    key_.append(1 + kBlockBytes, '\0').append(group).push_back('\0');
  }

  void Add(const Contribution& contribution) {
    Add(contribution.day, static_cast<char>(contribution.measure), contribution.delta);
  }
  void Add(CivilDate day, char measure, std::int64_t delta) {
    if (delta == 0) return;
    key_.back() = measure;
    const YearMonthDay parts = Split(day);
    const std::array blocks = {day.days, MonthOf(parts), std::int32_t{parts.year}};
    for (std::size_t size = 0; size < kSizes.size(); ++size) {
      key_[size_at_] = static_cast<char>(kSizes[size]);
      std::uint32_t block = OrderedBlock(blocks[size]);
      for (std::size_t i = kBlockBytes; i > 0; --i, block >>= 8U) {
        key_[size_at_ + i] = static_cast<char>(block);
      }
      sink_.Add(key_, delta);
    }
  }

 private:
  std::string key_;
  std::size_t size_at_;
  engine::IndexSink& sink_;
};

// Most events do not concern reports; this is cheaper than to derive all contributions twice.
// Channel, level, interconnection, field, procedure and the day of receipt never change.
bool SameForReports(const cases::Dossier& a, const cases::Dossier& b) {
  return Counts(a) == Counts(b) && a.outcome == b.outcome && a.resolved == b.resolved &&
         a.clock.now.due == b.clock.now.due && a.clock.pauses == b.clock.pauses &&
         DeliveredDay(a) == DeliveredDay(b) && a.clock.missed == b.clock.missed &&
         a.clock.missed_by_date == b.clock.missed_by_date;
}

// ---- Lateness ----------------------------------------------------------------------------------

constexpr std::array kVerdicts = {Verdict::kDate, Verdict::kInstant};
// Verdict, part, leg, and then the unit.
constexpr std::size_t kHolderHead = 3;

std::string LateGroup(Verdict verdict, const std::optional<Holder>& holder) {
  std::string group{static_cast<char>(verdict), '\0', '\0'};
  if (!holder) return group;
  group[1] = static_cast<char>(holder->part);
  group[2] = static_cast<char>(holder->leg);
  return group.append(holder->unit.value());
}

// Whether what it adds to the report of lateness is the same; cheaper than to divide its time.
bool SameForLateness(const cases::Dossier& a, const cases::Dossier& b) {
  if (!a.resolved && !b.resolved) return true;
  return a.resolved == b.resolved && a.closed == b.closed && a.outcome == b.outcome &&
         a.clock.now.due == b.clock.now.due && a.clock.missed == b.clock.missed &&
         a.clock.missed_by_date == b.clock.missed_by_date && a.return_mode == b.return_mode &&
         a.clock.pauses == b.clock.pauses && a.route == b.route && a.shipment == b.shipment;
}

std::vector<LateAmount> AmountsOf(const cases::Dossier& dossier, Verdict verdict) {
  std::vector<LateAmount> amounts = LateAmountsOf(dossier, verdict);
  for (LateAmount& amount : amounts) {
    if (!amount.holder) continue;
    if (MOTCUA_PLANTED(kLateTimeLost) && amount.holder->part == TimePart::kLeg) amount.counts = {};
    if (MOTCUA_PLANTED(kLateTimeMoved) && PartyOf(amount.holder->part) == Party::kCitizen) {
      amount.holder = Holder{TimePart::kReceiving, 0, cases::UnitOf(dossier.code)};
    }
  }
  return amounts;
}

void AddLateness(const cases::Dossier& dossier, std::int64_t sign, engine::IndexSink& sink) {
  for (const Verdict verdict : kVerdicts) {
    for (const LateAmount& amount : AmountsOf(dossier, verdict)) {
      const std::string group = LateGroup(verdict, amount.holder);
      CellWriter writer(CellPrefix(RowKey(dossier, Dimension::kUnit), Cut::kLateness), group, sink);
      for (std::size_t i = 0; i < kLateCounts.size(); ++i) {
        writer.Add(amount.day, static_cast<char>(i), sign * amount.counts.*kLateCounts.at(i));
      }
    }
  }
}

void IndexLateness(const cases::Dossier* before, const cases::Dossier& after,
                   engine::IndexSink& sink) {
  const bool is_new = before == nullptr;
  if (is_new ? !after.resolved.has_value() : SameForLateness(*before, after)) return;
  if (!is_new) AddLateness(*before, -1, sink);
  AddLateness(after, 1, sink);
}

// ---- Reading -----------------------------------------------------------------------------------

// A run of blocks of one size, both ends counted in.
struct Run {
  Size size = Size::kDay;
  std::int32_t first = 0;
  std::int32_t last = 0;
};

// The days first..last (first: null, all before) as few runs: whole months and years as such, the
// ragged ends as days.
std::vector<Run> RunsOf(std::optional<CivilDate> first, CivilDate last) {
  std::vector<Run> runs;
  const auto add = [&](Size size, std::int32_t from, std::int32_t end) {
    if (from < end) runs.push_back({size, from, end - 1});
  };
  const std::int32_t end_day = last.days + 1;
  const std::int32_t end_month = MonthOf(Split({end_day}));
  const std::int32_t end_year = YearOf(end_month);
  std::int32_t year = INT32_MIN;
  if (first) {
    if (*first > last) return runs;
    std::int32_t month = MonthOf(Split(*first));
    if (FirstDay(month) < *first) ++month;
    if (month >= end_month) {
      add(Size::kDay, first->days, end_day);
      return runs;
    }
    add(Size::kDay, first->days, FirstDay(month).days);
    year = YearOf(month + kMonthsPerYear - 1);
    if (year >= end_year) {
      add(Size::kMonth, month, end_month);
      add(Size::kDay, FirstDay(end_month).days, end_day);
      return runs;
    }
    add(Size::kMonth, month, year * kMonthsPerYear);
  }
  add(Size::kYear, year, end_year);
  add(Size::kMonth, end_year * kMonthsPerYear, end_month);
  add(Size::kDay, FirstDay(end_month).days, end_day);
  return runs;
}

enum class Part : std::uint8_t { kBefore, kWithin, kLastDay };

class CellReader {
 public:
  CellReader(const StateStore& store, std::string prefix)
      : store_(store), prefix_(std::move(prefix)) {}
  CellReader(const CellReader&) = delete;
  CellReader& operator=(const CellReader&) = delete;

  Status Read(Part part, std::optional<CivilDate> first, CivilDate last) {
    for (const Run& run : RunsOf(first, last)) {
      const std::string from = BlockKey(prefix_, run.size, run.first);
      // After every group and measure of the last block.
      const std::string to = engine::PrefixEnd(BlockKey(prefix_, run.size, run.last));
      const std::size_t head = from.size();
      bool readable = true;
      MOTCUA_RETURN_IF_ERROR(
          store_.Scan(from, to, [&](std::string_view key, std::string_view value) {
            readable = Take(part, key.substr(head), value);
            return readable;
          }));
      if (!readable) return Status(Reason::kStoreDamaged, "a row of report cells is not readable");
    }
    return OkStatus();
  }

  GroupSums&& sums() && { return std::move(sums_); }

 private:
  bool Take(Part part, std::string_view group_and_measure, std::string_view value) {
    if (group_and_measure.size() < 2) return false;
    const auto measure = static_cast<std::uint8_t>(group_and_measure.back());
    if (measure >= kMeasures) return false;
    group_and_measure.remove_suffix(1);
    // The measures of a group come one after the other.
    if (last_ == sums_.end() || last_->first != group_and_measure) {
      last_ = sums_.find(group_and_measure);
      if (last_ == sums_.end()) last_ = sums_.emplace(std::string(group_and_measure), Sums()).first;
    }
    const auto count = std::bit_cast<std::int64_t>(ReadLittleEndian(value));
    Sums& sums = last_->second;
    if (part == Part::kBefore) sums.before[measure] += count;
    if (part == Part::kWithin) sums.within[measure] += count;
    if (part == Part::kLastDay && measure == static_cast<std::uint8_t>(Measure::kDueThatDay)) {
      sums.due_on_last_day += count;
    }
    return true;
  }

  const StateStore& store_;
  const std::string prefix_;
  GroupSums sums_;
  GroupSums::iterator last_ = sums_.end();
};

Result<std::string> NameSeen(const StateStore& store, char kind, std::string_view code) {
  std::string prefix = Key('N');
  prefix.push_back(kind);
  prefix.append(code);
  prefix.push_back(kNameEnd);
  std::string best;
  std::int64_t best_count = 0;
  MOTCUA_RETURN_IF_ERROR(store.Scan(
      prefix, engine::PrefixEnd(prefix), [&](std::string_view key, std::string_view value) {
        const auto count = std::bit_cast<std::int64_t>(ReadLittleEndian(value));
        if (count > best_count) {
          best = key.substr(prefix.size());
          best_count = count;
        }
        return true;
      }));
  return best;
}

void CountName(char kind, std::string_view code, std::string_view name, engine::IndexSink& sink) {
  if (name.empty()) return;
  std::string key = Key('N');
  key.push_back(kind);
  key.append(code);
  key.push_back(kNameEnd);
  key.append(name);
  sink.Add(key, 1);
}

}  // namespace

std::string CellsFormat() {
  // Raised when a key or a row changes, or what an event adds to a measure that there was before.
  constexpr std::string_view kCellsFormat = "cells-4";
  return std::string(kCellsFormat) + "." + std::to_string(kMeasures);
}

void IndexCells(const cases::Dossier* before, const cases::Dossier& after,
                engine::IndexSink& sink) {
  IndexLateness(before, after, sink);
  if (before != nullptr && SameForReports(*before, after)) return;
  const Contributions changes = Change(before, after);
  if (changes.empty()) return;

  const std::string_view unit = RowKey(after, Dimension::kUnit);
  const std::string text = GroupText(after);
  const std::string group = GroupOf(text);
  const std::string field_text = text.substr(0, after.field.size() + 1);
  const std::string field_group = GroupOf(field_text);
  const char classes = PackClasses(after);
  std::array<CellWriter, 4> cuts = {CellWriter(CellPrefix(unit, Cut::kClass), {&classes, 1}, sink),
                                    CellWriter(CellPrefix(unit, Cut::kProcedure), group, sink),
                                    CellWriter(WidePrefix(WideCut::kUnit), unit, sink),
                                    CellWriter(WidePrefix(WideCut::kField), field_group, sink)};
  for (const Contribution& change : changes) {
    for (CellWriter& cut : cuts) cut.Add(change);
  }
  if (before != nullptr) return;
  sink.Put(Key('G').append(group), text);
  sink.Put(Key('G').append(field_group), field_text);
}

void IndexNames(const cases::CaseEvent& event, engine::IndexSink& sink) {
  const auto* imported = LeafIf<cases::DossierImported>(event.payload);
  if (imported == nullptr) return;
  CountName('U', cases::UnitOf(event.dossier).value(), imported->unit_name, sink);
  CountName('P', imported->procedure.value(), imported->procedure_name, sink);
}

namespace {

Result<GroupSums> ReadPeriod(CellReader&& reader, const Period& period) {
  MOTCUA_RETURN_IF_ERROR(reader.Read(Part::kBefore, std::nullopt, period.from - 1));
  MOTCUA_RETURN_IF_ERROR(reader.Read(Part::kWithin, period.from, period.to));
  MOTCUA_RETURN_IF_ERROR(reader.Read(Part::kLastDay, period.to, period.to));
  return std::move(reader).sums();
}

}  // namespace

Result<GroupSums> ReadCells(const StateStore& store, const cases::UnitCode& unit, Cut cut,
                            const Period& period) {
  return ReadPeriod(CellReader(store, CellPrefix(unit.value(), cut)), period);
}

Result<GroupSums> ReadWideCells(const StateStore& store, WideCut cut, const Period& period) {
  return ReadPeriod(CellReader(store, WidePrefix(cut)), period);
}

Status ReadLateness(const StateStore& store, const cases::UnitCode& unit, Verdict verdict,
                    const Period& period, LateRows& rows, LateCounts& all) {
  CellReader reader(store, CellPrefix(unit.value(), Cut::kLateness));
  MOTCUA_RETURN_IF_ERROR(reader.Read(Part::kWithin, period.from, period.to));
  const GroupSums groups = std::move(reader).sums();
  for (const auto& [group, sums] : groups) {
    if (group.size() < kHolderHead) {
      return Status(Reason::kStoreDamaged, "cells of lateness name no holder");
    }
    if (group.front() != static_cast<char>(verdict)) continue;
    LateCounts counts;
    for (std::size_t i = 0; i < kLateCounts.size(); ++i) {
      counts.*kLateCounts.at(i) = sums.within.at(i);
    }
    if (group[1] == '\0') {
      all.Add(counts);
      continue;
    }
    const auto part = codes::FromNumber<TimePart>(group[1]);
    if (!part) return Status(Reason::kStoreDamaged, "cells of lateness name no part");
    rows[{*part, static_cast<std::uint8_t>(group[2]), cases::UnitCode(group.substr(kHolderHead))}]
        .Add(counts);
  }
  return OkStatus();
}

Result<std::vector<cases::UnitCode>> UnitsWithCells(const StateStore& store) {
  const std::string prefix = Key('C');
  const std::string end = engine::PrefixEnd(prefix);
  std::vector<cases::UnitCode> units;
  // The first cell of each unit, then on after all of that unit's.
  for (std::string from = prefix;;) {
    std::string first;
    MOTCUA_RETURN_IF_ERROR(store.Scan(from, end, [&](std::string_view key, std::string_view) {
      first = key;
      return false;
    }));
    if (first.empty()) return units;
    const std::size_t unit_end = first.find(kUnitEnd, prefix.size());
    if (unit_end == std::string::npos) {
      return Status(Reason::kStoreDamaged, "a row of report cells names no unit");
    }
    const std::string unit = first.substr(prefix.size(), unit_end - prefix.size());
    units.emplace_back(unit);
    from = engine::PrefixEnd(Key('C').append(unit) + kUnitEnd);
  }
}

Result<Classes> ReadClasses(std::string_view group) {
  const unsigned packed = group.size() == 1 ? static_cast<unsigned char>(group.front()) : 0U;
  const auto channel = codes::FromNumber<cases::Channel>(packed & ((1U << kChannelBits) - 1U));
  const auto level =
      codes::FromNumber<codes::Level>((packed >> kChannelBits) & ((1U << kLevelBits) - 1U));
  const auto interconnection =
      codes::FromNumber<codes::Interconnection>(packed >> (kChannelBits + kLevelBits));
  if (!channel || !level || !interconnection) {
    return Status(Reason::kStoreDamaged, "report cells belong to a class that there is not");
  }
  return Classes{*channel, *level, *interconnection};
}

Result<FieldAndProcedure> ReadGroup(const StateStore& store, std::string_view group) {
  MOTCUA_ASSIGN_OR_RETURN(const std::optional<std::string> row, store.Get(Key('G').append(group)));
  const std::size_t end = row ? row->find(kNameEnd) : std::string::npos;
  if (end == std::string::npos) {
    return Status(Reason::kStoreDamaged, "report cells belong to a group that has no row");
  }
  return FieldAndProcedure{row->substr(0, end), row->substr(end + 1)};
}

Result<std::string> UnitNameSeen(const StateStore& store, std::string_view unit) {
  return NameSeen(store, 'U', unit);
}

Result<std::string> ProcedureNameSeen(const StateStore& store, std::string_view procedure) {
  return NameSeen(store, 'P', procedure);
}

}  // namespace motcua::reporting
