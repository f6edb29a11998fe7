#include "services/admin/output_file.h"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <ostream>
#include <system_error>
#include <utility>

namespace motcua::admin {
namespace {

constexpr std::string_view kPartial = ".partial";
constexpr std::string_view kGzip = ".gz";
constexpr int kMode = 0640;
constexpr unsigned kGzipBufferBytes = 256 * 1024;
// gzwrite takes an unsigned and answers with an int.
constexpr std::size_t kWriteBytesMax = 1U << 20U;

Status CannotWrite(const std::filesystem::path& file, std::string_view what) {
  return Status(Reason::kFileUnreadable, file.string() + " cannot be written: " + std::string(what),
                {{"file", file.string()}});
}

}  // namespace

// "wb": level 6, and "T" for plain text through the same calls. zlib writes neither name nor time
// into the head, so the same log gives the same bytes.
struct FileOutput::Handle {
  gzFile_s* gzip = nullptr;
  int descriptor = -1;  // of the same file, for fsync

  ~Handle() {
    if (gzip != nullptr) static_cast<void>(gzclose(gzip));
    if (descriptor >= 0) ::close(descriptor);
  }
};

FileOutput::FileOutput(std::filesystem::path file, std::unique_ptr<Handle> handle)
    : file_(std::move(file)),
      partial_(file_.string() + std::string(kPartial)),
      handle_(std::move(handle)) {}

Result<std::unique_ptr<FileOutput>> FileOutput::Open(const std::filesystem::path& file) {
  const std::string partial = file.string() + std::string(kPartial);
  auto handle = std::make_unique<Handle>();
  const int descriptor = ::open(partial.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kMode);
  if (descriptor < 0) return CannotWrite(file, std::strerror(errno));
  handle->descriptor = ::dup(descriptor);
  handle->gzip = gzdopen(descriptor, file.string().ends_with(kGzip) ? "wb" : "wbT");
  if (handle->gzip == nullptr) {
    ::close(descriptor);
    return CannotWrite(file, "no memory");
  }
  gzbuffer(handle->gzip, kGzipBufferBytes);
  return std::unique_ptr<FileOutput>(new FileOutput(file, std::move(handle)));
}

FileOutput::~FileOutput() {
  if (handle_ == nullptr) return;
  handle_.reset();
  std::error_code ignored;
  std::filesystem::remove(partial_, ignored);
}

Status FileOutput::Failed(std::string_view what) const { return CannotWrite(file_, what); }

Status FileOutput::Write(std::string_view text) {
  while (!text.empty()) {
    const std::string_view part = text.substr(0, kWriteBytesMax);
    if (gzwrite(handle_->gzip, part.data(), static_cast<unsigned>(part.size())) !=
        static_cast<int>(part.size())) {
      return Failed(std::strerror(errno));
    }
    text.remove_prefix(part.size());
  }
  return OkStatus();
}

Status FileOutput::Finish() {
  if (gzclose(std::exchange(handle_->gzip, nullptr)) != Z_OK) return Failed(std::strerror(errno));
  if (::fsync(handle_->descriptor) != 0) return Failed(std::strerror(errno));
  std::error_code error;
  std::filesystem::rename(partial_, file_, error);
  if (error) return Failed(error.message());
  handle_.reset();
  const std::filesystem::path folder = file_.has_parent_path() ? file_.parent_path() : ".";
  const int opened = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (opened < 0) return OkStatus();  // written; how durable the name is, is the disk's affair
  const bool synced = ::fsync(opened) == 0;
  ::close(opened);
  return synced ? OkStatus() : Failed("its folder cannot be synced");
}

Status StreamOutput::Write(std::string_view text) {
  out_.write(text.data(), static_cast<std::streamsize>(text.size()));
  return out_.good() ? OkStatus() : CannotWrite("standard output", "it takes no more");
}

Status StreamOutput::Finish() {
  out_.flush();
  return out_.good() ? OkStatus() : CannotWrite("standard output", "it takes no more");
}

}  // namespace motcua::admin
