// The file of a register, CSV or gzipped CSV, read as a stream: a few hundred kilobytes are in
// memory, however long it is.
//
//   MOTCUA_ASSIGN_OR_RETURN(RegisterFile file, RegisterFile::Open(path, mapping));
//   while (true) {
//     MOTCUA_ASSIGN_OR_RETURN(const std::optional<Conversion> next, file.Next());
//     if (!next) break;
//     …
//   }
//
// One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "services/base/status.h"
#include "services/platform/imports/convert.h"
#include "services/platform/imports/row.h"
#include "services/wire/csv/csv.h"

namespace motcua::imports {

inline constexpr std::size_t kReadChunkBytes = 128 * 1024;

class RegisterFile {
 public:
  // Reads as far as the header. FILE_UNREADABLE, or FILE_INVALID where no header fits the mapping.
  static Result<RegisterFile> Open(const std::string& path, const Mapping& mapping);
  RegisterFile(RegisterFile&& other) noexcept;
  RegisterFile& operator=(RegisterFile&& other) noexcept;
  ~RegisterFile();

  // The next row; nothing at the end. An error (a broken archive, a bad disk) ends the reading.
  // Empty lines and rows of empty cells are no rows.
  Result<std::optional<Conversion>> Next();

  std::uint64_t rows() const { return rows_; }
  // How far the file is read, in bytes of the file itself; 0 to bytes_total().
  std::uint64_t bytes_read() const;
  std::uint64_t bytes_total() const { return bytes_total_; }

 private:
  struct Input;  // the zlib handle

  RegisterFile(std::string path, std::unique_ptr<Input> input, char delimiter);
  Status FindHeader(const Mapping& mapping);
  Result<bool> NextRecord();

  std::string path_;
  std::unique_ptr<Input> input_;
  std::uint64_t bytes_total_ = 0;
  std::uint64_t rows_ = 0;
  bool ended_ = false;
  bool numbering_row_due_ = false;
  std::string chunk_;
  wire::CsvReader reader_;
  wire::CsvRecord record_;
  std::unique_ptr<Converter> converter_;
};

}  // namespace motcua::imports
