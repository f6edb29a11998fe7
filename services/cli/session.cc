#include "services/cli/session.h"

#include <algorithm>
#include <cstdint>
#include <ostream>
#include <random>
#include <span>
#include <utility>

#include "motcua/common/v1/common.pb.h"
#include "services/domain/cases/codes.h"
#include "services/platform/cluster/directory.h"
#include "services/platform/grpc/client.h"
#include "services/platform/grpc/position.h"

namespace motcua::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

Status CheckTls(const TlsOptions& tls) {
  if (!tls.enabled) {
    for (const auto& [flag, value] :
         {std::pair{"--ca-file", &tls.ca_file},
          std::pair{"--certificate-file", &tls.certificate_file},
          std::pair{"--key-file", &tls.key_file}, std::pair{"--server-name", &tls.server_name}}) {
      if (!value->empty()) return FieldError(flag, "needs --tls");
    }
  }
  if (tls.certificate_file.empty() == tls.key_file.empty()) return OkStatus();
  return tls.key_file.empty() ? FieldError("--certificate-file", "needs --key-file")
                              : FieldError("--key-file", "needs --certificate-file");
}

// The cluster of --cluster, else the one process of --server.
Result<std::shared_ptr<const cluster::Directory>> OpenDirectory(const Options& options) {
  const TlsOptions& tls = options.tls;
  const rpc::ChannelOptions channel{.address = options.server,
                                    .tls = tls.enabled,
                                    .authority_file = tls.ca_file,
                                    .certificate_file = tls.certificate_file,
                                    .key_file = tls.key_file,
                                    .server_name = tls.server_name};
  if (options.cluster.empty()) return cluster::Directory::OfServer(channel);
  MOTCUA_ASSIGN_OR_RETURN(const cluster::ClusterFile file,
                          cluster::ReadClusterFile(options.cluster));
  return cluster::Directory::OfCluster(file, channel);
}

// An error about a file names the flag that it came with.
Status NameFlag(const Status& status, const TlsOptions& tls) {
  for (const auto& [key, value] : status.metadata()) {
    for (const auto& [flag, file] : {std::pair{"--ca-file", &tls.ca_file},
                                     std::pair{"--certificate-file", &tls.certificate_file},
                                     std::pair{"--key-file", &tls.key_file}}) {
      if (key == "file" && !file->empty() && value == *file) return status.Prefixed(flag);
    }
  }
  return status;
}

// What to try where there is no answer: the transport alone cannot tell a server that is not there
// from one that speaks another language.
std::string NoAnswerNote(const Options& options) {
  std::string note =
      "note: no answer from " +
      (options.cluster.empty() ? options.server : "any instance of " + options.cluster);
  if (options.tls.enabled) {
    return note +
           " over TLS; does it listen with TLS (--tls-cert), is its certificate of the "
           "authority of --ca-file and for this host (else --server-name), and does it ask "
           "for yours (--certificate-file, --key-file)?";
  }
  return note +
         "; start one with `motcua standalone`, name another with --server or "
         "MOTCUA_SERVER, or give --tls where it listens with TLS";
}

}  // namespace

Result<Session> Session::Open(const Context& context) {
  const Options& options = context.options;
  std::string request_id = options.request_id;
  if (request_id.empty()) {
    request_id = NewRequestId();
  } else if (const auto parsed = cases::ParseRequestId(request_id); !parsed.ok()) {
    return parsed.status().Prefixed("--request-id");
  }
  MOTCUA_ASSIGN_OR_RETURN(imports::TimeZone zone, imports::TimeZone::Find(options.zone));
  MOTCUA_RETURN_IF_ERROR(CheckTls(options.tls));
  Result<std::shared_ptr<const cluster::Directory>> directory = OpenDirectory(options);
  if (!directory.ok()) return NameFlag(directory.status(), options.tls);
  rpc::CallPolicy policy;
  policy.deadline =
      std::chrono::milliseconds(static_cast<std::int64_t>(options.timeout_seconds * 1000));
  policy.try_deadline = policy.deadline;
  policy.tries_max = kTriesMax;
  const TraceContext trace = NewTrace();
  policy.traceparent = FormatTraceparent(trace);
  if (options.at_least != kAnyPosition) {
    if (const Status status = rpc::DecodePosition(options.at_least).status(); !status.ok()) {
      return status.Prefixed("--at-least");
    }
  }
  return Session(std::move(zone), std::move(request_id), trace, std::move(directory).value(),
                 std::move(policy), options.at_least);
}

Session::Session(imports::TimeZone zone, std::string request_id, const TraceContext& trace,
                 std::shared_ptr<const cluster::Directory> directory, rpc::CallPolicy policy,
                 std::string at_least)
    : zone_(std::move(zone)),
      request_id_(std::move(request_id)),
      trace_(trace),
      directory_(std::move(directory)),
      policy_(std::make_shared<const rpc::CallPolicy>(std::move(policy))),
      at_least_(std::move(at_least)),
      written_(std::make_unique<Written>()) {}

Status Session::Call(const Message& request, Message& response) const {
  const FieldDescriptor* const read = request.GetDescriptor()->FindFieldByName("read");
  if (read == nullptr) {
    MOTCUA_RETURN_IF_ERROR(directory_->Call(request, response, *policy_));
  } else {
    const std::unique_ptr<Message> asked(request.New());
    asked->CopyFrom(request);
    FillRead(dynamic_cast<common::v1::ReadOptions&>(
        *asked->GetReflection()->MutableMessage(asked.get(), read)));
    MOTCUA_RETURN_IF_ERROR(directory_->Call(*asked, response, *policy_));
  }
  const FieldDescriptor* const position = response.GetDescriptor()->FindFieldByName("position");
  if (position == nullptr) return OkStatus();
  written_->Note(dynamic_cast<const common::v1::Position&>(
                     response.GetReflection()->GetMessage(response, position))
                     .token());
  return OkStatus();
}

void Session::FillRead(common::v1::ReadOptions& read) const {
  if (at_least_.empty()) {
    read.set_consistency(common::v1::CONSISTENCY_CURRENT);
  } else if (at_least_ == kAnyPosition) {
    read.set_at_least(written_->token());
  } else {
    read.set_at_least(JoinPositions(written_->token(), at_least_));
  }
}

void Session::Written::Note(const std::string& token) { token_ = JoinPositions(token_, token); }

std::string JoinPositions(const std::string& a, const std::string& b) {
  const Result<engine::Offsets> first = rpc::DecodePosition(a);
  Result<engine::Offsets> joined = rpc::DecodePosition(b);
  if (!first.ok() || !joined.ok()) return b;
  rpc::MergeOffsets(*first, *joined);
  return rpc::EncodePosition(*joined);
}

namespace {

void FillRandomly(std::span<std::uint8_t> bytes) {
  std::random_device random;
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
}

}  // namespace

TraceContext NewTrace() {
  TraceContext trace;
  FillRandomly(trace.trace_id);
  FillRandomly(trace.parent_id);
  // Ids that are all zero mean none.
  trace.trace_id.back() |= 1U;
  trace.parent_id.back() |= 1U;
  trace.sampled = true;
  return trace;
}

std::string NewRequestId() {
  cases::RequestId id;
  FillRandomly(id.bytes);
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0FU) | 0x40U);  // version 4
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3FU) | 0x80U);  // RFC 9562 variant
  return cases::FormatRequestId(id);
}

bool IsOutcomeUnknown(const Status& status) {
  return status.reason() == Reason::kOutcomeUnknown || status.reason() == Reason::kNotServing ||
         status.reason() == Reason::kLogUnavailable;
}

int ExitCodeOf(const Status& status) {
  if (status.ok()) return kExitDone;
  const bool unavailable =
      status.code() == StatusCode::kUnavailable || status.code() == StatusCode::kDeadlineExceeded;
  return unavailable ? kExitUnavailable : kExitRefused;
}

std::string ErrorLine(const Status& status) {
  const ReasonRow& row = DescribeReason(status.reason());
  std::string line = "error: " + status.ToString();
  if (!row.guidance.empty()) line.append(" (").append(row.guidance).append(")");
  std::replace_if(line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return line;
}

void ReportError(Context& context, const Status& status, const std::string& request_id) {
  context.exit_code = ExitCodeOf(status);
  context.terminal.err << ErrorLine(status) << '\n';
  if (status.reason() == Reason::kNotServing) {
    context.terminal.err << NoAnswerNote(context.options) << '\n';
  }
  if (status.reason() == Reason::kBehind) {
    context.terminal.err << "note: --timeout waits longer, --at-least any shows what there is\n";
  }
  if (!request_id.empty() && IsOutcomeUnknown(status)) {
    context.terminal.err << "note: the outcome is unknown; the same request again: --request-id "
                         << request_id << '\n';
  }
}

}  // namespace motcua::cli
