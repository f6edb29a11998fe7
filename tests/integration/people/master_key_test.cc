// Goal: without the office's own master key, kept for its owner alone, nobody opens the people; a
//       change of keys loses nobody, whenever it is interrupted, and makes the old key worthless.
// Method: files of every wrong kind; rotations, whole and half; the cipher against a foreign
// vector.
#include "services/platform/people/master_key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "services/platform/people/local_parties.h"
#include "tests/support/party_store_contract.h"
#include "tests/support/temp_dir.h"

namespace motcua::people {
namespace {

namespace fs = std::filesystem;
using motcua::testing::Officer;
using motcua::testing::PartyIdOf;
using motcua::testing::SampleParty;
using motcua::testing::TempDir;
using ::testing::HasSubstr;
using ::testing::Not;

std::string FromHex(std::string_view digits) {
  std::string bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

std::string ReadFile(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}
void WriteFile(const fs::path& file, std::string_view content) {
  std::ofstream(file, std::ios::binary) << content;
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
}

// Test case 14 of McGrew and Viega, "The Galois/Counter Mode of Operation".
TEST(Secrets, OpensWhatOthersSealed) {
  const SecretKey key = *SecretKey::FromBytes(std::string(kKeyBytes, '\0'));
  const std::string sealed = std::string(kNonceBytes, '\0') +
                             FromHex("cea7403d4d606b6e074ec5d3baf39d18") +
                             FromHex("d0d1c8a799996bf0265b98b5d48ab919");
  EXPECT_EQ(Unseal(key, sealed, ""), std::string(16, '\0'));
}

// Index rows on a disk rest on it: HMAC-SHA-256 of "fabc", by Python's hmac.
TEST(Secrets, AKeyedHashStaysAsItIs) {
  const SecretKey key = *SecretKey::FromBytes(std::string(kKeyBytes, '\0'));
  const KeyedHash hash = HashWithKey(key, 'f', "abc");
  EXPECT_EQ(std::string(hash.begin(), hash.end()),
            FromHex("9dc282fa0af43a87420ed288241eacc8e489d2bc78f99a9509a1ce1be5c11633"));
}

TEST(Secrets, NothingOpensWithAnotherKeyInAnotherPlaceOrChanged) {
  const SecretKey key = SecretKey::Random();
  const std::string sealed = Seal(key, "ví dụ", "place");
  EXPECT_EQ(Unseal(key, sealed, "place"), "ví dụ");
  EXPECT_NE(Seal(key, "ví dụ", "place"), sealed);
  EXPECT_FALSE(Unseal(SecretKey::Random(), sealed, "place"));
  EXPECT_FALSE(Unseal(key, sealed, "other"));
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(Unseal(key, changed, "place"));
    EXPECT_FALSE(Unseal(key, std::string_view(sealed).substr(0, i), "place"));
  }
}

class MasterKey : public ::testing::Test {
 protected:
  LocalPartiesOptions options() const {
    LocalPartiesOptions options;
    options.folder = folder_ / "people";
    options.master_key = key_;
    return options;
  }
  Status OpenStatus() const { return LocalParties::Open(options()).status(); }
  void PutSample() const {
    auto store = LocalParties::Open(options());
    ASSERT_TRUE(store.ok()) << store.status().ToString();
    ASSERT_TRUE((*store)->Put(SampleParty(), 1, Officer(1)).ok());
  }
  void ExpectSample() const {
    auto store = LocalParties::Open(options());
    ASSERT_TRUE(store.ok()) << store.status().ToString();
    const auto got = (*store)->Get(PartyIdOf(1), LookKind::kFull, Officer(2));
    ASSERT_TRUE(got.ok()) << got.status().ToString();
    EXPECT_EQ(got->name, SampleParty().name);
    EXPECT_EQ((*store)->Find(*QueryByNumber("000000009"), 9, Officer(2))->parties.size(), 1u);
  }

  TempDir folder_;
  const fs::path key_ = folder_ / "office.key";
};

TEST_F(MasterKey, IsMadeOnFirstUseForItsOwnerAlone) {
  PutSample();
  EXPECT_EQ(fs::status(key_).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(ReadFile(key_).size(), 65u);
  ExpectSample();
  auto without = options();
  without.folder = folder_ / "elsewhere";
  without.master_key = folder_ / "missing.key";
  without.make_master_key = false;
  EXPECT_EQ(LocalParties::Open(without).status().reason(), Reason::kKeyUnusable);
  EXPECT_FALSE(fs::exists(without.master_key));
}

TEST_F(MasterKey, OneThatIsMissingWrongOrOpenToOthersIsRefusedAndNeverReplaced) {
  PutSample();
  const std::string good = ReadFile(key_);
  const auto expect_refused = [&](std::string_view what) {
    const Status status = OpenStatus();
    EXPECT_EQ(status.reason(), Reason::kKeyUnusable) << status.ToString();
    EXPECT_THAT(status.message(), HasSubstr(std::string(what)));
    EXPECT_THAT(status.ToString(), Not(HasSubstr(good.substr(0, 8))));
  };
  fs::permissions(key_, fs::perms::group_read, fs::perm_options::add);
  expect_refused("chmod 600");
  WriteFile(key_, std::string(64, 'a') + "\n");
  expect_refused("not the one");
  for (const std::string& content : {std::string(), good.substr(1), good + "x\n",
                                     std::string(63, 'a') + "g\n", std::string(5000, 'a')}) {
    WriteFile(key_, content);
    expect_refused("64 hexadecimal digits");
  }
  fs::remove(key_);
  expect_refused("cannot be opened");
  EXPECT_FALSE(fs::exists(key_));
  WriteFile(folder_ / "real.key", good);
  fs::create_symlink(folder_ / "real.key", key_);
  expect_refused("cannot be opened");
  fs::remove(key_);
  fs::create_directory(key_);
  expect_refused("is no file");
  fs::remove(key_);
  WriteFile(key_, good);
  ExpectSample();
}

TEST_F(MasterKey, AChangeWrapsEveryKeyAnewAndTheOldOneOpensNothing) {
  PutSample();
  const std::string old = ReadFile(key_);
  ASSERT_TRUE(RotateMasterKey(key_).ok());
  EXPECT_EQ(ReadFile(key_).size(), 2 * 65u);
  ExpectSample();
  const std::string fresh = ReadFile(key_);
  EXPECT_EQ(fresh.size(), 65u);
  EXPECT_NE(fresh, old);
  WriteFile(key_, old);
  EXPECT_EQ(OpenStatus().reason(), Reason::kKeyUnusable);
  WriteFile(key_, fresh);
  ExpectSample();
}

TEST_F(MasterKey, AChangeThatWasInterruptedGoesOn) {
  PutSample();
  const std::string old = ReadFile(key_);
  ASSERT_TRUE(RotateMasterKey(key_).ok());
  const std::string both = ReadFile(key_);
  ExpectSample();  // all is wrapped anew, and the file was to be written
  WriteFile(key_, both);
  ExpectSample();
  // Twice before the store was opened once.
  ASSERT_TRUE(RotateMasterKey(key_).ok());
  ASSERT_TRUE(RotateMasterKey(key_).ok());
  ExpectSample();
  EXPECT_EQ(ReadFile(key_).size(), 65u);
}

}  // namespace
}  // namespace motcua::people
