// Load: callers who do the daily work of several units over a cluster, each command written down
// before it is sent, and asked again with the same id until it is answered.
//
//   Load load(directory, {.seed = 7});
//   load.Start();
//   load.books().BeginPhase("kill intake");
//   load.AwaitAnswers(100, patience);
//   load.Stop();
//
// Callers are threads of its own, started and stopped by the owner's.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "services/platform/cluster/directory.h"
#include "tests/chaos/books.h"

namespace motcua::chaos {

// At the end of a round: until every command that was sent has its answer.
inline constexpr std::chrono::seconds kSettlePatience{90};

struct LoadOptions {
  std::uint64_t seed = 0;
  int callers = 8;
  // Between two commands of a caller.
  std::chrono::milliseconds pause{10};
  // Of each time that a command is asked.
  rpc::CallPolicy policy = {};
  std::chrono::milliseconds settle_patience = kSettlePatience;
};

class Load {
 public:
  using DirectoryPtr = std::shared_ptr<const cluster::Directory>;
  Load(DirectoryPtr directory, LoadOptions options);
  ~Load();
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  // The units that the callers work for; all partitions are among theirs.
  static const std::vector<std::string>& Units();

  void Start();
  // So many more callers, like the others, until all stop.
  void Join(int callers);
  // Callers end, then what is open is asked again. Whether everything has its answer.
  bool Stop();

  Books& books() { return books_; }
  // Whether `more` commands of the present phase were answered within `patience`.
  bool AwaitAnswers(std::size_t more, std::chrono::milliseconds patience);
  // Hands in `rows` rows of an old register, in large calls, one after the other; they are in the
  // books as all else.
  void ImportMany(std::size_t rows);
  // So many more callers at once, who all hand in a dossier at the same counter. Ends when all are
  // received.
  void Crowd(int callers);
  // Asks anew for up to `count` answered commands chosen by chance; one sentence for each whose
  // answer is not the same, or whose id was taken for other content.
  std::vector<std::string> AskAgain(std::size_t count);

 private:
  friend class Caller;
  // False when it is time to stop.
  bool Pause(std::chrono::milliseconds pause);
  bool stopping();
  // Asks until answered, refused for good, or told to stop.
  void Ask(Command& command);
  std::string NewId();

  const DirectoryPtr directory_;
  const LoadOptions options_;
  Books books_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::uint64_t next_id_ = 0;
  std::vector<std::thread> callers_;
};

}  // namespace motcua::chaos
