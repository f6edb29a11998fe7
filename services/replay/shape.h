// What of the replay is invented, in one place: how the report's totals spread over months, days,
// hours, counters and procedures, and how long things take. No source says any of it; it is meant
// to look like a year of an office, no more. There are no people in it at all.
//
// Pure constants.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace motcua::replay::shape {

// ---- When dossiers come ------------------------------------------------------------------------

// By month: Tết in January, distancing in April, a catch-up in summer. December 2019 is last.
inline constexpr std::array<int, 12> kMonths = {86,  98,  97,  52,  104, 112,
                                                113, 104, 106, 118, 100, 100};
// Monday to Sunday; the last two of what comes online.
inline constexpr std::array<int, 7> kWeekdays = {118, 106, 100, 98, 88, 34, 26};
inline constexpr int kPublicHoliday = 12;  // online
// The days around Tết and the first fortnight of distancing, "MM-DD" from and to.
struct Lull {
  std::string_view from;
  std::string_view to;
  int percent;
};
inline constexpr std::array<Lull, 5> kLulls = {{{"2020-01-17", "2020-01-22", 55},
                                                {"2020-01-23", "2020-01-29", 4},
                                                {"2020-01-30", "2020-02-05", 48},
                                                {"2020-04-01", "2020-04-15", 62},
                                                {"2020-08-01", "2020-08-14", 90}}};

// The 15 half-hours of an office day.
inline constexpr std::array<int, 15> kOfficeHours = {4, 7, 9, 10, 10, 9, 7, 4, 5, 8, 9, 8, 6, 4, 2};
// Online: the hours before and after the office, against 1,000 in all of it.
inline constexpr std::array<int, 4> kOnlineAround = {30, 130, 190, 80};
inline constexpr std::array<int, 4> kOnlineDayOff = {220, 260, 330, 190};
// The post comes twice a day: the half-hours of it.
inline constexpr std::array<int, 2> kPostComes = {3, 10};

// Carried over: which of the last working days of 2019 they came on, the latest the likeliest.
inline constexpr int kCarriedOverDays = 9;

// ---- Where and what ----------------------------------------------------------------------------

// Of the city's dossiers: at the one-stop centre; at the wards, interconnected with the city; at
// the wards, their own.
inline constexpr std::array<int, 3> kCityGroups = {50, 11, 39};
inline constexpr int kCentralPostalIn = 7'000;  // of 8,749, the rest the city's
inline constexpr int kCityPostalIn = 1'749;

// The 33 wards and communes in the order of their codes.
inline constexpr std::array<int, 33> kWards = {22, 34, 41, 58, 52, 40, 26, 33, 72, 61, 38,
                                               35, 36, 70, 34, 37, 66, 12, 39, 34, 42, 4,
                                               8,  9,  6,  5,  7,  7,  11, 6,  19, 12, 17};

// Fields that people come for more often than for the others, which have 10.
struct FieldWeight {
  std::string_view field;
  int weight;
};
inline constexpr int kFieldWeight = 10;
inline constexpr std::array<FieldWeight, 14> kFields = {
    {{"Chứng thực", 130},
     {"Hộ tịch", 95},
     {"Đất đai", 120},
     {"Đăng ký biện pháp bảo đảm", 60},
     {"Thành lập và hoạt động doanh nghiệp (hộ kinh doanh)", 75},
     {"Bảo trợ xã hội", 40},
     {"Người có công", 14},
     {"Hoạt động xây dựng", 45},
     {"Thuế", 48},
     {"Đăng ký, quản lý cư trú", 100},
     {"Cấp, quản lý căn cước", 130},
     {"Thực hiện chính sách BHXH", 60},
     {"Thu BHXH, BHYT, BHTN, BH tai nạn lao động, BNN", 90},
     {"Đăng ký, quản lý phương tiện giao thông cơ giới, xe máy chuyên dùng", 70}}};

// ---- How long things take ----------------------------------------------------------------------

// Quantiles of the part of the term that is used, per mille, near a lognormal; 1,000 = the due day.
inline constexpr std::array<int, 24> kUsedByCity = {120, 190, 250, 300, 350, 400,  450,  500,
                                                    550, 600, 650, 700, 740, 780,  820,  860,
                                                    890, 920, 950, 970, 985, 1000, 1000, 1000};
inline constexpr std::array<int, 24> kUsedByCentral = {40,  70,  100, 130, 160, 200, 240,  280,
                                                       320, 360, 400, 450, 500, 550, 600,  650,
                                                       700, 760, 820, 880, 930, 970, 1000, 1000};
// Working days that a late one is late by.
inline constexpr std::array<int, 16> kLateDays = {1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 7, 9, 13, 21};
// How much likelier than others a dossier on a route is late, in percent.
inline constexpr int kLateOnRoute = 600;
inline constexpr int kLateAtCentre = 250;
inline constexpr int kLateElsewhere = 100;

// Standstills, percent of the dossiers that may have one: terms of at least so many working days.
inline constexpr int kSupplementPercent = 7;
inline constexpr int kSupplementTermDays = 3;
inline constexpr std::array<int, 8> kAskedAfterDays = {0, 0, 1, 1, 1, 2, 2, 2};
inline constexpr std::array<int, 10> kBroughtAfterDays = {1, 1, 2, 2, 3, 4, 5, 7, 9, 14};
// Land: the tax notice is paid.
inline constexpr int kDutyPercent = 55;
inline constexpr std::array<int, 8> kPaidAfterDays = {1, 1, 2, 3, 3, 5, 7, 10};
inline constexpr int kOtherAgencyPercent = 2;

// Of legs that are sent.
inline constexpr int kLegReturnedPercent = 3;

// Working days until a result is fetched.
inline constexpr std::array<int, 16> kFetchedAfterDays = {0, 0, 0, 0, 0, 0, 0, 1,
                                                          1, 1, 2, 2, 3, 4, 6, 11};
// Results by post: how much likelier by the channel that the dossier came by.
inline constexpr int kPostedOfPostal = 3'000;
inline constexpr int kPostedOfOnline = 300;
inline constexpr int kPostedOfDirect = 100;
inline constexpr int kAskedForPostPercent = 85;  // when received; the others afterwards
inline constexpr int kDeliveryFailsPercent = 6;
// The last results go to the post so many days before the period's end, and all are delivered.
inline constexpr int kPostStopsDays = 14;
// Of those still open at the end, in percent: those whose due date has passed, which came so many
// days before it at the most.
inline constexpr int kOpenLatePercent = 7;
inline constexpr int kOpenLateDays = 45;

}  // namespace motcua::replay::shape
