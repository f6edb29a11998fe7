#include "services/deadline/wording.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

#include "services/domain/calendar/office_hours.h"
#include "services/domain/deadline/explain.h"

namespace motcua::deadline {
namespace {

using Lines = std::vector<std::string>;

std::string DayText(CivilDate date) {
  const YearMonthDay ymd = Split(date);
  std::array<char, 16> buffer{};
  const int written =
      std::snprintf(buffer.data(), buffer.size(), "%02d/%02d/%04d", ymd.day, ymd.month, ymd.year);
  return {buffer.data(), static_cast<std::size_t>(written)};
}

// "17:00 Thứ Hai, 03/02/2020"
std::string MomentText(const ZonedTime& time) {
  constexpr std::array<std::string_view, 7> kDays = {"Thứ Hai", "Thứ Ba",  "Thứ Tư",  "Thứ Năm",
                                                     "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"};
  const CivilTime civil = time.civil();
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(civil.time_of_day).count();
  std::array<char, 16> clock{};
  const int written = std::snprintf(clock.data(), clock.size(), "%02d:%02d ",
                                    static_cast<int>(minutes / 60), static_cast<int>(minutes % 60));
  std::string text(clock.data(), static_cast<std::size_t>(written));
  return text.append(kDays[static_cast<std::size_t>(IsoWeekday(civil.date) - 1)])
      .append(", ")
      .append(DayText(civil.date));
}

std::string TermText(const Term& term) {
  constexpr std::int32_t kMilliPerUnit = 1000;
  std::string number = std::to_string(term.milli / kMilliPerUnit);
  if (term.milli % kMilliPerUnit != 0) {
    std::string fraction = std::to_string(kMilliPerUnit + term.milli % kMilliPerUnit).substr(1);
    while (fraction.back() == '0') fraction.pop_back();
    number.append(",").append(fraction);
  }
  return number.append(" ").append(Label(term.unit));
}

std::string_view RuleText(const Term& term) {
  if (term.milli == 0 && !CountsHours(term.unit)) {
    return "giải quyết trong ngày làm việc; tiếp nhận sau 15 giờ thì trả vào ngày làm việc tiếp "
           "theo "
           "(Nghị định 23/2015/NĐ-CP Điều 7)";
  }
  switch (term.unit) {
    case TermUnit::kWorkingDays:
      return "theo ngày làm việc, không tính ngày nghỉ hằng tuần và ngày nghỉ lễ (Bộ luật Dân sự "
             "2015 Điều 147, 148; Nghị định 61/2018/NĐ-CP Điều 17, 19)";
    case TermUnit::kCalendarDays:
      return "theo ngày liên tục, kể cả ngày nghỉ; ngày cuối là ngày nghỉ thì kết thúc vào ngày "
             "làm "
             "việc tiếp theo (Bộ luật Dân sự 2015 Điều 147, 148)";
    case TermUnit::kWorkingHours:
      return "theo giờ làm việc, chỉ tính trong giờ hành chính (Bộ luật Dân sự 2015 Điều 147)";
    case TermUnit::kClockHours:
      return "theo giờ liên tục kể từ lúc tiếp nhận, kể cả ban đêm và ngày nghỉ (Bộ luật Dân sự "
             "2015 Điều 147; Nghị định 301/2026/NĐ-CP)";
    case TermUnit::kMonths:
      return "theo tháng, đến ngày tương ứng hoặc ngày cuối tháng; ngày cuối là ngày nghỉ thì kết "
             "thúc vào ngày làm việc tiếp theo (Bộ luật Dân sự 2015 Điều 147, 148)";
  }
  return "";
}

std::string CalendarText(const cases::Clock& clock) {
  return clock.calendar.value() + ", phiên bản " + std::to_string(clock.calendar_version.value());
}

// "0 giờ 5 phút"
std::string DurationText(Micros time) {
  constexpr std::int64_t kPerUnit = 60;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time).count();
  std::string text = std::to_string(seconds / kPerUnit / kPerUnit) + " giờ " +
                     std::to_string(seconds / kPerUnit % kPerUnit) + " phút";
  if (seconds % kPerUnit != 0) text += " " + std::to_string(seconds % kPerUnit) + " giây";
  return text;
}

// What a day is in hours, and that its end is inside it.
std::string OfficeDayText(const DueExplanation& explanation) {
  std::string hours = FormatDayLength(explanation.office_day);
  std::replace(hours.begin(), hours.end(), '.', ',');
  return "Giờ hành chính: " + calendar::FormatOfficeHours(explanation.office_hours) +
         "; một ngày làm việc có " + hours +
         " giờ làm việc; đúng giờ đóng cửa vẫn là trong giờ, khi tiếp nhận cũng như khi trả";
}

void AppendDays(const DueExplanation& explanation, Lines& lines) {
  for (const SkippedDay& day : explanation.skipped) {
    std::string line = "Không tính: " + DayText(day.date);
    line += day.reason == SkipReason::kWeekend ? " (nghỉ hằng tuần" : " (nghỉ lễ";
    if (!day.name.empty()) line += ": " + day.name;
    lines.push_back(line + ")");
  }
  for (const CivilDate day : explanation.worked_days_off) {
    lines.push_back("Có tính: " + DayText(day) + " (làm bù)");
  }
}

// Những văn bản mà lịch dựa vào, of those that are known.
void AppendPeriods(const DueExplanation& explanation, Lines& lines) {
  for (const calendar::DayPeriod& period : explanation.periods) {
    const bool provisional = period.status == calendar::DayStatus::kProvisional;
    if (period.document.empty() && !provisional) continue;
    std::string line = provisional ? "Lịch tạm tính" : "Lịch nghỉ";
    line += " từ " + DayText(period.first) + " đến " + DayText(period.last) + ": ";
    line += period.document.empty() ? "chưa có văn bản" : period.document;
    if (period.decided_on) line += " ngày " + DayText(*period.decided_on);
    lines.push_back(std::move(line));
  }
}

void AppendPauses(const cases::Clock& clock, Lines& lines) {
  for (const cases::Pause& pause : clock.pauses) {
    std::string line = "Tạm dừng: từ " + MomentText(pause.from);
    line += pause.to ? " đến " + MomentText(*pause.to) : ", đang dừng";
    line.append(" (").append(Phrase(pause.reason)).append(")");
    if (pause.due_before) line += "; hạn trước đó " + MomentText(*pause.due_before);
    lines.push_back(std::move(line));
  }
}

void AppendComputation(const cases::Clock& clock, const calendar::Calendar& calendar,
                       Lines& lines) {
  const std::vector<Pause> pauses = cases::PausesSince(clock, clock.start);
  const Result<DueExplanation> explained =
      ExplainDue(calendar, clock.start, clock.term, clock.policy, pauses);
  if (!explained.ok()) {
    lines.emplace_back("Không tính lại được hạn: lịch làm việc không bao gồm thời gian này");
    return;
  }
  if (explained->counted_from != explained->received) {
    lines.push_back("Bắt đầu tính: " + MomentText(explained->counted_from) +
                    " (tiếp nhận ngoài giờ hành chính)");
  }
  AppendPeriods(*explained, lines);
  lines.push_back(OfficeDayText(*explained));
  if (!explained->pauses.empty()) {
    lines.push_back("Thời gian dừng được cộng: " + DurationText(explained->pauses.back().together) +
                    (CountsWallTime(clock.term.unit) ? " (liên tục)" : " (giờ làm việc)"));
  }
  AppendDays(*explained, lines);
  if (clock.now.due && explained->due.instant != clock.now.due->instant) {
    lines.push_back("Lưu ý: tính lại theo lịch hiện có ra " + MomentText(explained->due) +
                    "; hạn có hiệu lực là hạn đã ghi");
  }
}

}  // namespace

Lines ExplainInVietnamese(const cases::Dossier& dossier, const catalogue::Catalogue& catalogue) {
  const cases::Clock& clock = dossier.clock;
  Lines lines;
  if (!clock.now.due) {
    lines.emplace_back("Không hẹn ngày trả kết quả");
    return lines;
  }
  lines.push_back("Hạn trả: " + MomentText(*clock.now.due));
  if (dossier.origin) {
    lines.push_back("Hạn ghi theo sổ cũ " + dossier.origin->source + ", không tính lại");
    AppendPauses(clock, lines);
    return lines;
  }
  lines.push_back("Tính từ: " + MomentText(clock.start));
  lines.push_back("Thời hạn: " + TermText(clock.term));
  lines.push_back("Cách tính: " + std::string(RuleText(clock.term)));
  lines.push_back("Lịch làm việc: " + CalendarText(clock));
  if (clock.now.provisional) {
    lines.emplace_back(
        "Lịch tạm tính: chưa có quyết định về ngày nghỉ cho đến hạn trả; hạn có thể thay đổi");
  }
  AppendPauses(clock, lines);
  if (const calendar::Calendar* calendar =
          catalogue.FindCalendar(clock.calendar, clock.calendar_version)) {
    AppendComputation(clock, *calendar, lines);
  } else {
    lines.emplace_back("Không tính lại được hạn: danh mục không còn phiên bản lịch này");
  }
  return lines;
}

}  // namespace motcua::deadline
