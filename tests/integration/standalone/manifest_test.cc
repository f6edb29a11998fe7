// Goal: a manifest of the post (bản kê bàn giao bưu gửi) goes its way by the command line, and the
// shipments on it follow, whatever is killed meanwhile.
// Method: the real program, killed before the manifest is closed and right after it was handed
// over, when some of its shipments may have followed and some not.
#include "tests/integration/standalone/running.h"
#include "tests/support/await.h"

namespace motcua::testing {
namespace {

const std::string kUnit = "000.23.10.H49";

class Manifests : public ::testing::Test {
 protected:
  void SetUp() override { StartAgain(); }

  void StartAgain() {
    if (services_) services_->process().Kill();
    services_.reset();
    services_ = std::make_unique<Services>(temp_.path() / "data");
    ASSERT_FALSE(services_->address().empty()) << services_->log();
  }
  Ran Do(const std::vector<std::string>& words) {
    return Motcua(services_->address(), words, (temp_.path() / "error").string());
  }
  nlohmann::json Ask(std::vector<std::string> words) {
    words.insert(words.end(), {"--format", "json"});
    const Ran ran = Do(words);
    EXPECT_EQ(ran.exit_code, 0) << words[2] << ": " << Error();
    return Json(ran);
  }
  std::string Error() const { return ReadText((temp_.path() / "error").string()); }
  // Until the service has come so far by itself.
  template <typename Done>
  nlohmann::json Await(const std::vector<std::string>& words, const Done& done) {
    nlohmann::json answer;
    EXPECT_TRUE(testing::Await(
        [&] {
          answer = Ask(words);
          return done(answer);
        },
        std::chrono::minutes(1)))
        << "waited in vain for " << words[2];
    return answer;
  }
  // A dossier whose result waits for the carrier.
  std::string Ready() {
    const std::string code = Ask({"dossier", "receive", "--unit", kUnit, "--procedure", "1.000893",
                                  "--channel", "online", "--return", "postal"})["dossier"];
    Ask({"dossier", "result", code});
    Await({"shipment", "show", code},
          [](const nlohmann::json& answer) { return answer["shipment"]["state"] == "registered"; });
    return code;
  }

  const TempDir temp_;
  std::unique_ptr<Services> services_;
};

TEST_F(Manifests, ShipmentsFollowAlsoAcrossRestarts) {
  const std::vector<std::string> items = {"EX100000017VN", "EX100000025VN", "EX100000034VN"};
  std::vector<std::string> dossiers;
  for (std::size_t i = 0; i < items.size(); ++i) dossiers.push_back(Ready());
  const std::vector<std::string> open = {
      "shipment", "manifest",     "open",
      "--unit",   kUnit,          "--carrier",
      "vnpost",   "--request-id", "3f2b8c1e-5d0a-4c7b-9e11-0a1b2c3d4e5f"};
  const std::string manifest = Ask(open)["manifest"];
  EXPECT_TRUE(manifest.starts_with(kUnit + "/") && manifest.ends_with("-0001")) << manifest;
  for (std::size_t i = 0; i < items.size(); ++i) {
    EXPECT_EQ(
        Ask({"shipment", "manifest", "add", manifest, dossiers[i], "--item", items[i]})["manifest"],
        manifest);
  }
  ASSERT_NO_FATAL_FAILURE(StartAgain());
  EXPECT_EQ(Ask(open)["manifest"], manifest) << "the same request, the same manifest";
  const Ran closed = Do({"shipment", "manifest", "close", manifest});
  EXPECT_NE(closed.out.find("Đã chốt bản kê"), std::string::npos) << closed.out << Error();
  Ask({"shipment", "hand-over", dossiers[1], "--item", "EX100000048VN", "--carrier", "other"});
  Ask({"shipment", "manifest", "hand-over", manifest});
  ASSERT_NO_FATAL_FAILURE(StartAgain());

  const nlohmann::json shown =
      Await({"shipment", "manifest", "show", manifest}, [](const nlohmann::json& answer) {
        return answer["manifest"]["followed"].get<int>() +
                   answer["manifest"]["skipped"].get<int>() ==
               3;
      });
  EXPECT_EQ(shown["manifest"]["state"], "handed_over");
  EXPECT_EQ(shown["version"], 9) << "opened, three added, closed, handed over, three settled";
  EXPECT_EQ(shown["items"][0]["state"], "followed");
  EXPECT_EQ(shown["items"][1]["state"], "skipped");
  EXPECT_EQ(shown["items"][2]["state"], "followed");
  for (const std::size_t i : {0U, 2U}) {
    const nlohmann::json found = Ask({"shipment", "find", items[i]});
    ASSERT_EQ(found["shipments"].size(), 1U) << items[i];
    EXPECT_EQ(found["shipments"][0]["dossier"], dossiers[i]);
    EXPECT_EQ(found["shipments"][0]["carrier"], "vnpost");
  }
  const Ran table = Do({"shipment", "manifest", "show", manifest});
  for (const char* word : {"Bản kê", "Đã bàn giao", "Không bàn giao", "EX100000034VN"}) {
    EXPECT_NE(table.out.find(word), std::string::npos) << word << "\n" << table.out;
  }
}

TEST_F(Manifests, AreListedAndRefusedByName) {
  EXPECT_EQ(Do({"shipment", "manifest", "list", "--unit", kUnit}).out, "Không có dòng nào.\n");
  std::vector<std::string> names;
  for (int i = 0; i < 3; ++i) {
    names.push_back(
        Ask({"shipment", "manifest", "open", "--unit", kUnit, "--carrier", "vnpost"})["manifest"]);
  }
  const nlohmann::json all = Ask({"shipment", "manifest", "list", "--unit", kUnit});
  ASSERT_EQ(all["manifests"].size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(all["manifests"][i]["manifest"], names[2 - i]) << "the newest first";
  }
  const Ran first = Do({"shipment", "manifest", "list", "--unit", kUnit, "--limit", "2"});
  EXPECT_NE(first.out.find("Còn nữa sau 2 dòng"), std::string::npos) << first.out;
  EXPECT_NE(first.out.find("Đang lập"), std::string::npos) << first.out;

  EXPECT_EQ(Do({"shipment", "manifest", "close", names[0]}).exit_code, 1);
  EXPECT_NE(Error().find("STATE_FORBIDS"), std::string::npos) << Error();
  EXPECT_EQ(Do({"shipment", "manifest", "show", kUnit + "/2020-0007"}).exit_code, 1);
  EXPECT_NE(Error().find("MANIFEST_NOT_FOUND"), std::string::npos) << Error();
  EXPECT_EQ(Do({"shipment", "manifest", "open", "--unit", kUnit}).exit_code, 2) << "usage";
}

}  // namespace
}  // namespace motcua::testing
