// Goal: a client of a server that was away finds it soon after it is back.
// Method: the real program killed and started again on its port, and a client in a process without
// a server of its own: there nothing but the client looks after its connections. Found by the chaos
// round that kills all services: they served again within a second, their callers after 25.
#include "services/platform/cluster/directory.h"
#include "tests/integration/standalone/receptions.h"
#include "tests/support/temp_dir.h"

namespace motcua::testing {
namespace {

// gRPC by itself looks after its attempts to connect every 5 s.
constexpr std::chrono::milliseconds kBelowGrpcsOwnLook{4'500};
constexpr int kRounds = 3;

// Asks until told, or for kBelowGrpcsOwnLook.
Status AskFor(const cluster::Directory& directory, int request, int tries_max) {
  rpc::CallPolicy policy;
  policy.deadline = kBelowGrpcsOwnLook;
  policy.tries_max = tries_max;
  policy.backoff_max = std::chrono::milliseconds(200);
  const std::string id =
      cases::FormatRequestId(cases::DeriveRequestId("comeback/" + std::to_string(request)));
  return directory.Call<IntakeService>(&IntakeService::Stub::ReceiveDossier, RequestFor(id), policy)
      .status();
}

TEST(Comeback, WhoAsksFindsTheServerThatIsBack) {
  constexpr int kFewTries = 3;
  constexpr int kManyTries = 1'000;
  const TempDir temp;
  const std::string log = (temp / "stderr").string();
  std::unique_ptr<runtime::Child> process;
  const std::string address = Start(process, temp / "data", log);
  ASSERT_FALSE(address.empty());
  rpc::ChannelOptions server;
  server.address = address;
  const auto directory = cluster::Directory::OfServer(server).value();
  int request = 0;
  ASSERT_TRUE(AskFor(*directory, ++request, kManyTries).ok());
  for (int round = 0; round < kRounds; ++round) {
    process->Kill();
    EXPECT_EQ(AskFor(*directory, ++request, kFewTries).reason(), Reason::kNotServing);
    ASSERT_EQ(Start(process, temp / "data", log, address), address);
    const Status told = AskFor(*directory, request, kManyTries);
    EXPECT_TRUE(told.ok()) << told.ToString();
  }
}

}  // namespace
}  // namespace motcua::testing
