#include "tests/chaos/books.h"

#include <algorithm>
#include <map>
#include <utility>

namespace motcua::chaos {

void Books::BeginPhase(std::string name) {
  const std::scoped_lock lock(mutex_);
  phases_.push_back(std::move(name));
  answered_in_phase_ = 0;
}

Command& Books::Open(Command command) {
  command.sent = std::chrono::steady_clock::now();
  const std::scoped_lock lock(mutex_);
  command.phase = phases_.size() - 1;
  return commands_.emplace_back(std::move(command));
}

void Books::Note(Command& command, std::vector<rpc::FailedTry> failed) {
  const std::scoped_lock lock(mutex_);
  for (rpc::FailedTry& attempt : failed) command.failed_tries.push_back(std::move(attempt));
}

void Books::Settle(Command& command, const Result<Answer>& told) {
  const std::scoped_lock lock(mutex_);
  command.settled = std::chrono::steady_clock::now();
  if (told.ok()) {
    command.fate = Fate::kAnswered;
    command.answer = *told;
    ++answered_;
    if (command.phase == phases_.size() - 1) ++answered_in_phase_;
  } else {
    command.fate = Fate::kRefused;
    command.refusal = told.status();
  }
}

std::size_t Books::answered() const {
  const std::scoped_lock lock(mutex_);
  return answered_;
}

std::size_t Books::answered_in_phase() const {
  const std::scoped_lock lock(mutex_);
  return answered_in_phase_;
}

std::vector<Command*> Books::WithFate(Fate fate) {
  const std::scoped_lock lock(mutex_);
  std::vector<Command*> found;
  for (Command& command : commands_) {
    if (command.fate == fate) found.push_back(&command);
  }
  return found;
}

std::vector<std::string> Books::TriedMoreOftenThan(int most) const {
  const std::scoped_lock lock(mutex_);
  std::vector<std::string> found;
  for (const Command& command : commands_) {
    if (command.phase != phases_.size() - 1 || command.tries() <= most) continue;
    std::string& line =
        found.emplace_back(command.kind + " " + command.ids[0] + " of " + command.lane + ": " +
                           std::to_string(command.tries()) + " tries");
    for (const rpc::FailedTry& attempt : command.failed_tries) {
      line +=
          "; " + attempt.why.ToString() + " after " + std::to_string(attempt.after.count()) + " ms";
    }
  }
  return found;
}

std::vector<PhaseFigures> Books::Figures() const {
  const std::scoped_lock lock(mutex_);
  std::vector<PhaseFigures> figures(phases_.size());
  for (std::size_t i = 0; i < phases_.size(); ++i) figures[i].name = phases_[i];
  std::vector<const Command*> answered;
  for (const Command& command : commands_) {
    PhaseFigures& phase = figures[command.phase];
    ++phase.commands;
    phase.retries += static_cast<std::size_t>(std::max(0, command.tries() - 1));
    phase.tries_max = std::max(phase.tries_max, command.tries());
    phase.overloaded += static_cast<std::size_t>(std::count_if(
        command.failed_tries.begin(), command.failed_tries.end(),
        [](const rpc::FailedTry& attempt) { return attempt.why.reason() == Reason::kOverloaded; }));
    if (command.fate != Fate::kAnswered) continue;
    ++phase.answered;
    if (!command.lane.empty()) answered.push_back(&command);
  }
  std::sort(answered.begin(), answered.end(),
            [](const Command* a, const Command* b) { return a->settled < b->settled; });
  std::map<std::string, SteadyTime> last;  // success of each lane
  for (const Command* command : answered) {
    const auto before = last.emplace(command->lane, command->sent).first;
    const auto waited = command->settled - std::max(before->second, command->sent);
    before->second = command->settled;
    auto& worst = figures[command->phase].unavailable;
    worst = std::max(worst, std::chrono::duration_cast<std::chrono::milliseconds>(waited));
  }
  return figures;
}

}  // namespace motcua::chaos
