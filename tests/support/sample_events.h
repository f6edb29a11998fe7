// Sample and random events and dossiers for tests of codecs, folds and benchmarks: every payload,
// every field, no personal data.
//
// Pure; the same seed gives the same values.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "services/domain/cases/dossier.h"

namespace motcua::testing {

using Random = std::mt19937_64;

// Hand-written: one event of every payload, with every field set to something else than its
// default.
std::vector<cases::CaseEvent> OneOfEachEvent();
// Any payload, any values that the codec must carry.
cases::CaseEvent RandomEvent(Random& random);
// A dossier as some events would leave it; not necessarily one that rules allow.
cases::Dossier RandomDossier(Random& random);

}  // namespace motcua::testing
