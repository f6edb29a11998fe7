// Goal: what `motcua admin export` writes is what the services accepted, in the form that its
// format demands, whole or not at all.
// Method: a log that a real `motcua standalone` wrote; the files are read by a program that knows
// the standard library of Python alone (read_export.py) and held against what `admin dump-log`
// says of the same log.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>

#include "tests/integration/admin/written_log.h"

namespace motcua::testing {
namespace {

namespace fs = std::filesystem;

// What dump-log says: the accepted events.
struct Dumped {
  std::uint64_t events = 0;
  std::set<std::string> dossiers;
  std::set<std::string> units;
  std::uint64_t in_books = 0;  // events that took a number
};

class ExportTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder = std::make_unique<TempDir>();
    written = WriteLog(data(), "3");
    const Ran ran = Admin({"dump-log", "--data", data().string(), "--format", "json"});
    std::istringstream lines(ran.out);
    for (std::string line; std::getline(lines, line);) {
      const auto record = nlohmann::json::parse(line);
      if (record["verdict"] != "accepted") continue;
      ++dumped.events;
      dumped.dossiers.insert(record["dossier"].get<std::string>());
      dumped.units.insert(record["unit"].get<std::string>());
      if (record.contains("book_version")) ++dumped.in_books;
    }
  }
  static void TearDownTestSuite() { folder.reset(); }
  void SetUp() override {
    ASSERT_TRUE(written);
    ASSERT_GT(dumped.events, 6U);
  }

  static fs::path data() { return *folder / "data"; }
  static fs::path file(const std::string& name) { return *folder / name; }

  static Ran Export(std::vector<std::string> words) {
    words.insert(words.begin(), {"export", "--data", data().string()});
    return Admin(std::move(words));
  }
  // What the reader counted; it says on standard error what breaks the format's rules.
  static nlohmann::json Read(const fs::path& path) {
    const fs::path errors = file("errors");
    runtime::Child reader(
        {"/usr/bin/env", "python3",
         std::string(MOTCUA_SOURCE_DIR) + "/tests/integration/admin/read_export.py", path.string()},
        errors.string());
    const std::string out = reader.ReadAll();
    EXPECT_EQ(reader.Wait(), 0) << ReadText(errors);
    return nlohmann::json::parse(out, nullptr, /*allow_exceptions=*/false);
  }

  static inline std::unique_ptr<TempDir> folder;
  static inline bool written = false;
  static inline Dumped dumped;
};

TEST_F(ExportTest, XesHasATraceForEachDossierAndAnEventForEachAcceptedOne) {
  ASSERT_EQ(Export({"--format", "xes", "--to", file("log.xes").string()}).exit_code, 0);
  const nlohmann::json read = Read(file("log.xes"));
  EXPECT_EQ(read["traces"], dumped.dossiers.size());
  EXPECT_EQ(read["events"], dumped.events);
  EXPECT_EQ(read["activities"]["Dossier withdrawn"], 2) << "one by mistake, which stays";
  EXPECT_EQ(read["activities"]["Event taken back"], 1);
  EXPECT_EQ(read["activities"]["Dossier received"], dumped.dossiers.size());
  EXPECT_NE(ReadText(file("log.xes")).find("2020-10-31T09:00:00"), std::string::npos);
}

TEST_F(ExportTest, OcelRelatesEachEventAndEachObject) {
  ASSERT_EQ(Export({"--format", "ocel", "--to", file("log.json").string()}).exit_code, 0);
  const nlohmann::json read = Read(file("log.json"));
  EXPECT_EQ(read["events"], dumped.events);
  EXPECT_EQ(read["types"]["dossier"], dumped.dossiers.size());
  EXPECT_EQ(read["types"]["unit"], dumped.units.size());
  // Each to its dossier and its unit, and what takes a number to its book.
  EXPECT_EQ(read["relations"], 2 * dumped.events + dumped.in_books);
}

TEST_F(ExportTest, TheSameLogGivesTheSameBytes) {
  for (const char* const name : {"one.xes.gz", "two.xes.gz"}) {
    ASSERT_EQ(Export({"--format", "xes", "--to", file(name).string()}).exit_code, 0);
  }
  EXPECT_EQ(ReadText(file("one.xes.gz")), ReadText(file("two.xes.gz")));
  EXPECT_EQ(Read(file("one.xes.gz"))["events"], dumped.events);
  const Ran plain = Export({"--format", "xes", "--to", "-"});
  ASSERT_EQ(Export({"--format", "xes", "--to", file("three.xes").string()}).exit_code, 0);
  EXPECT_EQ(plain.out, ReadText(file("three.xes")));
}

TEST_F(ExportTest, ChoosesDossiersByUnitAndDay) {
  const auto traces = [](std::vector<std::string> words) {
    words.insert(words.end(), {"--format", "xes", "--to", file("some.xes").string()});
    EXPECT_EQ(Export(std::move(words)).exit_code, 0);
    return Read(file("some.xes"))["traces"].get<std::size_t>();
  };
  EXPECT_EQ(traces({"--unit", "000.23.10.H49"}), dumped.dossiers.size());
  EXPECT_EQ(traces({"--unit", "000.24.10.H49"}), 0U);
  EXPECT_EQ(traces({"--from", "2020-10-31", "--until", "2020-10-31"}), dumped.dossiers.size());
  EXPECT_EQ(traces({"--from", "2020-11-01"}), 0U);
  EXPECT_EQ(traces({"--until", "2020-10-30"}), 0U);
}

TEST_F(ExportTest, SpeaksVietnamese) {
  ASSERT_EQ(Export({"--format", "xes", "--lang", "vi", "--to", file("vi.xes").string()}).exit_code,
            0);
  const nlohmann::json read = Read(file("vi.xes"));
  EXPECT_EQ(read["activities"]["Tiếp nhận hồ sơ"], dumped.dossiers.size());
  EXPECT_EQ(read["activities"]["Rút hồ sơ"], 2);
  EXPECT_EQ(read["activities"]["Đính chính"], 1);
}

TEST_F(ExportTest, LeavesNothingWhereItFails) {
  EXPECT_EQ(Export({"--format", "xes", "--to", (file("none") / "log.xes").string()}).exit_code, 1);
  EXPECT_EQ(Admin({"export", "--format", "xes", "--data", file("no-log").string(), "--to",
                   file("never.xes").string()})
                .exit_code,
            1);
  EXPECT_EQ(
      Export({"--format", "xes", "--unit", "?", "--to", file("never.xes").string()}).exit_code, 1);
  for (const fs::directory_entry& entry : fs::directory_iterator(folder->path())) {
    const std::string name = entry.path().filename();
    EXPECT_FALSE(name.starts_with("never") || name.ends_with(".partial") ||
                 name.ends_with(".scratch"))
        << name;
  }
}

}  // namespace
}  // namespace motcua::testing
