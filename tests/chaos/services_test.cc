// Goal: whatever happens to the processes of the services, nothing that was answered is lost,
// doubled or contradicted, and clients are served on.
// Method: two instances of each service over three brokers, under load; kill -9 of the instance
// that is first in line, of all at once, a process that sleeps longer than every timeout and wakes
// as a zombie, a rolling restart, requests asked again, ten times the load that one instance takes.
// The account is checker.h's.
#include <gtest/gtest.h>

#include <csignal>
#include <iostream>

#include "services/engine/service_loop.h"
#include "tests/chaos/round.h"
#include "tests/support/await.h"
#include "tests/support/resident.h"

namespace motcua::chaos {
namespace {

// Longer than kNextInstanceAfter, kStalledAfter and kSocketTimeout.
constexpr std::chrono::seconds kSleepOfAZombie{12};

// Ten times as many callers at one counter as an instance lets in.
constexpr int kCrowd = 10 * static_cast<int>(engine::kCommandsAdmittedMax);
// What a second crowd may add to the memory of both instances: some 20 MiB are its dossiers, which
// each of them folds.
constexpr double kGrowthMaxMebibytes = 48;

// Its successor serves while it is down.
void KillFirstInLine(Round& round, const std::string& service) {
  const int ordinal = static_cast<int>(round.seed() % kInstances);
  round.cluster().Kill(service, ordinal);
  round.AwaitAnswers();
  const Status again = round.cluster().StartAgain(service, ordinal);
  ASSERT_TRUE(again.ok()) << again.ToString();
}

// Clients go on with the other instance; what the sleeper sends when it wakes does no harm.
void WakeAsZombie(Round& round, const std::string& service) {
  round.cluster().Signal(service, 0, SIGSTOP);
  Round::Endure(kSleepOfAZombie);
  round.AwaitAnswers();
  round.cluster().Signal(service, 0, SIGCONT);
}

// All ten at once by kill -9, and all at once again.
void KillEverything(Round& round) {
  for (const std::string_view service : cluster::kServices) {
    for (int ordinal = 0; ordinal < kInstances; ++ordinal) {
      round.cluster().Kill(std::string(service), ordinal);
    }
  }
  for (const std::string_view service : cluster::kServices) {
    for (int ordinal = 0; ordinal < kInstances; ++ordinal) {
      round.cluster().Launch(std::string(service), ordinal);
    }
  }
  for (const std::string_view service : cluster::kServices) {
    for (int ordinal = 0; ordinal < kInstances; ++ordinal) {
      const Status ready = round.cluster().AwaitReady(std::string(service), ordinal);
      ASSERT_TRUE(ready.ok()) << ready.ToString();
    }
  }
}

// One after the other by SIGTERM; no command needs more than one retry.
void RollingRestart(Round& round) {
  for (const std::string_view service : cluster::kServices) {
    for (int ordinal = 0; ordinal < kInstances; ++ordinal) {
      round.cluster().Stop(std::string(service), ordinal);
      const Status again = round.cluster().StartAgain(std::string(service), ordinal);
      ASSERT_TRUE(again.ok()) << again.ToString();
      // As an orchestrator does, by its readiness and minReadySeconds: the next goes when this one
      // serves and clients have found it.
      admin::v1::GetInstanceResponse answer;
      ASSERT_TRUE(testing::Await(
          [&] {
            return round.Ask(std::string(service), ordinal, answer) && answer.services(0).serving();
          },
          kRecoveryMax));
    }
  }
  for (const std::string& often : round.load().books().TriedMoreOftenThan(2)) {
    ADD_FAILURE() << often;
  }
}

// The same request later: the same answer. Other content under its id: refused.
void AskAgain(Round& round) {
  constexpr std::size_t kAskedAgain = 200;
  for (const std::string& wrong : round.load().AskAgain(kAskedAgain)) ADD_FAILURE() << wrong;
}

double ResidentOfIntake(Round& round) {
  double sum = 0;
  for (int ordinal = 0; ordinal < kInstances; ++ordinal) {
    sum += testing::ResidentMebibytes(round.cluster().Pid("intake", ordinal));
  }
  return sum;
}

// Who cannot be let in is told so at once, and comes again; all are served in the end. A second
// crowd adds its dossiers to the memory and little else. (How long those wait who are let in:
// scripts/bench receive.)
void TenTimesTheLoad(Round& round) {
  round.load().Crowd(kCrowd);
  const double before = ResidentOfIntake(round);
  round.load().Crowd(kCrowd);
  const double after = ResidentOfIntake(round);
  std::cout << "  " << kCrowd << " callers at one counter: " << round.Figures().overloaded
            << " times OVERLOADED, intake resident " << before << " MiB, then " << after
            << " MiB\n";
  EXPECT_GT(round.Figures().overloaded, 0U);
  EXPECT_LT(after, before + kGrowthMaxMebibytes);
}

TEST(ChaosServices, NothingAnsweredIsLostOrDoubled) {
  const auto started = Round::Start();
  MOTCUA_REQUIRE_KAFKA(started);
  Round& round = **started;
  std::vector<Fault> faults;
  for (const std::string_view name : cluster::kServices) {
    const std::string service(name);
    faults.push_back({service + " killed", [&round, service] { KillFirstInLine(round, service); }});
  }
  faults.push_back({"intake sleeps and wakes", [&round] { WakeAsZombie(round, "intake"); }});
  faults.push_back({"routing sleeps and wakes", [&round] { WakeAsZombie(round, "routing"); }});
  faults.push_back({"all services killed at once", [&round] { KillEverything(round); }});
  faults.push_back({"rolling restart", [&round] { RollingRestart(round); }});
  faults.push_back({"requests asked again", [&round] { AskAgain(round); }});
  faults.push_back({"ten times the load", [&round] { TenTimesTheLoad(round); }});
  round.RunAll(std::move(faults));
  round.Finish();
}

}  // namespace
}  // namespace motcua::chaos
