#include "tests/chaos/load.h"

#include <algorithm>
#include <latch>
#include <random>

#include "services/domain/cases/codes.h"
#include "tests/chaos/caller.h"

namespace motcua::chaos {
namespace {

constexpr std::chrono::milliseconds kAskAgainPause{50};
constexpr std::chrono::milliseconds kOverloadedPause{250};
constexpr std::chrono::milliseconds kLookInterval{20};

}  // namespace

const std::vector<std::string>& Load::Units() {
  static const std::vector<std::string> kUnits = {"000.23.10.H49", "000.52.10.H49", "000.53.10.H49",
                                                  "000.54.10.H49", "000.55.10.H49", "000.56.10.H49",
                                                  "000.44.10.H49", "000.49.10.H49"};
  return kUnits;
}

Load::Load(DirectoryPtr directory, LoadOptions options)
    : directory_(std::move(directory)), options_(std::move(options)) {}

Load::~Load() { static_cast<void>(Stop()); }

void Load::Start() { Join(options_.callers); }

void Load::Join(int callers) {
  for (int i = 0; i < callers; ++i) {
    callers_.emplace_back(
        [this, seed = options_.seed + callers_.size()] { Caller(*this, seed).Run(); });
  }
}

bool Load::Stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& caller : callers_) caller.join();
  callers_.clear();
  const auto end = std::chrono::steady_clock::now() + options_.settle_patience;
  for (;;) {
    const std::vector<Command*> open = books_.WithFate(Fate::kOpen);
    if (open.empty()) return true;
    for (Command* command : open) {
      if (std::chrono::steady_clock::now() >= end) return false;
      Ask(*command);
    }
  }
}

bool Load::stopping() {
  const std::scoped_lock lock(mutex_);
  return stopping_;
}

bool Load::Pause(std::chrono::milliseconds pause) {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, pause, [this] { return stopping_; });
}

std::string Load::NewId() {
  const std::scoped_lock lock(mutex_);
  return cases::FormatRequestId(cases::DeriveRequestId("chaos/" + std::to_string(options_.seed) +
                                                       "/" + std::to_string(next_id_++)));
}

void Load::Ask(Command& command) {
  std::chrono::milliseconds pause = kAskAgainPause;
  do {
    rpc::CallPolicy policy = options_.policy;
    std::vector<rpc::FailedTry> failed;
    policy.failed_tries = &failed;
    const Result<Answer> told = command.ask(policy);
    books_.Note(command, std::move(failed));
    if (told.ok() || !DescribeReason(told.status().reason()).retryable) {
      books_.Settle(command, told);
      return;
    }
    pause = told.status().reason() == Reason::kOverloaded ? kOverloadedPause : kAskAgainPause;
  } while (Pause(pause));
}

bool Load::AwaitAnswers(std::size_t more, std::chrono::milliseconds patience) {
  const std::size_t enough = books_.answered_in_phase() + more;
  const auto end = std::chrono::steady_clock::now() + patience;
  while (books_.answered_in_phase() < enough) {
    if (std::chrono::steady_clock::now() >= end || !Pause(kLookInterval)) return false;
  }
  return true;
}

void Load::ImportMany(std::size_t rows) {
  constexpr int kRowsPerCall = 1000;
  Caller caller(*this, options_.seed);
  for (std::size_t done = 0; done < rows; done += kRowsPerCall) caller.ImportRows(kRowsPerCall);
}

void Load::Crowd(int callers) {
  std::vector<std::thread> crowd;
  crowd.reserve(static_cast<std::size_t>(callers));
  std::latch door(callers);  // they come all at once, not as fast as threads are made
  for (int i = 0; i < callers; ++i) {
    crowd.emplace_back([this, &door, seed = options_.seed + static_cast<std::uint64_t>(i)] {
      Caller caller(*this, seed);
      door.arrive_and_wait();
      caller.HandIn(Units().front());
    });
  }
  for (std::thread& caller : crowd) caller.join();
}

std::vector<std::string> Load::AskAgain(std::size_t count) {
  std::vector<std::string> wrong;
  std::vector<Command*> answered = books_.WithFate(Fate::kAnswered);
  std::mt19937_64 random(options_.seed);
  std::shuffle(answered.begin(), answered.end(), random);
  answered.resize(std::min(count, answered.size()));
  for (const Command* command : answered) {
    const Result<Answer> again = command->ask({});
    if (!again.ok()) {
      wrong.push_back(command->kind + " " + command->ids[0] +
                      ", answered before, is refused: " + again.status().ToString());
    } else if (*again != command->answer) {
      wrong.push_back(command->kind + " " + command->ids[0] + " has another answer now");
    }
    if (!command->ask_other) continue;
    const Result<Answer> other = command->ask_other({});
    if (other.status().reason() != Reason::kRequestIdReused) {
      wrong.push_back(command->kind + " " + command->ids[0] +
                      " with other content: " + other.status().ToString());
    }
  }
  return wrong;
}

}  // namespace motcua::chaos
