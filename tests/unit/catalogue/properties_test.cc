// Goal: a catalogue holds for each day at most one version, finds it, and has no circle of units.
// Method: thousands of small random catalogues from one seed, against slow models.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "services/domain/catalogue/catalogue.h"

namespace motcua::catalogue {
namespace {

constexpr std::uint32_t kSeed = 20260901;
constexpr int kRounds = 3000;
constexpr int kDays = 12;  // of the small world in which versions begin and end

class Random {
 public:
  int Below(int limit) { return static_cast<int>(engine_() % static_cast<std::uint32_t>(limit)); }
  std::optional<CivilDate> Day() {
    const int day = Below(kDays + 4);
    if (day >= kDays) return std::nullopt;
    return Start() + day;
  }
  static CivilDate Start() { return MakeDate(2026, 8, 28); }

 private:
  std::mt19937 engine_{kSeed};
};

std::vector<Procedure> RandomVersions(Random& random) {
  std::vector<Procedure> versions;
  const int count = 1 + random.Below(3);
  for (int i = 0; i < count; ++i) {
    Procedure p;
    p.code = cases::ProcedureCode("1.000001");
    p.version = static_cast<std::uint32_t>(i + 1);
    p.valid = {random.Day(), random.Day()};
    versions.push_back(std::move(p));
  }
  return versions;
}

// The versions that hold on a day, one by one.
std::vector<std::uint32_t> HoldingOn(const std::vector<Procedure>& versions, CivilDate day) {
  std::vector<std::uint32_t> holding;
  for (const Procedure& p : versions) {
    if ((!p.valid.from || *p.valid.from <= day) && (!p.valid.to || *p.valid.to >= day)) {
      holding.push_back(p.version);
    }
  }
  return holding;
}

TEST(Properties, ADayHasAtMostOneVersionAndItIsFound) {
  Random random;
  int taken = 0;
  for (int round = 0; round < kRounds; ++round) {
    const std::vector<Procedure> versions = RandomVersions(random);
    // Open ends reach beyond the small world on both sides.
    bool once = true;
    bool ordered = true;
    for (int day = -1; day <= kDays; ++day) {
      once = once && HoldingOn(versions, Random::Start() + day).size() <= 1;
    }
    for (const Procedure& p : versions) ordered = ordered && !p.valid.empty();
    const auto made = Catalogue::Make({}, versions, {});
    ASSERT_EQ(made.ok(), once && ordered) << "round " << round << ": " << made.status().message();
    if (!made.ok()) continue;
    ++taken;
    for (int day = -1; day <= kDays; ++day) {
      const auto expected = HoldingOn(versions, Random::Start() + day);
      const Procedure* const found =
          (*made)->FindProcedure(versions[0].code, Random::Start() + day);
      ASSERT_EQ(found != nullptr, !expected.empty()) << "round " << round << ", day " << day;
      ASSERT_TRUE(found == nullptr || found->version == expected[0]);
    }
  }
  EXPECT_GT(taken, kRounds / 10) << "both outcomes are common";
  EXPECT_LT(taken, kRounds * 9 / 10);
}

std::shared_ptr<const calendar::Calendar> AnyCalendar() {
  calendar::CalendarSpec spec;
  spec.id = calendar::CalendarId("c");
  spec.version = calendar::CalendarVersion(1);
  spec.first = MakeDate(2020, 1, 1);
  spec.last = MakeDate(2030, 12, 31);
  spec.office_hours = {{450, 1020}};
  return calendar::Calendar::Make(std::move(spec)).value();
}

cases::UnitCode CodeOf(int i) { return cases::UnitCode("H49." + std::to_string(i + 1)); }

// Whether a path over parents leads from a unit to itself.
bool HasCircle(const std::vector<Unit>& units) {
  const std::size_t count = units.size();
  std::vector<std::vector<bool>> reaches(count, std::vector<bool>(count, false));
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t k = 0; k < count; ++k) reaches[i][k] = units[i].parent == units[k].code;
  }
  for (std::size_t via = 0; via < count; ++via) {
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t k = 0; k < count; ++k) {
        if (reaches[i][via] && reaches[via][k]) reaches[i][k] = true;
      }
    }
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (reaches[i][i]) return true;
  }
  return false;
}

TEST(Properties, ATreeOfUnitsHasNoCircleAndNoStranger) {
  const auto calendar = AnyCalendar();
  Random random;
  int taken = 0;
  for (int round = 0; round < kRounds; ++round) {
    std::vector<Unit> units;
    const int count = 2 + random.Below(5);
    bool stranger = false;
    for (int i = 0; i < count; ++i) {
      Unit unit;
      unit.code = CodeOf(i);
      unit.calendar = calendar->id();
      const int parent = random.Below(count * 2);
      if (parent <= count) unit.parent = CodeOf(parent == count ? 90 : parent);
      stranger = stranger || parent == count;
      units.push_back(std::move(unit));
    }
    const auto made = Catalogue::Make(units, {}, {calendar});
    ASSERT_EQ(made.ok(), !stranger && !HasCircle(units))
        << "round " << round << ": " << made.status().message();
    taken += made.ok() ? 1 : 0;
  }
  EXPECT_GT(taken, kRounds / 20) << "both outcomes are common";
}

}  // namespace
}  // namespace motcua::catalogue
