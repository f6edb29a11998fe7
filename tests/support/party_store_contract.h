// The contract of people::PartyStore as tests: what a service may rely on whatever keeps the
// people. Include it in one file of a test program, which names its world:
//
//   INSTANTIATE_TEST_SUITE_P(Local, PartyStoreContract, ::testing::Values(MakeLocalWorld));
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "services/domain/people/party_store.h"
#include "tests/support/sample_parties.h"

namespace motcua::testing {

// Where people are kept: opened again it holds what it held.
class PartyWorld {
 public:
  virtual ~PartyWorld() = default;
  virtual std::unique_ptr<people::PartyStore> Open() = 0;
};
// LOG_UNAVAILABLE: what the store needs cannot be had on this machine; its tests are skipped.
using MakePartyWorld = Result<std::unique_ptr<PartyWorld>> (*)();

inline people::Looker Officer(std::int64_t second, std::string purpose = "") {
  return {"officer:0001", std::move(purpose), Instant{second * 1'000'000}};
}

class PartyStoreContract : public ::testing::TestWithParam<MakePartyWorld> {
 protected:
  void SetUp() override {
    auto made = GetParam()();
    if (made.status().reason() == Reason::kLogUnavailable) GTEST_SKIP() << made.status().message();
    ASSERT_TRUE(made.ok()) << made.status().ToString();
    world_ = std::move(made).value();
  }

  // Stores it as version 1.
  static void PutNew(people::PartyStore& store, const people::Party& party,
                     std::uint64_t digest = 1) {
    const auto put = store.Put(party, digest, Officer(1));
    ASSERT_TRUE(put.ok()) << put.status().ToString();
    EXPECT_EQ(put->version, 1u);
    EXPECT_FALSE(put->repeated);
  }
  static people::Party Named(std::uint64_t number, std::string name) {
    people::Party party;
    party.id = PartyIdOf(number);
    party.name = std::move(name);
    return party;
  }
  static std::vector<std::string> NamesFound(people::PartyStore& store, std::string_view question,
                                             std::size_t limit = people::kFoundMax) {
    const auto query = people::QueryByName(question);
    EXPECT_TRUE(query.ok());
    const auto found = store.Find(*query, limit, Officer(5));
    EXPECT_TRUE(found.ok()) << found.status().ToString();
    std::vector<std::string> names;
    if (found.ok()) {
      for (const auto& party : found->parties) names.push_back(party.name);
    }
    return names;
  }
  static Reason GetReason(people::PartyStore& store, const people::PartyId& id) {
    return store.Get(id, people::LookKind::kMasked, Officer(6)).status().reason();
  }

  std::unique_ptr<PartyWorld> world_;
};

TEST_P(PartyStoreContract, WhatWasPutIsThereAlsoAfterReopening) {
  people::Party party = SampleParty();
  {
    const auto store = world_->Open();
    PutNew(*store, party);
  }
  const auto store = world_->Open();
  const auto got = store->Get(party.id, people::LookKind::kFull, Officer(2));
  ASSERT_TRUE(got.ok()) << got.status().ToString();
  party.version = 1;
  EXPECT_EQ(*got, party);
}

TEST_P(PartyStoreContract, AnIdFollowsFromTheRequestAlone) {
  people::PartyId first;
  {
    const auto store = world_->Open();
    first = store->NewId("request 1");
    EXPECT_NE(first, store->NewId("request 2"));
  }
  EXPECT_EQ(world_->Open()->NewId("request 1"), first);
}

TEST_P(PartyStoreContract, TheSameRequestGetsTheSameAnswerAndALateWriterIsRefused) {
  const auto store = world_->Open();
  people::Party party = SampleParty();
  PutNew(*store, party, 10);
  auto again = store->Put(party, 10, Officer(2));
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(store->Put(party, 11, Officer(2)).status().reason(), Reason::kRequestIdReused);

  party.version = 1;
  party.phones = {"0900000002"};
  const auto changed = store->Put(party, 12, Officer(3));
  ASSERT_TRUE(changed.ok()) << changed.status().ToString();
  EXPECT_EQ(changed->version, 2u);
  again = store->Put(party, 12, Officer(3));
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->version, 2u);
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(store->Put(party, 13, Officer(3)).status().reason(), Reason::kVersionMismatch);
  // The first request once more, late: as it was answered then.
  party.version = 0;
  again = store->Put(party, 10, Officer(4));
  ASSERT_TRUE(again.ok()) << again.status().ToString();
  EXPECT_EQ(again->version, 1u);

  people::Party unknown = SampleParty(2);
  unknown.version = 3;
  EXPECT_EQ(store->Put(unknown, 1, Officer(4)).status().reason(), Reason::kPartyNotFound);
}

TEST_P(PartyStoreContract, IsFoundByWordsOfTheNameThoseWithTheSameMarksFirst) {
  const auto store = world_->Open();
  std::uint64_t number = 0;
  for (const char* const name : {"Lê Lân Ví", "Lê Làn Ví", "Lê Lan Ví", "Ví Lê Lan", "Trần Ví"}) {
    PutNew(*store, Named(++number, name));
  }
  EXPECT_THAT(NamesFound(*store, "Lê Lan Ví"),
              ::testing::ElementsAre("Lê Lan Ví", "Ví Lê Lan", ::testing::_, ::testing::_));
  EXPECT_THAT(NamesFound(*store, "lan le"),
              ::testing::UnorderedElementsAre("Lê Lân Ví", "Lê Làn Ví", "Lê Lan Ví", "Ví Lê Lan"));
  EXPECT_THAT(NamesFound(*store, "Làn").front(), "Lê Làn Ví");
  EXPECT_THAT(NamesFound(*store, "vi"), ::testing::SizeIs(5));
  EXPECT_THAT(NamesFound(*store, "v"), ::testing::IsEmpty());
  const auto few = store->Find(*people::QueryByName("vi"), 2, Officer(5));
  ASSERT_TRUE(few.ok());
  EXPECT_EQ(few->parties.size(), 2u);
  EXPECT_TRUE(few->more);
}

TEST_P(PartyStoreContract, IsFoundByPhoneAndByEveryNumberEverHeld) {
  const auto store = world_->Open();
  const people::Party party = SampleParty();
  PutNew(*store, party);
  for (const auto& query :
       {people::QueryByPhone("+84 900000001"), people::QueryByNumber("000080000001"),
        people::QueryByNumber("000000009"), people::QueryByName("gia dinh anh")}) {
    ASSERT_TRUE(query.ok());
    const auto found = store->Find(*query, 10, Officer(2));
    ASSERT_TRUE(found.ok()) << found.status().ToString();
    ASSERT_EQ(found->parties.size(), 1u);
    EXPECT_EQ(found->parties[0].id, party.id);
    EXPECT_FALSE(found->more);
  }
}

TEST_P(PartyStoreContract, WhatWasChangedIsFoundAsItIsNow) {
  const auto store = world_->Open();
  people::Party party = Named(1, "Phạm Ví Cũ");
  party.phones = {"0900000001"};
  PutNew(*store, party);
  party.version = 1;
  party.name = "Phạm Ví Mới";
  party.phones = {"0900000002"};
  ASSERT_TRUE(store->Put(party, 2, Officer(2)).ok());
  EXPECT_THAT(NamesFound(*store, "pham vi moi"), ::testing::ElementsAre("Phạm Ví Mới"));
  EXPECT_THAT(NamesFound(*store, "cu"), ::testing::IsEmpty());
  EXPECT_TRUE(store->Find(*people::QueryByPhone("0900000001"), 9, Officer(3))->parties.empty());
  EXPECT_EQ(store->Find(*people::QueryByPhone("0900000002"), 9, Officer(3))->parties.size(), 1u);
}

TEST_P(PartyStoreContract, ANumberThatAnotherHoldsIsAWarning) {
  const auto store = world_->Open();
  PutNew(*store, SampleParty(1));
  const auto put = store->Put(SampleParty(2), 2, Officer(2));
  ASSERT_TRUE(put.ok());
  EXPECT_THAT(put->warnings,
              ::testing::ElementsAre(
                  people::Warning{"numbers[0]", people::PartyWarningKind::kNumberKnown},
                  people::Warning{"numbers[1]", people::PartyWarningKind::kNumberKnown}));
}

TEST_P(PartyStoreContract, WhoLookedIsRecordedWithWhenHowAndWhy) {
  const auto store = world_->Open();
  const people::Party party = SampleParty();
  PutNew(*store, party);
  ASSERT_TRUE(store->Get(party.id, people::LookKind::kFull, Officer(2, "hồ sơ 0001")).ok());
  ASSERT_TRUE(store->Get(party.id, people::LookKind::kMasked, Officer(3)).ok());
  ASSERT_TRUE(store->Find(*people::QueryByPhone("0900000001"), 9, Officer(4, "quầy 1")).ok());
  const auto looks = store->Looks(party.id, "", 10);
  ASSERT_TRUE(looks.ok()) << looks.status().ToString();
  using people::LookKind;
  const auto is = [](std::int64_t second, LookKind kind, const char* why) {
    return ::testing::AllOf(::testing::Field(&people::LookRow::at, Instant{second * 1'000'000}),
                            ::testing::Field(&people::LookRow::kind, kind),
                            ::testing::Field(&people::LookRow::actor, "officer:0001"),
                            ::testing::Field(&people::LookRow::purpose, why));
  };
  EXPECT_THAT(*looks, ::testing::ElementsAre(
                          is(4, LookKind::kFind, "quầy 1"), is(3, LookKind::kMasked, ""),
                          is(2, LookKind::kFull, "hồ sơ 0001"), is(1, LookKind::kPut, "")));
  const auto page = store->Looks(party.id, (*looks)[1].place, 1);
  ASSERT_TRUE(page.ok());
  EXPECT_THAT(*page, ::testing::ElementsAre(is(2, LookKind::kFull, "hồ sơ 0001")));
  EXPECT_EQ(store->Looks(PartyIdOf(9), "", 1).status().reason(), Reason::kPartyNotFound);
}

// A clock that is set by hand stands still.
TEST_P(PartyStoreContract, LooksOfOneInstantAreAllThereInTheirOrder) {
  const auto store = world_->Open();
  PutNew(*store, SampleParty());
  std::vector<std::string> all = {""};  // of the Put, a second before
  for (int i = 0; i < 19; ++i) {
    all.insert(all.begin(), "lần " + std::to_string(i));
    ASSERT_TRUE(store->Get(PartyIdOf(1), people::LookKind::kMasked, Officer(2, all[0])).ok());
  }
  std::vector<std::string> paged;
  std::string place;
  for (int page = 0; page < 5; ++page) {
    const auto looks = store->Looks(PartyIdOf(1), place, 4);
    ASSERT_TRUE(looks.ok());
    for (const auto& look : *looks) paged.push_back(look.purpose);
    place = looks->back().place;
  }
  EXPECT_EQ(paged, all);
}

TEST_P(PartyStoreContract, AnExportIsAllThatIsHeld) {
  const auto store = world_->Open();
  people::Party principal = Named(1, "Hoàng Ví Chủ");
  PutNew(*store, principal);
  people::Party agent = Named(2, "Đỗ Ví Thay");
  agent.authorisations = {{principal.id, "Giấy ủy quyền 00", {MakeDate(2026, 1, 1), std::nullopt}}};
  PutNew(*store, agent);
  const auto exported = store->Export(principal.id, Officer(2, "yêu cầu của công dân"));
  ASSERT_TRUE(exported.ok()) << exported.status().ToString();
  EXPECT_EQ(exported->party.name, principal.name);
  ASSERT_EQ(exported->agents.size(), 1u);
  EXPECT_EQ(exported->agents[0].id, agent.id);
  ASSERT_EQ(exported->looks.size(), 2u);
  EXPECT_EQ(exported->looks[0].kind, people::LookKind::kExport);
  EXPECT_EQ(exported->looks[0].purpose, "yêu cầu của công dân");
}

TEST_P(PartyStoreContract, WhoIsErasedIsGoneAndThatSomebodyLookedStays) {
  const people::Party gone = SampleParty(1);
  people::Party stays = SampleParty(2);
  const auto expect_gone = [&](people::PartyStore& store) {
    EXPECT_EQ(GetReason(store, gone.id), Reason::kPartyNotFound);
    EXPECT_EQ(store.Export(gone.id, Officer(7)).status().reason(), Reason::kPartyNotFound);
    EXPECT_EQ(store.Put(gone, 1, Officer(7)).status().reason(), Reason::kPartyNotFound);
    EXPECT_EQ(NamesFound(store, gone.name).size(), 1u);
    EXPECT_EQ(GetReason(store, stays.id), Reason::kNone);
    EXPECT_TRUE(store.Erase(gone.id, Officer(8)).ok());
    const auto looks = store.Looks(gone.id, "", 10);
    ASSERT_TRUE(looks.ok()) << looks.status().ToString();
    ASSERT_EQ(looks->size(), 3u);
    EXPECT_EQ((*looks)[0].kind, people::LookKind::kErase);
    EXPECT_EQ((*looks)[1].kind, people::LookKind::kFull);
    for (const auto& look : *looks) EXPECT_EQ(look.purpose, "");
  };
  {
    const auto store = world_->Open();
    PutNew(*store, gone);
    PutNew(*store, stays);
    ASSERT_TRUE(store->Get(gone.id, people::LookKind::kFull, Officer(2, "vì ví dụ")).ok());
    EXPECT_EQ(store->Erase(PartyIdOf(9), Officer(3)).reason(), Reason::kPartyNotFound);
    const Status erased = store->Erase(gone.id, Officer(3, "theo yêu cầu"));
    ASSERT_TRUE(erased.ok()) << erased.ToString();
    expect_gone(*store);
  }
  expect_gone(*world_->Open());
}

TEST_P(PartyStoreContract, OfWritersAtOnceOneWinsEachVersion) {
  constexpr std::uint32_t kRounds = 20;
  constexpr std::uint64_t kWriters = 4;
  const auto store = world_->Open();
  PutNew(*store, SampleParty());
  std::vector<std::thread> writers;
  for (std::uint64_t w = 1; w <= kWriters; ++w) {
    writers.emplace_back([&, w] {
      for (std::uint32_t round = 0; round < kRounds;) {
        auto party = store->Get(PartyIdOf(1), people::LookKind::kMasked, Officer(2));
        ASSERT_TRUE(party.ok()) << party.status().ToString();
        const auto put = store->Put(*party, w * 1000 + party->version, Officer(2));
        if (put.ok()) {
          ++round;
        } else {
          ASSERT_EQ(put.status().reason(), Reason::kVersionMismatch) << put.status().ToString();
        }
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  const auto party = store->Get(PartyIdOf(1), people::LookKind::kMasked, Officer(3));
  ASSERT_TRUE(party.ok());
  EXPECT_EQ(party->version, 1 + kRounds * kWriters);
}

}  // namespace motcua::testing
