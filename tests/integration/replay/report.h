// What Biểu II.06a must say of a replay, by its own list, and what running services say.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "services/wire/csv/csv.h"
#include "tests/integration/standalone/running.h"

namespace motcua::testing {

using nlohmann::json;

inline const std::string kStart = "2019-12-02T00:00:00+07:00";
inline const std::string kRecount =
    std::string(MOTCUA_SOURCE_DIR) + "/tests/integration/replay/recount.py";
inline constexpr std::array kDimensions = {"unit", "field", "procedure", "channel"};

// A row of the report, by the names of its cells.
using Cells = std::map<std::string, int>;
using Report = std::map<std::string, Cells>;  // by key

inline std::string CellOf(const std::string& verdict, bool resolved) {
  return (resolved ? "resolved." : "open.") + verdict;
}

// What Biểu II.06a of the period must say, by the list.
inline std::map<std::string, Report> Expected(const std::string& list) {
  wire::CsvReader reader;
  reader.Feed(list);
  reader.Finish();
  wire::CsvRecord record;
  EXPECT_TRUE(reader.Next(record));
  const auto header = wire::CsvHeader::Make(record, {"due", "received", "verdict"});
  EXPECT_TRUE(header.ok());
  std::map<std::string, Report> reports;
  while (reader.Next(record)) {
    const auto get = [&](const char* name) { return std::string(header->Get(record, name)); };
    if (get("verdict").empty()) continue;  // refused, or withdrawn before the period
    for (const char* by : kDimensions) {
      Cells& row = reports[by][get(by)];
      const bool before = get("received") < "2020-01-01";
      ++row[before ? "received.carried_over" : "received." + get("channel")];
      ++row[CellOf(get("verdict"), !get("resolved").empty())];
    }
  }
  return reports;
}

// `where`: --server or --cluster, with what it names.
inline Report Asked(const std::vector<std::string>& where, const std::string& by) {
  std::vector<std::string> words = {"report",     "06a",  "--from", "2020-01-01", "--to",
                                    "2020-10-31", "--by", by,       "--format",   "json"};
  words.insert(words.end(), where.begin(), where.end());
  const Ran ran = Motcua("", words);
  EXPECT_EQ(ran.exit_code, 0) << ran.out;
  Report report;
  const json answer = Json(ran);
  for (const json& row : answer["rows"]) {
    Cells& cells = report[row["key"].get<std::string>()];
    for (const auto& [group, names] : std::map<std::string, std::vector<std::string>>{
             {"received", {"online", "direct", "postal", "carried_over"}},
             {"resolved", {"early", "on_time", "late", "withdrawn"}},
             {"open", {"in_term", "paused", "late"}}}) {
      for (const std::string& name : names) {
        const int count = row[group][name].get<int>();
        if (count != 0) cells[group + "." + name] = count;
      }
    }
  }
  return report;
}

inline void ExpectReports(const std::vector<std::string>& where, const std::string& list) {
  for (const auto& [by, expected] : Expected(list)) {
    const Report asked = Asked(where, by);
    EXPECT_EQ(asked.size(), expected.size()) << by;
    for (const auto& [key, cells] : expected) {
      const auto found = asked.find(key);
      ASSERT_NE(found, asked.end()) << by << " " << key;
      EXPECT_EQ(found->second, cells) << by << " " << key;
    }
  }
}

inline std::vector<std::string> Replay(const std::string& scale, std::vector<std::string> more) {
  more.insert(more.begin(), {"replay", "halong-2020", "--scale", scale, "--format", "json"});
  return more;
}

}  // namespace motcua::testing
