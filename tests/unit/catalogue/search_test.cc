// Goal: a procedure is found by words as people type them, and what a catalogue covers is counted.
// Method: a small catalogue of look-alikes; the built-in one against the figures of the report.
#include "services/domain/catalogue/search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "services/platform/catalogue/catalogue_files.h"

namespace motcua::catalogue {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::shared_ptr<const Catalogue> Names(const std::vector<const char*>& names) {
  std::vector<Procedure> procedures;
  for (const char* name : names) {
    Procedure p;
    p.code = cases::ProcedureCode("1.00000" + std::to_string(procedures.size()));
    p.name = name;
    p.field = "Hộ tịch";
    procedures.push_back(std::move(p));
  }
  return Catalogue::Make({}, std::move(procedures), {}).value();
}

std::vector<std::string> Found(const Catalogue& catalogue, std::string_view text) {
  std::vector<std::string> names;
  const auto hits = Search(ProceduresOn(catalogue, std::nullopt), text);
  EXPECT_TRUE(hits.ok()) << hits.status().message();
  for (const Hit& hit : *hits) {
    names.push_back((hit.with_marks ? "=" : "~") + hit.procedure->name);
  }
  return names;
}

TEST(Search, ExactAccentsComeFirstThenVietnameseOrder) {
  const auto c = Names({"Lận đận", "Lan can", "Lần đầu", "Làn đường", "Đất lan", "Lân la"});
  EXPECT_THAT(Found(*c, "lan"),
              ElementsAre("=Đất lan", "=Lan can", "~Làn đường", "~Lận đận", "~Lần đầu", "~Lân la"));
  EXPECT_THAT(Found(*c, "LẦN"),
              ElementsAre("=Lần đầu", "~Đất lan", "~Lan can", "~Làn đường", "~Lận đận", "~Lân la"));
  EXPECT_THAT(Found(*c, "dat"), ElementsAre("~Đất lan"));
}

TEST(Search, AllWordsInAnyOrderEachTheBeginningOfOne) {
  const auto c = Names({"Đăng ký khai sinh", "Đăng ký lại khai sinh", "Khai báo (tạm vắng)"});
  EXPECT_THAT(Found(*c, "sinh khai"), ElementsAre("=Đăng ký khai sinh", "=Đăng ký lại khai sinh"));
  EXPECT_THAT(Found(*c, "kh si lai"), ElementsAre("~Đăng ký lại khai sinh"));
  EXPECT_THAT(Found(*c, "tam"), ElementsAre("~Khai báo (tạm vắng)"));
  EXPECT_THAT(Found(*c, "inh"), IsEmpty()) << "no part of a word";
  EXPECT_THAT(Found(*c, "1.000002"), ElementsAre("=Khai báo (tạm vắng)"));
  EXPECT_THAT(Found(*c, "ho tich bao"), ElementsAre("~Khai báo (tạm vắng)")) << "the field, too";
}

// Old and new places of the tone mark are one word.
TEST(Search, HoaIsHoaWhereverItsToneIs) {
  EXPECT_THAT(Found(*Names({"Hòa giải"}), "hoà"), ElementsAre("=Hòa giải"));
}

TEST(Search, RefusesWhatIsNoQuestion) {
  const auto c = BuiltinCatalogue();
  const auto all = ProceduresOn(*c, std::nullopt);
  EXPECT_EQ(Search(all, "").status().reason(), Reason::kFieldInvalid);
  EXPECT_EQ(Search(all, " ,;( ").status().reason(), Reason::kFieldInvalid);
  EXPECT_EQ(Search(all, std::string(kSearchBytesMax + 1, 'a')).status().reason(),
            Reason::kFieldInvalid);
}

TEST(Search, WithoutAccentsFindsWhatWithAccentsFinds) {
  const auto c = BuiltinCatalogue();
  const auto all = ProceduresOn(*c, std::nullopt);
  const auto with = Search(all, "đăng ký khai sinh").value();
  const auto without = Search(all, "dang ky khai sinh").value();
  EXPECT_GE(with.size(), 5U);
  EXPECT_EQ(with.size(), without.size());
  EXPECT_TRUE(with.front().with_marks);
  EXPECT_FALSE(without.front().with_marks);
}

TEST(Coverage, OfTheSampleEqualsTheReport) {
  const auto c = BuiltinCatalogue();
  std::map<std::string, std::size_t> counts;
  std::map<std::string, std::size_t> sums;
  for (const CoverageRow& row : Coverage(*c, ProceduresOn(*c, std::nullopt))) {
    counts[std::string(row.group) + "." + row.key] = row.count;
    sums[std::string(row.group)] += row.count;
  }
  EXPECT_EQ(counts["all.all"], 491U);
  EXPECT_EQ(counts["tier.city"], 283U);
  EXPECT_EQ(counts["tier.commune"], 107U);
  EXPECT_EQ(counts["tier.central"], 101U);
  EXPECT_EQ(counts["interconnection.vertical2"], 34U);
  EXPECT_EQ(counts["interconnection.vertical3"], 18U);
  EXPECT_EQ(counts["interconnection.horizontal"], 23U);
  EXPECT_EQ(counts["interconnection.none"], 416U);
  EXPECT_EQ(counts["known.papers"], 480U);
  EXPECT_EQ(counts["known.term_text"], 491U);
  EXPECT_EQ(counts["term_unit.same_day"], 13U);
  EXPECT_EQ(counts["term_unit.working_days"], 379U);
  EXPECT_EQ(counts["term_unit.calendar_days"], 86U);
  EXPECT_EQ(counts["term_unit.working_hours"] + counts["term_unit.clock_hours"], 10U);
  EXPECT_EQ(counts["term_unit.months"], 3U);
  EXPECT_EQ(counts["field.Đất đai"], 36U);
  EXPECT_EQ(counts["field.Hộ tịch"], 36U);
  for (const char* group : {"tier", "interconnection", "online", "term_unit", "field"}) {
    EXPECT_EQ(sums[group], 491U) << group;
  }
}

TEST(ProceduresOn, ADayHasOneVersionOfEach) {
  Procedure old;
  old.code = cases::ProcedureCode("1.000001");
  old.valid.to = MakeDate(2026, 8, 31);
  Procedure now = old;
  now.version = 2;
  now.valid = {MakeDate(2026, 9, 1), std::nullopt};
  const auto c = Catalogue::Make({}, {now, old}, {}).value();
  const auto version = [&](std::optional<CivilDate> on) {
    const auto chosen = ProceduresOn(*c, on);
    return chosen.size() == 1 ? chosen[0]->version : 0;
  };
  EXPECT_EQ(version(std::nullopt), 2U);
  EXPECT_EQ(version(MakeDate(2026, 8, 31)), 1U);
  EXPECT_EQ(version(MakeDate(2026, 9, 1)), 2U);
}

}  // namespace
}  // namespace motcua::catalogue
