// Goal: an office sees what is wrong with its catalogue, what a file would change, and what is
// posted of a procedure, without any server.
// Method: whole command lines over the built-in catalogue, copies of it that are changed, and real
// dirty rows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/support/temp_dir.h"
#include "tests/unit/cli/command_line.h"

namespace motcua::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

const fs::path kSource = MOTCUA_SOURCE_DIR;

class CatalogueCommands : public CommandLineTest {
 protected:
  std::vector<grpc::Service*> Fakes() override { return {}; }

  static std::string Read(const fs::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static void Replace(const fs::path& path, const std::string& from, const std::string& to) {
    std::string text = Read(path);
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    std::ofstream(path) << text;
  }
  std::string Copy(const testing::TempDir& folder) {
    const fs::path copy = folder.path() / "catalogue";
    fs::copy(kSource / "deploy" / "catalogue", copy, fs::copy_options::recursive);
    return copy.string();
  }
};

TEST_F(CatalogueCommands, LoadChecksAFolderAndSaysWhatWouldChange) {
  const testing::TempDir folder;
  const std::string copy = Copy(folder);
  ASSERT_EQ(Call("catalogue load " + copy + " --dry-run --format json"), 0) << err();
  EXPECT_EQ(Json()["refused"], 0);
  EXPECT_EQ(Json()["loads"], true);
  EXPECT_EQ(Json()["changes"]["procedures"]["changed"].size(), 0U);
  EXPECT_EQ(Json()["changes"]["calendars"]["changed"].size(), 0U);

  const fs::path procedures = fs::path(copy) / "procedures.csv";
  Replace(procedures, "UBND cấp xã,5wd,5 Ngày", "UBND cấp xã,4wd,5 Ngày");  // 1.000419
  Replace(procedures, "\n1.000593,", "\n1.0005931,");
  Replace(fs::path(copy) / "units.csv", "UBND phường Hà Phong", "UBND phường Hà Phòng");
  ASSERT_EQ(Call("catalogue load " + copy + " --dry-run --format json --refused " + copy + "/r"), 0)
      << err();
  const auto json = Json();
  EXPECT_EQ(json["changes"]["procedures"]["changed"], nlohmann::json({"1.000419"}));
  EXPECT_EQ(json["changes"]["procedures"]["removed"], nlohmann::json({"1.000593"}));
  EXPECT_EQ(json["changes"]["units"]["changed"], nlohmann::json({"000.32.10.H49"}));
  // The row, and its papers, which are of nothing now.
  EXPECT_EQ(json["findings"][0]["file"], "procedures.csv");
  EXPECT_EQ(json["findings"][0]["line"], 3);
  EXPECT_EQ(json["findings"][0]["kind"], "bad_code");
  EXPECT_EQ(json["refused"], 1 + 3);
  const std::string refused = Read(copy + "/r");
  EXPECT_THAT(refused, HasSubstr("file,line,kind,code,reason,record"));
  EXPECT_THAT(refused, HasSubstr("procedures.csv,3,bad_code,1.0005931,"));
  EXPECT_THAT(refused, HasSubstr("procedure_papers.csv,"));
}

// Words where a term, a day or a code should be are quoted as far as there is room, as text.
TEST_F(CatalogueCommands, ReasonsThatQuoteLongWordsStayText) {
  const testing::TempDir folder;
  const std::string copy = Copy(folder);
  const std::string words = "Không quy định thời hạn giải quyết cụ thể của thủ tục này ở đâu cả";
  for (std::size_t shift = 0; shift < 4; ++shift) {
    const std::string cell = std::string(shift, 'x') + words;
    std::ofstream(fs::path(copy) / "procedures.csv")
        << "code,name,field,term,valid_from,statutory_term\n"
        << cell << "," << words << "," << words << "," << cell << "," << cell << "," << cell
        << "\n";
    ASSERT_EQ(Call("catalogue load " + copy + " --dry-run --format json"), 0) << err();
    EXPECT_TRUE(IsUtf8(out()));
    EXPECT_GE(Json()["findings"].size(), 4U);
  }
}

TEST_F(CatalogueCommands, LoadPutsOneFileIntoThePresentCatalogue) {
  const std::string dirty = (kSource / "tests" / "data" / "procedures-dirty.csv").string();
  ASSERT_EQ(Call("catalogue load " + dirty + " --dry-run"), 0) << err();
  EXPECT_THAT(out(), HasSubstr("Thủ tục thêm 3: 1.010772 1.002549 1.115679"));
  EXPECT_THAT(out(), HasSubstr("không ghi gì"));
  ASSERT_EQ(Call("catalogue load " + dirty + " --dry-run --format csv"), 0);
  EXPECT_TRUE(out().starts_with("file,line,refused,kind,code,reason\r\n")) << out();
  // What the present catalogue says of itself is not laid at the file.
  EXPECT_THAT(out(), ::testing::Not(HasSubstr("\nprocedures.csv,")));
}

TEST_F(CatalogueCommands, LoadSaysWhatItCannotDo) {
  const std::string catalogue = (kSource / "deploy" / "catalogue").string();
  EXPECT_EQ(Call("catalogue load " + catalogue), 2);
  EXPECT_THAT(err(), HasSubstr("publishing a catalogue to running services is not possible yet"));
  EXPECT_EQ(Call("catalogue load /nowhere --dry-run"), 1);
  EXPECT_THAT(err(), HasSubstr("FILE_UNREADABLE"));
  EXPECT_EQ(Call("catalogue load " + (kSource / "README.md").string() + " --dry-run"), 1);
  EXPECT_THAT(err(), HasSubstr("no table of a catalogue"));
  const testing::TempDir folder;
  const std::string copy = Copy(folder);
  std::ofstream(fs::path(copy) / "routes.toml") << "[[route]]\n";
  EXPECT_EQ(Call("catalogue load " + copy + " --dry-run --format json"), 1);
  EXPECT_EQ(Json()["loads"], false);
  EXPECT_THAT(err(), HasSubstr("FILE_INVALID: routes.toml:1: a route names"));
}

TEST_F(CatalogueCommands, ShowSaysWhatIsPosted) {
  ASSERT_EQ(Call("catalogue show 1.000419 --format json"), 0) << err();
  const auto p = Json()["procedures"][0];
  EXPECT_EQ(p["term"], "5wd");
  EXPECT_EQ(p["deciding_agency"], "UBND cấp xã");
  EXPECT_EQ(p["result"], "Trích lục khai tử");
  EXPECT_EQ(p["papers"].size(), 5U);
  EXPECT_EQ(p["papers"][0]["paper"], "Tờ khai đăng ký khai tử theo mẫu");
  EXPECT_EQ(p["papers"][0]["required_when"], nullptr);
  EXPECT_EQ(p["fee_vnd"], nullptr) << "what is not known is said to be";
  ASSERT_EQ(Call("catalogue show 1.000419"), 0);
  EXPECT_THAT(out(), HasSubstr("  Thời hạn giải quyết  5 ngày làm việc\n"));
  EXPECT_THAT(out(), HasSubstr("    1. Tờ khai đăng ký khai tử theo mẫu (bản chính: 1)\n"));
  EXPECT_EQ(Call("catalogue show 9.999999"), 1);
  EXPECT_THAT(err(), HasSubstr("PROCEDURE_UNKNOWN"));
}

TEST_F(CatalogueCommands, ShowOnADayIsTheVersionOfThatDay) {
  const std::string show = "catalogue show 2.000986 --catalogue quang-ninh-2026 --format json";
  ASSERT_EQ(Call(show), 0) << err();
  EXPECT_EQ(Json()["procedures"].size(), 2U);
  ASSERT_EQ(Call(show + " --on 2026-08-31"), 0);
  EXPECT_EQ(Json()["procedures"][0]["term"], "20wd");
  ASSERT_EQ(Call(show + " --on 2026-09-01"), 0);
  EXPECT_EQ(Json()["procedures"][0]["term"], "3wd");
  EXPECT_EQ(Json()["procedures"][0]["document"], "Nghị định 301/2026/NĐ-CP");
  EXPECT_EQ(Call("catalogue show 2.002622 --catalogue quang-ninh-2026 --on 2026-08-31"), 1);
  EXPECT_THAT(err(), HasSubstr("is not in force on 2026-08-31; it is: from 2026-09-01"));
  EXPECT_EQ(Call("catalogue show 2.002622 --on 31/8"), 2);
}

TEST_F(CatalogueCommands, ShowOfAUnitNamesItsSuccessors) {
  ASSERT_EQ(Call("catalogue show 000.23.10.H49 --catalogue quang-ninh-2026 --format json"), 0);
  EXPECT_EQ(Json()["valid_to"], "2025-06-30");
  EXPECT_EQ(Json()["successors"].size(), 11U);
  ASSERT_EQ(Call("catalogue show H49 --catalogue quang-ninh-2026"), 0);
  EXPECT_THAT(out(), HasSubstr("Thành phố trực thuộc trung ương"));
  EXPECT_EQ(Call("catalogue show 000.99.99.H49"), 1);
  EXPECT_THAT(err(), HasSubstr("UNIT_UNKNOWN"));
}

TEST_F(CatalogueCommands, SearchAndCoverage) {
  ASSERT_EQ(Call("catalogue search khai-sinh --limit 3 --format json"), 0) << err();
  EXPECT_EQ(Json()["found"], 0) << "a hyphen belongs to a word";
  ASSERT_EQ(Call("catalogue search sinh --limit 3 --format json"), 0);
  EXPECT_GT(Json()["found"], 3);
  EXPECT_EQ(Json()["hits"].size(), 3U);
  ASSERT_EQ(Call("catalogue coverage --format json"), 0);
  EXPECT_EQ(Json()["all"]["all"], 491);
  EXPECT_EQ(Json()["tier"]["city"], 283);
  EXPECT_EQ(Json()["interconnection"]["horizontal"], 23);
  ASSERT_EQ(Call("catalogue coverage --catalogue quang-ninh-2026 --on 2026-08-31 --format json"),
            0);
  EXPECT_EQ(Json()["all"]["all"], 491) << "2.002622 is not in force yet";
}

TEST_F(CatalogueCommands, PostingIsAPageThatNeedsNothing) {
  ASSERT_EQ(Call("catalogue posting --tier commune --field doi --format html"), 1) << err();
  ASSERT_EQ(Call("catalogue posting --tier commune --format html"), 0) << err();
  const std::string page = out();
  EXPECT_TRUE(page.starts_with("<!doctype html>"));
  EXPECT_THAT(page, HasSubstr("<html lang=\"vi\">"));
  EXPECT_THAT(page, HasSubstr("107 thủ tục"));
  EXPECT_THAT(page, HasSubstr("@page { size: A4"));
  for (const char* none : {"<script", "http://", "https://", "src=", "href="}) {
    EXPECT_THAT(page, ::testing::Not(HasSubstr(none)));
  }
  std::size_t procedures = 0;
  for (std::size_t at = page.find("<h3>"); at != std::string::npos;
       at = page.find("<h3>", at + 1)) {
    ++procedures;
  }
  EXPECT_EQ(procedures, 107U);
  ASSERT_EQ(Call("catalogue posting --code 1.000419 --format json"), 0);
  EXPECT_EQ(Json()["procedures"].size(), 1U);
  EXPECT_EQ(Call("catalogue posting --tier village"), 2);
  EXPECT_EQ(Call("catalogue coverage --format html"), 2) << "no page of it";
}

// What is written in a catalogue is text, whatever it looks like.
TEST_F(CatalogueCommands, APageRunsNothingOfACatalogue) {
  const testing::TempDir folder;
  const std::string copy = Copy(folder);
  Replace(fs::path(copy) / "procedures.csv", "Trích lục khai tử", "<script>alert(1)</script>");
  ASSERT_EQ(Call("catalogue posting --code 1.000419 --format html --catalogue " + copy), 0)
      << err();
  EXPECT_THAT(out(), ::testing::Not(HasSubstr("<script")));
  EXPECT_THAT(out(), HasSubstr("&lt;script&gt;"));
}

}  // namespace
}  // namespace motcua::cli
