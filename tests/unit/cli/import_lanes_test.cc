// Goal: every row gets exactly one answer, rows of a unit keep their order, and what can be tried
// again is.
// Method: a server made of a function that refuses, delays and fails by plan.
#include "services/cli/import_lanes.h"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <mutex>
#include <set>

namespace motcua::cli {
namespace {

imports::RegisterRow RowOf(std::uint32_t line, std::size_t units) {
  imports::RegisterRow row;
  row.line = line;
  row.unit = cases::UnitCode("U" + std::to_string(line % units));
  row.source_id = std::to_string(line);
  return row;
}

ImportLanes::Options Quick() {
  ImportLanes::Options options;
  options.backoff_first = std::chrono::milliseconds(1);
  options.backoff_max = std::chrono::milliseconds(2);
  options.patience = std::chrono::milliseconds(200);
  return options;
}

std::vector<RowAnswer> AllImported(const ImportLanes::Rows& rows) {
  return std::vector<RowAnswer>(rows.size(), RowAnswer{RowOutcome::kImported, "", 0, "", "", ""});
}

TEST(ImportLanes, EveryRowIsAnsweredOnceAndUnitsKeepTheirOrder) {
  constexpr std::uint32_t kRows = 20'000;
  std::mutex mutex;
  std::map<std::string, std::uint32_t> last;
  bool ordered = true;
  std::size_t answered = 0;
  ImportLanes lanes(
      Quick(),
      [&](const ImportLanes::Rows& rows) -> Result<std::vector<RowAnswer>> {
        EXPECT_LE(rows.size(), kRowsPerCallMax);
        const std::lock_guard lock(mutex);
        for (const auto& row : rows) {
          std::uint32_t& before = last[row.unit.value()];
          ordered = ordered && row.line > before;
          before = row.line;
        }
        return AllImported(rows);
      },
      [&](const imports::RegisterRow&, const RowAnswer&) { ++answered; });
  for (std::uint32_t line = 1; line <= kRows; ++line) {
    ASSERT_TRUE(lanes.Push(RowOf(line, 17)).ok());
  }
  ASSERT_TRUE(lanes.Finish().ok());
  EXPECT_EQ(answered, kRows);
  EXPECT_TRUE(ordered);
}

TEST(ImportLanes, RowsAndCallsThatFailForNowAreSentAgain) {
  constexpr std::uint32_t kRows = 3'000;
  std::atomic<int> calls = 0;
  std::set<std::uint32_t> lines;
  ImportLanes lanes(
      Quick(),
      [&](const ImportLanes::Rows& rows) -> Result<std::vector<RowAnswer>> {
        const int call = ++calls;
        if (call % 3 == 1) return Status(Reason::kNotServing, "starting");
        std::vector<RowAnswer> answers = AllImported(rows);
        for (std::size_t i = 0; call % 3 == 2 && i < rows.size(); i += 2) {
          answers[i].outcome = RowOutcome::kTryAgain;
        }
        return answers;
      },
      [&](const imports::RegisterRow& row, const RowAnswer&) {
        EXPECT_TRUE(lines.insert(row.line).second);
      });
  for (std::uint32_t line = 1; line <= kRows; ++line) {
    ASSERT_TRUE(lanes.Push(RowOf(line, 5)).ok());
  }
  ASSERT_TRUE(lanes.Finish().ok());
  EXPECT_EQ(lines.size(), kRows);
}

TEST(ImportLanes, GivesUpWhenNothingIsTakenForTooLong) {
  ImportLanes lanes(
      Quick(),
      [](const ImportLanes::Rows&) -> Result<std::vector<RowAnswer>> {
        return Status(Reason::kNotServing, "nobody there");
      },
      [](const imports::RegisterRow&, const RowAnswer&) {});
  ASSERT_TRUE(lanes.Push(RowOf(1, 1)).ok());
  EXPECT_EQ(lanes.Finish().reason(), Reason::kNotServing);
}

TEST(ImportLanes, AnErrorThatNoRetryHelpsEndsItAtOnce) {
  std::atomic<int> calls = 0;
  ImportLanes lanes(
      Quick(),
      [&](const ImportLanes::Rows&) -> Result<std::vector<RowAnswer>> {
        ++calls;
        return FieldError("context.actor", "is missing");
      },
      [](const imports::RegisterRow&, const RowAnswer&) {});
  ASSERT_TRUE(lanes.Push(RowOf(1, 1)).ok());
  EXPECT_EQ(lanes.Finish().reason(), Reason::kFieldInvalid);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(lanes.Push(RowOf(2, 1)).reason(), Reason::kFieldInvalid);
}

}  // namespace
}  // namespace motcua::cli
