#include "tests/unit/reporting/histories.h"

#include <algorithm>
#include <cstdio>

#include "services/base/bytes.h"
#include "services/engine/keys.h"

namespace motcua::reporting {
namespace {

constexpr std::int16_t kVietNamMinutes = 420;

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}
  std::int64_t Below(std::int64_t n) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(n));
  }
  bool Percent(int n) { return Below(100) < n; }
  Micros Hours(std::int64_t from, std::int64_t to) {
    return std::chrono::minutes(60 * from + Below(60 * (to - from)));
  }

 private:
  std::mt19937_64 random_;
};

// One dossier's life at random.
class Life {
 public:
  Life(std::uint64_t seed, int number, Offsets offsets, History& history)
      : dice_(seed), offsets_(offsets), history_(history), offset_(AnyOffset()) {
    if (offsets == Offsets::kOne) offset_ = {kVietNamMinutes};
    const std::vector<const char*> units = {"H49.1", "H49.10", "000.23.10.H49"};
    code_ = std::string(units[static_cast<std::size_t>(dice_.Below(3))]) + "-200101-" +
            std::to_string(10000 + number);
  }

  void Live() {
    Story story(code_, history_);
    now_ = StartOfDay(MakeDate(2020, 1, 1), {0}) + dice_.Hours(0, 24 * 100);
    if (dice_.Percent(4)) {
      story.Add(Zoned(now_), cases::DossierRefused{});
      return;
    }
    if (!Begin(story)) return;
    while (dice_.Percent(75)) {
      now_ = now_ + (dice_.Percent(40) ? dice_.Hours(0, 6) : dice_.Hours(0, 24 * 8));
      // Not at wild offsets: there what comes later may lie on an earlier day, and what is seen of
      // such a history is another question.
      if (offsets_ != Offsets::kWild && dice_.Percent(10)) Mistake(story);
      if (!Step(story)) return;
    }
  }

 private:
  UtcOffset AnyOffset() {
    const std::vector<std::int16_t> offsets = {kVietNamMinutes, -300, 0, 840, -660};
    return {offsets[static_cast<std::size_t>(dice_.Below(5))]};
  }
  ZonedTime Zoned(Instant at) { return {at, offsets_ == Offsets::kWild ? AnyOffset() : offset_}; }
  std::optional<ZonedTime> AnyDue() {
    if (dice_.Percent(12)) return std::nullopt;
    return Zoned(now_ + dice_.Hours(-24 * 3, 24 * 15));
  }

  // By the minute, so that no die is thrown for it.
  cases::ReturnMode AnyWay() const {
    constexpr std::int64_t kMicrosPerMinute = 60'000'000;
    return now_.micros / kMicrosPerMinute % 2 == 0 ? cases::ReturnMode::kPostal
                                                   : cases::ReturnMode::kCounter;
  }

  // Whether it is open then.
  bool Begin(Story& story) {
    const auto channel = static_cast<cases::Channel>(1 + dice_.Below(3));
    const std::string field = dice_.Percent(5) ? "" : "Lĩnh vực " + std::to_string(dice_.Below(3));
    const std::int64_t number = dice_.Below(5);
    const cases::ProcedureCode procedure("1.00" + std::to_string(number));
    if (dice_.Percent(70)) {
      cases::DossierReceived received = Received(AnyDue(), channel);
      received.field = field;
      received.procedure = procedure;
      constexpr int kTiers = 4;
      received.tier = static_cast<cases::Tier>(number % kTiers);
      received.interconnection = static_cast<cases::Interconnection>(number);
      story.Add(Zoned(now_), std::move(received));
      return true;
    }
    cases::DossierImported imported;
    imported.opened = Zoned(now_ - dice_.Hours(0, 24 * 30));
    imported.due = AnyDue();
    imported.channel = channel;
    imported.field = field;
    imported.procedure = procedure;
    imported.procedure_name = "Thủ tục " + std::to_string(dice_.Below(2));
    if (dice_.Percent(60)) {
      imported.closed = Zoned(now_ + dice_.Hours(-24 * 40, 24 * 5));
      imported.outcome = static_cast<cases::Outcome>(dice_.Below(4));
    }
    const bool open = !imported.closed;
    const ZonedTime opened = imported.opened;
    story.Add(Zoned(now_), std::move(imported));
    if (dice_.Percent(40)) return Update(story, opened);
    return open;
  }

  // A later state of the register. Whether it is open then.
  bool Update(Story& story, const ZonedTime& opened) {
    now_ = now_ + dice_.Hours(0, 24 * 20);
    cases::RecordUpdated updated;
    updated.due = AnyDue();
    if (dice_.Percent(50)) {
      updated.closed = Zoned(opened.instant + dice_.Hours(-24, 24 * 40));
      updated.outcome = static_cast<cases::Outcome>(dice_.Below(4));
    }
    story.Add(Zoned(now_), updated);
    return !updated.closed;
  }

  // Whether it goes on.
  bool Step(Story& story) {
    const ZonedTime at = Zoned(now_);
    if (standing_) {
      if (dice_.Percent(20)) return story.Add(at, cases::DossierWithdrawn{}), false;
      standing_ = false;
      story.Add(at, Resumed(at, AnyDue()));
      return true;
    }
    switch (dice_.Below(8)) {
      case 0:
        return story.Add(at, cases::DossierWithdrawn{}), false;
      case 1:
      case 2:
        story.Add(at, cases::ResultRecorded{cases::Outcome::kGranted});
        now_ = now_ + dice_.Hours(0, 48);
        return story.Add(Zoned(now_), cases::DossierClosed{AnyWay()}), false;
      case 3:
        return story.Add(at, cases::HandOverSent{1, {}}), true;
      case 4:
        return story.Add(at, cases::AlertRaised{{cases::AlertKind::kDueSoon, 0, now_}}), true;
      case 5:
        standing_ = true;
        return story.Add(at, cases::SupplementRequested{}), true;
      default:
        standing_ = true;
        return story.Add(at, cases::ClockPaused{}), true;
    }
  }

  // A step that is taken back: all goes on as if it had not been.
  void Mistake(Story& story) {
    const bool standing = standing_;
    cases::EventTakenBack correction;
    correction.version = story.next();
    Step(story);
    for (cases::Version with = correction.version + 1; with < story.next(); ++with) {
      correction.with.push_back(with);
    }
    standing_ = standing;
    now_ = now_ + dice_.Hours(0, 48);
    story.Add(Zoned(now_), std::move(correction));
  }

  Dice dice_;
  const Offsets offsets_;
  History& history_;
  UtcOffset offset_;
  std::string code_;
  Instant now_;
  bool standing_ = false;
};

}  // namespace

ZonedTime At(std::string_view text) { return ParseZonedTime(text).value(); }
CivilDate Date(std::string_view text) { return ParseDate(text).value(); }

std::string HandleCodec::EncodeRow(const cases::AggregateState& state) const {
  states_.push_back(state);
  std::string row;
  AppendLittleEndian(row, states_.size() - 1);
  return row;
}

Result<cases::AggregateState> HandleCodec::DecodeRow(const cases::AggregateId&,
                                                     std::string_view bytes) const {
  return states_.at(ReadLittleEndian(bytes));
}

void Folded::Take(const cases::CaseEvent& event, Instant effective) {
  const auto [entry, is_new] = dossiers_.try_emplace(event.dossier.value());
  cases::Dossier& dossier = entry->second;
  const cases::Dossier before = dossier;
  cases::Apply(dossier, event, event.steps.front(), effective, cases::Tip(1), rules_.parts());
  rules_.Index({0, 0, effective}, is_new ? nullptr : &before, dossier, event, index_);
  store_.rows()[cases::AggregateId(dossier.code).path()] = codec_.EncodeRow(dossier);
}

void Folded::Take(const History& history) {
  for (const auto& [event, effective] : history) Take(event, effective);
}

Story& Story::Add(const ZonedTime& at, cases::Payload payload) {
  cases::CaseEvent event;
  event.dossier = code_;
  event.SetSteps({version_++, {}}, {});
  event.at = at;
  event.payload = std::move(payload);
  history_.emplace_back(std::move(event), at.instant);
  return *this;
}

cases::DossierReceived Received(std::optional<ZonedTime> due, cases::Channel channel) {
  cases::DossierReceived received;
  received.channel = channel;
  received.procedure = cases::ProcedureCode("1.001193");
  received.field = "Hộ tịch";
  received.clock.due = due;
  return received;
}

cases::ClockResumed Resumed(const ZonedTime& at, std::optional<ZonedTime> due) {
  cases::ClockResumed resumed;
  resumed.resumed = at;
  resumed.clock.due = due;
  return resumed;
}

History RandomHistory(std::uint64_t seed, int dossiers, Offsets offsets) {
  std::mt19937_64 random(seed);
  History all;
  for (int i = 0; i < dossiers; ++i) {
    History one;
    Life(random(), i, offsets, one).Live();
    all.insert(all.end(), one.begin(), one.end());
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.second < b.second; });
  return all;
}

StatusQuery RandomQuery(std::mt19937_64& random) {
  const auto below = [&](int n) {
    return static_cast<int>(random() % static_cast<std::uint64_t>(n));
  };
  StatusQuery query;
  query.from_date = MakeDate(2019, 11, 20) + below(170);
  query.to_date = query.from_date + (below(3) == 0 ? 0 : below(90));
  query.verdict = below(2) == 0 ? Verdict::kDate : Verdict::kInstant;
  query.by = static_cast<Dimension>(1 + below(6));
  if (below(3) == 0) query.unit = cases::UnitCode("H49.1");
  query.merge_withdrawn = below(4) == 0;
  return query;
}

std::string Show(const std::vector<StatusRow>& rows) {
  std::string text;
  for (const StatusRow& row : rows) {
    text += row.key + ":";
    for (std::size_t i = 1; i < kColumns; ++i) text += " " + std::to_string(row.counts[i]);
    text += "\n";
  }
  return text;
}

}  // namespace motcua::reporting
