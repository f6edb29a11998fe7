// Goal: every kind of dirt that real lists of procedures have is found for its own reason, and one
// dirty row costs nobody else's.
// Method: 40 real dirty rows of the national sheets, each with the kind that people gave it, go
// into the built-in catalogue; good files with one thing wrong each.
#include "services/domain/catalogue/dirt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "services/platform/catalogue/check_files.h"
#include "services/wire/csv/csv.h"

namespace motcua::catalogue {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

const std::filesystem::path kDirtyFile =
    std::filesystem::path(MOTCUA_SOURCE_DIR) / "tests" / "data" / "procedures-dirty.csv";

CatalogueTexts BuiltinTexts() {
  CatalogueTexts texts;
  for (const CatalogueFile& file : BuiltinCatalogueFiles()) {
    texts.Put(std::string(file.path), std::string(file.text));
  }
  return texts;
}

const CheckedCatalogue& Dirty() {
  static const CheckedCatalogue kChecked = [] {
    CatalogueTexts texts = BuiltinTexts();
    const Status put = PutCatalogueFile(kDirtyFile, texts);
    EXPECT_TRUE(put.ok()) << put.message();
    return CheckCatalogue(texts.files()).value();
  }();
  return kChecked;
}

// The findings about the rows of the dirty file, by line.
std::multimap<std::size_t, const Finding*> FindingsByLine() {
  std::multimap<std::size_t, const Finding*> found;
  for (const Finding& finding : Dirty().findings) {
    if (finding.file == "sheets/procedures-dirty.csv") found.emplace(finding.line, &finding);
  }
  return found;
}

// The reasons of a row, "refused kind: reason" each.
std::vector<std::string> ReasonsOf(std::string_view code) {
  std::vector<std::string> reasons;
  for (const auto& [line, finding] : FindingsByLine()) {
    if (finding->code != code) continue;
    reasons.push_back((finding->refused ? "refused " : "doubtful ") + finding->kind + ": " +
                      finding->reason);
  }
  return reasons;
}

TEST(Dirt, EveryRowIsFoundByTheKindThatPeopleGaveIt) {
  std::ifstream stream(kDirtyFile);
  const std::string text((std::istreambuf_iterator<char>(stream)), {});
  wire::CsvReader reader;
  reader.Feed(text);
  reader.Finish();
  wire::CsvRecord record;
  ASSERT_TRUE(reader.Next(record));
  const auto header = wire::CsvHeader::Make(record, {"kind", "reason"}).value();
  const auto findings = FindingsByLine();
  std::size_t rows = 0;
  while (reader.Next(record)) {
    ++rows;
    std::set<std::string> kinds;
    const auto [first, last] = findings.equal_range(record.line);
    for (auto at = first; at != last; ++at) kinds.insert(at->second->kind);
    EXPECT_THAT(kinds, Contains(std::string(header.Get(record, "kind"))))
        << record.line << ": " << header.Get(record, "reason");
  }
  EXPECT_EQ(rows, 40U);
}

TEST(Dirt, EveryKindHasItsOwnReason) {
  const std::pair<const char*, const char*> expected[] = {
      {"1.0133611", "refused bad_code: procedure: \"1.0133611\" is not a procedure code"},
      {"1.014955-Xoa", "refused bad_code: procedure: \"1.014955-Xoa\" is not a procedure code"},
      {"1.000736", "refused bad_level: level: is missing"},
      {"1.001193", "\"ONLINE: 1 OTHER\" is a number without a unit"},
      {"2.000815", "\"DIRECT: OTHER\" has neither a number nor a unit"},
      {"1.011022", "\"ONLINE: Không OTHER\" has words where the term should be"},
      {"5.003853", "has the unit YEAR, which terms do not have"},
      {"5.003813", "has words where the term should be"},
      {"1.014047", "33mo is longer than 12 months"},
      {"3.000552", "176h is longer than 72 hours"},
      {"2.000986", "the unit alone differs from the present term, 20wd"},
      {"1.012783", "doubtful bad_term: the three channels have three terms"},
      {"1.010772", "doubtful bad_term: term_text 130d is longer than 120 days"},
      {"1.002549", "doubtful bad_name: name has letters with separate accents"},
      {"1.013841", "refused bad_name: name holds U+01A3, a letter that Vietnamese has not"},
      {"1.115747", "refused bad_name: name holds a control character"},
      {"2.000733", "refused bad_name: name begins with the number or dot of a list"},
      {"5.003815", "refused bad_name: name begins with the number or dot of a list"},
      {"1.010727", "refused bad_name: name holds a procedure code"},
      {"1.012584", "doubtful bad_name: name is in capitals alone"},
      {"2.001428", "refused bad_name: name is the title of an announcement"},
      {"1.115196", "doubtful duplicate_name: procedure 1.012766 has the same name"},
      {"1.001010", "refused bad_fee: fee: 100 is an amount in US dollars"},
      {"1.000014", "refused bad_fee: fee: 20 is less than 1000"},
      {"2.001827", "refused bad_fee: fee: 700 is less than 1000"},
      {"2.002303", "refused bad_agency: agency is a trade union"},
      {"1.010736", "refused bad_agency: agency names one place, Quảng Trị"},
      {"1.001669", "doubtful bad_agency: agency is of a district"},
      {"5.003847", "doubtful missing_papers: the procedure has no papers"},
  };
  for (const auto& [code, reason] : expected) {
    EXPECT_THAT(ReasonsOf(code), Contains(HasSubstr(reason))) << code;
  }
}

// What is refused changes nothing: of a procedure that is known the present version stays.
TEST(Dirt, TheRestIsTaken) {
  const CheckedCatalogue& dirty = Dirty();
  ASSERT_NE(dirty.catalogue, nullptr);
  std::set<std::size_t> refused;
  for (const auto& [line, finding] : FindingsByLine()) {
    if (finding->refused) refused.insert(line);
  }
  for (const TableCount& table : dirty.tables) {
    const bool is_dirty = table.file == "sheets/procedures-dirty.csv";
    EXPECT_EQ(table.refused, is_dirty ? refused.size() : 0U) << table.file;
    EXPECT_TRUE(!is_dirty || table.read == 40U);
  }
  const auto builtin = BuiltinCatalogue();
  const cases::ProcedureCode joint("2.000986");
  EXPECT_EQ(*dirty.catalogue->FindProcedure(joint), *builtin->FindProcedure(joint));
  const Procedure* const vet = dirty.catalogue->FindProcedure(cases::ProcedureCode("1.002549"));
  ASSERT_NE(vet, nullptr);
  EXPECT_TRUE(vet->name.starts_with("Cấp Giấy chứng nhận"));  // composed
  EXPECT_EQ(dirty.catalogue->FindProcedure(cases::ProcedureCode("1.013841")), nullptr);
  EXPECT_EQ(dirty.catalogue->SheetOf(*vet).fee_vnd, 1'025'000);
}

// A service does not start with half a catalogue: one row is enough.
TEST(Dirt, OneDirtyRowRefusesTheWholeForAService) {
  CatalogueTexts texts = BuiltinTexts();
  ASSERT_TRUE(PutCatalogueFile(kDirtyFile, texts).ok());
  const Status status = ParseCatalogue(texts.files()).status();
  EXPECT_EQ(status.reason(), Reason::kFileInvalid);
  EXPECT_THAT(status.message(),
              HasSubstr("sheets/procedures-dirty.csv:2: procedure: \"1.0133611\""));
}

TEST(Dirt, CleanNamesTermsAndFeesAreTaken) {
  for (const char* name : {"Thủ tục đăng ký khai sinh", "Cấp “thẻ” BHYT – lần đầu (≤ 6 tuổi)",
                           "ISO/IEC 17025", "9 bậc lương", "BHXH", "Ơ Ư ơ ư Đ đ Ỹ ỹ Ặ ặ"}) {
    EXPECT_TRUE(DirtOfName(name).empty()) << name << ": " << DirtOfName(name)[0].what;
  }
  const auto hours = ParseSheetTerm("ONLINE: 4 HOUR").value();
  EXPECT_EQ(hours.channel, codes::Channel::kOnline);
  EXPECT_EQ(deadline::FormatTerm(hours.term), "4h");
  EXPECT_EQ(ParseSheetFee("0 VNĐ ()").value(), std::nullopt);
  EXPECT_EQ(ParseSheetFee("2000 VNĐ (/trang)").value(), 2000);
  EXPECT_EQ(ParseSheetFee("1 VNĐ () | 2 VNĐ ()").value(), std::nullopt);
  EXPECT_FALSE(ParseSheetTerm("DIRECT: 99999999999999999999 HOUR").ok());
  EXPECT_FALSE(ParseSheetTerm("").ok());
  EXPECT_FALSE(ParseSheetTerm("FAX: 5 HOUR").ok());
}

}  // namespace
}  // namespace motcua::catalogue
