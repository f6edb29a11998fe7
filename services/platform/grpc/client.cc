#include "services/platform/grpc/client.h"

#include <algorithm>
#include <condition_variable>
#include <fstream>
#include <iterator>
#include <mutex>
#include <random>
#include <string_view>

#include "services/platform/grpc/fields.h"
#include "services/platform/grpc/library_log.h"
#include "services/platform/grpc/server.h"

namespace motcua::rpc {
namespace {

using std::chrono::milliseconds;

// Pauses between attempts to connect; gRPC takes no shorter ones.
constexpr std::chrono::duration<int, std::milli> kReconnectFirst{100};
constexpr std::chrono::duration<int, std::milli> kReconnectMax{2'000};
// An attempt that has not connected by then is given up: it met somebody who does not answer.
// gRPC's own limit is 20 s.
constexpr std::chrono::duration<int, std::milli> kConnectMax{2'000};

// An open call on which nothing is said is asked for so often: what lies between drops what it
// takes for dead, and a server that is gone without a word is noticed. Servers of ours allow it.
constexpr std::chrono::duration<int, std::milli> kPingPause{20'000};
static_assert(kPingPause >= 2 * kPingPauseMin);

constexpr std::string_view kCertificate = "CERTIFICATE";
constexpr std::string_view kPrivateKey = "PRIVATE KEY";

// A PEM file that holds a block of that kind; gRPC itself would only never connect. Empty for an
// empty path.
Result<std::string> ReadPem(const std::string& path, std::string_view kind) {
  if (path.empty()) return std::string();
  std::ifstream file(path, std::ios::binary);
  std::string content((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file.is_open() || content.empty()) {
    return Status(Reason::kFileUnreadable, "cannot read " + path, {{"file", path}});
  }
  if (content.find(std::string(kind) + "-----") == std::string::npos) {
    return Status(Reason::kFileInvalid, path + " holds no " + std::string(kind) + " in PEM",
                  {{"file", path}});
  }
  return content;
}

// Half of the doubling pause is certain, half is chance: callers that failed together spread out.
milliseconds Jittered(milliseconds pause) {
  thread_local std::minstd_rand random(std::random_device{}());
  const auto half = std::max<milliseconds::rep>(1, pause.count() / 2);
  return milliseconds(half + std::uniform_int_distribution<milliseconds::rep>(0, half)(random));
}

// Until `pause` is over or `stop` is asked for.
void Pause(milliseconds pause, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  stopped.wait_for(lock, stop, pause, [] { return false; });
}

}  // namespace

Result<std::shared_ptr<grpc::Channel>> OpenChannel(const ChannelOptions& options) {
  if (options.address.empty()) return FieldError("address", "is missing");
  TakeLibraryLog();
  grpc::ChannelArguments arguments;
  // Tries are ours to count (G13).
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  arguments.SetMaxReceiveMessageSize(kSendBytesMax);
  arguments.SetMaxSendMessageSize(kReceiveBytesMax);
  // gRPC's own first pause, a second, is longer than a restart takes.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kReconnectFirst.count());
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kReconnectMax.count());
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kConnectMax.count());
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kPingPause.count());
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, static_cast<int>(kKeepaliveTimeout.count()));
  // gRPC's own: two pings without data, then none.
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  if (!options.tls) {
    return grpc::CreateCustomChannel(options.address, grpc::InsecureChannelCredentials(),
                                     arguments);
  }
  grpc::SslCredentialsOptions tls;
  MOTCUA_ASSIGN_OR_RETURN(tls.pem_root_certs, ReadPem(options.authority_file, kCertificate));
  MOTCUA_ASSIGN_OR_RETURN(tls.pem_cert_chain, ReadPem(options.certificate_file, kCertificate));
  MOTCUA_ASSIGN_OR_RETURN(tls.pem_private_key, ReadPem(options.key_file, kPrivateKey));
  if (!options.server_name.empty()) arguments.SetSslTargetNameOverride(options.server_name);
  return grpc::CreateCustomChannel(options.address, grpc::SslCredentials(tls), arguments);
}

void PauseOn(const std::vector<std::shared_ptr<grpc::Channel>>& channels, milliseconds pause,
             const std::stop_token& stop) {
  constexpr milliseconds kTurn{20};
  const auto end = std::chrono::steady_clock::now() + pause;
  for (std::size_t next = 0; !stop.stop_requested(); ++next) {
    const auto left =
        std::chrono::duration_cast<milliseconds>(end - std::chrono::steady_clock::now());
    if (left <= milliseconds(0)) return;
    const milliseconds turn = std::min(kTurn, left);
    const auto& channel = channels[next % channels.size()];
    if (channel->GetState(true) == GRPC_CHANNEL_READY ||
        channel->WaitForConnected(std::chrono::system_clock::now() + turn)) {
      Pause(turn, stop);  // who is connected may still refuse
    }
  }
}

Retrier::Retrier(const CallPolicy& policy)
    : policy_(policy), end_(std::chrono::steady_clock::now() + policy.deadline) {}

milliseconds Retrier::Remaining() const {
  return std::chrono::duration_cast<milliseconds>(end_ - std::chrono::steady_clock::now());
}

void Retrier::Prepare(grpc::ClientContext& context) {
  sent_ = std::chrono::steady_clock::now();
  const milliseconds remaining = std::max(milliseconds(0), Remaining());
  context.set_deadline(std::chrono::system_clock::now() +
                       std::min(policy_.try_deadline, remaining));
  if (!policy_.traceparent.empty()) {
    context.AddMetadata(std::string(kTraceMetadata), policy_.traceparent);
  }
}

bool Retrier::IsAway(const grpc::Status& status) {
  // gRPC's server cancels calls that reach it while it stops. Nobody here cancels its own.
  return status.error_code() == grpc::StatusCode::UNAVAILABLE ||
         status.error_code() == grpc::StatusCode::CANCELLED;
}

bool Retrier::IsOfInstance(const grpc::Status& status) {
  return IsAway(status) || status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED ||
         status.error_code() == grpc::StatusCode::DATA_LOSS;
}

bool Retrier::Again(const grpc::Status& status) {
  ++tries_;
  if (policy_.failed_tries != nullptr) {
    const auto after = std::chrono::steady_clock::now() - sent_;
    policy_.failed_tries->push_back(
        {FromGrpc(status), std::chrono::duration_cast<milliseconds>(after)});
  }
  const bool retryable = policy_.instances > 1 ? IsOfInstance(status) : IsAway(status);
  if (!retryable || tries_ >= policy_.tries_max * policy_.instances) return false;
  if (tries_ < policy_.instances) {
    return Remaining() > milliseconds(0) && !policy_.stop.stop_requested();
  }
  constexpr int kDoublingsMax = 20;
  const milliseconds pause = Jittered(
      std::min(policy_.backoff_max,
               policy_.backoff_first * (1 << std::min(tries_ - policy_.instances, kDoublingsMax))));
  if (pause >= Remaining()) return false;
  if (policy_.pause) {
    policy_.pause(pause);
  } else {
    Pause(pause, policy_.stop);
  }
  return !policy_.stop.stop_requested();
}

}  // namespace motcua::rpc
