// Workload: clients at the counters, who ask for what makes sense (mostly), do not wait for their
// turn, lose answers, ask again elsewhere with the same request id, send twice, use an id twice for
// different things, and leave. The ledger of all requests is what the judge works from.
//
// One thread.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tests/simulation/options.h"
#include "tests/simulation/process.h"

namespace motcua::simulation {

inline constexpr Micros kDay{24LL * 3600 * 1'000'000};

// Index of a service in Options::replicas.
enum ServiceIndex : std::size_t { kIntake, kRouting, kDeadline, kPostal, kReporting };

struct Attempt {
  Instant submitted;
  bool taken = false;     // it reached a process
  bool definite = false;  // answered or refused for good, or certainly not done
};

struct Request {
  std::size_t client = 0;
  std::size_t service = kIntake;
  cases::Command command;
  std::deque<Attempt> attempts;
  std::optional<engine::Answer> answer;  // of any attempt, also when the client never saw it
  std::optional<Status> refusal;         // the first one
  std::size_t refused_attempt = 0;
  bool settled = false;    // the client knows
  bool abandoned = false;  // the client left
};

class Workload {
 public:
  struct World {
    const Surroundings& surroundings;
    // A process of the service that may be asked; null when none runs.
    std::function<Process*(std::size_t service)> pick;
    // Whether a process that was picked is still there.
    std::function<bool(const Process*, std::size_t service)> is_there;
    // Whether nobody understands what a command is about, and never will.
    std::function<bool(const cases::Command&)> is_hopeless;
    // Whether a stranger has written nonsense into the dossier.
    std::function<bool(std::string_view)> is_nonsense;
    // Called with each command that is sent: time for a fault.
    std::function<void()> on_send;
  };

  Workload(World world, Options options);

  void Start();
  // Whether all clients have sent what they wanted to send.
  bool AllSent() const;
  // From now on nobody leaves, nothing new is sent until GoOn, no answer is lost.
  void Heal() { healed_ = true; }
  // All clients send as much again, now that nothing goes wrong.
  void GoOn();
  // Requests that are neither settled nor abandoned.
  std::size_t open() const;
  std::string DescribeOpen() const;
  const std::deque<Request>& requests() const { return requests_; }
  const std::vector<cases::DossierCode>& dossiers() const { return dossiers_; }

 private:
  struct Client {
    int left = 0;     // commands to send
    int waiting = 0;  // requests that are open
  };

  void Act(std::size_t client);
  void ActSoon(std::size_t client);
  // What to ask now, in this order, without waiting in between.
  std::vector<std::pair<std::size_t, cases::Command>> Compose();
  std::vector<std::pair<std::size_t, cases::Command>> ComposeNew();
  std::vector<std::pair<std::size_t, cases::Command>> ComposeFor(const cases::DossierCode& code);
  cases::Action Fitting(const cases::Dossier& dossier);
  // What fits of a topic (rules_<topic>.cc); nothing when it is another's turn.
  std::optional<cases::Action> FittingIntake(const cases::Dossier& dossier);
  std::optional<cases::Action> FittingDeadline(const cases::Dossier& dossier);
  cases::Action FittingPostal(const cases::Dossier& dossier);
  cases::Action FittingRouting(const cases::Dossier& dossier);
  std::vector<cases::Action> WholeLeg(std::uint8_t leg);
  cases::Action Anything();
  // About a manifest: a new one, or what fits the present state of one (rules_manifest.cc).
  std::vector<std::pair<std::size_t, cases::Command>> ComposeManifest();
  std::optional<cases::Manifest> LookAt(const cases::AggregateId& manifest);
  cases::AddManifestItem DrawAddition(const cases::AggregateId& manifest);
  // Dossiers of the unit, of all where it is empty, whose result waits for the carrier.
  std::vector<cases::DossierCode> WaitingForCarrier(const cases::UnitCode& unit);
  cases::ReturnMode DrawReturnMode();
  // Rows of registers: a new one, and a later one of a case that was imported.
  cases::ImportDossier Import(const cases::UnitCode& unit);
  cases::ImportDossier LaterRow();
  void DrawNumbers(cases::ImportDossier& import);
  std::string DrawItem();
  // When the carrier says that it was: late, early, twice, before it had it.
  std::optional<Instant> DrawOccurred(const postal::Shipment& shipment);
  std::optional<cases::Dossier> Look(const cases::DossierCode& code);

  void Send(Request& request, Process* process, Micros delay);
  void Retry(Request& request, std::size_t attempt);
  void OnReply(Request& request, std::size_t attempt, const Result<engine::Answer>& result);
  void OnClientSees(Request& request, std::size_t attempt, const Result<engine::Answer>& result);
  void Settle(Request& request);
  void Abandon(Request& request);
  void AfterSuccess(const Request& request);

  World world_;
  const Options options_;
  Random& random_;
  Timeline& timeline_;
  std::deque<Client> clients_;
  std::deque<Request> requests_;  // stable addresses
  std::vector<cases::DossierCode> dossiers_;
  std::vector<cases::AggregateId> manifests_;
  std::vector<cases::ImportDossier> rows_;  // of registers, that were sent
  bool healed_ = false;
  bool goes_on_ = false;
};

// The service that decides an action.
std::size_t ServiceOf(const cases::Action& action);
// What was not imported because it was there is not remembered: asked again it may be an update
// meanwhile. Then the version may differ, and the doubts are those of the day.
bool SameAnswer(const engine::Answer& a, const engine::Answer& b, bool of_import);

}  // namespace motcua::simulation
