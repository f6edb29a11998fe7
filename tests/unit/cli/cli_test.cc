// Goal: the command line sends what its flags say, prints what the server answers, and exits with
// the status that scripts rely on.
// Method: fake services in this process, on a port of their own; whole command lines.

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "motcua/deadline/v1/deadline.grpc.pb.h"
#include "motcua/intake/v1/intake.grpc.pb.h"
#include "motcua/reporting/v1/reporting.grpc.pb.h"
#include "services/domain/cases/codes.h"
#include "services/platform/grpc/position.h"
#include "services/platform/grpc/status.h"
#include "tests/unit/cli/command_line.h"

namespace motcua::cli {
namespace {

class FakeIntake final : public intake::v1::IntakeService::Service {
 public:
  grpc::Status ReceiveDossier(grpc::ServerContext*,
                              const intake::v1::ReceiveDossierRequest* request,
                              intake::v1::ReceiveDossierResponse* response) override {
    received = *request;
    if (!next_status.ok()) return rpc::ToGrpc(next_status);
    response->set_dossier("000.23.10.H49-201031-0001");
    response->set_version(1);
    response->mutable_due_time()->set_seconds(1'604'656'800);
    return grpc::Status::OK;
  }
  grpc::Status ListDossiers(grpc::ServerContext*, const intake::v1::ListDossiersRequest* request,
                            intake::v1::ListDossiersResponse* response) override {
    const int begin = request->page_token().empty() ? 0 : std::stoi(request->page_token());
    const int end = std::min(begin + std::min(request->page_size(), 3), 7);  // pages of three
    for (int i = begin; i < end; ++i) {
      response->add_dossiers()->set_dossier("D" + std::to_string(i));
    }
    if (end < 7) response->set_next_page_token(std::to_string(end));
    return grpc::Status::OK;
  }
  grpc::Status ImportDossiers(grpc::ServerContext*,
                              const intake::v1::ImportDossiersRequest* request,
                              intake::v1::ImportDossiersResponse* response) override {
    const std::lock_guard lock(mutex);
    if (++import_calls == 2) return {grpc::StatusCode::UNAVAILABLE, "busy"};
    for (const auto& row : request->rows()) {
      auto& result = *response->add_results();
      if (row.source_id() == refused_id) {
        result.set_outcome(intake::v1::IMPORT_OUTCOME_REFUSED);
        result.mutable_error()->set_reason("UNIT_UNKNOWN");
        result.set_message("no such unit");
      } else if (import_calls % 7 == 3 && row.line() % 2 == 0) {
        result.set_outcome(intake::v1::IMPORT_OUTCOME_TRY_AGAIN);
      } else {
        const bool known = !cases_taken.insert(row.source_id()).second;
        result.set_outcome(!taken.insert(row.request_id()).second
                               ? intake::v1::IMPORT_OUTCOME_ALREADY_THERE
                           : known ? intake::v1::IMPORT_OUTCOME_UPDATED
                                   : intake::v1::IMPORT_OUTCOME_IMPORTED);
      }
    }
    return grpc::Status::OK;
  }

  intake::v1::ReceiveDossierRequest received;
  Status next_status;
  std::mutex mutex;
  int import_calls = 0;
  std::string refused_id;
  std::set<std::string> taken;
  std::set<std::string> cases_taken;
};

class FakeReporting final : public reporting::v1::ReportingService::Service {
 public:
  grpc::Status GetStatusReport(grpc::ServerContext*,
                               const reporting::v1::GetStatusReportRequest* request,
                               reporting::v1::GetStatusReportResponse* response) override {
    query = request->query();
    read = request->read();
    *response->mutable_position() = position;
    auto& row = *response->add_rows();
    row.set_key("U");
    row.mutable_received()->set_direct(1);
    row.mutable_received()->set_total(1);
    row.mutable_open()->set_in_term(1);
    row.mutable_open()->set_total(1);
    *response->mutable_total() = row;
    return grpc::Status::OK;
  }

  reporting::v1::StatusQuery query;
  common::v1::ReadOptions read;
  common::v1::Position position;
};

class FakeDeadline final : public deadline::v1::DeadlineService::Service {
 public:
  // A token, then an alert, then the next of `cuts`; after the last of them three alerts.
  grpc::Status WatchAlerts(grpc::ServerContext*, const deadline::v1::WatchAlertsRequest* request,
                           grpc::ServerWriter<deadline::v1::WatchAlertsResponse>* writer) override {
    const std::size_t call = tokens.size();
    tokens.push_back(request->resume_token());
    deadline::v1::WatchAlertsResponse response;
    response.set_resume_token("begin");
    writer->Write(response);
    for (int i = 0; i < (call < cuts.size() ? 1 : 3); ++i) {
      response.set_resume_token(std::to_string(++raised));
      response.mutable_alert()->set_resume_token(response.resume_token());
      response.mutable_alert()->set_kind(common::v1::ALERT_KIND_OVERDUE);
      writer->Write(response);
    }
    return call < cuts.size() ? cuts[call] : grpc::Status::OK;
  }

  std::vector<grpc::Status> cuts;
  std::vector<std::string> tokens;  // that came with the calls
  int raised = 0;
};

class CommandLine : public CommandLineTest {
 protected:
  std::vector<grpc::Service*> Fakes() override { return {&intake_, &reporting_, &deadline_}; }

  FakeIntake intake_;
  FakeReporting reporting_;
  FakeDeadline deadline_;
};

constexpr const char* kReceive =
    "dossier receive --unit 000.23.10.H49 --procedure 1.001193 --channel online";

TEST_F(CommandLine, FlagsBecomeTheRequest) {
  const std::string id = "3f2b8c1e-5d0a-4c7b-9e11-0a1b2c3d4e5f";
  ASSERT_EQ(Call(std::string(kReceive) + " --return postal --actor officer:7 --request-id " + id),
            kExitDone)
      << err();
  EXPECT_EQ(intake_.received.unit(), "000.23.10.H49");
  EXPECT_EQ(intake_.received.procedure(), "1.001193");
  EXPECT_EQ(intake_.received.channel(), common::v1::CHANNEL_ONLINE);
  EXPECT_EQ(intake_.received.return_mode(), common::v1::RETURN_MODE_POSTAL);
  EXPECT_EQ(intake_.received.context().request_id(), id);
  EXPECT_EQ(intake_.received.context().actor(), "officer:7");
  EXPECT_EQ(out(),
            "Đã tiếp nhận hồ sơ.\n"
            "Mã hồ sơ       000.23.10.H49-201031-0001\n"
            "Năm sổ         0\n"
            "Số trong sổ    0\n"
            "Tiếp nhận lúc  –\n"
            "Hẹn trả lúc    06/11/2020 17:00\n"
            "Lịch tạm tính  –\n");
}

TEST_F(CommandLine, JsonAndCsvAreComplete) {
  ASSERT_EQ(Call(std::string(kReceive) + " --format json"), kExitDone);
  EXPECT_EQ(Json()["dossier"], "000.23.10.H49-201031-0001");
  EXPECT_EQ(Json()["due_time"], "2020-11-06T10:00:00Z");
  EXPECT_TRUE(cases::ParseRequestId(Json()["request_id"].get<std::string>()).ok());
  ASSERT_EQ(Call(std::string("--format csv ") + kReceive), kExitDone);
  EXPECT_EQ(out(),
            "dossier,version,register_year,register_number,receive_time,due_time,due_date,"
            "due_provisional,position.token,position.as_of_time,position.lag\r\n"
            "000.23.10.H49-201031-0001,1,0,0,,2020-11-06T10:00:00Z,,false,,,0\r\n");
}

TEST_F(CommandLine, ARefusalIsOneLineAndStatusOne) {
  intake_.next_status = Status(Reason::kUnitUnknown, "unit 000.23.10.H49 is not in the catalogue");
  EXPECT_EQ(Call(kReceive), kExitRefused);
  EXPECT_EQ(out(), "");
  EXPECT_EQ(err(),
            "error: NOT_FOUND UNIT_UNKNOWN: unit 000.23.10.H49 is not in the catalogue (check the "
            "unit code against the catalogue)\n");
}

TEST_F(CommandLine, AnUnknownOutcomeSaysHowToRepeatTheRequest) {
  intake_.next_status = Status(Reason::kOutcomeUnknown, "not read back in time");
  EXPECT_EQ(Call(std::string(kReceive) + " --timeout 0.3"), kExitUnavailable);
  EXPECT_NE(err().find("--request-id " + intake_.received.context().request_id()),
            std::string::npos)
      << err();
}

TEST_F(CommandLine, NoServerIsStatusThree) {
  server_->Shutdown(std::chrono::system_clock::now());
  EXPECT_EQ(Call("report 06a --from 2020-01-01 --to 2020-12-31 --timeout 0.3"), kExitUnavailable);
  EXPECT_NE(err().find(defaults_.server), std::string::npos);
  EXPECT_EQ(Call("import register " + std::string(MOTCUA_SOURCE_DIR) +
                 "/tests/data/boston311-2015h1.csv.gz --mapping boston311 --timeout 0.3"),
            kExitUnavailable);
  EXPECT_NE(err().find(defaults_.server), std::string::npos);
}

TEST_F(CommandLine, WrongUsageIsStatusTwo) {
  for (const char* line :
       {"nonsense", "dossier", "dossier receive", "dossier list --unit U --limit 0",
        "dossier receive --unit U --procedure P --channel fax",
        "report 06a --from 01/01/2015 --to 2015-06-30", "scenario set yesterday",
        "report 06a --from 2015-01-01 --to 2015-06-30 --zone Asia/Hanoi",
        "dossier withdraw D --request-id 7", "dossier show D --format xml",
        "dossier show D --timeout -1", "dossier show"}) {
    EXPECT_EQ(Call(line), kExitUsage) << line;
    EXPECT_EQ(err().rfind("error: USAGE: ", 0), 0U) << line << ": " << err();
  }
  EXPECT_EQ(cli::Run({}, Terminal{out_, err_, 100, false}, defaults_), kExitUsage);
}

TEST_F(CommandLine, WrongTlsFlagsAreNamed) {
  const std::vector<std::pair<std::string, std::string>> lines = {
      {"--ca-file /ca.pem", "--ca-file: needs --tls"},
      {"--certificate-file /c.pem --key-file /k.pem", "--certificate-file: needs --tls"},
      {"--server-name localhost", "--server-name: needs --tls"},
      {"--tls --certificate-file /c.pem", "--certificate-file: needs --key-file"},
      {"--tls --key-file /k.pem", "--key-file: needs --certificate-file"},
      {"--tls --ca-file /nowhere/ca.pem", "--ca-file: cannot read /nowhere/ca.pem"},
      {"--tls --certificate-file /nowhere/c.pem --key-file /nowhere/k.pem",
       "--certificate-file: cannot read /nowhere/c.pem"},
      {"--tls --ca-file " + std::string(MOTCUA_SOURCE_DIR) + "/README.md",
       "README.md holds no CERTIFICATE in PEM"}};
  for (const auto& [flags, message] : lines) {
    EXPECT_EQ(Call("dossier show D " + flags), kExitUsage) << flags;
    EXPECT_NE(err().find(message), std::string::npos) << flags << ": " << err();
    EXPECT_EQ(Call(flags + " dossier show D"), kExitUsage) << flags;
    EXPECT_NE(err().find(message), std::string::npos) << flags << ": " << err();
  }
}

TEST_F(CommandLine, HelpIsNoError) {
  EXPECT_EQ(Call("--help"), kExitDone);
  EXPECT_NE(out().find("dossier"), std::string::npos);
  EXPECT_EQ(Call("shipment hand-over --help"), kExitDone);
  EXPECT_NE(out().find("--server HOST:PORT"), std::string::npos);
  EXPECT_NE(out().find("motcua shipment hand-over 000.23"), std::string::npos);
}

TEST_F(CommandLine, ListsFollowThePages) {
  ASSERT_EQ(Call("dossier list --unit U --limit 5 --format json"), kExitDone);
  EXPECT_EQ(Json()["dossiers"].size(), 5U);
  EXPECT_EQ(Json()["next_page_token"], "5");
  ASSERT_EQ(Call("dossier list --unit U --all --format json"), kExitDone);
  EXPECT_EQ(Json()["dossiers"].size(), 7U);
  EXPECT_EQ(Json()["next_page_token"], "");
  ASSERT_EQ(Call("dossier list --unit U --limit 2"), kExitDone);
  EXPECT_NE(out().find("--page-token 2"), std::string::npos) << out();
}

TEST_F(CommandLine, ReportAsksForTheStateAtAnInstantOfTheCity) {
  ASSERT_EQ(Call("report 06a --from 2015-01-01 --to 2015-06-30 --as-of 2016-01-13T00:00 "
                 "--zone America/New_York --by field --verdict instant --format json"),
            kExitDone)
      << err();
  EXPECT_EQ(reporting_.query.as_of_time().seconds(), 1'452'661'200);
  EXPECT_EQ(reporting_.query.by(), reporting::v1::DIMENSION_FIELD);
  EXPECT_EQ(reporting_.query.verdict(), reporting::v1::VERDICT_INSTANT);
  EXPECT_EQ(Json()["rows"][0]["received"]["direct"], 1);
  EXPECT_EQ(Json()["total"]["open"]["total"], 1);
  ASSERT_EQ(Call("report 06a --from 2015-01-01 --to 2015-06-30 --as-of 2016-01-13T00:00"),
            kExitDone);
  EXPECT_EQ(reporting_.query.as_of_time().seconds(), 1'452'618'000);
  EXPECT_NE(out().find("tính đến 13/01/2016 00:00 (Asia/Ho_Chi_Minh)"), std::string::npos) << out();
  EXPECT_NE(out().find("3 = 7 + 11: đúng ở mọi dòng"), std::string::npos);
  // A day is its evening, midnight in --zone.
  ASSERT_EQ(Call("report 06a --from 2020-01-01 --to 2020-04-15 --as-of 2020-04-15"), kExitDone);
  EXPECT_EQ(reporting_.query.as_of_time().seconds(), 1'586'970'000);
}

// A day of the period is each dossier's own, so no zone has a say in it.
TEST_F(CommandLine, ReportByDaysAsksTheSameInEveryZone) {
  const std::string line = "report 06a --from 2015-01-01 --to 2015-06-30";
  ASSERT_EQ(Call(line + " --as-of 2016-01-13T00:00-05:00"), kExitDone);
  EXPECT_EQ(reporting_.query.as_of_time().seconds(), 1'452'661'200);
  ASSERT_EQ(Call(line), kExitDone);
  const std::string here = reporting_.query.SerializeAsString();
  ASSERT_EQ(Call(line + " --zone America/New_York"), kExitDone);
  EXPECT_EQ(reporting_.query.SerializeAsString(), here);
}

TEST_F(CommandLine, WatchEndsAfterTheCountItWasGiven) {
  ASSERT_EQ(Call("alerts watch --count 2 --format json"), kExitDone) << err();
  std::istringstream lines(out());
  std::string line;
  int count = 0;
  while (std::getline(lines, line)) {
    EXPECT_EQ(nlohmann::json::parse(line)["resume_token"], std::to_string(++count));
  }
  EXPECT_EQ(count, 2);
}

TEST_F(CommandLine, Faults_T5_WatchGoesOnWithItsTokenAfterEachKindOfCut) {
  deadline_.cuts = {{grpc::StatusCode::UNAVAILABLE, "gone"},
                    {grpc::StatusCode::RESOURCE_EXHAUSTED, "too_many_pings"},
                    {grpc::StatusCode::INTERNAL, "received GOAWAY"}};
  ASSERT_EQ(Call("alerts watch --count 5 --format json"), kExitDone) << err();
  std::istringstream lines(out());
  int count = 0;
  for (std::string line; std::getline(lines, line);) {
    EXPECT_EQ(nlohmann::json::parse(line)["resume_token"], std::to_string(++count));
  }
  EXPECT_EQ(count, 5);
  EXPECT_EQ(deadline_.tokens, (std::vector<std::string>{"", "1", "2", "3"}));
}

TEST_F(CommandLine, WatchIsNotTriedAgainWhenItIsRefused) {
  deadline_.cuts = {rpc::ToGrpc(FieldError("resume_token", "is none"))};
  EXPECT_EQ(Call("alerts watch --count 5"), kExitRefused);
  EXPECT_NE(err().find("--resume-token 1"), std::string::npos) << err();
  EXPECT_EQ(deadline_.tokens.size(), 1U);
}

TEST_F(CommandLine, Faults_T8_ReadsAskForAllThatStandsInTheLogUnlessToldOtherwise) {
  const std::string line = "report 06a --from 2015-01-01 --to 2015-06-30";
  const std::string position = rpc::EncodePosition({{0, 12}, {3, 7}});
  ASSERT_EQ(Call(line), kExitDone) << err();
  EXPECT_EQ(reporting_.read.consistency(), common::v1::CONSISTENCY_CURRENT);
  EXPECT_EQ(reporting_.read.at_least(), "");
  ASSERT_EQ(Call(line + " --at-least any"), kExitDone) << err();
  EXPECT_EQ(reporting_.read.ByteSizeLong(), 0U);
  ASSERT_EQ(Call(line + " --at-least " + position), kExitDone) << err();
  EXPECT_EQ(reporting_.read.consistency(), common::v1::CONSISTENCY_UNSPECIFIED);
  EXPECT_EQ(reporting_.read.at_least(), position);
  EXPECT_EQ(Call(line + " --at-least nonsense"), kExitUsage);
}

TEST_F(CommandLine, Faults_T8_AReportSaysUpToWhenItIsTrueAndWhatItDoesNotKnowOf) {
  reporting_.position.set_lag(77'583);
  reporting_.position.mutable_as_of_time()->set_seconds(1'604'026'800);
  const std::string line = "report 06a --from 2015-01-01 --to 2015-06-30";
  ASSERT_EQ(Call(line), kExitDone) << err();
  EXPECT_NE(out().find("Tính hết sự kiện lúc 30/10/2020 10:00 (Asia/Ho_Chi_Minh); còn 77.583 bản "
                       "ghi chưa tính."),
            std::string::npos)
      << out();
  ASSERT_EQ(Call(line + " --format json"), kExitDone) << err();
  EXPECT_EQ(Json()["position"]["lag"], 77'583);
}

TEST_F(CommandLine, TheHalfYearOfBostonIsImportedOnce) {
  const std::string file = std::string(MOTCUA_SOURCE_DIR) + "/tests/data/boston311-2015h1.csv.gz";
  const std::string line = "import register " + file + " --mapping boston311 --format json";
  ASSERT_EQ(Call(line), kExitDone) << err();
  EXPECT_EQ(Json()["read"], 58'119);
  EXPECT_EQ(Json()["imported"], 58'119);
  EXPECT_EQ(Json()["already_there"], 0);
  EXPECT_EQ(Json()["refused"], 0);
  EXPECT_EQ(Json()["doubtful"], 84);
  EXPECT_NE(err().find("doubtful: line "), std::string::npos);
  intake_.refused_id = "101001240734";
  ASSERT_EQ(Call(line), kExitDone) << err();
  EXPECT_EQ(Json()["imported"], 0);
  EXPECT_EQ(Json()["already_there"], 58'118);
  EXPECT_EQ(Json()["refused"], 1);
  EXPECT_NE(err().find("refused: line 2: UNIT_UNKNOWN: no such unit"), std::string::npos) << err();
}

// The same tracking book a week later, and a code twice in one file: the later row is an update,
// the row as it was is there already.
TEST_F(CommandLine, R3_R4_ALaterRowOfACaseIsCountedAsUpdated) {
  std::string folder = "/tmp/motcua-import-XXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  const std::string heading = "Mã hồ sơ,Tên TTHC,Nhận hồ sơ,Hẹn trả kết quả,Trả kết quả\n";
  const std::string open = "000.23.10.H49-200120-0003,x,20/01/2020 14:40,03/02/2020 17:00,";
  std::ofstream(folder + "/1.csv") << heading << open << "\n";
  std::ofstream(folder + "/2.csv") << heading << "000.23.10.H49-200120-0004,x,20/01/2020 14:41,,\n"
                                   << open << "\n"
                                   << open << "03/02/2020 15:00\n";
  const auto tally = [&](const std::string& file) {
    EXPECT_EQ(Call("import register " + folder + file + " --mapping mau06 --format json"),
              kExitDone)
        << err();
    std::string text;
    for (const char* key : {"read", "imported", "updated", "already_there", "refused"}) {
      text += std::to_string(Json()[key].get<int>()) + " ";
    }
    return text;
  };
  intake_.import_calls = 10;  // it takes all
  EXPECT_EQ(tally("/1.csv"), "1 1 0 0 0 ");
  EXPECT_EQ(tally("/2.csv"), "3 1 1 1 0 ");
  EXPECT_EQ(tally("/2.csv"), "3 0 0 3 0 ");
  ASSERT_EQ(Call("import register " + folder + "/2.csv --mapping mau06"), kExitDone);
  EXPECT_NE(out().find("Đã cập nhật "), std::string::npos) << out();
  std::filesystem::remove_all(folder);
}

TEST_F(CommandLine, BesideAFileTheFirstOfALongListAreEnough) {
  std::string folder = "/tmp/motcua-import-XXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  const std::string file = std::string(MOTCUA_SOURCE_DIR) + "/tests/data/boston311-2015h1.csv.gz";
  ASSERT_EQ(Call("import register " + file + " --mapping boston311 --format json --doubtful " +
                 folder + "/doubtful.csv"),
            kExitDone)
      << err();
  EXPECT_NE(err().find("doubtful: line 39112: "), std::string::npos) << "the fifth";
  EXPECT_EQ(err().find("doubtful: line 58108: "), std::string::npos) << "the last";
  EXPECT_NE(err().find("doubtful: and 74 more; " + folder + "/doubtful.csv has all\n"),
            std::string::npos)
      << err();
  std::ifstream kept(folder + "/doubtful.csv");
  const std::string text((std::istreambuf_iterator<char>(kept)), std::istreambuf_iterator<char>());
  EXPECT_NE(text.find("\n58108,"), std::string::npos);
  std::filesystem::remove_all(folder);
}

TEST_F(CommandLine, RefusedRowsAreListedAndKept) {
  std::string folder = "/tmp/motcua-import-XXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  std::ofstream(folder + "/in.csv")
      << "case_id,opened_at,due_at,closed_at,source,department,reason,type\n"
      << "1,2015-01-01T00:20:09,,,Twitter,ISD,r,t\n"
      << "2,\"never, ever\",,,Twitter,ISD,r,t\n";
  ASSERT_EQ(Call("import register " + folder + "/in.csv --mapping boston311 --format json " +
                 "--refused " + folder + "/refused.csv"),
            kExitDone)
      << err();
  EXPECT_EQ(Json()["read"], 2);
  EXPECT_EQ(Json()["refused"], 1);
  EXPECT_NE(err().find("refused: line 3: column \"opened_at\": FIELD_INVALID: \"never, ever\" is "
                       "not a date of the form iso\n"),
            std::string::npos)
      << err();
  std::ifstream refused(folder + "/refused.csv", std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(refused)),
                         std::istreambuf_iterator<char>());
  EXPECT_EQ(
      text,
      "line,source_id,column,reason,message\r\n"
      "3,2,opened_at,FIELD_INVALID,\"\"\"never, ever\"\" is not a date of the form iso\"\r\n");
  std::filesystem::remove_all(folder);
}

TEST_F(CommandLine, AnImportThatCannotBeginSaysWhy) {
  EXPECT_EQ(Call("import register /no/such.csv --mapping boston311"), kExitRefused);
  EXPECT_NE(err().find("FILE_UNREADABLE"), std::string::npos);
  EXPECT_EQ(Call("import register /no/such.csv --mapping nowhere"), kExitRefused);
  EXPECT_NE(err().find("boston311, mau06"), std::string::npos);
  EXPECT_EQ(Call("import register /no/such.csv"), kExitUsage);
}

}  // namespace
}  // namespace motcua::cli
