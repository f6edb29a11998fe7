// Dossiers as the rules of the services meet them, and an index that remembers what was done to it.
#pragma once

#include <map>
#include <string>

#include "services/domain/cases/dossier.h"
#include "services/engine/service.h"

namespace motcua::testing_support {

inline constexpr std::int64_t kDayMicros = 86'400'000'000;
inline ZonedTime Day(int day) { return {Instant{day * kDayMicros}, UtcOffset{7 * 60}}; }

inline cases::Dossier ProcessingDossier() {
  cases::Dossier dossier;
  dossier.code = cases::DossierCode("000.23.10.H49-201031-0001");
  dossier.stage = cases::Stage::kProcessing;
  dossier.head.version = 1;
  dossier.received = Day(100);
  return dossier;
}

inline routing::Leg LegIn(const char* unit, routing::LegState state, std::uint8_t stage = 1) {
  routing::Leg leg;
  leg.unit = cases::UnitCode(unit);
  leg.stage = stage;
  leg.state = state;
  return leg;
}

// "+key" or "-key" per call, in order.
class RecordingIndex final : public engine::IndexSink {
 public:
  void Put(std::string key, std::string value) override {
    log += "+" + key + "\n";
    rows[std::move(key)] = std::move(value);
  }
  void Delete(std::string key) override {
    log += "-" + key + "\n";
    rows.erase(key);
  }
  void Add(std::string_view key, std::int64_t delta) override {
    log += "~" + std::string(key) + " " + std::to_string(delta) + "\n";
  }

  std::string log;
  std::map<std::string, std::string> rows;
};

}  // namespace motcua::testing_support
