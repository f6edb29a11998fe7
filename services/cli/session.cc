#include "services/cli/session.h"

#include <algorithm>
#include <cstdint>
#include <ostream>
#include <random>
#include <span>
#include <utility>

#include "services/domain/cases/codes.h"

namespace motcua::cli {

namespace {

// The cluster of --cluster, else the one process of --server.
Result<std::shared_ptr<const cluster::Directory>> OpenDirectory(const Options& options) {
  const rpc::ChannelOptions channel{.address = options.server};
  if (options.cluster.empty()) return cluster::Directory::OfServer(channel);
  MOTCUA_ASSIGN_OR_RETURN(const cluster::ClusterFile file,
                          cluster::ReadClusterFile(options.cluster));
  return cluster::Directory::OfCluster(file, channel);
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
  MOTCUA_ASSIGN_OR_RETURN(std::shared_ptr<const cluster::Directory> directory,
                          OpenDirectory(options));
  rpc::CallPolicy policy;
  policy.deadline =
      std::chrono::milliseconds(static_cast<std::int64_t>(options.timeout_seconds * 1000));
  policy.try_deadline = policy.deadline;
  policy.tries_max = kTriesMax;
  const TraceContext trace = NewTrace();
  policy.traceparent = FormatTraceparent(trace);
  return Session(std::move(zone), std::move(request_id), trace, std::move(directory),
                 std::move(policy));
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
    context.terminal.err << "note: no answer from "
                         << (context.options.cluster.empty()
                                 ? context.options.server
                                 : "any instance of " + context.options.cluster)
                         << "; start one with `motcua standalone`, or name another with --server "
                            "or MOTCUA_SERVER\n";
  }
  if (!request_id.empty() && IsOutcomeUnknown(status)) {
    context.terminal.err << "note: the outcome is unknown; the same request again: --request-id "
                         << request_id << '\n';
  }
}

}  // namespace motcua::cli
