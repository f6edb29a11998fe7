// Goal: reports are named, keyed and paged as the contract says, read few rows, and the dossiers
//       behind a number are as many as the number.
// Method: drill-down of every row and column of random histories, page by page, against the
//         report; lives spread over two centuries for the blocks of days; a store that changes
//         while it is read.
#include "services/reporting/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/reporting/cells.h"
#include "tests/unit/reporting/histories.h"

namespace motcua::reporting {
namespace {

using testing::ElementsAre;
using testing::Pair;

std::shared_ptr<const catalogue::Catalogue> Catalogue() {
  return catalogue::Catalogue::Make({}, {}, {}).value();
}

std::vector<std::pair<std::string, std::string>> KeysAndNames(const StatusReport& report) {
  std::vector<std::pair<std::string, std::string>> found;
  found.reserve(report.rows.size());
  for (const StatusRow& row : report.rows) found.emplace_back(row.key, row.name);
  return found;
}

// All codes behind one number, page by page.
std::vector<std::string> ListAll(const Folded& folded, ListQuery query) {
  std::vector<std::string> codes;
  do {
    const DossierPage page = ListDossiers(folded.reader(), query).value();
    EXPECT_LE(page.dossiers.size(), query.page_size);
    for (const ListedDossier& listed : page.dossiers) {
      codes.push_back(listed.dossier.code.value());
    }
    query.from = page.next;
  } while (query.from);
  EXPECT_TRUE(std::is_sorted(codes.begin(), codes.end()));
  EXPECT_EQ(std::adjacent_find(codes.begin(), codes.end()), codes.end());
  return codes;
}

TEST(ListDossiers, AsManyAsTheReportCountsInEveryRowAndColumn) {
  const Folded folded(RandomHistory(5, 150, Offsets::kPerDossier));
  std::mt19937_64 random(5);
  for (int i = 0; i < 12; ++i) {
    ListQuery query;
    query.status = RandomQuery(random);
    if (i % 3 == 0) query.status.as_of = StartOfDay(query.status.to_date + 5, {420});
    query.page_size = 1 + random() % 20;
    const StatusReport report = BuildReport(folded.reader(), *Catalogue(), query.status).value();
    for (std::size_t column = 0; column < kColumns; ++column) {
      query.column = static_cast<Column>(column);
      const auto count = [&](const StatusRow& row) {
        return static_cast<std::size_t>(column == 0 ? row.received_total() : row[query.column]);
      };
      query.key = "";
      EXPECT_EQ(ListAll(folded, query).size(), count(report.total)) << ColumnName(query.column);
      for (const StatusRow& row : report.rows) {
        query.key = row.key;
        EXPECT_EQ(ListAll(folded, query).size(), count(row))
            << row.key << " " << ColumnName(query.column);
      }
    }
  }
}

TEST(ListDossiers, RefusesPageSizesAndPeriodsThatCannotBe) {
  const Folded folded;
  ListQuery query;
  query.page_size = 0;
  EXPECT_EQ(ListDossiers(folded.reader(), query).status().reason(), Reason::kFieldInvalid);
  query.page_size = kListPageMax + 1;
  EXPECT_EQ(ListDossiers(folded.reader(), query).status().reason(), Reason::kFieldInvalid);
  query.page_size = kListPageMax;
  EXPECT_TRUE(ListDossiers(folded.reader(), query).ok());
  query.status.from_date = query.status.to_date + 1;
  EXPECT_EQ(ListDossiers(folded.reader(), query).status().reason(), Reason::kFieldInvalid);
}

TEST(BuildReport, RefusesAPeriodThatEndsBeforeItBegins) {
  const Folded folded;
  StatusQuery query;
  query.from_date = query.to_date + 1;
  EXPECT_EQ(BuildReport(folded.reader(), *Catalogue(), query).status().reason(),
            Reason::kFieldInvalid);
  query.as_of = Instant{};
  EXPECT_EQ(BuildReport(folded.reader(), *Catalogue(), query).status().reason(),
            Reason::kFieldInvalid);
}

TEST(BuildReport, OfAnEmptyStoreIsEmpty) {
  const Folded folded;
  const StatusReport report = BuildReport(folded.reader(), *Catalogue(), StatusQuery()).value();
  EXPECT_TRUE(report.rows.empty());
  EXPECT_EQ(report.total.received_total(), 0);
}

History Imports() {
  History history;
  const auto import = [&](const char* code, const char* unit_name, const char* procedure,
                          const char* procedure_name) {
    cases::DossierImported imported;
    imported.opened = At("2020-01-10T09:00:00+07:00");
    imported.unit_name = unit_name;
    imported.procedure = cases::ProcedureCode(procedure);
    imported.procedure_name = procedure_name;
    imported.channel = cases::Channel::kPostal;
    Story(code, history).Add("2020-06-01T00:00:00+07:00", imported);
  };
  import("H49.1-200110-0001", "Phường Bãi Cháy", "1.000001", "Khai sinh");
  import("H49.1-200110-0002", "Ph. Bai Chay", "1.000001", "KHAI SINH");
  import("H49.1-200110-0003", "Phường Bãi Cháy", "1.000001", "KHAI SINH");
  import("H49.2-200110-0001", "", "", "");
  return history;
}

TEST(BuildReport, NamesAreThoseOfMostImportsElseTheKey) {
  const Folded folded(Imports());
  StatusQuery query;
  query.from_date = Date("2020-01-01");
  query.to_date = Date("2020-01-31");
  const auto by = [&](Dimension dimension) {
    query.by = dimension;
    return KeysAndNames(BuildReport(folded.reader(), *Catalogue(), query).value());
  };
  EXPECT_THAT(by(Dimension::kUnit),
              ElementsAre(Pair("H49.1", "Phường Bãi Cháy"), Pair("H49.2", "H49.2")));
  EXPECT_THAT(by(Dimension::kProcedure),
              ElementsAre(Pair("-", "-"), Pair("1.000001", "KHAI SINH")));
  EXPECT_THAT(by(Dimension::kField), ElementsAre(Pair("-", "-")));
  EXPECT_THAT(by(Dimension::kChannel), ElementsAre(Pair("postal", "Bưu chính")));
}

// Days from 1900 to 2199, so that sums cross blocks of every level and the year 1970.
TEST(SumCells, OverTwoCenturiesAreTheScanAndReadFewRows) {
  Folded folded;
  std::mt19937_64 random(1);
  const auto below = [&](int n) {
    return static_cast<int>(random() % static_cast<std::uint64_t>(n));
  };
  const CivilDate first = MakeDate(1900, 1, 1);
  const int days = MakeDate(2199, 12, 31) - first;
  for (int i = 0; i < 3000; ++i) {
    const ZonedTime opened = AtOffset({first + below(days), Micros(0)}, {420});
    cases::DossierImported imported;
    imported.opened = opened;
    imported.due = AtOffset({opened.date() + below(400), Micros(0)}, {420});
    if (below(4) > 0) imported.closed = AtOffset({opened.date() + below(600), Micros(1)}, {420});
    imported.field = "f";
    History history;
    Story("H49.1-200110-" + std::to_string(10000 + i), history).Add(opened, imported);
    folded.Take(history);
  }
  for (int i = 0; i < 300; ++i) {
    StatusQuery query;
    query.from_date = first + below(days);
    query.to_date = query.from_date + below(i % 2 == 0 ? 40 : days);
    query.verdict = i % 3 == 0 ? Verdict::kDate : Verdict::kInstant;
    for (const Dimension by : {Dimension::kUnit, Dimension::kField, Dimension::kChannel}) {
      query.by = by;
      const std::uint64_t before = folded.store().scans();
      const StatusReport cells = SumCells(folded.store(), query).value();
      // Three runs before the period, five within it, its last day; by channel, that there is one
      // unit and no other.
      EXPECT_LE(folded.store().scans() - before,
                3U + 5U + 1U + (by == Dimension::kChannel ? 2U : 0U));
      EXPECT_EQ(Show(cells.rows), Show(ScanDossiers(folded.reader(), query).value().rows));
    }
  }
}

TEST(SumCells, TenYearsReadFewRowsOfASeries) {
  Folded folded;
  const CivilDate first = MakeDate(2011, 1, 1);
  for (int day = 0; day < 3650; ++day) {
    History history;
    Story("H49.1-200110-" + std::to_string(10000 + day), history)
        .Add(AtOffset({first + day, Micros(0)}, {420}), Received({}));
    folded.Take(history);
  }
  StatusQuery query;
  query.from_date = first;
  for (int day = 3000; day < 3650; ++day) {
    query.to_date = first + day;
    const std::uint64_t before = folded.store().rows_read();
    const StatusReport report = SumCells(folded.store(), query).value();
    EXPECT_EQ(report.total[Column::kReceivedDirect], day + 1);
    // One series, from the beginning of a year: years, months, days, and the last day by itself.
    EXPECT_LE(folded.store().rows_read() - before, 10U + 11U + 30U + 1U);
  }
}

// Before each reading it takes an event, as the loop does while reports are read.
class BusyStore final : public engine::StateStore {
 public:
  BusyStore(Folded& folded, History events) : folded_(folded), events_(std::move(events)) {}

  Status Write(const std::vector<engine::StoreWrite>& batch) override {
    return folded_.store().Write(batch);
  }
  Result<std::optional<std::string>> Get(std::string_view key) const override {
    GoOn();
    return folded_.store().Get(key);
  }
  Status Scan(std::string_view from, std::string_view to, const Visit& visit) const override {
    GoOn();
    return folded_.store().Scan(from, to, visit);
  }
  Status ScanBackward(std::string_view from, std::string_view to,
                      const Visit& visit) const override {
    GoOn();
    return folded_.store().ScanBackward(from, to, visit);
  }
  Result<std::unique_ptr<const StateStore>> Snapshot() const override {
    return std::unique_ptr<const StateStore>(std::make_unique<View>(*this, folded_.store()));
  }

 private:
  // Rows of one moment; the store goes on while they are read.
  class View final : public engine::StateStore {
   public:
    View(const BusyStore& busy, const MemoryStore& rows) : busy_(busy), rows_(rows) {}
    Status Write(const std::vector<engine::StoreWrite>& /*batch*/) override {
      return Status(Reason::kInternal, "a snapshot");
    }
    Result<std::optional<std::string>> Get(std::string_view key) const override {
      busy_.GoOn();
      return rows_.Get(key);
    }
    Status Scan(std::string_view from, std::string_view to, const Visit& visit) const override {
      busy_.GoOn();
      return rows_.Scan(from, to, visit);
    }
    Status ScanBackward(std::string_view from, std::string_view to,
                        const Visit& visit) const override {
      busy_.GoOn();
      return rows_.ScanBackward(from, to, visit);
    }
    Result<std::unique_ptr<const StateStore>> Snapshot() const override {
      return Status(Reason::kInternal, "a snapshot");
    }

   private:
    const BusyStore& busy_;
    const MemoryStore rows_;
  };

  void GoOn() const {
    if (next_ == events_.size()) return;
    const auto& [event, effective] = events_[next_++];
    folded_.Take(event, effective);
  }

  Folded& folded_;
  const History events_;
  mutable std::size_t next_ = 0;
};

// Pairs of dossiers, one of each of two units: at every second event both have as many.
History ManyReceived(int pairs) {
  History history;
  for (int i = 0; i < pairs; ++i) {
    for (const char* unit : {"H49.1", "H49.2"}) {
      Story(unit + ("-200110-" + std::to_string(1000 + i)), history)
          .Add("2020-01-10T09:00:00+07:00", Received(At("2020-01-20T09:00:00+07:00")));
    }
  }
  return history;
}

// Review 4.10: a unit that is being imported, in every one of whose readings something has changed,
// gives its report, and the total over units is of one moment.
TEST(BuildReport, OfUnitsThatNeverRestIsOfOneMoment) {
  Folded folded;
  const History events = ManyReceived(200);
  folded.Take(History(events.begin(), events.begin() + 100));
  const BusyStore store(folded, History(events.begin() + 100, events.end()));
  const HandleCodec codec;
  StatusQuery query;
  query.from_date = Date("2020-01-01");
  query.to_date = Date("2020-01-20");
  query.verdict = Verdict::kInstant;
  query.by = Dimension::kChannel;  // unit by unit
  const StatusReport report =
      BuildReport(engine::StateReader(store, codec), *Catalogue(), query).value();
  ASSERT_EQ(report.rows.size(), 1U);
  EXPECT_EQ(report.rows.front()[Column::kReceivedDirect], 100);
  EXPECT_EQ(report.rows.front()[Column::kOpenLate], 100);
  // It went on meanwhile.
  EXPECT_GT(folded.dossiers().size(), 100U);
}

TEST(UnitsWithCells, AreEachToldOnceAndInOrder) {
  Folded folded;
  for (const char* unit : {"H49.10", "H49.1", "H49", "000.23.10.H49"}) {
    History history;
    Story(unit + std::string("-200110-0001"), history)
        .Add("2020-01-10T09:00:00+07:00", Received(At("2020-01-20T09:00:00+07:00")));
    folded.Take(history);
  }
  const std::vector<cases::UnitCode> found = UnitsWithCells(folded.store()).value();
  std::vector<std::string> units;
  for (const cases::UnitCode& unit : found) units.push_back(unit.value());
  EXPECT_THAT(units, testing::UnorderedElementsAre("000.23.10.H49", "H49", "H49.1", "H49.10"));
}

// Review 4.12: what nobody waits for is not read to its end.
TEST(BuildReport, StopsWhenNobodyWaits) {
  Folded folded(ManyReceived(static_cast<int>(kRowsBetweenLooks)));
  StatusQuery query;
  query.from_date = Date("2020-01-01");
  query.to_date = Date("2020-01-20");
  query.by = Dimension::kChannel;
  int looks = 0;
  const StillWanted gone = [&] { return ++looks < 2; };
  const std::uint64_t before = folded.store().rows_read();
  EXPECT_EQ(SumCells(folded.store(), query, gone).status().reason(), Reason::kOutcomeUnknown);
  EXPECT_EQ(looks, 2) << "once per unit";

  query.as_of = At("2020-01-15T00:00:00+07:00").instant;
  looks = 0;
  const std::uint64_t scanned = folded.store().rows_read();
  EXPECT_EQ(ScanDossiers(folded.reader(), query, [&] { return ++looks < 1; }).status().reason(),
            Reason::kOutcomeUnknown);
  EXPECT_LE(folded.store().rows_read() - scanned, kRowsBetweenLooks + 1);
  EXPECT_LT(before, scanned);

  looks = 0;
  ListQuery list;
  list.status = query;
  list.key = "no such row";
  EXPECT_EQ(ListDossiers(folded.reader(), list, [&] { return ++looks < 1; }).status().reason(),
            Reason::kOutcomeUnknown);
  EXPECT_EQ(looks, 1);
}

TEST(SumCells, NameRowsThatAreNotReadable) {
  StatusQuery query;
  query.from_date = Date("2020-01-10");
  query.to_date = Date("2020-01-10");
  for (const auto& [prefix, by] :
       {std::pair("XC", Dimension::kChannel), std::pair("XAU", Dimension::kUnit)}) {
    Folded folded(Imports());
    query.by = by;
    folded.store().rows()[folded.store().rows().lower_bound(prefix)->first + "\x7F"] = "12345678";
    EXPECT_EQ(SumCells(folded.store(), query).status().reason(), Reason::kStoreDamaged) << prefix;
  }
}

}  // namespace
}  // namespace motcua::reporting
