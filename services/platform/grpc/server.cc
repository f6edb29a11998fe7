#include "services/platform/grpc/server.h"

#include <absl/synchronization/mutex.h>
#include <google/protobuf/descriptor.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>

#include <fstream>
#include <iterator>
#include <mutex>
#include <optional>
#include <string_view>

#include "services/platform/grpc/call_interceptor.h"
#include "services/platform/grpc/library_log.h"
#include "services/platform/grpc/reflection.h"

namespace motcua::rpc {
namespace {

constexpr int kPortMax = 65'535;

struct Endpoint {
  std::string host;  // with the brackets of an IPv6 address
  int port = 0;
};

std::optional<int> ParsePort(std::string_view text) {
  constexpr std::size_t kPortDigitsMax = 5;
  if (text.empty() || text.size() > kPortDigitsMax) return std::nullopt;
  int port = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    port = port * 10 + (c - '0');
  }
  return port <= kPortMax ? std::optional(port) : std::nullopt;
}

Result<Endpoint> ParseEndpoint(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) {
    return FieldError("listen", "must be HOST:PORT, like 127.0.0.1:7001");
  }
  const std::string_view host = text.substr(0, colon);
  const std::optional<int> port = ParsePort(text.substr(colon + 1));
  if (!port) return FieldError("listen", "must end in a port of 0 to 65535");
  const bool bracketed = host.front() == '[' && host.back() == ']';
  if (!bracketed && host.find(':') != std::string_view::npos) {
    return FieldError("listen", "must have its IPv6 address in brackets, like [::1]:7001");
  }
  return Endpoint{std::string(host), *port};
}

// Four numbers of which the first is 127; a name that only begins so may lead anywhere.
bool IsLoopbackV4(std::string_view host) {
  return host.substr(0, 4) == "127." &&
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool IsLoopback(std::string_view host) {
  return host == "localhost" || host == "[::1]" || IsLoopbackV4(host);
}

Result<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string content((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file.is_open() || file.bad() || content.empty()) {
    return Status(Reason::kFileUnreadable, "cannot read " + path, {{"file", path}});
  }
  return content;
}

Result<std::shared_ptr<grpc::ServerCredentials>> Credentials(const ServerOptions& options,
                                                             std::string_view host) {
  if (options.certificate_file.empty() != options.key_file.empty()) {
    return FieldError("tls", "needs both a certificate and its key");
  }
  if (options.certificate_file.empty()) {
    if (!options.client_authority_file.empty()) {
      return FieldError("tls", "cannot ask callers for certificates without one of its own");
    }
    if (!IsLoopback(host) && !options.insecure_public) {
      return FieldError("listen",
                        "is not a loopback address: give a certificate and a key, or "
                        "allow plain text to the network with insecure_public");
    }
    return grpc::InsecureServerCredentials();
  }
  grpc::SslServerCredentialsOptions tls(
      options.client_authority_file.empty()
          ? GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE
          : GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  MOTCUA_ASSIGN_OR_RETURN(std::string certificate, ReadFile(options.certificate_file));
  MOTCUA_ASSIGN_OR_RETURN(std::string key, ReadFile(options.key_file));
  tls.pem_key_cert_pairs.push_back({std::move(key), std::move(certificate)});
  if (!options.client_authority_file.empty()) {
    MOTCUA_ASSIGN_OR_RETURN(tls.pem_root_certs, ReadFile(options.client_authority_file));
  }
  return grpc::SslServerCredentials(tls);
}

// Health, and reflection by v1alpha for grpcurl and ghz of old. Both are switches of the whole
// process and must be thrown before a builder is made; naming reflection also keeps its library
// linked.
void EnablePlugins() {
  static std::once_flag once;
  std::call_once(once, [] {
    TakeLibraryLog();
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  });
}

void AddMethods(const std::vector<ServedService>& services, telemetry::CallMeter& calls) {
  const auto* const pool = google::protobuf::DescriptorPool::generated_pool();
  for (const ServedService& served : services) {
    const auto* const service = pool->FindServiceByName(served.name);
    if (service == nullptr) continue;
    for (int i = 0; i < service->method_count(); ++i) {
      calls.AddMethod("/" + served.name + "/" + service->method(i)->name());
    }
  }
}

}  // namespace

Server::Server(ServerOptions options, std::vector<ServedService> services, std::string host)
    : options_(std::move(options)), services_(std::move(services)), host_(std::move(host)) {}

Server::~Server() { Shutdown(kShutdownDeadline); }

Result<std::unique_ptr<Server>> Server::Start(ServerOptions options,
                                              std::vector<ServedService> services) {
  // Debian builds Abseil with its detector of lock cycles, which keeps a graph of every lock that
  // gRPC takes: for who develops gRPC, at a few per cent of each call.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  MOTCUA_ASSIGN_OR_RETURN(const Endpoint endpoint, ParseEndpoint(options.listen));
  MOTCUA_ASSIGN_OR_RETURN(std::shared_ptr<grpc::ServerCredentials> credentials,
                          Credentials(options, endpoint.host));
  // A server without a service of ours would have nothing to poll (G5).
  if (services.empty()) return Status(Reason::kInternal, "a server needs a service");
  std::unique_ptr<Server> server(
      new Server(std::move(options), std::move(services), endpoint.host));
  MOTCUA_RETURN_IF_ERROR(server->Listen(std::move(credentials)));
  return server;
}

Status Server::Listen(std::shared_ptr<grpc::ServerCredentials> credentials) {
  EnablePlugins();
  grpc::ServerBuilder builder;
  builder.AddListeningPort(options_.listen, std::move(credentials), &port_);
  // Else a second process would listen on the same port without an error and share the calls (G6).
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kStreamsPerConnectionMax);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, static_cast<int>(kKeepaliveTime.count()));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS,
                             static_cast<int>(kKeepaliveTimeout.count()));
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             static_cast<int>(options_.ping_pause_min.count()));
  // Else a connection that is kept between two calls may ping every two hours only.
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMetadataBytesHardMax);
  builder.SetMaxReceiveMessageSize(kReceiveBytesMax);
  builder.SetMaxSendMessageSize(kSendBytesMax);
  std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> interceptors;
  if (options_.calls != nullptr) AddMethods(services_, *options_.calls);
  interceptors.push_back(std::make_unique<CallInterceptorFactory>(options_.calls));
  builder.experimental().SetInterceptorCreators(std::move(interceptors));
  // Only the older reflection is served by threads of its own; ours are callbacks.
  builder.SetSyncServerOption(grpc::ServerBuilder::SyncServerOption::NUM_CQS, 1);
  builder.SetSyncServerOption(grpc::ServerBuilder::SyncServerOption::MAX_POLLERS, 1);
  std::vector<std::string> names;
  for (const ServedService& served : services_) {
    builder.RegisterService(served.service);
    names.push_back(served.name);
  }
  reflection_ = std::make_unique<Reflection>(std::move(names));
  builder.RegisterService(reflection_.get());
  server_ = builder.BuildAndStart();
  if (server_ == nullptr || port_ == 0) {
    server_.reset();
    return FieldError("listen", options_.listen +
                                    " cannot be listened on; is the port taken, the address of "
                                    "this machine, and the certificate well-formed?");
  }
  // gRPC begins with SERVING for the server as a whole (G7); true is said after recovery only.
  SetServing(false);
  return OkStatus();
}

void Server::SetServing(bool serving) {
  grpc::HealthCheckServiceInterface* health = server_->GetHealthCheckService();
  for (const ServedService& served : services_) health->SetServingStatus(served.name, serving);
  health->SetServingStatus("", serving);
}

void Server::SetServing(const std::string& service_name, bool serving) {
  server_->GetHealthCheckService()->SetServingStatus(service_name, serving);
}

std::shared_ptr<grpc::Channel> Server::InProcessChannel() {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kSendBytesMax);
  return server_->InProcessChannel(arguments);
}

void Server::Shutdown(std::chrono::milliseconds deadline) {
  if (server_ == nullptr) return;
  const auto end = std::chrono::system_clock::now() + deadline;
  server_->GetHealthCheckService()->Shutdown();
  for (const auto& end_streams : options_.before_shutdown) end_streams();
  server_->Shutdown(end);
  server_->Wait();
  server_.reset();
}

}  // namespace motcua::rpc
