// Goal: nothing on the disk tells who anybody is, an erased person's key is in no file any more,
// and
//       a copy of the records from before does not give the person back.
// Method: every file of the store, of a copy, and of a copy that was put back, read as bytes and
//         searched for every text of planted people, for wrapped keys and for sealed records; each
//         search shown to find what is there before.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rocksdb/db.h>

#include <fstream>
#include <iterator>

#include "services/base/text_fold.h"
#include "services/platform/people/local_parties.h"
#include "tests/support/party_store_contract.h"
#include "tests/support/temp_dir.h"

namespace motcua::people {
namespace {

namespace fs = std::filesystem;
using motcua::testing::Officer;
using motcua::testing::PartyIdOf;
using motcua::testing::PersonalTextsOf;
using motcua::testing::SampleParty;
using motcua::testing::TempDir;

bool AnyFileHolds(const fs::path& folder, std::string_view bytes) {
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream stream(entry.path(), std::ios::binary);
    const std::string content((std::istreambuf_iterator<char>(stream)), {});
    if (content.find(bytes) != std::string::npos) return true;
  }
  return false;
}

// As they are, and in every form that the program makes of them.
std::vector<std::string> FormsOf(const Party& party) {
  std::vector<std::string> forms;
  for (const std::string& text : PersonalTextsOf(party)) {
    for (const std::string& form : {text, FoldForSearch(text), ToneLast(text)}) {
      forms.push_back(form);
    }
  }
  // Single words that occur nowhere by accident.
  for (const Token& token : TokensOf(party)) {
    if (token.folded.size() >= 8) forms.push_back(token.folded);
    if (token.exact.size() >= 8) forms.push_back(token.exact);
  }
  return forms;
}

void ExpectNowhere(const fs::path& folder, const Party& party) {
  for (const std::string& form : FormsOf(party)) {
    EXPECT_FALSE(AnyFileHolds(folder, form)) << folder << " holds " << form;
  }
}

std::string RowOf(char kind, const PartyId& id) {
  std::string row(1, kind);
  row.append(id.bytes.begin(), id.bytes.end());
  return row;
}

// Of a database that another has open.
std::string ValueOf(const fs::path& folder, const std::string& row) {
  rocksdb::DB* opened = nullptr;
  const auto status = rocksdb::DB::OpenForReadOnly(rocksdb::Options(), folder.string(), &opened);
  EXPECT_TRUE(status.ok()) << status.ToString();
  const std::unique_ptr<rocksdb::DB> db(opened);
  std::string value;
  EXPECT_TRUE(db->Get(rocksdb::ReadOptions(), row, &value).ok());
  return value;
}

class OnDisk : public ::testing::Test {
 protected:
  std::unique_ptr<LocalParties> Open(const fs::path& folder) const {
    LocalPartiesOptions options;
    options.folder = folder;
    auto opened = LocalParties::Open(options);
    EXPECT_TRUE(opened.ok()) << opened.status().ToString();
    return std::move(opened).value();
  }
  static void Put(LocalParties& store, const Party& party) {
    const auto put = store.Put(party, party.version + 1, Officer(1, "vì Ví Dụ Nguyễn"));
    ASSERT_TRUE(put.ok()) << put.status().ToString();
  }

  TempDir temp_;
  const fs::path folder_ = temp_ / "people";
  const Party party_ = SampleParty();
};

TEST_F(OnDisk, NoFileTellsWhoAnybodyIs) {
  {
    const auto store = Open(folder_);
    Party party = party_;
    Put(*store, party);
    party.version = 1;
    party.name = "Trần Thị Đổi Tên";
    party.phones = {"0911111111"};
    Put(*store, party);
    ASSERT_TRUE(store->Find(*QueryByName("doi ten"), 9, Officer(2, "tìm Đổi Tên")).ok());
    ASSERT_TRUE(store->Export(party.id, Officer(3, "cho Trần Thị Đổi Tên")).ok());
    // In the write-ahead log, and once it is closed, in tables.
    ExpectNowhere(folder_, party_);
    ExpectNowhere(folder_, party);
  }
  const auto store = Open(folder_);
  ASSERT_TRUE(store->CopyRecordsTo(temp_ / "copy").ok());
  Party changed = party_;
  changed.name = "Trần Thị Đổi Tên";
  changed.phones = {"0911111111"};
  for (const fs::path& folder : {folder_, temp_ / "copy"}) {
    ExpectNowhere(folder, party_);
    ExpectNowhere(folder, changed);
    EXPECT_FALSE(AnyFileHolds(folder, "vì Ví Dụ Nguyễn"));
    EXPECT_FALSE(AnyFileHolds(folder, "officer:0001"));
    // The search finds what is there.
    EXPECT_TRUE(AnyFileHolds(folder, RowOf('R', party_.id)));
  }
}

TEST_F(OnDisk, AnErasedPersonsKeyRecordAndIndexAreInNoFile) {
  const auto store = Open(folder_);
  for (std::uint64_t number = 2; number < 200; ++number) Put(*store, SampleParty(number));
  Put(*store, party_);
  const std::string wrapped = ValueOf(folder_ / "keys", RowOf('K', party_.id));
  const std::string sealed = ValueOf(folder_ / "records", RowOf('R', party_.id));
  ASSERT_TRUE(AnyFileHolds(folder_, wrapped));
  ASSERT_TRUE(AnyFileHolds(folder_, sealed));
  const auto erased = store->Erase(party_.id, Officer(2));
  ASSERT_TRUE(erased.ok()) << erased.ToString();
  EXPECT_FALSE(AnyFileHolds(folder_, wrapped));
  EXPECT_FALSE(AnyFileHolds(folder_, sealed));
  EXPECT_TRUE(AnyFileHolds(folder_, RowOf('X', party_.id)));
  for (std::uint64_t number = 2; number < 200; ++number) {
    EXPECT_TRUE(store->Get(PartyIdOf(number), LookKind::kMasked, Officer(3)).ok());
  }
}

TEST_F(OnDisk, ACopyOfBeforeTheErasureDoesNotGiveThePersonBack) {
  std::string sealed;
  {
    const auto store = Open(folder_);
    Put(*store, party_);
    Put(*store, SampleParty(2));
    ASSERT_TRUE(store->CopyRecordsTo(temp_ / "copy").ok());
    sealed = ValueOf(folder_ / "records", RowOf('R', party_.id));
    ASSERT_TRUE(store->Erase(party_.id, Officer(2)).ok());
  }
  // The copy still holds the sealed record, and nothing that opens it.
  EXPECT_TRUE(AnyFileHolds(temp_ / "copy", sealed));
  ExpectNowhere(temp_ / "copy", party_);
  // Put back beside the keys of today.
  fs::remove_all(folder_ / "records");
  fs::copy(temp_ / "copy", folder_ / "records");
  const auto store = Open(folder_);
  EXPECT_EQ(store->Get(party_.id, LookKind::kFull, Officer(3)).status().reason(),
            Reason::kPartyNotFound);
  EXPECT_TRUE(store->Get(PartyIdOf(2), LookKind::kFull, Officer(3)).ok());
  const auto found = store->Find(*QueryByName(party_.name), 9, Officer(3));
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->parties.size(), 1u);
  // And what came back with the copy is gone from the disk again (but for the bare id, which
  // RocksDB's list of files may name as an end of one of them).
  EXPECT_FALSE(AnyFileHolds(folder_, sealed));
}

TEST_F(OnDisk, AnErasureThatWasInterruptedIsFinishedAtTheNextOpening) {
  std::string sealed;
  std::string wrapped;
  {
    const auto store = Open(folder_);
    Put(*store, party_);
    Put(*store, SampleParty(2));
    sealed = ValueOf(folder_ / "records", RowOf('R', party_.id));
    wrapped = ValueOf(folder_ / "keys", RowOf('K', party_.id));
  }
  {
    const auto keys = PartyKeys::Open(folder_ / "keys", folder_ / "master.key", false);
    ASSERT_TRUE(keys.ok()) << keys.status().ToString();
    ASSERT_TRUE((*keys)->Destroy(party_.id, Instant{5}).ok());  // and then the machine stopped
  }
  const auto store = Open(folder_);
  EXPECT_EQ(store->Get(party_.id, LookKind::kFull, Officer(3)).status().reason(),
            Reason::kPartyNotFound);
  EXPECT_FALSE(AnyFileHolds(folder_, sealed));
  EXPECT_FALSE(AnyFileHolds(folder_, wrapped));
  EXPECT_EQ(store->Find(*QueryByNumber("000000009"), 9, Officer(3))->parties.size(), 1u);
}

TEST_F(OnDisk, AChangeOfMasterKeysLeavesNoKeyThatTheOldOneOpens) {
  std::string wrapped;
  {
    const auto store = Open(folder_);
    Put(*store, party_);
    wrapped = ValueOf(folder_ / "keys", RowOf('K', party_.id));
  }
  ASSERT_TRUE(AnyFileHolds(folder_, wrapped));
  ASSERT_TRUE(RotateMasterKey(folder_ / "master.key").ok());
  const auto store = Open(folder_);
  EXPECT_FALSE(AnyFileHolds(folder_, wrapped));
  EXPECT_TRUE(store->Get(party_.id, LookKind::kFull, Officer(2)).ok());
}

TEST_F(OnDisk, ARecordThatWasChangedOrMovedDoesNotOpenAndTheErrorTellsNothing) {
  {
    const auto store = Open(folder_);
    Put(*store, party_);
    Put(*store, SampleParty(2));
  }
  const auto put_row = [&](const std::string& row, const std::string& value) {
    rocksdb::DB* opened = nullptr;
    ASSERT_TRUE(
        rocksdb::DB::Open(rocksdb::Options(), (folder_ / "records").string(), &opened).ok());
    const std::unique_ptr<rocksdb::DB> db(opened);
    ASSERT_TRUE(db->Put(rocksdb::WriteOptions(), row, value).ok());
  };
  const std::string other = ValueOf(folder_ / "records", RowOf('R', PartyIdOf(2)));
  std::string changed = ValueOf(folder_ / "records", RowOf('R', party_.id));
  changed.back() = static_cast<char>(changed.back() ^ 1);
  for (const std::string& value : {changed, other, std::string("short")}) {
    put_row(RowOf('R', party_.id), value);
    const auto store = Open(folder_);
    const auto got = store->Get(party_.id, LookKind::kFull, Officer(3));
    EXPECT_EQ(got.status().reason(), Reason::kPartiesDamaged) << got.status().ToString();
    for (const std::string& text : PersonalTextsOf(party_)) {
      EXPECT_EQ(got.status().ToString().find(text), std::string::npos);
    }
  }
  const auto store = Open(folder_);
  EXPECT_TRUE(store->Erase(party_.id, Officer(4)).ok());
  EXPECT_EQ(store->Find(*QueryByNumber("000000009"), 9, Officer(5))->parties.size(), 1u);
}

TEST_F(OnDisk, KeysThatAreMissingOrOlderAreSaidAndNotTakenForNobody) {
  {
    const auto store = Open(folder_);
    Put(*store, party_);
  }
  fs::copy(folder_ / "keys", temp_ / "old keys", fs::copy_options::recursive);
  {
    const auto store = Open(folder_);
    Put(*store, SampleParty(2));
  }
  fs::remove_all(folder_ / "keys");
  LocalPartiesOptions options;
  options.folder = folder_;
  EXPECT_EQ(LocalParties::Open(options).status().reason(), Reason::kPartiesDamaged);
  fs::copy(temp_ / "old keys", folder_ / "keys", fs::copy_options::recursive);
  const auto store = Open(folder_);
  EXPECT_TRUE(store->Get(party_.id, LookKind::kFull, Officer(3)).ok());
  EXPECT_EQ(store->Get(PartyIdOf(2), LookKind::kFull, Officer(3)).status().reason(),
            Reason::kPartiesDamaged);
}

TEST_F(OnDisk, TwoProcessesDoNotHaveOneFolder) {
  const auto store = Open(folder_);
  LocalPartiesOptions options;
  options.folder = folder_;
  EXPECT_EQ(LocalParties::Open(options).status().reason(), Reason::kStoreInUse);
}

}  // namespace
}  // namespace motcua::people
