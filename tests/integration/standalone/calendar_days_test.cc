// Goal: through the programs, no dossier is refused or stuck because a list of holidays ends, and
// who reads an answer sees when its date is provisional.
// Method: `motcua standalone` under the clock of late 2026 and of later years; once on a copy of
//         the catalogue whose only calendar ends with 2026, then on the built-in one.
#include <gmock/gmock.h>

#include "tests/integration/standalone/running.h"

namespace motcua::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> Receive(const std::string& procedure) {
  return {"dossier",     "receive", "--unit",    "000.23.10.H49",
          "--procedure", procedure, "--channel", "direct"};
}
std::vector<std::string> Json(std::vector<std::string> words) {
  words.insert(words.end(), {"--format", "json"});
  return words;
}

// The catalogue as it was before anything was known of 2027.
std::string CatalogueOf2026(const TempDir& temp) {
  const std::filesystem::path folder = temp.path() / "catalogue";
  std::filesystem::copy(std::filesystem::path(MOTCUA_SOURCE_DIR) / "deploy" / "catalogue", folder,
                        std::filesystem::copy_options::recursive);
  std::filesystem::remove(folder / "calendars" / "vn-state-2.toml");
  std::ofstream file(folder / "calendars" / "vn-state.toml", std::ios::app);
  file << "\nprovisional_until = 2026-12-31\n";
  return folder.string();
}

TEST(Faults, C1_WhatEndsInTheNextYearIsReceived) {
  const TempDir temp;
  const Services services(temp.path() / "data", {"--scenario", "2026-11-27T09:00:00+07:00"});
  ASSERT_FALSE(services.address().empty()) << services.log();
  EXPECT_THAT(services.log(), HasSubstr("calendar=vn-state version=2 decided_days=400"));
  const Ran ran = Motcua(services.address(), Json(Receive("1.012782")));
  EXPECT_EQ(ran.exit_code, 0) << ran.out;
  EXPECT_THAT(testing::Json(ran)["due_time"].get<std::string>(), HasSubstr("2027-"));
  EXPECT_EQ(testing::Json(ran)["due_provisional"], false);
}

TEST(Faults, C1_AProvisionalDateIsSaidToBeOne) {
  const TempDir temp;
  const Services services(temp.path() / "data", {"--scenario", "2027-12-30T09:00:00+07:00"});
  ASSERT_FALSE(services.address().empty()) << services.log();
  EXPECT_THAT(services.log(), HasSubstr("end soon"));
  const Ran ran = Motcua(services.address(), Json(Receive("1.000893")));
  ASSERT_EQ(ran.exit_code, 0) << ran.out;
  EXPECT_EQ(testing::Json(ran)["due_provisional"], true);
  const std::string dossier = testing::Json(ran)["dossier"];
  const Ran shown = Motcua(services.address(), Json({"dossier", "show", dossier}));
  EXPECT_EQ(testing::Json(shown)["dossier"]["due_provisional"], true) << shown.out;
  const Ran table = Motcua(services.address(), {"dossier", "show", dossier});
  EXPECT_THAT(table.out, HasSubstr("Lịch tạm tính"));
  const Ran deadline = Motcua(services.address(), {"deadline", "show", dossier});
  EXPECT_THAT(deadline.out, HasSubstr("Lịch tạm tính: chưa có quyết định về ngày nghỉ"));
}

TEST(Faults, C2_AnOpenDossierGoesOnInTheNextYear) {
  const TempDir temp;
  const std::string data = (temp.path() / "data").string();
  std::string dossier;
  {
    const Services services(
        data, {"--scenario", "2026-11-27T09:00:00+07:00", "--catalogue", CatalogueOf2026(temp)});
    ASSERT_FALSE(services.address().empty()) << services.log();
    const Ran ran = Motcua(services.address(), Json(Receive("1.012781")));
    ASSERT_EQ(ran.exit_code, 0) << ran.out;
    dossier = testing::Json(ran)["dossier"];
    ASSERT_EQ(Motcua(services.address(), {"dossier", "supplement", "request", dossier}).exit_code,
              0);
  }
  const Services services(data, {"--scenario", "2026-12-29T09:00:00+07:00"});
  ASSERT_FALSE(services.address().empty()) << services.log();
  const Ran back = Motcua(services.address(), {"dossier", "supplement", "receive", dossier});
  EXPECT_EQ(back.exit_code, 0) << back.out;
  const Ran deadline = Motcua(services.address(), Json({"deadline", "show", dossier}));
  EXPECT_EQ(testing::Json(deadline)["calendar"], "vn-state/2");
  EXPECT_EQ(testing::Json(deadline)["due_provisional"], false);
  EXPECT_THAT(deadline.out, Not(HasSubstr("Không tính lại được hạn")));
  // Its route is not finished: what ends it is the citizen.
  EXPECT_EQ(Motcua(services.address(), {"dossier", "withdraw", dossier}).exit_code, 0);
}

}  // namespace
}  // namespace motcua::testing
