// Goal: what a register's file does as a whole is said, its doubts reach the server, and CSV that
// is meant for a spreadsheet runs nothing there.
// Method: fake services in this process, on a port of their own; whole command lines.
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>

#include "motcua/intake/v1/intake.grpc.pb.h"
#include "motcua/reporting/v1/reporting.grpc.pb.h"
#include "services/platform/imports/mapping.h"
#include "tests/unit/cli/command_line.h"

namespace motcua::cli {
namespace {

class FakeIntake final : public intake::v1::IntakeService::Service {
 public:
  grpc::Status ImportDossiers(grpc::ServerContext*,
                              const intake::v1::ImportDossiersRequest* request,
                              intake::v1::ImportDossiersResponse* response) override {
    const std::lock_guard lock(mutex);
    for (const auto& row : request->rows()) {
      doubts[row.source_id()] = row.doubts();
      response->add_results()->set_outcome(intake::v1::IMPORT_OUTCOME_IMPORTED);
    }
    return grpc::Status::OK;
  }

  std::mutex mutex;
  std::map<std::string, unsigned> doubts;
};

class FakeReporting final : public reporting::v1::ReportingService::Service {
 public:
  grpc::Status GetStatusReport(grpc::ServerContext*, const reporting::v1::GetStatusReportRequest*,
                               reporting::v1::GetStatusReportResponse* response) override {
    auto& row = *response->add_rows();
    row.set_key(key);
    row.mutable_received()->set_total(0);
    *response->mutable_total() = row;
    return grpc::Status::OK;
  }

  std::string key = "U";
};

class FileFaults : public CommandLineTest {
 protected:
  std::vector<grpc::Service*> Fakes() override { return {&intake_, &reporting_}; }

  FakeIntake intake_;
  FakeReporting reporting_;
};

TEST_F(FileFaults, F8_CsvForASpreadsheetRunsNothing) {
  reporting_.key = "=HYPERLINK(\"http://x.invalid\";\"bấm\")";
  const std::string line = "report 06a --from 2020-01-01 --to 2020-12-31 --format csv";
  ASSERT_EQ(Call(line), kExitDone) << err();
  EXPECT_NE(out().find("\r\n\"=HYPERLINK("), std::string::npos) << "for programs as it is";
  ASSERT_EQ(Call(line + " --csv-dialect excel"), kExitDone) << err();
  EXPECT_EQ(out().rfind("\xEF\xBB\xBFkey;", 0), 0U) << out();
  EXPECT_NE(out().find("\r\n\"'=HYPERLINK(\"\"http://x.invalid\"\";\"\"bấm\"\")\";"),
            std::string::npos)
      << out();
  EXPECT_EQ(out().find("\xEF\xBB\xBF", 1), std::string::npos) << "one mark, at the beginning";
  EXPECT_EQ(Call(line + " --csv-dialect word"), kExitUsage);
}

TEST_F(FileFaults, F2F6_WhatAFileDoesAsAWholeIsSaid) {
  std::string folder = "/tmp/motcua-import-XXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  std::ofstream(folder + "/in.csv")
      << "Mã hồ sơ;Tên TTHC;Nhận hồ sơ;Hẹn trả kết quả;Trả kết quả;Phương thức nhận;;\n"
      << "000.23.10.H49-200120-0001;x;20/01/2020 9:32;;;Trực tuyến toàn trình\n"
      << "000.23.10.H49-200203-0002;x;02/03/2020 9:32;;;Qua fax\n"
      << "000.23.10.H49-200203-0003;C?p gi?y;02/03/2020 9:32;;;QUA FAX\n"
      << "=cmd;x;02/03/2020 9:32;;;\n";
  ASSERT_EQ(Call("import register " + folder + "/in.csv --mapping mau06 --format json --refused " +
                 folder + "/refused.csv"),
            kExitDone)
      << err();
  EXPECT_EQ(Json()["imported"], 3);
  EXPECT_EQ(Json()["refused"], 1);
  EXPECT_EQ(Json()["doubtful"], 3);
  EXPECT_EQ(
      Json()["mixed_dates"],
      nlohmann::json::parse(R"([{"column": "Nhận hồ sơ", "day_first": 1, "month_first": 2}])"));
  EXPECT_EQ(Json()["unknown_words"].size(), 2U);
  EXPECT_EQ(Json()["unknown_words"][0]["word"], "QUA FAX");
  EXPECT_EQ(Json()["encoding"], "utf-8");
  EXPECT_NE(err().find("doubtful: column \"Nhận hồ sơ\": 1 rows are written day first and 2 month "
                       "first"),
            std::string::npos)
      << err();
  EXPECT_NE(err().find("unknown word: column \"Phương thức nhận\": \"Qua fax\" in 1 rows"),
            std::string::npos)
      << err();
  std::ifstream refused(folder + "/refused.csv", std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(refused)),
                         std::istreambuf_iterator<char>());
  EXPECT_NE(text.find("\r\n5,'=cmd,Mã hồ sơ,"), std::string::npos) << text;
  EXPECT_EQ(intake_.doubts["000.23.10.H49-200120-0001"], 32U);
  EXPECT_EQ(intake_.doubts["000.23.10.H49-200203-0002"], 32U | 64U);
  EXPECT_EQ(intake_.doubts["000.23.10.H49-200203-0003"], 32U | 64U | 128U);
  std::filesystem::remove_all(folder);
}

TEST_F(FileFaults, F9_LostCapitalsAreSaid) {
  std::string folder = "/tmp/motcua-import-XXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  std::ofstream(folder + "/in.csv", std::ios::binary)
      << "case_id,opened_at,due_at,closed_at,source,department,reason,type\n"
      << "1,2015-01-01T00:20:09,,,Twitter,ISD,r,C\xCAp gi\xCAy\n";
  std::string mapping;
  for (const auto& built_in : imports::BuiltInMappings()) {
    if (built_in.name == "boston311") mapping = built_in.text;
  }
  std::ofstream(folder + "/m.toml") << "encoding = \"tcvn3\"\n" << mapping;
  ASSERT_EQ(
      Call("import register " + folder + "/in.csv --mapping " + folder + "/m.toml --format json"),
      kExitDone)
      << err();
  EXPECT_EQ(Json()["imported"], 1);
  EXPECT_EQ(Json()["encoding"], "tcvn3");
  EXPECT_EQ(Json()["capitals_lost"], true);
  EXPECT_NE(err().find("note: TCVN3 has no capital letters with tones"), std::string::npos);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace motcua::cli
