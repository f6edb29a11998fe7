// Goal: the process's queues, clocks and signals keep their contracts under contention.
// Method: many threads, no sleeps; every wait ends by an event of the test.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <future>
#include <memory>
#include <thread>
#include <vector>

#include "services/platform/runtime/clocks.h"
#include "services/platform/runtime/inbox.h"
#include "services/platform/runtime/scope_guard.h"
#include "services/platform/runtime/signals.h"
#include "services/platform/runtime/worker_pool.h"

namespace motcua::runtime {
namespace {

using std::chrono::hours;
using std::chrono::nanoseconds;
using ::testing::ElementsAre;

TEST(InboxTest, GivesEverythingOnceInEachProducersOrder) {
  constexpr int kProducers = 8;
  constexpr int kItems = 20000;
  Inbox<std::pair<int, int>> inbox(1000);
  std::vector<std::thread> producers;
  producers.reserve(kProducers);
  for (int p = 0; p < kProducers; ++p) {
    producers.emplace_back([&inbox, p] {
      for (int i = 0; i < kItems; ++i) {
        while (!inbox.Push({p, i})) std::this_thread::yield();
      }
    });
  }
  std::vector<int> next(kProducers, 0);
  for (int taken = 0; taken < kProducers * kItems;) {
    ASSERT_TRUE(inbox.Wait(hours(1)));
    for (const auto& [producer, item] : inbox.Drain(64)) {
      ASSERT_EQ(item, next[static_cast<std::size_t>(producer)]++);
      ++taken;
    }
  }
  for (std::thread& producer : producers) producer.join();
  EXPECT_EQ(inbox.size(), 0u);
}

TEST(InboxTest, IsBoundedAlsoByWhatTheConsumerHasSwappedOut) {
  Inbox<int> inbox(3);
  for (int i = 1; i <= 3; ++i) EXPECT_TRUE(inbox.Push(int{i}));
  EXPECT_FALSE(inbox.Push(4));
  EXPECT_THAT(inbox.Drain(1), ElementsAre(1));
  EXPECT_TRUE(inbox.Push(4));
  EXPECT_FALSE(inbox.Push(5));
  EXPECT_EQ(inbox.size(), 3u);
  EXPECT_THAT(inbox.Drain(9), ElementsAre(2, 3));
  EXPECT_TRUE(inbox.Wait(nanoseconds(0)));
  EXPECT_THAT(inbox.Drain(9), ElementsAre(4));
  EXPECT_THAT(inbox.Drain(9), ElementsAre());
}

TEST(InboxTest, ARefusedItemIsUntouched) {
  Inbox<std::unique_ptr<int>> inbox(1);
  EXPECT_TRUE(inbox.Push(std::make_unique<int>(1)));
  auto refused = std::make_unique<int>(2);
  EXPECT_FALSE(inbox.Push(std::move(refused)));
  EXPECT_NE(refused, nullptr);
}

TEST(InboxTest, WakeAndCloseEndAWaitAlsoWhenTheyComeBefore) {
  Inbox<int> inbox(1);
  inbox.Wake();
  EXPECT_TRUE(inbox.Wait(hours(1)));
  EXPECT_FALSE(inbox.Wait(nanoseconds(1)));  // a wake counts once
  std::thread waker([&inbox] { inbox.Wake(); });
  EXPECT_TRUE(inbox.Wait(hours(1)));
  waker.join();
  EXPECT_TRUE(inbox.Push(1));
  inbox.Close();
  EXPECT_FALSE(inbox.Push(2));
  EXPECT_TRUE(inbox.Wait(hours(1)));
  EXPECT_THAT(inbox.Drain(9), ElementsAre(1));
  EXPECT_TRUE(inbox.Wait(hours(1)));
  EXPECT_TRUE(inbox.closed());
}

TEST(InboxTest, ARestLeavesAWakeToTheNextWait) {
  Inbox<int> inbox(1);
  inbox.Wake();
  EXPECT_FALSE(inbox.Rest(nanoseconds(1)));
  EXPECT_TRUE(inbox.Wait(hours(1)));
  std::thread pusher([&inbox] { EXPECT_TRUE(inbox.Push(1)); });
  EXPECT_TRUE(inbox.Rest(hours(1)));
  pusher.join();
  EXPECT_TRUE(inbox.Rest(hours(1)));
  EXPECT_THAT(inbox.Drain(9), ElementsAre(1));
  std::thread closer([&inbox] { inbox.Close(); });
  EXPECT_TRUE(inbox.Rest(hours(1)));
  closer.join();
}

TEST(InboxTest, HurryEndsARestAlsoOneThatBeginsLater) {
  Inbox<int> inbox(1);
  inbox.Hurry();
  EXPECT_TRUE(inbox.Rest(hours(1)));
  EXPECT_FALSE(inbox.Rest(nanoseconds(1)));
  std::thread reader([&inbox] { inbox.Hurry(); });
  EXPECT_TRUE(inbox.Rest(hours(1)));
  reader.join();
  EXPECT_FALSE(inbox.Wait(nanoseconds(1)));
}

TEST(WorkerPoolTest, RunsWhatItAcceptedAndRefusesWhenFull) {
  std::atomic<int> ran = 0;
  int accepted = 0;
  {
    WorkerPool pool(2, 4);
    std::promise<void> release;
    const std::shared_future<void> released = release.get_future().share();
    std::promise<void> both_busy[2];
    for (auto& busy : both_busy) {
      ASSERT_TRUE(pool.Submit([&busy, released, &ran] {
        busy.set_value();
        released.wait();
        ++ran;
      }));
    }
    for (auto& busy : both_busy) busy.get_future().wait();
    while (pool.Submit([&ran] { ++ran; })) ++accepted;
    EXPECT_EQ(accepted, 4);
    EXPECT_EQ(pool.queued(), 4u);
    release.set_value();
  }
  EXPECT_EQ(ran, 6);
}

TEST(ClockTest, TheScenarioClockStandsUntilItIsSetAndTellsItsListeners) {
  ScenarioClock clock(Instant{100});
  std::vector<std::int64_t> heard;
  const auto token = clock.Listen([&] { heard.push_back(clock.Now().micros); });
  clock.Set(Instant{50});
  clock.AdvanceTo(Instant{40});
  clock.AdvanceTo(Instant{70});
  clock.Unlisten(token);
  clock.Set(Instant{90});
  EXPECT_THAT(heard, ElementsAre(50, 70));
  EXPECT_EQ(clock.Now(), Instant{90});
}

TEST(ClockTest, TheSystemClockIsInThisCentury) {
  const SystemClock clock;
  EXPECT_GT(clock.Now().micros, 1'600'000'000'000'000);
}

TEST(SignalTest, AWaiterTakesSignalsAndWakes) {
  BlockSignals();
  SignalWaiter stop;
  kill(getpid(), SIGTERM);
  EXPECT_EQ(stop.Wait(), SIGTERM);
  stop.Wake();
  EXPECT_EQ(stop.Wait(), 0);
  std::thread waker([&stop] { stop.Wake(); });
  EXPECT_EQ(stop.Wait(), 0);
  waker.join();
}

TEST(ScopeGuardTest, RunsInReverseUnlessDismissed) {
  std::vector<int> undone;
  {
    const ScopeGuard first([&] { undone.push_back(1); });
    ScopeGuard second([&] { undone.push_back(2); });
    const ScopeGuard third([&] { undone.push_back(3); });
    second.Dismiss();
  }
  EXPECT_THAT(undone, ElementsAre(3, 1));
}

}  // namespace
}  // namespace motcua::runtime
