// A file of text, plain or gzipped, read as a stream of UTF-8 chunks whatever its encoding.
//
// One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "services/base/status.h"
#include "services/platform/imports/encoding.h"

namespace motcua::imports {

inline constexpr std::size_t kReadChunkBytes = 128 * 1024;

class TextFile {
 public:
  // FILE_UNREADABLE; FILE_INVALID for what is no text (a workbook, a PDF …), with what to do.
  static Result<TextFile> Open(const std::string& path, Encoding named);
  TextFile(TextFile&& other) noexcept;
  TextFile& operator=(TextFile&& other) noexcept;
  ~TextFile();

  // The next chunk in place of what `text` holds; false at the end. An error (a broken archive, a
  // bad disk) ends the reading.
  Result<bool> Read(std::string& text);
  // Back to the beginning.
  Status Rewind();

  // How far the file is read, in bytes of the file itself; 0 to bytes_total().
  std::uint64_t bytes_read() const;
  std::uint64_t bytes_total() const { return bytes_total_; }
  // Whether letters of the named old encoding were read. After the first chunk.
  bool uses_letters_of_named() const { return decoder_.uses_letters_of_named(); }
  const std::string& path() const { return path_; }

 private:
  struct Input;  // the zlib handle

  TextFile(std::string path, std::unique_ptr<Input> input, Encoding named);
  Result<std::size_t> ReadBytes();

  std::string path_;
  std::unique_ptr<Input> input_;
  Encoding named_;
  TextDecoder decoder_;
  std::uint64_t bytes_total_ = 0;
  bool at_start_ = true;
  bool ended_ = false;
  std::string chunk_;
};

}  // namespace motcua::imports
