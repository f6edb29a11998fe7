// Goal: report 06a is laid out as the form, its JSON is exactly what scripts rely on, and a row
// that does not add up is named.
//
// Method: golden texts.
#include "services/cli/report_table.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "services/cli/fields.h"
#include "services/cli/text_width.h"

namespace motcua::cli {
namespace {

using reporting::v1::GetStatusReportResponse;
using reporting::v1::StatusRow;

StatusRow Row(const char* key, const char* name, long long carried, long long direct,
              long long online, long long early, long long on_time, long long late,
              long long withdrawn, long long in_term, long long open_late, long long paused) {
  StatusRow row;
  row.set_key(key);
  row.set_name(name);
  row.mutable_received()->set_carried_over(carried);
  row.mutable_received()->set_direct(direct);
  row.mutable_received()->set_online(online);
  row.mutable_received()->set_total(carried + direct + online);
  row.mutable_resolved()->set_early(early);
  row.mutable_resolved()->set_on_time(on_time);
  row.mutable_resolved()->set_late(late);
  row.mutable_resolved()->set_withdrawn(withdrawn);
  row.mutable_resolved()->set_total(early + on_time + late + withdrawn);
  row.mutable_open()->set_in_term(in_term);
  row.mutable_open()->set_late(open_late);
  row.mutable_open()->set_paused(paused);
  row.mutable_open()->set_total(in_term + open_late + paused);
  const auto rate = [&](reporting::v1::RateDefinition definition, long long part, long long whole) {
    reporting::v1::Rate& added = *row.add_rates();
    added.set_definition(definition);
    added.set_part(part);
    added.set_whole(whole);
  };
  const long long kept = early + on_time;
  rate(reporting::v1::RATE_DEFINITION_OF_RESOLVED, kept, kept + late);
  rate(reporting::v1::RATE_DEFINITION_OF_RECEIVED, kept, direct + online);
  rate(reporting::v1::RATE_DEFINITION_OF_ALL, kept + in_term + paused, carried + direct + online);
  return row;
}

GetStatusReportResponse Sample() {
  GetStatusReportResponse report;
  *report.add_rows() =
      Row("000.00.17.X11", "Public Works", 270, 44591, 3370, 40000, 4708, 1256, 1, 2000, 200, 66);
  *report.add_rows() = Row("000.00.01.X11", "", 0, 2, 0, 0, 0, 0, 0, 2, 0, 0);
  *report.mutable_total() = Row("", "", 270, 44593, 3370, 40000, 4708, 1256, 1, 2002, 200, 66);
  return report;
}

const StatusTableTexts kTexts{"01/01/2020 – 31/10/2020", "tính đến hết kỳ", "Đơn vị", false, false};

constexpr const char* kTitle =
    "Biểu II.06a/VPCP/KSTT: tình hình, kết quả giải quyết thủ tục hành chính\n"
    "Kỳ báo cáo 01/01/2020 – 31/10/2020; tính đến hết kỳ. Đơn vị tính: hồ sơ.\n"
    "\n";
constexpr const char* kFooter =
    "\n"
    "Tỷ lệ đúng hạn, so theo ngày; không kể hồ sơ rút:\n"
    "  Trên số đã giải quyết, (8+9)/(8+9+10): 97,27% (44.708 / 45.964)\n"
    "  Trên số tiếp nhận trong kỳ (NĐ 61/2018), (8+9)/(4+5): 93,21% (44.708 / 47.963)\n"
    "  Trên mọi hồ sơ, kể cả đang trong hạn (QĐ 766), (8+9+12)/(3): 96,98% (46.776 / 48.233)\n"
    "Cột (4) Nhận trực tuyến; (5) Nhận trực tiếp 44.593 + Nhận qua bưu chính 0; (6) Từ kỳ trước; "
    "(8) Trước hạn; (9) Đúng hạn; (10) Quá hạn; (12) Đang giải quyết, trong hạn 2.002 + Đang giải "
    "quyết, tạm dừng 66; (13) Đang giải quyết, quá hạn.\n"
    "Trong đó:\n"
    "  Quá hạn, yêu cầu bổ sung / tạm dừng sau khi quá hạn: 0\n"
    "  Đang giải quyết, yêu cầu bổ sung / tạm dừng sau khi quá hạn: 0\n"
    "  Yêu cầu bổ sung từ hai lần trở lên: 0\n"
    "  Đã giải quyết, kết quả từ chối: 0\n"
    "  Trả kết quả qua bưu chính: 0\n"
    "3 = 7 + 11: đúng ở mọi dòng (48.233 = 45.965 + 2.268).\n";

// `times` times.
std::string Rule(int times) {
  std::string rule;
  for (int i = 0; i < times; ++i) rule += "─";
  return rule + "\n";
}

TEST(StatusTable, IsLaidOutAsTheForm) {
  EXPECT_EQ(
      RenderStatusTable(Sample(), kTexts, 130),
      kTitle +
          std::string("                  │           Tiếp nhận            │         Đã giải quyết"
                      "          │ Đang giải quyết  │       Đúng hạn\n"
                      " TT Đơn vị        │   Tổng T.tuyến T.tiếp Kỳ trước │   Tổng  Trước  Đúng   "
                      "Quá  Rút │  Tổng Trong  Quá │   Tỷ lệ   Trên\n"
                      "(1) (2)           │    (3)     (4)    (5)      (6) │    (7)    (8)   (9)  "
                      "(10)      │  (11)  (12) (13) │               \n") +
          Rule(119) +
          "  1 Public Works  │ 48.231   3.370 44.591      270 │ 45.965 40.000 4.708 1.256    1 │ "
          "2.266 2.066  200 │  97,27% 45.964\n"
          "  2 000.00.01.X11 │      2       0      2        0 │      0      0     0     0    0 │ "
          "    2     2    0 │       –      0\n" +
          Rule(119) +
          "    Tổng cộng     │ 48.233   3.370 44.593      270 │ 45.965 40.000 4.708 1.256    1 │ "
          "2.268 2.068  200 │  97,27% 45.964\n" +
          kFooter);
}

TEST(Faults, C5_WhatWasStoppedAfterTheTermIsToldApart) {
  GetStatusReportResponse report = Sample();
  report.mutable_total()->mutable_resolved()->set_stopped_after_term(1'200);
  report.mutable_total()->mutable_open()->set_stopped_after_term(3);
  report.mutable_total()->set_supplement_repeated(2);
  EXPECT_NE(RenderStatusTable(report, kTexts, 130)
                .find("  Quá hạn, yêu cầu bổ sung / tạm dừng sau khi quá hạn: 1.200\n"
                      "  Đang giải quyết, yêu cầu bổ sung / tạm dừng sau khi quá hạn: 3\n"
                      "  Yêu cầu bổ sung từ hai lần trở lên: 2\n"),
            std::string::npos);
}

TEST(StatusTable, FitsAHundredColumnsAndStacksBelowThat) {
  for (const std::size_t width : {std::size_t{100}, std::size_t{80}}) {
    std::istringstream lines(RenderStatusTable(Sample(), kTexts, width));
    std::string line;
    for (int i = 0; i < 10 && std::getline(lines, line); ++i) {
      EXPECT_LE(DisplayWidth(line), width) << line;
    }
  }
  EXPECT_NE(RenderStatusTable(Sample(), kTexts, 100)
                .find("  1 Public Works │ 48231 3370 44591 270 │ 45965 40000 4708 1256   1 │ "
                      "2266 2066  200 │  97,27% 45964\n"),
            std::string::npos);
}

TEST(StatusTable, SaysWhetherTheIdentitiesHold) {
  GetStatusReportResponse report = Sample();
  report.mutable_rows(0)->mutable_received()->set_total(48'230);
  report.mutable_total()->mutable_open()->set_late(201);
  EXPECT_NE(RenderStatusTable(report, kTexts, 130)
                .find("3 = 7 + 11: SAI ở 2 dòng: 000.00.17.X11 Tổng cộng.\n"),
            std::string::npos);
}

TEST(StatusJson, IsWhatScriptsRelyOn) {
  GetStatusReportResponse report;
  *report.add_rows() = Row("k", "Tên", 1, 2, 3, 1, 1, 1, 1, 1, 1, 0);
  report.mutable_rows(0)->mutable_resolved()->set_stopped_after_term(1);
  report.mutable_rows(0)->set_supplement_repeated(2);
  *report.mutable_total() = report.rows(0);
  report.mutable_total()->set_key("");
  report.mutable_total()->set_name("");
  report.mutable_position();
  EXPECT_EQ(ToJson(report).dump(),
            R"({"rows":[{"key":"k","name":"Tên",)"
            R"("received":{"carried_over":1,"direct":2,"online":3,"postal":0,"total":6},)"
            R"("resolved":{"early":1,"on_time":1,"late":1,"withdrawn":1,"total":4,)"
            R"("stopped_after_term":1,"rejected":0},)"
            R"("open":{"in_term":1,"late":1,"paused":0,"total":2,"stopped_after_term":0},)"
            R"("supplement_repeated":2,)"
            R"("rates":[{"definition":"of_resolved","part":2,"whole":3},)"
            R"({"definition":"of_received","part":2,"whole":5},)"
            R"({"definition":"of_all","part":3,"whole":6}],"returned_postal":0}],)"
            R"("total":{"key":"","name":"",)"
            R"("received":{"carried_over":1,"direct":2,"online":3,"postal":0,"total":6},)"
            R"("resolved":{"early":1,"on_time":1,"late":1,"withdrawn":1,"total":4,)"
            R"("stopped_after_term":1,"rejected":0},)"
            R"("open":{"in_term":1,"late":1,"paused":0,"total":2,"stopped_after_term":0},)"
            R"("supplement_repeated":2,)"
            R"("rates":[{"definition":"of_resolved","part":2,"whole":3},)"
            R"({"definition":"of_received","part":2,"whole":5},)"
            R"({"definition":"of_all","part":3,"whole":6}],"returned_postal":0},)"
            R"("position":{"token":"","as_of_time":null,"lag":0}})");
}

TEST(StatusCsv, EachRateHasItsDenominatorInAColumnOfItsOwn) {
  const std::vector<std::string> columns = StatusCsvColumns();
  const std::vector<std::string> cells = StatusCsvCells(Sample().rows(0));
  ASSERT_EQ(columns.size(), cells.size());
  std::string rates;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    EXPECT_NE(columns[i], "rates");
    if (columns[i].starts_with("rates.")) rates += columns[i] + "=" + cells[i] + " ";
  }
  EXPECT_EQ(rates,
            "rates.of_resolved.part=44708 rates.of_resolved.whole=45964 "
            "rates.of_received.part=44708 rates.of_received.whole=47961 "
            "rates.of_all.part=46774 rates.of_all.whole=48231 ");
}

TEST(StatusTable, SaysThatTheWithdrawnAreMerged) {
  StatusTableTexts texts = kTexts;
  texts.merge_withdrawn = true;
  EXPECT_NE(RenderStatusTable(Sample(), texts, 130).find("hồ sơ rút tính là đúng hạn:\n"),
            std::string::npos);
}

}  // namespace
}  // namespace motcua::cli
