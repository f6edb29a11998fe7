// Plan: the ten months of Hạ Long, 2020, as a list of acts at instants, made beforehand. The same
// catalogue, seed and scale give the same plan on every machine.
//
//   MOTCUA_ASSIGN_OR_RETURN(const Plan plan, MakePlan(catalogue, online, {.seed = 7}));
//   for (const Act& act : plan.acts) …   // by time; of one dossier and instant in their order
//
// figures.h says what is the report's, shape.h what is invented. Due dates are computed by
// domain/deadline, as the services compute them.
//
// Pure; a value type.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "services/base/status.h"
#include "services/base/time.h"
#include "services/domain/cases/codes.h"
#include "services/domain/catalogue/catalogue.h"
#include "services/replay/figures.h"
#include "services/replay/timetable.h"

namespace motcua::replay {

// Whose procedures: the city's are decided by the city and its wards.
enum class Level : std::uint8_t { kCity, kCentral };

// Procedures that can be asked for online; what the catalogue does not say (procedures.csv).
using OnlineProcedures = std::set<cases::ProcedureCode>;

// How it ends within the period.
enum class Fate : std::uint8_t {
  kInTime,  // early or on time
  kLate,
  kOpen,       // still in progress at the period's end
  kRefused,    // at the counter: no dossier received
  kWithdrawn,  // before the period began
};

enum class Standstill : std::uint8_t { kNone, kSupplement, kFinancialDuty, kOtherAgency };

struct Dossier {
  std::uint16_t procedure = 0;  // index into the catalogue's procedures,
  std::uint16_t unit = 0;       // and its units: the one that receives it
  Level level = Level::kCity;
  cases::Channel channel = cases::Channel::kDirect;
  cases::ReturnMode way = cases::ReturnMode::kCounter;  // that the result goes in the end
  bool asked_for_way = false;                           // `way` is said when it is received
  bool carried_over = false;                            // received before the period
  Fate fate = Fate::kInTime;
  Standstill standstill = Standstill::kNone;
  Step received = 0;
  Step stopped = kNever;   // the standstill
  Step resumed = kNever;   // beyond the period's end: it lasts there
  Step resolved = kNever;  // beyond the period's end: it is open there
  Step closed = kNever;    // in the citizen's hands
  std::uint8_t acts = 0;
  Instant first_due;  // the appointment on the receipt
  Instant due;        // in force when it is resolved
};

enum class ActKind : std::uint8_t {
  kReceive,
  kRefuse,
  kRequestSupplement,
  kReceiveSupplement,
  kPauseClock,
  kResumeClock,
  kSendHandOver,
  kAcknowledgeHandOver,
  kAcceptLeg,
  kReturnLeg,
  kCompleteLeg,
  kRecordResult,
  kAwaitResult,  // the route is at its end, so the result comes by itself: waited for
  kReturnResult,
  kReleaseToPost,
  kHandOverShipment,
  kTrackShipment,
  kFailDelivery,
  kDeliverShipment,
  kWithdraw,
};

struct Act {
  std::uint32_t dossier = 0;
  Step step = 0;
  ActKind kind = ActKind::kReceive;
  std::uint8_t number = 0;  // of the acts of its dossier: what its request id is made of
  std::uint8_t leg = 0;     // from 1
  std::uint8_t detail = 0;  // a number that the act's reason, proof and so on are chosen by
};

struct PlanOptions {
  std::uint64_t seed = 2020;
  std::int64_t scale = kScaleWhole;
};

struct Plan {
  PlanOptions options;
  Figures figures;
  Timetable timetable;
  std::vector<Dossier> dossiers;  // by receipt
  std::vector<Act> acts;          // by step, dossier, number

  // Of the plan as a whole: equal plans have equal hashes.
  std::uint64_t Hash() const;
};

// FIELD_INVALID when the catalogue is not the sample of Hạ Long, or the scale is out of bounds.
Result<Plan> MakePlan(const catalogue::Catalogue& catalogue, const OnlineProcedures& online,
                      const PlanOptions& options);

}  // namespace motcua::replay
