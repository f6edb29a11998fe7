// Driver: walks a plan through running services, instant by instant: sets their clock, sends all
// acts of the instant, waits for all answers, goes on. So a dossier is received, resolved and so on
// at exactly the instant that the plan says, by the services' own clock.
//
// Acts of one dossier are sent one after the other, those of others beside them. A service that has
// not seen yet what another one has just been told is asked again; one that is away is waited for,
// told the time again, and asked again. Nothing is written down: where the services stand follows
// from the log alone, and an act that is sent twice is one request.
//
// Threads: Run belongs to the caller's; answers come on gRPC's.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "motcua/scenario/v1/scenario.grpc.pb.h"
#include "services/base/status.h"
#include "services/platform/cluster/directory.h"
#include "services/replay/alert_watch.h"
#include "services/replay/caller.h"
#include "services/replay/plan.h"

namespace motcua::replay {

inline constexpr std::size_t kInFlight = 256;

struct Tally {
  std::uint64_t received = 0;  // dossiers that the report knows
  std::uint64_t commands = 0;  // that were answered, in this run
  std::uint64_t alerts = 0;    // that rang, in all runs
  std::uint64_t refused = 0;   // commands that the services did not take as they were planned
  bool stopped = false;        // before the end, because it was told to
};

struct DriverOptions {
  std::size_t in_flight = kInFlight;
  // Gives up when a service is away, or takes nothing, for so long.
  std::chrono::milliseconds patience{60'000};
  // After each instant: its day; how many acts were done when the run began, and now, of all.
  std::function<void(CivilDate day, std::size_t begun, std::size_t done, std::size_t of)> on_step;
  // What went wrong, a line each; the first few.
  std::function<void(const std::string& line)> on_refusal;
};

class Driver {
 public:
  // All outlive it.
  Driver(const cluster::Directory& directory, const catalogue::Catalogue& catalogue,
         const Plan& plan, DriverOptions options);
  ~Driver();
  Driver(const Driver&) = delete;
  Driver& operator=(const Driver&) = delete;

  // To the period's end, or until Stop. SCENARIO_ONLY, when the services run by another clock;
  // FIELD_INVALID, when their clock has passed acts that they have not seen, or they know nothing
  // of this replay.
  Status Run();
  // Ends Run after the present instant. Any thread.
  void Stop() { stopping_ = true; }

  Tally tally() const;

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;
  // The acts of one dossier at one instant, or one note.
  struct Errand {
    const Act* next = nullptr;
    const Act* end = nullptr;
    const Note* note = nullptr;
    std::optional<SteadyTime> early_since;  // what it waits for has not come yet
  };

  Result<Instant> FindInstant();
  Status SetClock(Instant at) const;
  Status RunInstant(std::span<const Act> acts);
  void Split(std::span<const Act> acts);
  void SendNext(std::size_t errand);
  void OnAnswered(std::size_t errand, bool recalled, const Answer& answer);
  // Of an answer that came too early: whether the errand may be tried again.
  bool IsToWait(Errand& errand) const;
  bool TakeReceipt(const Act& act, bool recalled, const Answer& answer);
  void Refuse(const Errand& errand, const std::string& why);
  // The errand whose turn it is after this one has got an answer; none: `kNobody`.
  std::size_t Advance(std::size_t errand);
  std::size_t NextErrand();
  // `was_away`: whether they did not answer at first.
  Status AwaitServices(Instant at, bool* was_away = nullptr);
  void AwaitAlerts();

  const cluster::Directory& directory_;
  const Plan& plan_;
  const DriverOptions options_;
  std::vector<std::unique_ptr<scenario::v1::ScenarioService::Stub>> clocks_;  // one a process
  std::unique_ptr<Caller> caller_;
  std::unique_ptr<AlertWatch> watch_;
  std::vector<Note> notes_;  // of the present instant
  Instant clock_{0};         // of the services when the run began; it cannot be set back
  std::atomic<bool> stopping_ = false;

  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::vector<std::string> codes_;  // by dossier
  std::vector<Errand> errands_;
  std::size_t next_ = 0;  // the first that nobody has begun with
  std::size_t open_ = 0;  // calls under way
  std::vector<std::size_t> again_;
  bool away_ = false;
  Status away_why_;
  SteadyTime answered_;         // by whatever service, last
  std::vector<bool> given_up_;  // dossiers of which an act was refused: what follows would be, too
  std::size_t turn_ = 0;
  Status fatal_;
  Tally tally_;
};

}  // namespace motcua::replay
