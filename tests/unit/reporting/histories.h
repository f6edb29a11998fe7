// Histories for the tests of reporting: events written by hand or at random, folded as the service
// folds them.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "services/domain/cases/dossier.h"
#include "services/domain/reporting/status_report.h"
#include "services/engine/reader.h"
#include "services/reporting/rules.h"
#include "tests/support/memory_store.h"
#include "tests/support/slow_report.h"

namespace motcua::reporting {

using testing_support::History;
using testing_support::MemoryIndex;
using testing_support::MemoryStore;

// "2020-01-20T09:00+07:00"; must be right.
ZonedTime At(std::string_view text);
CivilDate Date(std::string_view text);

// Rows hold the number of a dossier that the codec keeps: bytes are the business of wire/.
class HandleCodec final : public engine::Codec {
 public:
  std::uint32_t event_schema() const override { return 1; }
  std::string EncodeEvent(const cases::CaseEvent&) const override { return {}; }
  Result<cases::CaseEvent> DecodeEvent(std::string_view) const override {
    return cases::CaseEvent{};
  }
  std::string_view KeyOf(std::string_view) const override { return {}; }
  std::string EncodeRow(const cases::AggregateState& state) const override;
  Result<cases::AggregateState> DecodeRow(const cases::AggregateId& id,
                                          std::string_view bytes) const override;

 private:
  mutable std::deque<cases::AggregateState> states_;
};

// The service's fold of a history, without an engine: Apply, then Index.
class Folded {
 public:
  Folded() : index_(store_), reader_(store_, codec_) {}
  explicit Folded(const History& history) : Folded() { Take(history); }

  void Take(const cases::CaseEvent& event, Instant effective);
  void Take(const History& history);

  const engine::StateReader& reader() const { return reader_; }
  const MemoryStore& store() const { return store_; }
  MemoryStore& store() { return store_; }
  const std::map<std::string, cases::Dossier>& dossiers() const { return dossiers_; }
  std::uint64_t writes() const { return index_.writes(); }

 private:
  ReportingRules rules_;
  HandleCodec codec_;
  MemoryStore store_;
  MemoryIndex index_;
  engine::StateReader reader_;
  std::map<std::string, cases::Dossier> dossiers_;
};

// Events of one dossier, versions counted; `effective` is the event's own instant.
class Story {
 public:
  Story(std::string_view code, History& history) : code_(code), history_(history) {}

  Story& Add(const ZonedTime& at, cases::Payload payload);
  Story& Add(std::string_view at, cases::Payload payload) {
    return Add(At(at), std::move(payload));
  }
  // The version that the next one makes.
  cases::Version next() const { return version_ + 1; }

 private:
  cases::DossierCode code_;
  cases::Version version_ = 0;
  History& history_;
};

cases::DossierReceived Received(std::optional<ZonedTime> due,
                                cases::Channel channel = cases::Channel::kDirect);
cases::ClockResumed Resumed(const ZonedTime& at, std::optional<ZonedTime> due);

enum class Offsets : std::uint8_t {
  kOne,         // all at +07:00
  kPerDossier,  // each dossier has one of several
  kWild,        // each instant has its own
};
// Dossiers that are received, refused or imported (also absurdly), paused, resumed, resolved,
// withdrawn, some of it by mistake and taken back, within about four months of 2020; shuffled as a
// log would be.
History RandomHistory(std::uint64_t seed, int dossiers, Offsets offsets);
// A day-aligned query around those months.
StatusQuery RandomQuery(std::mt19937_64& random);

// "resolved.late"; "none" for Column::kNone.
inline std::string_view ColumnName(Column column) {
  const ColumnRow* row = FindColumn(column);
  return row == nullptr ? "none" : row->field;
}

// Rows as text, one line each, for readable differences.
std::string Show(const std::vector<StatusRow>& rows);

}  // namespace motcua::reporting
