// Goal: tables fit the terminal and count what is seen, not bytes.
// Method: golden texts.
#include "services/cli/table.h"

#include <gtest/gtest.h>

#include "services/cli/text_width.h"

namespace motcua::cli {
namespace {

TEST(TextWidth, CountsWhatIsSeen) {
  EXPECT_EQ(DisplayWidth("Tiếp nhận"), 9U);
  EXPECT_EQ(DisplayWidth("Tie\xCC\x82\xCC\x81p nhận"), 9U);  // combining marks
  EXPECT_EQ(DisplayWidth("一門"), 4U);
  EXPECT_EQ(DisplayWidth("\xF0\x9F\x93\xAE"), 2U);
  EXPECT_EQ(DisplayWidth(""), 0U);
}

TEST(TextWidth, CutsBetweenLetters) {
  EXPECT_EQ(FitWidth("Đang giải quyết", 15), "Đang giải quyết");
  EXPECT_EQ(FitWidth("Đang giải quyết", 9), "Đang giả…");
  EXPECT_EQ(FitWidth("一門一", 4), "一…");
  EXPECT_EQ(FitWidth("a\nb", 5), "a b");
  EXPECT_EQ(FitWidth("abc", 0), "");
  EXPECT_EQ(PadRight("Xã", 4), "Xã  ");
  EXPECT_EQ(PadLeft("Xã", 4), "  Xã");
  EXPECT_EQ(Center("Xã", 6), "  Xã  ");
}

TEST(TextWidth, GroupsThousands) {
  EXPECT_EQ(FormatCount(0), "0");
  EXPECT_EQ(FormatCount(999), "999");
  EXPECT_EQ(FormatCount(58119), "58.119");
  EXPECT_EQ(FormatShare(39101, 49126), "79,59%");
  EXPECT_EQ(FormatShare(1, 1600), "0,06%");  // 0,0625
  EXPECT_EQ(FormatShare(1, 800), "0,13%");   // 0,125: half up
  EXPECT_EQ(FormatShare(7, 7), "100,00%");
  EXPECT_EQ(FormatShare(0, 0), "–");
  EXPECT_EQ(FormatCount(-1234567), "-1.234.567");
}

Table Sample() {
  Table table;
  table.AddColumn("Mã hồ sơ");
  table.AddColumn("Lĩnh vực");
  table.AddColumn("Chặng", Table::Align::kRight);
  table.AddRow({"000.23.10.H49-201031-0001", "Đất đai", "1"});
  table.AddRow({"000.23.10.H49-201031-0002", "Người có công và bảo trợ xã hội", "12"});
  return table;
}

TEST(Tables, AreAsWideAsTheyNeed) {
  EXPECT_EQ(Sample().Render(100),
            "Mã hồ sơ                   Lĩnh vực                         Chặng\n"
            "─────────────────────────  ───────────────────────────────  ─────\n"
            "000.23.10.H49-201031-0001  Đất đai                              1\n"
            "000.23.10.H49-201031-0002  Người có công và bảo trợ xã hội     12\n");
}

TEST(Tables, GiveWayWhereTheyAreWidest) {
  EXPECT_EQ(Sample().Render(50),
            "Mã hồ sơ              Lĩnh vực               Chặng\n"
            "────────────────────  ─────────────────────  ─────\n"
            "000.23.10.H49-20103…  Đất đai                    1\n"
            "000.23.10.H49-20103…  Người có công và bảo…     12\n");
}

TEST(Tables, FirmColumnsGiveWayLast) {
  Table table;
  table.AddColumn("Mã hồ sơ", Table::Align::kLeft, Table::Width::kFirm);
  table.AddColumn("Lĩnh vực");
  table.AddRow({"000.23.10.H49-201031-0001", "Người có công và bảo trợ xã hội"});
  EXPECT_EQ(table.Render(40),
            "Mã hồ sơ                   Lĩnh vực\n"
            "─────────────────────────  ─────────────\n"
            "000.23.10.H49-201031-0001  Người có côn…\n");
  EXPECT_EQ(table.Render(20),
            "Mã hồ sơ    Lĩnh vực\n"
            "──────────  ────────\n"
            "000.23.10…  Người c…\n");
}

}  // namespace
}  // namespace motcua::cli
