// TcpProxy: a wire between a client and a server on loopback that a test may cut, hold, slow down
// and reset.
//
//   MOTCUA_ASSIGN_OR_RETURN(auto proxy, TcpProxy::Start("127.0.0.1:9092"));
//   proxy->SetDelay(100ms);  // clients speak to proxy->address()
//
// A thread of its own; every method from any thread.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "services/base/status.h"

namespace motcua::testing {

class TcpProxy {
 public:
  // Listens on `port` of loopback, 0 = any free one. INTERNAL if it cannot.
  static Result<std::unique_ptr<TcpProxy>> Start(const std::string& target, int port = 0);
  ~TcpProxy();
  TcpProxy(const TcpProxy&) = delete;
  TcpProxy& operator=(const TcpProxy&) = delete;

  std::string address() const;

  // Bytes arrive so much later, in both directions.
  void SetDelay(std::chrono::milliseconds delay);
  // Of each connection and direction; 0 = no limit.
  void SetBytesPerSecond(std::size_t bytes);
  // Ends every connection, and each new one at once.
  void Cut();
  // Connections stay and nothing passes.
  void Hold();
  // Every connection ends with a reset; new ones are taken.
  void Reset();
  // As at first.
  void Heal();
  // What clients have sent, over all connections.
  std::uint64_t bytes_up() const { return bytes_up_; }

 private:
  using Time = std::chrono::steady_clock::time_point;
  enum class Mode : std::uint8_t { kPass, kHold, kCut };
  struct Piece {
    Time due;
    std::string bytes;
  };
  // From one socket to another.
  struct Lane {
    int from = -1;
    int to = -1;
    std::deque<Piece> pieces;
    std::size_t held_bytes = 0;
    Time free_from{};  // under a limit: when the next piece may leave
    bool ended = false;
  };
  struct Link {
    Lane up;
    Lane down;
    bool broken = false;
    bool reset = false;  // how a broken one is closed
  };

  TcpProxy(std::string target, int listener, int wake_read, int wake_write, int port);
  void Run();
  void AcceptOne();
  void CloseLink(Link& link, bool reset);
  void Take(Link& link, Lane& lane, Time now);
  void Give(Link& link, Lane& lane, Time now);
  // Milliseconds until the next piece is due, at most a second.
  int Patience(Time now) const;
  void Wake() const;

  const std::string target_;
  const int listener_;
  const int wake_read_;
  const int wake_write_;
  const int port_;
  std::atomic<bool> stopping_ = false;
  std::atomic<std::uint64_t> bytes_up_ = 0;
  std::mutex mutex_;  // what stands below
  std::chrono::milliseconds delay_{0};
  std::size_t bytes_per_second_ = 0;
  Mode mode_ = Mode::kPass;
  std::vector<std::unique_ptr<Link>> links_;
  std::thread thread_;
};

}  // namespace motcua::testing
