// Goal: a whole register is read as a stream, gzipped or not, and a broken row hides no other.
// Method: the real half-year of Boston; small files written for the purpose.
#include "services/platform/imports/register_file.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>

#include "tests/unit/imports/temp_file.h"

namespace motcua::imports {
namespace {

std::string BostonPath() {
  return std::string(MOTCUA_SOURCE_DIR) + "/tests/data/boston311-2015h1.csv.gz";
}

Mapping Load(const std::string& name) {
  Result<Mapping> mapping = LoadMapping(name);
  EXPECT_TRUE(mapping.ok()) << mapping.status().message();
  return std::move(mapping).value();
}

TEST(RegisterFiles, TheWholeHalfYearOfBostonIsRead) {
  Result<RegisterFile> file = RegisterFile::Open(BostonPath(), Load("boston311"));
  ASSERT_TRUE(file.ok()) << file.status().message();
  std::size_t rows = 0;
  std::size_t closed_before_opened = 0;
  std::set<std::string> units;
  std::set<std::string> ids;
  std::map<cases::Channel, std::size_t> channels;
  while (true) {
    Result<std::optional<Conversion>> next = file->Next();
    ASSERT_TRUE(next.ok()) << next.status().message();
    if (!next->has_value()) break;
    const auto* const row = std::get_if<RegisterRow>(&**next);
    ASSERT_NE(row, nullptr) << std::get<RefusedRow>(**next).message;
    ++rows;
    if ((row->doubts & kDoubtClosedBeforeOpened) != 0) ++closed_before_opened;
    units.insert(row->unit.value());
    ids.insert(cases::FormatRequestId(row->request_id));
    ++channels[row->channel];
  }
  EXPECT_EQ(rows, 58'119U);
  EXPECT_EQ(closed_before_opened, 84U);
  EXPECT_EQ(units.size(), 17U);
  EXPECT_EQ(ids.size(), rows);
  EXPECT_EQ(channels[cases::Channel::kDirect], 32'127U + 7'612U + 4'810U + 151U);
  EXPECT_EQ(channels[cases::Channel::kOnline], 6'826U + 6'592U + 1U);
  EXPECT_EQ(file->bytes_read(), file->bytes_total());
}

// Ids of what was taken, "!line" of what was refused.
std::string Walk(const std::string& content, const char* mapping = "boston311") {
  const TempFile temp(content);
  Result<RegisterFile> file = RegisterFile::Open(temp.path(), Load(mapping));
  if (!file.ok()) return file.status().message().substr(temp.path().size());
  std::string seen;
  while (true) {
    Result<std::optional<Conversion>> next = file->Next();
    if (!next.ok()) return seen + next.status().message().substr(temp.path().size());
    if (!next->has_value()) return seen;
    if (const auto* const row = std::get_if<RegisterRow>(&**next)) {
      seen += row->source_id + " ";
    } else {
      seen += "!" + std::to_string(std::get<RefusedRow>(**next).line) + " ";
    }
  }
}

const std::string kHeader =
    "case_id,opened_at,due_at,closed_at,official_status,source,department,subject,reason,type,"
    "neighborhood\n";
std::string Row(const std::string& id, const std::string& type = "t") {
  return id + ",2015-01-01T00:20:09,,,,Twitter,ISD,s,r," + type + ",n\n";
}

TEST(RegisterFiles, ABrokenRowHidesNoOther) {
  EXPECT_EQ(Walk(kHeader + Row("1") + "2,never,,,,,ISD,s,r,t,n\n" + Row("3")), "1 !3 3 ");
  EXPECT_EQ(Walk(kHeader + Row("1") + Row("2", "\"open quote") + Row("3")), "1 !3 3 ");
  EXPECT_EQ(Walk(kHeader + Row("1") + Row("2", "\xFF") + Row("3")), "1 !3 3 ");
  EXPECT_EQ(Walk(kHeader + Row("1") + "2\n" + Row("3")), "1 !3 3 ");
  EXPECT_EQ(Walk(kHeader + Row("1") + "\n,,,,,,,,,,\n" + Row("3")), "1 3 ");
  EXPECT_EQ(Walk("\xEF\xBB\xBF" + kHeader + Row("1", "\"a\nb\"") + Row("2", "\xFF")), "1 !4 ");
}

TEST(RegisterFiles, AFileThatCannotBeUsedSaysWhy) {
  EXPECT_EQ(Walk(""), ":1: the file is empty");
  EXPECT_EQ(Walk("a,b\n1,2\n"), ": line 1: the column \"case_id\" is missing");
  EXPECT_EQ(Walk("case_id,case_id\n"), ": line 1: the column \"case_id\" stands twice");
  const Result<RegisterFile> file = RegisterFile::Open("/no/such/file.csv", Load("boston311"));
  EXPECT_EQ(file.status().reason(), Reason::kFileUnreadable);
}

TEST(RegisterFiles, ACutArchiveIsNoticedBehindTheRowsItStillHas) {
  std::ifstream in(BostonPath(), std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const std::string seen = Walk(bytes.substr(0, bytes.size() / 2));
  EXPECT_EQ(seen.rfind("101001240734 ", 0), 0U);
  EXPECT_NE(seen.find("the archive is cut off"), std::string::npos);
}

TEST(RegisterFiles, ABookMayBeginWithATitleAndANumberingRow) {
  const std::string book =
      "SỔ THEO DÕI HỒ SƠ\n\n"
      "TT,Mã hồ sơ,Tên TTHC,Nhận hồ sơ,Hẹn trả kết quả,Trả kết quả\n"
      "(1),(2),(3),(8),(9),(10)\n"
      "1,000.23.10.H49-201031-0001,x,31/10/2020,5/11/2020,\n";
  EXPECT_EQ(Walk(book, "mau06"), "000.23.10.H49-201031-0001 ");
}

}  // namespace
}  // namespace motcua::imports
