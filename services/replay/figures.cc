#include "services/replay/figures.h"

#include <array>
#include <vector>

#include "services/replay/apportion.h"

namespace motcua::replay {
namespace {

int Scaled(int count, std::int64_t scale) {
  return static_cast<int>((count * scale + kScaleWhole / 2) / kScaleWhole);
}

}  // namespace

Figures FiguresAt(std::int64_t scale) {
  const Figures whole;
  Figures part;
  const int city = Scaled(whole.city_received + whole.carried_over, scale);
  const std::vector<int> came =
      Apportion(city, std::array<std::int64_t, 2>{whole.city_received, whole.carried_over});
  part.city_received = came[0];
  part.carried_over = came[1];
  const std::vector<int> went = Apportion(
      city, std::array<std::int64_t, 3>{whole.city_in_time, whole.city_late, whole.city_open});
  part.city_in_time = went[0];
  part.city_late = went[1];
  part.city_open = went[2];
  part.city_online = Scaled(whole.city_online, scale);
  part.central_received = Scaled(whole.central_received, scale);
  part.central_online = Scaled(whole.central_online, scale);
  part.central_late = Scaled(whole.central_late, scale);
  part.posted_in = Scaled(whole.posted_in, scale);
  part.posted_out = Scaled(whole.posted_out, scale);
  part.refused = Scaled(whole.refused, scale);
  part.withdrawn_before = Scaled(whole.withdrawn_before, scale);
  return part;
}

}  // namespace motcua::replay
