// Dossiers that live their whole lives (received, resolved, handed back) through the loop of
// intake.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "services/engine/service.h"

namespace motcua::bench {

inline constexpr int kInFlight = 256;
inline constexpr int kEventsPerLife = 3;

inline void Check(const Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  std::exit(1);
}

class Lives {
 public:
  explicit Lives(engine::CommandSink& intake) : intake_(intake) {}

  // A dossier's next event comes when `apart` more were received; 0: when all were.
  void Live(int dossiers, int apart) {
    codes_.resize(static_cast<std::size_t>(dossiers));
    const int span = apart == 0 ? dossiers : std::min(apart, dossiers);
    for (int from = 0; from < dossiers + 2 * span; from += span) {
      for (int step = 0; step < kEventsPerLife; ++step) {
        const int first = from - step * span;
        for (int i = first; i < first + span; ++i) {
          if (i >= 0 && i < dossiers) Submit(i, step);
        }
        AwaitAnswers();
      }
    }
  }

 private:
  void Submit(int dossier, int step) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return open_ < kInFlight; });
      ++open_;
    }
    cases::DossierCode& code = codes_[static_cast<std::size_t>(dossier)];
    cases::Command command;
    command.digest = 1;
    command.actor = cases::ActorId("officer:bench");
    command.request_id =
        cases::DeriveRequestId(std::to_string(step) + "/" + std::to_string(dossier));
    if (step == 0) {
      command.action =
          cases::ReceiveDossier{cases::UnitCode("000.23.10.H49"), cases::ProcedureCode("1.000656")};
    } else {
      command.dossier = code;
      if (step == 1) command.action = cases::RecordResult{};
      if (step == 2) command.action = cases::ReturnResult{};
    }
    intake_.Submit(std::move(command), engine::kNoDeadline,
                   [this, &code](Result<engine::Answer> answer) {
                     Check(answer.status());
                     code = answer->dossier;
                     const std::scoped_lock lock(mutex_);
                     --open_;
                     changed_.notify_one();
                   });
  }
  // A code is read only when its dossier was received.
  void AwaitAnswers() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return open_ == 0; });
  }

  engine::CommandSink& intake_;
  std::vector<cases::DossierCode> codes_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int open_ = 0;
};

}  // namespace motcua::bench
