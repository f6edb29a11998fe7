// Goal: report 06a is laid out as the form, its JSON is exactly what scripts rely on, and a row
// that does not add up is named.
//
// Method: golden texts.
#include "services/cli/report_table.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

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

const StatusTableTexts kTexts{"01/01/2020 – 31/10/2020", "tính đến hết kỳ", "Đơn vị", false};

constexpr const char* kTitle =
    "Biểu II.06a/VPCP/KSTT: tình hình, kết quả giải quyết thủ tục hành chính\n"
    "Kỳ báo cáo 01/01/2020 – 31/10/2020; tính đến hết kỳ. Đơn vị tính: hồ sơ.\n"
    "\n";
constexpr const char* kFooter =
    "\n"
    "Tỷ lệ đúng hạn = (8+9)/(8+9+10): trên số đã giải quyết, không kể hồ sơ rút; so theo ngày.\n"
    "Cột 4: trực tuyến; cột 5: trực tiếp và bưu chính; cột 6: từ kỳ trước; cột 12 gồm cả tạm dừng "
    "(66).\n"
    "Quá hạn gồm cả hồ sơ yêu cầu bổ sung / tạm dừng sau khi đã quá hạn: cột 10 có 0, cột 13 có "
    "0.\n"
    "Yêu cầu bổ sung từ hai lần trở lên: 0 hồ sơ.\n"
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
                      "          │ Đang giải quyết  │   Tỷ lệ\n"
                      " TT Đơn vị        │   Tổng T.tuyến T.tiếp Kỳ trước │   Tổng  Trước  Đúng   "
                      "Quá  Rút │  Tổng Trong  Quá │ (8+9)/…\n"
                      "(1) (2)           │    (3)     (4)    (5)      (6) │    (7)    (8)   (9)  "
                      "(10)      │  (11)  (12) (13) │        \n") +
          Rule(112) +
          "  1 Public Works  │ 48.231   3.370 44.591      270 │ 45.965 40.000 4.708 1.256    1 │ "
          "2.266 2.066  200 │  97,27%\n"
          "  2 000.00.01.X11 │      2       0      2        0 │      0      0     0     0    0 │ "
          "    2     2    0 │       –\n" +
          Rule(112) +
          "    Tổng cộng     │ 48.233   3.370 44.593      270 │ 45.965 40.000 4.708 1.256    1 │ "
          "2.268 2.068  200 │  97,27%\n" +
          kFooter);
}

TEST(Faults, C5_WhatWasStoppedAfterTheTermIsToldApart) {
  GetStatusReportResponse report = Sample();
  report.mutable_total()->mutable_resolved()->set_stopped_after_term(1'200);
  report.mutable_total()->mutable_open()->set_stopped_after_term(3);
  report.mutable_total()->set_supplement_repeated(2);
  EXPECT_NE(RenderStatusTable(report, kTexts, 130)
                .find("Quá hạn gồm cả hồ sơ yêu cầu bổ sung / tạm dừng sau khi đã quá hạn: cột 10 "
                      "có 1.200, cột 13 có 3.\nYêu cầu bổ sung từ hai lần trở lên: 2 hồ sơ.\n"),
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
                .find("  1 Public Works  │ 48231 3370 44591  270 │ 45965 40000 4708 1256    1 │ "
                      "2266 2066  200 │  97,27%\n"),
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
  EXPECT_EQ(StatusJson(report).dump(),
            R"({"rows":[{"key":"k","name":"Tên",)"
            R"("received":{"carried_over":1,"direct":2,"online":3,"postal":0,"total":6},)"
            R"("resolved":{"early":1,"on_time":1,"late":1,"withdrawn":1,"total":4,)"
            R"("stopped_after_term":1},)"
            R"("open":{"in_term":1,"late":1,"paused":0,"total":2,"stopped_after_term":0},)"
            R"("supplement_repeated":2}],)"
            R"("total":{"key":"","name":"",)"
            R"("received":{"carried_over":1,"direct":2,"online":3,"postal":0,"total":6},)"
            R"("resolved":{"early":1,"on_time":1,"late":1,"withdrawn":1,"total":4,)"
            R"("stopped_after_term":1},)"
            R"("open":{"in_term":1,"late":1,"paused":0,"total":2,"stopped_after_term":0},)"
            R"("supplement_repeated":2},)"
            R"("position":{"token":"","as_of_time":null,"lag":0}})");
}

TEST(Withdrawn, MayCountAsOnTime) {
  GetStatusReportResponse report = Sample();
  CountWithdrawnOnTime(report);
  EXPECT_EQ(report.total().resolved().on_time(), 4709);
  EXPECT_EQ(report.total().resolved().withdrawn(), 0);
  EXPECT_EQ(report.total().resolved().total(), Sample().total().resolved().total());
}

}  // namespace
}  // namespace motcua::cli
