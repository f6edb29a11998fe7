// Server: one listening gRPC server with health and reflection, and its orderly end.
//
// Owned by main's frame, never destroyed in a gRPC thread (style.md §6.2, G10). SetServing: any
// thread; the rest: the owner's.
//
//   MOTCUA_ASSIGN_OR_RETURN(auto server, rpc::Server::Start(options, {{&intake, "motcua.…"}}));
//   server->SetServing(true);             // after recovery
//   …
//   server->Shutdown(kShutdownDeadline);  // NOT_SERVING, end streams, wait, cancel the rest
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "services/base/status.h"
#include "services/platform/telemetry/call_meter.h"

namespace motcua::rpc {

class Reflection;

inline constexpr int kReceiveBytesMax = 4 * 1024 * 1024;
inline constexpr int kSendBytesMax = 4 * 1024 * 1024;
// Calls that one connection may have open at a time.
inline constexpr int kStreamsPerConnectionMax = 1024;
// A peer that is gone without a word is noticed after these: its streams end.
inline constexpr std::chrono::milliseconds kKeepaliveTime{60'000};
inline constexpr std::chrono::milliseconds kKeepaliveTimeout{20'000};
// A caller may ping so often, also on a stream on which nothing is said: clients of many languages
// ping every 10 s, which never arrives exactly so. gRPC's own is 5 minutes; who pings more often
// three times loses its connection.
inline constexpr std::chrono::milliseconds kPingPauseMin{5'000};
// Of all metadata of one call, as HTTP/2 counts it: each name and value and 32 bytes. Long tokens
// of sign-on services fit. A call with more is refused alone (CheckMetadata).
inline constexpr int kMetadataBytesMax = 64 * 1024;
// What gRPC itself takes; its own is 8 KiB. What is over this ends the whole connection, with all
// calls on it (README), so it lies far above ours.
inline constexpr int kMetadataBytesHardMax = 4 * kMetadataBytesMax;
// How long calls may take to end by themselves when the server stops; an open Health.Watch always
// takes all of it (G8). Below Kubernetes' grace period.
inline constexpr std::chrono::milliseconds kShutdownDeadline{3'000};

struct ServerOptions {
  // "HOST:PORT"; port 0 = any free one.
  std::string listen = "127.0.0.1:0";
  // Without TLS only loopback addresses are listened on, unless this says so.
  bool insecure_public = false;
  // PEM files; both or neither.
  std::string certificate_file;
  std::string key_file;
  // PEM file; when given, callers need a certificate of this authority.
  std::string client_authority_file;
  // Given every call of the services below, with its time and code; null: nobody measures.
  telemetry::CallMeter* calls = nullptr;
  // See kPingPauseMin.
  std::chrono::milliseconds ping_pause_min = kPingPauseMin;
  // Called first by Shutdown: ends what would never end by itself (streams).
  std::vector<std::function<void()>> before_shutdown;
};

// A service and its full name, IntakeService::service_full_name(): the name of its health.
struct ServedService {
  grpc::Service* service = nullptr;
  std::string name;
};

class Server {
 public:
  // Listens; every health is NOT_SERVING. FIELD_INVALID naming "listen" (malformed, public without
  // TLS, cannot be bound), "tls" or the file that is wrong; FILE_UNREADABLE. The services must
  // outlive the server.
  static Result<std::unique_ptr<Server>> Start(ServerOptions options,
                                               std::vector<ServedService> services);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();  // Shutdown(kShutdownDeadline), if not done

  // The bound port.
  int port() const { return port_; }
  // "HOST:PORT" with the bound port.
  std::string address() const { return host_ + ":" + std::to_string(port_); }

  // Health of every service and of the server as a whole (the empty name).
  void SetServing(bool serving);
  // Health of one service.
  void SetServing(const std::string& service_name, bool serving);

  // A channel without a socket, for tests and for the process itself.
  std::shared_ptr<grpc::Channel> InProcessChannel();

  // Health NOT_SERVING for good, before_shutdown, no new calls, open ones may end until `deadline`,
  // then they are cancelled. Returns when all have ended; calls that hold a PendingCall end at the
  // cancellation. May be called again.
  void Shutdown(std::chrono::milliseconds deadline);

 private:
  Server(ServerOptions options, std::vector<ServedService> services, std::string host);
  Status Listen(std::shared_ptr<grpc::ServerCredentials> credentials);

  const ServerOptions options_;
  const std::vector<ServedService> services_;
  const std::string host_;
  int port_ = 0;
  std::unique_ptr<Reflection> reflection_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace motcua::rpc
