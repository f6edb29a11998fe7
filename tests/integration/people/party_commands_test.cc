// Goal: people go from a file to the disk and back to a screen: by the command line, the service
// and
//       the store as they are; masked unless a purpose is said; and no value of theirs is in an
//       error.
// Method: whole command lines in this process against PartyService over LocalParties; every error
//         line of a run of wrong ones searched for every text that was given.
#include <gmock/gmock.h>

#include <fstream>

#include "motcua/parties/v1/parties.pb.h"
#include "services/intake/party_service.h"
#include "services/platform/people/local_parties.h"
#include "services/platform/runtime/clocks.h"
#include "tests/support/sample_parties.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/cli/command_line.h"

namespace motcua::cli {
namespace {

using motcua::testing::PersonalTextsOf;
using motcua::testing::SampleParty;
using motcua::testing::TempDir;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kParty = R"({
  "kind": "person", "name": "Nguyễn Văn Ví Dụ", "other_names": ["Anh Giả Định"],
  "birth": {"year": 1980, "month": 2, "day": 29}, "sex": "male",
  "numbers": [{"kind": "citizen", "number": "000080000001", "from_date": "2021-05-01"},
              {"kind": "identity_card", "number": "000000009", "to_date": "2021-05-01"}],
  "phones": ["+84 900 000 001", "+8520000001"],
  "addresses": [{"kind": "permanent", "street": "Số 0 Phố Không Có", "ward": "Phường Ví Dụ",
                 "province": "Thành phố Giả Định"}],
  "email": "vi.du@example.invalid"
})";
constexpr const char* kCard =
    "000080000001|000000009|Nguyễn Văn Ví Dụ|29021980|Nam|Thôn Giấy, Xã Giấy|01052021\r\n";

class PartyCommands : public CommandLineTest {
 protected:
  PartyCommands() {
    people::LocalPartiesOptions options;
    options.folder = temp_ / "people";
    store_ = std::move(people::LocalParties::Open(options)).value();
    service_ = std::make_unique<intake::PartyService>(*store_, clock_, *workers_);
  }
  void TearDown() override {
    CommandLineTest::TearDown();
    workers_.reset();
  }
  std::vector<grpc::Service*> Fakes() override { return {service_.get()}; }

  std::string File(const std::string& name, std::string_view content) const {
    std::ofstream(temp_ / name, std::ios::binary) << content;
    return (temp_ / name).string();
  }
  // The id of what was put.
  std::string Put(std::string_view json) {
    EXPECT_EQ(Call("party put --format json --file " + File("party.json", json)), 0) << err();
    return Json()["party"];
  }

  TempDir temp_;
  runtime::ScenarioClock clock_{Instant{1'600'000'000'000'000}};
  std::unique_ptr<runtime::WorkerPool> workers_ = std::make_unique<runtime::WorkerPool>(2, 256);
  std::unique_ptr<people::LocalParties> store_;
  std::unique_ptr<intake::PartyService> service_;
};

TEST_F(PartyCommands, IsPutShownChangedAndFound) {
  const std::string id = Put(kParty);
  ASSERT_EQ(Call("party show " + id), 0) << err();
  EXPECT_THAT(out(), HasSubstr("Nguyễn Văn Ví Dụ"));
  EXPECT_THAT(out(), HasSubstr("********0001"));
  EXPECT_THAT(out(), HasSubstr("Số định danh cá nhân"));
  for (const char* const hidden :
       {"000080000001", "000000009", "0900000001", "Phố Không Có", "vi.du@", "29/02"}) {
    EXPECT_THAT(out(), Not(HasSubstr(hidden)));
  }
  EXPECT_THAT(out(), HasSubstr("Năm sinh: 1980"));
  ASSERT_EQ(Call("party show " + id + " --full --purpose hs-0001"), 0) << err();
  EXPECT_THAT(out(), HasSubstr("Ngày sinh: 29/02/1980"));
  ASSERT_EQ(Call("party show " + id + " --full --purpose hs-0001 --format json"), 0) << err();
  nlohmann::json shown = Json();
  EXPECT_EQ(shown["record"]["numbers"][0]["number"], "000080000001");
  EXPECT_EQ(shown["record"]["phones"][0], "0900000001");
  // What was shown, changed by a script, is taken as it is.
  shown["record"]["name"] = "Nguyễn Văn Ví Dụ Mới";
  ASSERT_EQ(Call("party put --format json --file " + File("changed.json", shown.dump())), 0)
      << err();
  EXPECT_EQ(Json()["version"], 2);
  EXPECT_EQ(Call("party put --file " + File("changed.json", shown.dump())), 1);
  EXPECT_THAT(err(), HasSubstr("VERSION_MISMATCH"));
  for (const std::string& by :
       {std::string("--name moi"), "--phone-file " + File("phone", "+84900000001\n"),
        "--number-file " + File("number", "000000009")}) {
    ASSERT_EQ(Call("party find --format json " + by), 0) << err();
    ASSERT_EQ(Json()["parties"].size(), 1u) << by;
    EXPECT_EQ(Json()["parties"][0]["party"], id);
    EXPECT_EQ(Json()["parties"][0]["numbers"][1]["number"], "*****0009");
    EXPECT_THAT(out(), Not(HasSubstr("000080000001")));
  }
  ASSERT_EQ(Call("party find --name moi"), 0);
  EXPECT_THAT(out(), HasSubstr(id));
  ASSERT_EQ(Call("party find --name không-có"), 0);
  EXPECT_THAT(out(), HasSubstr("Không tìm thấy ai."));
}

TEST_F(PartyCommands, TheSameRequestMakesOnePartyAndAnotherOneIsRefused) {
  const std::string request = " --request-id 11111111-1111-4111-8111-111111111111";
  const std::string file = File("party.json", kParty);
  ASSERT_EQ(Call("party put --format json --file " + file + request), 0) << err();
  const std::string id = Json()["party"];
  ASSERT_EQ(Call("party put --format json --file " + file + request), 0) << err();
  EXPECT_EQ(Json()["party"], id);
  EXPECT_EQ(Json()["version"], 1);
  EXPECT_EQ(
      Call("party put --file " + File("other", R"({"kind": "person", "name": "Khác"})") + request),
      1);
  EXPECT_THAT(err(), HasSubstr("REQUEST_ID_REUSED"));
}

TEST_F(PartyCommands, ACardMakesAPersonAndAddsToOne) {
  const std::string card = File("card", kCard);
  ASSERT_EQ(Call("party from-qr --format json --file " + card), 0) << err();
  const std::string id = Json()["party"];
  EXPECT_EQ(Json()["record"]["numbers"][0]["number"], "********0001");
  EXPECT_TRUE(Json()["warnings"].empty());
  // Once more, to the same person: nothing is new.
  ASSERT_EQ(Call("party from-qr --format json --file " + card + " --party " + id), 0) << err();
  EXPECT_EQ(Json()["version"], 1);
  const std::string other =
      File("other", "000180000001|000080000001|Nguyễn Văn Khác|29021980|Nam|Xã Khác|01052026|||x");
  ASSERT_EQ(Call("party from-qr --file " + other + " --party " + id), 0) << err();
  EXPECT_THAT(out(), HasSubstr("Cảnh báo: name: Họ tên trên thẻ khác với họ tên đã lưu"));
  EXPECT_THAT(out(), HasSubstr("Cảnh báo: numbers[2]: Giới tính khác với số định danh"));
  EXPECT_THAT(out(), HasSubstr("Thẻ có thêm trường chưa rõ nghĩa"));
  // Another person with a number that is known.
  ASSERT_EQ(Call("party from-qr --file " + card), 0) << err();
  EXPECT_THAT(out(), HasSubstr("Số này đã có ở một người khác"));
}

TEST_F(PartyCommands, AnErasureAsksWhyAndLooksStay) {
  const std::string id = Put(kParty);
  EXPECT_EQ(Call("party erase " + id), 2);
  EXPECT_EQ(Call("party show " + id + " --full"), 1);
  EXPECT_THAT(err(), HasSubstr("purpose: is missing"));
  ASSERT_EQ(Call("party export " + id + " --purpose ai-hỏi"), 0) << err();
  EXPECT_THAT(out(), HasSubstr("000080000001"));
  EXPECT_THAT(out(), HasSubstr("Người đã xem"));
  EXPECT_THAT(out(), HasSubstr("ai-hỏi"));
  ASSERT_EQ(Call("party erase " + id + " --purpose theo-yêu-cầu"), 0) << err();
  EXPECT_EQ(Call("party show " + id), 1);
  EXPECT_THAT(err(), HasSubstr("PARTY_NOT_FOUND"));
  ASSERT_EQ(Call("party looks " + id + " --format json --all"), 0) << err();
  ASSERT_EQ(Json()["looks"].size(), 3u);
  EXPECT_EQ(Json()["looks"][0]["kind"], "erase");
  EXPECT_EQ(Json()["looks"][0]["actor"], "officer:cli");
  EXPECT_EQ(Json()["looks"][1]["purpose"], "");
  ASSERT_EQ(Call("party looks " + id + " --limit 2"), 0) << err();
  EXPECT_THAT(out(), HasSubstr("Trích xuất"));
  EXPECT_THAT(out(), HasSubstr("--page-token"));
}

TEST_F(PartyCommands, NoErrorQuotesAValue) {
  const std::string id = Put(kParty);
  std::vector<std::string> wrong;
  const auto spoilt = [&](std::string_view was, std::string_view is) {
    std::string json = kParty;
    json.replace(json.find(was), was.size(), is);
    wrong.push_back("party put --file " + File("wrong" + std::to_string(wrong.size()), json));
  };
  spoilt(R"("person")", R"("organisation")");
  spoilt(R"("person")", R"("nobody")");
  spoilt("000080000001", "00008000000");
  spoilt("+84 900 000 001", "0900000001x");
  spoilt("\"month\": 2", "\"month\": 22");
  spoilt("2021-05-01", "2021-05-99");
  spoilt(R"("ward": "Phường Ví Dụ",)", "");
  spoilt("vi.du@", "vi.du");
  spoilt(R"("sex": "male")", R"("sex": 1)");
  spoilt(R"("email":)", R"("mail":)");
  spoilt(R"({"kind": "citizen")", R"(["citizen")");
  const std::string bad_card = std::string(kCard).replace(0, 2, "xx");
  wrong.push_back("party from-qr --file " + File("bad-card", bad_card));
  wrong.push_back("party from-qr --file " + File("number", "000080000001"));
  wrong.push_back("party find --phone-file " + File("phone", "0900000001x"));
  wrong.push_back("party find --number-file " + File("no-number", "000080000001 Ví Dụ"));
  wrong.push_back("party show " + id.substr(1));
  wrong.push_back("party find");
  for (const std::string& line : wrong) {
    EXPECT_EQ(Call(line), 1) << line << out();
    EXPECT_THAT(err(), HasSubstr("INVALID_ARGUMENT")) << line;
    for (const std::string& text : PersonalTextsOf(SampleParty())) {
      EXPECT_THAT(err(), Not(HasSubstr(text))) << line;
    }
    for (const char* const text : {"00008000000", "900 000 001", "0900000001", "vi.du", "nobody"}) {
      EXPECT_THAT(err(), Not(HasSubstr(text))) << line;
    }
  }
}

}  // namespace
}  // namespace motcua::cli
