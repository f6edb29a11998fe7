// Goal: an instance that stops under load costs none of its callers more than one retry.
// Method: two servers of intake on sockets; callers go through a Directory without a pause while
// one server after the other is stopped and started again on its port. And a connection that met
// nobody who answers does not keep its channel from the server that comes.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "services/intake/service.h"
#include "services/platform/cluster/directory.h"
#include "tests/integration/grpc/grpc_test_support.h"

namespace motcua {
namespace {

using intake::v1::IntakeService;
using intake::v1::ReceiveDossierRequest;
using intake::v1::ReceiveDossierResponse;
using testing_support::kPatience;

constexpr int kInstances = 2;
constexpr std::size_t kCallers = 4;
constexpr int kRestarts = 20;
constexpr std::chrono::milliseconds kShutdownMax{1'000};

class RestartTest : public ::testing::Test {
 protected:
  void Start(int instance, const std::string& listen) {
    rpc::ServerOptions options;
    options.listen = listen;
    servers_[instance] = testing_support::StartServer(
        services_[instance], IntakeService::service_full_name(), std::move(options));
    ASSERT_NE(servers_[instance], nullptr);
  }
  void Restart(int instance) {
    const std::string address = servers_[instance]->address();
    servers_[instance]->Shutdown(kShutdownMax);
    Start(instance, address);
  }

  testing_support::World world_;
  intake::IntakeService services_[kInstances] = {
      {world_.sink, world_.reader, world_.clock, world_.workers},
      {world_.sink, world_.reader, world_.clock, world_.workers}};
  std::unique_ptr<rpc::Server> servers_[kInstances];
};

// Counts its commands, and notes the first one that needed more than one retry.
class Caller {
 public:
  explicit Caller(std::shared_ptr<const cluster::Directory> directory)
      : directory_(std::move(directory)), thread_([this](const auto& stop) { Run(stop); }) {}

  // Until a command that begins now has been answered.
  void AwaitTurn() const {
    const std::size_t enough = answered_ + 2;
    const auto end = std::chrono::steady_clock::now() + kPatience;
    while (answered_ < enough && std::chrono::steady_clock::now() < end) std::this_thread::yield();
    ASSERT_GE(answered_, enough);
  }
  // Ends the calling.
  std::string Complaint() {
    thread_.request_stop();
    thread_.join();
    return complaint_;
  }

 private:
  void Run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      ReceiveDossierRequest request;
      testing_support::FillContext(*request.mutable_context());
      request.set_unit(testing_support::kUnit);
      request.set_procedure("1.001193");
      request.set_channel(common::v1::CHANNEL_DIRECT);
      std::vector<rpc::FailedTry> failed;
      rpc::CallPolicy policy;
      policy.failed_tries = &failed;
      const auto told =
          directory_->Call<IntakeService, ReceiveDossierRequest, ReceiveDossierResponse>(
              &IntakeService::Stub::ReceiveDossier, request, policy);
      ++answered_;
      if ((told.ok() && failed.size() <= 1) || !complaint_.empty()) continue;
      if (!told.ok()) complaint_ = told.status().ToString() + ": ";
      for (const rpc::FailedTry& attempt : failed) complaint_ += attempt.why.ToString() + "; ";
    }
  }

  const std::shared_ptr<const cluster::Directory> directory_;
  std::atomic<std::size_t> answered_ = 0;
  std::string complaint_;
  std::jthread thread_;
};

TEST_F(RestartTest, CostsNobodyMoreThanOneRetry) {
  world_.sink.AnswerBy(testing_support::AnswerOk);
  cluster::ClusterFile file;
  file.partitions = kInstances;
  for (int i = 0; i < kInstances; ++i) {
    Start(i, "127.0.0.1:0");
    file.services["intake"].push_back(servers_[i]->address());
  }
  const auto directory = cluster::Directory::OfCluster(file, {}).value();
  std::vector<std::unique_ptr<Caller>> callers;
  callers.reserve(kCallers);
  for (std::size_t i = 0; i < kCallers; ++i) callers.push_back(std::make_unique<Caller>(directory));
  for (int i = 0; i < kRestarts && !HasFatalFailure(); ++i) {
    for (const auto& caller : callers) caller->AwaitTurn();
    const int instance = i % kInstances;
    Restart(instance);
    // The next goes when clients have found this one, and none is still on its way from the last.
    const auto& channel = directory->instances()[static_cast<std::size_t>(instance)]->channel;
    ASSERT_TRUE(channel->WaitForConnected(std::chrono::system_clock::now() + kPatience));
  }
  for (const auto& caller : callers) EXPECT_EQ(caller->Complaint(), "");
}

// Listens on a port of its own, and takes connections that it never answers.
class MuteListener {
 public:
  MuteListener() : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    const int on = 1;
    setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(socket_, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    auto* const address = reinterpret_cast<sockaddr*>(&at);  // NOLINT(*-reinterpret-cast)
    EXPECT_EQ(bind(socket_, address, size), 0);
    EXPECT_EQ(listen(socket_, 1), 0);
    EXPECT_EQ(getsockname(socket_, address, &size), 0);
    address_ = "127.0.0.1:" + std::to_string(ntohs(at.sin_port));
  }
  MuteListener(const MuteListener&) = delete;
  MuteListener& operator=(const MuteListener&) = delete;
  ~MuteListener() { close(connection_); }

  const std::string& address() const { return address_; }
  // Waits for one connection, keeps it, and leaves the port to others.
  void TakeOneAndLeave() {
    connection_ = accept(socket_, nullptr, nullptr);
    EXPECT_GE(connection_, 0);
    close(socket_);
  }

 private:
  const int socket_;
  int connection_ = -1;
  std::string address_;
};

TEST_F(RestartTest, AConnectionThatHangsIsGivenUp) {
  constexpr std::chrono::seconds kFarBelowGrpcsOwnLimit{10};
  MuteListener mute;
  rpc::ChannelOptions options;
  options.address = mute.address();
  const auto channel = rpc::OpenChannel(options).value();
  channel->GetState(/*try_to_connect=*/true);
  mute.TakeOneAndLeave();
  Start(0, mute.address());
  EXPECT_TRUE(channel->WaitForConnected(std::chrono::system_clock::now() + kFarBelowGrpcsOwnLimit));
}

}  // namespace
}  // namespace motcua
