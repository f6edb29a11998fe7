// Goal: a client asks the right instance first, and the next one with the same request when that
//       one cannot answer; a cluster file with a mistake says where it is.
// Method: in-process gRPC servers that answer, refuse or stay silent; texts of files.
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>

#include "motcua/intake/v1/intake.grpc.pb.h"
#include "motcua/scenario/v1/scenario.grpc.pb.h"
#include "services/engine/partition.h"
#include "services/platform/cluster/directory.h"
#include "services/platform/grpc/status.h"

namespace motcua::cluster {
namespace {

using intake::v1::GetDossierRequest;
using intake::v1::GetDossierResponse;
using intake::v1::IntakeService;

// Answers every call alike, and counts.
class Counter final : public IntakeService::Service {
 public:
  Counter() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }
  grpc::Status GetDossier(grpc::ServerContext* /*context*/, const GetDossierRequest* /*request*/,
                          GetDossierResponse* /*response*/) override {
    ++calls;
    return cancels ? grpc::Status::CANCELLED : rpc::ToGrpc(answer);
  }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  void Stop() { server_->Shutdown(); }

  std::atomic<int> calls{0};
  Status answer;
  bool cancels = false;

 private:
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

class DirectoryTest : public ::testing::Test {
 protected:
  DirectoryTest() {
    ClusterFile file;
    file.partitions = 2;
    file.services["intake"] = {servers_[0].address(), servers_[1].address()};
    directory_ = Directory::OfCluster(file, {}).value();
    request_.set_dossier("000.23.10.H49-201031-0001");
    first_ = engine::PartitionOf(cases::UnitCode(kUnit), 2) % 2U;
    policy_.pause = [](std::chrono::milliseconds) {};
  }
  Status Get() {
    return directory_
        ->Call<IntakeService, GetDossierRequest, GetDossierResponse>(
            &IntakeService::Stub::GetDossier, request_, policy_)
        .status();
  }
  Counter& first() { return servers_[first_]; }
  Counter& second() { return servers_[1 - first_]; }

  static constexpr const char* kUnit = "000.23.10.H49";
  Counter servers_[2];
  std::shared_ptr<const Directory> directory_;
  GetDossierRequest request_;
  std::size_t first_ = 0;
  rpc::CallPolicy policy_;
};

TEST_F(DirectoryTest, TheFirstInLineIsAskedFirst) {
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(Get().ok());
  EXPECT_EQ(first().calls, 5);
  EXPECT_EQ(second().calls, 0);
}

TEST_F(DirectoryTest, TheNextIsAskedWhenTheFirstIsGone) {
  first().Stop();
  EXPECT_TRUE(Get().ok());
  EXPECT_EQ(second().calls, 1);
}

TEST_F(DirectoryTest, TheNextIsAskedWhenTheFirstCannotServeAndTheFirstIsAvoidedForAWhile) {
  first().answer = Status(Reason::kNotServing, "the service has not read the whole log yet");
  EXPECT_TRUE(Get().ok());
  EXPECT_TRUE(Get().ok());
  EXPECT_EQ(first().calls, 1);
  EXPECT_EQ(second().calls, 2);
}

// As gRPC's server does with calls that reach it while it stops.
TEST_F(DirectoryTest, TheNextIsAskedWhenTheFirstCancels) {
  first().cancels = true;
  EXPECT_TRUE(Get().ok());
  EXPECT_TRUE(Get().ok());
  EXPECT_EQ(first().calls, 1);
  EXPECT_EQ(second().calls, 2);
}

TEST_F(DirectoryTest, ADamagedStoreIsTheInstancesOwnTrouble) {
  first().answer = Status(Reason::kStoreDamaged, "a row is not what it was");
  EXPECT_TRUE(Get().ok());
}

TEST_F(DirectoryTest, ARefusalIsARefusal) {
  first().answer = Status(Reason::kDossierNotFound, "there is none");
  EXPECT_EQ(Get().reason(), Reason::kDossierNotFound);
  EXPECT_EQ(second().calls, 0);
}

TEST_F(DirectoryTest, NobodyIsAskedForEver) {
  first().answer = Status(Reason::kNotServing, "no");
  second().answer = Status(Reason::kNotServing, "no");
  policy_.tries_max = 3;
  EXPECT_EQ(Get().reason(), Reason::kNotServing);
  EXPECT_EQ(first().calls + second().calls, 3 * 2);
}

TEST_F(DirectoryTest, WhatIsAboutNoUnitGoesRound) {
  request_.clear_dossier();
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(Get().ok());
  EXPECT_EQ(first().calls, 2);
  EXPECT_EQ(second().calls, 2);
}

TEST_F(DirectoryTest, PeopleAreAtTheCounter) {
  EXPECT_EQ(directory_->Find("motcua.parties.v1.PartyService", "").size(), 2u);
}

// A process with a clock that callers set.
class ScenarioProcess final : public scenario::v1::ScenarioService::Service {
 public:
  ScenarioProcess() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }
  grpc::Status SetTime(grpc::ServerContext* /*context*/,
                       const scenario::v1::SetTimeRequest* /*request*/,
                       scenario::v1::SetTimeResponse* /*response*/) override {
    ++set;
    return rpc::ToGrpc(answer);
  }
  grpc::Status GetTime(grpc::ServerContext* /*context*/,
                       const scenario::v1::GetTimeRequest* /*request*/,
                       scenario::v1::GetTimeResponse* /*response*/) override {
    ++asked;
    return grpc::Status::OK;
  }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  std::atomic<int> set{0};
  std::atomic<int> asked{0};
  Status answer;

 private:
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

// Each process has a clock of its own: one that is left out would go on by another time.
TEST(ScenarioDirectoryTest, TheClockIsSetInEveryProcessAndReadFromOne) {
  ScenarioProcess processes[3];
  ClusterFile file;
  file.services["intake"] = {processes[0].address(), processes[1].address()};
  file.services["reporting"] = {processes[2].address()};
  const auto directory = Directory::OfCluster(file, {}).value();
  scenario::v1::SetTimeResponse set;
  ASSERT_TRUE(directory->Call(scenario::v1::SetTimeRequest(), set).ok());
  for (const ScenarioProcess& process : processes) EXPECT_EQ(process.set, 1);
  scenario::v1::GetTimeResponse time;
  ASSERT_TRUE(directory->Call(scenario::v1::GetTimeRequest(), time).ok());
  EXPECT_EQ(processes[0].asked + processes[1].asked + processes[2].asked, 1);

  processes[2].answer = Status(Reason::kScenarioOnly, "these services run by the machine's clock");
  const Status refused = directory->Call(scenario::v1::SetTimeRequest(), set);
  EXPECT_EQ(refused.reason(), Reason::kScenarioOnly);
  EXPECT_NE(refused.message().find(processes[2].address()), std::string::npos);
}

TEST(ClusterFileTest, WhatIsWrittenIsRead) {
  ClusterFile file;
  file.partitions = 12;
  file.services["intake"] = {"10.0.0.1:7101", "10.0.0.2:7101"};
  file.services["postal"] = {"[::1]:7104"};
  const Result<ClusterFile> back = ParseClusterFile(FormatClusterFile(file), "cluster.toml");
  ASSERT_TRUE(back.ok()) << back.status().ToString();
  EXPECT_EQ(back->partitions, 12);
  EXPECT_EQ(back->services, file.services);
}

TEST(ClusterFileTest, AMistakeIsNamedWithItsLine) {
  const auto error = [](std::string_view text) {
    return ParseClusterFile(text, "c.toml").status().message();
  };
  EXPECT_EQ(error("partitions = 0\n"), "c.toml:1: partitions: a whole number from 1 to 4096");
  EXPECT_EQ(error("[services]\n\nmail = [\"a:1\"]\n"),
            "c.toml:3: services.mail: there is no such service");
  EXPECT_EQ(error("[services]\nintake = [\"a\"]\n"), "c.toml:2: an address is \"HOST:PORT\"");
  EXPECT_EQ(error("[services]\nintake = []\n"),
            "c.toml:2: services.intake: 1 to 256 addresses in [\"HOST:PORT\"]");
  EXPECT_EQ(error("color = 1\n[services]\nintake = [\"a:1\"]\n"),
            "c.toml:1: color: only partitions and [services] are known");
  EXPECT_NE(error("partitions = \n"), "");
  EXPECT_EQ(ReadClusterFile("/nowhere/c.toml").status().reason(), Reason::kFileUnreadable);
}

}  // namespace
}  // namespace motcua::cluster
