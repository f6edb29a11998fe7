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

}  // namespace
}  // namespace motcua::cli
