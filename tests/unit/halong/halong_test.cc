// Goal: `motcua report halong` puts each printed figure beside the one that reporting tells, with
//       its denominator, and says "=", the name of a slip of the print, or that they differ.
// Method: a reporting service made up here, whose answers hold the counts of the printed report
// (and
//         invented ones where it has none); texts, JSON and page of it, and of one that differs.
//         MOTCUA_HALONG_PAGE=FILE keeps the page, to be looked at.
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <fstream>

#include "services/halong/charts.h"
#include "services/halong/figures.h"

namespace motcua::halong {
namespace {

using nlohmann::json;
using reporting::v1::GetLatenessReportResponse;
using reporting::v1::GetStatusReportRequest;
using reporting::v1::GetStatusReportResponse;
using reporting::v1::StatusRow;

struct Counts {
  std::int64_t carried = 0;
  std::int64_t direct = 0;
  std::int64_t online = 0;
  std::int64_t postal = 0;
  std::int64_t early = 0;
  std::int64_t on_time = 0;
  std::int64_t late = 0;
  std::int64_t returned_postal = 0;
};

StatusRow RowWith(std::string key, std::string name, const Counts& counts) {
  StatusRow row;
  row.set_key(std::move(key));
  row.set_name(std::move(name));
  auto& received = *row.mutable_received();
  received.set_carried_over(counts.carried);
  received.set_direct(counts.direct);
  received.set_online(counts.online);
  received.set_postal(counts.postal);
  received.set_total(counts.carried + counts.direct + counts.online + counts.postal);
  auto& resolved = *row.mutable_resolved();
  resolved.set_early(counts.early);
  resolved.set_on_time(counts.on_time);
  resolved.set_late(counts.late);
  resolved.set_total(counts.early + counts.on_time + counts.late);
  row.mutable_open()->set_total(received.total() - resolved.total());
  row.set_returned_postal(counts.returned_postal);
  auto& rate = *row.add_rates();
  rate.set_definition(reporting::v1::RATE_DEFINITION_OF_RESOLVED);
  rate.set_part(counts.early + counts.on_time);
  rate.set_whole(resolved.total());
  return row;
}

constexpr Counts kCity{270, 48'231 - 3'370 - 3'000, 3'370, 3'000, 30'000, 14'708, 1'256, 10'762};
constexpr Counts kCentral{0,     240'574 - 95'040 - 5'749, 95'040, 5'749, 200'000, 37'206, 3'368,
                          20'000};
constexpr Counts kAll{270,   289'075 - 270 - 98'410 - 8'749, 98'410, 8'749, 230'000, 51'914, 4'624,
                      30'762};

// `share` of 1,000 of it.
Counts PartOf(const Counts& c, std::int64_t share) {
  const auto of = [&](std::int64_t count) { return count * share / 1000; };
  return {of(c.carried), of(c.direct),  of(c.online), of(c.postal),
          of(c.early),   of(c.on_time), of(c.late),   of(c.returned_postal)};
}

class MadeUpReporting {
 public:
  std::int64_t more_late = 0;  // than was printed
  std::int64_t more_open = 0;

  Status Answer(const google::protobuf::Message& request, google::protobuf::Message& response) {
    if (auto* lateness = dynamic_cast<GetLatenessReportResponse*>(&response)) {
      FillLateness(*lateness);
      return OkStatus();
    }
    Fill(dynamic_cast<const GetStatusReportRequest&>(request).query(),
         dynamic_cast<GetStatusReportResponse&>(response));
    return OkStatus();
  }

 private:
  void Fill(const reporting::v1::StatusQuery& query, GetStatusReportResponse& answer) const {
    constexpr std::array<std::int64_t, 11> kOfMonth = {0,   85,  92,  104, 62, 101,
                                                       110, 112, 108, 111, 115};
    const bool whole = query.to_date().month() == 10 && query.from_date().month() == 1;
    const std::int64_t share =
        whole ? 1000 : kOfMonth.at(static_cast<std::size_t>(query.from_date().month()));
    Counts city = PartOf(kCity, share);
    city.late += more_late;
    city.early -= more_late;
    Counts all = PartOf(kAll, share);
    all.late += more_late;
    all.early -= more_late;
    if (!whole) city.late = city.late * (20 - query.from_date().month()) / 12;
    *answer.mutable_total() = RowWith("", "Tổng số", all);
    switch (query.by()) {
      case reporting::v1::DIMENSION_LEVEL:
        *answer.add_rows() = RowWith("central", "Ngành dọc", PartOf(kCentral, share));
        *answer.add_rows() = RowWith("city", "Thành phố", city);
        answer.mutable_rows(1)->mutable_open()->set_total(answer.rows(1).open().total() +
                                                          more_open);
        return;
      case reporting::v1::DIMENSION_FIELD:
        for (int i = 0; i < 24; ++i) {
          Counts counts = PartOf(kAll, 41);
          counts.late = counts.late * (i * 7 % 24) / 6;
          *answer.add_rows() = RowWith(
              "", i == 0 ? "Đất đai & <nhà ở>" : "Lĩnh vực số " + std::to_string(i), counts);
        }
        return;
      default:
        for (int i = 0; i < 34; ++i) {
          Counts counts = PartOf(PartOf(kCity, share), i == 0 ? 700 : 3 + i % 9);
          counts.late = counts.late * ((i * 5 + query.from_date().month()) % 7) / 3;
          *answer.add_rows() = RowWith(
              std::to_string(100 + i),
              i == 0 ? "Trung tâm Hành chính công" : "UBND phường Số " + std::to_string(i), counts);
        }
        return;
    }
  }

  static void FillLateness(GetLatenessReportResponse& answer) {
    constexpr std::int64_t kDay = 86'400'000'000;
    const auto add = [&](reporting::v1::TimePart part, reporting::v1::Party party, int leg,
                         std::string name, std::int64_t dossiers, std::int64_t days) {
      auto& row = *answer.add_rows();
      row.set_part(part);
      row.set_party(party);
      row.set_leg(static_cast<std::uint32_t>(leg));
      row.set_name(std::move(name));
      row.set_dossiers(dossiers);
      row.set_time_micros(days * kDay);
      row.set_overdue_micros(dossiers * kDay);
      answer.set_dossiers(answer.dossiers() + dossiers);
      answer.set_time_micros(answer.time_micros() + days * kDay);
      answer.set_overdue_micros(answer.overdue_micros() + dossiers * kDay);
    };
    using namespace reporting::v1;  // NOLINT(google-build-using-namespace): many names
    add(TIME_PART_RECEIVING, PARTY_AGENCY, 0, "Trung tâm Hành chính công", 2'600, 30'000);
    add(TIME_PART_LEG, PARTY_AGENCY, 1, "Phòng Tài nguyên và Môi trường", 900, 16'000);
    add(TIME_PART_LEG, PARTY_AGENCY, 2, "Chi nhánh Văn phòng Đăng ký đất đai", 624, 9'000);
    add(TIME_PART_LEG, PARTY_AGENCY, 3, "Sở Lao động - Thương binh và Xã hội", 500, 8'000);
    add(TIME_PART_SUPPLEMENT, PARTY_CITIZEN, 0, "", 0, 6'000);
    add(TIME_PART_UNCOLLECTED, PARTY_CITIZEN, 0, "", 0, 3'000);
    add(TIME_PART_CARRIER, PARTY_CARRIER, 0, "", 0, 1'100);
  }
};

Answers AnswersOf(MadeUpReporting& reporting) {
  return Ask([&](const auto& request,
                 auto& response) { return reporting.Answer(request, response); },
             PrintedReport())
      .value();
}

TEST(HalongReport, FindsEveryPrintedFigureAndNamesTheSlips) {
  MadeUpReporting reporting;
  const std::vector<Figure> figures = Compare(PrintedReport(), AnswersOf(reporting));
  EXPECT_EQ(figures.size(), PrintedReport().figures.size());
  const json list = json::parse(RenderJson(figures));
  for (const json& figure : list) {
    const std::string id = figure.at("id");
    SCOPED_TRACE(id);
    EXPECT_EQ(figure.at("printed"), PrintedReport().figures.at(id));
    EXPECT_EQ(figure.at("equal"), id != "dossiers.city.resolved_as_printed");
    const bool percent = id.ends_with("_percent");
    EXPECT_TRUE(!percent || figure.at("denominator").is_number());
    if (id == "dossiers.city.resolved_as_printed") {
      EXPECT_EQ(figure.at("printed"), "45/964");
      EXPECT_EQ(figure.at("computed"), 45'964);
      EXPECT_EQ(figure.at("slip"), "misprint");
    } else if (id == "dossiers.city.in_progress") {
      EXPECT_EQ(figure.at("denominator"), 48'501);
      EXPECT_EQ(figure.at("slip"), "carried_over");
    } else {
      EXPECT_EQ(figure.at("slip"), nullptr);
    }
  }
}

TEST(HalongReport, SaysWhichFiguresDiffer) {
  MadeUpReporting reporting;
  reporting.more_late = 5;
  std::string differ;
  for (const Figure& figure : Compare(PrintedReport(), AnswersOf(reporting))) {
    if (!figure.equal && figure.slip.empty()) differ += figure.id + "\n";
  }
  EXPECT_EQ(differ,
            "dossiers.on_time_percent\n"
            "dossiers.city.resolved_on_time_or_early\n"
            "dossiers.city.on_time_percent\n"
            "dossiers.city.overdue_percent\n");
}

// The 270 explain why 2,537 are in progress, not why any other number is.
TEST(HalongReport, AFigureWithASlipCanDifferToo) {
  MadeUpReporting reporting;
  reporting.more_open = 63;
  const Answers answers = AnswersOf(reporting);
  const auto figures = Compare(PrintedReport(), answers);
  constexpr std::size_t kWide = 160;
  const std::string text = RenderText(PrintedReport(), answers, figures, kWide);
  EXPECT_NE(text.find("1 số đã in khác số tính lại"), std::string::npos) << text;
  const std::string page = RenderHtml(PrintedReport(), answers, figures);
  EXPECT_NE(page.find("class=\"no\""), std::string::npos);
}

TEST(HalongReport, NothingCountedIsNotEqualAndDividesByNothing) {
  const std::vector<Figure> figures = Compare(PrintedReport(), Answers());
  for (const Figure& figure : figures) EXPECT_FALSE(figure.equal) << figure.id;
  EXPECT_NE(RenderText(PrintedReport(), Answers(), figures, 120).find("–"), std::string::npos);
  EXPECT_NE(RenderHtml(PrintedReport(), Answers(), figures).find("</html>"), std::string::npos);
}

TEST(HalongReport, TextGivesEachRateItsDenominator) {
  MadeUpReporting reporting;
  const Answers answers = AnswersOf(reporting);
  const std::string text =
      RenderText(PrintedReport(), answers, Compare(PrintedReport(), answers), 140);
  for (const char* expected :
       {"97,27% (44.708 / 45.964)", "98,60% (237.206 / 240.574)", "98,39% (281.914 / 286.538)",
        "2,73% (1.256 / 45.964)", "45/964", "lỗi in", "270 kỳ trước",
        "Mọi số đã in đều bằng số tính lại, trừ lỗi in nêu trên."}) {
    EXPECT_NE(text.find(expected), std::string::npos) << expected << "\n" << text;
  }
}

TEST(HalongReport, PageHasChartsWithSentencesAndNoScript) {
  MadeUpReporting reporting;
  const Answers answers = AnswersOf(reporting);
  const std::string page = RenderHtml(PrintedReport(), answers, Compare(PrintedReport(), answers));
  if (const char* file = std::getenv("MOTCUA_HALONG_PAGE")) std::ofstream(file) << page;
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_EQ(page.find("http"), std::string::npos) << "it takes something from elsewhere";
  EXPECT_EQ(page.find("<nhà"), std::string::npos) << "a name is read as a tag";
  std::size_t drawings = 0;
  for (std::size_t at = 0; (at = page.find("role=\"img\"", at)) != std::string::npos; ++at) {
    ++drawings;
    EXPECT_NE(page.compare(page.find("aria-label=\"", at), 13, "aria-label=\"\""), 0);
  }
  EXPECT_EQ(drawings, 7U);
  EXPECT_EQ(RenderHtml(PrintedReport(), answers, Compare(PrintedReport(), answers)), page);
}

// However late they are: together they are no field that a headline could name.
TEST(HalongReport, SmallFieldsTogetherComeLast) {
  MadeUpReporting reporting;
  Answers answers = AnswersOf(reporting);
  for (int i = 0; i < 24; ++i) {
    *answers.by_field.mutable_rows(i) =
        RowWith(std::to_string(i), "Lĩnh vực số " + std::to_string(i),
                i < 19 ? Counts{0, 0, 0, 0, 500, 100, i, 0} : Counts{0, 0, 0, 0, 1, 1, 9, 0});
  }
  const Chart chart = VerdictsByField(answers);
  EXPECT_NE(chart.sentence.find("Lĩnh vực số 18"), std::string::npos) << chart.sentence;
  const std::size_t others = chart.svg.find("5 lĩnh vực khác");
  ASSERT_NE(others, std::string::npos);
  EXPECT_LT(chart.svg.rfind("Lĩnh vực số"), others);
}

TEST(HalongReport, EveryUnitHasItsTile) {
  MadeUpReporting reporting;
  const Chart chart = UnitsByMonth(AnswersOf(reporting), 98);
  std::size_t tiles = 0;
  for (std::size_t at = 0; (at = chart.svg.find("class=\"tile", at)) != std::string::npos; ++at) {
    tiles += chart.svg.compare(at, 15, "class=\"tilename") == 0 ? 1U : 0U;
  }
  EXPECT_EQ(tiles, 34U);
}

}  // namespace
}  // namespace motcua::halong
