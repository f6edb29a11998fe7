// Goal: a dossier lives by the version of its procedure that was in force on its day of receipt,
// and a unit takes dossiers only while it is there.
// Method: small catalogues in memory with versions and units that end; receipts on both sides of
//         each border, to the second.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/cases/life.h"

namespace motcua::cases {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using testing::Life;
using ::testing::Pair;

constexpr std::string_view kCalendar =
    "id = \"c\"\nzone = \"+07:00\"\nfirst = 2024-01-01\nlast = 2027-12-31\n"
    "office_hours = [\"07:30-11:30\", \"13:30-17:00\"]\n";
// The city's centre ended with the districts; its ward goes on. The department's work went to one
// other, the land office's to two.
constexpr std::string_view kUnits =
    "code,name,calendar,valid_from,valid_to,successors\n"
    "000.23.10.H49,Một cửa,c,,2025-06-30,000.31.10.H49\n"
    "000.31.10.H49,Phường,c,2025-07-01,,\n"
    "000.05.10.H49,Phòng,c,,2025-06-30,000.06.10.H49\n"
    "000.06.10.H49,Phòng mới,c,2025-07-01,2026-06-30,000.07.10.H49\n"
    "000.07.10.H49,Phòng mới nữa,c,2026-07-01,,\n"
    "000.20.10.H49,Chi nhánh,c,,2025-06-30,000.06.10.H49 000.31.10.H49\n"
    "000.99.10.H49,Một cửa lâu dài,c,,,\n";
constexpr std::string_view kProcedures =
    "code,name,field,term,version,valid_from,valid_to,interconnection\n"
    "1.000001,Khai sinh,Hộ tịch,3wd,1,2025-01-01,2026-08-31,none\n"
    "1.000001,Khai sinh,Hộ tịch,24ch,4,2026-09-01,2027-02-28,none\n"
    "1.000002,Khác,Đất đai,10wd,1,,,vertical2\n"
    "1.000003,Đất,Đất đai,10wd,1,,,horizontal\n";
constexpr std::string_view kRoutes =
    "[[route]]\ninterconnection = \"vertical2\"\nlegs = [\n"
    "  { stage = 1, unit = \"000.05.10.H49\", lead = true, share = 1.0 },\n]\n"
    "[[route]]\ninterconnection = \"horizontal\"\nlegs = [\n"
    "  { stage = 1, unit = \"000.20.10.H49\", lead = true, share = 1.0 },\n]\n";

std::shared_ptr<const catalogue::Catalogue> Law() {
  static const auto kLaw = [] {
    const catalogue::CatalogueFile files[] = {{"calendars/c.toml", kCalendar},
                                              {"units.csv", kUnits},
                                              {"procedures.csv", kProcedures},
                                              {"routes.toml", kRoutes}};
    auto made = catalogue::ParseCatalogue(files);
    EXPECT_TRUE(made.ok()) << made.status().message();
    return std::move(made).value();
  }();
  return kLaw;
}

const UnitCode kLasting("000.99.10.H49");

ReceiveDossier Receive(const char* procedure, const UnitCode& unit = kLasting) {
  return {unit, ProcedureCode(procedure), Channel::kDirect, ReturnMode::kCounter};
}

Status ReceiveAt(Life& life, const char* zoned, const ReceiveDossier& action) {
  life.SetCatalogue(Law());
  life.SetNow(zoned);
  return life.Do(action);
}

TEST(Validity, TheDayOfReceiptChoosesTheVersion) {
  struct Case {
    const char* received;
    std::uint32_t version;
    const char* term;
  };
  const Case cases[] = {
      {"2025-01-01T00:00:00+07:00", 1, "3wd"},  {"2026-08-31T23:59:59+07:00", 1, "3wd"},
      {"2026-08-31T16:59:59Z", 1, "3wd"},       {"2026-08-31T17:00:00Z", 4, "24ch"},
      {"2026-09-01T00:00:00+07:00", 4, "24ch"}, {"2027-02-28T23:59:59+07:00", 4, "24ch"},
  };
  for (const Case& at : cases) {
    Life life;
    const Status status = ReceiveAt(life, at.received, Receive("1.000001"));
    ASSERT_TRUE(status.ok()) << status.ToString();
    const auto& received = LeafOf<DossierReceived>(life.last().payload);
    EXPECT_EQ(received.procedure_version, at.version) << at.received;
    EXPECT_EQ(deadline::FormatTerm(received.term), at.term) << at.received;
  }
}

TEST(Validity, BeforeAllVersionsAndAfterTheLastIsRefusedByName) {
  for (const char* received : {"2024-12-31T23:59:59+07:00", "2027-03-01T00:00:00+07:00"}) {
    Life life;
    const Status status = ReceiveAt(life, received, Receive("1.000001"));
    EXPECT_EQ(status.reason(), Reason::kProcedureUnknown);
    EXPECT_THAT(
        status.message(),
        HasSubstr("procedure 1.000001 is not in force on " + std::string(received).substr(0, 10) +
                  "; it is in force: from 2025-01-01 until 2026-08-31, from 2026-09-01 "
                  "until 2027-02-28"));
    EXPECT_THAT(status.metadata(), Contains(Pair("procedure", "1.000001")));
  }
  Life life;
  const Status status = ReceiveAt(life, "2026-09-01T09:00:00+07:00", Receive("1.000009"));
  EXPECT_THAT(status.message(), HasSubstr("procedure 1.000009 is not in the catalogue"));
}

// What was received under the old rule keeps it, also when it stops and starts again.
TEST(Validity, AnOpenDossierKeepsItsVersion) {
  Life life;
  ASSERT_TRUE(ReceiveAt(life, "2026-08-31T09:00:00+07:00", Receive("1.000001")).ok());
  ASSERT_TRUE(life.Do(RequestSupplement{{1}}).ok());
  life.SetNow("2026-09-07T09:00:00+07:00");
  ASSERT_TRUE(life.Do(ReceiveSupplement{}).ok());
  EXPECT_EQ(FormatZonedTime(*life.dossier().clock.now.due), "2026-09-10T17:00:00+07:00");
}

TEST(Validity, AUnitThatHasEndedNamesWhoGoesOn) {
  const UnitCode centre("000.23.10.H49");
  const UnitCode ward("000.31.10.H49");
  Life last;
  EXPECT_TRUE(ReceiveAt(last, "2025-06-30T23:59:59+07:00", Receive("1.000001", centre)).ok());
  Life next;
  const Status ended = ReceiveAt(next, "2025-07-01T00:00:00+07:00", Receive("1.000001", centre));
  EXPECT_EQ(ended.reason(), Reason::kUnitUnknown);
  EXPECT_EQ(ended.message(),
            "unit 000.23.10.H49 is not in force on 2025-07-01 (until 2025-06-30); its work goes "
            "on at 000.31.10.H49");
  EXPECT_THAT(ended.metadata(), Contains(Pair("successors", "000.31.10.H49")));
  EXPECT_TRUE(next.Do(Receive("1.000001", ward)).ok());
  Life early;
  EXPECT_THAT(ReceiveAt(early, "2025-06-30T09:00:00+07:00", Receive("1.000001", ward)).message(),
              HasSubstr("is not in force on 2025-06-30 (from 2025-07-01)"));
}

// A route leads to the unit that does the work on the day, when it is one.
TEST(Validity, ALegGoesToTheOneSuccessor) {
  const std::pair<const char*, const char*> cases[] = {
      {"2025-06-30T09:00:00+07:00", "000.05.10.H49"},
      {"2025-07-01T09:00:00+07:00", "000.06.10.H49"},
      {"2026-07-01T09:00:00+07:00", "000.07.10.H49"},
  };
  for (const auto& [received, unit] : cases) {
    Life life;
    const Status status = ReceiveAt(life, received, Receive("1.000002"));
    ASSERT_TRUE(status.ok()) << status.ToString();
    EXPECT_EQ(life.dossier().route.legs[0].unit.value(), unit) << received;
  }
  Life life;
  EXPECT_TRUE(ReceiveAt(life, "2025-06-30T09:00:00+07:00", Receive("1.000003")).ok());
  Life two;
  const Status status = ReceiveAt(two, "2025-07-01T09:00:00+07:00", Receive("1.000003"));
  EXPECT_THAT(status.message(), HasSubstr("its work goes on at 000.06.10.H49, 000.31.10.H49"));
}

}  // namespace
}  // namespace motcua::cases
