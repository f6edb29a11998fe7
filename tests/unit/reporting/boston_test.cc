// Goal: our verdict on 58,119 real cases of another city's one-stop service is that city's own.
// Method: tests/data/boston311-2015h1.csv.gz as imports, through Apply and Index; each
//         row's verdict by instants as of 2016-01-13T00:00 -05:00 against its official_status. 102
//         rows have none: the city gave up on them, all are late. Some cases were closed before
//         they were opened.
#include <gtest/gtest.h>
#include <zlib.h>

#include "services/reporting/report.h"
#include "services/wire/csv/csv.h"
#include "tests/unit/reporting/histories.h"

namespace motcua::reporting {
namespace {

// Boston's clock in 2015 and the winter after it.
ZonedTime Local(std::string_view text) {
  const CivilTime civil = ParseCivilTime(text).value();
  const CivilTime summer{MakeDate(2015, 3, 8), std::chrono::hours(2)};
  const CivilTime winter{MakeDate(2015, 11, 1), std::chrono::hours(2)};
  const bool is_summer = civil >= summer && civil < winter;
  return AtOffset(civil, {static_cast<std::int16_t>(is_summer ? -240 : -300)});
}

std::optional<ZonedTime> LocalOrNone(std::string_view text) {
  if (text.empty()) return std::nullopt;
  return Local(text);
}

struct Row {
  std::string status;
  cases::DossierImported imported;
};

std::vector<Row> ReadRows() {
  const std::string path = MOTCUA_SOURCE_DIR "/tests/data/boston311-2015h1.csv.gz";
  gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) return {};
  wire::CsvReader reader;
  std::string chunk(1 << 16, '\0');
  for (int got = 0; (got = gzread(file, chunk.data(), static_cast<unsigned>(chunk.size()))) > 0;) {
    reader.Feed(std::string_view(chunk).substr(0, static_cast<std::size_t>(got)));
  }
  gzclose(file);
  reader.Finish();

  std::vector<Row> rows;
  wire::CsvRecord record;
  if (!reader.Next(record)) return rows;
  const wire::CsvHeader header = wire::CsvHeader::Make(record, {"official_status"}).value();
  while (reader.Next(record)) {
    const auto get = [&](std::string_view name) { return std::string(header.Get(record, name)); };
    Row row;
    row.status = get("official_status");
    row.imported.opened = Local(get("opened_at"));
    row.imported.due = LocalOrNone(get("due_at"));
    row.imported.closed = LocalOrNone(get("closed_at"));
    if (row.imported.closed) row.imported.outcome = cases::Outcome::kGranted;
    row.imported.channel =
        get("source") == "Citizens Connect App" ? cases::Channel::kOnline : cases::Channel::kDirect;
    row.imported.unit_name = get("department");
    row.imported.field = get("reason");
    row.imported.procedure = cases::ProcedureCode(get("type"));
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string VerdictOf(const Classification& found) {
  const bool late = found.state == Column::kResolvedLate || found.state == Column::kOpenLate;
  return late ? "OVERDUE" : "ONTIME";
}

TEST(Boston2015, VerdictsAreTheCitysOwn) {
  const std::vector<Row> rows = ReadRows();
  ASSERT_EQ(rows.size(), 58'119U);
  Folded folded;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    History history;
    Story("H49.1-150101-" + std::to_string(100'000 + i), history)
        .Add("2016-01-13T00:00:00-05:00", rows[i].imported);
    folded.Take(history);
  }

  StatusQuery query;
  query.from_date = Date("2015-01-01");
  query.to_date = Date("2015-06-30");
  query.verdict = Verdict::kInstant;
  query.as_of = At("2016-01-13T00:00:00-05:00").instant;
  std::size_t row = 0;
  std::size_t without_verdict = 0;
  std::size_t closed_before_opened = 0;
  for (const auto& [code, dossier] : folded.dossiers()) {
    const Row& recorded = rows[row++];
    const auto found = Classify(dossier, query);
    ASSERT_TRUE(found.has_value()) << code;
    const bool none = recorded.status.empty();
    without_verdict += none ? 1 : 0;
    ASSERT_EQ(VerdictOf(*found), none ? "OVERDUE" : recorded.status) << code;
    if (dossier.resolved && dossier.resolved->instant < dossier.received.instant) {
      ++closed_before_opened;
    }
  }
  EXPECT_EQ(without_verdict, 102U);
  EXPECT_EQ(closed_before_opened, 84U);

  // Every day and by every dimension the counters say what the rows say.
  query.as_of.reset();
  for (const Dimension by : {Dimension::kUnit, Dimension::kField, Dimension::kProcedure}) {
    query.by = by;
    for (const int days : {0, 45, 90, 150, 400}) {
      query.from_date = Date("2015-01-01") + days / 2;
      query.to_date = Date("2015-01-01") + days;
      const StatusReport cells = SumCells(folded.store(), query).value();
      EXPECT_EQ(Show(cells.rows), Show(ScanDossiers(folded.reader(), query).value().rows));
      EXPECT_EQ(cells.total.received_total(),
                cells.total.resolved_total() + cells.total.open_total());
    }
  }
}

}  // namespace
}  // namespace motcua::reporting
