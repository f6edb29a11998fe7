// Goal: the commands of manifests send what was typed, and print in Vietnamese what came back.
// Method: a fake service in this process; whole command lines.
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "motcua/postal/v1/postal.grpc.pb.h"
#include "services/platform/grpc/status.h"
#include "tests/unit/cli/command_line.h"

namespace motcua::cli {
namespace {

namespace v1 = postal::v1;
constexpr char kManifest[] = "000.23.10.H49/2020-0001";

class FakePostal final : public v1::PostalService::Service {
 public:
  grpc::Status OpenManifest(grpc::ServerContext*, const v1::OpenManifestRequest* request,
                            v1::OpenManifestResponse* response) override {
    asked = "open " + request->unit() + " " + request->carrier();
    response->set_manifest(kManifest);
    response->set_version(1);
    return grpc::Status::OK;
  }
  grpc::Status AddManifestItem(grpc::ServerContext*, const v1::AddManifestItemRequest* request,
                               v1::AddManifestItemResponse* response) override {
    asked = "add " + request->manifest() + " " + request->dossier() + " " + request->item_number() +
            " " + std::to_string(request->expected_version());
    if (!refusal.ok()) return rpc::ToGrpc(refusal);
    response->set_version(2);
    return grpc::Status::OK;
  }
  grpc::Status CloseManifest(grpc::ServerContext*, const v1::CloseManifestRequest* request,
                             v1::CloseManifestResponse* response) override {
    asked = "close " + request->manifest();
    response->set_version(3);
    return grpc::Status::OK;
  }
  grpc::Status HandOverManifest(grpc::ServerContext*, const v1::HandOverManifestRequest* request,
                                v1::HandOverManifestResponse* response) override {
    asked = "hand over " + request->manifest();
    response->set_version(4);
    return grpc::Status::OK;
  }
  grpc::Status GetManifest(grpc::ServerContext*, const v1::GetManifestRequest* request,
                           v1::GetManifestResponse* response) override {
    asked = "get " + request->manifest();
    FillManifest(*response->mutable_manifest());
    response->set_version(5);
    for (const auto state :
         {common::v1::MANIFEST_ITEM_STATE_FOLLOWED, common::v1::MANIFEST_ITEM_STATE_SKIPPED}) {
      v1::ManifestItem& item = *response->add_items();
      item.set_dossier("000.23.10.H49-201031-0001");
      item.set_item_number("EX123456785VN");
      item.set_state(state);
    }
    return grpc::Status::OK;
  }
  grpc::Status ListManifests(grpc::ServerContext*, const v1::ListManifestsRequest* request,
                             v1::ListManifestsResponse* response) override {
    asked = "list " + request->unit() + " " + std::to_string(request->page_size());
    FillManifest(*response->add_manifests());
    return grpc::Status::OK;
  }

  std::string asked;
  Status refusal;

 private:
  static void FillManifest(v1::Manifest& manifest) {
    manifest.set_manifest(kManifest);
    manifest.set_state(common::v1::MANIFEST_STATE_HANDED_OVER);
    manifest.set_carrier("vnpost");
    manifest.mutable_opened()->set_unix_micros(1'604'109'600'000'000);
    manifest.mutable_opened()->set_utc_offset_minutes(420);
    manifest.set_items(2);
    manifest.set_followed(1);
    manifest.set_skipped(1);
  }
};

class ManifestCommands : public CommandLineTest {
 protected:
  std::vector<grpc::Service*> Fakes() override { return {&postal_}; }

  // What it prints; "" when it was refused.
  std::string Manifest(const std::string& line) {
    return Call("shipment manifest " + line) == kExitDone ? out() : "";
  }

  FakePostal postal_;
};

TEST_F(ManifestCommands, SendWhatWasTyped) {
  EXPECT_EQ(Manifest("open --unit 000.23.10.H49 --carrier vnpost"),
            "Đã lập bản kê.\n"
            "Bản kê     000.23.10.H49/2020-0001\n"
            "Phiên bản  1\n");
  EXPECT_EQ(postal_.asked, "open 000.23.10.H49 vnpost");
  EXPECT_EQ(Manifest("add 000.23.10.H49/2020-0001 D --item EX123456785VN --expected-version 1"),
            "Đã ghi bưu gửi vào bản kê.\nPhiên bản  2\n");
  EXPECT_EQ(postal_.asked, "add 000.23.10.H49/2020-0001 D EX123456785VN 1");
  EXPECT_EQ(Manifest("close 000.23.10.H49/2020-0001"),
            "Đã chốt bản kê; không ghi thêm bưu gửi nữa.\nPhiên bản  3\n");
  EXPECT_EQ(postal_.asked, "close 000.23.10.H49/2020-0001");
  EXPECT_EQ(Manifest("hand-over 000.23.10.H49/2020-0001"),
            "Đã bàn giao bản kê; từng bưu gửi được ghi nhận sau đó.\nPhiên bản  4\n");
  EXPECT_EQ(postal_.asked, "hand over 000.23.10.H49/2020-0001");
}

TEST_F(ManifestCommands, ShowWhatCameBack) {
  const std::string shown = Manifest("show 000.23.10.H49/2020-0001");
  EXPECT_EQ(postal_.asked, "get 000.23.10.H49/2020-0001");
  for (const char* word : {"Bản kê", "Đã bàn giao", "Không bàn giao", "31/10/2020 09:00",
                           "000.23.10.H49-201031-0001", "EX123456785VN"}) {
    EXPECT_NE(shown.find(word), std::string::npos) << word << "\n" << shown;
  }
  const std::string listed = Manifest("list --unit 000.23.10.H49 --limit 7");
  EXPECT_EQ(postal_.asked, "list 000.23.10.H49 7");
  EXPECT_NE(listed.find("000.23.10.H49/2020-0001"), std::string::npos) << listed;
}

TEST_F(ManifestCommands, JsonNamesTheManifestAndTheDossier) {
  const std::string text =
      Manifest("add 000.23.10.H49/2020-0001 D --item EX123456785VN --format json");
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  EXPECT_EQ(json["manifest"], kManifest);
  EXPECT_EQ(json["dossier"], "D");
  EXPECT_EQ(json["version"], 2);
}

TEST_F(ManifestCommands, ARefusalIsToldByItsName) {
  postal_.refusal = Status(Reason::kManifestFull, "manifest 1 has 500 items");
  EXPECT_EQ(Manifest("add 000.23.10.H49/2020-0001 D --item EX123456785VN"), "");
  EXPECT_NE(err().find("MANIFEST_FULL"), std::string::npos) << err();
  EXPECT_NE(err().find("open another manifest"), std::string::npos) << err();
}

}  // namespace
}  // namespace motcua::cli
