#include "services/platform/grpc/library_log.h"

#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>

#include <mutex>
#include <string>
#include <string_view>

#include "services/platform/telemetry/log.h"

namespace motcua::rpc {
namespace {

std::string_view FileName(std::string_view path) { return path.substr(path.rfind('/') + 1); }

void Write(bool error, std::string_view library, std::string_view message, std::string_view file,
           int line) {
  const auto log = error ? telemetry::LogError : telemetry::LogDebug;
  log(std::string(library) + ": " + std::string(message),
      {{"file", FileName(file)}, {"line", line}});
}

void OnGrpc(gpr_log_func_args* entry) {
  Write(entry->severity == GPR_LOG_SEVERITY_ERROR, "gRPC", entry->message, entry->file,
        entry->line);
}

void OnProtobuf(google::protobuf::LogLevel level, const char* file, int line,
                const std::string& message) {
  Write(level >= google::protobuf::LOGLEVEL_ERROR, "protobuf", message, file, line);
}

}  // namespace

void TakeLibraryLog() {
  static std::once_flag once;
  std::call_once(once, [] {
    gpr_set_log_function(OnGrpc);
    google::protobuf::SetLogHandler(OnProtobuf);
  });
}

}  // namespace motcua::rpc
