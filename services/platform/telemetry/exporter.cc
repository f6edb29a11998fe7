#include "services/platform/telemetry/exporter.h"

#include <civetweb.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <chrono>
#include <future>
#include <string_view>
#include <utility>

#include "services/platform/telemetry/collector.h"

namespace motcua::telemetry {
namespace {

constexpr const char* kThreads = "2";
// Of a peer that sends nothing, so that it does not hold a thread.
constexpr const char* kRequestTimeoutMs = "5000";
constexpr std::chrono::milliseconds kKnockInterval{10};
constexpr std::string_view kMetricsType = "text/plain; version=0.0.4; charset=utf-8";
constexpr std::string_view kPlainType = "text/plain; charset=utf-8";

// Civetweb takes a bare port for "all addresses" and letters for options: neither is HOST:PORT.
bool IsHostAndPort(std::string_view listen) {
  const std::size_t colon = listen.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const std::string_view port = listen.substr(colon + 1);
  return !port.empty() && port.find_first_not_of("0123456789") == std::string_view::npos &&
         listen.find(',') == std::string_view::npos;
}

// 0 when it is not ours to answer.
int Reply(mg_connection* connection, std::string_view path, std::string_view type,
          const std::function<std::string()>& body) {
  const mg_request_info& request = *mg_get_request_info(connection);
  // Civetweb hands over everything that begins with the path, too.
  if (path != request.local_uri) return 0;
  const std::string_view method = request.request_method;
  constexpr int kMethodNotAllowed = 405;
  if (method != "GET" && method != "HEAD") {
    mg_send_http_error(connection, kMethodNotAllowed, "%s", "GET only");
    return kMethodNotAllowed;
  }
  const std::string text = body();
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: " + std::string(type) +
                           "\r\nContent-Length: " + std::to_string(text.size()) +
                           "\r\nConnection: close\r\n\r\n";
  mg_write(connection, head.data(), head.size());
  if (method == "GET") mg_write(connection, text.data(), text.size());
  constexpr int kOk = 200;
  return kOk;
}

int OnMetrics(mg_connection* connection, void* collector) {
  return Reply(connection, "/metrics", kMetricsType, [collector] {
    const auto& collectable = *static_cast<const prometheus::Collectable*>(collector);
    return prometheus::TextSerializer().Serialize(collectable.Collect());
  });
}

int OnHealth(mg_connection* connection, void* /*unused*/) {
  return Reply(connection, "/healthz", kPlainType, [] { return std::string("ok\n"); });
}

// Nobody else asks for anything: no file of the disk is ever served.
int OnOther(mg_connection* connection, void* /*unused*/) {
  constexpr int kNotFound = 404;
  mg_send_http_error(connection, kNotFound, "%s", "/metrics and /healthz");
  return kNotFound;
}

}  // namespace

// Civetweb's server: stopped in the destructor, when no handler runs any more.
class Exporter::Endpoint {
 public:
  static Result<std::unique_ptr<Endpoint>> Open(const std::string& listen, Collector& collector) {
    if (!IsHostAndPort(listen)) {
      return FieldError("metrics.listen", "must be HOST:PORT, like 127.0.0.1:9464");
    }
    std::array<const char*, 9> options = {
        "listening_ports",    listen.c_str(),    "num_threads", kThreads,
        "request_timeout_ms", kRequestTimeoutMs, nullptr};
    constexpr std::size_t kErrorBytes = 256;
    std::array<char, kErrorBytes> text{};
    unsigned code = 0;
    mg_error_data error{&code, text.data(), text.size()};
    const mg_callbacks callbacks{};
    mg_init_data init{&callbacks, nullptr, options.data()};
    mg_context* const context = mg_start2(&init, &error);
    if (context == nullptr) {
      return FieldError("metrics.listen",
                        listen + " cannot be listened on: " + std::string(text.data()));
    }
    std::unique_ptr<Endpoint> endpoint(new Endpoint(context, listen.substr(0, listen.rfind(':'))));
    mg_server_port port{};
    if (mg_get_server_ports(context, 1, &port) == 1) endpoint->port_ = port.port;
    mg_set_request_handler(context, "/", OnOther, nullptr);
    mg_set_request_handler(context, "/healthz", OnHealth, nullptr);
    prometheus::Collectable& collectable = collector;
    mg_set_request_handler(context, "/metrics", OnMetrics, &collectable);
    return endpoint;
  }
  ~Endpoint() {
    // Civetweb's server looks every two seconds whether it should end, or when somebody connects.
    const std::future<void> stopped = std::async(std::launch::async, [this] { mg_stop(context_); });
    while (stopped.wait_for(kKnockInterval) != std::future_status::ready) {
      constexpr std::size_t kErrorBytes = 64;
      std::array<char, kErrorBytes> error{};
      mg_connection* const knock =
          mg_connect_client(host_.c_str(), port_, 0, error.data(), error.size());
      if (knock != nullptr) mg_close_connection(knock);
    }
  }
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  int port() const { return port_; }

 private:
  Endpoint(mg_context* context, std::string host) : context_(context), host_(std::move(host)) {}

  mg_context* const context_;
  const std::string host_;
  int port_ = 0;
};

Exporter::Exporter() : collector_(std::make_unique<Collector>()) {}
Exporter::~Exporter() = default;

Result<std::unique_ptr<Exporter>> Exporter::Start(const std::string& listen) {
  std::unique_ptr<Exporter> exporter(new Exporter());
  MOTCUA_ASSIGN_OR_RETURN(exporter->endpoint_, Endpoint::Open(listen, *exporter->collector_));
  return exporter;
}

void Exporter::AddService(ServiceSource source) { collector_->AddService(std::move(source)); }
void Exporter::AddCalls(const CallMeter& calls) { collector_->AddCalls(calls); }
void Exporter::AddCalendars(CalendarSource source) { collector_->AddCalendars(std::move(source)); }
int Exporter::port() const { return endpoint_->port(); }

}  // namespace motcua::telemetry
