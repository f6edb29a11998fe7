#include "tests/simulation/workload.h"

#include <algorithm>
#include <utility>

#include "services/base/overloaded.h"
#include "services/engine/reader.h"

namespace motcua::simulation {
namespace {

constexpr Micros kMillisecond{1000};
constexpr Micros kSecond{1'000'000};
constexpr Micros kHour{3'600'000'000};

bool WorthRetrying(const Status& status) { return DescribeReason(status.reason()).retryable; }

// Certainly not done, whatever happens: the process never took it, or the log did not.
bool CertainlyNotDone(const Status& status) {
  return status.reason() == Reason::kOverloaded || status.reason() == Reason::kLogUnavailable ||
         status.reason() == Reason::kContention;
}

}  // namespace

std::size_t ServiceOf(const cases::Action& action) {
  return static_cast<std::size_t>(cases::RowOf(action).owner);
}

bool SameAnswer(const engine::Answer& a, const engine::Answer& b, bool of_import) {
  const bool same_event =
      a.version == b.version || (of_import && (a.version == 1 || b.version == 1));
  return a.dossier == b.dossier && a.about == b.about && same_event &&
         a.register_year == b.register_year && a.register_number == b.register_number &&
         a.received == b.received && a.first_due == b.first_due &&
         (a.doubts == b.doubts || of_import);
}

// No register of a simulated world is near its end.
bool SaysExhausted(const Status& status) {
  return std::any_of(status.metadata().begin(), status.metadata().end(),
                     [](const auto& entry) { return entry.second == "NUMBERS_EXHAUSTED"; });
}

Workload::Workload(World world, Options options)
    : world_(std::move(world)),
      options_(std::move(options)),
      random_(world_.surroundings.random),
      timeline_(world_.surroundings.timeline) {}

void Workload::Start() {
  for (int i = 0; i < options_.clients; ++i) {
    clients_.push_back({options_.commands_per_client, 0});
    ActSoon(clients_.size() - 1);
  }
}

void Workload::GoOn() {
  goes_on_ = true;
  for (std::size_t client = 0; client < clients_.size(); ++client) {
    clients_[client].left = options_.commands_per_client;
    if (clients_[client].waiting == 0) ActSoon(client);
  }
}

bool Workload::AllSent() const {
  return std::all_of(clients_.begin(), clients_.end(),
                     [](const Client& client) { return client.left <= 0; });
}

std::size_t Workload::open() const {
  return static_cast<std::size_t>(
      std::count_if(requests_.begin(), requests_.end(),
                    [](const Request& r) { return !r.settled && !r.abandoned; }));
}

std::string Workload::DescribeOpen() const {
  std::string text;
  for (const Request& request : requests_) {
    if (request.settled || request.abandoned) continue;
    text += " " + cases::FormatRequestId(request.command.request_id) + " at service " +
            std::to_string(request.service) + " tried " + std::to_string(request.attempts.size()) +
            " times;";
  }
  return text;
}

// Mostly at once, sometimes after a coffee, sometimes on another day.
void Workload::ActSoon(std::size_t client) {
  Micros pause = random_.Between(kMillisecond, 200 * kMillisecond);
  if (random_.Chance(150)) pause = random_.Between(kSecond, 60 * kSecond);
  if (random_.Chance(60)) pause = random_.Between(kHour, 30 * kHour);
  timeline_.After(pause, [this, client] { Act(client); });
}

void Workload::Act(std::size_t client) {
  if ((healed_ && !goes_on_) || clients_[client].left <= 0) return;
  Process* process = nullptr;
  std::size_t service = kServices;
  Micros delay = random_.Between(kMillisecond / 10, 20 * kMillisecond);
  for (auto& [to, command] : Compose()) {
    Request& request = requests_.emplace_back();
    request.client = client;
    request.service = to;
    request.command = std::move(command);
    ++clients_[client].waiting;
    --clients_[client].left;
    // What is asked in a row goes to one process, in that order.
    if (to != service) process = world_.pick(to);
    service = to;
    Send(request, process, delay);
    delay += Micros(1);
    if (random_.Chance(100)) delay += kMillisecond;
    world_.on_send();
  }
}

void Workload::Send(Request& request, Process* process, Micros delay) {
  const std::size_t attempt = request.attempts.size();
  request.attempts.push_back({timeline_.now() + delay});
  const Micros timeout = random_.Between(kSecond, 6 * kSecond);
  timeline_.After(delay, [this, &request, attempt, process, timeout] {
    // Which process answers the door is settled when the call gets there.
    Process* door = process;
    if (!world_.is_there(door, request.service)) door = world_.pick(request.service);
    if (door == nullptr) {
      request.attempts[attempt].definite = true;
      OnClientSees(request, attempt, Status(Reason::kNotServing, "nobody is there"));
      return;
    }
    request.attempts[attempt].taken = true;
    if (!door->serving()) return;  // frozen: the client will run out of patience
    door->Submit(request.command, timeout,
                 [this, &request, attempt](const Result<engine::Answer>& result) {
                   OnReply(request, attempt, result);
                 });
  });
  // The client's own patience.
  timeline_.After(delay + timeout + kSecond,
                  [this, &request, attempt] { Retry(request, attempt); });
}

void Workload::Retry(Request& request, std::size_t attempt) {
  if (request.settled || request.abandoned || attempt + 1 != request.attempts.size()) return;
  // Most ask elsewhere; who it is decides the moment.
  if (!healed_ && random_.Chance(30)) {
    Abandon(request);
    return;
  }
  Send(request, world_.pick(request.service),
       random_.Between(10 * kMillisecond, 300 * kMillisecond));
}

void Workload::OnReply(Request& request, std::size_t attempt,
                       const Result<engine::Answer>& result) {
  const auto& fail = world_.surroundings.fail;
  const std::string id = cases::FormatRequestId(request.command.request_id);
  if (world_.surroundings.trace) {
    world_.surroundings.trace(
        "reply " + id + " " +
        (result.ok() ? result->dossier.value() + " version " + std::to_string(result->version)
                     : result.status().ToString()));
  }
  if (result.ok()) {
    request.attempts[attempt].definite = true;
    const bool of_import = HoldsLeaf<cases::ImportDossier>(request.command.action);
    if (request.answer && !SameAnswer(*request.answer, *result, of_import) &&
        !world_.is_nonsense(result->dossier.value())) {
      fail("request " + id + " got two different answers");
    }
    request.answer = *result;
  } else if (CertainlyNotDone(result.status())) {
    request.attempts[attempt].definite = true;
  } else if (!WorthRetrying(result.status())) {
    const bool excused = result.status().reason() == Reason::kInternal &&
                         world_.is_nonsense(request.command.dossier.value());
    if (!excused &&
        (result.status().reason() == Reason::kInternal ||
         result.status().reason() == Reason::kStoreDamaged || SaysExhausted(result.status()))) {
      fail("request " + id + " was refused with " + result.status().ToString());
    }
    request.attempts[attempt].definite = true;
    if (!request.refusal) {
      request.refusal = result.status();
      request.refused_attempt = attempt;
    }
  }
  if (!healed_ && random_.Chance(options_.answer_lost)) return;
  timeline_.After(random_.Between(kMillisecond / 10, 5 * kMillisecond),
                  [this, &request, attempt, result] { OnClientSees(request, attempt, result); });
}

void Workload::OnClientSees(Request& request, std::size_t attempt,
                            const Result<engine::Answer>& result) {
  if (request.settled || request.abandoned) return;
  if (result.status().reason() == Reason::kNewerSchema && world_.is_hopeless(request.command) &&
      (healed_ || random_.Chance(300))) {
    Abandon(request);
    return;
  }
  if (!result.ok() && WorthRetrying(result.status())) {
    Retry(request, attempt);
    return;
  }
  Settle(request);
  if (result.ok()) AfterSuccess(request);
}

void Workload::Abandon(Request& request) {
  request.abandoned = true;
  if (--clients_[request.client].waiting == 0) ActSoon(request.client);
}

void Workload::Settle(Request& request) {
  request.settled = true;
  if (--clients_[request.client].waiting == 0) ActSoon(request.client);
}

void Workload::AfterSuccess(const Request& request) {
  if (HoldsLeaf<cases::OpenManifest>(request.command.action)) {
    manifests_.push_back(request.answer->about);
  } else if (cases::CreatingUnit(request.command) != nullptr) {
    dossiers_.push_back(request.answer->dossier);
  }
  if (healed_) return;
  if (random_.Chance(80)) {
    // Sent twice: the second is answered like the first.
    Request& again = requests_[static_cast<std::size_t>(
        std::find_if(requests_.begin(), requests_.end(),
                     [&](const Request& r) { return &r == &request; }) -
        requests_.begin())];
    Send(again, world_.pick(again.service), random_.Between(kMillisecond, 2 * kSecond));
  } else if (random_.Chance(30)) {
    // The same id for something else.
    Request& reuse = requests_.emplace_back();
    reuse.client = request.client;
    reuse.service = request.service;
    reuse.command = request.command;
    reuse.command.digest = random_.Next();
    if (auto* receive = LeafIf<cases::ReceiveDossier>(reuse.command.action)) {
      // Perhaps at another unit: register books know nothing of each other.
      if (random_.Chance(500)) receive->unit = cases::UnitOf(random_.Pick(dossiers_));
    }
    ++clients_[reuse.client].waiting;
    Send(reuse, world_.pick(reuse.service), random_.Between(kMillisecond, 2 * kSecond));
  }
}

}  // namespace motcua::simulation
