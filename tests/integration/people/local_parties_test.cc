// Goal: people on this machine's disk keep the contract of every store of people.
// Method: the shared contract, on a folder of its own each time.
#include "services/platform/people/local_parties.h"

#include "tests/support/party_store_contract.h"
#include "tests/support/temp_dir.h"

namespace motcua::testing {
namespace {

class LocalWorld final : public PartyWorld {
 public:
  std::unique_ptr<people::PartyStore> Open() override {
    people::LocalPartiesOptions options;
    options.folder = folder_ / "people";
    auto opened = people::LocalParties::Open(options);
    EXPECT_TRUE(opened.ok()) << opened.status().ToString();
    return std::move(opened).value();
  }

 private:
  TempDir folder_;
};

Result<std::unique_ptr<PartyWorld>> MakeLocalWorld() {
  return std::unique_ptr<PartyWorld>(std::make_unique<LocalWorld>());
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(Local, PartyStoreContract, ::testing::Values(MakeLocalWorld));

}  // namespace motcua::testing
