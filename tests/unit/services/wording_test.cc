// Goal: the Vietnamese explanation of a due date names what it follows from, and never fails.
// Method: one calendar with a named holiday; a plain clock, one with standstills, one imported, one
// whose calendar is not in the catalogue; whole texts are compared.

#include "services/deadline/wording.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "services/domain/deadline/due.h"

namespace motcua::deadline {
namespace {

class WordingTest : public ::testing::Test {
 protected:
  WordingTest() {
    calendar::CalendarSpec spec;
    spec.id = calendar::CalendarId("vn-state");
    spec.version = calendar::CalendarVersion(1);
    spec.first = MakeDate(2020, 1, 1);
    spec.last = MakeDate(2020, 12, 31);
    spec.office_hours = {{450, 690}, {810, 1020}};
    spec.days_off = {MakeDate(2020, 1, 24)};
    spec.day_names = {{MakeDate(2020, 1, 24), "Tết Nguyên đán"}};
    calendar_ = *calendar::Calendar::Make(spec);
    catalogue_ = *catalogue::Catalogue::Make({}, {}, {calendar_});
    dossier_.code = cases::DossierCode("000.23.10.H49-200122-0001");
    dossier_.stage = cases::Stage::kProcessing;
    dossier_.clock.calendar = calendar_->id();
    dossier_.clock.calendar_version = calendar_->version();
    dossier_.clock.term = {3000, TermUnit::kWorkingDays};
    dossier_.clock.start = *ParseZonedTime("2020-01-22T09:32:00+07:00");
    dossier_.clock.now.due =
        *ComputeDue(*calendar_, dossier_.clock.start, dossier_.clock.term, dossier_.clock.policy);
  }
  std::string Text() {
    std::string text;
    for (const std::string& line : ExplainInVietnamese(dossier_, *catalogue_)) text += line + "\n";
    return text;
  }

  std::shared_ptr<const calendar::Calendar> calendar_;
  std::shared_ptr<const catalogue::Catalogue> catalogue_;
  cases::Dossier dossier_;
};

TEST_F(WordingTest, APlainClockNamesItsRuleAndItsDaysOff) {
  EXPECT_EQ(
      Text(),
      "Hạn trả: 17:00 Thứ Ba, 28/01/2020\n"
      "Tính từ: 09:32 Thứ Tư, 22/01/2020\n"
      "Thời hạn: 3 ngày làm việc\n"
      "Cách tính: theo ngày làm việc, không tính ngày nghỉ hằng tuần và ngày nghỉ lễ (Bộ luật "
      "Dân sự 2015 Điều 147, 148; Nghị định 61/2018/NĐ-CP Điều 17, 19)\n"
      "Lịch làm việc: vn-state, phiên bản 1\n"
      "Giờ hành chính: 07:30-11:30,13:30-17:00; một ngày làm việc có 7,5 giờ làm việc; đúng giờ "
      "đóng cửa vẫn là trong giờ, khi tiếp nhận cũng như khi trả\n"
      "Không tính: 24/01/2020 (nghỉ lễ: Tết Nguyên đán)\n"
      "Không tính: 25/01/2020 (nghỉ hằng tuần)\n"
      "Không tính: 26/01/2020 (nghỉ hằng tuần)\n");
}

TEST_F(WordingTest, StandstillsAreNamedAndCounted) {
  const ZonedTime from = *ParseZonedTime("2020-01-23T08:00:00+07:00");
  const ZonedTime to = *ParseZonedTime("2020-01-29T08:00:00+07:00");
  const ZonedTime before = *dossier_.clock.now.due;
  dossier_.clock.pauses.push_back({cases::PauseReason::kOtherAgency, from, to, before});
  const Pause pause[] = {{from, to}};
  dossier_.clock.now.due = *ComputeDue(*calendar_, dossier_.clock.start, dossier_.clock.term,
                                       dossier_.clock.policy, pause);
  dossier_.clock.pauses.push_back(
      {cases::PauseReason::kFinancialDuty, *ParseZonedTime("2020-01-30T08:00:00+07:00"), {}, {}});
  const std::string text = Text();
  EXPECT_NE(text.find("Tạm dừng: từ 08:00 Thứ Năm, 23/01/2020 đến 08:00 Thứ Tư, 29/01/2020 (chờ ý "
                      "kiến cơ quan khác); hạn trước đó 17:00 Thứ Ba, 28/01/2020\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("Tạm dừng: từ 08:00 Thứ Năm, 30/01/2020, đang dừng (chờ thực hiện nghĩa vụ "
                      "tài chính)\n"),
            std::string::npos)
      << text;
  // What is recomputed agrees with what was promised.
  EXPECT_EQ(text.find("Lưu ý"), std::string::npos) << text;
}

TEST_F(WordingTest, C6_PausesAreAddedUp) {
  for (const char* hour : {"08", "09", "10", "14", "15"}) {
    const std::string minute = std::string("2020-01-23T") + hour + ":0";
    dossier_.clock.pauses.push_back({cases::PauseReason::kOtherAgency,
                                     *ParseZonedTime(minute + "0:00+07:00"),
                                     *ParseZonedTime(minute + "1:00+07:00"),
                                     {}});
  }
  dossier_.clock.now.due = *ParseZonedTime("2020-01-29T17:00:00+07:00");
  const std::string text = Text();
  EXPECT_NE(text.find("Thời gian dừng được cộng: 0 giờ 5 phút (giờ làm việc)\n"), std::string::npos)
      << text;
  EXPECT_EQ(text.find("Lưu ý"), std::string::npos) << text;
}

TEST_F(WordingTest, C3_ClockHoursAreNamed) {
  dossier_.clock.term = {12'000, TermUnit::kClockHours};
  dossier_.clock.now.due = *ParseZonedTime("2020-01-22T21:32:00+07:00");
  const std::string text = Text();
  EXPECT_NE(text.find("Thời hạn: 12 giờ\nCách tính: theo giờ liên tục kể từ lúc tiếp nhận, kể cả "
                      "ban đêm và ngày nghỉ"),
            std::string::npos)
      << text;
  EXPECT_EQ(text.find("Lưu ý"), std::string::npos) << text;
}

TEST_F(WordingTest, ADifferenceIsSaidSo) {
  dossier_.clock.now.due = *ParseZonedTime("2020-02-14T17:00:00+07:00");
  EXPECT_NE(Text().find("Lưu ý: tính lại theo lịch hiện có ra 17:00 Thứ Ba, 28/01/2020"),
            std::string::npos);
}

TEST_F(WordingTest, AnImportedDateIsNotComputedAgain) {
  dossier_.origin = cases::Origin{"halong-2020", 12, "a1", 0};
  EXPECT_EQ(Text(),
            "Hạn trả: 17:00 Thứ Ba, 28/01/2020\n"
            "Hạn ghi theo sổ cũ halong-2020, không tính lại\n");
  dossier_.clock.now.due.reset();
  EXPECT_EQ(Text(), "Không hẹn ngày trả kết quả\n");
}

TEST_F(WordingTest, AProvisionalCalendarAndItsDocumentAreNamed) {
  calendar::CalendarSpec spec = calendar_->spec();
  spec.version = calendar::CalendarVersion(2);
  spec.periods = {
      {MakeDate(2020, 1, 1), MakeDate(2020, 1, 25), calendar::DayStatus::kDecided, "TB 1",
       MakeDate(2019, 10, 2)},
      {MakeDate(2020, 1, 26), MakeDate(2020, 12, 31), calendar::DayStatus::kProvisional, "", {}}};
  calendar_ = *calendar::Calendar::Make(spec);
  catalogue_ = *catalogue::Catalogue::Make({}, {}, {calendar_});
  dossier_.clock.calendar_version = calendar_->version();
  dossier_.clock.now.provisional = true;
  const std::string text = Text();
  EXPECT_NE(text.find("Lịch làm việc: vn-state, phiên bản 2\n"
                      "Lịch tạm tính: chưa có quyết định về ngày nghỉ cho đến hạn trả; hạn có thể "
                      "thay đổi\n"
                      "Lịch nghỉ từ 01/01/2020 đến 25/01/2020: TB 1 ngày 02/10/2019\n"
                      "Lịch tạm tính từ 26/01/2020 đến 31/12/2020: chưa có văn bản\n"),
            std::string::npos)
      << text;
}

TEST_F(WordingTest, AMissingCalendarIsSaidSo) {
  dossier_.clock.calendar_version = calendar::CalendarVersion(9);
  EXPECT_NE(Text().find("danh mục không còn phiên bản lịch này"), std::string::npos);
}

}  // namespace
}  // namespace motcua::deadline
