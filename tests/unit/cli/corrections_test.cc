// Goal: an officer finds a mistaken event of a dossier and takes it back, or is told what stands in
// the way.
// Method: a fake service in this process, on a port of its own; whole command lines.
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "motcua/intake/v1/intake.grpc.pb.h"
#include "services/platform/grpc/status.h"
#include "tests/unit/cli/command_line.h"

namespace motcua::cli {
namespace {

class FakeIntake final : public intake::v1::IntakeService::Service {
 public:
  grpc::Status CorrectEvent(grpc::ServerContext*, const intake::v1::CorrectEventRequest* request,
                            intake::v1::CorrectEventResponse* response) override {
    asked = *request;
    if (!next_status.ok()) return rpc::ToGrpc(next_status);
    response->set_version(9);
    return grpc::Status::OK;
  }
  grpc::Status GetDossier(grpc::ServerContext*, const intake::v1::GetDossierRequest* request,
                          intake::v1::GetDossierResponse* response) override {
    response->mutable_dossier()->set_dossier(request->dossier());
    if (!with_events) return grpc::Status::OK;
    auto& delivered = *response->add_corrigible();
    delivered.set_version(5);
    delivered.set_event("ShipmentDelivered");
    delivered.set_label("Phát thành công");
    delivered.mutable_at()->set_unix_micros(1'604'656'800'000'000);
    delivered.mutable_at()->set_utc_offset_minutes(420);
    auto& closed = *response->add_corrigible();
    closed.set_version(6);
    closed.set_event("DossierClosed");
    closed.set_label("Trả kết quả");
    closed.set_cause(5);
    return grpc::Status::OK;
  }

  intake::v1::CorrectEventRequest asked;
  Status next_status;
  bool with_events = true;
};

class Corrections : public CommandLineTest {
 protected:
  std::vector<grpc::Service*> Fakes() override { return {&intake_}; }

  FakeIntake intake_;
};

TEST_F(Corrections, Faults_P7_ADossierShowsWhatMayBeTakenBack) {
  ASSERT_EQ(Call("dossier show 000.23.10.H49-201031-0001"), kExitDone) << err();
  EXPECT_NE(out().find("Phát thành công"), std::string::npos) << out();
  EXPECT_NE(out().find("06/11/2020 17:00"), std::string::npos) << out();
  EXPECT_NE(out().find("Sự kiện có thể đính chính"), std::string::npos) << out();
  EXPECT_EQ(out().find("ShipmentDelivered"), std::string::npos) << "in the words of its reader";
  intake_.with_events = false;
  ASSERT_EQ(Call("dossier show 000.23.10.H49-201031-0001"), kExitDone) << err();
  EXPECT_NE(out().find("Không có sự kiện nào có thể đính chính."), std::string::npos) << out();
}

TEST_F(Corrections, Faults_P7_OneCommandTakesItBackOrSaysWhyNot) {
  ASSERT_EQ(Call("dossier correct 000.23.10.H49-201031-0001 --version 5 --reason wrong_dossier "
                 "--expected-version 6"),
            kExitDone)
      << err();
  EXPECT_EQ(intake_.asked.dossier(), "000.23.10.H49-201031-0001");
  EXPECT_EQ(intake_.asked.version(), 5U);
  EXPECT_EQ(intake_.asked.expected_version(), 6U);
  EXPECT_EQ(intake_.asked.reason(), common::v1::CORRECTION_REASON_WRONG_DOSSIER);
  EXPECT_EQ(out(), "Đã đính chính.\nPhiên bản  9\n");
  EXPECT_EQ(Call("dossier correct 000.23.10.H49-201031-0001 --reason other"), kExitUsage);
  intake_.next_status = Status(Reason::kStateForbids, "cannot be taken back before DossierClosed");
  EXPECT_EQ(Call("dossier correct 000.23.10.H49-201031-0001 --version 5 --reason other"),
            kExitRefused);
  EXPECT_NE(err().find("DossierClosed"), std::string::npos) << err();
}

}  // namespace
}  // namespace motcua::cli
