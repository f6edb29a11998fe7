// The figures of Hạ Long's report of 2020 (III.3.1, data to 31/10/2020) that the replay hits
// exactly, and their exact shares at a smaller scale. Pure.
//
// The report's own: received and online of both levels, the city's resolved, in time, late and in
// progress, both postal figures, the central agencies' 98.6 %. Read into it (its sums leave no
// other reading): 270 dossiers carried over from 2019, and 237,206 as the count behind 98.6 %.
#pragma once

#include <cstdint>

namespace motcua::replay {

// Scales are in millionths: 1,000,000 is the whole city.
inline constexpr std::int64_t kScaleWhole = 1'000'000;
inline constexpr std::int64_t kScaleLeast = 1'000;

struct Figures {
  int city_received = 48'231;  // in the period, `city_online` among them
  int city_online = 3'370;
  int carried_over = 270;  // received before it, open at its start
  int city_in_time = 44'708;
  int city_late = 1'256;
  int city_open = 2'537;  // at its end

  int central_received = 240'574;  // all of them resolved
  int central_online = 95'040;
  int central_late = 240'574 - 237'206;

  int posted_in = 8'749;    // dossiers that came by post
  int posted_out = 30'762;  // results that went by post

  // Not the report's: refused at the counter, which are no dossiers received; received and
  // withdrawn before the period began, which it does not see.
  int refused = 2'900;
  int withdrawn_before = 27;

  int received() const { return city_received + central_received; }
  int city_resolved() const { return city_in_time + city_late; }
};

// What belongs together is apportioned together, so every sum above holds at every scale.
Figures FiguresAt(std::int64_t scale);

}  // namespace motcua::replay
