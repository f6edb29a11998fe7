// Goal: every way in which units, procedures and papers do not hold together is found, all of them
// at once, and what refers to a row that was put aside goes with it.
// Method: a good small catalogue in memory with one table replaced; findings against the expected
// file, line, kind and reason.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "services/platform/catalogue/check_files.h"

namespace motcua::catalogue {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;

using Texts = std::map<std::string, std::string>;

Texts Good() {
  return {{"calendars/c.toml",
           "id = \"c\"\nzone = \"+07:00\"\nfirst = 2020-01-01\nlast = 2026-12-31\n"
           "office_hours = [\"07:30-11:30\", \"13:30-17:00\"]\n"},
          {"units.csv",
           "code,name,calendar,kind,parent,valid_from,valid_to,successors,opening_hours\n"
           "000.00.00.H49,Tỉnh,c,province,,,,,\n"
           "000.23.10.H49,Một cửa,c,one_stop,000.00.00.H49,,2025-06-30,000.31.10.H49,\n"
           "000.31.10.H49,Phường,c,ward,000.00.00.H49,2025-07-01,,,\"07:30-11:30,13:00-16:00\"\n"},
          {"procedures.csv",
           "code,name,field,term,version,valid_from,valid_to,statutory_term,document,status\n"
           "1.000001,Thủ tục một,Hộ tịch,3wd,1,,2026-08-31,5wd,,\n"
           "1.000001,Thủ tục một,Hộ tịch,24ch,2,2026-09-01,,,NĐ 301/2026,decided\n"
           "1.000002,Thủ tục hai,Đất đai,5wd,,,,,,\n"},
          {"procedure_papers.csv",
           "code,position,paper,originals,copies,required_when,version\n"
           "1.000001,1,Tờ khai,1,0,,1\n1.000001,1,Tờ khai điện tử,0,0,,2\n"
           "1.000002,1,Đơn,1,2,khi có,\n"}};
}

CheckedCatalogue Check(const Texts& texts) {
  std::vector<CatalogueFile> files;
  for (const auto& [path, text] : texts) files.push_back({path, text});
  auto checked = CheckCatalogue(files);
  EXPECT_TRUE(checked.ok()) << checked.status().message();
  return std::move(checked).value();
}

// "line kind reason" of what was refused.
std::vector<std::string> Refused(const CheckedCatalogue& checked) {
  std::vector<std::string> lines;
  for (const Finding& f : checked.findings) {
    if (f.refused) lines.push_back(std::to_string(f.line) + " " + f.kind + " " + f.reason);
  }
  return lines;
}

TEST(CheckFiles, AGoodCatalogueHasWhatIsPosted) {
  const CheckedCatalogue checked = Check(Good());
  EXPECT_THAT(Refused(checked), testing::IsEmpty());
  ASSERT_NE(checked.catalogue, nullptr);
  const Catalogue& c = *checked.catalogue;
  const Unit& old = *c.FindUnit(cases::UnitCode("000.23.10.H49"));
  EXPECT_EQ(old.kind, UnitKind::kOneStop);
  EXPECT_EQ(old.parent->value(), "000.00.00.H49");
  EXPECT_EQ(FormatValidity(old.valid), "until 2025-06-30");
  EXPECT_THAT(old.successors, testing::ElementsAre(cases::UnitCode("000.31.10.H49")));
  EXPECT_EQ(c.FindUnit(cases::UnitCode("000.31.10.H49"))->opening_hours.size(), 2U);
  const auto versions = c.VersionsOf(cases::ProcedureCode("1.000001"));
  ASSERT_EQ(versions.size(), 2U);
  EXPECT_EQ(deadline::FormatTerm(*c.SheetOf(*versions[0]).statutory_term), "5wd");
  EXPECT_EQ(c.SheetOf(*versions[0]).papers[0].name, "Tờ khai");
  EXPECT_EQ(c.SheetOf(*versions[1]).papers[0].name, "Tờ khai điện tử");
  EXPECT_EQ(c.SheetOf(*versions[1]).status, LawStatus::kDecided);
  const Procedure& land = *c.FindProcedure(cases::ProcedureCode("1.000002"));
  EXPECT_EQ(c.SheetOf(land).papers[0], (Paper{"Đơn", 1, 2, "khi có"}));
}

struct Case {
  const char* file;
  std::string text;
  std::vector<std::string> refused;  // parts of each, in order
};

std::vector<Case> UnitCases() {
  const std::string head = "code,name,calendar,kind,parent,valid_from,valid_to,successors\n";
  return {
      {"units.csv", head + "000.00.00.H49,a,c,village,,,,\n", {"2 bad_value kind \"village\""}},
      {"units.csv",
       head + "000.01.00.H49,a,c,,000.02.00.H49,,,\n000.02.00.H49,b,c,,000.01.00.H49,,,\n",
       {"2 cycle parent the unit is above itself", "3 cycle parent the unit is above itself"}},
      {"units.csv",
       head + "000.01.00.H49,a,c,,000.02.00.H49,,,\n000.02.00.H49,b,c,,000.09.00.H49,,,\n",
       {"3 unknown_reference parent unit \"000.09.00.H49\" is unknown",
        "2 unknown_reference parent unit \"000.02.00.H49\" is unknown"}},
      {"units.csv",
       head + "000.01.00.H49,a,c,,,,2025-06-30,\n",
       {"2 dead_end successors are missing: on 2025-06-30 the unit ends"}},
      {"units.csv",
       head + "000.01.00.H49,a,c,,,,2024-10-31,000.02.00.H49\n"
              "000.02.00.H49,b,c,,,,2025-06-30,000.01.00.H49\n",
       {"2 cycle successors lead back", "3 dead_end successors unit \"000.01.00.H49\" is not in",
        "3 cycle successors lead back"}},
      {"units.csv",
       head + "000.01.00.H49,a,c,,,,2025-06-30,000.02.00.H49\n"
              "000.02.00.H49,b,c,,,2025-07-02,,\n",
       {"2 dead_end successors unit \"000.02.00.H49\" is not in force on the day after, "
        "2025-07-01"}},
      {"units.csv",
       head + "000.01.00.H49,a,c,,,2025-07-01,2025-06-30,000.01.00.H49\n",
       {"2 bad_validity valid_to lies before valid_from"}},
      {"units.csv",
       head + "000.01.00.H49,a,c,,,2019-07-01,,\n",
       {"2 no_calendar calendar \"c\" has no days of 2019"}},
      {"units.csv",
       head + "000.01.00.H49,a,c,,,,,000.01.00.H49\n",
       {"2 dead_end successors are given for a unit without an end"}},
  };
}

std::vector<Case> ProcedureCases() {
  const std::string head =
      "code,name,field,term,version,valid_from,valid_to,statutory_term,status,"
      "fee_vnd,online\n";
  return {
      {"procedures.csv",
       head + "1.000001,a,b,3wd,1,,2026-09-01,,,,\n1.000001,a,b,3wd,2,2026-09-01,,,,,\n",
       {"3 overlap version 2 (from 2026-09-01) overlaps version 1 (until 2026-09-01)"}},
      {"procedures.csv",
       head + "1.000001,a,b,3wd,,2026-09-01,2026-08-31,,,,\n",
       {"2 bad_validity valid_to lies before valid_from"}},
      {"procedures.csv",
       head + "1.000001,a,b,6wd,,,,5wd,,,\n",
       {"2 bad_term term 6wd is longer than the law's 5wd"}},
      {"procedures.csv",
       head + "1.000001,a,b,6wd,,,,,proposed,,\n",
       {"2 bad_validity what is only proposed"}},
      {"procedures.csv",
       head + "1.000001,a,b,6wd,0,31/8/2026,,,sure,999,level4\n",
       {"2 bad_value \"version\" is not a whole number", "2 bad_validity valid_from: ",
        "2 bad_fee fee_vnd 999 is less", "2 bad_value online \"level4\" is none of none, part",
        "2 bad_value status \"sure\" is none of decided"}},
  };
}

std::vector<Case> OtherCases() {
  const std::string papers = "code,position,paper,originals,copies,required_when,version\n";
  return {
      {"procedure_papers.csv",
       papers + "1.000009,1,a,1,0,,\n1.000001,1,b,1,0,,3\n",
       {"2 unknown_reference the paper is of procedure \"1.000009\"",
        "3 unknown_reference the paper is of procedure \"1.000001\""}},
      {"procedure_papers.csv",
       papers + "1.000001,1,,-1,1000,,\n",
       {"2 bad_value \"originals\"", "2 bad_value \"copies\"", "2 bad_value \"paper\" is empty"}},
      {"routes.toml",
       "[[route]]\ncodes = [\"1.000001\"]\nlegs = [\n"
       "  { stage = 1, unit = \"000.23.10.H49\", lead = true, share = 1.0 },\n]\n",
       {"3 dead_end route unit \"000.23.10.H49\" (until 2025-06-30) is never in force while the "
        "procedure is (from 2026-09-01)",
        "3 unknown_reference the paper is of procedure \"1.000001\""}},
      {"routes.toml", "[[route]]\n", {"1 bad_file a route names"}},
      {"calendars/c.toml",
       "id = 1\n",
       {"1 bad_file ", "2 unknown_reference calendar \"c\"", "3 unknown_reference calendar",
        "4 unknown_reference calendar"}},
  };
}

TEST(CheckFiles, EveryProblemIsNamedWithLineKindAndReason) {
  for (const auto& cases : {UnitCases(), ProcedureCases(), OtherCases()}) {
    for (const Case& at : cases) {
      Texts texts = Good();
      texts[at.file] = at.text;
      if (std::string_view(at.file) == "procedures.csv") texts.erase("procedure_papers.csv");
      const auto refused = Refused(Check(texts));
      ASSERT_EQ(refused.size(), at.refused.size()) << at.text << testing::PrintToString(refused);
      for (const std::string& part : at.refused) {
        EXPECT_THAT(refused, testing::Contains(HasSubstr(part))) << at.text;
      }
    }
  }
}

// Units, then the procedures whose route leads to them, then their papers; the rest is taken.
TEST(CheckFiles, WhatRefersToARowThatWasPutAsideGoesWithIt) {
  Texts texts = Good();
  texts["units.csv"] += "000.05.10.H49,\"Phòng\",nirgends,,,,,,\n";
  texts["routes.toml"] =
      "[[route]]\ncodes = [\"1.000002\"]\nlegs = [\n"
      "  { stage = 1, unit = \"000.05.10.H49\", lead = true, share = 1.0 },\n]\n";
  const CheckedCatalogue checked = Check(texts);
  EXPECT_THAT(Refused(checked),
              testing::ElementsAre(HasSubstr("5 unknown_reference calendar \"nirgends\""),
                                   HasSubstr("4 unknown_reference unit 000.05.10.H49 is unknown"),
                                   HasSubstr("4 unknown_reference the paper is of procedure")));
  ASSERT_NE(checked.catalogue, nullptr);
  EXPECT_EQ(checked.catalogue->units().size(), 3U);
  EXPECT_EQ(checked.catalogue->procedures().size(), 2U);
  const Finding& unit = checked.findings[0];
  EXPECT_EQ(unit.file, "units.csv");
  EXPECT_EQ(unit.code, "000.05.10.H49");
  EXPECT_EQ(unit.record, "000.05.10.H49,Phòng,nirgends,,,,,,");
}

// A broken record costs neither the one before nor the one after it.
TEST(CheckFiles, ARecordThatIsNoneIsPutAside) {
  Texts texts = Good();
  texts.erase("procedure_papers.csv");
  texts["procedures.csv"] =
      "code,name,field,term\n1.000001,a,b\n1.000002,\"b\n1.000003,c,d,5wd\n1.000004,\xFF,d,5wd\n";
  const CheckedCatalogue checked = Check(texts);
  EXPECT_THAT(Refused(checked), Each(HasSubstr("bad_row")));
  EXPECT_EQ(Refused(checked).size(), 3U);
  EXPECT_EQ(checked.catalogue->procedures().size(), 1U);
}

}  // namespace
}  // namespace motcua::catalogue
