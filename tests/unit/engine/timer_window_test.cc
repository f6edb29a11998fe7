// Goal: the first timers of a partition are known in memory and in order, whatever commits do, and
//       the store is read on from where it was read to.
// Method: a store in memory that counts the rows it is asked for, beside a plain set of all timers.
#include "services/engine/timer_window.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>

#include "services/engine/owed_list.h"
#include "tests/support/memory_store.h"

namespace motcua::engine {
namespace {

TimerPlace Place(std::int64_t at, int number) {
  return {Instant{at},
          cases::AggregateId(cases::DossierCode("000.23.10.H49-260105-" + std::to_string(number)))};
}

class TimerWindowTest : public ::testing::Test {
 protected:
  void Commit(const TimerPlace& place, bool stands, PartitionId partition = 1) {
    const std::string key = TimerKey(partition, place.at, place.id);
    ASSERT_TRUE(store_.Write({{key, stands ? std::optional<std::string>("") : std::nullopt}}).ok());
    if (partition == 1) window_.Note(place, stands);
  }
  // All that is offered, without what was skipped before.
  std::vector<TimerPlace> Rest() {
    std::vector<TimerPlace> rest;
    while (true) {
      const Result<const TimerPlace*> next = window_.Next();
      EXPECT_TRUE(next.ok());
      if (*next == nullptr) return rest;
      rest.push_back(**next);
      window_.Skip();
    }
  }

  testing_support::MemoryStore store_;
  TimerWindow window_{store_, 1};
};

TEST_F(TimerWindowTest, GivesTheTimersOfItsPartitionInOrder) {
  Commit(Place(5, 1), true);
  Commit(Place(-7, 2), true);
  Commit(Place(5, 0), true);
  Commit(Place(1, 9), true, 0);
  Commit(Place(1, 9), true, 2);
  EXPECT_EQ(Rest(), (std::vector<TimerPlace>{Place(-7, 2), Place(5, 0), Place(5, 1)}));
  EXPECT_EQ(Rest(), std::vector<TimerPlace>());
  window_.Restart();
  EXPECT_EQ(Rest().size(), 3U) << "what was skipped still stands";
}

TEST_F(TimerWindowTest, WhatIsWrittenAgainIsOfferedAgain) {
  Commit(Place(5, 1), true);
  Commit(Place(6, 2), true);
  EXPECT_EQ(Rest().size(), 2U);
  Commit(Place(5, 1), true);
  ASSERT_TRUE(window_.NextAt());
  EXPECT_EQ(*window_.NextAt(), Instant{5});
  Commit(Place(5, 1), false);
  EXPECT_EQ(*window_.NextAt(), Instant{6});
}

TEST_F(TimerWindowTest, ReadsEachRowOnceHoweverManyAreRaised) {
  constexpr int kTimers = 20'000;
  for (int i = 0; i < kTimers; ++i) Commit(Place(9, i), true);
  int raised = 0;
  while (true) {
    const Result<const TimerPlace*> next = window_.Next();
    ASSERT_TRUE(next.ok());
    if (*next == nullptr) break;
    const TimerPlace place = **next;
    window_.Skip();
    Commit(place, false);
    ++raised;
  }
  EXPECT_EQ(raised, kTimers);
  EXPECT_LE(store_.rows_read(), static_cast<std::uint64_t>(kTimers));
}

TEST_F(TimerWindowTest, WhatCannotBeRaisedDoesNotFillTheMemory) {
  for (std::size_t i = 0; i < 3 * kTimersKnownMax; ++i) Commit(Place(9, static_cast<int>(i)), true);
  const std::size_t offered = Rest().size();
  EXPECT_GE(offered, kTimersKnownMax / 2);
  EXPECT_LE(offered, kTimersKnownMax + kTimersPerReadMax);
  EXPECT_FALSE(window_.NextAt()) << "nothing to wake for until some are raised";
}

TEST_F(TimerWindowTest, AgreesWithAPlainSet) {
  std::mt19937 random(7);
  std::set<TimerPlace> plain;
  for (int step = 0; step < 40'000; ++step) {
    const TimerPlace place =
        Place(static_cast<std::int64_t>(random() % 1'000), static_cast<int>(random() % 20));
    const bool stands = random() % 8 != 0;
    Commit(place, stands);
    if (stands) {
      plain.insert(place);
    } else {
      plain.erase(place);
    }
    if (step % 7 != 0) continue;
    window_.Restart();
    const Result<const TimerPlace*> next = window_.Next();
    ASSERT_TRUE(next.ok());
    ASSERT_EQ(*next == nullptr, plain.empty());
    if (*next != nullptr) {
      ASSERT_EQ(**next, *plain.begin());
    }
  }
  EXPECT_GT(plain.size(), kTimersKnownMax) << "or nothing was ever left to the store";
}

TEST(OwedListTest, TheFirstIsTheOneThatMayBeProposedFirst) {
  OwedList list;
  const cases::AggregateId a(cases::DossierCode("a"));
  const cases::AggregateId b(cases::DossierCode("b"));
  EXPECT_EQ(list.First(), nullptr);
  list.Put(a, Micros(5));
  list.Put(b, Micros(7));
  EXPECT_EQ(list.First()->second, a);
  list.Defer(a, Micros(9));
  EXPECT_EQ(list.First()->second, b);
  list.Put(a, Micros(8));
  list.Erase(b);
  EXPECT_EQ(*list.First(), OwedList::Place(Micros(8), a));
  list.Hasten(a, Micros(12));
  EXPECT_EQ(list.First()->first, Micros(8)) << "not later than it would have been";
  list.Defer(b, Micros(1));
  EXPECT_EQ(list.First()->second, a) << "what is not owed is not put on the list";
}

}  // namespace
}  // namespace motcua::engine
