#include "services/platform/imports/text_file.h"

#include <sys/stat.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

namespace motcua::imports {
namespace {

Status Unreadable(const std::string& path, const std::string& what) {
  return Status(Reason::kFileUnreadable, path + ": " + what, {{"file", path}});
}

}  // namespace

struct TextFile::Input {
  explicit Input(gzFile opened) : handle(opened) {}
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;
  ~Input() { gzclose_r(handle); }

  gzFile handle;
};

TextFile::TextFile(std::string path, std::unique_ptr<Input> input, Encoding named)
    : path_(std::move(path)), input_(std::move(input)), named_(named), decoder_(named) {}
TextFile::TextFile(TextFile&& other) noexcept = default;
TextFile& TextFile::operator=(TextFile&& other) noexcept = default;
TextFile::~TextFile() = default;

Result<TextFile> TextFile::Open(const std::string& path, Encoding named) {
  struct stat info{};
  if (stat(path.c_str(), &info) != 0) return Unreadable(path, std::strerror(errno));
  if (!S_ISREG(info.st_mode)) return Unreadable(path, "is not a file");
  // Reads plain files as they are.
  gzFile_s* const handle = gzopen(path.c_str(), "rb");
  if (handle == nullptr) return Unreadable(path, std::strerror(errno));
  TextFile file(path, std::make_unique<Input>(handle), named);
  file.bytes_total_ = static_cast<std::uint64_t>(info.st_size);
  return file;
}

Result<std::size_t> TextFile::ReadBytes() {
  chunk_.resize(kReadChunkBytes);
  const int got = gzread(input_->handle, chunk_.data(), static_cast<unsigned>(chunk_.size()));
  int error = Z_OK;
  const char* const what = gzerror(input_->handle, &error);
  // An archive that was cut off gives what it has, then Z_BUF_ERROR.
  if (got < 0 || (got == 0 && error != Z_OK && error != Z_STREAM_END)) {
    return Unreadable(path_, error == Z_BUF_ERROR ? "the archive is cut off" : what);
  }
  return static_cast<std::size_t>(got);
}

Result<bool> TextFile::Read(std::string& text) {
  text.clear();
  if (ended_) return false;
  MOTCUA_ASSIGN_OR_RETURN(const std::size_t got, ReadBytes());
  const std::string_view bytes(chunk_.data(), got);
  if (std::exchange(at_start_, false)) {
    if (const std::optional<std::string> foreign = DescribeForeignFile(bytes)) {
      return Status(Reason::kFileInvalid, path_ + ": " + *foreign, {{"file", path_}});
    }
  }
  if (got == 0) {
    ended_ = true;
    decoder_.Finish(text);
    return !text.empty();
  }
  decoder_.Feed(bytes, text);
  return true;
}

Status TextFile::Rewind() {
  if (gzrewind(input_->handle) != 0) return Unreadable(path_, "cannot be read from its beginning");
  decoder_ = TextDecoder(named_);
  at_start_ = true;
  ended_ = false;
  return OkStatus();
}

std::uint64_t TextFile::bytes_read() const {
  const z_off_t offset = gzoffset(input_->handle);
  return offset < 0 ? 0 : std::min(static_cast<std::uint64_t>(offset), bytes_total_);
}

}  // namespace motcua::imports
