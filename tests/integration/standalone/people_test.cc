// Goal: of the people that the running program keeps nothing is outside their store: not in its
// log, its metrics, its other files, a dump of its log, an error, not even what was refused; an
// answered person survives kill -9, and an erased one does not come back with a copy of before.
// Method: the real program by its command line, with planted people; everything that it writes,
// read as bytes.
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/integration/standalone/running.h"
#include "tests/support/await.h"

namespace motcua::testing {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kPlanted = {
    "Nguyễn Văn Ví Dụ", "nguyen van vi du", "Trần Thị Bị Từ Chối", "000080000001", "00009999999",
    "0900000001",       "Phố Không Có",     "vi.du@example",       "vì công việc"};

constexpr const char* kParty = R"({"kind": "person", "name": "Nguyễn Văn Ví Dụ",
  "numbers": [{"kind": "citizen", "number": "000080000001"}], "phones": ["0900000001"],
  "addresses": [{"kind": "current", "street": "Số 0 Phố Không Có", "ward": "Phường Ví Dụ",
                 "province": "Thành phố Giả Định"}], "email": "vi.du@example.invalid"})";
constexpr const char* kRefused = R"({"kind": "person", "name": "Trần Thị Bị Từ Chối",
  "numbers": [{"kind": "citizen", "number": "00009999999"}]})";

void ExpectNothingPlanted(std::string_view where, std::string_view bytes) {
  for (const std::string& planted : kPlanted) {
    EXPECT_EQ(bytes.find(planted), std::string_view::npos) << where << " holds " << planted;
  }
}

void ExpectNothingPlantedBelow(const fs::path& folder) {
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    ++files;
    ExpectNothingPlanted(entry.path().string(), ReadText(entry.path().string()));
  }
  EXPECT_GT(files, 10u);
}

// GET /metrics, whole.
std::string Scrape(const std::string& port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo("127.0.0.1", port.c_str(), &hints, &found) != 0) return "";
  const int socket_fd = socket(found->ai_family, found->ai_socktype, 0);
  const bool connected = connect(socket_fd, found->ai_addr, found->ai_addrlen) == 0;
  freeaddrinfo(found);
  const std::string request = "GET /metrics HTTP/1.0\r\n\r\n";
  std::string answer;
  if (connected && write(socket_fd, request.data(), request.size()) > 0) {
    std::vector<char> buffer(65536);
    for (ssize_t n = 0; (n = read(socket_fd, buffer.data(), buffer.size())) > 0;) {
      answer.append(buffer.data(), static_cast<std::size_t>(n));
    }
  }
  close(socket_fd);
  return answer;
}

class People : public ::testing::Test {
 protected:
  void SetUp() override { StartAgain(); }
  void StartAgain() {
    if (services_) services_->process().Kill();
    services_.reset();
    services_ = std::make_unique<Services>(
        data_, std::vector<std::string>{"--metrics-listen", "127.0.0.1:0"});
    ASSERT_FALSE(services_->address().empty()) << services_->log();
  }
  Ran Do(const std::vector<std::string>& words) {
    return Motcua(services_->address(), words, (temp_ / "error").string());
  }
  std::string Error() const { return ReadText((temp_ / "error").string()); }
  std::string File(const std::string& name, std::string_view content) const {
    std::ofstream(temp_ / name, std::ios::binary) << content;
    return (temp_ / name).string();
  }
  std::string Put(std::string_view party) {
    const Ran ran = Do({"party", "put", "--file", File("party.json", party), "--purpose",
                        "vì công việc", "--format", "json"});
    EXPECT_EQ(ran.exit_code, 0) << Error();
    return Json(ran)["party"];
  }
  // Of the exporter, as the log tells it: "metrics port=…".
  std::string MetricsPort() const {
    const std::string log = services_->log();
    const std::size_t at = log.find("port=");
    if (at == std::string::npos) return "";
    return log.substr(at + 5, log.find_first_not_of("0123456789", at + 5) - at - 5);
  }

  const TempDir temp_;
  const fs::path data_ = temp_ / "data";
  std::unique_ptr<Services> services_;
};

TEST_F(People, AreNowhereOutsideTheirStoreAndSealedInIt) {
  const std::string id = Put(kParty);
  ASSERT_EQ(Do({"dossier", "receive", "--unit", "000.23.10.H49", "--procedure", "1.000893",
                "--channel", "direct"})
                .exit_code,
            0);
  EXPECT_EQ(Do({"party", "put", "--file", File("refused.json", kRefused)}).exit_code, 1);
  ExpectNothingPlanted("an error", Error());
  EXPECT_EQ(Do({"party", "find", "--name", "nguyen van vi du"}).exit_code, 0) << Error();
  const Ran full = Do({"party", "show", id, "--full", "--purpose", "vì công việc"});
  ASSERT_EQ(full.exit_code, 0) << Error();
  EXPECT_NE(full.out.find("000080000001"), std::string::npos);
  const std::string metrics = Scrape(MetricsPort());
  EXPECT_NE(metrics.find("motcua_"), std::string::npos) << services_->log();
  ExpectNothingPlanted("metrics", metrics);
  ExpectNothingPlanted("the program's log", services_->log());
  ExpectNothingPlantedBelow(data_);
  // Killed: what was in memory alone is gone, and the person is not.
  StartAgain();
  EXPECT_EQ(Do({"party", "show", id}).exit_code, 0) << Error();
  ExpectNothingPlantedBelow(data_);
  services_->process().Signal(SIGTERM);
  EXPECT_EQ(services_->process().Wait(), 0);
  services_.reset();
  ExpectNothingPlantedBelow(data_);
  const Ran log = Motcua("", {"admin", "dump-log", "--data", data_.string()});
  EXPECT_NE(log.out.find("000.23.10.H49"), std::string::npos);
  ExpectNothingPlanted("a dump of the log", log.out);
  const Ran state = Motcua("", {"admin", "dump-state", (data_ / "intake").string()});
  EXPECT_NE(state.out.find("000.23.10.H49"), std::string::npos);
  ExpectNothingPlanted("a dump of a state", state.out);
}

TEST_F(People, WhoIsErasedDoesNotComeBackWithACopyOfBefore) {
  const std::string id = Put(kParty);
  services_->process().Signal(SIGTERM);
  EXPECT_EQ(services_->process().Wait(), 0);
  services_.reset();
  fs::copy(data_ / "people" / "records", temp_ / "copy", fs::copy_options::recursive);
  StartAgain();
  ASSERT_EQ(Do({"party", "erase", id, "--purpose", "theo yêu cầu"}).exit_code, 0) << Error();
  services_->process().Kill();
  services_.reset();
  fs::remove_all(data_ / "people" / "records");
  fs::copy(temp_ / "copy", data_ / "people" / "records", fs::copy_options::recursive);
  StartAgain();
  EXPECT_EQ(Do({"party", "show", id}).exit_code, 1);
  EXPECT_NE(Error().find("PARTY_NOT_FOUND"), std::string::npos);
  const Ran found = Do({"party", "find", "--name", "vi du", "--format", "json"});
  EXPECT_EQ(Json(found)["parties"].size(), 0u);
}

// Over Kafka people are one instance's own: two would each know half of them.
TEST(PeopleOfAService, AreOfTheOnlyInstanceOfIntake) {
  const TempDir temp;
  const auto command = [&](const std::string& service, const std::string& replicas) {
    return std::vector<std::string>{
        kMotcua,           "service",     service,           "--data",        temp / "state",
        "--kafka-brokers", "127.0.0.1:1", "--people-folder", temp / "people", "--instance-replicas",
        replicas};
  };
  const std::string error = (temp / "error").string();
  runtime::Child refused(command("intake", "2"), error);
  EXPECT_NE(refused.Wait(), 0);
  EXPECT_NE(ReadText(error).find("people.folder"), std::string::npos) << ReadText(error);
  runtime::Child alone(command("intake", "1"), error);
  EXPECT_TRUE(Await([&] { return fs::exists(temp / "people" / "records" / "CURRENT"); },
                    std::chrono::minutes(1)))
      << ReadText(error);
  alone.Kill();
}

}  // namespace
}  // namespace motcua::testing
