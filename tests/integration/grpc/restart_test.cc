// Goal: an instance that stops under load costs none of its callers more than one retry.
// Method: two servers of intake on sockets; callers go through a Directory without a pause while
// one server after the other is stopped and started again on its port.
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
  intake::IntakeService services_[kInstances] = {{world_.sink, world_.reader, world_.clock},
                                                 {world_.sink, world_.reader, world_.clock}};
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

}  // namespace
}  // namespace motcua
