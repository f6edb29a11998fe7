// Goal: the catalogues that are built in are whole, and Quảng Ninh 2026 has the units, versions and
// limits of its law.
// Method: both checked to the end and compared with their folders; figures and limits of the domain
//         rulebook.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
