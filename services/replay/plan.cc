#include "services/replay/plan.h"

#include <string>

#include "services/base/bytes.h"
#include "services/base/hash.h"
#include "services/replay/fates.h"
#include "services/replay/lives.h"
#include "services/replay/volumes.h"

namespace motcua::replay {
namespace {

template <typename Number>
void Append(std::string& bytes, Number number) {
  auto value = static_cast<std::uint64_t>(number);
  for (std::size_t i = 0; i < sizeof(Number); ++i, value >>= 8U) {
    bytes.push_back(static_cast<char>(value & 0xFFU));
  }
}

}  // namespace

std::uint64_t Plan::Hash() const {
  std::string bytes;
  for (const Dossier& dossier : dossiers) {
    Append(bytes, dossier.procedure);
    Append(bytes, dossier.unit);
    Append(bytes, static_cast<std::uint8_t>(dossier.channel));
    Append(bytes, static_cast<std::uint8_t>(dossier.way));
    Append(bytes, static_cast<std::uint8_t>(dossier.fate));
    Append(bytes, dossier.due.micros);
  }
  for (const Act& act : acts) {
    Append(bytes, act.dossier);
    Append(bytes, act.step);
    Append(bytes, static_cast<std::uint8_t>(act.kind));
    Append(bytes, act.number);
    Append(bytes, act.leg);
    Append(bytes, act.detail);
  }
  return HashBytes(bytes);
}

Result<Plan> MakePlan(const catalogue::Catalogue& catalogue, const OnlineProcedures& online,
                      const PlanOptions& options) {
  if (options.scale < kScaleLeast || options.scale > kScaleWhole) {
    return FieldError("scale", "must be 0.001 to 1");
  }
  const auto& calendars = catalogue.calendars();
  const calendar::Calendar* const calendar =
      calendars.empty() ? nullptr : catalogue.FindCalendar(calendars.back()->id());
  if (calendar == nullptr) return FieldError("catalogue", "has no calendar");
  Plan plan;
  plan.options = options;
  plan.figures = FiguresAt(options.scale);
  MOTCUA_ASSIGN_OR_RETURN(plan.timetable, Timetable::Make(*calendar));
  MOTCUA_ASSIGN_OR_RETURN(
      plan.dossiers, MakeVolumes(catalogue, online, plan.timetable, plan.figures, options.seed));
  MOTCUA_RETURN_IF_ERROR(
      GiveFates(catalogue, plan.timetable, plan.figures, options.seed, plan.dossiers));
  plan.acts = MakeLives(catalogue, plan.timetable, options.seed, plan.dossiers);
  return plan;
}

}  // namespace motcua::replay
