#include "services/replay/volumes.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "services/base/hash.h"
#include "services/domain/deadline/due.h"
#include "services/replay/apportion.h"
#include "services/replay/random.h"
#include "services/replay/shape.h"

namespace motcua::replay {
namespace {

using cases::Channel;
using Weights = std::vector<std::int64_t>;

constexpr std::int64_t kPercent = 100;

struct Day {
  CivilDate date;
  Step first = 0;  // its steps are one after the other
  bool works = false;
};

// Procedures that are asked for at one kind of counter, with their weights; parallel lists.
struct Offer {
  std::vector<std::uint16_t> procedures;
  Weights weights;
};

// Dossiers that come in one way.
struct Stream {
  std::string name;  // what its random numbers are drawn for
  Level level = Level::kCity;
  Channel channel = Channel::kDirect;
  int count = 0;
  bool carried_over = false;
  Fate fate = Fate::kInTime;
};

std::vector<Day> DaysOf(const Timetable& timetable) {
  std::vector<Day> days;
  for (std::size_t i = 0; i < timetable.steps().size(); ++i) {
    const Timetable::Entry& entry = timetable.steps()[i];
    if (entry.date > timetable.last_day()) break;
    if (days.empty() || days.back().date != entry.date) {
      days.push_back({entry.date, static_cast<Step>(i), false});
    }
    days.back().works = days.back().works || entry.office;
  }
  return days;
}

int LullOf(CivilDate date) {
  const std::string text = FormatDate(date);
  for (const shape::Lull& lull : shape::kLulls) {
    if (text >= lull.from && text <= lull.to) return lull.percent;
  }
  return static_cast<int>(kPercent);
}

class Maker {
 public:
  Maker(const catalogue::Catalogue& catalogue, const OnlineProcedures& online,
        const Timetable& timetable, std::uint64_t seed)
      : catalogue_(catalogue),
        online_(online),
        timetable_(timetable),
        seed_(seed),
        days_(DaysOf(timetable)) {}

  Status FindCounters() {
    const auto find = [&](const std::string& code) {
      const auto& units = catalogue_.units();
      const auto at = std::find_if(units.begin(), units.end(), [&](const catalogue::Unit& unit) {
        return unit.code.value() == code;
      });
      return at == units.end() ? -1 : static_cast<int>(at - units.begin());
    };
    centre_ = find(kCentre);
    for (std::size_t i = 0; i < shape::kWards.size(); ++i) {
      wards_.push_back(find("000." + std::to_string(kFirstWard + static_cast<int>(i)) + ".10.H49"));
    }
    if (centre_ < 0 || std::count(wards_.begin(), wards_.end(), -1) != 0) {
      return FieldError("catalogue", "has not the one-stop centre and the 33 wards of Hạ Long");
    }
    return OkStatus();
  }

  void Add(const Stream& stream) {
    if (stream.count == 0) return;
    Random random(seed_, stream.name);
    std::vector<Dossier> came(static_cast<std::size_t>(stream.count));
    for (Dossier& dossier : came) {
      dossier.level = stream.level;
      dossier.channel = stream.channel;
      dossier.carried_over = stream.carried_over;
      dossier.fate = stream.fate;
    }
    GiveTimes(stream, random, came);
    GiveProcedures(stream, random, came);
    made_.insert(made_.end(), came.begin(), came.end());
  }

  std::vector<Dossier> Take() {
    std::stable_sort(made_.begin(), made_.end(),
                     [](const Dossier& a, const Dossier& b) { return a.received < b.received; });
    return std::move(made_);
  }

 private:
  std::int64_t WeightOf(const Day& day, const Stream& stream) const {
    const bool in_period = day.date >= timetable_.first_day();
    if (stream.fate == Fate::kWithdrawn) return day.works && DaysToPeriod(day) > 12 ? 1 : 0;
    if (stream.carried_over) {
      const int to_go = DaysToPeriod(day);
      return day.works && !in_period && to_go <= shape::kCarriedOverDays
                 ? shape::kCarriedOverDays + 1 - to_go
                 : 0;
    }
    if (!in_period) return 0;
    const bool online = stream.channel == Channel::kOnline;
    if (!day.works && !online) return 0;
    // Nobody would resolve it within the period, as all of the central agencies' are.
    if (!day.works && stream.level == Level::kCentral && day.date == timetable_.last_day()) {
      return 0;
    }
    const auto month = static_cast<std::size_t>(Split(day.date).month - 1);
    const int weekday = IsoWeekday(day.date);
    const bool weekend = weekday > 5;
    const int of_day = day.works || weekend
                           ? shape::kWeekdays.at(static_cast<std::size_t>(weekday - 1))
                           : shape::kPublicHoliday;
    return static_cast<std::int64_t>(shape::kMonths.at(month)) * of_day * LullOf(day.date);
  }

  // Working days until the period, from 1 for the last one before it.
  int DaysToPeriod(const Day& day) const {
    if (day.date >= timetable_.first_day()) return 0;
    const Step first = timetable_.FirstOfficeFrom(timetable_.first_day());
    return timetable_.OfficeBetween(day.first, first) / timetable_.steps_a_day();
  }

  void GiveTimes(const Stream& stream, Random& random, std::vector<Dossier>& came) const {
    Weights of_days;
    for (const Day& day : days_) of_days.push_back(WeightOf(day, stream));
    const std::vector<int> dealt = Deal(stream.count, of_days);
    const auto working = std::count_if(dealt.begin(), dealt.end(), [&](int day) {
      return days_[static_cast<std::size_t>(day)].works;
    });
    std::vector<int> at_work = Deal(static_cast<int>(working), PlacesAtWork(stream.channel));
    std::vector<int> at_rest =
        Deal(stream.count - static_cast<int>(working),
             Weights(shape::kOnlineDayOff.begin(), shape::kOnlineDayOff.end()));
    random.Shuffle(at_work);
    random.Shuffle(at_rest);
    for (std::size_t i = 0; i < dealt.size(); ++i) {
      const Day& day = days_[static_cast<std::size_t>(dealt[i])];
      std::vector<int>& places = day.works ? at_work : at_rest;
      came[i].received = static_cast<Step>(day.first + places.back());
      places.pop_back();
      const Step last = timetable_.LastOfficeUntil(timetable_.last_day());
      if (stream.level == Level::kCentral && came[i].received > last) {
        came[i].received = static_cast<Step>(last - random.Below(timetable_.steps_a_day()));
      }
    }
  }

  // Of a working day's steps: one before the office, those in it, three after it.
  static Weights PlacesAtWork(Channel channel) {
    const int office = std::accumulate(shape::kOfficeHours.begin(), shape::kOfficeHours.end(), 0);
    constexpr int kWhole = 1'000;
    Weights weights = {0};
    for (std::size_t i = 0; i < shape::kOfficeHours.size(); ++i) {
      const bool post =
          std::count(shape::kPostComes.begin(), shape::kPostComes.end(), static_cast<int>(i)) != 0;
      if (channel == Channel::kPostal) {
        weights.push_back(post ? 1 : 0);
      } else {
        weights.push_back(shape::kOfficeHours.at(i) * kWhole / office);
      }
    }
    if (channel == Channel::kOnline) {
      weights.front() = shape::kOnlineAround.front();
      weights.insert(weights.end(), shape::kOnlineAround.begin() + 1, shape::kOnlineAround.end());
    }
    return weights;
  }

  // Three online of counters of the city, one of the central agencies.
  static int GroupOf(const catalogue::Procedure& procedure) {
    if (procedure.tier == codes::Tier::kCentral) return 3;
    if (procedure.tier == codes::Tier::kCommune) return 2;
    const bool begins_at_ward = !procedure.route.empty() && !procedure.route.front().unit;
    return begins_at_ward ? 1 : 0;
  }

  Offer OfferOf(int group, const Stream& stream) const {
    Offer offer;
    const auto& procedures = catalogue_.procedures();
    std::map<std::string, std::vector<std::uint16_t>> by_field;
    for (std::size_t i = 0; i < procedures.size(); ++i) {
      if (GroupOf(procedures[i]) != group) continue;
      if (stream.channel == Channel::kOnline && !online_.contains(procedures[i].code)) continue;
      if ((stream.carried_over || stream.fate == Fate::kWithdrawn) && !IsLong(procedures[i])) {
        continue;
      }
      by_field[procedures[i].field].push_back(static_cast<std::uint16_t>(i));
    }
    for (auto& [field, members] : by_field) {
      // Within a field a few are asked for most, which ones is drawn.
      std::sort(members.begin(), members.end(), [&](std::uint16_t a, std::uint16_t b) {
        return HashBytes(procedures[a].code.value(), seed_) <
               HashBytes(procedures[b].code.value(), seed_);
      });
      int weight = shape::kFieldWeight;
      for (const shape::FieldWeight& of : shape::kFields) {
        if (of.field == field) weight = of.weight;
      }
      std::int64_t sum = 0;
      constexpr std::int64_t kFirst = 840'000;
      for (std::size_t i = 0; i < members.size(); ++i) {
        sum += kFirst / static_cast<std::int64_t>(i + 2);
      }
      for (std::size_t i = 0; i < members.size(); ++i) {
        offer.procedures.push_back(members[i]);
        offer.weights.push_back(weight * kFirst * kFirst / static_cast<std::int64_t>(i + 2) / sum);
      }
    }
    return offer;
  }

  static bool IsLong(const catalogue::Procedure& procedure) {
    constexpr std::int32_t kTenDays = 10'000;
    return procedure.term.milli >= kTenDays && !deadline::CountsHours(procedure.term.unit);
  }

  // What has a term of ten days is the centre's, so that it is there when the period begins.
  void GiveProcedures(const Stream& stream, Random& random, std::vector<Dossier>& came) const {
    const bool waits = stream.carried_over || stream.fate == Fate::kWithdrawn;
    Weights groups = {0, 0, 0, 1};
    if (stream.level == Level::kCity) {
      groups.assign(shape::kCityGroups.begin(), shape::kCityGroups.end());
      if (waits) groups = {1, 0, 0};
    }
    std::vector<std::pair<std::uint16_t, std::uint16_t>> places;  // procedure, unit
    const std::vector<int> shares = Apportion(stream.count, groups);
    for (std::size_t group = 0; group < shares.size(); ++group) {
      if (shares[group] == 0) continue;
      const Offer offer = OfferOf(static_cast<int>(group), stream);
      std::vector<int> asked = Deal(shares[group], offer.weights);
      std::vector<int> units(asked.size(), centre_);
      if (group == 1 || group == 2) {
        units = Deal(shares[group], Weights(shape::kWards.begin(), shape::kWards.end()));
        for (int& unit : units) unit = wards_[static_cast<std::size_t>(unit)];
        random.Shuffle(units);
      }
      for (std::size_t i = 0; i < asked.size(); ++i) {
        places.emplace_back(offer.procedures[static_cast<std::size_t>(asked[i])],
                            static_cast<std::uint16_t>(units[i]));
      }
    }
    random.Shuffle(places);
    for (std::size_t i = 0; i < came.size(); ++i) {
      came[i].procedure = places[i].first;
      came[i].unit = places[i].second;
    }
  }

  const catalogue::Catalogue& catalogue_;
  const OnlineProcedures& online_;
  const Timetable& timetable_;
  const std::uint64_t seed_;
  const std::vector<Day> days_;
  int centre_ = -1;
  std::vector<int> wards_;
  std::vector<Dossier> made_;
};

}  // namespace

Result<std::vector<Dossier>> MakeVolumes(const catalogue::Catalogue& catalogue,
                                         const OnlineProcedures& online, const Timetable& timetable,
                                         const Figures& figures, std::uint64_t seed) {
  Maker maker(catalogue, online, timetable, seed);
  MOTCUA_RETURN_IF_ERROR(maker.FindCounters());
  const std::vector<int> posted =
      Apportion(figures.posted_in,
                std::array<std::int64_t, 2>{shape::kCityPostalIn, shape::kCentralPostalIn});
  using enum Level;
  using enum Channel;
  for (const Stream& stream : std::vector<Stream>{
           {"city direct", kCity, kDirect, figures.city_received - figures.city_online - posted[0]},
           {"city online", kCity, kOnline, figures.city_online},
           {"city post", kCity, kPostal, posted[0]},
           {"central direct", kCentral, kDirect,
            figures.central_received - figures.central_online - posted[1]},
           {"central online", kCentral, kOnline, figures.central_online},
           {"central post", kCentral, kPostal, posted[1]},
           {"carried over", kCity, kDirect, figures.carried_over, true},
           {"refused", kCity, kDirect, figures.refused, false, Fate::kRefused},
           {"withdrawn", kCity, kDirect, figures.withdrawn_before, false, Fate::kWithdrawn}}) {
    maker.Add(stream);
  }
  return maker.Take();
}

}  // namespace motcua::replay
