// Goal: the catalogues that are built in are whole, and Quảng Ninh 2026 has the units, versions and
// limits of its law.
// Method: both checked to the end and compared with their folders; figures and limits of the domain
//         rulebook.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "services/domain/catalogue/changes.h"
#include "services/platform/catalogue/check_files.h"

namespace motcua::catalogue {
namespace {

using ::testing::HasSubstr;

const Catalogue& QuangNinh() {
  static const auto kLoaded = LoadCatalogue(std::string(kQuangNinh2026)).value();
  return *kLoaded;
}

TEST(Builtin, NothingIsPutAsideAndTheFolderIsTheSame) {
  const std::pair<std::string_view, const char*> all[] = {
      {kHaLong2020, "catalogue"}, {kQuangNinh2026, "catalogue-quang-ninh-2026"}};
  for (const auto& [name, folder] : all) {
    const auto path = std::filesystem::path(MOTCUA_SOURCE_DIR) / "deploy" / folder;
    const auto of_folder = CheckCatalogue(ReadCatalogueFolder(path).value().files()).value();
    for (const Finding& f : of_folder.findings) {
      EXPECT_FALSE(f.refused) << f.file << ":" << f.line << ": " << f.reason;
    }
    const auto builtin = LoadCatalogue(std::string(name));
    ASSERT_TRUE(builtin.ok()) << builtin.status().message();
    const Changes changes = Compare(**builtin, *of_folder.catalogue);
    EXPECT_TRUE(changes.units.empty() && changes.procedures.empty() && changes.calendars.empty());
    EXPECT_EQ((*builtin)->procedures().size(), of_folder.catalogue->procedures().size());
  }
  EXPECT_TRUE(BuiltinCatalogueFiles("nowhere").empty());
}

TEST(Builtin, ChangesAreFoundOneByOne) {
  const Changes changes = Compare(*BuiltinCatalogue(), QuangNinh());
  EXPECT_THAT(changes.procedures.added, testing::ElementsAre("2.002622"));
  EXPECT_THAT(changes.procedures.removed, testing::IsEmpty());
  EXPECT_THAT(changes.procedures.changed, testing::Contains("2.000986"));
  EXPECT_THAT(changes.calendars.removed, testing::ElementsAre("vn-state version 1"));
  EXPECT_THAT(changes.calendars.changed, testing::IsEmpty());
  EXPECT_THAT(changes.units.added, testing::Contains("H49.101"));
}

// The part of `law` that `cut` does without, in thousandths.
std::int64_t CutMilli(const deadline::Term& cut, const deadline::Term& law) {
  constexpr std::int64_t kDaysPerMonth = 30;
  const bool months = law.unit == deadline::TermUnit::kMonths;
  const std::int64_t whole = law.milli * (months ? kDaysPerMonth : 1);
  EXPECT_EQ(cut.unit, months ? deadline::TermUnit::kCalendarDays : law.unit);
  return 1000 - cut.milli * std::int64_t{1000} / whole;
}

// The rules that stand as a comment in the sample's policies.toml: more than 32 % for the city, 30
// % for the communes, in every row whose term can be less; the law's term beside, every route fits.
TEST(HaLong2020, TheCutsOfItsReportHoldForEveryRow) {
  CatalogueTexts texts = ReadCatalogue("").value();
  std::string policies;
  for (const CatalogueFile& file : texts.files()) {
    if (file.path == "policies.toml") policies = file.text;
  }
  for (std::size_t at = policies.find("#   "); at != std::string::npos;
       at = policies.find("#   ", at)) {
    policies.erase(at, 4);
  }
  texts.Put("policies.toml", policies);
  const auto cut = ParseCatalogue(texts.files());
  ASSERT_TRUE(cut.ok()) << cut.status().message();
  std::map<codes::Tier, std::size_t> rows;
  for (const Procedure& p : (*cut)->procedures()) {
    const auto& law = (*cut)->SheetOf(p).statutory_term;
    const Procedure& published = *BuiltinCatalogue()->FindProcedure(p.code);
    EXPECT_EQ(law.value_or(p.term), published.term) << p.code.value();
    if (!law) continue;
    ++rows[p.tier];
    const std::int64_t promised = p.tier == codes::Tier::kCity ? 321 : 300;
    EXPECT_GE(CutMilli(p.term, *law), promised) << p.code.value();
    EXPECT_GT(p.term.milli, 0) << p.code.value();
  }
  EXPECT_EQ(rows[codes::Tier::kCentral], 0U);
  // All but those of the same day or of one day by the calendar, and the two joint ones.
  const auto least = [](codes::Tier tier) {
    const auto& all = BuiltinCatalogue()->procedures();
    return std::count_if(all.begin(), all.end(), [tier](const Procedure& p) {
      const bool one_day = p.term == deadline::Term{1000, deadline::TermUnit::kCalendarDays};
      return p.tier == tier && (p.term.milli == 0 || one_day);
    });
  };
  EXPECT_EQ(rows[codes::Tier::kCity] + static_cast<std::size_t>(least(codes::Tier::kCity)), 283U);
  EXPECT_EQ(rows[codes::Tier::kCommune] + static_cast<std::size_t>(least(codes::Tier::kCommune)),
            107U - 2U);
}

TEST(QuangNinh2026, HasItsCommunes) {
  std::map<UnitKind, std::size_t> kinds;
  for (const Unit& unit : QuangNinh().units()) {
    if (!unit.valid.to) ++kinds[unit.kind];
  }
  EXPECT_EQ(kinds[UnitKind::kWard], 30U);
  EXPECT_EQ(kinds[UnitKind::kCommune], 22U);
  EXPECT_EQ(kinds[UnitKind::kSpecialZone], 2U);
  EXPECT_EQ(kinds[UnitKind::kCentralCity], 1U);
  EXPECT_EQ(kinds[UnitKind::kCity], 0U) << "no level between";
  const Unit& ended = *QuangNinh().FindUnit(cases::UnitCode("000.00.10.H49"));
  EXPECT_EQ(ended.successors.size(), 11U);
}

TEST(QuangNinh2026, TheJointBirthChangesOnTheFirstOfSeptember) {
  const cases::ProcedureCode code("2.000986");
  const Procedure* const before = QuangNinh().FindProcedure(code, MakeDate(2026, 8, 31));
  const Procedure* const after = QuangNinh().FindProcedure(code, MakeDate(2026, 9, 1));
  ASSERT_TRUE(before != nullptr && after != nullptr);
  EXPECT_EQ(before->version, 1U);
  EXPECT_EQ(deadline::FormatTerm(before->term), "20wd");
  EXPECT_EQ(before->route.size(), 4U);
  EXPECT_EQ(after->version, 2U);
  EXPECT_EQ(deadline::FormatTerm(after->term), "3wd");
  ASSERT_EQ(after->route.size(), 3U);
  EXPECT_EQ(deadline::FormatTerm(after->route[0].term), "24ch");
  EXPECT_EQ(deadline::FormatTerm(after->route[1].term), "2wd");
  EXPECT_THAT(QuangNinh().SheetOf(*after).document, HasSubstr("301/2026"));
  EXPECT_EQ(QuangNinh().SheetOf(*after).papers, QuangNinh().SheetOf(*before).papers);
}

TEST(QuangNinh2026, TheJointDeathHasTheLimitsOfItsParts) {
  const cases::ProcedureCode code("2.002622");
  EXPECT_EQ(QuangNinh().FindProcedure(code, MakeDate(2026, 8, 31)), nullptr);
  const Procedure* const death = QuangNinh().FindProcedure(code, MakeDate(2026, 9, 1));
  ASSERT_NE(death, nullptr);
  ASSERT_EQ(death->route.size(), 3U);
  EXPECT_EQ(deadline::FormatTerm(death->route[0].term), "24ch");
  EXPECT_EQ(deadline::FormatTerm(death->route[1].term), "1wd");
  EXPECT_EQ(deadline::FormatTerm(death->route[2].term), "8wd");
}

}  // namespace
}  // namespace motcua::catalogue
