// Goal: the CSV reader gives the same records however its input is cut, ends, and never reads
// outside.
#include <cstdint>
#include <string>
#include <string_view>

#include "services/base/check.h"
#include "services/wire/csv/csv.h"

namespace {

std::string ReadAll(std::string_view text, std::size_t chunk) {
  std::string out;
  motcua::wire::CsvReader reader;
  motcua::wire::CsvRecord record;
  const auto take = [&] {
    while (reader.Next(record)) {
      out += std::to_string(record.line);
      out += record.problem ? "!" : ":";
      for (const std::string& field : record.fields) out += field + "\x1f";
      out += "\x1e";
    }
  };
  for (std::size_t at = 0; at < text.size(); at += chunk) {
    reader.Feed(text.substr(at, chunk));
    take();
  }
  reader.Finish();
  take();
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string whole = ReadAll(text, size + 1);
  MOTCUA_CHECK(ReadAll(text, 1) == whole, "cut into single bytes the records differ");
  MOTCUA_CHECK(ReadAll(text, 7) == whole, "cut into sevens the records differ");
  return 0;
}
