// Goal: every reader accepts the same events: next version, present tip, new request id, on each
//       aggregate that the event names.
// Method: a table: one accepted dossier of three events, then one event that fits and what each
//         change of it is answered with.
#include <gmock/gmock.h>

#include <algorithm>
#include <functional>

#include "services/engine/state_layer.h"
#include "tests/support/memory_store.h"
#include "tests/unit/engine/partition_fixture.h"

namespace motcua::engine {
namespace {

using Change = std::function<void(cases::CaseEvent&)>;

cases::AggregateId BookOf(const cases::CaseEvent& event) {
  return cases::AggregateId::Book(cases::UnitOf(event.dossier));
}

// The same steps on another dossier, and its unit's book.
void Rename(cases::CaseEvent& event, const cases::DossierCode& code) {
  event.dossier = code;
  event.steps[0].id = cases::AggregateId(code);
  if (event.steps.size() > 1) event.steps[1].id = BookOf(event);
}

class AcceptTest : public ::testing::Test {
 protected:
  AcceptTest() : intake_(log_, clock_, rules_), state_(0, rules_, intake_.store, log_.codec) {
    const auto first = intake_.Ask(Receive(1));
    intake_.LandAllAndRun();
    EXPECT_EQ(Say(first), "v1");
    intake_.Ask(Ask(2, cases::RequestSupplement{{1}}, FirstDossier()));
    intake_.LandAllAndRun();
    intake_.Ask(Ask(3, cases::ReceiveSupplement{}, FirstDossier()));
    intake_.LandAllAndRun();
    EXPECT_EQ(log_.landed.size(), 3U);
    // What fits next is what the engine itself would append.
    intake_.Ask(Ask(4, cases::WithdrawDossier{}, FirstDossier()));
    next_ = Taken();
    intake_.Ask(Receive(5));
    creation_ = Taken();
  }
  cases::CaseEvent Taken() {
    const std::string bytes = log_.held.back().records.back();
    return *log_.codec.DecodeEvent(bytes);
  }
  std::string Verdict(cases::CaseEvent event, const Change& change) {
    change(event);
    const Result<Acceptance> acceptance = state_.Accept(event, {});
    EXPECT_TRUE(acceptance.ok());
    return std::string(AcceptanceName(*acceptance));
  }

  HandLog log_;
  HandClock clock_;
  intake::IntakeRules rules_;
  Instance intake_;
  AcceptedState state_;
  cases::CaseEvent next_;
  cases::CaseEvent creation_;
};

TEST_F(AcceptTest, AnEventOfADossier) {
  EXPECT_EQ(Verdict(next_, [](auto&) {}), "accepted");
  EXPECT_EQ(Verdict(next_, [](auto& e) { e.steps[0].version = 3; }), "stale");
  EXPECT_EQ(Verdict(next_, [](auto& e) { e.steps[0].version = 5; }), "early");
  EXPECT_EQ(Verdict(next_, [](auto& e) { e.steps[0].follows = cases::Tip(7); }), "other_history");
  EXPECT_EQ(Verdict(next_, [](auto& e) { e.request_id = cases::DeriveRequestId("request 2"); }),
            "repeated");
  EXPECT_EQ(Verdict(next_, [](auto& e) { e.steps.push_back({BookOf(e), 2, {}}); }), "misplaced");
  EXPECT_EQ(Verdict(next_, [](auto& e) { e.payload = cases::UnknownPayload{}; }), "accepted");
  EXPECT_EQ(Verdict(next_, [](auto& e) { e.at.instant = Instant{0}; }), "accepted");
}

TEST_F(AcceptTest, AnEventThatTakesANumber) {
  EXPECT_EQ(Verdict(creation_, [](auto&) {}), "accepted");
  EXPECT_EQ(Verdict(creation_, [](auto& e) { e.steps.pop_back(); }), "misplaced");
  EXPECT_EQ(Verdict(creation_, [](auto& e) { e.steps[1].version = 1; }), "stale");
  EXPECT_EQ(Verdict(creation_, [](auto& e) { e.steps[1].version = 3; }), "early");
  EXPECT_EQ(Verdict(creation_, [](auto& e) { e.steps[1].follows = cases::Tip(7); }),
            "other_history");
  EXPECT_EQ(Verdict(creation_, [](auto& e) { Rename(e, FirstDossier()); }), "stale");
  EXPECT_EQ(Verdict(creation_, [](auto& e) { e.request_id = cases::DeriveRequestId("request 1"); }),
            "repeated");
  // Another unit's book is another aggregate.
  EXPECT_EQ(Verdict(creation_,
                    [](auto& e) {
                      Rename(e, cases::DossierCode("000.24.10.H49-260105-0001"));
                      e.steps[1] = {BookOf(e), 1, {}};
                      e.request_id = cases::DeriveRequestId("request 1");
                    }),
            "accepted");
}

// Of each record the log says when it took it.
TEST_F(AcceptTest, Faults_C10_AnEventOfAWrongClock) {
  const Instant at = next_.at.instant;
  const auto verdict = [&](std::optional<Instant> appended) {
    return AcceptanceName(*state_.Accept(next_, appended));
  };
  EXPECT_EQ(verdict(std::nullopt), "accepted");
  EXPECT_EQ(verdict(at), "accepted");
  EXPECT_EQ(verdict(at - kClockLeadMax), "accepted");
  EXPECT_EQ(verdict(at - kClockLeadMax - Micros(1)), "clock_disagrees");
  EXPECT_EQ(verdict(at + kClockLagMax), "accepted");
  EXPECT_EQ(verdict(at + kClockLagMax + Micros(1)), "clock_disagrees");
  EXPECT_EQ(verdict(Instant{0}), "clock_disagrees");
  EXPECT_EQ(verdict(kInstantMax), "clock_disagrees");
}

// The tip covers the instants that the fold gave, for decisions look at them.
TEST_F(AcceptTest, ADecisionOnOtherInstantsIsOfAnotherHistory) {
  HandLog log;
  log.landed = log_.landed;
  // The same records after a stranger's event that moved the partition's time on.
  cases::CaseEvent stranger = *log_.codec.DecodeEvent(log_.landed[0]);
  Rename(stranger, cases::DossierCode("000.24.10.H49-260105-0001"));
  stranger.request_id = cases::DeriveRequestId("a stranger's");
  stranger.at.instant = stranger.at.instant + std::chrono::hours(1);
  log.landed.insert(log.landed.begin(), log_.codec.EncodeEvent(stranger));
  Instance other(log, clock_, rules_);
  AcceptedState state(0, rules_, other.store, log.codec);
  // Not even its second event counts there.
  EXPECT_EQ(*state.Accept(next_, {}), Acceptance::kEarly);
  EXPECT_EQ(state.FindDossier(FirstDossier()).value()->head.version, 1U);
}

// Passes everything on, and counts.
class CountingStore final : public StateStore {
 public:
  explicit CountingStore(StateStore& store) : store_(store) {}
  Status Write(const std::vector<StoreWrite>& batch) override { return store_.Write(batch); }
  Result<std::optional<std::string>> Get(std::string_view key) const override {
    ++gets;
    return store_.Get(key);
  }
  Result<Rows> GetMany(const std::vector<std::string>& keys) const override {
    EXPECT_TRUE(std::is_sorted(keys.begin(), keys.end()));
    many.push_back(keys.size());
    return store_.GetMany(keys);
  }
  Status Scan(std::string_view from, std::string_view to, const Visit& visit) const override {
    return store_.Scan(from, to, visit);
  }
  Status ScanBackward(std::string_view from, std::string_view to,
                      const Visit& visit) const override {
    return store_.ScanBackward(from, to, visit);
  }
  Result<std::unique_ptr<const StateStore>> Snapshot() const override { return store_.Snapshot(); }

  mutable int gets = 0;
  mutable std::vector<std::size_t> many;

 private:
  StateStore& store_;
};

// Two events of each of many dossiers, as one who is behind finds them in the log.
TEST_F(AcceptTest, WhoIsBehindLoadsItsDossiersTogether) {
  constexpr int kDossiers = 20;
  HandLog log;
  Instance ahead(log, clock_, rules_);
  std::vector<Instance::Place> places;
  for (int i = 1; i <= kDossiers; ++i) places.push_back(ahead.Ask(Receive(i)));
  while (!log.held.empty()) ahead.LandAllAndRun();
  Instance behind(log, clock_, rules_);
  const Offset from = log.landed.size();
  for (int i = 0; i < kDossiers; ++i) {
    const cases::DossierCode code = (*places[static_cast<std::size_t>(i)])->value().dossier;
    ahead.Ask(Ask(100 + i, cases::RequestSupplement{{1}}, code));
    ahead.Ask(Ask(200 + i, cases::ReceiveSupplement{}, code));
  }
  ahead.Ask(Receive(kDossiers + 1));
  while (!log.held.empty()) ahead.LandAllAndRun();
  ASSERT_EQ(log.landed.size(), from + 2 * kDossiers + 1);

  CountingStore counting(behind.store);
  AcceptedState together(0, rules_, counting, log.codec);
  AcceptedState one_by_one(0, rules_, behind.store, log.codec);
  const auto chunk = log.Read(0, 0);
  ASSERT_TRUE(together.Prefetch((*chunk)->entries, from).ok());
  EXPECT_THAT(counting.many, ::testing::ElementsAre(kDossiers + 1));
  testing_support::MemoryStore rows;
  testing_support::MemoryIndex index(rows);
  for (const LogEntry& entry : (*chunk)->entries) {
    if (entry.offset < from) continue;
    for (AcceptedState* state : {&together, &one_by_one}) {
      ASSERT_EQ(*state->Accept(*entry.event, {}), Acceptance::kAccepted);
      const Position position{0, entry.offset, entry.event->at.instant};
      ASSERT_TRUE(state->Apply(*entry.event, entry.tip, position, index).ok());
    }
    EXPECT_EQ(*together.FindDossier(entry.event->dossier).value(),
              *one_by_one.FindDossier(entry.event->dossier).value());
  }
  EXPECT_LE(counting.gets, 2) << "of the day of the book";
  // What has changed is not read again, and nothing is lost by it.
  ASSERT_TRUE(together.Prefetch((*chunk)->entries, 0).ok());
  EXPECT_THAT(counting.many, ::testing::ElementsAre(kDossiers + 1));
}

}  // namespace
}  // namespace motcua::engine
