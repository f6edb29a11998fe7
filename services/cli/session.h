// The line to the server, opened at the first call, and what an error looks like to the user.
// One thread.
#pragma once

#include <google/protobuf/message.h>

#include <memory>
#include <string>

#include "services/base/status.h"
#include "services/base/trace.h"
#include "services/cli/context.h"
#include "services/platform/imports/zones.h"

namespace motcua::cluster {
class Directory;
}
namespace motcua::common::v1 {
class ReadOptions;
}
namespace motcua::rpc {
struct CallPolicy;
}

namespace motcua::cli {

inline constexpr int kTriesMax = 4;

class Session {
 public:
  // FIELD_INVALID: the zone, the request id or the TLS flags of the options; FILE_UNREADABLE,
  // FILE_INVALID: a file of theirs.
  static Result<Session> Open(const Context& context);

  // The id of this command's request; the same for each try.
  const std::string& request_id() const { return request_id_; }
  // The trace that this command begins.
  const TraceContext& trace() const { return trace_; }
  const imports::TimeZone& zone() const { return zone_; }
  const cluster::Directory& directory() const { return *directory_; }
  const rpc::CallPolicy& policy() const { return *policy_; }

  // One call of the method whose request it is, tried again while no instance is available, within
  // --timeout. A read asks for what --at-least says.
  Status Call(const google::protobuf::Message& request, google::protobuf::Message& response) const;

 private:
  Session(imports::TimeZone zone, std::string request_id, const TraceContext& trace,
          std::shared_ptr<const cluster::Directory> directory, rpc::CallPolicy policy,
          std::string at_least);

  // What was answered so far is seen by what is asked next.
  class Written {
   public:
    void Note(const std::string& token);
    const std::string& token() const { return token_; }

   private:
    std::string token_;
  };

  void FillRead(common::v1::ReadOptions& read) const;

  imports::TimeZone zone_;
  std::string request_id_;
  TraceContext trace_;
  std::shared_ptr<const cluster::Directory> directory_;
  std::shared_ptr<const rpc::CallPolicy> policy_;
  std::string at_least_;
  std::unique_ptr<Written> written_;
};

// One position that says what both say; of two that cannot be read, the second.
std::string JoinPositions(const std::string& a, const std::string& b);
// A random trace, begun here.
TraceContext NewTrace();
// A random UUID (version 4).
std::string NewRequestId();
// Whether nobody knows if the server took the request: no answer came, or one that says so.
bool IsOutcomeUnknown(const Status& status);
// 0, 1 refused, 3 unavailable.
int ExitCodeOf(const Status& status);
// "error: FAILED_PRECONDITION STATE_FORBIDS: … (what to do)", one line.
std::string ErrorLine(const Status& status);
// Writes the line and sets the exit status. For a changing request whose outcome is unknown it also
// says how to send the same request again.
void ReportError(Context& context, const Status& status, const std::string& request_id = "");

}  // namespace motcua::cli
