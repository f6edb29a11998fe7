#include "tests/support/tcp_proxy.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace motcua::testing {
namespace {

constexpr std::size_t kHeldBytesMax = 4 * 1024 * 1024;  // of a lane; then the sender waits
constexpr std::size_t kTakeBytes = 64 * 1024;
constexpr int kBacklog = 64;
constexpr int kPatienceMs = 1'000;

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

const sockaddr* AsSocketAddress(const sockaddr_in& address) {
  return reinterpret_cast<const sockaddr*>(&address);  // NOLINT(*-reinterpret-*) as sockets want
}

int PortOf(const std::string& address) { return std::stoi(address.substr(address.rfind(':') + 1)); }

void SendAtOnce(int socket) {
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK);  // NOLINT(*-vararg)
}

}  // namespace

Result<std::unique_ptr<TcpProxy>> TcpProxy::Start(const std::string& target, int port) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address = Loopback(port);
  socklen_t size = sizeof address;
  std::array<int, 2> wake{};
  if (listener < 0 || bind(listener, AsSocketAddress(address), size) != 0 ||
      listen(listener, kBacklog) != 0 ||
      getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0 ||  // NOLINT
      pipe2(wake.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
    close(listener);
    return Status(Reason::kInternal, "a proxy cannot listen on port " + std::to_string(port));
  }
  return std::unique_ptr<TcpProxy>(
      new TcpProxy(target, listener, wake[0], wake[1], ntohs(address.sin_port)));
}

TcpProxy::TcpProxy(std::string target, int listener, int wake_read, int wake_write, int port)
    : target_(std::move(target)),
      listener_(listener),
      wake_read_(wake_read),
      wake_write_(wake_write),
      port_(port),
      thread_([this] { Run(); }) {}

TcpProxy::~TcpProxy() {
  stopping_ = true;
  Wake();
  thread_.join();
  for (const auto& link : links_) CloseLink(*link, false);
  close(listener_);
  close(wake_read_);
  close(wake_write_);
}

std::string TcpProxy::address() const { return "127.0.0.1:" + std::to_string(port_); }

void TcpProxy::Wake() const {
  const char byte = 'w';
  static_cast<void>(!write(wake_write_, &byte, 1));
}

void TcpProxy::SetDelay(std::chrono::milliseconds delay) {
  const std::scoped_lock lock(mutex_);
  delay_ = delay;
}

void TcpProxy::SetBytesPerSecond(std::size_t bytes) {
  const std::scoped_lock lock(mutex_);
  bytes_per_second_ = bytes;
}

void TcpProxy::Cut() {
  {
    const std::scoped_lock lock(mutex_);
    mode_ = Mode::kCut;
    for (const auto& link : links_) link->broken = true;
  }
  Wake();
}

void TcpProxy::Hold() {
  const std::scoped_lock lock(mutex_);
  mode_ = Mode::kHold;
}

void TcpProxy::Reset() {
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& link : links_) link->broken = link->reset = true;
  }
  Wake();
}

void TcpProxy::Heal() {
  {
    const std::scoped_lock lock(mutex_);
    mode_ = Mode::kPass;
    delay_ = std::chrono::milliseconds(0);
    bytes_per_second_ = 0;
  }
  Wake();
}

void TcpProxy::CloseLink(Link& link, bool reset) {
  for (const int socket : {link.up.from, link.up.to}) {
    if (socket < 0) continue;
    const linger now{1, 0};
    if (reset) setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close(socket);
  }
  link.up.from = link.up.to = link.down.from = link.down.to = -1;
}

void TcpProxy::AcceptOne() {
  const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0) return;
  const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = Loopback(PortOf(target_));
  if (mode_ == Mode::kCut || connect(server, AsSocketAddress(address), sizeof address) != 0) {
    close(client);
    close(server);
    return;
  }
  SendAtOnce(client);
  SendAtOnce(server);
  auto link = std::make_unique<Link>();
  link->up.from = link->down.to = client;
  link->up.to = link->down.from = server;
  links_.push_back(std::move(link));
}

void TcpProxy::Take(Link& link, Lane& lane, Time now) {
  std::array<char, kTakeBytes> buffer{};
  // NOLINTNEXTLINE(clang-analyzer-unix.BlockInCriticalSection): poll has seen that it will not.
  const ssize_t got = recv(lane.from, buffer.data(), buffer.size(), 0);
  if (got > 0) {
    lane.pieces.push_back(
        {now + delay_, std::string(buffer.data(), static_cast<std::size_t>(got))});
    lane.held_bytes += static_cast<std::size_t>(got);
    if (&lane == &link.up) bytes_up_ += static_cast<std::uint64_t>(got);
  } else if (got == 0) {
    lane.ended = true;
  } else if (errno != EAGAIN && errno != EINTR) {
    link.broken = true;
  }
}

void TcpProxy::Give(Link& link, Lane& lane, Time now) {
  while (!lane.pieces.empty() && lane.pieces.front().due <= now && lane.free_from <= now) {
    std::string& bytes = lane.pieces.front().bytes;
    const ssize_t sent = send(lane.to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno != EAGAIN && errno != EINTR) link.broken = true;
      return;
    }
    lane.held_bytes -= static_cast<std::size_t>(sent);
    if (bytes_per_second_ > 0) {
      lane.free_from =
          now + std::chrono::microseconds(1'000'000 * static_cast<std::int64_t>(sent) /
                                          static_cast<std::int64_t>(bytes_per_second_));
    }
    bytes.erase(0, static_cast<std::size_t>(sent));
    if (bytes.empty()) lane.pieces.pop_front();
  }
  if (lane.ended && lane.pieces.empty()) link.broken = true;
}

int TcpProxy::Patience(Time now) const {
  if (mode_ != Mode::kPass) return kPatienceMs;
  int patience = kPatienceMs;
  for (const auto& link : links_) {
    for (const Lane* lane : {&link->up, &link->down}) {
      if (lane->pieces.empty()) continue;
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(
          std::max(lane->pieces.front().due, lane->free_from) - now);
      patience = std::min(patience, static_cast<int>(std::max<std::int64_t>(1, left.count())));
    }
  }
  return patience;
}

void TcpProxy::Run() {
  while (!stopping_) {
    std::vector<pollfd> polled = {{listener_, POLLIN, 0}, {wake_read_, POLLIN, 0}};
    int patience = kPatienceMs;
    {
      const std::scoped_lock lock(mutex_);
      std::erase_if(links_, [this](const auto& link) {
        if (link->broken) CloseLink(*link, link->reset);
        return link->broken;
      });
      for (const auto& link : links_) {
        for (const Lane* lane : {&link->up, &link->down}) {
          // A held connection is not looked at: that its peer has gone would be reported without
          // end.
          const bool takes = !lane->ended && lane->held_bytes < kHeldBytesMax;
          polled.push_back(
              {mode_ == Mode::kHold ? -1 : lane->from, static_cast<short>(takes ? POLLIN : 0), 0});
        }
      }
      patience = Patience(std::chrono::steady_clock::now());
    }
    poll(polled.data(), polled.size(), patience);
    std::array<char, kBacklog> woken{};
    static_cast<void>(!read(wake_read_, woken.data(), woken.size()));
    const std::scoped_lock lock(mutex_);
    const Time now = std::chrono::steady_clock::now();
    for (std::size_t i = 2; i < polled.size() && mode_ == Mode::kPass; ++i) {
      Link& link = *links_[(i - 2) / 2];
      Lane& lane = i % 2 == 0 ? link.up : link.down;
      if (link.broken) continue;
      if ((polled[i].revents & POLLIN) != 0) {
        Take(link, lane, now);
      } else if ((polled[i].revents & (POLLERR | POLLHUP)) != 0) {
        link.broken = true;
      }
      Give(link, lane, now);
    }
    if ((polled[0].revents & POLLIN) != 0) AcceptOne();
  }
}

}  // namespace motcua::testing
