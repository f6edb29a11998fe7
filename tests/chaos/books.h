// Books: what the clients of a round asked and what they were told, kept by themselves: the other
// side of the account that the checker holds against the log.
//
// A command stands in the books before it is sent. Any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "services/base/status.h"
#include "services/platform/grpc/client.h"

namespace motcua::chaos {

using SteadyTime = std::chrono::steady_clock::time_point;

struct Answer {
  std::vector<std::string> dossiers;  // one for each request id of the command
  std::uint32_t version = 0;
  friend bool operator==(const Answer&, const Answer&) = default;
};

// Asks the cluster; the request, and with it its ids, is the same each time.
using Ask = std::function<Result<Answer>(const rpc::CallPolicy&)>;

enum class Fate : std::uint8_t { kOpen, kAnswered, kRefused };

struct Command {
  std::string kind;              // "receive"
  std::string lane;              // "intake/3": service and partition; empty: nobody waits for it
  std::string unit;              // whose register book it is about
  std::vector<std::string> ids;  // one, or one for each row of an import
  Ask ask = {};
  Ask ask_other = {};  // other content under the same id; may be empty
  std::size_t phase = 0;
  SteadyTime sent = {};

  Fate fate = Fate::kOpen;
  SteadyTime settled = {};
  std::vector<rpc::FailedTry> failed_tries = {};  // over all instances
  Answer answer = {};
  Status refusal = {};  // of kRefused: what came of the last try
  bool wanted = true;   // false: a refusal was to be expected

  // How often it was sent so far.
  int tries() const {
    return static_cast<int>(failed_tries.size()) + (fate == Fate::kAnswered ? 1 : 0);
  }
};

// What clients saw in one phase.
struct PhaseFigures {
  std::string name;
  std::size_t commands = 0;
  std::size_t answered = 0;
  std::size_t retries = 0;
  int tries_max = 0;
  std::size_t overloaded = 0;  // refusals that said so
  // The longest time in which a command waited and no other of its lane was answered either.
  std::chrono::milliseconds unavailable{0};
};

class Books {
 public:
  // Commands opened from now on belong to this phase.
  void BeginPhase(std::string name);
  // Stays where it is.
  Command& Open(Command command);
  // Tries that failed, whether or not one more was answered.
  void Note(Command& command, std::vector<rpc::FailedTry> failed);
  void Settle(Command& command, const Result<Answer>& told);

  std::size_t answered() const;
  // Of the present phase.
  std::size_t answered_in_phase() const;
  std::vector<Command*> WithFate(Fate fate);
  // A sentence for each command of the present phase that needed more than `most` tries, with what
  // came of each.
  std::vector<std::string> TriedMoreOftenThan(int most) const;
  // Of every phase, in order.
  std::vector<PhaseFigures> Figures() const;
  // All of them; nothing may run any more.
  const std::deque<Command>& commands() const { return commands_; }

 private:
  mutable std::mutex mutex_;
  std::deque<Command> commands_;
  std::vector<std::string> phases_ = {"before"};
  std::size_t answered_ = 0;
  std::size_t answered_in_phase_ = 0;
};

}  // namespace motcua::chaos
