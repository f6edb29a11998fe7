// What every command of the line shares: the options that all take, and where it writes. One per
// process (or per call of Run in a test), owned by Run; one thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <iosfwd>
#include <string>

#include "services/wire/csv/csv_writer.h"

namespace motcua::cli {

// Of output that is no terminal: room for what people look for in a log, so that little is cut.
inline constexpr std::size_t kWidthDefault = 160;
inline constexpr std::size_t kWidthMin = 40;

// Exit statuses; scripts rely on them.
inline constexpr int kExitDone = 0;
inline constexpr int kExitRefused = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitUnavailable = 3;

inline constexpr const char* kAnyPosition = "any";

enum class Format { kTable, kJson, kCsv, kHtml };

// How the server is spoken to; PEM files.
struct TlsOptions {
  bool enabled = false;
  std::string ca_file;           // empty: the machine's authorities
  std::string certificate_file;  // the caller's own, with its key
  std::string key_file;
  std::string server_name;  // empty: the certificate is for the host of --server
};

struct Options {
  std::string server = "127.0.0.1:7070";
  std::string cluster;  // file with the instances of each service; then `server` is not asked
  TlsOptions tls;
  Format format = Format::kTable;
  wire::CsvDialect csv_dialect;
  std::string request_id;  // empty: a new one for each command
  std::string actor = "officer:cli";
  std::string zone = "Asia/Ho_Chi_Minh";
  double timeout_seconds = 10;
  // What reads must have seen: a position, kAnyPosition, or (empty) all that stands in the log.
  std::string at_least;
  bool verbose = false;
};

struct Terminal {
  std::ostream& out;
  std::ostream& err;
  std::size_t width = kWidthDefault;  // columns of a table
  bool err_is_terminal = false;       // whether a progress bar may redraw its line
};

struct Context {
  Terminal terminal;
  Options options;
  int exit_code = kExitDone;
  bool csv_begun = false;  // what stands before the first row is written
};

}  // namespace motcua::cli
